"""Keeps a second machine ready to take a node over: the newest backup, restored into a folder that signs nothing yet."""

import re
import shutil
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from tocsin.backup import find_backups
from tocsin.config import FILE, read_settings
from tocsin.desk.restored import find_held_back
from tocsin.errors import ConfigError, StateError
from tocsin.node import open_node
from tocsin.restore import restore_node

MARK = "standby"
"""File in the folder that names the backup in it: only a folder with this file is ever replaced."""
_NAME = re.compile(r"[a-z0-9.-]+")


class Held(Struct, frozen=True):
    """What the standby folder holds. `new` says that it was brought up to date just now."""

    node: str
    made: datetime
    new: bool


def follow_once(folder: Path, backups: Path, name: str, secret: bytes) -> Held:
    """Bring the folder up to the newest backup of that node. A kill at any moment leaves the older copy or the newer one.

    The copy asks nobody, signs nothing and sends nothing: who takes over runs `tocsin node reconcile` on it first. Raises
    ConfigError for a folder that is not a standby of that node, StateError once it has taken over, and what restoring raises.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"name {name!r} is not a node name")
    coming, going = folder.with_name(f".{folder.name}.coming"), folder.with_name(f".{folder.name}.going")
    _tidy(folder, coming, going)
    found = find_backups(backups, name)
    if not found:
        raise ConfigError(
            f"{backups} holds no backup of {name}", hint="is the disk mounted? see `backup_to` of that node"
        )
    made, file = found[-1]
    if folder.exists() and _held(folder, name) == file.name:
        return Held(name, made, new=False)
    restore_node(file, secret, coming)
    (coming / MARK).write_text(f"{file.name}\n", encoding="ascii")
    if folder.exists():
        folder.rename(going)
    coming.rename(folder)
    shutil.rmtree(going, ignore_errors=True)
    return Held(name, made, new=True)


def _tidy(folder: Path, coming: Path, going: Path) -> None:
    """What a kill left: the copy that was about to go comes back if no newer one took its place."""
    if going.exists() and not folder.exists():
        going.rename(folder)
    for left in (coming, going):
        shutil.rmtree(left, ignore_errors=True)


def _held(folder: Path, name: str) -> str:
    """Name of the backup that the folder holds, once it is known to be a standby of that node that has not taken over."""
    mark = folder / MARK
    if not mark.is_file() or not (folder / FILE).is_file():
        raise ConfigError(f"{folder} is there and is no standby", hint="name a folder that does not exist yet")
    found = read_settings(folder, {}).name
    if found != name:
        raise ConfigError(f"{folder} is a standby of {found}, expected {name}")
    desk = open_node(folder, {}).desk
    try:
        if find_held_back(desk) is None:
            raise StateError(
                f"{folder} has taken over: it acts as {name}", hint="a node is never replaced; stop this standby"
            )
    finally:
        desk.store.close()
    return mark.read_text(encoding="ascii").strip()
