"""Finished chunks of a join in one file that only grows; what a crash tore off its end is joined again."""

import fcntl
import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tocsin.errors import InputError, StateError
from tocsin.review.join import Pairs

_HEAD = re.compile(rb"chunk (0|[1-9][0-9]{0,9}) ([0-9]{1,12}) ([0-9a-f]{64})\n")
_LINE = 128


class ChunkFile:
    """Serves FinishedChunks (review.chunks). The first line names the work by its digest, each chunk carries one of its own.

    InputError if the file is of other work, StateError if another process is at it.
    """

    def __init__(self, path: Path, work: str) -> None:
        self._title = f"tocsin-pairs/1 {work}\n".encode()
        self._file: BinaryIO = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise StateError(f"another process is joining into {path}") from None
        self._check_title(path)
        self._places = dict(self._whole_chunks())

    def pairs_of(self, number: int) -> Pairs | None:
        """The pairs of that chunk; None if it is not finished."""
        place = self._places.get(number)
        if place is None:
            return None
        start, count = place
        self._file.seek(start)
        columns = np.frombuffer(self._file.read(count * 16), dtype="<i8").reshape(2, count)
        return Pairs(warning=columns[0], incident=columns[1])

    def add(self, number: int, pairs: Pairs) -> None:
        """Append the chunk; it is on the disk when this returns."""
        body = np.stack([pairs.warning, pairs.incident]).astype("<i8").tobytes()
        head = f"chunk {number} {len(pairs)} {sha256(body).hexdigest()}\n".encode()
        end = self._file.seek(0, os.SEEK_END)
        self._file.write(head + body)
        self._sync()
        self._places[number] = (end + len(head), len(pairs))

    def close(self) -> None:
        """Let go of the file; it stays."""
        self._file.close()

    def _check_title(self, path: Path) -> None:
        self._file.seek(0)
        found = self._file.read(len(self._title))
        if not found or (self._title.startswith(found) and found != self._title):
            self._file.truncate(0)
            self._file.write(self._title)
            self._sync()
        elif found != self._title:
            self._file.close()
            raise InputError(
                f"{path} is not of this work: it begins with {found[:40]!r}",
                hint="it holds chunks of other warnings or incidents; name another file",
            )

    def _whole_chunks(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Where each chunk stands and its pairs; the file is cut where the first one is torn or false."""
        at = len(self._title)
        while True:
            self._file.seek(at)
            head = _HEAD.match(self._file.read(_LINE))
            if head is None:
                break
            number, count, start = int(head[1]), int(head[2]), at + head.end()
            self._file.seek(start)
            body = self._file.read(count * 16)
            if len(body) < count * 16 or sha256(body).hexdigest().encode() != head[3]:
                break
            yield number, (start, count)
            at = start + count * 16
        self._file.truncate(at)

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
