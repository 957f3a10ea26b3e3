"""What a polygon's text says: how many points, closed or not, on the globe or not, does it meet itself.

Nearly all are plain: decimals, one comma in a point and one blank between two. Such a text is read as a list of numbers in
JSON, and one of ten thousand points looked at as an array of bytes; what is not plain is read again point by point, so all
ways say the same.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from tocsin.cap.grammar import SPACE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ADVISED_POINTS = 100
"""Of one polygon: about so many are enough to warn by."""
CROSSING_POINTS = 1_000
"""Up to here a ring is tested for crossing itself: that takes 0.1 ms there, some ms if it does, and half a second for the largest."""
MAX_POINTS = 200_000
"""Of one polygon: no country needs more, and each reader would have to hold them. What has more is only counted."""
_KEPT = 32_768
"""Characters up to which what was read is kept for a moment: a message in several languages has the same polygons in each."""
_END = 200
"""Characters of a longer one that hold its first points, or its last."""
_FEW = 24
"""Points up to which each edge is compared with the others here: the geometry library is faster from there on."""
_TANGLED = 100_000
"""Pairs of edges whose boxes meet: a ring of a thousand points has some thousands, and each pair takes a microsecond to judge."""
_TOGETHER = 16
"""Edges that are held against all others at once."""
_SURE = 1e-9
"""Square degrees, and part of an area, that rounding cannot turn around."""
_NUMERIC = b"0123456789+-."
_OF_JSON = b"0123456789-."
"""Of plain decimals. JSON knows more than these, and no zero or plus before a number."""
_AS_BLANKS = bytes.maketrans(b"\t\r\n", b"   ")
_AS_COMMAS = bytes.maketrans(b" \t\r\n", b",,,,")
_read_list = Decoder(list[float]).decode
_POINT = re.compile(r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:,(?!$)|$)){2}")


class Outline(Enum):
    """How the edges of a ring lie, what can be drawn first: none meets another, some touch, all lie on one line, so many lie close
    together and meet that nobody asks how, two cross.
    """

    PLAIN = "plain"
    TOUCHES = "touches"
    FLAT = "flat"
    TANGLED = "tangled"
    CROSSES = "crosses"


class Ring(Struct, frozen=True, kw_only=True, eq=False):
    """What was read: the number of points, the first and last as written, whether they are one, whether all are on the globe.

    `flat` is lat, lon, lat, lon in degrees; empty for one of more than CROSSING_POINTS. Equal is only what is the same.
    """

    points: int
    first: str
    last: str
    closed: bool
    on_globe: bool
    flat: Sequence[float]

    @property
    def is_usual(self) -> bool:
        """Whether it is a ring that anybody can draw; it may still cross itself."""
        return self.closed and self.on_globe and 4 <= self.points <= ADVISED_POINTS


def find_ring(text: str) -> Ring | str:
    """The ring, or the sentence that says why the text is none.

    >>> find_ring("1,2 3,4 5,6 1,2").closed, find_ring("1,2 3;4")
    (True, "polygon holds '3;4', expected lat,lon")
    """
    if len(text) <= _KEPT:
        return _find_kept(text)
    points = _count_regular(text)
    if CROSSING_POINTS < points <= MAX_POINTS:
        return _make_ring(text, points, flat=())
    return _find(text)


def _find(text: str) -> Ring | str:
    points = text.count(",")
    if points > MAX_POINTS:
        return Ring(points=points, first="", last="", closed=True, on_globe=True, flat=())
    return _find_plain(text, points) or _find_by_point(text)


_find_kept = lru_cache(maxsize=16)(_find)


def _find_by_point(text: str) -> Ring | str:
    parts = text.split()
    if not parts:
        return "polygon is empty"
    flat = _numbers(text)
    # What is left without digits, signs and dots is one comma for each point: then each number is a plain decimal.
    left = text.encode("utf-8", "replace").translate(None, _NUMERIC).split()
    if len(flat) != 2 * len(parts) or len(left) != len(parts) or any(one != b"," for one in left):
        wrong = next((part for part in parts if not _POINT.fullmatch(part)), text)
        return f"polygon holds {wrong[:40]!r}, expected lat,lon"
    return _make_ring(text, len(parts), flat=flat, on_globe=_are_on_globe(flat))


def _are_on_globe(flat: Sequence[float]) -> bool:
    lats, lons = flat[0::2], flat[1::2]
    return min(lats) >= -90 and max(lats) <= 90 and min(lons) >= -180 and max(lons) <= 180


def _find_plain(text: str, points: int) -> Ring | None:
    """The ring of a text of plain decimals with one blank between points; None if it is not that, or if JSON writes it otherwise."""
    raw = text.strip(SPACE).encode("ascii", "replace")
    if raw.translate(_AS_BLANKS, _OF_JSON) != b", " * (points - 1) + b",":
        return None
    try:
        flat = _read_list(b"[%b]" % raw.translate(_AS_COMMAS))
    except DecodeError:
        return None
    return _make_ring(text, points, flat=flat, on_globe=_are_on_globe(flat))


def _make_ring(text: str, points: int, *, flat: Sequence[float], on_globe: bool = True) -> Ring:
    first, last = _find_ends(text)
    closed = first == last or _numbers(first) == _numbers(last)
    if points > CROSSING_POINTS:
        flat = ()  # nobody asks for it, and it takes many times as much memory as the text
    return Ring(points=points, first=first[:40], last=last[:40], closed=closed, on_globe=on_globe, flat=flat)


def _find_ends(text: str) -> tuple[str, str]:
    """The first and the last point as written. What is split is copied: of a megabyte the ends are enough, if they hold two."""
    if len(text) > _KEPT:
        head, tail = text[:_END].split(), text[-_END:].split()
        if len(head) > 1 and len(tail) > 1:
            return head[0], tail[-1]
    return text.split(None, 1)[0], text.rsplit(None, 1)[-1]


def outline_of(ring: Ring) -> Outline:
    """What the edges of a closed ring on the globe have in common, beyond the points where one follows the other.

    A longitude may be meant as it is written, from 0 to 360, or as the shorter way from point to point: a fault is only
    what is one in each of these. Nobody looks at less than 4 points, which are no ring, or at more than CROSSING_POINTS.
    """
    small = ring.closed and ring.on_globe and 4 <= ring.points <= CROSSING_POINTS
    return _find_outline(ring) if small else Outline.PLAIN


# Only rings that are small enough come here to be kept.
@lru_cache(maxsize=16)
def _find_outline(ring: Ring) -> Outline:
    if ring.points <= _FEW and (found := _judge_few(ring.flat)) is not None:
        return found
    import numpy as np
    import shapely

    points = np.array(ring.flat).reshape(-1, 2)
    lat, lon, next_lat, next_lon = ring.flat[:4]
    if shapely.is_simple(shapely.linestrings(points)) and (lat != next_lat or lon != next_lon):
        return Outline.PLAIN
    lons = points[:, 1]
    # Less than half a turn wide, all of these say the same.
    meant = (lons,) if np.ptp(lons) <= 180 else (lons, lons % 360, _unwound(lons))
    outlines = {_outline(np.column_stack((points[:, 0], one))) for one in meant}
    return next(one for one in Outline if one in outlines)


def _unwound(lons: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """The same longitudes, each at most half a turn from the one before it: a ring around a pole ends a turn from its start."""
    import numpy as np

    steps: NDArray[np.float64] = (np.diff(lons) + 180) % 360 - 180
    return np.cumsum(np.concatenate((lons[:1], steps)))


def _outline(points: "NDArray[np.float64]") -> Outline:
    """Of points in a plane. That edges touch and do not cross has good reasons: a spike, a bridge to a hole."""
    import numpy as np
    import shapely

    if (points == points[0]).all():
        return Outline.FLAT
    if shapely.is_simple(shapely.linestrings(points)):
        return Outline.PLAIN
    if shapely.get_dimensions(shapely.convex_hull(shapely.multipoints(points))) < 2:
        return Outline.FLAT
    points = points[np.concatenate(([True], (np.diff(points, axis=0) != 0).any(axis=1)))]
    edges = _edges(points)
    if shapely.STRtree(edges).query(edges).shape[1] > _TANGLED:
        return Outline.TANGLED
    return Outline.CROSSES if have_crossing_edges(points) or _goes_through_a_corner(points) else Outline.TOUCHES


def have_crossing_edges(points: "NDArray[np.float64]") -> bool:
    """Whether two edges of that line cross between their ends. Of its points, two columns, none stands twice in a row.

    One crossing is enough, and a ring that crosses itself at every turn has hundreds of thousands: a few edges at a time.
    """
    import shapely

    edges = _edges(points)
    tree = shapely.STRtree(edges)
    parts = (edges[start : start + _TOGETHER] for start in range(0, len(edges), _TOGETHER))
    return any(tree.query(part, predicate="crosses").size for part in parts)


def _edges(points: "NDArray[np.float64]") -> "NDArray[np.object_]":
    import numpy as np
    import shapely

    return np.asarray(shapely.linestrings(np.stack((points[:-1], points[1:]), axis=1)))


def _goes_through_a_corner(points: "NDArray[np.float64]") -> bool:
    """Whether a ring crosses itself where a corner is: then it goes round a part of its inside the other way, or twice."""
    import numpy as np
    import shapely

    if (points[0] != points[-1]).any():  # around a pole: no inside in a plane
        return False
    ring = shapely.polygons(points)
    return not np.isclose(shapely.area(ring), shapely.area(shapely.make_valid(ring)), rtol=_SURE, atol=0)


def _judge_few(flat: Sequence[float]) -> Outline | None:
    """PLAIN or CROSSES where rounding cannot turn it around, without the geometry library; None for all else."""
    if _goes_round(flat):
        return Outline.PLAIN
    # A corner may stand twice in a row.
    corners = [corner for corner, _ in groupby(zip(flat[0::2], flat[1::2], strict=True))]
    edges = sorted(
        (min(a, c), max(a, c), number, a, b, c - a, d - b) for number, ((a, b), (c, d)) in enumerate(pairwise(corners))
    )
    if len(edges) < 3:
        return None
    for place, (_, north, number, a, b, up, right) in enumerate(edges, start=1):
        for south, _, other, c, d, other_up, other_right in edges[place:]:
            if south > north:
                break
            turn = up * other_right - right * other_up
            if abs(number - other) in {1, len(edges) - 1}:  # one begins where the other ends
                if abs(turn) < _SURE and up * other_up + right * other_right < _SURE:
                    return None
                continue
            start, other_start = up * (d - b) - right * (c - a), other_right * (c - a) - other_up * (d - b)
            met = _meet((other_start, other_start - turn), (start, start + turn))
            if met is not Outline.PLAIN:
                return None if max(flat[1::2]) - min(flat[1::2]) > 180 else met
    return Outline.PLAIN


def _meet(ends: tuple[float, float], other_ends: tuple[float, float]) -> Outline | None:
    """How two edges meet: PLAIN if not, CROSSES if they cross, None where rounding may turn it around.

    The ends of each are given by the area that they span with the other edge, in square degrees: its sign is the side.
    """
    if min(ends) > _SURE or max(ends) < -_SURE or min(other_ends) > _SURE or max(other_ends) < -_SURE:
        return Outline.PLAIN
    return Outline.CROSSES if min(map(abs, ends + other_ends)) > _SURE else None


def _goes_round(flat: Sequence[float]) -> bool:
    """Whether all of the ring is seen from its middle, for such a one cannot cross itself: it turns one way, and once around."""
    edges = len(flat) // 2 - 1
    x, y = sum(flat[2::2]) / edges, sum(flat[3::2]) / edges
    ax, ay = flat[0] - x, flat[1] - y
    way = 1 if ax * (flat[3] - y) > ay * (flat[2] - x) else -1
    reversals = 0
    for lat, lon in zip(flat[2::2], flat[3::2], strict=True):
        bx, by = lat - x, lon - y
        if way * (ax * by - ay * bx) < _SURE:
            return False
        reversals += (ax > 0) is not (bx > 0)
        ax, ay = bx, by
    return reversals == 2


def _numbers(text: str) -> tuple[float, ...]:
    """The numbers between commas and white space; none if one of them is no number."""
    try:
        return tuple(map(float, text.replace(",", " ").split()))
    except ValueError:
        return ()


_PART = 65_536
"""Bytes of a polygon that are looked at together."""


def _count_regular(text: str) -> int:
    """How many points it has if all are as nearly all are: two numbers with a fraction, well inside the globe, one blank between
    points. 0 if one is not.
    """
    if not text.isascii():
        return 0
    total = 0
    for part in _parts(text.strip(SPACE)):
        points = _count_part(part)
        if not points:
            return 0
        total += points
    return total


def _parts(text: str) -> Iterator[bytes]:
    """Whole points, a blank behind each, as many as a processor's cache likes: memory for all of them would be half the cost."""
    start = 0
    while (end := text.find(" ", start + _PART) + 1) > 0:
        yield text[start:end].encode("ascii")
        start = end
    yield text[start:].encode("ascii") + b" "


def _count_part(part: bytes) -> int:
    import numpy as np

    left = part.translate(None, b"0123456789-")
    points = len(left) // 4
    if left != b".,. " * points:
        return 0
    raw = np.frombuffer(b" " + part, np.uint8)
    before, at, digits = raw[:-1], raw[1:], raw[1:] - np.uint8(ord("0"))  # what is no digit is over 9
    if ((at == ord("-")) & (before != ord(",")) & (before != ord(" "))).any():
        return 0
    dots = np.flatnonzero(at == ord("."))
    if (digits[dots - 1] > 9).any():  # before the first of all stands what ends the part: a blank
        return 0
    lats, lons = dots[0::2], dots[1::2]
    tens, hundreds = digits[lats - 2], digits[lats - 3]
    if ((tens == 9) | ((tens < 9) & (hundreds <= 9))).any():
        return 0
    tens, hundreds = digits[lons - 2], digits[lons - 3]
    far = (tens <= 9) & (hundreds <= 9) & ((tens > 7) | (hundreds != 1) | (digits[lons - 4] <= 9))
    return 0 if far.any() else points
