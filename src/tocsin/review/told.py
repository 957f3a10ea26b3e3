"""How an account tells a claim: who says it, who tells it, and what our own log has for the same thing."""

from datetime import date, datetime

from msgspec import Struct

from tocsin.core.window import Precision
from tocsin.intake.claims import Claim, StatedTime, Subject
from tocsin.review.incident import Incident


class ToldClaim(Struct, frozen=True, kw_only=True):
    """A claim and where we have it from: the report, its hex SHA-256, and the claim's number among those marked there."""

    claim: Claim
    report: str
    digest: str
    number: int

    @property
    def tellers(self) -> str:
        """The chain of hearsay in words, nearest to the speaker first."""
        return ", then by ".join(self.claim.reported_by)

    @property
    def said(self) -> str:
        """When it was said, no more exact than the text has it."""
        return write_stated(self.claim.said) if self.claim.said else "not stated"

    @property
    def to_the_minute(self) -> bool:
        """Whether the text names the time of day at which it was said."""
        return self.claim.said is not None and self.claim.said.precision is Precision.MINUTE


class Difference(Struct, frozen=True):
    """Two times for one thing, side by side: what the claim says and what our log has. Neither corrects the other."""

    subject: Subject
    theirs: str
    ours: datetime


def find_difference(claim: Claim, *, incident: Incident, issued: datetime) -> Difference | None:
    """Where a claim's time for the incident or the warning cannot be ours; None where it can, or where it gives none.

    Compared to the coarser precision of the two: a day and a minute of that day do not contradict each other.
    """
    about = claim.about
    if about is None:
        return None
    ours, precision = (
        (incident.start, incident.precision) if about.subject is Subject.INCIDENT else (issued, Precision.MINUTE)
    )
    if about.when.agrees_with(ours, precision):
        return None
    return Difference(about.subject, write_stated(about.when), ours)


def write_stated(stated: StatedTime) -> str:
    """A stated time for people, no more exact than it was stated.

    >>> write_stated(StatedTime("2024-03-22T19:58", "Europe/Moscow"))
    '22 Mar 2024, 19:58'
    >>> write_stated(StatedTime("2024-03", "Europe/Moscow"))
    'Mar 2024'
    """
    text = stated.text
    if stated.precision is Precision.YEAR:
        return text
    if stated.precision is Precision.MONTH:
        return f"{date.fromisoformat(text + '-01'):%b %Y}"
    day = write_date(date.fromisoformat(text[:10]))
    return f"{day}, {text[11:]}" if stated.precision is Precision.MINUTE else day


def write_date(day: date) -> str:
    """A day for people, such as `7 Mar 2024`."""
    return f"{day.day} {day:%b %Y}"
