"""The life of an issued warning: live, on watch when its window ends, closed; never back from closed."""

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tocsin.compose.versions import Version
from tocsin.core.threat import Threat
from tocsin.core.window import write_instant
from tocsin.errors import InputError, StateError


class Status(StrEnum):
    """Where a warning stands (EXCHANGE 2.2)."""

    LIVE = "live"
    ON_WATCH = "on_watch"
    CLOSED = "closed"


class ClosedBy(StrEnum):
    """What ended it."""

    CANCELLED = "cancelled"
    EASED = "eased"
    WATCH_ENDED = "watch_ended"


class IssuedWarning(Struct, frozen=True, kw_only=True):
    """A determination, its versions, and its life. The instant of `expires` is still live, that of `watch_until` on watch."""

    id: str
    determination: str
    headline: str
    threat: Threat
    issued: datetime
    expires: datetime
    watch_until: datetime
    versions: tuple[Version, ...]
    status: Status
    closed_by: ClosedBy | None
    number: int

    def __post_init__(self) -> None:
        if not self.issued < self.expires <= self.watch_until:
            raise InputError(f"warning {self.id} is not issued before it expires, and watched until after that")
        if (self.status is Status.CLOSED) is not (self.closed_by is not None):
            raise InputError(f"warning {self.id} is {self.status.value}, closed by {self.closed_by}: these do not fit")


def status_at(warning: IssuedWarning, at: datetime) -> Status:
    """Live up to and including `expires`, then on watch up to and including `watch_until`; a closed one stays closed."""
    if warning.status is Status.CLOSED:
        return Status.CLOSED
    if at <= warning.expires:
        return warning.status  # on watch stays on watch, even if a clock goes back
    return Status.ON_WATCH if at <= warning.watch_until else Status.CLOSED


def pass_time(warning: IssuedWarning, at: datetime) -> IssuedWarning:
    """The warning as it stands at that instant."""
    status = status_at(warning, at)
    if status is warning.status:
        return warning
    closed_by = ClosedBy.WATCH_ENDED if status is Status.CLOSED else None
    return replace(warning, status=status, closed_by=closed_by)


def renew(warning: IssuedWarning, expires: datetime, watch_for: timedelta, at: datetime) -> IssuedWarning:
    """Its next version: live until `expires`, then watched for so long. Takes one that is live or on watch.

    StateError if it is closed: what was ended is not brought back, it is warned of anew.
    """
    now = pass_time(warning, at)
    if now.status is Status.CLOSED:
        raise _closed(now)
    return replace(now, expires=expires, watch_until=expires + watch_for, status=Status.LIVE, number=warning.number + 1)


def close(warning: IssuedWarning, by: ClosedBy, at: datetime) -> IssuedWarning:
    """End it by an act: cancelled (it was wrong) or eased (it is over). StateError if it is closed already."""
    now = pass_time(warning, at)
    if now.status is Status.CLOSED:
        raise _closed(now)
    return replace(now, status=Status.CLOSED, closed_by=by)


def _closed(warning: IssuedWarning) -> StateError:
    assert warning.closed_by is not None
    return StateError(
        f"warning {warning.id} is closed already ({warning.closed_by.value}), expected one that is live or on watch",
        hint=f"its watch ended {write_instant(warning.watch_until)}"
        if warning.closed_by is ClosedBy.WATCH_ENDED
        else None,
    )
