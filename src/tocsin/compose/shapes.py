"""Polygons as every CAP reader can draw them: none across the antimeridian or over a pole, none of thousands of points.

Nothing inside the area may be lost by it: a person who is meant stays inside. It may grow a little.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from math import fsum
from typing import TYPE_CHECKING

from tocsin.cap.rings import Outline, find_ring, have_crossing_edges, outline_of
from tocsin.cap.values import write_polygon
from tocsin.core.area import Area, Circle, Point, Polygon
from tocsin.errors import PolicyError

if TYPE_CHECKING:
    import shapely

MOST_POINTS = 100
"""Of one ring (CAP-36): larger ones are drawn wrongly, or not at all, by some receivers."""
MOST_GROWTH = 1.5
"""Area after over area before, beyond which the sender must draw the area anew: it would alarm others (LESSONS L21)."""
_STEPS = 12
_DIGITS = 7
_SURE = 1e-9
"""Part of an area that rounding alone may take away."""


def make_drawable(area: Area) -> Area:
    """The same area with polygons of at most 100 points each, split at the antimeridian and at the poles.

    Circles stay circles. PolicyError for a polygon that cannot be simplified without growing beyond half as
    much again, or whose ring is no area.
    """
    polygons = tuple(made for polygon in area.polygons for made in _drawable(polygon))
    circles = tuple(Circle(_rounded(one.centre), one.radius_km) for one in area.circles)
    return Area(description=area.description, polygons=polygons, circles=circles, geocodes=area.geocodes)


def _rounded(centre: Point) -> Point:
    """To a centimetre: some receivers take no number with a hundred digits."""
    return Point(round(centre.lat, _DIGITS), round(centre.lon, _DIGITS))


def _drawable(polygon: Polygon) -> tuple[Polygon, ...]:
    written, unrolled = [(point.lon, point.lat) for point in polygon.ring], _unroll(polygon.ring)
    if written == unrolled or _is_box_around_globe(polygon.ring):
        few = len(written) <= MOST_POINTS
        return (_unbent(polygon),) if few else _written(_parts(_shape(written)))
    around_pole = unrolled[0] != unrolled[-1]
    return _written(_split(_shape(_around_pole(polygon.ring) if around_pole else unrolled)))


def _written(parts: Iterable["shapely.Polygon"]) -> tuple[Polygon, ...]:
    return tuple(_unbent(_write(_few(part))) for part in parts)


def _unbent(polygon: Polygon) -> Polygon:
    """The same. PolicyError if a receiver that checks it, as we do, finds that it encloses nothing or crosses itself (CAP-36)."""
    ring = find_ring(write_polygon(polygon))
    if isinstance(ring, str) or outline_of(ring) in {Outline.CROSSES, Outline.FLAT}:
        raise _no_area(polygon.ring)
    return polygon


def _unroll(ring: Sequence[Point]) -> list[tuple[float, float]]:
    """Longitude and latitude on a plane where longitude goes on beyond 180; a ring around a pole ends a turn from its start."""
    turn, unrolled = 0, [(ring[0].lon, ring[0].lat)]
    for before, point in pairwise(ring):
        turn += (before.lon - point.lon > 180) - (point.lon - before.lon > 180)
        unrolled.append((point.lon + 360 * turn, point.lat))
    return unrolled


def _is_box_around_globe(ring: Sequence[Point]) -> bool:
    """Whether -180 and 180 are its two sides, and not one meridian: on that it would be a line."""
    return all(abs(point.lon) == 180 for point in ring) and all(
        one.lat == other.lat or one.lon == other.lon for one, other in pairwise(ring)
    )


def _around_pole(ring: tuple[Point, ...]) -> list[tuple[float, float]]:
    """Unrolled and closed along the pole that it is nearer to on the whole: the smaller of the two areas, wherever it begins.

    It is cut open at the corner nearest to that pole: from there a meridian goes to the pole and meets no other edge.
    """
    pole = _nearer_pole(ring)
    start = max(range(len(ring) - 1), key=lambda number: (ring[number].lat * pole, ring[number].lon))
    unrolled = _unroll((*ring[start:-1], *ring[: start + 1]))
    (first, _), (last, _) = unrolled[0], unrolled[-1]
    if abs(last - first) > 540:  # more than once around
        raise _no_area(ring)
    return [*unrolled, (last, pole), (first, pole), unrolled[0]]


def _nearer_pole(ring: Sequence[Point]) -> float:
    """90 or -90, by the mean latitude along the ring; 90 for one that keeps to the equator. The sum is exact, so in any order."""
    unrolled = _unroll(ring)
    below = fsum((lon - before) * (lat + lat_before) for (before, lat_before), (lon, lat) in pairwise(unrolled))
    return 90.0 if below * (unrolled[-1][0] - unrolled[0][0]) >= 0 else -90.0


def _split(shape: "shapely.Polygon | shapely.MultiPolygon") -> tuple["shapely.Polygon", ...]:
    """The parts of it in each turn of the globe, each brought back between -180 and 180."""
    import shapely
    from shapely.affinity import translate

    west, _, east, _ = shape.bounds
    turns = range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    parts = []
    for turn in turns:
        clipped = shapely.intersection(shape, shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90))
        parts += [translate(one, xoff=-360 * turn) for one in _parts(clipped)]
    return tuple(parts)


def _parts(shape: "shapely.Geometry") -> tuple["shapely.Polygon", ...]:
    """What of it is an area, no lines, no points; a collection may hold several areas as one of its parts."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    return tuple(one for one in parts if isinstance(one, shapely.Polygon) and one.area > 0)


def _few(part: "shapely.Polygon") -> "shapely.Polygon":
    """All of it in one ring of at most 100 points: a hole that a bridge led to is filled, if that is little."""
    outer = _outer(part)
    return _checked(outer, part) if len(outer.exterior.coords) <= MOST_POINTS else _simplify(part)


def _simplify(shape: "shapely.Polygon") -> "shapely.Polygon":
    """The least grown ring of at most 100 points that holds all of the shape.

    Smoothing moves no point by more than `margin` (Douglas and Peucker 1973), so what is grown by it again holds them all.
    """
    import shapely

    west, south, east, north = shape.bounds
    margin = max(east - west, north - south) / 2**_STEPS
    globe = shapely.box(-180, -90, 180, 90)
    for _ in range(2 * _STEPS):
        smooth = _outer(shape.simplify(margin))
        if len(smooth.exterior.coords) <= MOST_POINTS:
            made = _outer(shapely.intersection(_outer(smooth.buffer(margin, join_style="mitre")), globe))
            if len(made.exterior.coords) <= MOST_POINTS and made.covers(shape):
                return _checked(made, shape)
        margin *= 1.3
    return _checked(_outer(shape.convex_hull), shape)


def _checked(made: "shapely.Polygon", shape: "shapely.Polygon") -> "shapely.Polygon":
    if made.area > MOST_GROWTH * shape.area or len(made.exterior.coords) > MOST_POINTS or not made.covers(shape):
        raise PolicyError(
            f"polygon of {len(shape.exterior.coords)} points would grow by {made.area / shape.area - 1:.0%} when drawn with {MOST_POINTS}",
            hint="draw it with fewer points, or as several polygons",
        )
    return made


def _outer(shape: "shapely.Geometry") -> "shapely.Polygon":
    """Its largest part without holes: CAP has none."""
    import shapely

    largest = max(shapely.get_parts(shape), key=lambda one: one.area)
    assert isinstance(largest, shapely.Polygon), "made of polygons"
    return shapely.Polygon(largest.exterior)


def _shape(ring: list[tuple[float, float]]) -> "shapely.Polygon | shapely.MultiPolygon":
    """The area within a ring; in parts if it meets itself, which is no fault: a spike, a bridge to a hole, a corner met twice."""
    import numpy as np
    import shapely

    made = shapely.Polygon(ring)
    if made.is_valid and made.area > 0:
        return made
    if made.area == 0 or have_crossing_edges(np.array([corner for corner, _ in groupby(ring)])):
        raise _no_area(ring)
    mended = shapely.MultiPolygon(_parts(shapely.make_valid(made)))
    # Where it crosses itself at a corner, a part of the inside is gone round the other way or twice, and falls out.
    if abs(mended.area - made.area) > _SURE * made.area:
        raise _no_area(ring)
    return mended


def _no_area(ring: Sequence[object]) -> PolicyError:
    return PolicyError(
        f"polygon of {len(ring)} points crosses itself or is a line: whom it means cannot be said",
        hint="draw its outline once around",
    )


def _write(shape: "shapely.Polygon") -> Polygon:
    """Back to latitude first; a rounding must not leave the globe."""
    ring = [Point(max(-90.0, min(90.0, lat)), max(-180.0, min(180.0, lon))) for lon, lat in shape.exterior.coords]
    return Polygon((*ring[:-1], ring[0]))
