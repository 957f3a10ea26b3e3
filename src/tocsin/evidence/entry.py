"""One leaf of a log: a blinded commitment to a signed statement."""

import hashlib
from enum import StrEnum

from msgspec import Struct

from tocsin.errors import InputError
from tocsin.evidence.tree import leaf_hash

PREFIX = b"tocsin/1\0"
BLIND_BYTES = 32


class Kind(StrEnum):
    """What a leaf's statement is about; the kind stands inside the statement, never in the log."""

    REPORT = "report"
    DETERMINATION = "determination"
    WARNING = "warning"
    STATE = "state"
    ACT = "act"
    CHUNK = "chunk"
    ACKNOWLEDGEMENTS = "acknowledgements"
    ENVELOPE = "envelope"
    RECEIPT = "receipt"
    RESPONSE = "response"
    INCIDENT = "incident"
    KEY = "key"
    REFUSED = "refused"
    ERASURE = "erasure"
    PADDING = "padding"


class Entry(Struct, frozen=True):
    """A statement with its blind. Both may be erased later; the leaf stays and says nothing by itself.

    For an SD-JWT `statement` is the issuer-signed JWS alone: what is disclosed later does not change the leaf.
    """

    statement: bytes
    blind: bytes

    def __post_init__(self) -> None:
        if len(self.blind) != BLIND_BYTES:
            raise InputError(f"blind has {len(self.blind)} bytes, expected {BLIND_BYTES}")

    @property
    def leaf(self) -> bytes:
        """What the log holds: prefix and SHA-256 of blind and statement (EXCHANGE 1 B)."""
        return PREFIX + hashlib.sha256(self.blind + self.statement).digest()

    @property
    def leaf_hash(self) -> bytes:
        """Its Merkle leaf hash (RFC 9162 section 2.1.1)."""
        return leaf_hash(self.leaf)
