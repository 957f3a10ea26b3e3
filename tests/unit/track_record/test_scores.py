"""The table and what is read off it, held to published examples and to laws that no count may break."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import NOT_STATED, Precision, Window
from tocsin.errors import InputError
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import MatchRule, ReviewedWarning
from tocsin.track_record.intervals import wilson
from tocsin.track_record.scores import NONE, Contingency, Fate, Outcome, settle

STRICT = MatchRule()
GRACE = MatchRule(max_late=timedelta(days=30))
T0 = datetime(2024, 3, 7, 15, tzinfo=UTC)
CITY = Place(name="a city", country="RU", level=Level.CITY, point=Point(55.756, 37.617))
HALL = Place(name="a hall", country="RU", level=Level.VENUE, point=Point(55.826, 37.39))
FAR = Place(name="far away", country="RU", level=Level.CITY, point=Point(43.1, 131.9))
THREAT = Threat(places=(CITY,), targets=("public_gathering",))


def warning(name: str = "w", *, issued: datetime = T0, hours: float = 48, threat: Threat = THREAT) -> ReviewedWarning:
    window = Window(start=issued, end=issued + timedelta(hours=hours))
    return ReviewedWarning(id=name, threat=threat, issued=issued, window=window)


def incident(
    hours: float, name: str = "e", *, status: IncidentStatus = IncidentStatus.OCCURRED, place: Place = HALL
) -> Incident:
    return Incident(
        id=name,
        status=status,
        start=T0 + timedelta(hours=hours),
        zone="Europe/Moscow",
        precision=Precision.MINUTE,
        place=place,
        targets=("concert",),
        actors=(),
        methods=(),
    )


def tabulate(warnings: Sequence[ReviewedWarning], incidents: Sequence[Incident], rule: MatchRule) -> Contingency:
    return settle(warnings, incidents, rule).count()


def test_finley_1884() -> None:
    """Finley's tornado forecasts, the oldest table of the field: 28 hits, 72 false alarms, 23 misses of 2,803.

    The shares are those that Gilbert and Doolittle worked out of it (Murphy, "The Finley Affair", 1996).
    """
    finley = Contingency(event_hits=28, misses=23, warning_hits=28, false_alarms=72)
    assert finley.pod() == pytest.approx(28 / 51)
    assert finley.far() == pytest.approx(0.72)
    assert finley.csi() == pytest.approx(28 / (28 + 72 + 23))


def test_the_same_facts_are_two_records_under_two_rules() -> None:
    warnings, incidents = [warning()], [incident(48 + 314)]
    strict, grace = tabulate(warnings, incidents, STRICT), tabulate(warnings, incidents, GRACE)
    assert strict == Contingency(event_hits=0, misses=1, warning_hits=0, false_alarms=1, partial=1)
    assert grace == Contingency(event_hits=1, misses=0, warning_hits=1, false_alarms=0)


def test_two_minutes_late_is_late() -> None:
    table = tabulate([warning()], [incident(48 + 2 / 60)], STRICT)
    assert (table.event_hits, table.false_alarms) == (0, 1)


@pytest.mark.parametrize(("late", "hits"), [(30 * 24, 1), (30 * 24 + 0.001, 0)])
def test_the_grace_ends_to_the_second(late: float, hits: int) -> None:
    assert tabulate([warning()], [incident(48 + late)], GRACE).event_hits == hits


def test_a_grace_longer_than_the_verdict_late_still_counts() -> None:
    year = MatchRule(max_late=timedelta(days=365))
    assert tabulate([warning()], [incident(48 + 24 * 100)], year).event_hits == 1


def test_no_grace_lets_a_warning_hit_what_came_before_its_window() -> None:
    early = replace(warning(), window=Window(start=T0 + timedelta(hours=10), end=T0 + timedelta(hours=20)))
    assert tabulate([early], [incident(5)], GRACE).event_hits == 0


def test_nobody_gets_a_hit_for_what_had_happened_already() -> None:
    told_after = replace(
        warning(issued=T0 + timedelta(minutes=1)), window=Window(start=T0 - timedelta(1), end=T0 + timedelta(1))
    )
    table = tabulate([told_after], [incident(0)], GRACE)
    assert table == Contingency(event_hits=0, misses=1, warning_hits=0, false_alarms=0, after_the_fact=1)


def test_what_was_foiled_is_neither_hit_nor_miss_nor_false_alarm() -> None:
    table = tabulate([warning()], [incident(10, status=IncidentStatus.FOILED)], STRICT)
    assert table == Contingency(event_hits=0, misses=0, warning_hits=0, false_alarms=0, averted=1, foiled=1)
    assert (table.pod(), table.far(), table.csi()) == (None, None, None)


def test_a_foiled_plot_elsewhere_excuses_no_false_alarm() -> None:
    table = tabulate([warning()], [incident(10, status=IncidentStatus.FOILED, place=FAR)], STRICT)
    assert (table.averted, table.false_alarms, table.foiled) == (0, 1, 0)


VAGUE = {"no end": replace(warning(), window=NOT_STATED), "no place": warning(threat=replace(THREAT, places=()))}


@pytest.mark.parametrize("vague", list(VAGUE.values()), ids=list(VAGUE))
def test_a_warning_that_could_not_fail_is_in_no_rate(vague: ReviewedWarning) -> None:
    table = tabulate([vague], [incident(10)], GRACE)
    assert table == Contingency(event_hits=0, misses=1, warning_hits=0, false_alarms=0, unverifiable=1, perhaps_meant=1)
    assert (table.pod(), table.pod_bounds()) == (0.0, (0.0, 1.0))


@pytest.mark.parametrize("vague", list(VAGUE.values()), ids=list(VAGUE))
def test_what_a_vague_warning_named_can_be_foiled_all_the_same(vague: ReviewedWarning) -> None:
    table = tabulate([vague], [incident(10, status=IncidentStatus.FOILED)], STRICT)
    assert (table.averted, table.unverifiable, table.foiled) == (1, 0, 1)
    assert (table.event_hits, table.warning_hits) == (0, 0)


@pytest.mark.parametrize("place", [CITY, None], ids=["a place", "no place"])
def test_a_vague_warning_of_what_had_happened_is_after_the_fact(place: Place | None) -> None:
    told = replace(VAGUE["no end"], threat=replace(THREAT, places=(place,) if place else ()))
    table = tabulate([told], [incident(-1)], GRACE)
    assert (table.after_the_fact, table.unverifiable, table.event_hits, table.misses) == (1, 0, 0, 1)


NOT_NAMED = {
    "another place": replace(VAGUE["no end"], threat=replace(THREAT, places=(FAR,))),
    "another target": replace(VAGUE["no place"], threat=Threat(targets=("railway",))),
    "another actor": replace(VAGUE["no end"], threat=replace(THREAT, actors=("isis",))),
    "no place and no target": replace(VAGUE["no end"], threat=Threat(methods=("bombing",))),
    "a window that begins later": replace(VAGUE["no end"], window=Window(start=T0 + timedelta(hours=11), end=None)),
    "a window that is over": replace(VAGUE["no place"], window=Window(start=T0, end=T0 + timedelta(hours=9))),
}


@pytest.mark.parametrize("status", [IncidentStatus.FOILED, IncidentStatus.ABORTED])
@pytest.mark.parametrize("vague", list(NOT_NAMED.values()), ids=list(NOT_NAMED))
def test_a_vague_warning_averted_nothing_that_it_did_not_name(vague: ReviewedWarning, status: IncidentStatus) -> None:
    plot = replace(incident(10, status=status), actors=("separatists",), methods=("bombing",))
    table = tabulate([vague], [plot], STRICT)
    assert (table.averted, table.unverifiable, table.foiled) == (0, 1, 0)


def test_a_false_alarm_that_something_came_near_to_is_one_still_and_says_so() -> None:
    late, nothing = tabulate([warning()], [incident(60)], STRICT), tabulate([warning()], [], STRICT)
    assert (late.false_alarms, late.partial, late.far()) == (1, 1, 1.0)
    assert (nothing.false_alarms, nothing.partial, nothing.far()) == (1, 0, 1.0)


@pytest.mark.parametrize("happened", [incident(60, status=IncidentStatus.FOILED), incident(-1), incident(24 * 90)])
def test_what_was_foiled_or_had_happened_or_came_far_too_late_is_not_near(happened: Incident) -> None:
    assert tabulate([warning()], [happened], STRICT).partial == 0


def test_more_partial_ones_than_false_alarms_are_refused() -> None:
    with pytest.raises(InputError, match="partial is 2, expected at most the 1 false alarms"):
        replace(NONE, false_alarms=1, partial=2)


SAID_NOTHING_OF_IT = {
    "issued afterwards": (10.0, replace(VAGUE["no end"], issued=T0 + timedelta(hours=11))),
    "another place": (10.0, replace(VAGUE["no end"], threat=replace(THREAT, places=(FAR,)))),
    "another target": (10.0, replace(VAGUE["no place"], threat=Threat(targets=("railway",)))),
    "over long ago": (48.0 + 30 * 24 + 1, VAGUE["no place"]),
}


@pytest.mark.parametrize(("hours", "vague"), list(SAID_NOTHING_OF_IT.values()), ids=list(SAID_NOTHING_OF_IT))
def test_a_vague_warning_gets_no_credit_even_at_best_for_what_it_cannot_have_meant(
    hours: float, vague: ReviewedWarning
) -> None:
    table = tabulate([vague], [incident(hours)], GRACE)
    assert (table.perhaps_meant, table.pod_bounds()) == (0, (0.0, 0.0))


def test_what_a_warning_may_have_averted_widens_pod_to_both_sides() -> None:
    happened = [
        incident(10, "hit"),
        incident(10, "miss", place=FAR),
        incident(10, "plot", status=IncidentStatus.FOILED),
    ]
    table = tabulate([warning()], happened, STRICT)
    assert table.pod() == 0.5
    assert table.pod_bounds() == pytest.approx((1 / 3, 2 / 3))


def test_two_warnings_of_one_incident_are_one_detection() -> None:
    table = tabulate([warning("w1"), warning("w2")], [incident(10)], STRICT)
    assert (table.event_hits, table.warning_hits, table.misses, table.false_alarms) == (1, 2, 0, 0)


def test_a_wrong_actor_takes_the_hit_away() -> None:
    wrong = warning(threat=replace(THREAT, actors=("separatists",)))
    assert tabulate([wrong], [replace(incident(10), actors=("isis",))], STRICT).event_hits == 0


def test_no_cases_give_no_share_and_not_zero() -> None:
    empty = tabulate([], [], STRICT)
    assert (empty.pod(), empty.far(), empty.csi()) == (None, None, None)


def test_warned_of_nothing_that_came_scores_zero() -> None:
    assert Contingency(event_hits=0, misses=3, warning_hits=0, false_alarms=2).csi() == 0.0


COUNTS = st.integers(0, 1000)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_shares_stay_between_none_and_all_and_csi_is_never_above_either(h: int, m: int, v: int, f: int) -> None:
    table = Contingency(event_hits=h, misses=m, warning_hits=v, false_alarms=f)
    pod, far, csi = table.pod(), table.far(), table.csi()
    assert all(share is None or 0 <= share <= 1 for share in (pod, far, csi))
    if pod is not None and far is not None:
        assert csi is not None
        assert csi <= min(pod, 1 - far) + 1e-12


@given(
    warnings=st.lists(st.tuples(st.floats(-100, 100), st.floats(1, 100), st.sampled_from([CITY, FAR, None]))),
    incidents=st.lists(st.tuples(st.floats(-100, 1000), st.sampled_from(IncidentStatus), st.sampled_from([HALL, FAR]))),
)
def test_every_warning_and_every_real_incident_is_counted_once(
    warnings: list[tuple[float, float, Place | None]], incidents: list[tuple[float, IncidentStatus, Place]]
) -> None:
    said = [
        warning(f"w{n}", issued=T0 + timedelta(hours=at), hours=hours, threat=replace(THREAT, places=(place,) if place else ()))
        for n, (at, hours, place) in enumerate(warnings)
    ]  # fmt: skip
    came = [incident(at, f"e{n}", status=status, place=place) for n, (at, status, place) in enumerate(incidents)]
    strict, grace = tabulate(said, came, STRICT), tabulate(said, came, GRACE)
    for table in (strict, grace):
        apart = table.averted + table.unverifiable + table.after_the_fact
        assert table.warning_hits + table.false_alarms + apart == len(said)
        assert table.event_hits + table.misses == sum(one.status is IncidentStatus.OCCURRED for one in came)
    assert grace.event_hits >= strict.event_hits, "a longer grace never takes a hit away"


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(9, 10, 0.65, 0.98), (27, 30, 0.77, 0.96), (90, 100, 0.84, 0.94)]
)
def test_wilson_as_in_the_design(count: int, of: int, low: float, high: float) -> None:
    """REVIEW 2 (b): a ratio of 0.9 with 90 % intervals at n of 10, 30 and 100."""
    assert list(wilson(count, of) or ()) == pytest.approx([low, high], abs=0.005)


def test_an_interval_of_no_cases_is_none() -> None:
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("count", "of"), [(2, 1), (-1, 5), (1, 0)])
def test_more_than_all_is_refused(count: int, of: int) -> None:
    with pytest.raises(InputError, match="between none and all"):
        wilson(count, of)


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_the_share_and_stays_between_none_and_all(case: tuple[int, int]) -> None:
    count, of = case
    found = wilson(count, of)
    assert found is not None
    low, high = found
    assert 0 <= low <= count / of + 1e-12
    assert count / of - 1e-12 <= high <= 1


def test_each_warning_and_incident_is_named_with_what_became_of_it() -> None:
    said = [
        warning("hit"),
        warning("vague", threat=replace(THREAT, places=())),
        warning("far", threat=replace(THREAT, places=(FAR,))),
    ]
    found = settle(said, [incident(10, "e"), incident(10, "plot", status=IncidentStatus.FOILED)], STRICT)
    assert found.warnings == {"hit": Outcome.HIT, "vague": Outcome.AVERTED, "far": Outcome.PARTIAL}
    assert (found.incidents, found.hits, found.rule) == (
        {"e": Fate.WARNED, "plot": Fate.FOILED},
        (("hit", "e"),),
        STRICT,
    )


def test_a_hit_is_told_before_an_averted_plot() -> None:
    found = settle([warning()], [incident(10), incident(12, "plot", status=IncidentStatus.FOILED)], STRICT)
    assert found.warnings == {"w": Outcome.HIT}


def test_blocks_add_up_to_the_whole_table() -> None:
    said, came = [warning("w1"), warning("w2", threat=replace(THREAT, places=(FAR,)))], [incident(10, "e")]
    found = settle(said, came, STRICT)
    tables = found.count_by({"w1": "mon", "w2": "tue"}, {"e": "tue"})
    assert tables == {
        "mon": Contingency(event_hits=0, misses=0, warning_hits=1, false_alarms=0),
        "tue": Contingency(event_hits=1, misses=0, warning_hits=0, false_alarms=1, partial=1),
    }
    assert sum(tables.values(), NONE) == found.count() == tabulate(said, came, STRICT)


@pytest.mark.parametrize(("warnings", "incidents"), [(2, 1), (1, 2)])
def test_the_same_warning_or_incident_twice_is_refused_and_not_counted_as_two(warnings: int, incidents: int) -> None:
    with pytest.raises(InputError, match="stands 2 times, expected once"):
        settle([warning()] * warnings, [incident(10)] * incidents, STRICT)


def test_a_count_below_none_is_refused() -> None:
    with pytest.raises(InputError, match="misses is -1"):
        replace(NONE, misses=-1)
