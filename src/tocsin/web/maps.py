"""The map of a warning: a picture that says all, and the same as data for the map that a script draws over it."""

import json
from importlib.resources import files

from tocsin.desk.show_parties import PartyState
from tocsin.desk.show_warning import ShownWarning
from tocsin.review.map_svg import Mark, draw_area


def draw_warning(found: ShownWarning) -> str:
    """The inline SVG; empty if the warning has no geometry, which is then said in words."""
    area = found.warning.threat.area
    if not area.circles:
        return ""
    marks = [Mark(one.name, one.point, one.silent) for one in found.parties if one.point is not None]
    return draw_area(area.circles, marks, name=area.description)


def has_leaflet() -> bool:
    """Whether the browser's library is here; without it the picture is all there is, and nothing asks for what is missing."""
    return files("tocsin.web").joinpath("static", "vendor", "leaflet.js").is_file()


def map_data(found: ShownWarning) -> str:
    """JSON for map.js: `areas` of lat, lon, km and `marks` of name, lat, lon, silent."""
    area = found.warning.threat.area
    return json.dumps(
        {
            "areas": [
                {"lat": one.centre.lat, "lon": one.centre.lon, "km": one.radius_km, "name": area.description}
                for one in area.circles
            ],
            "marks": [_mark(one) for one in found.parties if one.point is not None],
        }
    )


def _mark(party: PartyState) -> dict[str, object]:
    assert party.point is not None
    return {"name": party.name, "lat": party.point.lat, "lon": party.point.lon, "silent": party.silent}
