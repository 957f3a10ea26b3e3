"""Overall by the first rule that fits, the caps, the class, and delays that nobody rounds before comparing."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import NOT_STATED, Precision, Window
from tocsin.review.facets import Verdict
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import EvidenceStatus, Match, MatchRule, ReviewedWarning, WarningType, find_matches, judge

RULE = MatchRule()
ISSUED = datetime(2024, 3, 7, 15, tzinfo=UTC)
WINDOW = Window(start=ISSUED, end=ISSUED + timedelta(hours=48))
MOSCOW = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.756, 37.617))
RUSSIA = Place(name="Russia", country="RU", level=Level.COUNTRY)
FAR = Place(name="Vladivostok", country="RU", level=Level.CITY, point=Point(43.1, 131.9))
EVERYWHERE = Place(name="the world", country="XX", level=Level.COUNTRY)
HALL = Place(name="a concert hall", country="RU", level=Level.VENUE, point=Point(55.76, 37.62))
THREAT = Threat(places=(MOSCOW,), targets=("public_gathering",), actors=("isis",), methods=("shooting",))
WARNING = ReviewedWarning(id="w1", threat=THREAT, issued=ISSUED, window=WINDOW)
INCIDENT = Incident(
    id="e1",
    status=IncidentStatus.OCCURRED,
    start=ISSUED + timedelta(hours=10),
    zone="Europe/Moscow",
    precision=Precision.MINUTE,
    place=HALL,
    targets=("concert",),
    actors=("isis-k",),
    methods=("shooting",),
)


def match(*, threat: Threat = THREAT, incident: Incident = INCIDENT, warning: ReviewedWarning = WARNING) -> Match:
    return judge(replace(warning, threat=threat), incident, RULE)


def at(hours: float) -> Incident:
    return replace(INCIDENT, start=ISSUED + timedelta(hours=hours))


OVERALL: dict[str, tuple[Threat, Incident, Verdict]] = {
    "3: foiled": (THREAT, replace(INCIDENT, status=IncidentStatus.FOILED), Verdict.AVERTED),
    "3: aborted, and all else wrong": (Threat(), replace(INCIDENT, status=IncidentStatus.ABORTED), Verdict.AVERTED),
    "4: early": (THREAT, at(-1), Verdict.MISSED_EVENT),
    "4: more than thirty days late": (THREAT, at(48 + 721), Verdict.MISSED_EVENT),
    "5: all of it": (THREAT, INCIDENT, Verdict.HIT),
    "5: who and how not said": (replace(THREAT, actors=(), methods=()), INCIDENT, Verdict.HIT),
    "5: whom not said": (replace(THREAT, targets=()), INCIDENT, Verdict.HIT),
    "5: but the method was wrong": (replace(THREAT, methods=("bombing",)), INCIDENT, Verdict.PARTIAL),
    "6: elsewhere, the right target": (replace(THREAT, places=(FAR,)), INCIDENT, Verdict.PARTIAL),
    "6: elsewhere, the target not said": (replace(THREAT, places=(FAR,), targets=()), INCIDENT, Verdict.MISSED_EVENT),
    "7: the wrong target, the right actor in time": (replace(THREAT, targets=("worship",)), INCIDENT, Verdict.PARTIAL),
    "7: the wrong target, and late": (replace(THREAT, targets=("worship",)), at(60), Verdict.MISSED_EVENT),
    "7: the wrong target, nobody named": (replace(THREAT, targets=("worship",), actors=()), INCIDENT, Verdict.MISSED_EVENT),
    "8: neither where nor whom, but who": (replace(THREAT, places=(), targets=(), actors=("isis-k",)), INCIDENT, Verdict.PARTIAL),
    "8: neither where nor whom": (replace(THREAT, places=(), targets=(), actors=()), INCIDENT, Verdict.MISSED_EVENT),
    "9: late": (THREAT, at(60), Verdict.PARTIAL),
}  # fmt: skip


@pytest.mark.parametrize(("threat", "incident", "expected"), list(OVERALL.values()), ids=list(OVERALL))
def test_overall_is_the_first_rule_that_fits(threat: Threat, incident: Incident, expected: Verdict) -> None:
    assert match(threat=threat, incident=incident).overall is expected


def test_a_country_and_nothing_else_foresaw_nothing() -> None:
    vague = replace(WARNING, window=NOT_STATED)
    assert match(threat=Threat(places=(RUSSIA,)), warning=vague).overall is Verdict.MISSED_EVENT
    assert match(threat=Threat(places=(MOSCOW,)), warning=vague).overall is Verdict.PARTIAL


@pytest.mark.parametrize("kind", [one for one in WarningType if one is not WarningType.THREAT_WARNING])
def test_only_a_threat_warning_is_ever_a_full_hit(kind: WarningType) -> None:
    assert match(warning=replace(WARNING, type=kind)).overall is Verdict.PARTIAL


def test_a_claim_that_is_denied_is_never_a_full_hit() -> None:
    assert match(warning=replace(WARNING, evidence=EvidenceStatus.CLAIM_DENIED)).overall is Verdict.PARTIAL


def test_naming_the_whole_world_is_never_a_full_hit() -> None:
    found = match(threat=replace(THREAT, places=(MOSCOW, EVERYWHERE)))
    assert (found.place, found.overall) == (Verdict.HIT, Verdict.PARTIAL)


def test_a_cap_never_lifts_a_verdict() -> None:
    denied = replace(WARNING, evidence=EvidenceStatus.CLAIM_DENIED)
    assert match(warning=denied, incident=at(-1)).overall is Verdict.MISSED_EVENT


CLASSES: dict[str, tuple[Threat, Window, Incident, str | None]] = {
    "before the issue, though foiled": (THREAT, WINDOW, replace(at(-1), status=IncidentStatus.FOILED), "after_the_fact"),
    "foiled": (THREAT, NOT_STATED, replace(INCIDENT, status=IncidentStatus.FOILED), "forestalled"),
    "no time said": (THREAT, NOT_STATED, INCIDENT, "unverifiable"),
    "no place said": (replace(THREAT, places=()), WINDOW, INCIDENT, "unverifiable"),
    "place and time right, method wrong": (replace(THREAT, methods=("bombing",)), WINDOW, INCIDENT, "coincident"),
    "place wrong, method wrong": (replace(THREAT, places=(FAR,), methods=("bombing",)), WINDOW, INCIDENT, None),
    "place wrong, the rest right": (replace(THREAT, places=(FAR,)), WINDOW, INCIDENT, None),
    "place wrong, late": (replace(THREAT, places=(FAR,)), WINDOW, at(60), None),
    "place wrong, foiled": (replace(THREAT, places=(FAR,)), WINDOW, replace(INCIDENT, status=IncidentStatus.FOILED), "forestalled"),
    "all right": (THREAT, WINDOW, INCIDENT, "in_window"),
    "late": (THREAT, WINDOW, at(60), "lapsed"),
    "later than any watch": (THREAT, WINDOW, at(48 + 721), None),
    "early": (THREAT, replace(WINDOW, start=ISSUED + timedelta(hours=20)), INCIDENT, None),
}  # fmt: skip


@pytest.mark.parametrize(("threat", "window", "incident", "expected"), list(CLASSES.values()), ids=list(CLASSES))
def test_class_is_the_first_that_fits(threat: Threat, window: Window, incident: Incident, expected: str | None) -> None:
    assert match(threat=threat, incident=incident, warning=replace(WARNING, window=window)).class_ == expected


def test_delays_are_kept_to_the_second_and_rounded_for_print_alone() -> None:
    found = match(incident=replace(INCIDENT, start=ISSUED + timedelta(hours=48, minutes=2)))
    assert found.since_window_end == timedelta(minutes=2)
    assert (found.delay_hours_from_issue, found.delay_hours_from_window_end) == (48.0, 0.0)
    assert found.time is Verdict.LATE


def test_without_an_end_no_delay_from_it_is_made_up() -> None:
    found = match(warning=replace(WARNING, window=NOT_STATED))
    assert (found.since_window_end, found.delay_hours_from_window_end) == (None, None)


def test_every_warning_is_judged_and_their_order_kept() -> None:
    warnings = [replace(WARNING, id=name) for name in ("w3", "w1", "w2")]
    assert [one.warning for one in find_matches(INCIDENT, warnings, RULE)] == ["w3", "w1", "w2"]
    assert find_matches(INCIDENT, [], RULE) == ()
