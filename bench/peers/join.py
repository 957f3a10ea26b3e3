"""The same join by others: geopandas, shapely's STRtree, DuckDB with its spatial extension, over the data of `tocsin bench review`.

Run in an environment of its own, from the root of the repository:

    python -m venv /tmp/peers && /tmp/peers/bin/pip install geopandas duckdb==1.5.5 duckdb-extension-spatial==1.5.5
    PYTHONPATH=src taskset -c 0 /tmp/peers/bin/python bench/peers/join.py strtree 100000 1000000

Prints seconds, peak memory in MB (inputs included) and the number of pairs, which must be that of `tocsin bench review`.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from tocsin.bench.scatter import SEED, scatter
from tocsin.review.columns import IncidentPoints, WarnedAreas


def by_geopandas(areas: WarnedAreas, points: IncidentPoints) -> int:
    """Spatial join, then the filter by time."""
    import geopandas

    warned = geopandas.GeoDataFrame({"first": areas.first, "last": areas.last}, geometry=rings_of(areas))
    happened = geopandas.GeoDataFrame({"at": points.at}, geometry=geopandas.points_from_xy(points.lon, points.lat))
    found = geopandas.sjoin(happened, warned, predicate="intersects")
    return int(((found["at"] >= found["first"]) & (found["at"] <= found["last"])).sum())


def by_strtree(areas: WarnedAreas, points: IncidentPoints) -> int:
    """A tree of the polygons asked for every point, then the filter by time."""
    tree = shapely.STRtree(rings_of(areas))
    incident, warning = tree.query(shapely.points(points.lon, points.lat), predicate="intersects")
    at = points.at[incident]
    return int(((at >= areas.first[warning]) & (at <= areas.last[warning])).sum())


def by_duckdb_spatial(areas: WarnedAreas, points: IncidentPoints) -> int:
    """ST_Intersects and the time in one statement, on one thread; the extension is loaded from its wheel, nothing is fetched."""
    import duckdb
    import duckdb_extension_spatial

    folder = Path(next(iter(duckdb_extension_spatial.__path__)))
    database = duckdb.connect(config={"threads": 1})
    database.load_extension(str(next(folder.rglob("spatial.duckdb_extension"))))
    rings = [bytes(one) for one in shapely.to_wkb(rings_of(areas))]
    numbers = np.arange(len(areas))
    database.execute("CREATE TABLE warned (number BIGINT, first BIGINT, last BIGINT, ring GEOMETRY)")
    import pandas as pd

    frame = pd.DataFrame({"number": numbers, "first": areas.first, "last": areas.last, "ring": rings})
    database.register("frame", frame)
    database.execute("INSERT INTO warned SELECT number, first, last, ST_GeomFromWKB(ring) FROM frame")
    database.register("seen", {"at": points.at, "lon": points.lon, "lat": points.lat})
    database.execute("CREATE TABLE happened AS SELECT seen.at, ST_Point(seen.lon, seen.lat) AS place FROM seen")
    found = database.execute(
        "SELECT count(*) FROM happened h JOIN warned w ON ST_Intersects(w.ring, h.place) WHERE h.at BETWEEN w.first AND w.last"
    ).fetchone()
    return int(found[0]) if found else 0


def rings_of(areas: WarnedAreas) -> "np.ndarray[tuple[int, ...], np.dtype[np.object_]]":
    """The polygons as shapely has them."""
    of = np.repeat(np.arange(len(areas)), np.diff(areas.starts))
    return np.asarray(shapely.polygons(shapely.linearrings(areas.corners, indices=of)))


PEERS: dict[str, Callable[[WarnedAreas, IncidentPoints], int]] = {
    "geopandas": by_geopandas,
    "strtree": by_strtree,
    "duckdb-spatial": by_duckdb_spatial,
}

if __name__ == "__main__":
    name, warnings, incidents = sys.argv[1:]
    made = scatter(int(warnings), int(incidents), seed=SEED)
    start = time.perf_counter()
    pairs = PEERS[name](*made)
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        json.dumps({"peer": name, "seconds": round(seconds, 2), "megabytes": round(megabytes), "pairs": pairs}) + "\n"
    )
