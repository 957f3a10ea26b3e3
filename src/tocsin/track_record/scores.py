"""The contingency table of warnings and incidents, and what is read off it. Names are those of forecast verification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from tocsin.errors import InputError
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, judge


@dataclass(frozen=True, kw_only=True)
class Contingency:
    """Hits are counted twice, in incidents and in warnings: one warning may cover several incidents and the reverse.

    Incidents are `event_hits` or `misses`. Warnings are `warning_hits` or `false_alarms`, or stand apart, in no rate:
    `averted` (what they named was foiled), `after_the_fact` (issued when it had happened), `unverifiable` (no end or no
    place). Source: WMO/JWGFVR forecast verification pages; two hit counts as in storm-based warning verification (REVIEW 1).
    """

    event_hits: int
    misses: int
    warning_hits: int
    false_alarms: int
    averted: int = 0
    unverifiable: int = 0
    after_the_fact: int = 0

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
    if not 0 <= count <= of:
        raise InputError(f"share is {count} of {of}, expected a count between none and all")
    if of == 0:
        return None
    share, square = count / of, z * z
    middle = share + square / (2 * of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    # The bounds of none and of all are exactly 0 and 1; rounding may step past them.
    return max(0.0, (middle - half) / (1 + square / of)), min(1.0, (middle + half) / (1 + square / of))


def tabulate(warnings: Sequence[ReviewedWarning], incidents: Sequence[Incident], rule: MatchRule) -> Contingency:
    """Count hits, misses and false alarms under a rule; `rule.max_late` says how late a hit may come.

    Each warning is counted once, as the first that fits of: hit, averted, after_the_fact, unverifiable, false alarm.
    An incident that was foiled is neither hit nor miss. Source: REVIEW 2.
    """
    sound = [one for one in warnings if one.window.end is not None and one.threat.places]
    fits = [
        (warning.id, incident, match.class_ == "after_the_fact")
        for warning in sound
        for incident in incidents
        if fits_rule(match := judge(warning, incident, rule), rule)
    ]
    hits = [(warning, one.id) for warning, one, too_late in fits if _is_real(one) and not too_late]
    hit = {warning for warning, _ in hits}
    averted = {warning for warning, one, too_late in fits if not _is_real(one) and not too_late} - hit
    after = {warning for warning, _, too_late in fits if too_late} - hit - averted
    detected = len({incident for _, incident in hits})
    return Contingency(
        event_hits=detected,
        misses=sum(_is_real(one) for one in incidents) - detected,
        warning_hits=len(hit),
        false_alarms=len(sound) - len(hit) - len(averted) - len(after),
        averted=len(averted),
        unverifiable=len(warnings) - len(sound),
        after_the_fact=len(after),
    )


def fits_rule(match: Match, rule: MatchRule) -> bool:
    """Does this pair fit, whoever came first? Place hit or near, target hit or unspecified, nothing a miss, in time.

    In time is: inside the window, or after its end by no more than `rule.max_late`, to the second.
    """
    late = match.since_window_end
    in_time = match.time is Verdict.HIT or (late is not None and timedelta(0) < late <= rule.max_late)
    said = {match.place, match.target, match.actor, match.method, match.person}
    return (
        in_time
        and Verdict.MISS not in said
        and match.place in {Verdict.HIT, Verdict.NEAR}
        and match.target in {Verdict.HIT, Verdict.UNSPECIFIED}
    )


def _is_real(incident: Incident) -> bool:
    return incident.status is IncidentStatus.OCCURRED


def _ratio(count: int, of: int) -> float | None:
    return count / of if of else None
