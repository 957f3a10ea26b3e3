"""Holds the check of CAP to files that are nearly right: an answer to each, the same one twice, never an exception."""

import hashlib
import json
import random
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from lxml import etree
from tests.fuzz.edges import Edges
from tests.fuzz.mutate import mutate_bytes, mutate_tree

import tocsin.cap
from tocsin.cap.check import check_cap, checked_as_json
from tocsin.cap.opening import open_xml
from tocsin.errors import InputError

VECTORS = Path(__file__).parents[1] / "vectors" / "cap"
RUNS = 4_000
"""Without `--fuzz-minutes`: some seconds of it in every test run, always the same."""
SEED = 7
TRACED = 100
"""One run in so many is followed: what that costs is not seen in the time of all."""
MAX_KEPT = 1_000
"""Inputs that took a new edge and are changed further."""


def complaint(raw: bytes) -> str:
    """What is wrong with the answer to these bytes; empty if nothing is."""
    try:
        first, again = check_cap(raw), check_cap(raw)
        told = [json.dumps(checked_as_json(one, file="f")) for one in first]
    except Exception as error:  # noqa: BLE001  # whatever escapes is what is looked for
        return f"{type(error).__name__}: {error}"
    if first != again:
        return "two answers"
    return "" if all(len(one) < 200_000 + 50 * len(raw) for one in told) else "an answer without end"


def hold_to_answers(seeds: Sequence[bytes], minutes: float) -> None:
    """Change the seeds for so long, at least RUNS times; what breaks the check is kept as a vector and fails the test."""
    seed = int(time.time()) if minutes else SEED
    dice = random.Random(seed)
    pool, edges = list(seeds), Edges(Path(tocsin.cap.__file__).parent)
    for raw in seeds:
        edges.follow(partial(check_cap, raw))
    known = len(edges.taken)
    end, runs = time.monotonic() + 60 * minutes, 0
    while runs < RUNS or time.monotonic() < end:
        raw = _change(dice.choice(pool), dice)
        why = complaint(raw)
        if why:
            kept = VECTORS / f"{hashlib.sha256(raw).hexdigest()[:12]}.xml"
            kept.write_bytes(raw)
            pytest.fail(f"{why}; seed {seed}, run {runs}, kept as {kept.name}")
        if runs % TRACED == 0 and edges.follow(partial(check_cap, raw)) and len(pool) < len(seeds) + MAX_KEPT:
            pool.append(raw)
        runs += 1
    print(
        f"{runs} changed files, {len(edges.taken)} edges of tocsin.cap, {known} of them by the files as they are,"
        f" {len(pool) - len(seeds)} kept, seed {seed}"
    )


def _change(raw: bytes, dice: random.Random) -> bytes:
    """Half of the time the tree is changed, half of the time the bytes."""
    if dice.random() < 0.5:
        return mutate_bytes(raw, dice)
    try:
        return etree.tostring(mutate_tree(open_xml(raw), dice))
    except (InputError, ValueError):
        return mutate_bytes(raw, dice)
