"""The map of an account as inline SVG: warned area, 30 km round it, the incident; no tiles, nothing fetched."""

from math import cos, radians
from xml.sax.saxutils import escape

from tocsin.core.area import Circle, Point

WIDTH, HEIGHT = 640, 420
KM_PER_DEGREE = 111.32


def draw_map(
    circles: tuple[Circle, ...], incident: Point, *, near_km: float, warned_name: str, incident_name: str
) -> str:
    """An SVG that says the same as its title; hatched circle: warned, dashed ring: near, diamond: the incident."""
    centre = circles[0].centre
    reach = max(circle.radius_km for circle in circles) + near_km
    scale = min(WIDTH, HEIGHT) / 2 / (reach * 1.12)

    def place(point: Point) -> tuple[float, float]:
        east = (point.lon - centre.lon) * KM_PER_DEGREE * cos(radians(centre.lat))
        north = (point.lat - centre.lat) * KM_PER_DEGREE
        return WIDTH / 2 + east * scale, HEIGHT / 2 - north * scale

    shapes = []
    for circle in circles:
        x, y = place(circle.centre)
        shapes.append(_ring(x, y, (circle.radius_km + near_km) * scale, "map-near"))
        shapes.append(_ring(x, y, circle.radius_km * scale, "map-area"))
        shapes.append(f'<text x="{x:.1f}" y="{y + 5:.1f}" class="map-name">{escape(warned_name)}</text>')
    x, y = place(incident)
    shapes.append(f'<path d="M{x:.1f} {y - 9:.1f} l9 9 l-9 9 l-9 -9 z" class="map-incident"/>')
    shapes.append(f'<text x="{x:.1f}" y="{y - 14:.1f}" class="map-name">{escape(incident_name)}</text>')
    bar = 10 * scale
    shapes.append(f'<path d="M20 {HEIGHT - 20} v-6 h{bar:.1f} v6" class="map-scale"/>')
    shapes.append(f'<text x="{20 + bar / 2:.1f}" y="{HEIGHT - 32}" class="map-name">10 km</text>')
    title = f"Map: warned area {warned_name}, {near_km:.0f} km round it, incident at {incident_name}"
    pattern = (
        '<defs><pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0 v8" class="map-hatch"/></pattern></defs>'
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" class="map">'
        f"<title>{escape(title)}</title>{pattern}{''.join(shapes)}</svg>"
    )


def _ring(x: float, y: float, radius: float, name: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{name}"/>'
