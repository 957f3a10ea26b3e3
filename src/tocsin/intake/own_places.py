"""Places that no list of towns has: regions of the world, islands, areas, and other names of countries."""

from collections.abc import Mapping
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.ports import GazetteerEntry, place_key


@cache
def own_places() -> Mapping[str, GazetteerEntry]:
    """Each by its key (`place_key`); a region of the world has no country."""
    table = read_data("intake", "places.json")
    found: dict[str, GazetteerEntry] = {}

    def add(name: str, country: str, kind: str, lat: float | None = None, lon: float | None = None) -> None:
        found[place_key(name)] = GazetteerEntry(
            name=name, country=country, admin1="", lat=lat, lon=lon, population=0, kind=kind, zone=""
        )

    for name in table["regions"]:
        add(name, "", "region")
    for name, (country, lat, lon) in table["islands"].items():
        add(name, country, "island", lat, lon)
    for name, country in table["areas"].items():
        add(name, country, "area")
    for name, country in table["countries"].items():
        add(name, country, "country")
    return found
