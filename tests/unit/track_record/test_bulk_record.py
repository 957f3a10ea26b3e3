"""The record over columns is the one that judging each warning against each incident gives, chain by chain."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.area import Area, Circle, Point, Polygon
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import NOT_STATED, Precision, Window
from tocsin.errors import InputError
from tocsin.review.chains import find_in_force
from tocsin.review.facets import Verdict
from tocsin.review.happened import find_version_pairs, make_happened
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import Match, ReviewedWarning, Told, judge
from tocsin.review.outlines import Outlines
from tocsin.review.versions import make_versions
from tocsin.track_record.bulk import INSIDE
from tocsin.track_record.bulk_record import BulkRecord, count_versions
from tocsin.track_record.scores import NONE, Contingency

T0 = datetime(2024, 3, 7, tzinfo=UTC)
LAND = Outlines(regions={"XA-1": shapely.box(10, 50, 11, 51)}, countries=lambda: {"XA": shapely.box(10, 50, 12, 52)})
PLACES = {
    "drawn": Area(
        description="", polygons=(Polygon(tuple(Point(*at) for at in ((50, 10), (50, 11), (51, 11), (50, 10)))),)
    ),
    "round": Area(description="", circles=(Circle(Point(50.5, 10.5), 30.0),)),
    "city": Place(name="a city", country="XA", level=Level.CITY, point=Point(50.4, 10.6)),
    "region": Place(name="a region", country="XA", level=Level.REGION, admin1="XA-1"),
    "country": Place(name="a country", country="XA", level=Level.COUNTRY),
    "everywhere": Place(name="the world", country="XX", level=Level.COUNTRY),
}


def said(
    name: str = "w",
    where: Sequence[str] = ("drawn",),
    *,
    issued: float = 0,
    start: float | None = None,
    end: float | None = 10,
    chain: str = "",
    told: Told = Told.PUBLIC,
) -> ReviewedWarning:
    """Hours since T0."""
    named = [PLACES[one] for one in where]
    begin = issued if start is None else start
    window = NOT_STATED if end is None else Window(start=hour(begin) if begin < end else None, end=hour(end))
    return ReviewedWarning(
        id=name,
        threat=Threat(places=tuple(one for one in named if isinstance(one, Place))),
        issued=hour(issued),
        window=window,
        area=next((one for one in named if isinstance(one, Area)), None),
        chain=chain,
        told=told,
    )


def happened(
    name: str, hours: float, lat: float = 50.2, lon: float = 10.7, *, code: str | None = None, occurred: bool = True
) -> Incident:
    return Incident(
        id=name,
        status=IncidentStatus.OCCURRED if occurred else IncidentStatus.FOILED,
        start=hour(hours),
        zone="UTC",
        precision=Precision.MINUTE,
        place=Place(name="", country="XA" if code else "XB", level=Level.VENUE, point=Point(lat, lon), admin1=code),
        targets=("a_thing",),
        actors=(),
        methods=(),
    )


def hour(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def record(warnings: Sequence[ReviewedWarning], incidents: Sequence[Incident], told: Told = Told.PUBLIC) -> BulkRecord:
    versions, columns = make_versions(warnings), make_happened(incidents)
    pairs = find_version_pairs(versions, columns, LAND, finished=None, tell=lambda _done, _of: None)
    return next(one for one in count_versions(pairs, versions, columns) if one.told is told)


def table(warnings: Sequence[ReviewedWarning], incidents: Sequence[Incident], told: Told = Told.PUBLIC) -> Contingency:
    return sum(record(warnings, incidents, told).blocks.values(), NONE)


@st.composite
def warnings_of_chains(draw: st.DrawFn) -> list[ReviewedWarning]:
    found = []
    for number in range(draw(st.integers(1, 8))):
        issued = draw(st.integers(0, 20))
        # A start before the issue, or an end at the issue, which withdraws.
        end = draw(st.sampled_from([issued, issued + 3, issued + 12, None]))
        found.append(
            said(
                f"w{number}",
                draw(st.lists(st.sampled_from(list(PLACES)), max_size=3, unique=True)),
                issued=issued,
                start=None if end is None else draw(st.sampled_from([issued, issued - 4, issued + 1])),
                end=end,
                chain=draw(st.sampled_from(["", "a", "b"])),
                told=draw(st.sampled_from([Told.PUBLIC, Told.PRIVATE])),
            )
        )
    return found


@st.composite
def incidents_around(draw: st.DrawFn) -> list[Incident]:
    return [
        happened(
            f"e{number}",
            draw(st.integers(-3, 40)) + 0.5,
            draw(st.sampled_from([50.01, 50.2, 50.5, 50.77, 51.5, 53.0])),
            draw(st.sampled_from([10.01, 10.5, 10.92, 11.5])),
            code=draw(st.sampled_from([None, "XA-1", "XA-2"])),
            occurred=draw(st.sampled_from([True, True, False])),
        )
        for number in range(draw(st.integers(1, 8)))
    ]


def measurable(warning: ReviewedWarning) -> ReviewedWarning:
    """A place that is everywhere names nothing that could fail."""
    places = tuple(one for one in warning.threat.places if one != PLACES["everywhere"])
    return replace(warning, threat=replace(warning.threat, places=places))


def fits(match: Match) -> bool:
    return match.place is Verdict.HIT and match.time is Verdict.HIT and match.since_issue >= timedelta(0)


@settings(max_examples=80, deadline=None)
@given(warnings_of_chains(), incidents_around())
def test_counting_columns_is_judging_one_by_one(warnings: list[ReviewedWarning], incidents: list[Incident]) -> None:
    for told in {one.told for one in warnings}:
        mine = [one for one in warnings if one.told is told]
        hits = {
            (one.chain or one.id, incident.id, incident.status is IncidentStatus.OCCURRED)
            for incident in incidents
            for one in find_in_force(mine, incident.start)
            if fits(judge(measurable(one), incident, INSIDE, LAND))
        }
        found = table(warnings, incidents, told)
        came = {chain for chain, _, occurred in hits if occurred}
        assert found.warning_hits == len(came)
        assert found.event_hits == len({incident for _, incident, occurred in hits if occurred})
        assert found.averted == len({chain for chain, _, occurred in hits if not occurred} - came)
        assert found.foiled == len({incident for _, incident, occurred in hits if not occurred})
        assert found.event_hits + found.misses == sum(one.status is IncidentStatus.OCCURRED for one in incidents)
        chains = {one.chain or one.id for one in mine}
        apart = found.averted + found.unverifiable + found.after_the_fact
        assert found.warning_hits + found.false_alarms + apart == len(chains)


def test_a_chain_counts_once_and_by_what_it_said_when_it_happened() -> None:
    moved = said("w2", ["city"], issued=5, end=20, chain="c")
    incidents = [happened("before", 4), happened("after", 6)]
    found = table([replace(said("w1", end=20), chain="c"), moved], incidents)
    assert found == replace(NONE, event_hits=1, misses=1, warning_hits=1)


def test_a_withdrawn_warning_warns_of_nothing_afterwards() -> None:
    story = [replace(said("w1", end=20), chain="c"), said("w2", issued=5, end=5, chain="c")]
    assert table(story, [happened("e", 6)]) == replace(NONE, misses=1, false_alarms=1)


def test_an_update_that_says_the_same_again_takes_no_lead_away() -> None:
    story = [replace(said("w1", end=20), chain="c"), said("w2", issued=5, end=20, chain="c")]
    assert record(story, [happened("e", 6)]).leads.leads == (timedelta(hours=6),)


def test_a_place_that_only_an_update_names_is_led_from_that_update() -> None:
    story = [replace(said("w1", ["city"], end=20), chain="c"), said("w2", issued=5, end=20, chain="c")]
    assert record(story, [happened("e", 6)]).leads.leads == (timedelta(hours=1),)


def test_public_and_private_versions_are_records_apart() -> None:
    private = said("w2", ["city"], told=Told.PRIVATE, chain="c")
    story = [replace(said("w1"), chain="c"), private]
    assert table(story, [happened("e", 6)]).event_hits == 1
    assert table(story, [happened("e", 6)], Told.PRIVATE) == replace(NONE, misses=1, false_alarms=1)


def test_what_came_before_the_issue_is_no_hit_and_its_warning_no_false_alarm() -> None:
    found = table([said(issued=5, start=0)], [happened("e", 4)])
    assert found == replace(NONE, misses=1, after_the_fact=1)


@pytest.mark.parametrize(
    "vague", [said(end=None), said(where=()), said(where=["everywhere"])], ids=["no end", "no place", "all"]
)
def test_a_warning_that_could_not_fail_is_in_no_rate(vague: ReviewedWarning) -> None:
    found = table([vague], [happened("before", -1), happened("after", 6)])
    assert found == replace(NONE, misses=2, unverifiable=1, perhaps_meant=1)


def test_the_second_of_issue_and_the_last_second_are_inside() -> None:
    at = [happened("issue", 0), happened("end", 10), happened("over", 10 + 1 / 3600)]
    assert (table([said()], at).event_hits, table([said()], at).misses) == (2, 1)


def test_a_circle_is_judged_as_a_circle_and_not_as_the_ring_around_it() -> None:
    north = 50.5 + 30 / 111.25
    inside, outside = happened("in", 1, north - 0.001, 10.5), happened("out", 1, north + 0.001, 10.5)
    assert table([said(where=["round"])], [inside]).event_hits == 1
    assert table([said(where=["round"])], [outside]).event_hits == 0


@pytest.mark.parametrize(("lat", "lon"), [(89.5, 0.0), (-89.9, 120.0), (0.0, 179.99), (60.0, -179.99)])
def test_a_circle_over_a_pole_or_the_antimeridian_holds_what_lies_in_it(lat: float, lon: float) -> None:
    warning = replace(said(), area=Area(description="", circles=(Circle(Point(lat, lon), 100.0),)))
    near = [
        happened(f"{north} {east}", 1, lat + north, (lon + east + 180) % 360 - 180)
        for north in (-0.05, 0.05)
        for east in (-0.05, 0.05)
    ]
    assert table([warning], [*near, happened("far", 1, 30, lon)]).event_hits == 4


def test_the_blocks_are_the_days_of_issue_and_of_the_incident() -> None:
    blocks = record([said(issued=23, end=30)], [happened("e", 25)]).blocks
    assert blocks == {"2024-03-07": replace(NONE, warning_hits=1), "2024-03-08": replace(NONE, event_hits=1)}


def test_a_row_that_stands_in_two_files_is_refused() -> None:
    with pytest.raises(InputError, match="warning 'w' stands twice"):
        make_versions([said(), said()])
    with pytest.raises(InputError, match="incident 'e' stands twice"):
        make_happened([happened("e", 1), happened("e", 2)])


def test_nothing_at_all_has_no_record() -> None:
    versions, columns = make_versions([]), make_happened([])
    pairs = find_version_pairs(versions, columns, LAND, finished=None, tell=lambda _done, _of: None)
    assert (len(pairs), count_versions(pairs, versions, columns)) == (0, ())
    assert isinstance(pairs.warning, np.ndarray)
