"""Ed25519 keys with the name of their holder bound in."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from tocsin.errors import InputError, VerificationError

KEY_BYTES = 32


class VerifyKey(Struct, frozen=True):
    """A public key and whose it is: a node (embassy.example), a role of it (city.example/officer) or a log."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if len(self.public) != KEY_BYTES:
            raise InputError(f"public key of {self.name!r} has {len(self.public)} bytes, expected {KEY_BYTES}")
        if not self.name or any(c.isspace() or c in "+#" for c in self.name):
            raise InputError(f"key name {self.name!r} is empty or holds a space, '+' or '#'")

    @property
    def node(self) -> str:
        """The node the holder belongs to: the name up to the first slash."""
        return self.name.split("/", maxsplit=1)[0]

    @property
    def practice(self) -> bool:
        """Whether the name says that it is for exercises: no live node takes such a key (LESSONS L48)."""
        return "practice" in self.name.split("/")[1:]

    @property
    def fingerprint(self) -> str:
        """64 hex digits over name and key, to be compared by telephone."""
        return hashlib.sha256(f"{self.name}\n".encode() + self.public).hexdigest()

    @property
    def kid(self) -> str:
        """How a statement names its key: holder and the first 16 digits of the fingerprint."""
        return f"{self.name}#{self.fingerprint[:16]}"

    def verify(self, message: bytes, signature: bytes) -> None:
        """VerificationError unless the holder's key signed exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise VerificationError(
                "signature", found="one that does not fit", expected=f"one by {self.kid} over these bytes"
            ) from None


class SigningKey:
    """A private key. Its seed is what a node stores; it has no readable form here."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self.name = name
        self._private = private
        public = private.public_key().public_bytes_raw()
        self.verify_key = VerifyKey(name, public)

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> "SigningKey":
        """The key of that 32-byte seed."""
        if len(seed) != KEY_BYTES:
            raise InputError(f"seed of key {name!r} has {len(seed)} bytes, expected {KEY_BYTES}")
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def sign(self, message: bytes) -> bytes:
        """64 bytes over exactly this message."""
        return self._private.sign(message)
