"""A bounded load over HTTP/1.1 on loopback: so many requests over so many kept connections, each one timed."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from tocsin.errors import StateError


class Load(Struct, frozen=True):
    """What came of it: requests a second over all connections, seconds of each, answers by status."""

    rate: float
    seconds: tuple[float, ...]
    statuses: Counter[int]


def make_request(method: str, path: str, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """The bytes of one request without a body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 0", *(f"{k}: {v}" for k, v in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def run_load(port: int, requests: Sequence[bytes], *, connections: int, status: int = 200) -> Load:
    """Send each request once, `connections` at a time. StateError if any answer has another status."""
    found = asyncio.run(_run(port, requests, connections))
    if set(found.statuses) != {status}:
        raise StateError(f"answers by status: {dict(found.statuses)}, expected {status} alone")
    return found


async def _run(port: int, requests: Sequence[bytes], connections: int) -> Load:
    waiting = iter(requests)
    answers: list[tuple[int, float]] = []
    start = time.perf_counter()
    await asyncio.gather(*(_connection(port, waiting, answers) for _ in range(connections)))
    took = time.perf_counter() - start
    return Load(len(answers) / took, tuple(one for _, one in answers), Counter(status for status, _ in answers))


async def _connection(port: int, waiting: Iterator[bytes], answers: list[tuple[int, float]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        start = time.perf_counter()
        writer.write(request)
        status = await _read_answer(reader)
        answers.append((status, time.perf_counter() - start))
    writer.close()
    await writer.wait_closed()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    length = int(fields.get(b"content-length", b"0"))
    if length:
        await reader.readexactly(length)
    return int(head[9:12])
