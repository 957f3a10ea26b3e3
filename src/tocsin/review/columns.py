"""Many warnings and many incidents as columns of numbers: a ring and a span of seconds each, a point and a second each."""

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from tocsin.errors import InputError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ERA = 2**39
"""Seconds before and after 1970 that are taken, 17,000 years: they fit beside a place into one number."""


class IncidentPoints(Struct, frozen=True, kw_only=True, eq=False):
    """m incidents: `at` in seconds since 1970 UTC; `lon` in -180 up to but not 180 and `lat`, degrees on WGS 84. Each (m,)."""

    at: Ints
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.at)


class WarnedAreas(Struct, frozen=True, kw_only=True, eq=False):
    """n warnings: from `first` to `last` (seconds since 1970 UTC, both inside) within one ring each, its border inside.

    `corners` is (k, 2), longitude first, ring i being corners[starts[i]:starts[i + 1]]. `box` is (n, 4): west, south, east,
    north. West lies in -180 up to but not 180, east at most 360 beyond: a ring across the antimeridian stays whole.
    """

    first: Ints
    last: Ints
    corners: Floats
    starts: Ints
    box: Floats

    def __len__(self) -> int:
        return len(self.first)

    def take(self, rows: Ints) -> "WarnedAreas":
        """These rows alone, in this order."""
        sizes = np.diff(self.starts)[rows]
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        inside = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], sizes)
        return WarnedAreas(
            first=self.first[rows],
            last=self.last[rows],
            corners=self.corners[inside],
            starts=starts,
            box=self.box[rows],
        )


def make_points(*, at: Ints, lon: Floats, lat: Floats) -> IncidentPoints:
    """Incidents from three columns. InputError if they differ in length, or names the first row that is off the globe."""
    _check_era("incident", at)
    if not at.shape == lon.shape == lat.shape == (len(at),):
        raise InputError(f"incidents have {len(at)} times, {len(lon)} longitudes and {len(lat)} latitudes")
    _check_on_globe("incident", lon, lat)
    # One meridian, one number: otherwise a point at 180 would miss a ring that begins at -180.
    return IncidentPoints(at=at, lon=np.where(lon >= 180, lon - 360, lon), lat=lat)


def make_areas(*, first: Ints, last: Ints, corners: Floats, starts: Ints) -> WarnedAreas:
    """Warnings from their columns; rings are closed as in CAP (at least four corners, the last one equal to the first).

    An edge of more than half a turn goes the shorter way, over the antimeridian; one of a whole turn goes round the globe.
    A warning of several polygons is several rows: whoever counts joins them. InputError names the first row whose ring is
    not closed or lies round a pole, or whose time ends before it begins.
    """
    sizes = np.diff(starts)
    if not len(first) == len(last) == len(starts) - 1 or starts[0] != 0 or starts[-1] != len(corners):
        raise InputError(f"warnings have {len(first)} starts, {len(last)} ends and {len(starts) - 1} rings")
    _check_era("warning", first)
    _check_era("warning", last)
    _check_rows("ends before it begins", last < first)
    _check_rows("is not a closed ring of four corners or more", sizes < 4)
    _check_on_globe("corner", corners[:, 0], corners[:, 1])
    if not len(first):
        return WarnedAreas(first=first, last=last, corners=corners, starts=starts, box=np.empty((0, 4)))
    heads, ends = starts[:-1], starts[1:] - 1
    _check_rows("is not a closed ring of four corners or more", (corners[heads] != corners[ends]).any(axis=1))
    lon = _unwrap(corners[:, 0], heads, sizes)
    _check_rows("lies round a pole, which a ring of degrees cannot say", lon[heads] != lon[ends])
    west = np.minimum.reduceat(lon, heads)
    turn = -360 * np.floor((west + 180) / 360)
    lon = lon + np.repeat(turn, sizes)
    whole = np.column_stack([lon, corners[:, 1]])
    box = np.hstack([np.minimum.reduceat(whole, heads), np.maximum.reduceat(whole, heads)])
    _check_rows("spans more than a whole turn", box[:, 2] - box[:, 0] > 360)
    return WarnedAreas(first=first, last=last, corners=whole, starts=starts, box=box)


def _unwrap(lon: Floats, heads: Ints, sizes: Ints) -> Floats:
    """Each ring on one line of longitudes, from its first corner on."""
    step = np.diff(lon, prepend=lon[:1])
    step[heads] = 0
    over = np.where((np.abs(step) > 180) & (np.abs(step) < 360), -np.sign(step), 0)
    turns = np.cumsum(over)
    unwrapped: Floats = lon + 360 * (turns - np.repeat(turns[heads], sizes))
    return unwrapped


def _check_on_globe(kind: str, lon: Floats, lat: Floats) -> None:
    off = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if off.any():
        row = int(off.argmax())
        raise InputError(
            f"{kind} {row} at {lat[row]},{lon[row]} is not on the globe",
            hint="latitude -90..90, longitude -180..180; are the two swapped?",
        )


def _check_era(kind: str, at: Ints) -> None:
    wrong = np.abs(at) >= ERA
    if wrong.any():
        raise InputError(f"{kind} {int(wrong.argmax())} lies {at[wrong][0]} s from 1970, expected seconds in UTC")


def _check_rows(what: str, wrong: Bools) -> None:
    if wrong.any():
        raise InputError(f"warning {int(wrong.argmax())} {what}")
