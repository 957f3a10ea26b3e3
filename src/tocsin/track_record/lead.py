"""How long before an incident it was warned of: from issue, from the first hand-over, from the first acknowledgement (L59)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean, quantiles
from typing import Any

from msgspec import Struct

from tocsin.errors import InputError
from tocsin.track_record.rates import write_hours

NEEDED = timedelta(hours=2)
"""What it takes to postpone a gathering (REVIEW 2 b): a lead below it is a warning that came too late to act on."""


class Since(StrEnum):
    """What a lead time is counted from. Issue is what the issuer did; only the other two are warning somebody."""

    ISSUE = "issue"
    HAND_OVER = "first hand-over"
    ACKNOWLEDGEMENT = "first acknowledgement"


class Reached(Struct, frozen=True, kw_only=True):
    """How far one warning came: per recipient addressed, when it was handed over and acknowledged; None if never."""

    issued: datetime
    recipients: tuple[tuple[datetime | None, datetime | None], ...]

    def first(self, since: Since) -> datetime | None:
        """The earliest instant of that kind; None if there is none."""
        return min(self.all_of(since), default=None)

    def all_of(self, since: Since) -> tuple[datetime, ...]:
        """Every instant of that kind: one for the issue, one per recipient reached for the others."""
        if since is Since.ISSUE:
            return (self.issued,)
        column = 0 if since is Since.HAND_OVER else 1
        return tuple(at for one in self.recipients if (at := one[column]) is not None)


class LeadTimes(Struct, frozen=True, kw_only=True):
    """Lead times of the incidents that occurred, counted from one thing.

    `leads` has one span per incident that a warning hit and that had got so far before the onset; `without` is the number of
    the others: missed, or nobody reached in time. `recipients` is how many of how many addressed were reached before onset,
    over the pairs that hit: all there were and no sample, so without an interval; None from issue, which reaches nobody.
    """

    since: Since
    leads: tuple[timedelta, ...]
    without: int
    recipients: tuple[int, int] | None

    @property
    def quartiles(self) -> tuple[timedelta, timedelta, timedelta] | None:
        """Lower quartile, median, upper quartile of `leads` (inclusive method); None without any."""
        if not self.leads:
            return None
        seconds = [one.total_seconds() for one in self.leads]
        low, middle, high = quantiles(seconds, n=4, method="inclusive") if len(seconds) > 1 else seconds * 3
        return timedelta(seconds=low), timedelta(seconds=middle), timedelta(seconds=high)

    @property
    def mean(self) -> timedelta | None:
        """Mean over `leads` alone, as IEM Cow has it; None without any."""
        return timedelta(seconds=fmean(one.total_seconds() for one in self.leads)) if self.leads else None

    @property
    def mean_with_zeros(self) -> timedelta | None:
        """Mean over all incidents, those without a lead as zero, as the NWS publishes it; None without incidents.

        Never compared with `mean`: the same record gives two figures (REVIEW 1).
        """
        return sum(self.leads, timedelta(0)) / (len(self.leads) + self.without) if self.leads or self.without else None

    @property
    def long_enough(self) -> int:
        """Incidents with a lead above `NEEDED`; of all incidents, missed ones included."""
        return sum(one > NEEDED for one in self.leads)


def measure_leads(
    onsets: Mapping[str, datetime], hits: Sequence[tuple[str, str]], reached: Mapping[str, Reached], since: Since
) -> LeadTimes:
    """Lead times of all incidents in `onsets` (id: its start), over the (warning, incident) pairs that hit.

    Of several warnings that hit one incident the earliest counts. InputError if a pair names what is not given.
    """
    for warning, incident in hits:
        if warning not in reached or incident not in onsets:
            raise InputError(f"pair of {warning!r} and {incident!r}: one of the two is not among those given")
    leads: dict[str, timedelta] = {}
    for warning, incident in hits:
        at = reached[warning].first(since)
        if at is not None and at <= onsets[incident]:
            leads[incident] = max(leads.get(incident, timedelta(0)), onsets[incident] - at)
    return LeadTimes(
        since=since,
        leads=tuple(leads[one] for one in onsets if one in leads),
        without=len(onsets) - len(leads),
        recipients=None if since is Since.ISSUE else _recipients_before(onsets, hits, reached, since),
    )


def leads_as_json(found: LeadTimes) -> dict[str, Any]:
    """All in seconds; `recipients` as how many of how many, null from issue."""
    return {
        "since": found.since.value,
        "incidents": len(found.leads) + found.without,
        "with_lead": len(found.leads),
        "quartiles": None if found.quartiles is None else [one.total_seconds() for one in found.quartiles],
        "mean": None if found.mean is None else found.mean.total_seconds(),
        "mean_with_zeros": None if found.mean_with_zeros is None else found.mean_with_zeros.total_seconds(),
        "needed": NEEDED.total_seconds(),
        "long_enough": found.long_enough,
        "recipients_before_onset": None
        if found.recipients is None
        else {"count": found.recipients[0], "of": found.recipients[1]},
    }


def write_leads(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Lines for people from `leads_as_json`, one for each thing that is counted from."""
    for one in found:
        told = f"  lead from {one['since']}: {one['with_lead']} of {one['incidents']} incidents"
        if one["quartiles"] is not None:
            low, middle, high = (write_hours(round(seconds / 360) * 360) for seconds in one["quartiles"])
            told += f", median {middle}" + (f" (quartiles {low} to {high})" if one["with_lead"] > 1 else "")
            told += f", more than {write_hours(one['needed'])} for {one['long_enough']} of {one['incidents']}"
        recipients = one["recipients_before_onset"]
        if recipients is not None and recipients["of"]:
            told += f"; {recipients['count']} of {recipients['of']} addressed before onset"
        yield told


def _recipients_before(
    onsets: Mapping[str, datetime], hits: Sequence[tuple[str, str]], reached: Mapping[str, Reached], since: Since
) -> tuple[int, int]:
    before = sum(at <= onsets[incident] for warning, incident in hits for at in reached[warning].all_of(since))
    return before, sum(len(reached[warning].recipients) for warning, _ in hits)
