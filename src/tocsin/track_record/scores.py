"""The contingency table of warnings and incidents, and what is read off it. Names are those of forecast verification."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tocsin.errors import InputError
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import Match, MatchRule, ReviewedWarning, judge
from tocsin.review.outlines import NO_OUTLINES, Outlines


class Contingency(Struct, frozen=True, kw_only=True):
    """Hits are counted twice, in incidents and in warnings: one warning may cover several incidents and the reverse.

    Incidents are `event_hits` or `misses`; those that a warning named and that were `foiled` stand in no rate, and
    `perhaps_meant` are those misses that a warning without end or place may have meant. Warnings are `warning_hits` or `false_alarms`, or stand apart, in no rate:
    `averted` (what they named was foiled), `after_the_fact` (issued when it had happened), `unverifiable` (no end or no
    place). `partial` are those false alarms that something known came near to: of some pair the verdict is partial. Source: WMO/JWGFVR forecast verification pages; two hit counts as in storm-based warning verification (REVIEW 1).
    """

    event_hits: int
    misses: int
    warning_hits: int
    false_alarms: int
    averted: int = 0
    unverifiable: int = 0
    after_the_fact: int = 0
    foiled: int = 0
    perhaps_meant: int = 0
    partial: int = 0

    def __add__(self, other: "Contingency") -> "Contingency":
        """The counts of both: of two days, of two issuers."""
        return Contingency(**{name: getattr(self, name) + getattr(other, name) for name in COUNTS})

    def __post_init__(self) -> None:
        for name in COUNTS:
            if getattr(self, name) < 0:
                raise InputError(f"{name} is {getattr(self, name)}, expected none or more")
        if self.perhaps_meant > self.misses:
            raise InputError(f"perhaps_meant is {self.perhaps_meant}, expected at most the {self.misses} misses")
        if self.partial > self.false_alarms:
            raise InputError(f"partial is {self.partial}, expected at most the {self.false_alarms} false alarms")

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

    def pod_bounds(self) -> tuple[float, float] | None:
        """POD without any credit, and with all that can be thought of; None if nothing happened or was foiled (REVIEW 2 b).

        Low: what was foiled after a warning had not been warned of. High: it had, and so had each miss that a warning without
        end or place may have meant. A warning that was heeded leaves no incident behind to be counted.

        >>> Contingency(event_hits=1, misses=1, warning_hits=1, false_alarms=0, foiled=2).pod_bounds()
        (0.25, 0.75)
        """
        of = self.event_hits + self.misses + self.foiled
        return (self.event_hits / of, (of - self.misses + self.perhaps_meant) / of) if of else None

    def far_bounds(self) -> tuple[float, float] | None:
        """FAR if every warning in no rate had come true, and if none had; None without warnings (REVIEW 2 b).

        In no rate are those averted, unverifiable and after the fact: who says that a raid averted the attack cannot be
        refuted by the attack, so the ratio is told with the credit and without it.

        >>> Contingency(event_hits=1, misses=0, warning_hits=1, false_alarms=1, averted=2).far_bounds()
        (0.25, 0.75)
        """
        apart = self.averted + self.unverifiable + self.after_the_fact
        told = self.warning_hits + self.false_alarms + apart
        return (self.false_alarms / told, (self.false_alarms + apart) / told) if told else None


COUNTS = Contingency.__struct_fields__
NONE = Contingency(event_hits=0, misses=0, warning_hits=0, false_alarms=0)


class Outcome(StrEnum):
    """What became of one warning, the first that fits in this order. A false alarm of which some pair is `partial` is one still."""

    HIT = "hit"
    AVERTED = "averted"
    AFTER_THE_FACT = "after_the_fact"
    UNVERIFIABLE = "unverifiable"
    PARTIAL = "partial"
    FALSE_ALARM = "false_alarm"


class Fate(StrEnum):
    """What became of one incident: `foiled` after a warning had named it; a miss that a warning without end or place may have
    meant is `perhaps_meant`.
    """

    WARNED = "warned"
    FOILED = "foiled"
    PERHAPS_MEANT = "perhaps_meant"
    MISSED = "missed"


class Settled(Struct, frozen=True, kw_only=True):
    """What became of each warning and each incident, by id, under `rule`. What was foiled and nobody warned of is not there.

    `hits` are the (warning, incident) pairs that make the hits: many to many, none left out.
    """

    rule: MatchRule
    warnings: Mapping[str, Outcome]
    incidents: Mapping[str, Fate]
    hits: tuple[tuple[str, str], ...]

    def count(self) -> Contingency:
        """The whole table."""
        return sum(self.count_by({}, {}).values(), NONE)

    def count_by(self, warned: Mapping[str, str], happened: Mapping[str, str]) -> Mapping[str, Contingency]:
        """A table per block, in the order of their names; the two name the block of a warning and of an incident by id.

        An incident counts in its own block and a warning in its own, so a pair over midnight counts in two. Whatever has no
        block lies in the block without a name.
        """
        tables: defaultdict[str, Contingency] = defaultdict(lambda: NONE)
        for warning, outcome in self.warnings.items():
            tables[warned.get(warning, "")] += _OF_WARNING[outcome]
        for incident, fate in self.incidents.items():
            tables[happened.get(incident, "")] += _OF_INCIDENT[fate]
        return dict(sorted(tables.items()))


def settle(
    warnings: Sequence[ReviewedWarning],
    incidents: Sequence[Incident],
    rule: MatchRule,
    outlines: Outlines = NO_OUTLINES,
) -> Settled:
    """Say of each warning and each incident what became of it under a rule; `rule.max_late` says how late a hit may come.

    A warning without an end or a place is never a hit: what it named was foiled, or had happened, or it is unverifiable. An
    incident that was foiled is neither hit nor miss. InputError if an id stands twice: a chain of updates is one warning, and
    is given once. Source: REVIEW 2.
    """
    _check_once("warning", warnings)
    _check_once("incident", incidents)
    pairs = [_Pair(one, incident, judge(one, incident, rule, outlines)) for one in warnings for incident in incidents]
    fits = [one for one in pairs if one.fits(rule)]
    hits = tuple((one.warning.id, one.incident.id) for one in fits if one.is_hit)
    became = {one.id: Outcome.FALSE_ALARM if _can_fail(one) else Outcome.UNVERIFIABLE for one in warnings}
    # The later of two entries stands: the strongest outcome is told last.
    became |= {one.warning.id: Outcome.PARTIAL for one in pairs if one.is_partial}
    became |= {one.warning.id: Outcome.AFTER_THE_FACT for one in fits if one.too_late}
    became |= {one.warning.id: Outcome.AVERTED for one in fits if one.is_averted}
    became |= {warning: Outcome.HIT for warning, _ in hits}
    warned = {one.incident.id for one in fits if one.is_hit or one.is_averted}
    perhaps = {
        one.incident.id for one in pairs if became[one.warning.id] is Outcome.UNVERIFIABLE and one.may_mean(rule)
    }
    fates = {one.id: _fate(one, warned, perhaps) for one in incidents}
    return Settled(
        rule=rule,
        warnings=became,
        incidents={incident: fate for incident, fate in fates.items() if fate is not None},
        hits=hits,
    )


def fits_rule(match: Match, rule: MatchRule) -> bool:
    """Does this pair fit, whoever came first? Place hit or near, target hit or unspecified, nothing a miss, in time.

    In time is: inside the window, or after its end by no more than `rule.max_late`, to the second.
    """
    return (
        _is_in_time(match, rule)
        and Verdict.MISS not in _said(match)
        and match.place in _THERE
        and match.target in {Verdict.HIT, Verdict.UNSPECIFIED}
    )


_THERE = frozenset({Verdict.HIT, Verdict.NEAR})


class _Pair(Struct, frozen=True):
    warning: ReviewedWarning
    incident: Incident
    match: Match

    def fits(self, rule: MatchRule) -> bool:
        """As `fits_rule`; of a warning without end or place, what it did say has to be so, and a place or a target of it."""
        if _can_fail(self.warning):
            return fits_rule(self.match, rule)
        start = self.warning.window.start
        in_time = self.warning.window.end is None and (start is None or start <= self.incident.start)
        return (
            (in_time or _is_in_time(self.match, rule))
            and Verdict.MISS not in _said(self.match)
            and self.match.target in {Verdict.HIT, Verdict.UNSPECIFIED}
            and (self.match.place in _THERE or self.match.target is Verdict.HIT)
        )

    @property
    def too_late(self) -> bool:
        return self.match.class_ == "after_the_fact"

    @property
    def is_hit(self) -> bool:
        return _can_fail(self.warning) and _is_real(self.incident) and not self.too_late

    @property
    def is_averted(self) -> bool:
        return not _is_real(self.incident) and not self.too_late

    @property
    def is_partial(self) -> bool:
        told = _can_fail(self.warning) and not self.too_late
        return told and _is_real(self.incident) and self.match.overall is Verdict.PARTIAL

    def may_mean(self, rule: MatchRule) -> bool:
        """Came before, and contradicts the incident in nothing that it says."""
        late = self.match.since_window_end
        over = late is not None and late > rule.max_late
        early = self.match.time is Verdict.EARLY or self.match.since_issue < timedelta(0)
        return not over and not early and Verdict.MISS not in _said(self.match)


def _can_fail(warning: ReviewedWarning) -> bool:
    return warning.window.end is not None and bool(warning.threat.places)


def _is_in_time(match: Match, rule: MatchRule) -> bool:
    late = match.since_window_end
    return match.time is Verdict.HIT or (late is not None and timedelta(0) < late <= rule.max_late)


def _said(match: Match) -> set[Verdict]:
    return {match.place, match.target, match.actor, match.method, match.person}


def _fate(incident: Incident, warned: Collection[str], perhaps: Collection[str]) -> Fate | None:
    if not _is_real(incident):
        return Fate.FOILED if incident.id in warned else None
    if incident.id in warned:
        return Fate.WARNED
    return Fate.PERHAPS_MEANT if incident.id in perhaps else Fate.MISSED


_OF_INCIDENT = {
    Fate.WARNED: replace(NONE, event_hits=1),
    Fate.FOILED: replace(NONE, foiled=1),
    Fate.PERHAPS_MEANT: replace(NONE, misses=1, perhaps_meant=1),
    Fate.MISSED: replace(NONE, misses=1),
}
_OF_WARNING = {
    Outcome.HIT: replace(NONE, warning_hits=1),
    Outcome.AVERTED: replace(NONE, averted=1),
    Outcome.AFTER_THE_FACT: replace(NONE, after_the_fact=1),
    Outcome.UNVERIFIABLE: replace(NONE, unverifiable=1),
    Outcome.PARTIAL: replace(NONE, false_alarms=1, partial=1),
    Outcome.FALSE_ALARM: replace(NONE, false_alarms=1),
}


def _check_once(kind: str, found: Sequence[ReviewedWarning] | Sequence[Incident]) -> None:
    for one, times in Counter(each.id for each in found).items():
        if times > 1:
            raise InputError(f"{kind} {one!r} stands {times} times, expected once")


def _is_real(incident: Incident) -> bool:
    return incident.status is IncidentStatus.OCCURRED


def _ratio(count: int, of: int) -> float | None:
    return count / of if of else None
