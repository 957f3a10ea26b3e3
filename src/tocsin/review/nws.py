"""What the US weather service's archives hold: storm-based warnings with every update, as a dump of PostgreSQL has them."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tocsin.core.area import Area, Point, Polygon
from tocsin.core.expression import Expression
from tocsin.core.threat import Threat
from tocsin.core.window import Precision, Window
from tocsin.errors import InputError
from tocsin.review.matching import ReviewedWarning
from tocsin.review.rows import Row, cell

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_TIME = Expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}(?::[0-9]{2})?")
_HEX = Expression(r"(?:[0-9A-F]{2}){5,100000}")
_KINDS = {
    "TO": "tornado",
    "SV": "severe_thunderstorm",
    "FF": "flash_flood",
    "FL": "flood",
    "FA": "areal_flood",
    "MA": "marine",
    "EW": "extreme_wind",
    "SQ": "snow_squall",
    "DS": "dust_storm",
}
"""Phenomena of storm-based products (NWS directive 10-1703)."""
_ENDED = frozenset({"CAN", "EXP", "UPG"})


def storm_warning(row: Row) -> ReviewedWarning:
    """One product: a version of the warning that its office, phenomenon, number and year name.

    Its polygon is the one drawn in it. Its window ends when the warning did, as the archive knows afterwards (`expire`); a
    first product (NEW) has what it said itself (`init_expire`), one that cancels or lets expire ends at its own issue.
    """
    kind, status = cell(row, "phenomena"), cell(row, "status")
    if kind not in _KINDS:
        raise InputError(f"phenomena is {kind[:60]!r}, expected one of {', '.join(_KINDS)}")
    issued, begun = postgres_time(row, "polygon_begin"), postgres_time(row, "issue")
    ends = "polygon_begin" if status in _ENDED else "init_expire" if status == "NEW" else "expire"
    chain = f"nws-sbw:{cell(row, 'wfo')}.{kind}.{cell(row, 'significance')}.{cell(row, 'eventid')}.{begun.year}"
    end = postgres_time(row, ends)
    start = min(begun, issued)
    return ReviewedWarning(
        id=f"{chain}/{issued:%Y-%m-%dT%H:%M}/{status}",
        threat=Threat(methods=(_KINDS[kind],)),
        issued=issued,
        window=Window(start=start if start < end else None, end=end, zone="UTC", precision=Precision.MINUTE),
        area=_area(row, "geom"),
        chain=chain,
        issuer=f"NWS {cell(row, 'wfo')}",
    )


def postgres_time(row: Row, name: str) -> datetime:
    """A timestamp as PostgreSQL writes it, with its offset, to aware UTC."""
    found = cell(row, name)
    if not _TIME.fullmatch(found):
        raise InputError(f"{name} is {found[:60]!r}, expected YYYY-MM-DD HH:MM:SS with an offset such as -05")
    try:
        return datetime.fromisoformat(found).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"{name} is {found!r}, a time that does not exist") from None


def point_of(row: Row, name: str) -> Point:
    """A point of PostGIS, in hexadecimal."""
    shape = _shape(row, name)
    if shape.geom_type != "Point" or shape.is_empty:
        raise InputError(f"{name} is a {shape.geom_type}, expected a point")
    (spot,) = shape.coords
    return Point(spot[1], spot[0])


def _area(row: Row, name: str) -> Area:
    shape = _shape(row, name)
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        raise InputError(f"{name} is a {shape.geom_type}, expected polygons")
    parts = getattr(shape, "geoms", [shape])
    if any(part.interiors for part in parts):
        raise InputError(f"{name} has a hole in it, expected plain polygons")
    return Area(
        description=f"polygon of {cell(row, 'wfo')}",
        polygons=tuple(Polygon(tuple(Point(lat, lon) for lon, lat, *_ in part.exterior.coords)) for part in parts),
    )


def _shape(row: Row, name: str) -> "BaseGeometry":
    import shapely

    found = cell(row, name)
    if not _HEX.fullmatch(found):
        raise InputError(f"{name} is {found[:20]!r}, expected a geometry of PostGIS in hexadecimal")
    try:
        return shapely.from_wkb(found)
    except shapely.errors.ShapelyError:
        raise InputError(f"{name} is {found[:20]!r}, which is no geometry") from None
