"""One incident against every warning issued before it: the verdict on each facet, and the counts by two measures of late."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from tocsin.compose.lifecycle import IssuedWarning
from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptClaim
from tocsin.desk.review import RULE
from tocsin.desk.review_counts import count_incident
from tocsin.desk.told import told_of
from tocsin.review.finding import FacetRow, make_facets
from tocsin.review.incident import Incident
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, find_matches

MOST_MATCHES = 50
MOST_COUNTED = 300
"""Warnings that one page judges: about half a second. More are for `tocsin review`, which counts them all."""


class IncidentsPage(Struct, frozen=True, kw_only=True):
    """Every incident, newest first, as of `at`."""

    at: datetime
    incidents: tuple[Incident, ...]


class JudgedWarning(Struct, frozen=True, kw_only=True):
    """What some were told of one warning, up to and including `until`, and the verdict on it; `facets` are the six in their order, for print."""

    warning: IssuedWarning
    told: ReviewedWarning
    until: datetime
    match: Match
    facets: tuple[FacetRow, ...]


class ShownIncident(Struct, frozen=True, kw_only=True):
    """`judged` are the `shown` warnings nearest before it, 50 at most, the nearest first, each as the public had it and then as peers had it.

    `tables` are those of a review (`count_incident`) over the `counted` nearest; `more` says that there are others, issued
    still earlier, which this page does not count.
    """

    at: datetime
    incident: Incident
    rule: MatchRule
    judged: tuple[JudgedWarning, ...]
    shown: int
    counted: int
    more: bool
    tables: tuple[Mapping[str, Any], ...]
    claims: tuple[KeptClaim, ...]
    """What others say about it, in the order in which it was recorded: never facts."""


def show_incidents(desk: Desk) -> IncidentsPage:
    """All of them: a node has few."""
    with look(desk, May.LOOK) as tx:
        found = sorted(tx.cases.incidents(), key=lambda one: one.start, reverse=True)
        return IncidentsPage(at=desk.clock.now(), incidents=tuple(found))


def show_incident(desk: Desk, incident: str) -> ShownIncident:
    """NotFoundError if there is none."""
    with look(desk, May.LOOK) as tx:
        found = tx.cases.incident(incident)
        newest = tx.cases.newest_warnings(MOST_COUNTED + 1, until=found.start)
        warnings = newest[:MOST_COUNTED]
        told = [(warning, one) for warning in warnings for one in told_of(tx, warning, found.start)]
        near = {one.id for one in warnings[:MOST_MATCHES]}
        shown = [(warning, one) for warning, one in told if warning.id in near]
        matches = find_matches(found, [one for _, one in shown], RULE, desk.outlines())
        tables = count_incident(tx, [one for _, one in told], found, RULE, desk.outlines()) if told else []
        return ShownIncident(
            at=desk.clock.now(),
            incident=found,
            rule=RULE,
            judged=tuple(
                _judged(warning, one, found, match, desk.settings.zone)
                for (warning, one), match in zip(shown, matches, strict=True)
            ),
            shown=len(near),
            counted=len(warnings),
            more=len(newest) > MOST_COUNTED,
            tables=tuple(tables),
            claims=tx.cases.claims(incident),
        )


def _judged(
    warning: IssuedWarning, told: ReviewedWarning, incident: Incident, match: Match, zone: str
) -> JudgedWarning:
    assert told.window.end is not None, "a warning of ours has an end"
    until = told.window.end - timedelta(seconds=1)
    facets = make_facets(told.threat, incident, match, until=until, zone=zone)
    return JudgedWarning(warning=warning, told=told, until=until, match=match, facets=facets)
