"""Which reports repeat one origin: the same text nearly word for word, the same quotation, or the same named source."""

import hashlib
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from tocsin.core.expression import Expression

SHINGLE = 4
"""Words of one shingle."""
ROWS, BANDS = 2, 32
"""Of the sketch: two texts are held against each other if one pair of its hashes agrees; 99 of 100 do at a likeness of .4."""
MOST_BESIDE = 8
"""Texts of one bucket that a new one is held against."""
LIKENESS = 0.25
"""Share of shingles in common from which two texts repeat one origin. Of the 93 reference texts no two that tell of different
warnings share more than .11; copies in which one word of ten was changed share .49 in the middle and seldom less than .25."""
QUOTED_WORDS = 6
"""A quotation shorter than this can be said twice by chance."""
_HASHES = struct.Struct(f">{ROWS * BANDS}I")
_WORD = Expression(r"[^\W_]+")
_QUOTATION = Expression(r"[\"“«]([^\"”»\n]{20,600})[\"”»]")


class Sourced(Struct, frozen=True):
    """One report: its text and, where it names them, through whom it reached us, the first speaker first."""

    report: str
    text: str
    sources: tuple[str, ...] = ()


def likeness_keys(report: Sourced) -> frozenset[str]:
    """By which a text is found again: two that repeat one origin have one in common, in 99 of 100 cases.

    Pieces of its sketch, and its quotations. A store that indexes them finds the few texts that `group_by_origin` is to
    hold against a new one, however many there are.
    """
    bands = {f"b{band}:{value.hex()}" for band, value in _bands(_shingles(report.text))}
    return frozenset(bands | {f"q:{_digest(words)}" for words in _quotations(report)})


def source_keys(report: Sourced) -> frozenset[str]:
    """By which two reports are found that name the same first speaker."""
    return frozenset(f"s:{_digest(source)}" for source in _first_source(report))


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def group_by_origin(reports: Sequence[Sourced]) -> tuple[frozenset[str], ...]:
    """The reports in groups that each count as one witness, in the order of their first. Linear in the number of reports."""
    parent = {one.report: one.report for one in reports}

    def root(report: str) -> str:
        while parent[report] != report:
            parent[report] = parent[parent[report]]
            report = parent[report]
        return report

    for one, other in (*_alike(reports), *_sharing(reports, _quotations), *_sharing(reports, _first_source)):
        parent[root(other)] = root(one)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for sourced in reports:
        groups[root(sourced.report)].add(sourced.report)
    return tuple(frozenset(group) for group in groups.values())


def independent_origins(reports: Sequence[Sourced]) -> int:
    """How many witnesses there are. Ten copies of one message are one.

    >>> independent_origins([Sourced("R-1", "Avoid the market on Friday."), Sourced("R-2", "Avoid the market on Friday!")])
    1
    """
    return len(group_by_origin(reports))


def likeness(one: str, other: str) -> float:
    """Share of shingles that two texts have in common, of all that either has; 1 for two empty texts."""
    return _common(_shingles(one), _shingles(other))


def _common(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    either = len(one | other)
    return len(one & other) / either if either else 1.0


def _alike(reports: Sequence[Sourced]) -> Iterable[tuple[str, str]]:
    """Pairs of near duplicates, each found in a bucket of its sketch and held against the texts themselves."""
    buckets: defaultdict[tuple[int, bytes], list[str]] = defaultdict(list)
    known: dict[str, frozenset[bytes]] = {}
    for one in reports:
        shingles = known[one.report] = _shingles(one.text)
        keys = tuple(_bands(shingles))
        beside = dict.fromkeys(other for key in keys for other in buckets[key])
        yield from ((other, one.report) for other in beside if _common(shingles, known[other]) >= LIKENESS)
        for key in keys:
            if len(buckets[key]) < MOST_BESIDE:
                buckets[key].append(one.report)


def _bands(shingles: frozenset[bytes]) -> Iterable[tuple[int, bytes]]:
    sketch = _sketch(shingles)
    size = len(sketch) // BANDS
    for band in range(BANDS):
        yield band, sketch[band * size : (band + 1) * size]


def _sketch(shingles: frozenset[bytes]) -> bytes:
    """For each of the permutations the least hash of all shingles; all of them come out of one digest."""
    least: Iterable[int] | None = None
    for shingle in shingles:
        hashes = _HASHES.unpack(hashlib.shake_128(shingle).digest(_HASHES.size))
        least = hashes if least is None else tuple(map(min, least, hashes))
    return b"" if least is None else _HASHES.pack(*least)


def _shingles(text: str) -> frozenset[bytes]:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < SHINGLE:
        return frozenset({" ".join(words).encode()} if words else ())
    return frozenset(" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1))


def _sharing(reports: Sequence[Sourced], keys: Callable[[Sourced], Iterable[str]]) -> Iterable[tuple[str, str]]:
    first: dict[str, str] = {}
    for one in reports:
        for key in keys(one):
            other = first.setdefault(key, one.report)
            if other != one.report:
                yield other, one.report


def _quotations(one: Sourced) -> Iterable[str]:
    for found in _QUOTATION.finditer(one.text):
        words = [word.lower() for word in _WORD.findall(found[1])]
        if len(words) >= QUOTED_WORDS:
            yield " ".join(words)


def _first_source(one: Sourced) -> Iterable[str]:
    return tuple(source.casefold() for source in one.sources[:1])
