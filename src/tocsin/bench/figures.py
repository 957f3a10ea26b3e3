"""One measured figure with its goal, and the machine on which it was measured."""

import os
import platform
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

SYNCS = 50


class Figure(Struct, frozen=True, kw_only=True):
    """`goal` is None where a figure is only told. `beside` holds what a floor or a peer reached in the same run."""

    name: str
    value: float
    unit: str
    better: Literal["higher", "lower"]
    goal: float | None = None
    beside: Mapping[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.better == "higher" else self.value <= self.goal


def figures_as_json(figures: Sequence[Figure]) -> dict[str, Any]:
    """The shape of `tocsin bench … --json` (DESIGN 6)."""
    return {
        "machine": measure_machine(),
        "figures": [
            {
                "name": one.name,
                "value": round(one.value, 3),
                "unit": one.unit,
                "better": one.better,
                "goal": one.goal,
                "met": one.met,
                "beside": {name: round(value, 3) for name, value in one.beside.items()},
                "note": one.note,
            }
            for one in figures
        ],
    }


def measure_machine() -> dict[str, Any]:
    """Cores, memory in MB, the median of one fsync of 4 kB in milliseconds, and the Python that runs."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": os.cpu_count(),
        "memory": pages * size // 2**20,
        "fsync_ms": round(_fsync_seconds() * 1000, 3),
        "python": platform.python_version(),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed; nearest rank.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]


def resident_mb(process: int | Literal["self"]) -> float:
    """What that process has in memory now, in MB as the kernel counts it. Its peak would not do: a child begins with its parent's."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _fsync_seconds() -> float:
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "sync").open("wb") as file:
        took = []
        for _ in range(SYNCS):
            file.write(b"\0" * 4096)
            file.flush()
            start = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - start)
    return percentile(took, 0.5)
