"""Settings of one node: `tocsin.toml` in its folder, each key also from the environment as TOCSIN_<KEY>."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from pathlib import Path

from tocsin.errors import ConfigError

FILE = "tocsin.toml"
MAX_BYTES = 256 * 1024
_ROLE = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What one node is told. Times are seconds in the file, lists are TOML arrays (environment: one item per line)."""

    name: str
    """The node's name, e.g. embassy.example. Never change it: keys, log and agreements carry it."""
    practice: bool = False
    """Made by `tocsin node init --practice`; such a node may run on a rehearsal clock and marks all it sends Exercise."""
    exercise: str = ""
    """What the exercise is called; stands in the note of each CAP message of a practice node."""
    listen: str = "127.0.0.1:8100"
    """Host and port that `tocsin serve` binds."""
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
    officer: str = "officer"
    """The role that drafts; the role key of that name signs answers."""
    releaser: str = "releaser"
    """The person who releases; never the one who drafted."""
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

    def __post_init__(self) -> None:
        if not self.name or any(c in self.name for c in " ,<&/+\n\t#"):
            raise ConfigError(f"name {self.name!r} is not a node name", hint="use a host name such as embassy.example")
        if self.practice and not self.exercise:
            raise ConfigError("exercise is empty on a practice node", hint='write exercise = "name of the exercise"')
        for key in ("officer", "releaser"):
            if not _ROLE.fullmatch(getattr(self, key)):
                raise ConfigError(
                    f"{key} {getattr(self, key)!r} is not a role's name", hint="small letters, digits, '-' and '.'"
                )
        if self.officer == self.releaser:
            raise ConfigError(f"officer and releaser are both {self.officer!r}", hint="nobody releases their own draft")

    @property
    def origin(self) -> str:
        """Origin line of this node's log (C2SP tlog-checkpoint)."""
        return f"{self.name}/log"


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML in UTF-8: {error}") from None
    return make_settings(found, environment, where=str(file))


def make_settings(found: Mapping[str, object], environment: Mapping[str, str], *, where: str) -> Settings:
    """Settings from a table of keys and the environment, which wins."""
    known = {f.name: f for f in fields(Settings)}
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise ConfigError(f"{where}: unknown key {key!r}", hint=f"did you mean {near[0]!r}?" if near else None)
    values: dict[str, object] = {}
    for key, field in known.items():
        raw = environment.get(f"TOCSIN_{key.upper()}", found.get(key))
        if raw is not None:
            values[key] = _convert(key, field.type, raw, where)
        elif field.default is MISSING:
            raise ConfigError(f"{where}: key {key!r} is missing")
    return Settings(**values)  # type: ignore[arg-type]  # _convert gave each value the type of its field


def _convert(key: str, kind: object, raw: object, where: str) -> object:
    if kind is bool and (isinstance(raw, bool) or raw in {"true", "false"}):
        return raw is True or raw == "true"
    if kind is timedelta and not isinstance(raw, bool) and str(raw).isascii() and str(raw).isdigit():
        return timedelta(seconds=int(str(raw)))
    if kind is str and isinstance(raw, str):
        return raw
    if kind == tuple[str, ...]:
        if isinstance(raw, str):
            return tuple(line for line in raw.splitlines() if line.strip())
        if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            return tuple(raw)
    expected = {bool: "true or false", timedelta: "whole seconds", str: "a text"}.get(kind, "a list of texts")  # type: ignore[call-overload]  # a type is a fine key
    raise ConfigError(f"{where}: key {key!r} is {raw!r}, expected {expected}")


def write_settings(values: Mapping[str, object]) -> str:
    """The TOML text of these keys, in the order of Settings."""
    lines = [f"{one.name} = {_toml(values[one.name])}" for one in fields(Settings) if one.name in values]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return str(int(value.total_seconds()))
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
