"""The join piece by piece: long work shows how far it is, can be stopped at any instant, and goes on where it was."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

import numpy as np

from tocsin.review.columns import IncidentPoints, Ints, WarnedAreas
from tocsin.review.join import IncidentIndex, Pairs, find_pairs

CHUNK = 50_000
"""Warnings joined at a time: what is lost when the work is stopped, and what bounds the memory."""


class FinishedChunks(Protocol):
    """Chunks that were finished, in this run or an earlier one on the same warnings and incidents."""

    def pairs_of(self, number: int) -> Pairs | None:
        """The pairs of that chunk; None if it is not finished."""

    def add(self, number: int, pairs: Pairs) -> None:
        """Keep a finished chunk: it is there after a crash, or not at all."""


def join_in_chunks(
    areas: WarnedAreas,
    index: IncidentIndex,
    *,
    finished: FinishedChunks | None = None,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
    size: int = CHUNK,
) -> Pairs:
    """All pairs, in the order of warning and incident; the same whatever the size of a chunk and however often stopped.

    `tell` is called with how many chunks are done, and of how many, after each.
    """
    chunks = chunks_of(areas, size)
    found = []
    for number, rows in enumerate(chunks):
        pairs = finished.pairs_of(number) if finished else None
        if pairs is None:
            inside = find_pairs(areas.take(rows), index)
            pairs = Pairs(warning=rows[inside.warning], incident=inside.incident)
            if finished:
                finished.add(number, pairs)
        found.append(pairs)
        tell(number + 1, len(chunks))
    warning = np.concatenate([one.warning for one in found]) if found else np.empty(0, np.int64)
    incident = np.concatenate([one.incident for one in found]) if found else np.empty(0, np.int64)
    # Within a chunk the pairs of a warning stand together and in order: a stable sort by warning keeps that.
    order = np.argsort(warning, kind="stable")
    return Pairs(warning=warning[order], incident=incident[order])


def chunks_of(areas: WarnedAreas, size: int) -> tuple[Ints, ...]:
    """Rows of warnings, neighbours together, so many at a time: each chunk depends on no other."""
    south_west = np.floor(areas.box[:, :2]).astype(np.int64)
    order = np.lexsort((areas.first, south_west[:, 0], south_west[:, 1]))
    return tuple(order[at : at + size] for at in range(0, len(order), size))


def digest_work(areas: WarnedAreas, points: IncidentPoints, size: int = CHUNK) -> str:
    """Hex SHA-256 of all that the chunks depend on: chunks of other work are never taken for chunks of this."""
    columns = (areas.first, areas.last, areas.corners, areas.starts, points.at, points.lon, points.lat)
    found = sha256(f"tocsin-pairs/1 {size}".encode())
    for one in columns:
        found.update(f" {one.shape} {one.dtype} ".encode())
        found.update(np.ascontiguousarray(one).data)
    return found.hexdigest()
