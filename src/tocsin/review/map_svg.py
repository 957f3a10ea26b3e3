"""The map of an account as inline SVG: warned area, the ring that counts as near, the incident; no tiles, nothing fetched."""

from collections.abc import Sequence
from html import escape
from math import cos, floor, hypot, log10, radians

from msgspec import Struct

from tocsin.core.area import Area, Circle, Point, Polygon

WIDTH, HEIGHT = 640, 460
_KM_PER_DEGREE = 111.32
_MARGIN = 1.14


class _Sheet(Struct, frozen=True):
    """A flat sheet round a middle point, true to scale near it; kilometres east and north become picture units."""

    middle: Point
    scale: float

    def km(self, point: Point) -> tuple[float, float]:
        # Turned to lie within half a turn of the middle, so that an area at the date line stays in one piece.
        east = (point.lon - self.middle.lon + 180) % 360 - 180
        return east * _KM_PER_DEGREE * cos(radians(self.middle.lat)), (point.lat - self.middle.lat) * _KM_PER_DEGREE

    def place(self, point: Point) -> tuple[float, float]:
        east, north = self.km(point)
        return WIDTH / 2 + east * self.scale, HEIGHT / 2 - north * self.scale


def draw_map(
    circles: tuple[Circle, ...], incident: Point, *, near_km: float, warned_name: str, incident_name: str
) -> str:
    """An SVG that says the same as its title; hatched: warned, dashed: near, diamond: the incident. North is up.

    The sheet reaches as far as it must to show every area, its ring and the incident.
    """
    sheet = _Sheet(circles[0].centre, 1.0)
    reach = max(
        hypot(*sheet.km(incident)), *(hypot(*sheet.km(one.centre)) + one.radius_km + near_km for one in circles)
    )
    sheet = _Sheet(circles[0].centre, min(WIDTH, HEIGHT) / 2 / (reach * _MARGIN))
    shapes = [
        *(_ring(sheet, one.centre, one.radius_km + near_km, "map-near") for one in circles),
        *(_ring(sheet, one.centre, one.radius_km, "map-area") for one in circles),
    ]
    x, y = sheet.place(circles[0].centre)
    shapes.append(_name(x, y + circles[0].radius_km * sheet.scale + 22, warned_name))
    x, y = sheet.place(incident)
    shapes.append(f'<path d="M{x:.1f} {y - 11:.1f}l11 11l-11 11l-11-11z" class="map-incident"/>')
    shapes.append(_name(x, y - 18, incident_name, strong=True))
    title = escape(f"Map: area of the warning {warned_name}, {near_km:.0f} km round it, incident at {incident_name}")
    return _svg(title, shapes, sheet)


class Mark(Struct, frozen=True):
    """Somebody on a map: a name at a point, and whether their answer is still missing."""

    name: str
    point: Point
    silent: bool


def draw_area(area: Area, marks: Sequence[Mark]) -> str:
    """An SVG that says the same as its title; hatched: the warned area, triangle: silent, ring: has answered. North is up.

    The sheet reaches as far as it must to show every shape and every mark.
    """
    middle = area.circles[0].centre if area.circles else _middle(area.polygons[0])
    sheet = _Sheet(middle, 1.0)
    corners = [point for polygon in area.polygons for point in polygon.ring]
    reach = max(
        *(hypot(*sheet.km(one.centre)) + one.radius_km for one in area.circles),
        *(hypot(*sheet.km(one)) for one in (*corners, *(mark.point for mark in marks))),
        1,
    )
    sheet = _Sheet(middle, min(WIDTH, HEIGHT) / 2 / (reach * _MARGIN))
    shapes = [_ring(sheet, one.centre, one.radius_km, "map-area") for one in area.circles]
    shapes += [_outline(sheet, one, "map-area") for one in area.polygons]
    x, y = sheet.place(middle)
    # At the lower edge, inside: marks stand in the middle.
    edge = area.circles[0].radius_km * sheet.scale if area.circles else max(sheet.place(one)[1] for one in corners) - y
    shapes.append(_name(x, y + edge - 10, area.description))
    shapes += [_draw_mark(sheet, one) for one in marks]
    silent = ", ".join(one.name for one in marks if one.silent) or "none"
    title = escape(f"Map: warned area {area.description}; marked without an answer: {silent}")
    return _svg(title, shapes, sheet)


def _middle(polygon: Polygon) -> Point:
    """Halfway between its outermost corners, as seen from the first one: at the date line it stays in one piece."""
    first = polygon.ring[0]
    easts = [(point.lon - first.lon + 180) % 360 - 180 for point in polygon.ring]
    lats = [point.lat for point in polygon.ring]
    lon = first.lon + (min(easts) + max(easts)) / 2
    return Point((min(lats) + max(lats)) / 2, (lon + 180) % 360 - 180)


def _draw_mark(sheet: _Sheet, mark: Mark) -> str:
    x, y = sheet.place(mark.point)
    shape = (
        f'<path d="M{x:.1f} {y - 9:.1f}l9 16h-18z" class="map-silent"/>'
        if mark.silent
        else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" class="map-answered"/>'
    )
    # The silent are named above, the others below: two halls in one street stay readable.
    return shape + _name(x, y - 16 if mark.silent else y + 24, mark.name, strong=mark.silent)


def _svg(title: str, shapes: Sequence[str], sheet: _Sheet) -> str:
    """`title` is escaped already."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" class="map"><title>{title}</title>'
        f"{_HATCH}{''.join(shapes)}{_scale_bar(sheet.scale)}{_NORTH}</svg>"
    )


def _ring(sheet: _Sheet, centre: Point, radius_km: float, name: str) -> str:
    x, y = sheet.place(centre)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius_km * sheet.scale:.1f}" class="{name}"/>'


def _outline(sheet: _Sheet, polygon: Polygon, name: str) -> str:
    corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in map(sheet.place, polygon.ring))
    return f'<path d="M{corners}z" class="{name}"/>'


def _name(x: float, y: float, words: str, *, strong: bool = False) -> str:
    """Kept inside the picture: a long name beside an edge is anchored to it."""
    half = len(words) * 4.7
    x = WIDTH / 2 if 2 * half > WIDTH else min(max(x, half + 8), WIDTH - half - 8)
    kind = ' class="pic-strong"' if strong else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle"{kind}>{escape(words)}</text>'


def _scale_bar(scale: float) -> str:
    """The longest of 1, 2 or 5 times a power of ten kilometres that is no wider than a quarter of the picture."""
    widest = WIDTH / 4 / scale
    ten = 10.0 ** floor(log10(widest))
    km = max(step * ten for step in (1, 2, 5) if step * ten <= widest)
    length = km * scale
    return (
        f'<path d="M20 {HEIGHT - 26}v6h{length:.1f}v-6" class="map-scale"/>'
        f'<text x="{20 + length / 2:.1f}" y="{HEIGHT - 32}" text-anchor="middle">{km:g} km</text>'
    )


_HATCH = (
    '<defs><pattern id="hatch" width="9" height="9" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M0 0v9" class="map-hatch"/></pattern></defs>'
)
_NORTH = (
    f'<path d="M{WIDTH - 30} 48v-26l-6 10m6-10l6 10" class="map-scale"/>'
    f'<text x="{WIDTH - 30}" y="66" text-anchor="middle">N</text>'
)
