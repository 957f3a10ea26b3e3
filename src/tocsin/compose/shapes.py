"""Polygons as every CAP reader can draw them: none across the antimeridian or over a pole, none of thousands of points.

Nothing inside the area may be lost by it: a person who is meant stays inside. It may grow a little.
"""

from itertools import pairwise
from typing import TYPE_CHECKING

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
    lons = [point.lon for point in polygon.ring]
    across = any(abs(a - b) > 180 for a, b in pairwise(lons))
    if not across and len(polygon.ring) <= MOST_POINTS:
        return (polygon,)
    parts = _split(_unroll(polygon)) if across else (_shape([(p.lon, p.lat) for p in polygon.ring]),)
    return tuple(_write(part if len(part.exterior.coords) <= MOST_POINTS else _simplify(part)) for part in parts)


def _unroll(polygon: Polygon) -> "shapely.Polygon":
    """The ring on a plane where longitude goes on beyond 180; one around a pole is closed along it."""
    ring = [(polygon.ring[0].lon, polygon.ring[0].lat)]
    for point in polygon.ring[1:]:
        turn = (point.lon - ring[-1][0] + 180) % 360 - 180
        ring.append((ring[-1][0] + turn, point.lat))
    (first, _), (last, lat) = ring[0], ring[-1]
    if abs(last - first) > 180:
        pole = 90.0 if lat >= 0 else -90.0
        ring += [(last, pole), (first, pole), ring[0]]
    return _shape(ring)


def _split(shape: "shapely.Polygon") -> tuple["shapely.Polygon", ...]:
    """The parts of it in each turn of the globe, each brought back between -180 and 180."""
    import shapely
    from shapely.affinity import translate

    west, _, east, _ = shape.bounds
    turns = range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    parts = []
    for turn in turns:
        clipped = shapely.intersection(shape, shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90))
        parts += [
            translate(one, xoff=-360 * turn)
            for one in shapely.get_parts(clipped)
            if isinstance(one, shapely.Polygon) and not one.is_empty
        ]
    return tuple(parts)


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


def _shape(ring: list[tuple[float, float]]) -> "shapely.Polygon":
    import shapely

    made = shapely.Polygon(ring)
    if not made.is_valid or made.area == 0:
        raise PolicyError(
            f"polygon of {len(ring)} points crosses itself or is a line: whom it means cannot be said",
            hint="draw its outline once around",
        )
    return made


def _write(shape: "shapely.Polygon") -> Polygon:
    """Back to latitude first; a rounding must not leave the globe."""
    ring = [Point(max(-90.0, min(90.0, lat)), max(-180.0, min(180.0, lon))) for lon, lat in shape.exterior.coords]
    return Polygon((*ring[:-1], ring[0]))
