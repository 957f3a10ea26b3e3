"""Alert, Info, Area as CAP 1.2 names them; keeps the bytes it was read from.

What the standard says of one message and its schema cannot (CAP-3, 14, 18, 19, 28) holds for every Alert there is.
"""

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from tocsin.core.area import Area
from tocsin.errors import InputError


class Status(StrEnum):
    """How a message is to be handled. Anything but Actual is never acted on."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class MsgType(StrEnum):
    """What the message is."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class Scope(StrEnum):
    """For whom it is."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Category(StrEnum):
    """Kind of subject."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class ResponseType(StrEnum):
    """What is recommended."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class Urgency(StrEnum):
    """How soon to act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(StrEnum):
    """How bad it would be."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is: Likely above about 50 %, Possible up to it."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class NamedValue(Struct, frozen=True):
    """A parameter or event code: a name in somebody's scheme, and its value."""

    name: str
    value: str


class Reference(Struct, frozen=True):
    """The triple that identifies a message (CAP 1.2 section 3.2.1, references)."""

    sender: str
    identifier: str
    sent: datetime

    def __post_init__(self) -> None:
        _check_name("sender", self.sender)
        _check_name("identifier", self.identifier)


class AlertArea(Struct, frozen=True):
    """A CAP area: the shapes, and heights in feet above mean sea level."""

    area: Area
    altitude: float | None = None
    ceiling: float | None = None


class Resource(Struct, frozen=True, kw_only=True):
    """Something that goes with an info block; never fetched by us."""

    description: str
    mime_type: str
    size: int | None = None
    uri: str | None = None
    deref_uri: str | None = None
    digest: str | None = None


class Info(Struct, frozen=True, kw_only=True):
    """One info block: one language, one set of facts. Times are aware and keep the offset they were written with."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = "en-US"
    response_types: tuple[ResponseType, ...] = ()
    audience: str | None = None
    event_codes: tuple[NamedValue, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[NamedValue, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[AlertArea, ...] = ()


class Alert(Struct, frozen=True, kw_only=True):
    """One CAP message. `raw` is what it was read from, None for one that was made here."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    restriction: str | None = None
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
    raw: bytes | None = None

    def __eq__(self, other: object) -> bool:
        """The same message, whichever bytes it came in."""
        return isinstance(other, Alert) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told())

    def _told(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__ if name != "raw")

    def __post_init__(self) -> None:
        _check_name("sender", self.sender)
        _check_name("identifier", self.identifier)
        if self.scope is Scope.PRIVATE and not self.addresses:
            raise InputError("scope Private without addresses (CAP-18)", hint="say for whom it is")
        if (self.scope is Scope.RESTRICTED) is not (self.restriction is not None):
            raise InputError(f"scope {self.scope} and restriction do not go together (CAP-19)")
        for one in self.references:
            if one == Reference(self.sender, self.identifier, self.sent) or one.sent > self.sent:
                raise InputError(f"reference {one.identifier!r} is to itself or to a later message (CAP-14)")
        for info in self.infos:
            self._check_times(info)

    def _check_times(self, info: Info) -> None:
        """CAP-28: what expires does so after it was sent and took effect; what is expected begins before that."""
        if info.expires is None:
            return
        for name, earlier in (("sent", self.sent), ("effective", info.effective), ("onset", info.onset)):
            if earlier is not None and info.expires <= earlier:
                raise InputError(
                    f"expires {info.expires.isoformat()} is not after {name} {earlier.isoformat()} (CAP-28)"
                )


def _check_name(field_name: str, text: str) -> None:
    """CAP-3: what stands in references must not hold what divides them."""
    if not text or re.search(r"[\s,<&]", text):
        raise InputError(f"{field_name} {text[:60]!r} is empty or holds a space, comma, '<' or '&' (CAP-3)")
