"""The answers of EXCHANGE 2.2, and how far each form of proof reaches."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from tocsin.errors import InputError
from tocsin.evidence.statement import Statement


class Grade(StrEnum):
    """How well something is proved. A state of delivery is never shown without it."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"

    @property
    def sentence(self) -> str:
        """What it means, to somebody who distrusts us."""
        return _SENTENCES[self.value]


_SENTENCES = {
    "E0": "our own log only",
    "E1": "witnessed: it existed by then",
    "E2": "third parties saw it offered",
    "E3": "their machine signed",
    "E4": "their officer signed",
}


class Answer(StrEnum):
    """What a receiver can say. `ignored` is never sent: it is what a review concludes."""

    DELIVERED = "delivered"
    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    ACTED = "acted"
    PASSED_ON = "passed_on"
    ASKED = "asked"
    DISMISSED = "dismissed"
    UNREADABLE = "unreadable"

    @property
    def by_machine(self) -> bool:
        """Signed by the node key, without a person."""
        return self in {Answer.DELIVERED, Answer.UNREADABLE}

    @property
    def grade(self) -> Grade:
        """How much it proves when it is signed."""
        return Grade.E3 if self.by_machine else Grade.E4

    @property
    def ends_ladder(self) -> bool:
        """Does it stop the chasing of that party (and only of that party)?"""
        return self in {Answer.ACKNOWLEDGED, Answer.ACTED, Answer.DISMISSED}


_FIELDS: dict[Answer, tuple[str, ...]] = {
    Answer.DELIVERED: ("envelope", "received"),
    Answer.READ: ("warning", "role"),
    Answer.ACKNOWLEDGED: ("warning", "role"),
    Answer.ACTED: ("warning", "role"),
    Answer.PASSED_ON: ("warning", "role"),
    Answer.ASKED: ("warning", "role"),
    Answer.DISMISSED: ("warning", "role", "reason"),
    Answer.UNREADABLE: ("envelope", "why"),
}


class Receipt(Struct, frozen=True, kw_only=True):
    """One signed answer. `envelope` and `warning` are hex SHA-256 of what it answers; one of them is given."""

    kind: Answer
    issuer: str
    at: datetime
    envelope: str | None
    warning: str | None
    role: str | None
    reason: str | None
    text: str | None
    digest: str


def make_answer(kind: Answer, **claims: Any) -> dict[str, Any]:
    """The claims of one answer; InputError if one that the kind needs is missing."""
    missing = [name for name in _FIELDS[kind] if not claims.get(name)]
    if missing:
        raise InputError(f"answer {kind.value!r} needs {missing[0]!r}")
    return {"answer": kind.value, **claims}


def read_answer(statement: Statement) -> Receipt:
    """The answer in a verified statement; InputError if it is none."""
    claims = statement.claims
    if not isinstance(claims.get("answer"), str) or claims["answer"] not in set(Answer):
        raise InputError(f"statement holds no answer but {claims.get('answer')!r}")
    kind = Answer(claims["answer"])
    make_answer(kind, **{name: claims.get(name) for name in _FIELDS[kind]})
    if (statement.kid.split("#", maxsplit=1)[0] == statement.issuer) is not kind.by_machine:
        raise InputError(
            f"answer {kind.value!r} is signed by {statement.kid}", hint="a person's answer needs a role key"
        )

    def text(name: str) -> str | None:
        value = claims.get(name)
        if value is not None and not isinstance(value, str):
            raise InputError(f"answer's {name} is {value!r}, expected a text")
        return value

    return Receipt(
        kind=kind,
        issuer=statement.issuer,
        at=statement.at,
        envelope=text("envelope"),
        warning=text("warning"),
        role=text("role"),
        reason=text("reason"),
        text=text("text"),
        digest=statement.digest,
    )
