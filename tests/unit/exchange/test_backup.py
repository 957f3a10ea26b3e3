"""The sealed file: every part in its place, or nothing of it is believed."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO

import pytest

from tocsin.errors import InputError, VerificationError
from tocsin.exchange.backup import (
    About,
    Contents,
    Manifest,
    Piece,
    open_backup,
    read_public,
    read_secret,
    seal_backup,
    write_public,
    write_secret,
)
from tocsin.exchange.envelope import SealKey

KEY = SealKey.generate(os.urandom)
ID = "0123456789abcdef" * 2
ABOUT = About(id=ID, node="embassy.example", made=datetime(2024, 3, 7, tzinfo=UTC), version="0", revision="0005")
PIECES = (Piece("node/keys/log", b"seed"), Piece("store/a.jsonl", b"[1]\n"), Piece("store/a.jsonl", b"[2]\n"))


def chunks(*pieces: Piece, about: About = ABOUT) -> list[bytes]:
    """Header and sealed parts of a backup of these pieces."""
    contents = Contents()
    whole = (about.piece(), *pieces)
    for piece in whole:
        contents.add(piece)
    manifest = Manifest(about=about, size=1, root=bytes(32), checkpoint=b"", parts=contents.parts())
    return list(seal_backup((*whole, manifest.piece()), KEY.public, ID))


def read(raw: bytes, key: SealKey = KEY) -> list[Piece]:
    found: list[Piece] = []
    open_backup(BytesIO(raw).read, key, lambda _about, piece: found.append(piece))
    return found


def test_what_was_sealed_comes_back_in_its_order() -> None:
    assert read(b"".join(chunks(*PIECES))) == [ABOUT.piece(), *PIECES]


def flip(place: float) -> Callable[[list[bytes]], bytes]:
    def change(parts: list[bytes]) -> bytes:
        raw = bytearray(b"".join(parts))
        raw[int(place * (len(raw) - 1))] ^= 1
        return bytes(raw)

    return change


FAULTS: dict[str, Callable[[list[bytes]], bytes]] = {
    "empty": lambda _parts: b"",
    "header only": lambda parts: parts[0],
    "cut off before the manifest": lambda parts: b"".join(parts[:-1]),
    "last byte missing": lambda parts: b"".join(parts)[:-1],
    "cut off in a length": lambda parts: parts[0] + parts[1][:2],
    "cut off in a part": lambda parts: parts[0] + parts[1][:100],
    "a byte more": lambda parts: b"".join(parts) + b"\0",
    "a part left out": lambda parts: b"".join(parts[:2] + parts[3:]),
    "two parts change places": lambda parts: b"".join([*parts[:2], parts[3], parts[2], *parts[4:]]),
    "a part twice": lambda parts: b"".join([*parts[:3], *parts[2:]]),
    "a part of another backup": lambda parts: b"".join([*parts[:2], chunks(*PIECES)[2], *parts[3:]]).replace(
        ID.encode(), (ID[::-1]).encode(), 1
    ),
    "a byte of the header": flip(0.002),
    **{f"a byte at {place:.0%}": flip(place) for place in (0.05, 0.3, 0.6, 0.9, 1.0)},
    "no backup at all": lambda _parts: b'{"format":"tocsin-envelope/1"}\n',
    "a length beyond the limit": lambda parts: parts[0] + (2**31).to_bytes(4, "big"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_file_that_is_not_whole_is_refused(fault: Callable[[list[bytes]], bytes]) -> None:
    with pytest.raises((InputError, VerificationError)):
        read(fault(chunks(*PIECES)))


def test_another_secret_opens_nothing() -> None:
    with pytest.raises(VerificationError, match="expected key"):
        read(b"".join(chunks(*PIECES)), SealKey.generate(os.urandom))


def test_a_newer_format_is_named() -> None:
    raw = b"".join(chunks(*PIECES)).replace(b"tocsin-backup/1", b"tocsin-backup/2", 1)
    with pytest.raises(InputError, match="tocsin-backup/2"):
        read(raw)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "node/../x", "node//x", "../x", "node/.ssh", "", "node/a\\b", "a" * 200]
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(InputError, match="cannot stand in a backup"):
        Piece(path, b"")
    about = KEY.public.encrypt(ABOUT.piece().path.encode() + b"\n" + ABOUT.piece().content, _info(0))
    part = KEY.public.encrypt(f"{path}\n".encode(), _info(1))
    raw = b"".join(chunks()[:1] + [len(one).to_bytes(4, "big") + one for one in (about, part)])
    with pytest.raises(InputError, match="cannot stand in a backup"):
        read(raw)


def _info(number: int) -> bytes:
    return chunks()[0] + f"part {number}\n".encode()


def test_a_manifest_that_says_otherwise_is_refused() -> None:
    contents = Contents()
    contents.add(ABOUT.piece())
    contents.add(Piece("node/keys/log", b"another seed"))
    manifest = Manifest(about=ABOUT, size=1, root=bytes(32), checkpoint=b"", parts=contents.parts())
    raw = b"".join(seal_backup((ABOUT.piece(), PIECES[0], manifest.piece()), KEY.public, ID))
    with pytest.raises(VerificationError, match="manifest"):
        read(raw)


def test_keys_are_read_as_they_were_written_and_nothing_else_is() -> None:
    assert read_public(write_public(KEY.public)) == KEY.public
    assert read_secret(write_secret(KEY).encode()).public == KEY.public
    for junk in ("", "x", "====", write_public(KEY.public)[:-4]):
        with pytest.raises(InputError):
            read_public(junk)
    for line in (
        b"",
        b"\xff",
        b"tocsin-backup-secret/1",
        b"tocsin-backup-secret/1 00",
        b"tocsin-backup-secret/2 " + b"00" * 96,
    ):
        with pytest.raises(InputError) as error:
            read_secret(line)
        assert "00" not in str(error.value).replace("expected", "")
