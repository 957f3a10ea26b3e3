"""Sealed envelopes: HPKE with X-Wing. Nothing outside names the sender; sizes come in classes."""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from json import dumps
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from msgspec import Struct

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.statement import load_json

FORMAT = "tocsin-envelope/1"
PAYLOAD_FORMAT = "tocsin-payload/1"
MAX_ENVELOPE_BYTES = 1024 * 1024
SIZE_CLASSES = (4096, 16384, 65536)
_LENGTH_BYTES = 4
MAX_PAYLOAD_BYTES = MAX_ENVELOPE_BYTES - SIZE_CLASSES[-1] - _LENGTH_BYTES
"""The largest size class whose envelope, with header and keys, is within the limit."""
_MLKEM_SEED, _X25519_KEY = 64, 32
_MLKEM_PUBLIC = 1184
_MAX_HEADER_BYTES = 256


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealPublic(Struct, frozen=True):
    """The public half, as an agreement lists it: ML-KEM-768 and X25519, which X-Wing joins."""

    mlkem: bytes
    x25519: bytes

    def __post_init__(self) -> None:
        if len(self.mlkem) != _MLKEM_PUBLIC or len(self.x25519) != _X25519_KEY:
            raise InputError(f"seal key has {len(self.mlkem)} and {len(self.x25519)} bytes, expected 1184 and 32")
        try:
            _ = self.kem_key
            # A point of small order has no shared secret with anybody; better known when the agreement is read than when
            # a warning is sealed (RFC 7748 section 6.1).
            X25519PrivateKey.from_private_bytes(bytes(_X25519_KEY)).exchange(_x25519(self.x25519))
        except ValueError:
            raise InputError("seal key cannot be used", hint="ask the peer for its public keys again") from None

    @property
    def kem_key(self) -> MLKEM768X25519PublicKey:
        """The two joined, as HPKE takes them."""
        return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(self.mlkem), _x25519(self.x25519))

    @property
    def key_id(self) -> str:
        """16 hex digits: all that the outer header says of the recipient."""
        return hashlib.sha256(self.mlkem + self.x25519).hexdigest()[:16]

    def encrypt(self, content: bytes, info: bytes) -> bytes:
        """HPKE seal; only the holder of the private half opens it, and only under the same `info`."""
        return _suite().encrypt(content, self.kem_key, info=info)


class SealKey:
    """The private half. What a node stores is the 96 bytes of `secret`."""

    def __init__(self, mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> None:
        self._mlkem = mlkem
        self._x25519 = x25519

    @classmethod
    def from_secret(cls, secret: bytes) -> "SealKey":
        """From the 64-byte ML-KEM seed and the 32-byte X25519 key."""
        if len(secret) != _MLKEM_SEED + _X25519_KEY:
            raise InputError(f"seal secret has {len(secret)} bytes, expected {_MLKEM_SEED + _X25519_KEY}")
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(secret[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(secret[_MLKEM_SEED:]),
        )

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes]) -> "SealKey":
        """A new key from that entropy."""
        return cls.from_secret(entropy(_MLKEM_SEED + _X25519_KEY))

    @property
    def secret(self) -> bytes:
        """What is stored, in a file that nobody else can read."""
        return self._mlkem.private_bytes_raw() + self._x25519.private_bytes_raw()

    @property
    def public(self) -> SealPublic:
        """What peers get."""
        return SealPublic(
            self._mlkem.public_key().public_bytes_raw(),
            self._x25519.public_key().public_bytes_raw(),
        )

    def decrypt(self, sealed: bytes, info: bytes) -> bytes:
        """HPKE open; InvalidTag or ValueError if it was not sealed for us under this header."""
        key = MLKEM768X25519PrivateKey(self._mlkem, self._x25519)
        return _suite().decrypt(sealed, key, info=info)


def seal(payload: bytes, to: SealPublic) -> bytes:
    """Header line and sealed bytes, padded to 4, 16 or 64 kB, then whole 64 kB. Randomness is inside the library.

    InputError for a payload above MAX_PAYLOAD_BYTES.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise InputError(f"payload has {len(payload)} bytes, at most {MAX_PAYLOAD_BYTES} expected")
    size = _size_class(len(payload) + _LENGTH_BYTES)
    header = _header(to.key_id, size)
    padded = len(payload).to_bytes(_LENGTH_BYTES, "big") + payload
    return header + to.encrypt(padded.ljust(size, b"\0"), info=header)


def open_envelope(raw: bytes, key: SealKey) -> bytes:
    """The payload; InputError for what is no envelope, VerificationError (step envelope) if it is not for this key."""
    if len(raw) > MAX_ENVELOPE_BYTES:
        raise InputError(f"envelope has {len(raw)} bytes, at most {MAX_ENVELOPE_BYTES} expected")
    line, found, sealed = raw[:_MAX_HEADER_BYTES].partition(b"\n")
    header = line + b"\n"
    sealed = raw[len(header) :]
    claimed = load_json(line, "envelope's header") if found else None
    if not isinstance(claimed, dict) or set(claimed) != {"format", "to", "size"}:
        raise InputError("envelope does not begin with its header line")
    to, size = claimed["to"], claimed["size"]
    if type(size) is not int or not isinstance(to, str) or _header(to, size) != header or claimed["format"] != FORMAT:
        raise InputError("envelope's header is not in its one form")
    if to != key.public.key_id:
        raise VerificationError("envelope", found=f"recipient {to}", expected=key.public.key_id)
    try:
        padded = key.decrypt(sealed, header)
    except (InvalidTag, ValueError):
        raise VerificationError("envelope", found="bytes that do not open", expected="what was sealed for us") from None
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    content, padding = padded[_LENGTH_BYTES : _LENGTH_BYTES + length], padded[_LENGTH_BYTES + length :]
    if len(padded) != size or len(content) != length or any(padding):
        raise VerificationError("envelope", found="other padding than the header says", expected=f"size class {size}")
    return content


class Payload(Struct, frozen=True, kw_only=True):
    """What is inside: the statement, the CAP message it is tied to, and the proof that the sender had logged it."""

    statement: bytes
    cap: bytes | None
    blind: bytes
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def write_payload(
    *, statement: bytes, cap: bytes | None, blind: bytes, index: int, proof: tuple[bytes, ...], checkpoint: bytes
) -> bytes:
    """The one form of a payload as bytes."""
    value = {
        "format": PAYLOAD_FORMAT,
        "statement": statement.decode("ascii"),
        "cap": None if cap is None else b64encode(cap).decode(),
        "blind": b64encode(blind).decode(),
        "index": index,
        "proof": [b64encode(one).decode() for one in proof],
        "checkpoint": checkpoint.decode("utf-8"),
    }
    return dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_payload(raw: bytes) -> Payload:
    """The payload in these bytes; InputError unless written again it is byte for byte the same."""
    found: Any = load_json(raw, "payload")
    try:
        payload = Payload(
            statement=found["statement"].encode("ascii"),
            cap=None if found["cap"] is None else b64decode(found["cap"], validate=True),
            blind=b64decode(found["blind"], validate=True),
            index=found["index"],
            proof=tuple(b64decode(one, validate=True) for one in found["proof"]),
            checkpoint=found["checkpoint"].encode("utf-8"),
        )
        again = write_payload(**{name: getattr(payload, name) for name in Payload.__struct_fields__})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"payload cannot be read: {error}") from None
    if again != raw or type(payload.index) is not int or not 0 <= payload.index < 2**63:
        raise InputError("payload is not in its one form")
    return payload


def _x25519(raw: bytes) -> X25519PublicKey:
    return X25519PublicKey.from_public_bytes(raw)


def _size_class(length: int) -> int:
    for size in SIZE_CLASSES:
        if length <= size:
            return size
    return -(-length // SIZE_CLASSES[-1]) * SIZE_CLASSES[-1]


def _header(to: str, size: int) -> bytes:
    return dumps({"format": FORMAT, "to": to, "size": size}, separators=(",", ":")).encode() + b"\n"
