"""Where: points, circles, polygons and geocodes on WGS 84, and how far one is from another."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from geographiclib.geodesic import Geodesic
from msgspec import Struct

from tocsin.errors import InputError

if TYPE_CHECKING:
    import numpy as np

_STEP_M = 500.0
SPHERE_SLACK = 1.01
"""A length on the sphere and the one on WGS 84 differ by less than 0.6 %: two of them by less than this between them."""


class Point(Struct, frozen=True):
    """Degrees on WGS 84, latitude first, as CAP writes them."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            raise InputError(
                f"point {self.lat},{self.lon} is not on the globe",
                hint="latitude comes first: -90..90, then longitude: -180..180",
            )


class Circle(Struct, frozen=True):
    """All points within `radius_km` of `centre`; stays a circle, never a polygon of many corners."""

    centre: Point
    radius_km: float

    def __post_init__(self) -> None:
        if not 0 < self.radius_km <= 20038:
            raise InputError(f"circle radius {self.radius_km} km is not between 0 and half the globe")


class Polygon(Struct, frozen=True):
    """A closed ring: first point equals last, at least four points (CAP 1.2 section 3.3.1)."""

    ring: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.ring) < 4 or self.ring[0] != self.ring[-1]:
            raise InputError(
                f"polygon of {len(self.ring)} points is not a closed ring",
                hint="give at least four points, the last one equal to the first",
            )


class Geocode(Struct, frozen=True):
    """A code for an area in somebody's scheme, e.g. ("ISO3166-1", "RU")."""

    name: str
    value: str


class Area(Struct, frozen=True, kw_only=True):
    """The union of its shapes; `description` is what people read. Without shapes nothing can be targeted by it."""

    description: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Geocode, ...] = ()

    @property
    def has_geometry(self) -> bool:
        """Whether it can be drawn and measured; a name or a code alone cannot (L22: no geometry, no send)."""
        return bool(self.polygons or self.circles)


def distance_km(a: Point, b: Point) -> float:
    """Length of the geodesic on WGS 84, in km.

    >>> round(distance_km(Point(55.756, 37.617), Point(55.826, 37.39)), 1)
    16.2
    """
    return float(Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon, Geodesic.DISTANCE)["s12"]) / 1000


def distance_to_area_km(area: Area, point: Point) -> float | None:
    """How far the point lies from the nearest shape: 0.0 inside, None if the area has no geometry.

    >>> moscow = Area(description="Moscow", circles=(Circle(Point(55.756, 37.617), 8.0),))
    >>> round(distance_to_area_km(moscow, Point(55.826, 37.39)), 1)
    8.2
    """
    distances = [max(0.0, distance_km(c.centre, point) - c.radius_km) for c in area.circles]
    distances += [_distance_to_polygon_km(p, point) for p in area.polygons]
    return min(distances, default=None)


def distance_to_line_km(line: Sequence[Point], point: Point) -> float:
    """How far the point lies from the nearest geodesic between one stop of the line and the next; to about 250 m.

    >>> moscow, petersburg = Point(55.756, 37.617), Point(59.939, 30.316)
    >>> round(distance_to_line_km((moscow, petersburg), Point(57.9, 34.1)))
    3
    """
    return min(_distance_to_edge_km(point, a, b) for a, b in pairwise(line))


def contains(area: Area, point: Point) -> bool:
    """Is the point inside one of the shapes? False for an area without geometry."""
    return distance_to_area_km(area, point) == 0.0


def area_km2(area: Area) -> float | None:
    """Sum of its shapes in km² (overlaps count twice: an upper bound); None if the area has no geometry.

    >>> round(area_km2(Area(description="Moscow", circles=(Circle(Point(55.756, 37.617), 8.0),))))
    201
    """
    if not area.has_geometry:
        return None
    circles = sum(math.pi * one.radius_km**2 for one in area.circles)
    return circles + sum(_ring_km2(one) for one in area.polygons)


def _ring_km2(polygon: Polygon) -> float:
    ring = Geodesic.WGS84.Polygon()
    for point in polygon.ring[:-1]:
        ring.AddPoint(point.lat, point.lon)
    return abs(float(ring.Compute()[2])) / 1e6


def _distance_to_polygon_km(polygon: Polygon, point: Point) -> float:
    import shapely

    # Longitudes are turned to lie within half a turn of the point, so that a ring across the antimeridian stays whole. A whole
    # turn or none: anything finer would move a border by the last digit, and with it a point that lies on it.
    ring = [(p.lon - 360 * round((p.lon - point.lon) / 360), p.lat) for p in polygon.ring]
    shape = shapely.Polygon(ring)
    here = shapely.Point(point.lon, point.lat)
    if shape.covers(here):
        return 0.0
    return min(_distance_to_edge_km(point, a, b) for a, b in _nearest_edges(polygon, point))


def _nearest_edges(polygon: Polygon, point: Point) -> list[tuple[Point, Point]]:
    """The edges of which one is the nearest: measured on a sphere all at once, those that its flattening could reorder kept."""
    import numpy as np

    corners, here = _on_sphere(polygon.ring), _on_sphere((point,))[0]
    a, b = corners[:-1], corners[1:]
    normal = np.cross(a, b)
    length = np.linalg.norm(normal, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        across = np.abs(np.arcsin(np.clip(normal @ here / length, -1, 1)))
    beside = (np.cross(normal, a) @ here > 0) & (np.cross(b, normal) @ here > 0) & (length > 0)
    to_corner = 2 * np.arcsin(np.clip(np.linalg.norm(corners - here, axis=1) / 2, 0, 1))
    angle = np.where(beside, across, np.minimum(to_corner[:-1], to_corner[1:]))
    near = np.flatnonzero(angle <= angle.min() * SPHERE_SLACK)
    edges = list(pairwise(polygon.ring))
    return [edges[int(at)] for at in near]


def _on_sphere(points: Sequence[Point]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Unit vectors, one row a point."""
    import numpy as np

    lat, lon = np.radians([(one.lat, one.lon) for one in points]).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _distance_to_edge_km(point: Point, a: Point, b: Point) -> float:
    """Nearest of 17 points along the edge, refined around the best: within 0.1 % of the edge's length, and within half a km."""
    edge = Geodesic.WGS84.InverseLine(a.lat, a.lon, b.lat, b.lon)
    if edge.s13 == 0:
        return distance_km(point, a)

    def at(share: float) -> float:
        found = edge.Position(edge.s13 * share)
        return distance_km(point, Point(found["lat2"], found["lon2"]))

    best = min((i / 16 for i in range(17)), key=at)
    step = 1 / 256
    while True:
        best = min((min(1.0, max(0.0, best + (i - 16) * step)) for i in range(33)), key=at)
        if edge.s13 * step <= _STEP_M:
            return at(best)
        step /= 16
