"""Readers of what passes between two nodes: each with something valid that the faults are made of."""

import io
import tempfile
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

from tests.unit.readers.faults import Reader, read_word
from tests.unit.readers.proofs import AT, JWS, NODE, NOTE, ROOT, ROOT_BASE64

from tocsin.config import Settings
from tocsin.evidence.checkpoint import write_vkey
from tocsin.evidence.signing import SigningKey
from tocsin.exchange import backup, envelope, peers
from tocsin.keyfiles import read_secret
from tocsin.trusted import read_witness, read_witnessed_log

SEAL = envelope.SealKey.from_secret(b"s" * 96)
PAYLOAD = envelope.write_payload(statement=JWS, cap=None, blind=b"b" * 32, index=42, proof=(ROOT,), checkpoint=NOTE)


def _agreement() -> bytes:
    keys = tuple(
        peers.PeerKeys(
            name=name,
            url=f"https://{name}",
            node=SigningKey.from_seed(name, b"n" * 32).verify_key,
            roles=(),
            log=SigningKey.from_seed(f"{name}/log", b"l" * 32).verify_key,
            seal=SEAL.public,
        )
        for name in ("city.example", "embassy.example")
    )
    terms = peers.Terms(response_clock=timedelta(seconds=3600), duty={}, liaison={})
    mailboxes = iter((b"a" * 16, b"b" * 16))
    made = peers.make_agreement((keys[0], keys[1]), terms=terms, since=AT, entropy=lambda _n: next(mailboxes))
    return peers.write_agreement(peers.sign_agreement(made, NODE))


AGREEMENT = _agreement()
LIVE = Settings(name="desk.example")

BACKUP_KEY = backup.write_public(SEAL.public).encode()


def _backup() -> bytes:
    about = backup.About(id="0" * 32, node="embassy.example", made=AT, version="0", revision="0011")
    contents = backup.Contents()
    whole = (about.piece(), backup.Piece("node/keys/log", b"seed"))
    for piece in whole:
        contents.add(piece)
    manifest = backup.Manifest(about=about, size=1, root=bytes(32), checkpoint=b"", parts=contents.parts())
    return b"".join(backup.seal_backup((*whole, manifest.piece()), SEAL.public, about.id))


BACKUP = _backup()


def _open_backup(raw: bytes) -> object:
    return backup.open_backup(io.BytesIO(raw).read, SEAL, lambda _about, _piece: None)


def _secret(raw: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "keys").mkdir()
        (Path(folder) / "keys" / "links").write_bytes(raw)
        return read_secret(Path(folder), LIVE, "links")


EXCHANGE: tuple[Reader, ...] = (
    Reader(
        name="exchange.backup.open_backup",
        read=_open_backup,
        valid=BACKUP,
        names="backup",
    ),
    Reader(
        name="exchange.backup.read_public",
        read=read_word(backup.read_public),
        valid=BACKUP_KEY,
        names="backup_key|seal key",
        base64=BACKUP_KEY,
    ),
    Reader(
        name="exchange.backup.read_secret",
        read=backup.read_secret,
        valid=backup.write_secret(SEAL).encode(),
        names="secret",
    ),
    Reader(name="keyfiles.read_secret", read=_secret, valid=bytes(range(32)).hex().encode(), names="key links"),
    Reader(
        name="trusted.read_witness",
        read=read_word(lambda line: read_witness(line, LIVE)),
        valid=f"http://127.0.0.1:1 {write_vkey(NODE.verify_key, cosigner=True)}".encode(),
        names="witness",
    ),
    Reader(
        name="trusted.read_witnessed_log",
        read=read_word(lambda line: read_witnessed_log(line, LIVE)),
        valid=write_vkey(NODE.verify_key).encode(),
        names="witness_for",
    ),
    Reader(
        name="exchange.envelope.open_envelope",
        read=lambda raw: envelope.open_envelope(raw, SEAL),
        valid=envelope.seal(b"stay away from concerts", SEAL.public),
        names="envelope",
        limit=envelope.MAX_ENVELOPE_BYTES,
        number=b"4096",
        twice=b'"size":4096',
    ),
    Reader(
        name="exchange.envelope.read_payload",
        read=envelope.read_payload,
        valid=PAYLOAD,
        names="payload",
        limit=envelope.MAX_PAYLOAD_BYTES,
        format="json",
        number=b"42",
        text=b"embassy.example/log",
        base64=ROOT_BASE64,
        twice=b'"cap":null,',
    ),
    Reader(
        name="exchange.peers.read_agreement",
        read=peers.read_agreement,
        valid=AGREEMENT,
        names="agreement|party|key",
        limit=peers.MAX_BYTES,
        format="json",
        number=b"3600",
        text=b"https://city.example",
        base64=b64encode(SEAL.public.x25519),
        twice=b'"response_clock": 3600,',
    ),
)
