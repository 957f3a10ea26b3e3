"""Which version goes to whom over which channel, under which key; and the provable rows of what came of it."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from tocsin.core.language import primary
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.errors import InputError
from tocsin.evidence.tree import MemoryTree, inclusion_proof, leaf_hash, root_hash

SALT_BYTES = 16
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(hours=1)


class Addressee(Struct, frozen=True):
    """Whom one message is for. `party` is the venue or peer that is chased, None for a person who is only told.

    `language` is the one that it goes out in, empty for the main one.
    """

    party: str | None
    recipient: str
    address: str
    language: str = ""


class Delivery(Struct, frozen=True, kw_only=True):
    """One message to one person. `key` is the idempotence key: it is the Message-ID, and two with one key are one."""

    key: str
    warning: str
    version: Audience
    party: str | None
    recipient: str
    address: str
    channel: str
    step: int
    token: str
    language: str = ""


class ResultState(StrEnum):
    """What one attempt came to."""

    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    FAILED = "failed"


class DeliveryResult(Struct, frozen=True, kw_only=True):
    """One row of a chunk's ledger. `recipient` is a hash: no row names anybody."""

    key: str
    recipient: str
    state: ResultState
    at: datetime
    detail: str
    attempts: int


def plan_deliveries(
    warning: str,
    number: int,
    version: Audience,
    to: Sequence[Addressee],
    *,
    channel: str,
    step: int,
    token_for: Callable[[str], str],
) -> tuple[Delivery, ...]:
    """One delivery per recipient, whatever is named twice; the key says all that makes it the same message (DELIVERY 5.4)."""
    planned: dict[str, Delivery] = {}
    for one in to:
        key = f"{warning}:{number}:{version.value}:{one.recipient}:{channel}:{step}"
        planned.setdefault(
            key,
            Delivery(
                key=key,
                warning=warning,
                version=version,
                party=one.party,
                recipient=one.recipient,
                address=one.address,
                channel=channel,
                step=step,
                token=token_for(key),
                language=one.language,
            ),
        )
    return tuple(planned.values())


def choose_language(wanted: str, offered: Sequence[str]) -> str:
    """Which of the languages that a version has a person gets: theirs, else the issuer's main one, which is the first.

    >>> choose_language("fr-CA", ["en", "fr"]), choose_language("uk", ["en", "fr"])
    ('fr', 'en')
    """
    near = (one for one in offered if primary(one) == primary(wanted))
    return wanted if wanted in offered else next(near, offered[0])


def retry_at(attempts: int, at: datetime, key: str, *, not_after: datetime | None) -> datetime | None:
    """When to try again after so many attempts (from 1): doubling from 30 s to 1 h, then up to a quarter more by the key.

    The spread is no chance: the same key gives the same time. None once that would be later than `not_after`.

    >>> from datetime import UTC
    >>> now = datetime(2024, 3, 7, tzinfo=UTC)
    >>> (retry_at(1, now, "k", not_after=None) - now).total_seconds() < 60
    True
    """
    wait = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempts - 1, 10))
    share = int.from_bytes(hashlib.sha256(f"{attempts} {key}".encode()).digest()[:2], "big") / 65536
    due = (at + wait * (1 + share / 4)).replace(microsecond=0)
    return None if not_after is not None and due > not_after else due


def rows_root(results: Sequence[DeliveryResult], salts: Sequence[bytes]) -> bytes:
    """Merkle root (RFC 9162) over the salted rows: one delivery can be proved without showing another."""
    tree = _tree(results, salts)
    return root_hash(tree.size, tree.read)


def prove_row(results: Sequence[DeliveryResult], salts: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Path from row `index` to the root; checked with evidence.tree.verify_inclusion."""
    tree = _tree(results, salts)
    return inclusion_proof(index, tree.size, tree.read)


def row_bytes(result: DeliveryResult, salt: bytes) -> bytes:
    """One row as it is hashed: the salt, then the fields, a line each. Without the salt nobody could guess a row.

    InputError for a salt of another length than 16 bytes: salt and row would not be told apart.
    """
    if len(salt) != SALT_BYTES:
        raise InputError(f"salt of row {result.key!r} has {len(salt)} bytes, expected {SALT_BYTES}")
    parts = (result.key, result.recipient, result.state.value, write_instant(result.at), result.detail, result.attempts)
    return salt + "\n".join(map(str, parts)).encode("utf-8")


def _tree(results: Sequence[DeliveryResult], salts: Sequence[bytes]) -> MemoryTree:
    tree = MemoryTree()
    for result, salt in zip(results, salts, strict=True):
        tree.append(leaf_hash(row_bytes(result, salt)))
    return tree
