"""Incidents of others as columns, and which of them fell into what each version of a warning named."""

from array import array
from collections.abc import Callable, Iterable

import numpy as np
from msgspec import Struct

from tocsin.core.threat import Level, Place
from tocsin.errors import InputError
from tocsin.review.chunks import FinishedChunks, join_in_chunks
from tocsin.review.columns import Bools, IncidentPoints, Ints, make_points
from tocsin.review.facets import differ
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.join import Pairs, SortedIncidents
from tocsin.review.outlines import Outlines
from tocsin.review.rings import lie_within
from tocsin.review.versions import Versions, seconds

CHUNK = 5_000
"""Rings joined at a time: a fraction of a second is lost when the work is stopped."""


class Happened(Struct, frozen=True, kw_only=True, eq=False):
    """m incidents. `occurred` (m,) is false of what was foiled or aborted; `places` are the pairs of country and region code
    that occur, and `place_of` (m,) which of them each has.
    """

    points: IncidentPoints
    occurred: Bools
    places: tuple[tuple[str, str | None], ...]
    place_of: Ints

    def __len__(self) -> int:
        return len(self.points)


def make_happened(incidents: Iterable[Incident]) -> Happened:
    """The columns of these incidents, which may be more than memory holds as objects. InputError if an id stands twice."""
    ids: set[str] = set()
    places: dict[tuple[str, str | None], int] = {}
    numbers, degrees, occurred = array("q"), array("d"), array("b")
    for one in incidents:
        if one.id in ids:
            raise InputError(f"incident {one.id!r} stands twice, expected once", hint="was a file given twice?")
        if one.place.point is None:
            raise InputError(f"incident {one.id!r} has no point, expected one")
        ids.add(one.id)
        code = (one.place.country, one.place.admin1)
        numbers.extend((seconds(one.start), places.setdefault(code, len(places))))
        degrees.extend((one.place.point.lon, one.place.point.lat))
        occurred.append(one.status is IncidentStatus.OCCURRED)
    at, place_of = np.array(numbers, dtype=np.int64).reshape(-1, 2).T.copy()
    lon, lat = np.array(degrees, dtype=np.float64).reshape(-1, 2).T.copy()
    return Happened(
        points=make_points(at=at, lon=lon, lat=lat),
        occurred=np.array(occurred, dtype=np.bool_),
        places=tuple(places),
        place_of=place_of,
    )


def find_version_pairs(
    versions: Versions,
    happened: Happened,
    outlines: Outlines,
    *,
    finished: FinishedChunks | None,
    tell: Callable[[int, int], None],
) -> Pairs:
    """Each version with each incident in what it named, from the start of its window to its end; in order, none twice.

    Borders of polygons and circles, and both ends of the window, belong to it. A region or a country is what has its code,
    and what lies inside its outline, as `judge_place` has it.
    """
    joined = join_in_chunks(versions.areas, SortedIncidents(happened.points), finished=finished, tell=tell, size=CHUNK)
    points = happened.points
    inside = lie_within(versions.circle[joined.warning], points.lat[joined.incident], points.lon[joined.incident])
    found = [(versions.ring_of[joined.warning[inside]], joined.incident[inside])]
    found += [
        _pairs_of(rows, _members(place, happened, outlines), versions, points.at) for place, rows in versions.named
    ]
    key = np.unique(np.concatenate([version * len(happened) + incident for version, incident in found]))
    version, incident = np.divmod(key, max(1, len(happened)))
    return Pairs(warning=version, incident=incident)


def _pairs_of(rows: Ints, members: Ints, versions: Versions, at: Ints) -> tuple[Ints, Ints]:
    """Each of these versions with each of the members in its window."""
    ordered = members[np.argsort(at[members], kind="stable")]
    begin = np.searchsorted(at[ordered], versions.first[rows], "left")
    sizes = np.maximum(np.searchsorted(at[ordered], versions.last[rows], "right") - begin, 0)
    places = np.arange(sizes.sum()) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
    return np.repeat(rows, sizes), ordered[places]


def _members(place: Place, happened: Happened, outlines: Outlines) -> Ints:
    """The incidents in a region or a country."""
    inside = _where(happened, lambda country, admin1: _has_code(place, country, admin1))
    shape = outlines.shape_of(place)
    if shape is not None:
        import shapely

        shapely.prepare(shape)
        open_to = _where(happened, lambda country, _: place.level is Level.REGION or not differ(place.country, country))
        inside = inside | open_to & shapely.intersects_xy(shape, happened.points.lon, happened.points.lat)
    found: Ints = np.flatnonzero(inside)
    return found


def _where(happened: Happened, holds: Callable[[str, str | None], bool]) -> Bools:
    """Of which incidents that holds, asked once for each pair of codes that occurs."""
    known = np.array([holds(*code) for code in happened.places], dtype=np.bool_)
    return known[happened.place_of] if len(known) else np.zeros(0, dtype=np.bool_)


def _has_code(place: Place, country: str, admin1: str | None) -> bool:
    if place.level is Level.COUNTRY:
        return place.country == country
    return place.admin1 is not None and place.admin1 == admin1
