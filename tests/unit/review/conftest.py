"""A proved record to review: a warning logged at one node, answered by another, both really signed."""

import hashlib
from datetime import UTC, datetime

import pytest

from tocsin.evidence.bundle import Bundle, BundleItem, BundleKey, KeyUse
from tocsin.evidence.checkpoint import Checkpoint, sign_checkpoint
from tocsin.evidence.entry import Entry
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.statement import sign_statement
from tocsin.evidence.tree import MemoryTree, inclusion_proof, root_hash
from tocsin.evidence.verify import VerifiedBundle, verify_bundle

ANSWERED = datetime(2024, 3, 19, 15, tzinfo=UTC)


def _key(name: str) -> SigningKey:
    return SigningKey.from_seed(name, hashlib.sha256(name.encode()).digest())


def _prove(reason: str) -> VerifiedBundle:
    node, officer, log = _key("embassy.example"), _key("city.example/officer"), _key("embassy.example/log")
    state = {
        "iss": "embassy.example",
        "kind": "state",
        "iat": 1709823600,
        "jti": "1",
        "serial": 0,
        "warning": "W-1",
        "state": "live",
    }
    answer = {"iss": "city.example", "kind": "response", "iat": int(ANSWERED.timestamp()), "jti": "2", "serial": 7}
    answer |= {"answer": "dismissed", "warning": "0" * 64, "role": "officer", "reason": reason}
    taken = {
        "iss": "embassy.example",
        "kind": "response",
        "iat": int(ANSWERED.timestamp()) + 1,
        "jti": "3",
        "serial": 1,
    }
    taken["received"] = sign_statement(answer, officer).decode()
    entries = [Entry(sign_statement(claims, node), bytes([n]) * 32) for n, claims in enumerate((state, taken))]
    tree = MemoryTree()
    for entry in entries:
        tree.append(entry.leaf_hash)
    head = Checkpoint("embassy.example/log", tree.size, root_hash(tree.size, tree.read))
    items = tuple(
        BundleItem(
            statement=entry.statement, blind=entry.blind, index=n, checkpoint=0, proof=inclusion_proof(n, 2, tree.read)
        )
        for n, entry in enumerate(entries)
    )
    keys = ((KeyUse.NODE, node), (KeyUse.ROLE, officer), (KeyUse.LOG, log))
    bundle = Bundle(
        keys=tuple(BundleKey(use, key.verify_key) for use, key in keys),
        checkpoints=(sign_checkpoint(head, log),),
        items=items,
        cap={},
    )
    return verify_bundle(bundle, derive_fields=lambda _raw: {})


@pytest.fixture(scope="session")
def proof() -> VerifiedBundle:
    """What the desk could prove: its own log, and one answer signed by an officer of another node."""
    return _prove("provocation")


@pytest.fixture(scope="session")
def hostile_proof() -> VerifiedBundle:
    """The same, with a reason that tries to be markup."""
    return _prove("<script>alert(1)</script>")
