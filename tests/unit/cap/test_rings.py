"""Polygons: however long a ring is and however it is read, the same is said of it; it crosses itself only where it does."""

import itertools
import math
import re

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.cap.test_rules import GOOD, findings, leaf

from tocsin.cap import rings
from tocsin.cap.rings import ADVISED_POINTS, Outline, Ring, find_ring, outline_of

numbers = st.one_of(
    st.decimals(-95, 95, allow_nan=False, places=4).map(str),
    st.sampled_from(
        ["1e5", "nan", "+1", ".5", "5.", "-", "", "1_0", "٤", "1-2", "05.5", "-0", "1E2", f"1.{'3' * 40}", "[1]"]
    ),
)
points = st.tuples(numbers, numbers).map(",".join)
DECIMALS = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
DECIMAL_PAIR = re.compile(f"{DECIMALS.pattern},{DECIMALS.pattern}")


@given(st.lists(points, min_size=1, max_size=6), st.integers(1, 4))
def test_a_long_ring_is_read_as_a_short_one(some: list[str], blanks: int) -> None:
    """Ten thousand points are looked at as bytes: the verdict is that of the same points read one by one."""
    short = find_ring((" " * blanks).join(some))
    long = find_ring((" " * blanks).join(some * (5000 // len(some))))
    if isinstance(short, str):
        assert isinstance(long, str)
    else:
        assert isinstance(long, Ring)
        assert (long.on_globe, long.first) == (short.on_globe, short.first)
        assert long.closed is short.closed


@given(st.lists(points, min_size=1, max_size=6), st.sampled_from([" ", "\n", "\t"]))
def test_a_ring_is_what_its_decimals_say(some: list[str], blank: str) -> None:
    pairs = [[float(number) for number in DECIMALS.findall(one)] for one in some if DECIMAL_PAIR.fullmatch(one)]
    ring = find_ring(blank.join(some))
    if len(pairs) < len(some):
        assert isinstance(ring, str)
        return
    assert isinstance(ring, Ring)
    assert list(ring.flat) == [number for pair in pairs for number in pair]
    assert ring.on_globe is all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in pairs)
    assert (ring.points, ring.closed) == (len(some), pairs[0] == pairs[-1])


@given(points, st.integers(0, 9_000), st.sampled_from(["55.7558,37.6173", "-5.5,-107.25"]))
def test_one_odd_point_among_nine_thousand_is_seen(odd: str, place: int, usual: str) -> None:
    short = find_ring(f"{usual} {odd} {usual}")
    long = find_ring(" ".join([*[usual] * place, odd, *[usual] * (9_000 - place), usual]))
    if isinstance(short, str):
        assert long == short
    else:
        assert isinstance(long, Ring)
        assert (long.on_globe, long.closed or not place) == (short.on_globe, True)


def test_a_ring_across_the_antimeridian_does_not_cross_itself() -> None:
    across = find_ring("10,179 10,-179 11,-179 11,-178.5 12,-178 12,179.2 11.5,178.9 11,179.1 10.5,178 10,179")
    twisted = find_ring("10,179 11,-179 10,-179 11,179 10,179")
    assert isinstance(across, Ring)
    assert isinstance(twisted, Ring)
    assert outline_of(across) is Outline.PLAIN
    assert outline_of(twisted) is Outline.CROSSES


FAN = " ".join(f"0,{n / 10:.1f} 30,{n / 10 - 30:.1f} 0,{n / 10:.1f}" for n in range(330)) + " -1,33 -1,0 0,0.0"
"""Hundreds of long spikes side by side: to judge how each pair of them lies would take the better part of a second."""
OUTLINES: dict[str, tuple[str, Outline]] = {
    "around the south pole": ("-65,-170 -70,-60 -66,50 -71,150 -65,-170", Outline.PLAIN),
    "around the north pole, closed along the antimeridian": ("72,-180 70,-90 72,0 70,90 72,180 72,-180", Outline.PLAIN),
    "around the north pole at one height": ("60,-180 60,-90 60,0 60,90 60,180 60,-180", Outline.PLAIN),
    "half of the globe wide": ("-20,-110 20,-110 20,110 -20,110 -20,-110", Outline.PLAIN),
    "over the antimeridian": ("-20,170 -10,170 -10,-170 -20,-170 -20,170", Outline.PLAIN),
    "a corner twice in a row": ("0,0 0,0 0,3 3,3 3,0 0,0", Outline.PLAIN),
    "a spike outwards": ("0,0 0,3 3,3 5,3 3,3 3,0 0,0", Outline.TOUCHES),
    "a hole at the end of a bridge": ("0,0 0,9 9,9 9,0 0,0 2,2 6,2 6,6 2,6 2,2 0,0", Outline.TOUCHES),
    "a corner on another edge": ("0,0 0,9 9,9 9,0 6,0 5,9 4,0 0,0", Outline.TOUCHES),
    "two rooms with one corner in common": ("0,0 0,3 3,3 3,6 6,6 6,3 3,3 3,0 0,0", Outline.TOUCHES),
    "one point four times": ("7,8 7,8 7,8 7,8", Outline.FLAT),
    "there and back": ("0,0 1,1 2,2 0,0", Outline.FLAT),
    "a bow tie": ("0,0 2,2 0,2 2,0 0,0", Outline.CROSSES),
    "a bow tie over the antimeridian": ("0,179 2,-179 0,-179 2,179 0,179", Outline.CROSSES),
    "a bow tie half of the globe wide": ("0,-110 2,110 0,110 2,-110 0,-110", Outline.CROSSES),
    "a bow tie through a corner of both": ("0,0 1,1 2,2 0,2 1,1 2,0 0,0", Outline.CROSSES),
    "a bow tie through a corner of one": ("0,0 1,1 2,2 0,2 2,0 0,0", Outline.CROSSES),
    "twice round": ("0,0 0,1 1,1 1,0 0,0 0,1 1,1 1,0 0,0", Outline.CROSSES),
    "a hole that begins at a corner": ("0,0 0,9 9,9 9,4 5,6 5,4 9,4 9,0 0,0", Outline.TOUCHES),
    "a loop inside, through a corner": ("0,0 0,9 9,9 9,4 5,4 5,6 9,4 9,0 0,0", Outline.CROSSES),
    "spikes side by side": (FAN, Outline.TANGLED),
    "a loop in one side": ("0,0 0,9 9,9 9,5 12,6 12,4 9,6 9,0 0,0", Outline.CROSSES),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTLINES)
def test_only_a_ring_whose_edges_cross_is_said_to_cross_itself(name: str) -> None:
    text, expected = OUTLINES[name]
    ring = find_ring(text)
    assert isinstance(ring, Ring)
    assert outline_of(ring) is expected
    told = {"CAP-36 warning alert/info/area/polygon"}
    if expected in {Outline.PLAIN, Outline.TOUCHES}:
        told = set() if expected is Outline.PLAIN else {"CAP-36 advice alert/info/area/polygon"}
    if ring.points > ADVISED_POINTS:
        told |= {"CAP-36 advice alert/info/area/polygon"}
    assert findings(leaf("polygon", text)(GOOD)) == told


@pytest.mark.parametrize("points", [60, 300, 500, 900])
def test_two_corners_changed_for_each_other_are_found_in_a_ring_of_any_length(points: int) -> None:
    ring = [(10 + 3 * math.sin(math.tau * n / points), 10 + 3 * math.cos(math.tau * n / points)) for n in range(points)]
    for crossed in (False, True):
        if crossed:
            ring[points // 4], ring[3 * points // 4] = ring[3 * points // 4], ring[points // 4]
        text = " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in (*ring, ring[0]))
        assert ("CAP-36 warning alert/info/area/polygon" in findings(leaf("polygon", text)(GOOD))) is crossed


corners = st.tuples(st.integers(-30, 30), st.integers(-30, 30))


def cross(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int], d: tuple[int, int]) -> bool:
    """Whether the inner parts of two edges meet in one point, by the signs of whole numbers."""

    def side(u: tuple[int, int], v: tuple[int, int], w: tuple[int, int]) -> int:
        return (v[0] - u[0]) * (w[1] - u[1]) - (v[1] - u[1]) * (w[0] - u[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def lies_on(corner: tuple[int, int], a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether a corner lies on an edge that does not end there."""
    (x, y), (ax, ay), (bx, by) = corner, a, b
    on_line = (bx - ax) * (y - ay) == (by - ay) * (x - ax)
    return on_line and corner not in {a, b} and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)


@given(st.lists(corners, min_size=3, max_size=12, unique=True))
def test_a_ring_crosses_itself_where_whole_numbers_say_so(some: list[tuple[int, int]]) -> None:
    """Most rings are judged without a look at their edges; what crosses is never passed, and what no corner touches is plain."""
    ring = find_ring(" ".join(f"{lat / 4:.4f},{lon / 4:.4f}" for lat, lon in (*some, some[0])))
    assert isinstance(ring, Ring)
    edges = list(itertools.pairwise((*some, some[0])))
    if any(cross(*one, *other) for one, other in itertools.combinations(edges, 2)):
        assert outline_of(ring) is Outline.CROSSES
    elif not any(lies_on(corner, *edge) for corner in some for edge in edges):
        assert outline_of(ring) is Outline.PLAIN


@given(st.lists(corners, min_size=3, max_size=12), st.sampled_from([2, 4, 8]))
def test_corners_on_the_way_from_corner_to_corner_change_no_outline(some: list[tuple[int, int]], steps: int) -> None:
    """A ring of few corners is judged edge by edge, one of more by the geometry library: both say the same."""
    ring = [*some, some[0]]
    more = [
        (a + (c - a) * n / steps, b + (d - b) * n / steps)
        for (a, b), (c, d) in itertools.pairwise(ring)
        for n in range(steps)
    ]
    few = find_ring(" ".join(f"{lat},{lon}" for lat, lon in ring))
    many = find_ring(" ".join(f"{lat:.12f},{lon:.12f}" for lat, lon in (*more, more[0])))
    assert isinstance(few, Ring)
    assert isinstance(many, Ring)
    assert outline_of(few) is outline_of(many)


@given(st.lists(corners, min_size=3, max_size=12, unique=True))
def test_a_ring_is_plain_where_the_geometry_library_says_so(some: list[tuple[int, int]]) -> None:
    ring = find_ring(" ".join(f"{lat / 4:.4f},{lon / 4:.4f}" for lat, lon in (*some, some[0])))
    assert isinstance(ring, Ring)
    simple = shapely.LinearRing([(lat, lon) for lat, lon in (*some, some[0])]).is_simple
    assert (outline_of(ring) is Outline.PLAIN) is simple


def long(points: list[tuple[float, float]]) -> str:
    """The same corners with more points between them than a short text has, written out in full."""
    between = [
        (a + (c - a) * n / 80, b + (d - b) * n / 80) for (a, b), (c, d) in itertools.pairwise(points) for n in range(80)
    ]
    return " ".join(f"{lat:.12f},{lon:.12f}" for lat, lon in (*between, points[-1]))


def test_a_long_polygon_that_crosses_itself_is_found_too() -> None:
    bow: list[tuple[float, float]] = [(0, 0), (1, 1), (0, 1), (1, 0), (0, 0)]
    square: list[tuple[float, float]] = [(0, 0), (0, 1), (1, 1), (1, 0), (0, 0)]
    assert len(long(bow)) > 4_096
    advice = "CAP-36 advice alert/info/area/polygon"
    assert findings(leaf("polygon", long(bow))(GOOD)) == {"CAP-36 warning alert/info/area/polygon", advice}
    assert findings(leaf("polygon", long(square))(GOOD)) == {advice}


@given(st.lists(points, min_size=1, max_size=6))
def test_what_is_read_as_one_list_of_numbers_is_read_as_point_by_point(some: list[str]) -> None:
    """One point that is not written as in JSON makes all be read the other way: the ring is the same."""
    text = " ".join(some * (600 // len(some)))
    one, other = find_ring(text), find_ring(f"{text}  ")
    again = find_ring(text.replace(" ", "  "))
    if isinstance(one, str):
        assert (other, again) == (one, one)
        return
    for ring in (other, again):
        assert isinstance(ring, Ring)
        assert (ring.points, ring.first, ring.last, ring.closed, ring.on_globe) == (
            one.points,
            one.first,
            one.last,
            one.closed,
            one.on_globe,
        )
        assert list(ring.flat) == list(one.flat)


ODD: dict[str, str] = {
    "a number without end": f"{'9' * 3000},2 1,2 1,2 {'9' * 3000},2",
    "one point": f"1.{'0' * 3000},2",
    "commas alone": "1," * 1500,
    "signs alone": "-" * 3000,
    "commas, then blanks": "," * 900 + " " * 1200,
    "a sign without a number": "1,2 -,3 " * 400,
    "two dots": "1.2.3,4 " * 400,
    "a number alone": "1,2 3 " * 500,
    "three numbers, then one": "1,2,3 4 " * 500,
    "lines": "1,2\n" * 700,
    "a plus": "+1,2 " * 600,
}


@pytest.mark.parametrize("name", ODD)
def test_a_long_text_that_is_odd_gets_the_answer_of_point_by_point(name: str) -> None:
    read, by_point = find_ring(ODD[name]), rings._find_by_point(ODD[name])
    if isinstance(read, str) or isinstance(by_point, str):
        assert read == by_point
        return
    for field in ("points", "first", "last", "closed", "on_globe"):
        assert getattr(read, field) == getattr(by_point, field)
    assert list(read.flat) == list(by_point.flat)
