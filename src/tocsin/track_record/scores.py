"""The contingency table of warnings and incidents, and what is read off it. Names are those of forecast verification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, Verdict, judge


@dataclass(frozen=True, kw_only=True)
class Contingency:
    """Hits are counted twice, in incidents and in warnings: one warning may cover several incidents and the reverse.

    Source: WMO/JWGFVR forecast verification pages; two hit counts as in storm-based warning verification (REVIEW 1).
    """

    event_hits: int
    misses: int
    warning_hits: int
    false_alarms: int
    averted: int = 0
    unverifiable: int = 0

    def pod(self) -> float | None:
        """Probability of detection: share of incidents that were warned of, 0 to 1 (best); None without incidents.

        >>> Contingency(event_hits=28, misses=23, warning_hits=28, false_alarms=72).pod()
        0.5490196078431373
        """
        return _ratio(self.event_hits, self.event_hits + self.misses)

    def far(self) -> float | None:
        """False alarm ratio: share of warnings that no known incident followed, 0 (best) to 1; None without warnings."""
        return _ratio(self.false_alarms, self.warning_hits + self.false_alarms)

    def csi(self) -> float | None:
        """Critical success index, 0 to 1 (best), from POD and FAR because their denominators differ; None if undefined."""
        pod, far = self.pod(), self.far()
        if pod is None or far is None:
            return None
        if pod == 0 or far == 1:
            return 0.0
        return 1 / (1 / pod + 1 / (1 - far) - 1)


def wilson(count: int, of: int, z: float = 1.6448536269514722) -> tuple[float, float] | None:
    """Wilson score interval of a share, 90 % by default; None for none of none (REVIEW 2 b).

    >>> [round(x, 2) for x in wilson(27, 30)]
    [0.77, 0.96]
    """
    if of == 0:
        return None
    share, square = count / of, z * z
    middle = share + square / (2 * of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)


def tabulate(warnings: Sequence[ReviewedWarning], incidents: Sequence[Incident], rule: MatchRule) -> Contingency:
    """Count hits, misses and false alarms under a rule; `rule.max_late` says how late a hit may come.

    A pair is a hit when place is hit or near, target hit or unspecified, nothing is a miss, and time is hit or late by
    no more than allowed (REVIEW 2). Foiled incidents and warnings without place or time are counted apart.
    """
    real = [one for one in incidents if one.status is IncidentStatus.OCCURRED]
    sound = [one for one in warnings if one.window.end is not None and one.threat.places]
    pairs = [judge(warning, incident, rule) for warning in sound for incident in real]
    hits = [pair for pair in pairs if is_hit(pair, rule)]
    hit_incidents = {pair.incident for pair in hits}
    hit_warnings = {pair.warning for pair in hits}
    return Contingency(
        event_hits=len(hit_incidents),
        misses=len(real) - len(hit_incidents),
        warning_hits=len(hit_warnings),
        false_alarms=len(sound) - len(hit_warnings),
        averted=len(incidents) - len(real),
        unverifiable=len(warnings) - len(sound),
    )


def is_hit(match: Match, rule: MatchRule) -> bool:
    """Does this pair count in the table?"""
    late = match.delay_hours_from_window_end
    in_time = match.time is Verdict.HIT or (
        match.time is Verdict.LATE and late is not None and timedelta(hours=late) <= rule.max_late
    )
    nothing_missed = Verdict.MISS not in {match.place, match.target, match.actor, match.method, match.person}
    before = match.delay_hours_from_issue >= 0
    place, target = match.place, match.target
    fits = place in {Verdict.HIT, Verdict.NEAR} and target in {Verdict.HIT, Verdict.UNSPECIFIED}
    return before and in_time and nothing_missed and fits


def _ratio(count: int, of: int) -> float | None:
    return count / of if of else None
