"""How a log lies in files and behind URLs: hash tiles and entry bundles (C2SP tlog-tiles)."""

from collections.abc import Sequence

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError
from tocsin.evidence.tree import HASH_BYTES, HashReader

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_TILE_LEVEL = 7
ENTRIES = -1
"""The `level` of an entry bundle."""

_PATH = Expression(r"tile/([0-9]{1,2}|entries)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class TilePath(Struct, frozen=True):
    """Which tile: its level (ENTRIES for a bundle), its number at that level, and how many items it holds."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """E.g. tile/0/x001/067 or tile/entries/000.p/12."""
        rest, digits = divmod(self.index, 1000)
        text = f"{digits:03d}"
        while rest:
            rest, digits = divmod(rest, 1000)
            text = f"x{digits:03d}/{text}"
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = f".p/{self.width}" if self.width < TILE_WIDTH else ""
        return f"tile/{level}/{text}{partial}"


def read_tile_path(path: str) -> TilePath:
    """The tile of that path; InputError unless it is written in its one form.

    >>> read_tile_path("tile/0/x001/067")
    TilePath(level=0, index=1067, width=256)
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise InputError(f"{path!r} is no path of a tile")
    level = ENTRIES if found[1] == "entries" else int(found[1])
    index = int(found[2].replace("x", "").replace("/", ""))
    tile = TilePath(level, index, int(found[3] or TILE_WIDTH))
    if tile.path != path or tile.level > MAX_TILE_LEVEL:
        raise InputError(f"{path!r} is no path of a tile", hint=f"the nearest is {tile.path!r}")
    return tile


def write_tile(tile: TilePath, read: HashReader) -> bytes:
    """The hashes of a hash tile, left to right."""
    first, level = tile.index * TILE_WIDTH, tile.level * TILE_HEIGHT
    return b"".join(read(level, first + n) for n in range(tile.width))


def read_hash_tile(raw: bytes, tile: TilePath) -> tuple[bytes, ...]:
    """The hashes in a tile; InputError unless there are exactly as many as its path says."""
    if len(raw) != tile.width * HASH_BYTES:
        raise InputError(f"{tile.path} has {len(raw)} bytes, expected {tile.width * HASH_BYTES}")
    return tuple(raw[n : n + HASH_BYTES] for n in range(0, len(raw), HASH_BYTES))


def write_entry_bundle(leaves: Sequence[bytes]) -> bytes:
    """Each leaf behind its length in two bytes, big-endian."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def read_entry_bundle(raw: bytes, tile: TilePath) -> tuple[bytes, ...]:
    """The leaves in an entry bundle; InputError unless there are exactly as many as its path says."""
    leaves: list[bytes] = []
    place = 0
    while place < len(raw):
        size = int.from_bytes(raw[place : place + 2], "big")
        leaf = raw[place + 2 : place + 2 + size]
        if len(raw) < place + 2 or len(leaf) != size:
            raise InputError(f"{tile.path} is cut off at byte {place}")
        leaves.append(leaf)
        place += 2 + size
    if len(leaves) != tile.width:
        raise InputError(f"{tile.path} holds {len(leaves)} entries, expected {tile.width}")
    return tuple(leaves)
