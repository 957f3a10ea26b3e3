"""Who works at this desk and what waits for them: officers, credentials, drafts, tasks."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct, field


class Role(StrEnum):
    """What somebody is here for; a person may hold several."""

    REPORTER = "reporter"
    OFFICER = "officer"
    RELEASER = "releaser"
    WAIVER_AUTHORITY = "waiver_authority"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Officer(Struct, frozen=True, kw_only=True):
    """One person of the desk. The log carries `id` alone: who that is stands here only, and can be erased.

    `password` is an argon2 hash, empty until the person has set one. Whoever comes back gets the old id again.
    """

    id: str
    name: str
    address: str
    roles: frozenset[Role]
    password: str
    since: datetime
    left: datetime | None = None


class CredentialKind(StrEnum):
    """What a secret opens."""

    FIRST = "first"
    """A link that works once: to set a password."""
    SESSION = "session"
    """A browser that signed in."""
    PROGRAM = "token"
    """A program that calls the API for one person."""


class Credential(Struct, frozen=True, kw_only=True):
    """A secret of which only the SHA-256 is kept."""

    digest: str
    officer: str
    kind: CredentialKind
    label: str
    created: datetime
    expires: datetime
    ended: datetime | None = None

    def opens(self, at: datetime) -> bool:
        """Whether it still works at that instant."""
        return self.ended is None and at < self.expires


class DraftState(StrEnum):
    """Where a draft stands; only a waiting one can be released."""

    WAITING = "waiting"
    HELD = "held"
    RELEASED = "released"


class Draft(Struct, frozen=True, kw_only=True):
    """A warning that waits for a second person. `order` is what `tocsin warning draft` read, `digest` its SHA-256.

    `asked` are the ids of those who were asked to release it when it was drafted. `confirmed` says by language who read its
    words (`by`, `at`) and which words these were (`sha256`).
    """

    id: str
    order: Mapping[str, Any]
    digest: str
    by: str
    at: datetime
    asked: tuple[str, ...]
    state: DraftState
    decided_by: str = ""
    decided: datetime | None = None
    reason: str = ""
    warning: str = ""
    confirmed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Task(Struct, frozen=True, kw_only=True):
    """Something that somebody of a role has to do: why, since when, and who did it."""

    id: str
    what: str
    subject: str
    role: Role
    opened: datetime
    done: datetime | None = None
    done_by: str = ""
