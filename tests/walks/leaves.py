"""What the leaves of a log say, read by a test."""

import json
from base64 import urlsafe_b64decode
from typing import Any

from tocsin.desk.ports import Desk


def read_leaves(desk: Desk) -> list[bytes]:
    """Every statement, oldest first."""
    with desk.store.read() as tx:
        return [one.statement for one in tx.log.entries()]


def read_claims(statement: bytes) -> dict[str, Any]:
    """The readable part of a statement."""
    payload = statement.split(b".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(payload + b"=" * (-len(payload) % 4)))
    return found
