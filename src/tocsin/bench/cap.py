"""`tocsin bench cap`: how many CAP messages are checked in a second by every rule, beside the parser alone and peers."""

import csv
import importlib
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from tocsin.bench.figures import Figure
from tocsin.cap.check import check_cap
from tocsin.errors import InputError

SMALL = 64 * 1024
SECONDS = 2.0
FEED_BYTES = 10_000_000
MEMORY_MESSAGES = 1_000_000
_Read = Callable[[bytes], object]


def bench_cap(_folder: Path, say: Callable[[str], None], data: Path | None) -> tuple[Figure, ...]:
    """Check the messages in `data` (MANIFEST.tsv and files) again and again. InputError without a folder."""
    if data is None:
        raise InputError("bench cap has no messages", hint="name a folder with MANIFEST.tsv: tocsin bench cap FOLDER")
    messages = corpus_messages(data)
    small = [raw for raw in messages if len(raw) <= SMALL]
    say(f"{len(messages)} messages, {len(small)} up to 64 KiB")
    floor = {"lxml, parsed only": _rate(small, _parse)}
    peers = {name: _rate(small, read) for name, read in _peers(data)}
    checked = _rate(small, check_cap)
    feed = _feed(small)
    say(f"a feed of {len(feed)} bytes; memory over {MEMORY_MESSAGES} messages")
    feed_rate = len(feed) / 1e6 / _seconds([feed], check_cap)
    return (
        Figure(
            name="messages up to 64 KiB", value=checked, unit="1/s", better="higher", goal=5_000, beside=floor | peers
        ),
        *_beside_peers(checked, peers),
        Figure(
            name="whole corpus",
            value=_rate(messages, check_cap),
            unit="1/s",
            better="higher",
            goal=2_000,
            beside={"lxml, parsed only": _rate(messages, _parse)},
        ),
        Figure(
            name="a feed of 10 MB",
            value=feed_rate,
            unit="MB/s",
            better="higher",
            goal=50,
            beside={"lxml, parsed only": len(feed) / 1e6 / _seconds([feed], _parse)},
        ),
        _memory(small),
    )


def corpus_messages(data: Path) -> list[bytes]:
    """Every CAP message of the manifest (MANIFEST.tsv in that folder) by itself, in its order. InputError if there is none."""
    try:
        with (data / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
            rows = list(csv.DictReader(manifest, delimiter="\t"))
        return [(data / row["file"]).read_bytes() for row in rows if row["kind"].startswith("CAP ")]
    except (OSError, KeyError) as error:
        raise InputError(f"{data} is no folder of messages with a MANIFEST.tsv: {error}") from None


def _parse(raw: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    etree.fromstring(raw, parser)


def _peers(data: Path) -> Iterator[tuple[str, _Read]]:
    """Checkers of others that are installed here, each with its schema kept where it can keep one."""
    schema = data / "xsd" / "CAP-v1.2.xsd"
    if schema.exists():
        # No peer but the bound: what a check of the structure alone costs in C.
        kept = etree.XMLSchema(etree.parse(str(schema)))
        yield "lxml, the standard's schema", lambda raw: kept.validate(etree.fromstring(raw))
    try:
        xmlschema = importlib.import_module("xmlschema")
    except ImportError:
        return
    if schema.exists():
        rules = xmlschema.XMLSchema(str(schema))
        yield "xmlschema", lambda raw: rules.is_valid(raw.decode("utf-8", "replace"))


def _beside_peers(checked: float, peers: dict[str, float]) -> Iterator[Figure]:
    """Against what others that check structure reach; only where one is installed."""
    own = {name: rate for name, rate in peers.items() if not name.startswith("lxml")}
    if own:
        ratio = checked / max(own.values())
        yield Figure(name="beside the fastest peer", value=ratio, unit="times", better="higher", goal=2.5, beside=own)


def _seconds(messages: Sequence[bytes], read: _Read) -> float:
    """Processor time of one pass over all: the best of those that fit in SECONDS."""
    best, end = float("inf"), time.monotonic() + SECONDS
    while time.monotonic() < end:
        start = time.process_time()
        for raw in messages:
            try:
                read(raw)
            except (ValueError, etree.XMLSyntaxError):  # what a peer refuses is read all the same
                continue
        best = min(best, time.process_time() - start)
    return best


def _rate(messages: Sequence[bytes], read: _Read) -> float:
    return len(messages) / _seconds(messages, read)


def _feed(messages: Sequence[bytes]) -> bytes:
    """An Atom feed of the messages in UTF-8, again and again until it has FEED_BYTES."""
    bodies = []
    for raw in messages:
        try:
            bodies.append(etree.tostring(etree.fromstring(raw)))
        except etree.XMLSyntaxError:
            continue
    whole = b"".join(b"<entry><content>" + body + b"</content></entry>" for body in bodies)
    entries = whole * (FEED_BYTES // len(whole) + 1)
    return b'<feed xmlns="http://www.w3.org/2005/Atom">' + entries + b"</feed>"


def _memory(messages: Sequence[bytes]) -> Figure:
    """Growth of the process from a tenth of the messages to all of them."""
    peak = 0
    for number in range(MEMORY_MESSAGES):
        if number == MEMORY_MESSAGES // 10:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        check_cap(messages[number % len(messages)])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) / 1024
    note = f"{MEMORY_MESSAGES} messages, from the first tenth on"
    return Figure(name="memory grown", value=grown, unit="MB", better="lower", goal=5, note=note)
