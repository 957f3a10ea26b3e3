"""Where countries and regions really end: polygons by code and by name, so that "in the region" need not mean "near its middle"."""

from collections.abc import Callable, Mapping
from functools import cache
from math import cos, radians
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from tocsin.core.area import Point, distance_km
from tocsin.core.data import package_file
from tocsin.core.fields import Fields
from tocsin.core.threat import Level, Place
from tocsin.errors import InputError
from tocsin.evidence.statement import load_json
from tocsin.review.date_line import cut_at_date_line
from tocsin.review.region_names import NamedRegion, RegionNames, index_names, stem
from tocsin.review.rows import decode
from tocsin.review.towns import TownsOf, no_towns

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

COUNTRIES = "countries-50m.geojson"
"""Country polygons at 1:50 million, laid beside the package's data by `python -m tocsin.web.build`."""
_BESIDE_DATE_LINE = 150.0
"""Thirty degrees are 100 km even at 88 degrees north: what ends before this longitude is not near over the date line."""


class Outlines(Struct, frozen=True):
    """Polygons (WGS 84) of countries by ISO 3166-1 alpha-2 and of regions by ISO 3166-2, which their `names` lead to.

    `countries` is called when the first of them is asked for: most reviews never do. `doubtful` are codes in the file that
    contradict the names beside them: those regions are known by name alone. `towns_of` stands in for regions without any.
    """

    countries: Callable[[], Mapping[str, "BaseGeometry"]] = dict
    regions: Mapping[str, "BaseGeometry"] = field(default_factory=dict)
    names: RegionNames = field(default_factory=RegionNames)
    doubtful: tuple[str, ...] = ()
    towns_of: TownsOf = no_towns

    def beyond_km(self, place: Place, point: Point) -> float | None:
        """How far outside of the place's polygon the point lies, 0.0 inside; None if no polygon of it is known."""
        shape = self.shape_of(place)
        return None if shape is None else _beyond_km(shape, point)

    def shape_of(self, place: Place) -> "BaseGeometry | None":
        """The polygon of a country or a region, longitude first; None of any other place, or if none is known."""
        if place.level is Level.COUNTRY:
            return self.countries().get(place.country)
        if place.level is not Level.REGION:
            return None
        if place.admin1:
            return None if place.admin1 in self.doubtful else self.regions.get(place.admin1)
        return self.regions.get(self.names.find(place.country, place.name) or "")


NO_OUTLINES = Outlines()


def read_regions(raw: bytes) -> Outlines:
    """The regions of this GeoJSON (plain or gzip), each with `iso_3166_2`, `iso_a2` and names, as Natural Earth's files have them.

    Regions that have no code of their own (a "~" in it) are left out: nothing could ask for them. What a name means is for
    `index_names`. Raises InputError with the feature's number.
    """
    regions: dict[str, Any] = {}
    named = []
    for name, properties, shape in _features(raw, "regions"):
        code, country = properties.text("iso_3166_2"), properties.text("iso_a2")
        if "~" in code or country == "-1":
            continue
        if code in regions:
            raise InputError(f"{name}: region {code!r} stands twice")
        regions[code] = shape
        named.append(_named(code, country, properties))
    doubtful = tuple(sorted(one.code for one in named if _contradicts(one.code, stem(one.name))))
    return Outlines(regions=regions, names=index_names(named), doubtful=doubtful)


def _named(code: str, country: str, properties: Fields) -> NamedRegion:
    name, english = (str(properties.found.get(key) or "") for key in ("name", "name_en"))
    others = [
        word for key in ("name_alt", "name_local") for word in str(properties.found.get(key) or "").split("|") if word
    ]
    return NamedRegion(code=code, country=country, name=name, english=english or name, others=tuple(others))


def _contradicts(code: str, name: str) -> bool:
    """Whether ISO 3166-2 has another name for that code, and another code for this name.

    A file that gives a city the code of the province around it, and the other way round, is believed in neither.
    """
    known = _iso_names(code[:2])
    return known.get(code, name) != name and name in known.values()


@cache
def _iso_names(country: str) -> Mapping[str, str]:
    """The stem of each region's name by its code."""
    import pycountry

    found = (one for one in pycountry.subdivisions if one.country_code == country)
    return {one.code: stem(one.name) for one in found}


def read_countries(raw: bytes) -> Mapping[str, "BaseGeometry"]:
    """Polygons by ISO 3166-1 alpha-2 of a GeoJSON with the property `iso_a2`; InputError with the feature's number."""
    found: dict[str, Any] = {}
    for name, properties, shape in _features(raw, "countries"):
        country = properties.text("iso_a2")
        if country in found:
            raise InputError(f"{name}: country {country!r} stands twice")
        found[country] = shape
    return found


@cache
def country_outlines() -> Mapping[str, "BaseGeometry"]:
    """Those that came with the package; none where the browser's files were never built."""
    try:
        return read_countries(package_file("review", f"data/built/{COUNTRIES}"))
    except FileNotFoundError:
        return {}


def join_outlines(
    countries: Callable[[], Mapping[str, "BaseGeometry"]], regions: Outlines | None, towns_of: TownsOf = no_towns
) -> Outlines:
    """Countries from one source, regions from another that may be missing, towns from a third."""
    return replace(regions or NO_OUTLINES, countries=countries, towns_of=towns_of)


def _features(raw: bytes, what: str) -> list[tuple[str, Fields, "BaseGeometry"]]:
    """Name, properties and polygons of each feature of a FeatureCollection (RFC 7946)."""
    fields = Fields.of(what, load_json(decode(raw, what).encode(), what))
    if fields.text("type") != "FeatureCollection":
        raise InputError(f"{what}: type is {fields.text('type')[:60]!r}, expected 'FeatureCollection'")
    return [(one.name, one.record("properties"), _polygons(one)) for one in fields.records("features")]


def _polygons(feature: Fields) -> "BaseGeometry":
    import shapely

    geometry = feature.record("geometry")
    if geometry.text("type") not in {"Polygon", "MultiPolygon"}:
        raise InputError(f"{feature.name}: geometry is a {geometry.text('type')[:60]!r}, expected polygons")
    try:
        shape = shapely.geometry.shape(dict(geometry.found))
    except (TypeError, ValueError, OverflowError, LookupError, AttributeError, shapely.errors.ShapelyError):
        raise InputError(f"{feature.name}: geometry has coordinates that make no polygon") from None
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 91.0, 0.0, 91.0)
    # Natural Earth's own files run over the edges of the map by a hair.
    if not (-180.001 <= west <= east <= 180.001 and -90.001 <= south <= north <= 90.001):
        raise InputError(f"{feature.name}: geometry is empty or outside of longitude -180..180 and latitude -90..90")
    whole = cut_at_date_line(shape)
    return whole if whole.is_valid else whole.buffer(0)


def _beyond_km(shape: "BaseGeometry", point: Point) -> float:
    """Nearest in a plane that touches the globe at the point: exact where it matters, within some hundred km."""
    from shapely import Point as Spot
    from shapely import affinity, ops

    if shape.covers(Spot(point.lon, point.lat)):
        return 0.0
    narrow = max(cos(radians(point.lat)), 0.01)
    best = float("inf")
    # Longitudes go round: what lies just across the date line is near, whichever of the two is told to be beyond it.
    west, _, east, _ = shape.bounds
    for turn in (-360.0, 0.0, 360.0) if max(abs(point.lon), -west, east) > _BESIDE_DATE_LINE else (0.0,):
        moved = affinity.affine_transform(shape, [narrow, 0, 0, 1, turn * narrow, 0])
        nearest = ops.nearest_points(moved, Spot(point.lon * narrow, point.lat))[0]
        lon = (nearest.x / narrow + 180.0) % 360.0 - 180.0
        best = min(best, distance_km(Point(nearest.y, lon), point))
    return best
