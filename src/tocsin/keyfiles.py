"""The secrets of a node on its disk: each in a file of its own that nobody else can read, each for one purpose."""

import hashlib
import os
import stat
from pathlib import Path

from msgspec.structs import replace

from tocsin.config import Settings, read_settings
from tocsin.desk.ports import NodeKeys
from tocsin.errors import ConfigError
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.exchange.envelope import SealKey

ROLE = "officer"
"""The role whose key signs our answers to peers."""
SEED_BYTES = 32
PRACTICE_MARK = "practice:"
LEAST_DISTINCT_BYTES = 12
"""32 random bytes hold about 30 different ones; fewer than 12 by chance less often than once in 10^20 keys."""


def make_keys(folder: Path, settings: Settings) -> None:
    """New keys for a new node. The folder is there, and no key in it."""
    (folder / "keys").mkdir(mode=0o700)
    for name in ("node", "log", "witness", f"role-{ROLE}", "links", "addresses"):
        make_secret(folder, settings, name)
    write_secret(folder / "keys" / "seal", SealKey.generate(os.urandom).secret, practice=settings.practice)


def make_secret(folder: Path, settings: Settings, name: str) -> None:
    """A new secret of that name; FileExistsError if there is one."""
    write_secret(folder / "keys" / name, os.urandom(SEED_BYTES), practice=settings.practice)


def read_keys(folder: Path, settings: Settings) -> NodeKeys:
    """The keys that the desk works with. ConfigError names the one that cannot be read or is of the other kind of node."""

    def signing(use: str, file: str) -> SigningKey:
        return SigningKey.from_seed(settings.key_name(use), read_secret(folder, settings, file))

    return NodeKeys(
        node=SigningKey.from_seed(settings.name, read_secret(folder, settings, "node")),
        log=signing(settings.log, settings.log),
        witness=signing("witness", "witness"),
        roles={ROLE: signing(ROLE, f"role-{ROLE}")},
        seal=SealKey.from_secret(read_secret(folder, settings, "seal")),
        links=read_secret(folder, settings, "links"),
    )


def read_secret(folder: Path, settings: Settings, name: str) -> bytes:
    """The secret in that file. One of a practice node is marked, and the mark is hashed in: without it the key is another."""
    file = folder / "keys" / name
    try:
        text = file.read_text(encoding="ascii").strip()
        secret = bytes.fromhex(text.removeprefix(PRACTICE_MARK))
    except (OSError, ValueError):
        raise ConfigError(f"key {name} cannot be read", hint="restore keys/ from the backup of this node") from None
    if len(secret) < SEED_BYTES:
        raise ConfigError(f"key {name} has {len(secret)} bytes, expected {SEED_BYTES} at least")
    if len(set(secret)) < LEAST_DISTINCT_BYTES:
        raise ConfigError(
            f"key {name} is a sample, not a secret", hint="keys are made by `tocsin node init`, never by hand"
        )
    if text.startswith(PRACTICE_MARK) is not settings.practice:
        made = "practice" if text.startswith(PRACTICE_MARK) else "live"
        raise ConfigError(
            f"key {name} was made for a {made} node",
            hint="nothing turns one into the other: make a node with `tocsin node init`",
        )
    return hashlib.shake_256(PRACTICE_MARK.encode() + secret).digest(len(secret)) if settings.practice else secret


def check_private(folder: Path) -> None:
    """ConfigError if folder, keys or store can be read by others, or lie elsewhere behind a link."""
    for path in (folder, folder / "keys", *(folder / "keys").glob("*"), *folder.glob("*.db")):
        if path != folder and path.is_symlink():
            raise ConfigError(f"{path} is a link out of the node's folder", hint="put the file itself there")
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                f"{path} can be read by others (mode {stat.S_IMODE(path.stat().st_mode):04o})",
                hint=f"chmod go-rwx {path}",
            )


def log_key(folder: Path, log: str) -> VerifyKey:
    """The public key of the log of that name (`log`, `log-2`, …), as long as its key is kept."""
    settings = replace(read_settings(folder, {}), log=log)
    return SigningKey.from_seed(settings.origin, read_secret(folder, settings, log)).verify_key


def renew_witness_key(folder: Path) -> None:
    """Another key for cosigning. A witness that forgot a head must not sign under its old name as if it remembered."""
    (folder / "keys" / "witness").unlink()
    make_secret(folder, read_settings(folder, {}), "witness")


def forget_log_key(folder: Path, log: str) -> None:
    """Destroy the key of a retired log: nothing can be signed with it any more."""
    (folder / "keys" / log).unlink(missing_ok=True)


def write_secret(file: Path, secret: bytes, *, practice: bool) -> None:
    """Write it where there is none. FileExistsError otherwise."""
    write_private(file, (PRACTICE_MARK if practice else "") + secret.hex() + "\n")


def write_private(file: Path, text: str) -> None:
    """A new file that only its owner can read, on the disk when this returns."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """The names in the folder are on the disk; without it a power cut may take away a file that was synced itself."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
