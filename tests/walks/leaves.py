"""What the leaves of a log say, read by a test."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from tocsin.desk.ports import Desk


def read_leaves(desk: Desk, first: int = 0) -> list[bytes]:
    """Every statement from that place in the log on, oldest first."""
    with desk.store.read() as tx:
        return [tx.log.entry(index).statement for index in range(first, tx.log.size())]


def count_leaves(desk: Desk) -> int:
    """How many there are."""
    with desk.store.read() as tx:
        return tx.log.size()


def read_claims(statement: bytes) -> dict[str, Any]:
    """The readable part of a statement."""
    payload = statement.split(b".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return found
