"""Cosign only what extends the last head seen (C2SP tlog-witness)."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.checkpoint import Checkpoint, cosign, read_checkpoint, verify_checkpoint
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.evidence.tree import HASH_BYTES, MAX_PROOF_HASHES, verify_consistency

MAX_REQUEST_BYTES = 64 * 1024
_OLD = Expression(r"old (0|[1-9][0-9]{0,18})")


class Head(Struct, frozen=True):
    """The newest head of a log that a witness signed."""

    size: int
    root: bytes


class WitnessAnswer(Struct, frozen=True, kw_only=True):
    """HTTP status and body; `head` is what must be stored before the answer leaves, None if nothing changed."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    origin: str = ""
    head: Head | None = None


class _Request(Struct, frozen=True):
    old: int
    proof: tuple[bytes, ...]
    note: bytes


def write_request(old_size: int, proof: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The body of add-checkpoint: old size, consistency proof, blank line, checkpoint."""
    lines = [f"old {old_size}", *(b64encode(one).decode() for one in proof)]
    return "\n".join(lines).encode() + b"\n\n" + checkpoint


def add_checkpoint(
    request: bytes,
    *,
    logs: Mapping[str, VerifyKey],
    head: Callable[[str], Head | None],
    key: SigningKey,
    at: datetime,
) -> WitnessAnswer:
    """Answer one request. `logs` are the known logs by origin, `head` gives the last head signed for an origin."""
    # 1. form
    try:
        asked = _read_request(request)
        claimed = read_checkpoint(_text_of(asked.note))
    except InputError as error:
        return _no(400, str(error))
    # 2. a log we know, signed by its key
    log = logs.get(claimed.origin)
    if log is None:
        return _no(403, "unknown log")
    try:
        checkpoint = verify_checkpoint(asked.note, log)
    except (InputError, VerificationError):
        return _no(403, "invalid signature")
    # 3. from where we left it
    if asked.old > checkpoint.size:
        return _no(400, f"old size {asked.old} is larger than the checkpoint's {checkpoint.size}")
    last = head(checkpoint.origin) or Head(0, b"")
    if asked.old != last.size:
        return WitnessAnswer(status=409, body=f"{last.size}\n".encode(), content_type="text/x.tlog.size")
    # 4. nothing rewritten
    try:
        _check_extends(asked, last, checkpoint)
    except _OtherRootError:
        return WitnessAnswer(status=409, body=f"{last.size}\n".encode(), content_type="text/x.tlog.size")
    except VerificationError:
        return _no(422, "consistency proof does not hold")
    signature = cosign(asked.note, key, at)
    return WitnessAnswer(
        status=200,
        body=signature.line.encode("utf-8"),
        origin=checkpoint.origin,
        head=Head(checkpoint.size, checkpoint.root),
    )


class _OtherRootError(Exception):
    """Two roots for one size: the log shows different histories."""


def _check_extends(asked: _Request, last: Head, checkpoint: Checkpoint) -> None:
    if last.size == checkpoint.size and last.size:
        if checkpoint.root != last.root:
            raise _OtherRootError
        if asked.proof:
            raise VerificationError("consistency", found="a proof between equal sizes", expected="none")
    elif last.size:
        verify_consistency(last.size, checkpoint.size, last.root, checkpoint.root, asked.proof)
    elif asked.proof:
        raise VerificationError("consistency", found="a proof from size 0", expected="none")


def _text_of(note: bytes) -> bytes:
    """The text of a note whose signatures are not looked at yet: they are refused apart, with their own status."""
    body, found, _ = note.rpartition(b"\n\n")
    if not found:
        raise InputError("checkpoint has no blank line before its signatures")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("checkpoint is not UTF-8") from None
    return body + b"\n"


def _read_request(raw: bytes) -> _Request:
    if len(raw) > MAX_REQUEST_BYTES:
        raise InputError(f"request has {len(raw)} bytes, at most {MAX_REQUEST_BYTES} expected")
    head, found, note = raw.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise InputError("request is not ASCII before the checkpoint") from None
    old = _OLD.fullmatch(first)
    if not found or old is None:
        raise InputError("request does not begin with 'old SIZE' and a blank line before the checkpoint")
    if len(lines) > MAX_PROOF_HASHES:
        raise InputError(f"proof has {len(lines)} hashes, at most {MAX_PROOF_HASHES} expected")
    return _Request(int(old.group(1)), tuple(_read_hash(line) for line in lines), note)


def _read_hash(line: str) -> bytes:
    try:
        raw = b64decode(line, validate=True)
    except ValueError:
        raise InputError(f"proof line {line[:60]!r} is not base64") from None
    if len(raw) != HASH_BYTES or b64encode(raw).decode() != line:
        raise InputError(f"proof line {line[:60]!r} is not one hash")
    return raw


def _no(status: int, why: str) -> WitnessAnswer:
    return WitnessAnswer(status=status, body=f"{why}\n".encode())
