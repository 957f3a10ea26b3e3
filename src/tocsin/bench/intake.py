"""`tocsin bench intake`: how well reference texts are read, field by field, and how fast."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tocsin.bench.figures import Figure
from tocsin.bench.gold import Counts, GoldText, gold_texts, score
from tocsin.errors import InputError
from tocsin.gazetteer import open_gazetteer
from tocsin.intake.container import Part, extract_part
from tocsin.intake.extract import reading_as_json
from tocsin.track_record.intervals import wilson

GOALS = {
    "place names": (0.95, 0.998, "F1"),
    "threatened places": (0.92, 0.956, "recall"),
    "country of a place": (0.98, 1.0, "share"),
    "date of issue": (0.97, 1.0, "share"),
    "window": (0.90, 0.97, "share"),
    "methods": (0.88, 0.917, "F1"),
    "targets": (0.86, 0.90, "F1"),
    "advice": (0.90, 0.976, "F1"),
    "actors": (0.85, 0.94, "F1"),
    "issuer": (0.95, 1.0, "share"),
    "claims: who": (0.80, 0.84, "share"),
    "claims: who and to": (0.60, None, "share"),
}
"""Field: its goal, the agreement of two annotations (the ceiling), and how it is counted (INTAKE 2)."""
SECONDS = 2.0
Z95 = 1.959963984540054


def bench_intake(_folder: Path, say: Callable[[str], None], data: Path | None) -> tuple[Figure, ...]:
    """Read every text of `data` (gold.jsonl, text/) and count. InputError without a folder."""
    if data is None:
        raise InputError(
            "bench intake has no texts", hint="name a folder with gold.jsonl and text/: tocsin bench intake FOLDER"
        )
    texts = gold_texts(data)
    say(f"{len(texts)} texts")
    return (*_quality(texts), _speed(texts), *_loading())


def _quality(texts: tuple[GoldText, ...]) -> Iterator[Figure]:
    gazetteer = open_gazetteer()
    total: dict[str, Counts] = {}
    for one in texts:
        read = reading_as_json(extract_part(Part(one.text), gazetteer=gazetteer), file=one.id)
        for field, counts in score(one.answer, read).items():
            total[field] = total.get(field, Counts()) + counts
    for field, (goal, ceiling, how) in GOALS.items():
        counts = total[field]
        value = counts.f1 if how == "F1" else counts.share
        low, high = wilson(counts.right, counts.wanted, Z95) or (0.0, 1.0)
        note = f"n {counts.wanted}, right {counts.right}, found {counts.found}; 95 % {low:.3f} to {high:.3f} of wanted"
        beside = {} if ceiling is None else {"ceiling": ceiling}
        yield Figure(name=field, value=value, unit=how, better="higher", goal=goal, beside=beside, note=note)


def _speed(texts: tuple[GoldText, ...]) -> Figure:
    gazetteer = open_gazetteer()
    read, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        for one in texts:
            extract_part(Part(one.text), gazetteer=gazetteer)
        read += len(texts)
    rate = read / (time.perf_counter() - start)
    return Figure(name="texts a second", value=rate, unit="1/s", better="higher", goal=500, note="one core")


_LOAD = """
import json, time
import tocsin.node
from tocsin.bench.figures import resident_mb
before = resident_mb("self")
start = time.perf_counter()
tocsin.node.open_gazetteer().look_up("moscow")
took = time.perf_counter() - start
print(json.dumps([took * 1000, resident_mb("self") - before]))
"""


def _loading() -> Iterator[Figure]:
    """What opening the gazetteer costs a process of its own, once the index is compiled."""
    open_gazetteer()
    made = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True, text=True)
    milliseconds, megabytes = json.loads(made.stdout)
    yield Figure(name="loading the gazetteer", value=milliseconds, unit="ms", better="lower", goal=50)
    yield Figure(name="memory of the gazetteer", value=megabytes, unit="MB", better="lower", goal=60)
