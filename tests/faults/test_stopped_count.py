"""A long count that somebody stops goes on where it was, in a process of its own, and ends with the same figures."""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from tocsin.bench.scatter import scatter
from tocsin.node import make_node

START = datetime(2020, 1, 1, tzinfo=UTC)
HEAD = re.compile(rb"chunk [0-9]+ [0-9]+ [0-9a-f]{64}\n")
PIPE = 4096
ROOM = 150
"""Bytes of progress that go out before the process is held: what it read, and the first chunk; not the second."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A node, three chunks of warnings with polygons, and incidents."""
    folder = tmp_path_factory.mktemp("count")
    make_node(folder / "node", {"name": "desk.example"})
    areas, points = scatter(12_000, 3_000, seed=3)
    with (folder / "warnings.sql").open("w") as file:
        file.write("COPY sbw (wfo,phenomena,significance,eventid,status,issue,expire,init_expire,polygon_begin,geom)")
        file.write(" FROM stdin CSV;\n")
        for row in range(len(areas)):
            ring = areas.corners[areas.starts[row] : areas.starts[row + 1]]
            first, last = stamp(areas.first[row]), stamp(areas.last[row] + 86400)
            shape = shapely.to_wkb(shapely.Polygon(ring), hex=True)
            file.write(f"DMX,TO,W,{row},NEW,{first},{last},{last},{first},{shape}\n")
        file.write("\\.\n")
    with (folder / "incidents.csv").open("w") as file:
        file.write("id,source,start,name,country,level,lat,lon\n")
        for row in range(len(points)):
            at = (START + timedelta(seconds=int(points.at[row]))).strftime("%Y-%m-%dT%H:%M:%SZ")
            file.write(f"{row},made,{at},a place,XX,venue,{points.lat[row]:.5f},{points.lon[row]:.5f}\n")
    return folder


def stamp(seconds: int) -> str:
    return (START + timedelta(seconds=int(seconds))).strftime("%Y-%m-%d %H:%M:%S+00")


def command() -> Sequence[str]:
    words = "record count --json --node node --warnings warnings.sql --incidents incidents.csv"
    # Whoever runs the tests in the background has Ctrl-C ignored, and a process inherits that.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    return [sys.executable, "-c", heed + "from tocsin.cli.main import main; main()", *words.split()]


def count(work: Path) -> tuple[dict[str, object], str]:
    """What a count that nobody stops prints, and its progress."""
    done = subprocess.run(command(), cwd=work, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), done.stderr


def chunks(work: Path) -> int:
    """How many chunks are kept. A head follows the numbers of the chunk before it without a line of its own."""
    return sum(len(HEAD.findall(file.read_bytes())) for file in (work / "node").glob("count-*.pairs"))


def stop_midway(work: Path) -> tuple[int, str]:
    """Start it, hold it by a pipe for progress that nobody reads, press Ctrl-C; exit code and what it said."""
    out, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, PIPE)
    os.write(into, b" " * (PIPE - ROOM))
    with subprocess.Popen(command(), cwd=work, stdout=subprocess.DEVNULL, stderr=into) as process:
        os.close(into)
        for _ in range(3_000):
            try:
                process.wait(0.02)
                break
            except subprocess.TimeoutExpired:
                if chunks(work):
                    break
        process.send_signal(signal.SIGINT)
        with os.fdopen(out) as stderr:
            said = stderr.read().strip()
        return process.wait(), said


def test_a_count_that_was_stopped_goes_on_and_ends_with_the_same_figures(work: Path) -> None:
    whole, _ = count(work)
    code, said = stop_midway(work)
    assert (code, said.splitlines()[-1]) == (1, "tocsin: error: stopped; what was committed stands")
    finished = chunks(work)
    assert finished in {1, 2}, "it was stopped between the first chunk and the last"
    resumed, progress = count(work)
    assert f"tocsin: {finished * 5000} of 12000 areas were joined before: going on there" in progress
    assert resumed == whole
    assert whole["pairs"], "there was something to count"
    assert chunks(work) == 0, "what was kept for going on is gone when all is done"


def test_what_is_kept_of_other_files_is_never_taken_for_these(work: Path) -> None:
    stop_midway(work)
    text = (work / "incidents.csv").read_text()
    (work / "incidents.csv").write_text(text + "other,made,2020-01-02T00:00:00Z,a place,XX,venue,50.0,50.0\n")
    found, progress = count(work)
    assert "going on there" not in progress
    assert found["incidents"] == 3_001
