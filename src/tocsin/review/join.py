"""Which of a million incidents fell into which of a hundred thousand warnings: the plan of the join, and its numpy form."""

from typing import Protocol

import numpy as np
from msgspec import Struct

from tocsin.review.columns import ERA, Bools, Floats, IncidentPoints, Ints, WarnedAreas

MAX_CELLS = 64
"""A warning over more square degrees is wide: it is looked up by itself, for its cells would crowd out all others."""


class Pairs(Struct, frozen=True, kw_only=True, eq=False):
    """Rows of warnings and rows of incidents, pair by pair; each of shape (p,)."""

    warning: Ints
    incident: Ints

    def __len__(self) -> int:
        return len(self.warning)


class IncidentIndex(Protocol):
    """Incidents laid out so that those near a warning are found without looking at the others."""

    @property
    def points(self) -> IncidentPoints:
        """The incidents themselves."""

    def find_candidates(self, areas: WarnedAreas) -> Pairs:
        """Every pair whose incident falls into time and box of the warning, and no other; in any order, none twice."""


class CellSpans(Struct, frozen=True, kw_only=True, eq=False):
    """The square degrees that the box of each warning touches: so many rows and columns from the first on; each (n,)."""

    row: Ints
    rows: Ints
    column: Ints
    columns: Ints

    @property
    def count(self) -> Ints:
        """Cells per warning."""
        product: Ints = self.rows * self.columns
        return product


def plan_cells(areas: WarnedAreas) -> CellSpans:
    """Which cells each warning touches; a box of a whole turn touches each cell of a row once."""
    west, south, east, north = (np.floor(one).astype(np.int64) for one in areas.box.T)
    return CellSpans(row=south, rows=north - south + 1, column=west, columns=np.minimum(east - west + 1, 360))


def explode(spans: CellSpans, rows: Ints) -> tuple[Ints, Ints]:
    """Every cell of these warnings, with the row of the warning beside it, in the order of `rows`."""
    counts = spans.count[rows]
    warning = np.repeat(rows, counts)
    number = np.arange(len(warning)) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(number, spans.columns[warning])
    return warning, cell_of(spans.row[warning] + row, spans.column[warning] + column)


def cell_of(row: Ints, column: Ints) -> Ints:
    """One number for a degree of latitude and one of longitude, taken round the globe."""
    cell: Ints = (row + 90) * 360 + (column + 180) % 360
    return cell


def cells_of(points: IncidentPoints) -> Ints:
    """The one cell of each incident, so that each pair is found at one place."""
    return cell_of(np.floor(points.lat).astype(np.int64), np.floor(points.lon).astype(np.int64))


class SortedIncidents:
    """The numpy form of IncidentIndex: incidents in the order of cell and time, so that a search finds exactly those in time."""

    def __init__(self, points: IncidentPoints) -> None:
        keys = _key(cells_of(points), points.at)
        self._order: Ints = np.argsort(keys)
        self._keys: Ints = keys[self._order]
        self.points = points

    def find_candidates(self, areas: WarnedAreas) -> Pairs:
        """All warnings of up to 64 cells at once, the wide ones one by one."""
        spans = plan_cells(areas)
        wide = spans.count > MAX_CELLS
        found = [self._find(areas, *explode(spans, np.flatnonzero(~wide)))]
        found += [self._find(areas, *explode(spans, np.array([one]))) for one in np.flatnonzero(wide)]
        return Pairs(
            warning=np.concatenate([one.warning for one in found]),
            incident=np.concatenate([one.incident for one in found]),
        )

    def _find(self, areas: WarnedAreas, warning: Ints, cell: Ints) -> Pairs:
        begin = np.searchsorted(self._keys, _key(cell, areas.first[warning]), "left")
        sizes = np.searchsorted(self._keys, _key(cell, areas.last[warning]), "right") - begin
        warnings = np.repeat(warning, sizes)
        places = np.arange(len(warnings)) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        incidents = self._order[places]
        meets = _in_box(areas, self.points, warnings, incidents)
        return Pairs(warning=warnings[meets], incident=incidents[meets])


def find_pairs(areas: WarnedAreas, index: IncidentIndex) -> Pairs:
    """Every pair whose incident lies in the warning's ring or on its border, from its first to its last second.

    In the order of warning and incident.
    """
    found = index.find_candidates(areas)
    inside = _lies_inside(areas, index.points, found)
    warning, incident = found.warning[inside], found.incident[inside]
    order = np.lexsort((incident, warning))
    return Pairs(warning=warning[order], incident=incident[order])


def _key(cell: Ints, at: Ints) -> Ints:
    key: Ints = cell * (2 * ERA) + at
    return key


def _in_box(areas: WarnedAreas, points: IncidentPoints, warning: Ints, incident: Ints) -> Bools:
    west, south, east, north = (one[warning] for one in np.ascontiguousarray(areas.box.T))
    lon, lat = _turn(points.lon[incident], west), points.lat[incident]
    inside: Bools = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _lies_inside(areas: WarnedAreas, points: IncidentPoints, found: Pairs) -> Bools:
    import shapely

    touched = np.bincount(found.warning, minlength=len(areas)) > 0
    some = areas.take(np.flatnonzero(touched))
    ring = np.repeat(np.arange(len(some)), np.diff(some.starts))
    shapes = np.asarray(shapely.polygons(shapely.linearrings(some.corners, indices=ring)))
    place = np.cumsum(touched) - 1
    lon = _turn(points.lon[found.incident], areas.box[found.warning, 0])
    inside: Bools = shapely.intersects_xy(shapes[place[found.warning]], lon, points.lat[found.incident])
    return inside


def _turn(lon: Floats, west: Floats) -> Floats:
    """The longitudes, a whole turn on where they lie west of the box."""
    turned: Floats = np.where(lon < west, lon + 360, lon)
    return turned
