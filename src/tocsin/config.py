"""Settings of one node: `tocsin.toml` in its folder, each key also from the environment as TOCSIN_<KEY>."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import fields

from tocsin.errors import ConfigError, did_you_mean

PRACTICE = "practice"
"""The part of a key's name that says it belongs to a practice node."""

FILE = "tocsin.toml"
MAX_BYTES = 256 * 1024


class Settings(Struct, frozen=True, kw_only=True):
    """What one node is told. Times are seconds in the file, lists are TOML arrays (environment: one item per line)."""

    name: str
    """The node's name, e.g. embassy.example. Never change it: keys, log and agreements carry it."""
    practice: bool = False
    """Made by `tocsin node init --practice`; such a node may run on a rehearsal clock and marks all it sends Exercise."""
    exercise: str = ""
    """What the exercise is called; stands in the note of each CAP message of a practice node."""
    store: str = ""
    """Where the node keeps everything. Empty: tocsin.db in its folder; else postgresql://USER@HOST/DATABASE. Over a network
    TLS is demanded (sslmode=verify-full) unless the URL names another sslmode. Written by `tocsin node move`."""
    listen: str = "127.0.0.1:8100"
    """Host and port that `tocsin serve` binds."""
    tls_cert: str = ""
    """File with the certificate chain (PEM) for `listen`. Empty: no TLS, and then only loopback is served."""
    tls_key: str = ""
    """File with the private key (PEM) of that certificate; readable by its owner alone."""
    url: str = "http://127.0.0.1:8100"
    """Where others reach this node; stands in the links that people open."""
    zone: str = "UTC"
    """IANA zone in which the desk's people read times."""
    sender_name: str = ""
    """The issuer as readers know it, e.g. "Embassy of Example". Empty: the node's name."""
    smtp: str = ""
    """Host and port of the mail server that takes what we send. Empty: e-mail cannot be sent, and `node check` says so."""
    mail_from: str = ""
    """Sender address of all mail. Empty: warnings@<name>."""
    liaison: str = ""
    """Address of our liaison, the last rung of a peer's ladder."""
    ruleset: str = "icd191-2015"
    """Rule set of the duty to warn."""
    witnesses: tuple[str, ...] = ()
    """Who cosigns our log: one "URL VKEY" each. None: proofs reach grade E0 only."""
    witness_for: tuple[str, ...] = ()
    """Logs that this node cosigns when asked: one "VKEY" each. Never list a log that changed its origin."""
    checkpoint_every: timedelta = timedelta(minutes=1)
    """At most this long does an act wait for a signed tree head."""
    watch_for: timedelta = timedelta(days=14)
    """How long a warning stays on watch after its window (REVIEW 3.1: at least 14 days)."""
    backup_to: str = ""
    """Folder on another disk or machine into which `tocsin serve` puts sealed backups. Empty: none, and `node check` says so."""
    backup_key: str = ""
    """Public key that backups are sealed to; `tocsin node backup-key` writes it. Its secret never lies on this machine."""
    backup_every: timedelta = timedelta(minutes=5)
    """At most this much is lost with the disk (LESSONS L51)."""
    reader_url: str = ""
    """Base URL of a language model's API (chat completions), e.g. http://127.0.0.1:11434/v1, that `tocsin report suggest` asks.
    Empty: none. Only this machine is asked unless policy.toml names the host."""
    reader_model: str = ""
    """The model there; its name stands beside each value that it proposes."""
    reader_key: str = ""
    """Its bearer token, if it wants one; best from the environment (TOCSIN_READER_KEY)."""
    regions: str = ""
    """GeoJSON file (or .gz of it) with the polygons of regions, each with iso_3166_2, iso_a2 and names as Natural Earth's
    admin-1 files have them; in the node's folder unless the path is absolute. Empty: regions are known by their codes alone."""
    log: str = "log"
    """What this node's log is called; its origin is NAME/LOG. Changed only by `tocsin node reconcile --retire`."""

    quarantine_bytes: int = 256 * 1024 * 1024
    """So many bytes that cannot be read are kept until somebody has looked; what comes then is refused, its hash logged."""

    def __post_init__(self) -> None:
        if not self.name or any(c in self.name for c in " ,<&/+\n\t#"):
            raise ConfigError(f"name {self.name!r} is not a node name", hint="use a host name such as embassy.example")
        if self.store and not self.store.startswith("postgresql://"):
            raise ConfigError("key store is no postgresql:// URL", hint="postgresql://USER@HOST/DATABASE, or empty")
        if "password=" in self.store:
            raise ConfigError("key store has a password in its query", hint="postgresql://USER:PASSWORD@HOST/DATABASE")
        if self.practice and not self.exercise:
            raise ConfigError("exercise is empty on a practice node", hint='write exercise = "name of the exercise"')
        if self.backup_to and not self.backup_key:
            raise ConfigError(
                "backup_to names a folder, but backup_key is empty: nothing could be sealed",
                hint="make the key first, with `tocsin node backup-key FILE`",
            )
        if self.reader_url and not (re.match(r"https?://", self.reader_url) and self.reader_model):
            raise ConfigError(
                f"reader_url {self.reader_url!r} with model {self.reader_model!r}: expected http(s):// and a reader_model"
            )
        if not re.fullmatch(r"log(-[1-9][0-9]{0,5})?", self.log):
            raise ConfigError(f"log {self.log!r} is not what a node calls its log, expected 'log' or 'log-N'")

    @property
    def origin(self) -> str:
        """Origin line of this node's log (C2SP tlog-checkpoint)."""
        return self.key_name(self.log)

    def key_name(self, use: str) -> str:
        """Name of the node's key for that use. A practice key says so in its name, which every signature binds in."""
        return f"{self.name}/{PRACTICE}/{use}" if self.practice else f"{self.name}/{use}"


def read_settings(folder: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of the node in that folder; ConfigError names the key, what was found and the nearest known key."""
    file = folder / FILE
    if not file.is_file():
        raise ConfigError(
            f"{folder} is not a node: no {FILE} there", hint="make one with `tocsin node init DIR --name NAME`"
        )
    if file.is_symlink():
        raise ConfigError(f"{file} is a link out of the node's folder", hint="put the file itself there")
    if file.stat().st_size > MAX_BYTES:
        raise ConfigError(f"{file} has {file.stat().st_size} bytes, at most {MAX_BYTES} expected")
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not TOML in UTF-8: {error}") from None
    return make_settings(found, environment, where=str(file))


def make_settings(found: Mapping[str, object], environment: Mapping[str, str], *, where: str) -> Settings:
    """Settings from a table of keys and the environment, which wins."""
    known = {f.name: f for f in fields(Settings)}
    for key in found:
        if key not in known:
            raise ConfigError(f"{where}: unknown key {key!r}", hint=did_you_mean(key, known))
    values: dict[str, object] = {}
    for key, field in known.items():
        raw = environment.get(f"TOCSIN_{key.upper()}", found.get(key))
        if raw is not None:
            values[key] = _convert(key, field.type, raw, where)
        elif field.required:
            raise ConfigError(f"{where}: key {key!r} is missing")
    return Settings(**values)  # type: ignore[arg-type]  # _convert gave each value the type of its field


def _convert(key: str, kind: object, raw: object, where: str) -> object:
    if kind is bool and (isinstance(raw, bool) or raw in {"true", "false"}):
        return raw is True or raw == "true"
    if kind in {int, timedelta} and not isinstance(raw, bool) and re.fullmatch(r"[0-9]{1,12}", str(raw)):
        number = int(str(raw))
        return number if kind is int else timedelta(seconds=number)
    if kind is str and isinstance(raw, str):
        return raw
    if kind == tuple[str, ...]:
        if isinstance(raw, str):
            return tuple(line for line in raw.splitlines() if line.strip())
        if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            return tuple(raw)
    expected = {bool: "true or false", timedelta: "whole seconds", int: "a whole number", str: "a text"}.get(
        kind, "a list of texts"
    )  # type: ignore[call-overload]  # a type is a fine key
    raise ConfigError(f"{where}: key {key!r} is {raw!r}, expected {expected}")


def hide_password(url: str) -> str:
    """The URL as it may be shown.

    >>> hide_password("postgresql://tocsin:secret@db.example/tocsin")
    'postgresql://tocsin:***@db.example/tocsin'
    """
    return re.sub(r"(?<=://)([^:/@]*):.*@", r"\1:***@", url)


def write_settings(values: Mapping[str, object]) -> str:
    """The TOML text of these keys, in the order of Settings."""
    lines = [f"{one.name} = {_toml(values[one.name])}" for one in fields(Settings) if one.name in values]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
