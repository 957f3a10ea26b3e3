"""One incident against every warning issued before it: the verdict on each facet, and the counts by two measures of late."""

from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.compose.lifecycle import IssuedWarning
from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptClaim
from tocsin.desk.review import RULE, as_reviewed
from tocsin.desk.review_counts import LATE_ALLOWED
from tocsin.review.finding import FacetRow, make_facets
from tocsin.review.incident import Incident
from tocsin.review.matching import Match, MatchRule, find_matches
from tocsin.track_record.scores import Contingency, tabulate

MOST_MATCHES = 50
MOST_COUNTED = 2000
"""Warnings that one page judges: about half a second. More are for `tocsin review`, which counts them all."""


@dataclass(frozen=True, kw_only=True)
class IncidentsPage:
    """Every incident, newest first, as of `at`."""

    at: datetime
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, kw_only=True)
class JudgedWarning:
    """One warning and its verdict; `facets` are the six in their order, for print."""

    warning: IssuedWarning
    match: Match
    facets: tuple[FacetRow, ...]


@dataclass(frozen=True, kw_only=True)
class ShownIncident:
    """`judged` are the 50 warnings nearest before it, the nearest first; `scores` count the `counted` nearest, under each lateness.

    `more` says that there are others, issued still earlier, which this page does not count.
    """

    at: datetime
    incident: Incident
    rule: MatchRule
    judged: tuple[JudgedWarning, ...]
    counted: int
    more: bool
    scores: tuple[tuple[str, Contingency], ...]
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
        warnings = tx.cases.newest_warnings(MOST_COUNTED + 1, until=found.start)
        before = tuple(as_reviewed(one) for one in warnings[:MOST_COUNTED])
        matches = find_matches(found, before[:MOST_MATCHES], RULE, desk.outlines())
        return ShownIncident(
            at=desk.clock.now(),
            incident=found,
            rule=RULE,
            judged=tuple(
                JudgedWarning(
                    warning=warning,
                    match=match,
                    facets=make_facets(warning.threat, found, match, until=warning.expires, zone=desk.settings.zone),
                )
                for warning, match in zip(warnings, matches, strict=False)
            ),
            counted=len(before),
            more=len(warnings) > MOST_COUNTED,
            scores=tuple(
                (words, tabulate(before, (found,), replace(RULE, max_late=late)))
                for words, late in (LATE_ALLOWED if before else ())
            ),
            claims=tx.cases.claims(incident),
        )
