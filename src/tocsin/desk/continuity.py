"""What a node knows of its own continuity: backups made, a return from one, logs retired, and what it saw of peers' logs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class BackupAttempt(Struct, frozen=True, kw_only=True):
    """The newest backup that was made, or the newest that failed: then `problem` says why and `file` is empty."""

    at: datetime
    file: str
    problem: str

    @property
    def outcome(self) -> str:
        """`made` or `failed`; one of each is kept."""
        return "failed" if self.problem else "made"


class Verdict(StrEnum):
    """What the answer of a witness or a peer means for a log that came back from a backup."""

    AGREES = "agrees"
    """It saw nothing that is not in our log."""
    AHEAD = "ahead"
    """It saw more of our log than we have."""
    FORK = "fork"
    """It saw another log under our key: never to be signed over."""
    SILENT = "silent"
    """It did not answer, or not with anything that counts."""


class Finding(Struct, frozen=True, kw_only=True):
    """What one witness or peer said. `size` is how many of our leaves it saw; `note` is the signed head it showed, if any.

    Of a fork both heads are kept: theirs in `note` (a witness shows none) and `ours`.
    `seq` and `digest` are of the last statement of ours that a peer accepted, -1 and empty if it accepted none.
    """

    who: str
    verdict: Verdict
    size: int
    why: str
    note: str = ""
    ours: str = ""
    seq: int = -1
    digest: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the CLI prints it and the store keeps it."""
        return {name: getattr(self, name) for name in self.__struct_fields__} | {"verdict": self.verdict.value}


class Restored(Struct, frozen=True, kw_only=True):
    """One return from a backup: nothing is signed until it is settled. `size` is that of our log in the backup.

    `outcome` is then `went_on` or `retired`.
    """

    id: str
    made: datetime
    restored: datetime
    size: int
    findings: tuple[Finding, ...] = ()
    settled: datetime | None = None
    outcome: str = ""
    retired: str = ""
    """Origin of the log that was retired over it: nothing is signed for it any more."""


class RetiredLog(Struct, frozen=True, kw_only=True):
    """A log that is never signed again; its leaves stay in the store to prove what they prove. `vkey` is its key."""

    origin: str
    vkey: str
    size: int
    root: bytes
    at: datetime
    reason: str


class PeerSeen(Struct, frozen=True, kw_only=True):
    """The most that we saw of a peer's log: its largest signed head, and its highest serial in any signed statement.

    `note` is empty and `size` 0 before the first head; `serial` is -1 before the first statement.
    """

    origin: str
    peer: str
    size: int = 0
    note: bytes = b""
    serial: int = -1


def find_unsettled(returns: Sequence[Restored]) -> Restored | None:
    """The return that is not settled yet; None for a node that may act."""
    return next((one for one in returns if one.settled is None), None)


def read_finding(found: Mapping[str, Any]) -> Finding:
    """The finding in what `as_json` gave."""
    return Finding(**(dict(found) | {"verdict": Verdict(found["verdict"])}))
