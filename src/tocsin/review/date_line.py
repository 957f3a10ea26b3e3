"""Where polygons of degrees run over the date line: rings are unwrapped, closed over a pole, and cut at 180 degrees."""

from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_Ring = list[tuple[float, float]]


def cut_at_date_line(shape: "BaseGeometry") -> "BaseGeometry":
    """The same polygons within longitude -180..180, whatever way their rings cross the date line.

    RFC 7946 (3.1.9) wants them cut there, and many files are not: neighbouring corners then jump from 179 to -179, and the
    ring, taken at its word, runs round the globe. A ring in which no two corners lie more than half a turn and less than a
    whole one apart stays as it is. One that goes round a pole holds that pole.
    """
    from shapely import unary_union

    if not _crosses(shape):
        return shape
    # What only touches the line leaves a line behind, which a buffer of nothing drops.
    return unary_union([_cut(one) for one in getattr(shape, "geoms", [shape])]).buffer(0)


def _crosses(shape: "BaseGeometry") -> bool:
    return any(_jumps(ring) for one in getattr(shape, "geoms", [shape]) for ring in _rings_of(one))


def _cut(polygon: "BaseGeometry") -> "BaseGeometry":
    """Inside is what an odd number of its rings goes round: holes, and a coast that is a hole of the pole, need no other rule."""
    return reduce(lambda one, other: one.symmetric_difference(other), map(_area_of, _rings_of(polygon)))


def _rings_of(polygon: "BaseGeometry") -> list[_Ring]:
    rings = (polygon.exterior, *polygon.interiors)  # type: ignore[attr-defined]  # callers give polygons alone
    return [[(corner[0], corner[1]) for corner in ring.coords] for ring in rings]


def _jumps(ring: _Ring) -> bool:
    return any(180 < abs(one[0] - other[0]) < 360 for one, other in pairwise(ring))


def _area_of(ring: _Ring) -> "BaseGeometry":
    from shapely import Polygon, affinity, box, unary_union

    whole = Polygon(_unwrap(ring) if _jumps(ring) else ring).buffer(0)
    # A ring that begins in the east and goes on over the date line reaches 540 at most.
    parts = [affinity.translate(whole, turn).intersection(box(-180, -90, 180, 90)) for turn in _TURNS]
    return unary_union(parts)


_TURNS = (-360.0, 0.0, 360.0)


def _unwrap(ring: _Ring) -> _Ring:
    """The ring on one line of longitudes; what does not come back to its start goes on over the pole that is nearer."""
    turned, turn = [ring[0]], 0.0
    for (before, _), (lon, lat) in pairwise(ring):
        if abs(lon - before) > 180:
            turn += 360.0 if lon < before else -360.0
        turned.append((lon + turn, lat))
    if not turn:
        return turned
    pole = 90.0 if sum(lat for _, lat in ring) > 0 else -90.0
    return [*turned, (turned[-1][0], pole), (turned[0][0], pole)]
