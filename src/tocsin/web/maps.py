"""The map of a warning: a picture that says all, and the same as data for the map that a script draws over it."""

import json
from importlib.resources import files

from tocsin.core.area import Polygon
from tocsin.desk.show_parties import PartyState
from tocsin.desk.show_warning import ShownWarning
from tocsin.review.map_svg import Mark, draw_area


def draw_warning(found: ShownWarning) -> str:
    """The inline SVG; empty if the warning has no geometry, which is then said in words."""
    area = found.warning.threat.area
    if not area.has_geometry:
        return ""
    marks = [Mark(one.name, one.point, one.silent) for one in found.parties if one.point is not None]
    return draw_area(area, marks)


def has_leaflet() -> bool:
    """Whether the browser's library is here; without it the picture is all there is, and nothing asks for what is missing."""
    return files("tocsin.web").joinpath("static", "vendor", "leaflet.js").is_file()


def map_data(found: ShownWarning) -> str:
    """JSON for map.js: `areas` of lat, lon, km, `rings` of corners, each lat and lon, and `marks` of name, lat, lon, silent."""
    area = found.warning.threat.area
    return json.dumps(
        {
            "areas": [
                {"lat": one.centre.lat, "lon": one.centre.lon, "km": one.radius_km, "name": area.description}
                for one in area.circles
            ],
            "rings": [_corners(one) for one in area.polygons],
            "marks": [_mark(one) for one in found.parties if one.point is not None],
        }
    )


def _corners(polygon: Polygon) -> list[tuple[float, float]]:
    """Longitudes go on beyond 180, so that a ring over the date line is drawn there and not round the globe."""
    lon = polygon.ring[0].lon
    found = []
    for point in polygon.ring:
        lon += (point.lon - lon + 180) % 360 - 180
        found.append((point.lat, round(lon, 7)))
    return found


def _mark(party: PartyState) -> dict[str, object]:
    assert party.point is not None
    return {"name": party.name, "lat": party.point.lat, "lon": party.point.lon, "silent": party.silent}
