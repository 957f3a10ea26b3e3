"""What every test may use: the reference material, a fixed entropy, and the rule that its absence is never silent."""

import hashlib
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tocsin.core.window import Entropy

# A slow machine is no defect: what a test asserts never depends on how long it took.
settings.register_profile("tocsin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tocsin")

REQUIRE_SHARED = os.environ.get("TOCSIN_REQUIRE_SHARED") == "1"
SHARED = Path(os.environ.get("TOCSIN_SHARED") or Path(__file__).resolve().parents[1].parent / "shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=2, help="how often tests/faults kills the sending node")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests under tests/outside need ../shared: without it they fail where it is required, else are reported as not run."""
    if SHARED.is_dir() or REQUIRE_SHARED:
        return
    for item in items:
        if "outside" in Path(item.path).parts:
            item.add_marker(pytest.mark.skip(reason="not run: reference material is not here (set TOCSIN_SHARED)"))


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
