"""Readers of what is signed, sealed or hashed: each with something valid that the faults are made of."""

from base64 import b64encode
from datetime import UTC, datetime

from tests.unit.readers.faults import Reader, as_json, read_word

from tocsin.errors import InputError
from tocsin.evidence import bundle, checkpoint, statement, tiles
from tocsin.evidence.receipt import read_answer
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.tree import leaf_hash
from tocsin.evidence.witness import MAX_REQUEST_BYTES, add_checkpoint, write_request

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)
NODE = SigningKey.from_seed("embassy.example", b"n" * 32)
ROLE = SigningKey.from_seed("city.example/officer", b"r" * 32)
LOG = SigningKey.from_seed("embassy.example/log", b"l" * 32)
WITNESS = SigningKey.from_seed("witness.example", b"w" * 32)
CLAIMS = {"iss": "embassy.example", "kind": "report", "iat": 1709823600, "jti": "1", "serial": 0}
ROOT = leaf_hash(b"leaf")
NOTE = checkpoint.sign_checkpoint(checkpoint.Checkpoint("embassy.example/log", 1, ROOT), LOG)
COSIGNATURE = checkpoint.cosign(NOTE, WITNESS, AT)
COSIGNED = checkpoint.add_signatures(NOTE, (COSIGNATURE,))
JWS = statement.sign_statement(CLAIMS, NODE)
OPEN_AND_HIDDEN = statement.sign_disclosable(CLAIMS, {"area": "Moscow"}, NODE, lambda n: b"e" * n)


def _answer(raw: bytes) -> object:
    """What a peer says within a statement that it signed."""
    claims = statement.load_json(raw, "answer")
    signed = statement.sign_statement({**CLAIMS, "iss": "city.example", **claims}, ROLE)
    return read_answer(statement.verify_statement(signed, ROLE.verify_key))


def _cosigned(raw: bytes) -> object:
    """A witness refuses by a status and a sentence."""
    answer = add_checkpoint(raw, logs={LOG.name: LOG.verify_key}, head=lambda _origin: None, key=WITNESS, at=AT)
    if answer.status != 200:
        raise InputError(answer.body.decode())
    return answer


def _bundle() -> bytes:
    item = bundle.BundleItem(statement=JWS, blind=b"b" * 32, index=0, checkpoint=0, proof=(ROOT,))
    key = bundle.BundleKey(bundle.KeyUse.NODE, NODE.verify_key)
    return bundle.write_bundle(bundle.Bundle(keys=(key,), checkpoints=(NOTE,), items=(item,), cap={}))


PUBLIC_KEY = bundle._b64(NODE.verify_key.public).encode()
JSON_SPACE = "white space around a number is JSON"
TRUST = as_json({"keys": [{"use": "node", "name": NODE.name, "public": PUBLIC_KEY.decode()}], "witnesses_needed": 42})
ROOT_BASE64 = b64encode(ROOT)
COSIGNATURE_BASE64 = COSIGNATURE.line.split()[-1].encode()
REQUEST = write_request(0, (), NOTE)
TILE = tiles.TilePath(0, 0, 2)
LEAVES = tiles.TilePath(tiles.ENTRIES, 0, 2)


PROOFS: tuple[Reader, ...] = (
    Reader(
        name="evidence.statement.load_json",
        read=lambda raw: statement.load_json(raw, "answer"),
        valid=b'{"a": 42, "b": "words"}',
        names="answer",
        format="json",
        number=b"42",
        text=b"words",
        twice=b'"a": 42, ',
        takes={"number in spaces": JSON_SPACE, "number with 400 digits": "JSON sets no limit; each claim has one"},
    ),
    Reader(
        name="evidence.statement.verify_statement",
        read=lambda raw: statement.verify_statement(raw, NODE.verify_key),
        valid=JWS,
        names="statement|signature",
        limit=statement.MAX_BYTES,
        base64=JWS.split(b".")[2],
    ),
    Reader(
        name="evidence.statement.peek",
        read=statement.peek,
        valid=JWS,
        names="statement|base64url",
        limit=statement.MAX_BYTES,
        base64=JWS.split(b".")[1],
    ),
    Reader(
        name="evidence.statement.peek_claims",
        read=statement.peek_claims,
        valid=JWS,
        names="statement|base64url",
        limit=statement.MAX_BYTES,
        base64=JWS.split(b".")[1],
    ),
    Reader(
        name="evidence.statement.peek_received",
        read=statement.peek_received,
        valid=JWS,
        names="statement|base64url",
        limit=statement.MAX_BYTES,
        base64=JWS.split(b".")[1],
    ),
    Reader(
        name="evidence.statement.verify_presentation",
        read=lambda raw: statement.verify_presentation(raw, NODE.verify_key),
        valid=statement.present(OPEN_AND_HIDDEN),
        names="statement|signature|disclosure|presentation",
        limit=statement.MAX_BYTES,
        base64=OPEN_AND_HIDDEN.disclosures["area"].encode(),
    ),
    Reader(
        name="evidence.receipt.read_answer",
        read=_answer,
        valid=as_json({"answer": "dismissed", "warning": "ab", "role": "officer", "reason": "words"}),
        names="answer",
        format="json",
        number=b'"ab"',
        text=b"words",
        twice=b'"role": "officer",',
    ),
    Reader(
        name="evidence.checkpoint.read_note",
        read=checkpoint.read_note,
        valid=NOTE,
        names="note|signature",
        limit=checkpoint.MAX_NOTE_BYTES,
        base64=NOTE.split()[-1],
        takes={"a DOCTYPE": "a note's text is any text", "a byte order mark": "a note's text is any text"},
    ),
    Reader(
        name="evidence.checkpoint.read_checkpoint",
        read=checkpoint.read_checkpoint,
        valid=b"embassy.example/log\n42\n" + ROOT_BASE64 + b"\n",
        names="checkpoint|tree size|root hash",
        limit=checkpoint.MAX_NOTE_BYTES,
        number=b"42",
        base64=ROOT_BASE64,
        takes={"a byte order mark": "an origin is any text; whoever trusts a log compares it"},
    ),
    Reader(
        name="evidence.checkpoint.verify_checkpoint",
        read=lambda raw: checkpoint.verify_checkpoint(raw, LOG.verify_key),
        valid=NOTE,
        names="note|signature|checkpoint",
        limit=checkpoint.MAX_NOTE_BYTES,
        base64=NOTE.split()[-1],
    ),
    Reader(
        name="evidence.checkpoint.read_cosignatures",
        read=checkpoint.read_cosignatures,
        valid=COSIGNATURE.line.encode(),
        names="witness|signature",
        limit=checkpoint.MAX_NOTE_BYTES,
        base64=COSIGNATURE_BASE64,
    ),
    Reader(
        name="evidence.checkpoint.verify_cosignature",
        read=lambda raw: checkpoint.verify_cosignature(raw, WITNESS.verify_key),
        valid=COSIGNED,
        names="note|signature|witness",
        limit=checkpoint.MAX_NOTE_BYTES,
        base64=COSIGNATURE_BASE64,
        twice=COSIGNATURE.line.encode(),
    ),
    Reader(
        name="evidence.checkpoint.read_vkey",
        read=read_word(checkpoint.read_vkey),
        valid=checkpoint.write_vkey(NODE.verify_key).encode(),
        names="vkey|key name",
        limit=checkpoint.MAX_NOTE_BYTES,
        base64=checkpoint.write_vkey(NODE.verify_key).encode().split(b"+", 2)[2],
    ),
    Reader(
        name="evidence.witness.add_checkpoint",
        read=_cosigned,
        valid=REQUEST,
        names="request|checkpoint|log|signature|tree size|old size|size",
        limit=MAX_REQUEST_BYTES,
        number=b"0",
        base64=NOTE.split()[-1],
    ),
    Reader(
        name="evidence.tiles.read_tile_path",
        read=read_word(tiles.read_tile_path),
        valid=b"tile/0/x001/042",
        names="tile",
        limit=checkpoint.MAX_NOTE_BYTES,
        number=b"042",
    ),
    Reader(
        name="evidence.tiles.read_hash_tile",
        read=lambda raw: tiles.read_hash_tile(raw, TILE),
        valid=ROOT * 2,
        names="tile/0/000",
        limit=1024,
    ),
    Reader(
        name="evidence.tiles.read_entry_bundle",
        read=lambda raw: tiles.read_entry_bundle(raw, LEAVES),
        valid=tiles.write_entry_bundle([b"a" * 41, b"b" * 41]),
        names="tile/entries/000",
        limit=1024,
    ),
    Reader(
        name="evidence.bundle.read_bundle",
        read=bundle.read_bundle,
        valid=_bundle(),
        names="bundle|format",
        limit=bundle.MAX_BYTES,
        format="json",
        number=b'"index": 0',
        text=b"embassy.example",
        base64=b64encode(b"b" * 32),
        twice=b'"cap": {}',
    ),
    Reader(
        name="evidence.bundle.read_policy",
        read=bundle.read_policy,
        valid=TRUST,
        names="policy",
        limit=bundle.MAX_POLICY_BYTES,
        format="json",
        number=b"42",
        text=b"embassy.example",
        base64=PUBLIC_KEY,
        twice=b'"use": "node",',
        takes={"number in spaces": JSON_SPACE},
    ),
)
