"""The sealed file of a backup: a header, numbered parts, and a manifest that closes it; read strictly."""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from json import dumps
from typing import Any

from cryptography.exceptions import InvalidTag
from msgspec import Struct, field
from msgspec.structs import asdict

from tocsin.core.expression import Expression
from tocsin.core.window import parse_instant, write_instant
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.statement import load_json
from tocsin.exchange.envelope import SealKey, SealPublic

FORMAT = "tocsin-backup/1"
KEY_FORMAT = "tocsin-backup-secret/1"
PIECE_BYTES = 1024 * 1024
"""Content of one part at most. Parts of one path follow each other."""
ABOUT, MANIFEST = "about.json", "manifest.json"
FILES, TABLES = "node/", "store/"
_MAX_PART_BYTES = PIECE_BYTES + 64 * 1024
_MAX_HEADER_BYTES = 256
_LENGTH_BYTES = 4
_ID = Expression(r"[0-9a-f]{32}")
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}"
_PATH = Expression(rf"{_SEGMENT}(/{_SEGMENT}){{0,7}}")


class Piece(Struct, frozen=True):
    """Some bytes of one path: of a file of the node's folder (`node/…`), or rows of a table (`store/….jsonl`)."""

    path: str
    content: bytes

    def __post_init__(self) -> None:
        if not _PATH.fullmatch(self.path):
            raise InputError(f"path {self.path!r} cannot stand in a backup", hint="letters, digits, '.', '_' and '-'")
        if len(self.content) > PIECE_BYTES:
            raise InputError(f"piece of {self.path} has {len(self.content)} bytes, at most {PIECE_BYTES} expected")


class About(Struct, frozen=True, kw_only=True):
    """The first part: whose backup this is, and which program and tables it needs. `id` is 32 random hex digits."""

    id: str
    node: str
    made: datetime
    version: str
    revision: str

    def piece(self) -> Piece:
        """As it stands in the backup."""
        return Piece(ABOUT, _write(asdict(self) | {"made": write_instant(self.made)}))


class Part(Struct, frozen=True):
    """All of one path: how many bytes, and their hex SHA-256."""

    path: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """The last part: the log that is inside, recomputed from its leaves, and the sum of everything before.

    `checkpoint` is the newest signed head with its cosignatures, empty while the log is.
    """

    about: About
    size: int
    root: bytes
    checkpoint: bytes
    parts: tuple[Part, ...]

    def piece(self) -> Piece:
        """As it stands in the backup."""
        head = {"size": self.size, "root": self.root.hex(), "checkpoint": self.checkpoint.decode("utf-8")}
        return Piece(MANIFEST, _write(head | {"parts": [asdict(one) for one in self.parts]}))


class Contents(Struct):
    """The sums of what has gone by, path after path."""

    _sums: dict[str, Any] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def add(self, piece: Piece) -> None:
        """Count this piece. InputError if its path was left and comes again."""
        if piece.path not in self._sums:
            self._sums[piece.path] = hashlib.sha256()
            self._sizes[piece.path] = 0
        elif piece.path != next(reversed(self._sums)):
            raise InputError(f"backup goes back to {piece.path}")
        self._sums[piece.path].update(piece.content)
        self._sizes[piece.path] += len(piece.content)

    def parts(self) -> tuple[Part, ...]:
        """All paths, in their order."""
        return tuple(Part(path, self._sizes[path], one.hexdigest()) for path, one in self._sums.items())


def seal_backup(pieces: Iterable[Piece], to: SealPublic, id_: str) -> Iterator[bytes]:
    """The file, chunk by chunk: the header line, then each piece sealed alone under its number. The last is the manifest."""
    header = _header(to.key_id, id_)
    yield header
    for number, piece in enumerate(pieces):
        sealed = to.encrypt(f"{piece.path}\n".encode() + piece.content, _info(header, number))
        yield len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed


def open_backup(read: Callable[[int], bytes], key: SealKey, take: Callable[[About, Piece], None]) -> Manifest:
    """Hand every piece to `take`, in order and with what the first one said; gives the manifest once all that it says has been found.

    Nothing that `take` got is true before this returns. `read` gives at most so many bytes of the file, none at its end.
    Raises InputError for what is no backup or is cut off, VerificationError (step backup) for bytes that do not open.
    """
    header, id_ = _read_header(read, key)
    contents = Contents()
    about: About | None = None
    number = 0
    while (length := _read_length(read)) is not None:
        piece = _open_part(_read_exactly(read, length), key, _info(header, number))
        number += 1
        if piece.path == MANIFEST:
            if about is None or read(1):
                raise InputError("backup's manifest is not its last part, or its first part is missing")
            return _read_manifest(piece.content, about, contents.parts())
        if (piece.path == ABOUT) is (about is not None):
            raise InputError(f"backup begins with {piece.path!r}, expected {ABOUT!r} first and once")
        about = about or _read_about(piece.content, id_)
        contents.add(piece)
        take(about, piece)
    raise InputError("backup is cut off: it ends without its manifest", hint="take another backup")


def write_public(key: SealPublic) -> str:
    """The public key as `tocsin.toml` carries it."""
    return b64encode(key.mlkem + key.x25519).decode("ascii")


def read_public(text: str) -> SealPublic:
    """The key in `backup_key`; InputError if it is none."""
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise InputError("backup_key is not base64", hint="make one with `tocsin node backup-key FILE`") from None
    if b64encode(raw).decode("ascii") != text:
        raise InputError("backup_key is not in its one form", hint="make one with `tocsin node backup-key FILE`")
    return SealPublic(raw[:-32], raw[-32:])


def write_secret(key: SealKey) -> str:
    """The secret as the organisation keeps it: one line of ASCII, fit for paper."""
    return f"{KEY_FORMAT} {key.secret.hex()}\n"


def read_secret(raw: bytes) -> SealKey:
    """The key in that line; InputError if it is none. The line itself is never in the message."""
    form, _, digits = raw.decode("ascii", "replace").strip().partition(" ")
    if form != KEY_FORMAT or not re.fullmatch(r"[0-9a-f]+", digits) or len(digits) % 2:
        raise InputError(f"secret does not begin with {KEY_FORMAT!r} and hex digits")
    return SealKey.from_secret(bytes.fromhex(digits))


def _read_header(read: Callable[[int], bytes], key: SealKey) -> tuple[bytes, str]:
    line = b""
    while not line.endswith(b"\n") and len(line) < _MAX_HEADER_BYTES and (byte := read(1)):
        line += byte
    try:
        found = load_json(line)
        form, to, id_ = found["format"], found["to"], found["id"]
    except (InputError, KeyError, TypeError):
        raise InputError("file is no backup: it does not begin with the header of one") from None
    if form != FORMAT and isinstance(form, str) and form.startswith("tocsin-backup/"):
        raise InputError(
            f"backup has format {form!r}, this version reads {FORMAT!r}",
            hint="restore with the version of Tocsin that made it",
        )
    if not isinstance(id_, str) or not _ID.fullmatch(id_) or _header(str(to), id_) != line:
        raise InputError("backup's header is not in its one form")
    if to != key.public.key_id:
        raise VerificationError("backup", found=f"one sealed to key {to}", expected=f"key {key.public.key_id}")
    return line, id_


def _read_length(read: Callable[[int], bytes]) -> int | None:
    raw = read(_LENGTH_BYTES)
    if not raw:
        return None
    length = int.from_bytes(raw, "big")
    if len(raw) != _LENGTH_BYTES or not 0 < length <= _MAX_PART_BYTES:
        raise InputError(f"backup is cut off or damaged: a part of {length} bytes, at most {_MAX_PART_BYTES} expected")
    return length


def _read_exactly(read: Callable[[int], bytes], length: int) -> bytes:
    raw = read(length)
    if len(raw) != length:
        raise InputError(f"backup is cut off: a part has {len(raw)} of {length} bytes", hint="take another backup")
    return raw


def _open_part(sealed: bytes, key: SealKey, info: bytes) -> Piece:
    try:
        path, found, content = key.decrypt(sealed, info).partition(b"\n")
    except (InvalidTag, ValueError):
        raise VerificationError("backup", found="a part that does not open", expected="what was sealed there") from None
    if not found:
        raise InputError("backup has a part without a path")
    return Piece(path.decode("ascii", "replace"), content)


def _read_about(raw: bytes, id_: str) -> About:
    found = load_json(raw)
    try:
        about = About(**(found | {"made": parse_instant(found["made"])}))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"backup does not say what it is: {error}") from None
    if about.id != id_:
        raise InputError("backup's first part belongs to another backup")
    return about


def _read_manifest(raw: bytes, about: About, found: tuple[Part, ...]) -> Manifest:
    claimed = load_json(raw)
    try:
        manifest = Manifest(
            about=about,
            size=claimed["size"],
            root=bytes.fromhex(claimed["root"]),
            checkpoint=claimed["checkpoint"].encode("utf-8"),
            parts=tuple(Part(**one) for one in claimed["parts"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"backup's manifest cannot be read: {error}") from None
    for part in {*manifest.parts} ^ {*found}:
        raise VerificationError("backup", found=f"{part.path} of {part.size} bytes", expected="what the manifest says")
    return manifest


def _header(to: str, id_: str) -> bytes:
    return dumps({"format": FORMAT, "to": to, "id": id_}, separators=(",", ":")).encode() + b"\n"


def _info(header: bytes, number: int) -> bytes:
    """Binds a part to this backup and its place: none can be left out, moved, or taken from another backup."""
    return header + f"part {number}\n".encode()


def _write(value: dict[str, Any]) -> bytes:
    return dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
