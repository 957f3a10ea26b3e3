"""The same messages by others who check the structure of CAP, beside ours: the small ones of `tocsin bench cap FOLDER`.

Run in an environment of its own, from the root of the repository:

    python -m venv /tmp/peers && /tmp/peers/bin/pip install capvalidator==0.1.0.dev4 lxml msgspec geographiclib numpy shapely
    PYTHONPATH=src taskset -c 0 /tmp/peers/bin/python bench/peers/cap.py FOLDER

Prints messages a second for each, three times in turn, by processor time. What a peer refuses counts as checked.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import capvalidator

from tocsin.bench.cap import SMALL, corpus_messages
from tocsin.cap.check import check_cap

PASSES = 10
TURNS = 3


def rate(messages: list[bytes], check: Callable[[bytes], object]) -> float:
    """Messages a second: the best of PASSES over all of them."""
    best = float("inf")
    for _ in range(PASSES):
        start = process_time()
        for raw in messages:
            try:
                check(raw)
            except Exception:  # noqa: BLE001, S112  # whatever a peer raises is its answer
                continue
        best = min(best, process_time() - start)
    return len(messages) / best


if __name__ == "__main__":
    small = [raw for raw in corpus_messages(Path(sys.argv[1])) if len(raw) <= SMALL]
    for _ in range(TURNS):
        ours, theirs = rate(small, check_cap), rate(small, capvalidator.check_schema)
        print(f"ours {ours:.0f}, capvalidator {theirs:.0f}: {ours / theirs:.2f} times")  # noqa: T201  # a script
