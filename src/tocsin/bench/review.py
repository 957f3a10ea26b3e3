"""`tocsin bench review`: the join of many warnings with many incidents, each run in a process of its own on one core."""

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from tocsin.bench.figures import Figure
from tocsin.bench.scatter import SEED, scatter
from tocsin.node import index_in_duckdb, keep_chunks
from tocsin.review.chunks import digest_work, join_in_chunks
from tocsin.review.columns import IncidentPoints, Ints, WarnedAreas
from tocsin.review.join import Pairs, SortedIncidents, find_pairs
from tocsin.track_record.bulk import INSIDE, count_pairs
from tocsin.track_record.rates import measure_rates

SAMPLE = 200
DAY = 86400
_RUN = "import sys; from tocsin.bench.review import run_join; run_join(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])"


def bench_review(folder: Path, say: Callable[[str], None], _data: Path | None) -> tuple[Figure, ...]:
    """Join 100k warnings with 1M incidents, then 1M with 5M, over made data (bench.scatter). About a minute."""
    return (*_figures_of_joins(folder, say), _figure_of_sameness(say))


def _figures_of_joins(folder: Path, say: Callable[[str], None]) -> Iterator[Figure]:
    say("100,000 warnings and 1,000,000 incidents, by numpy and by DuckDB")
    small = _run(100_000, 1_000_000, "numpy")
    database = _run(100_000, 1_000_000, "duckdb")
    yield Figure(
        name="join 100k x 1M",
        value=small["seconds"],
        unit="s",
        better="lower",
        goal=1.0,
        beside={"DuckDB buckets": database["seconds"], "sorting the times of the incidents": small["floor"]},
        note=f"one core; index, join and counts by day; {small['pairs']:.0f} pairs; intervals in {small['intervals']:.2f} s more",
    )
    yield Figure(
        name="memory of join 100k x 1M",
        value=small["megabytes"],
        unit="MB",
        better="lower",
        goal=512.0,
        beside={"DuckDB buckets": database["megabytes"]},
        note="peak of the whole process, inputs included",
    )
    say("1,000,000 warnings and 5,000,000 incidents, each finished chunk kept in a file")
    large = _run(1_000_000, 5_000_000, "numpy", keep=folder / "pairs")
    yield Figure(
        name="join 1M x 5M",
        value=large["seconds"],
        unit="s",
        better="lower",
        goal=10.0,
        beside={"sorting the times of the incidents": large["floor"]},
        note=f"one core; {large['pairs']:.0f} pairs, {large['megabytes']:.0f} MB; finished chunks kept",
    )


def _figure_of_sameness(say: Callable[[str], None]) -> Figure:
    say(f"{SAMPLE} warnings against each of 1,000,000 incidents")
    areas, points = scatter(100_000, 1_000_000, seed=SEED)
    rows = np.random.default_rng(SEED).choice(len(areas), SAMPLE, replace=False)
    some = areas.take(rows)
    wanted = _pairs_one_by_one(some, points)
    unlike = sum(
        len(wanted ^ _as_set(find_pairs(some, one))) for one in (SortedIncidents(points), index_in_duckdb(points))
    )
    return Figure(
        name="pairs unlike brute force",
        value=unlike,
        unit="pairs",
        better="lower",
        goal=0.0,
        note=f"{len(wanted)} pairs of {SAMPLE} warnings, numpy and DuckDB",
    )


def _pairs_one_by_one(areas: WarnedAreas, points: IncidentPoints) -> set[tuple[int, int]]:
    """Every ring against every incident: no box, no key, no order."""
    import shapely

    found = set()
    for row in range(len(areas)):
        ring = shapely.Polygon(areas.corners[areas.starts[row] : areas.starts[row + 1]])
        inside = shapely.intersects_xy(ring, points.lon, points.lat)
        found |= {
            (row, int(one))
            for one in np.flatnonzero(inside & (points.at >= areas.first[row]) & (points.at <= areas.last[row]))
        }
    return found


def _as_set(pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(pairs.warning.tolist(), pairs.incident.tolist(), strict=True))


def _run(warnings: int, incidents: int, engine: str, keep: Path | str = "") -> Mapping[str, float]:
    words = [str(warnings), str(incidents), engine, str(keep)]
    done = subprocess.run([sys.executable, "-c", _RUN, *words], stdout=subprocess.PIPE, check=True, text=True)
    found: Mapping[str, float] = json.loads(done.stdout)
    return found


def run_join(warnings: int, incidents: int, engine: str, keep: str) -> None:
    """One run in this process, on one core: prints seconds, megabytes and pairs as JSON; progress goes to stderr."""
    import resource

    importlib.import_module("shapely")  # what a server has loaded is no part of the join
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    areas, points = scatter(warnings, incidents, seed=SEED)
    floor = _seconds(lambda: np.sort(points.at))
    start = time.perf_counter()
    index = index_in_duckdb(points) if engine == "duckdb" else SortedIncidents(points)
    if keep:
        with keep_chunks(Path(keep), digest_work(areas, points)) as finished:
            pairs = join_in_chunks(areas, index, finished=finished, tell=_tell)
    else:
        pairs = join_in_chunks(areas, index)
    blocks = count_pairs(pairs, warned=_day(areas.first), happened=_day(points.at))
    seconds = time.perf_counter() - start
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    named = {str(day): table for day, table in blocks.items()}
    intervals = _seconds(lambda: measure_rates(named, INSIDE, seed=SEED, by="day"))
    found = {"seconds": seconds, "megabytes": megabytes, "pairs": len(pairs), "floor": floor, "intervals": intervals}
    sys.stdout.write(json.dumps(found))


def _day(at: Ints) -> Ints:
    day: Ints = at // DAY
    return day


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _tell(done: int, of: int) -> None:
    sys.stderr.write(f"tocsin: chunk {done} of {of}\n")
