"""Signed tree heads: C2SP signed-note, tlog-checkpoint and cosignatures, read strictly."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.evidence.tree import HASH_BYTES

MAX_NOTE_BYTES = 64 * 1024
MAX_VKEY = 1024
ED25519, COSIGNATURE = 1, 4
_DASH = "— "
_CONTROL = Expression(r"[\x00-\x09\x0b-\x1f]")
_SIZE = Expression(r"0|[1-9][0-9]{0,18}")


class Checkpoint(Struct, frozen=True):
    """The head of a log: how many leaves, and the root over them. `origin` names the log for ever."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def body(self) -> bytes:
        """The text that is signed (C2SP tlog-checkpoint)."""
        lines = [self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions]
        return ("\n".join(lines) + "\n").encode("utf-8")


class NoteSignature(Struct, frozen=True):
    """One signature line: whose, with which key (4 bytes), and the signature bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """As it stands in the note."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.signature).decode()}\n"


class Note(Struct, frozen=True):
    """A signed note: text and signature lines, none of them checked yet."""

    text: bytes
    signatures: tuple[NoteSignature, ...]


def key_id(key: VerifyKey, kind: int) -> bytes:
    """First four bytes of SHA-256 over name and typed key (C2SP signed-note)."""
    return hashlib.sha256(f"{key.name}\n".encode() + bytes([kind]) + key.public).digest()[:4]


def write_vkey(key: VerifyKey, *, cosigner: bool = False) -> str:
    """`name+id+key` as others configure it; type 4 for a witness, type 1 for a log."""
    kind = COSIGNATURE if cosigner else ED25519
    return f"{key.name}+{key_id(key, kind).hex()}+{b64encode(bytes([kind]) + key.public).decode()}"


def read_vkey(text: str) -> VerifyKey:
    """The key in a vkey of type 1 or 4; its id must fit."""
    if len(text) > MAX_VKEY:
        raise InputError(f"vkey has {len(text)} characters, at most {MAX_VKEY} expected")
    name, _, rest = text.strip().partition("+")
    hex_id, _, encoded = rest.partition("+")
    raw = _strict_b64(encoded, "vkey")
    if len(raw) != 33 or raw[0] not in {ED25519, COSIGNATURE}:
        raise InputError(f"vkey of {name!r} is not an Ed25519 key of type 1 or 4")
    key = VerifyKey(name, raw[1:])
    if key_id(key, raw[0]).hex() != hex_id:
        raise InputError(f"vkey of {name!r} has id {hex_id!r}, expected {key_id(key, raw[0]).hex()!r}")
    return key


def read_note(raw: bytes) -> Note:
    """Text and signature lines; InputError unless written again it is byte for byte the same."""
    if len(raw) > MAX_NOTE_BYTES:
        raise InputError(f"note has {len(raw)} bytes, at most {MAX_NOTE_BYTES} expected")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"note is not UTF-8 at byte {error.start}") from None
    if _CONTROL.search(text):
        raise InputError("note holds a control character")
    body, found, signatures = text.rpartition("\n\n")
    if not found or not body or not signatures.endswith("\n"):
        raise InputError("note has no text, blank line and signatures")
    lines = tuple(_read_signature(line) for line in signatures[:-1].split("\n"))
    return Note((body + "\n").encode("utf-8"), lines)


def read_checkpoint(text: bytes) -> Checkpoint:
    """The checkpoint in the text of a note; strict: plain decimal size, 32-byte root."""
    try:
        lines = text.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"checkpoint is not UTF-8 at byte {error.start}") from None
    if len(lines) < 4 or lines[-1] != "" or not lines[0]:
        raise InputError("checkpoint has fewer than three lines")
    origin, size, root, *extensions = lines[:-1]
    if not _SIZE.fullmatch(size):
        raise InputError(f"tree size {size!r} is not a plain decimal")
    hash_ = _strict_b64(root, "root hash")
    if len(hash_) != HASH_BYTES:
        raise InputError(f"root hash has {len(hash_)} bytes, expected {HASH_BYTES}")
    if not all(extensions):
        raise InputError("checkpoint has an empty extension line")
    return Checkpoint(origin, int(size), hash_, tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The note of a log over its head."""
    signature = NoteSignature(key.name, key_id(key.verify_key, ED25519), key.sign(checkpoint.body))
    return checkpoint.body + b"\n" + signature.line.encode("utf-8")


def verify_checkpoint(raw: bytes, key: VerifyKey) -> Checkpoint:
    """The checkpoint, if this log key signed it and its origin is the key's name."""
    note = read_note(raw)
    signature = _find(note, key, ED25519)
    if signature is None:
        raise VerificationError("checkpoint", found=f"no signature by {key.name}", expected="the log's own")
    try:
        key.verify(note.text, signature.signature)
    except VerificationError:
        raise VerificationError(
            "checkpoint", found="a signature that does not fit", expected=f"one by {key.name}"
        ) from None
    checkpoint = read_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise VerificationError("checkpoint", found=f"origin {checkpoint.origin!r}", expected=repr(key.name))
    return checkpoint


def cosign(raw: bytes, key: SigningKey, at: datetime) -> NoteSignature:
    """A witness's timestamped signature over the checkpoint (C2SP tlog-cosignature, type 4). Proves nothing by itself."""
    stamp = int(at.timestamp())
    message = f"cosignature/v1\ntime {stamp}\n".encode() + read_note(raw).text
    return NoteSignature(key.name, key_id(key.verify_key, COSIGNATURE), stamp.to_bytes(8, "big") + key.sign(message))


def read_cosignatures(answer: bytes) -> tuple[NoteSignature, ...]:
    """The signature lines that a witness answered with."""
    if len(answer) > MAX_NOTE_BYTES:
        raise InputError(f"witness answered with {len(answer)} bytes, at most {MAX_NOTE_BYTES} expected")
    try:
        lines = answer.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise InputError("witness answered with bytes that are no UTF-8") from None
    if lines.pop() != "" or not lines:
        raise InputError("witness answered without a signature line")
    return tuple(_read_signature(line) for line in lines)


def add_signatures(raw: bytes, signatures: Sequence[NoteSignature]) -> bytes:
    """The note with these lines added, each once."""
    lines = [one.line for one in signatures if one.line.encode() not in raw]
    return raw + "".join(lines).encode("utf-8")


def verify_cosignature(raw: bytes, key: VerifyKey) -> datetime:
    """When this witness says it saw the checkpoint; VerificationError (step witness) if it did not sign."""
    note = read_note(raw)
    found = _find(note, key, COSIGNATURE)
    if found is None or len(found.signature) != 72:
        raise VerificationError("witness", found=f"no cosignature by {key.name}", expected="one")
    stamp = int.from_bytes(found.signature[:8], "big")
    if not 0 < stamp < 2**35:
        raise VerificationError("witness", found=f"time {stamp}", expected="seconds since 1970")
    try:
        key.verify(f"cosignature/v1\ntime {stamp}\n".encode() + note.text, found.signature[8:])
    except VerificationError:
        raise VerificationError(
            "witness", found="a cosignature that does not fit", expected=f"one by {key.name}"
        ) from None
    return datetime.fromtimestamp(stamp, UTC)


def _find(note: Note, key: VerifyKey, kind: int) -> NoteSignature | None:
    wanted = (key.name, key_id(key, kind))
    found = [one for one in note.signatures if (one.name, one.key_id) == wanted]
    if len(found) > 1:
        raise InputError(f"note has {len(found)} signatures by {key.name}, expected one")
    return found[0] if found else None


def _read_signature(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise InputError(f"signature line {line[:40]!r} does not begin with an em dash")
    name, _, encoded = line[len(_DASH) :].partition(" ")
    raw = _strict_b64(encoded, "signature")
    if not name or "+" in name or len(raw) < 5:
        raise InputError(f"signature line of {name[:40]!r} is not 'name base64'")
    return NoteSignature(name, raw[:4], raw[4:])


def _strict_b64(text: str, what: str) -> bytes:
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        raise InputError(f"{what} {text[:60]!r} is not base64") from None
    if b64encode(raw).decode() != text:
        raise InputError(f"{what} {text[:60]!r} is not base64 in its one form")
    return raw
