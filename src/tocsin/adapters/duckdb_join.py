"""The join of warnings and incidents by DuckDB: both sides by their keys of one degree and six hours, in memory, on one core."""

import duckdb
import numpy as np

from tocsin.review.columns import IncidentPoints, Ints, WarnedAreas
from tocsin.review.join import Pairs, cells_of, explode, plan_cells

BUCKET_SECONDS = 6 * 3600
MAX_KEYS = 64
_BUCKETS = 2**32
"""Buckets of six hours that fit beside a cell into one number."""
_BY_KEY = """
SELECT w.warning, i.incident FROM keys k JOIN incidents i USING (key) JOIN warnings w USING (warning)
WHERE i.at BETWEEN w.first AND w.last AND i.lat BETWEEN w.south AND w.north
  AND CASE WHEN i.lon < w.west THEN i.lon + 360 ELSE i.lon END BETWEEN w.west AND w.east
"""
_BY_TIME = _BY_KEY.replace(
    "keys k JOIN incidents i USING (key) JOIN warnings w USING (warning)", "warnings w, incidents i"
)


class DuckIncidents:
    """Serves IncidentIndex (review.join) for incidents that are held in a table of an in-memory database."""

    def __init__(self, points: IncidentPoints) -> None:
        self.points = points
        self._database = duckdb.connect(config={"threads": 1})
        columns = {
            "incident": np.arange(len(points)),
            "key": _key(cells_of(points), points.at // BUCKET_SECONDS),
            "at": points.at,
            "lon": points.lon,
            "lat": points.lat,
        }
        self._database.register("columns", columns)
        self._database.execute("CREATE TABLE incidents AS SELECT * FROM columns")
        self._database.unregister("columns")

    def find_candidates(self, areas: WarnedAreas) -> Pairs:
        """By key for warnings of up to 64 keys; big or long ones by time only, for their keys would outnumber the incidents."""
        early, late = areas.first // BUCKET_SECONDS, areas.last // BUCKET_SECONDS
        spans = plan_cells(areas)
        wide = spans.count * (late - early + 1) > MAX_KEYS
        warning, cell = explode(spans, np.flatnonzero(~wide))
        buckets = (late - early + 1)[warning]
        bucket = np.arange(buckets.sum()) - np.repeat(np.cumsum(buckets) - buckets, buckets)
        warning, cell = np.repeat(warning, buckets), np.repeat(cell, buckets)
        self._database.register("keys", {"warning": warning, "key": _key(cell, early[warning] + bucket)})
        by_key = self._ask(areas, np.flatnonzero(~wide), _BY_KEY)
        by_time = self._ask(areas, np.flatnonzero(wide), _BY_TIME)
        return Pairs(
            warning=np.concatenate([by_key.warning, by_time.warning]),
            incident=np.concatenate([by_key.incident, by_time.incident]),
        )

    def _ask(self, areas: WarnedAreas, rows: Ints, statement: str) -> Pairs:
        if not len(rows):
            return Pairs(warning=rows, incident=rows)
        west, south, east, north = (np.ascontiguousarray(one) for one in areas.box[rows].T)
        columns = {"warning": rows, "first": areas.first[rows], "last": areas.last[rows]}
        self._database.register("warnings", {**columns, "west": west, "south": south, "east": east, "north": north})
        found = self._database.execute(statement).fetchnumpy()
        return Pairs(warning=found["warning"], incident=found["incident"])


def _key(cell: Ints, bucket: Ints) -> Ints:
    key: Ints = cell * _BUCKETS + bucket
    return key
