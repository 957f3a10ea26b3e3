"""Warnings of others as columns: what each version said, where and from when to when, and which came after it in its chain."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from msgspec import Struct, field

from tocsin.core.area import Polygon
from tocsin.core.threat import Level, Place
from tocsin.errors import InputError
from tocsin.review.columns import ERA, Bools, Floats, Ints, WarnedAreas, make_areas
from tocsin.review.matching import ReviewedWarning, Told
from tocsin.review.rings import ring_about

_NAMED = frozenset({Level.REGION, Level.COUNTRY})


class Versions(Struct, frozen=True, kw_only=True, eq=False):
    """v versions of c chains, n rings. All instants are seconds since 1970 UTC.

    `issued` and `until` (v,) say when a version was the newest of its chain, both included. `chain` (v,) is the row of its
    chain, `told` (c,) to whom that was told, `since` (c,) when it began, and `could_fail` (c,) whether any version of it had
    an end and a place. `areas` has from when to when each ring counts, `ring_of` (n,) its version, `circle` (n, 3) latitude,
    longitude and km of those that are circles, which their ring only encloses; not a number for polygons. `named` are
    regions and countries, each with the versions that name it; `first` and `last` (v,) are for them.
    """

    issued: Ints
    until: Ints
    first: Ints
    last: Ints
    chain: Ints
    told: tuple[Told, ...]
    since: Ints
    could_fail: Bools
    areas: WarnedAreas
    ring_of: Ints
    circle: Floats
    named: tuple[tuple[Place, Ints], ...]


def make_versions(warnings: Iterable[ReviewedWarning]) -> Versions:
    """The columns of these warnings, which may be more than memory holds as objects. InputError if an id stands twice.

    A version that withdraws its chain (its window is over when it is issued) only ends what was said before. One without
    an end or without any place that can be measured cannot fail. Public and private versions are chains of their own.
    """
    made = _Made()
    for one in warnings:
        made.add(one)
    return made.columns()


class _Made(Struct):
    """What is known while the warnings go by; a warning itself is not kept."""

    ids: set[str] = field(default_factory=set)
    chains: dict[tuple[str, Told], int] = field(default_factory=dict)
    order: list[tuple[int, int, str]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    rings: list[Floats] = field(default_factory=list)
    ring_of: list[int] = field(default_factory=list)
    circle: list[tuple[float, float, float]] = field(default_factory=list)
    named: defaultdict[Place, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, one: ReviewedWarning) -> None:
        if one.id in self.ids:
            raise InputError(f"warning {one.id!r} stands twice, expected once", hint="was a file given twice?")
        self.ids.add(one.id)
        number = len(self.order)
        chain = self.chains.setdefault((one.chain or one.id, one.told), len(self.chains))
        issued = seconds(one.issued)
        self.order.append((chain, issued, one.id))
        start, end = one.window.start, one.window.end
        # A last instant before the first one is never met: without an end nothing can be said to have come true.
        self.spans.append((seconds(start) if start else issued, seconds(end) if end else -ERA))
        if end is None or end <= one.issued:
            return
        areas = (*((one.area,) if one.area else ()), *(place.area for place in one.threat.places))
        for polygon in (shape for area in areas for shape in area.polygons):
            self._add_ring(number, _corners(polygon), (np.nan,) * 3)
        for circle in (shape for area in areas for shape in area.circles):
            self._add_ring(number, ring_about(circle), (circle.centre.lat, circle.centre.lon, circle.radius_km))
        for place in dict.fromkeys(place for place in one.threat.places if _is_named(place)):
            self.named[place].append(number)

    def _add_ring(self, version: int, ring: Floats, circle: tuple[float, float, float]) -> None:
        self.rings.append(ring)
        self.ring_of.append(version)
        self.circle.append(circle)

    def columns(self) -> Versions:
        issued = np.array([one for _, one, _ in self.order], dtype=np.int64)
        chain = np.array([one for one, _, _ in self.order], dtype=np.int64)
        first, last = np.array(self.spans, dtype=np.int64).reshape(-1, 2).T
        ring_of = np.array(self.ring_of, dtype=np.int64)
        since = np.full(len(self.chains), ERA, dtype=np.int64)
        np.minimum.at(since, chain, issued)
        could_fail = np.zeros(len(self.chains), dtype=np.bool_)
        named = tuple((place, np.array(rows, dtype=np.int64)) for place, rows in self.named.items())
        for rows in (ring_of, *(rows for _, rows in named)):
            could_fail[chain[rows]] = True
        return Versions(
            issued=issued,
            until=_until(self.order),
            first=first.copy(),
            last=last.copy(),
            chain=chain,
            told=tuple(told for _, told in self.chains),
            since=since,
            could_fail=could_fail,
            areas=make_areas(
                first=first[ring_of],
                last=last[ring_of],
                corners=np.concatenate(self.rings) if self.rings else np.empty((0, 2)),
                starts=np.cumsum([0, *map(len, self.rings)], dtype=np.int64),
            ),
            ring_of=ring_of,
            circle=np.array(self.circle, dtype=np.float64).reshape(-1, 3),
            named=named,
        )


def seconds(at: datetime) -> int:
    """Whole seconds since 1970, the part of a second left off: what is told to the second is compared to the second."""
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() // 1)


def _until(order: list[tuple[int, int, str]]) -> Ints:
    """The last second before the next version of the chain; of two in one second the one with the greater id counts."""
    rows = sorted(range(len(order)), key=order.__getitem__)
    until = np.full(len(order), ERA, dtype=np.int64)
    for row, following in pairwise(rows):
        if order[row][0] == order[following][0]:
            until[row] = order[following][1] - 1
    return until


def _is_named(place: Place) -> bool:
    return place.level in _NAMED and place.country != "XX"


def _corners(polygon: Polygon) -> Floats:
    return np.array([(corner.lon, corner.lat) for corner in polygon.ring], dtype=np.float64)
