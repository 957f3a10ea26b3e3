"""What a polygon's text says: how many points, closed or not, on the globe or not, does it cross itself.

Most polygons have a dozen points: one regular expression takes them. One of ten thousands is looked at as an array of
its bytes; whatever that does not find plain is read again point by point, so both ways say the same.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tocsin.cap.block import Block

CROSSING_POINTS = 1_000
"""Up to here a ring is tested for crossing itself: the test takes 0.5 ms there and half a second at the limit of points."""
_MANY = 4_096
"""Characters from which the bytes are looked at as an array."""
_LAT = r"[+-]?0*(?:90(?:\.0*)?|[0-8]?[0-9](?:\.[0-9]*)?|\.[0-9]+)"
_LON = r"[+-]?0*(?:180(?:\.0*)?|(?:1[0-7][0-9]|[0-9]{1,2})(?:\.[0-9]*)?|\.[0-9]+)"
_ON_GLOBE = re.compile(rf"\s*{_LAT},{_LON}(?:\s+{_LAT},{_LON})*+\s*")
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_POINT = re.compile(rf"{_NUMBER},{_NUMBER}")


class Ring(NamedTuple):
    """What was read: the number of points, the first and last as written, whether they are one, whether all are on the globe."""

    points: int
    first: str
    last: str
    closed: bool
    on_globe: bool


def rings_of(area: "Block") -> list[Ring | str]:
    """For each polygon of the area its ring, or the sentence that says why it is none; each is read once."""
    if area.rings is None:
        area.rings = [read_ring(leaf.text) for leaf in area.texts("polygon")]
    return area.rings


def read_ring(text: str) -> Ring | str:
    """The ring, or the sentence that says why the text is none.

    >>> read_ring("1,2 3,4 5,6 1,2").closed, read_ring("1,2 3;4")
    (True, "polygon holds '3;4', expected lat,lon")
    """
    if len(text) > _MANY and (points := _count_plain(text)):
        first, last = text[:200].split(None, 1)[0], text[-200:].rsplit(None, 1)[-1]
        return Ring(points, first, last, first == last or _same_point(first, last), on_globe=True)
    parts = text.split()
    if not parts:
        return "polygon is empty"
    on_globe = _ON_GLOBE.fullmatch(text) is not None
    if not on_globe:
        for part in parts:
            if not _POINT.fullmatch(part):
                return f"polygon holds {part[:40]!r}, expected lat,lon"
    first, last = parts[0], parts[-1]
    return Ring(len(parts), first[:40], last[:40], first == last or _same_point(first, last), on_globe)


def crosses_itself(text: str) -> bool:
    """Whether two edges of the ring have more in common than the point where one follows the other. Takes a ring that is closed."""
    points = [(float(lat), float(lon)) for lat, _, lon in (part.partition(",") for part in text.split())]
    lons = [lon for _, lon in points]
    if max(lons) - min(lons) > 180:  # across the antimeridian: one side is turned to lie beside the other
        points = [(lat, lon % 360) for lat, lon in points]
    if _turns_one_way(points):
        return False
    import shapely

    distinct = [a for a, b in zip(points, points[1:], strict=False) if a != b]
    if len(distinct) < 3:
        return True
    return not shapely.is_simple(shapely.linearrings([*distinct, distinct[0]]))


def _turns_one_way(points: list[tuple[float, float]]) -> bool:
    """Whether the ring is convex, for such a one cannot cross itself: no left turn beside a right one, and once around."""
    (ax, ay), (bx, by) = points[-2], points[0]
    ux, uy = bx - ax, by - ay
    sign = flips = 0
    for cx, cy in points[1:]:
        vx, vy = cx - bx, cy - by
        turn = ux * vy - uy * vx
        if turn == 0 or (sign and (turn > 0) is not (sign > 0)):
            return False
        sign = 1 if turn > 0 else -1
        flips += (ux > 0) is not (vx > 0)
        bx, by, ux, uy = cx, cy, vx, vy
    return flips == 2


def _same_point(a: str, b: str) -> bool:
    return [float(one) for one in a.split(",")] == [float(one) for one in b.split(",")]


_SPACE, _COMMA, _DOT, _SIGN, _OTHER = range(5)


@cache
def _tables() -> "tuple[NDArray[np.uint8], NDArray[np.bool_]]":
    """Byte to its kind, and which kind may follow which: with digits between (odd) or without (even)."""
    import numpy as np

    kinds = np.full(256, _OTHER, np.uint8)
    kinds[list(b" \t\r\n")] = _SPACE
    kinds[list(b",")] = _COMMA
    kinds[list(b".")] = _DOT
    kinds[list(b"+-")] = _SIGN
    follows = np.zeros(64, np.bool_)
    for before in (_SPACE, _COMMA, _SIGN):
        for after in (_SPACE, _COMMA, _DOT):
            follows[before * 10 + after * 2 + 1] = True
    for after in (_SPACE, _COMMA):
        follows[_DOT * 10 + after * 2 + 1] = True
    follows[_SPACE * 10 + _SIGN * 2] = follows[_COMMA * 10 + _SIGN * 2] = True
    return kinds, follows


def _count_plain(text: str) -> int:
    """Number of points if all are plain, well inside the globe and one blank apart; 0 if that is not sure."""
    import numpy as np

    if not text.isascii():
        return 0
    kinds, follows = _tables()
    raw = np.frombuffer(f" {text.strip()} ".encode("ascii"), np.uint8)
    at = np.flatnonzero((raw - np.uint8(48)) > 9)
    kind = kinds[raw[at]]
    digits = np.diff(at) - 1
    if not follows[kind[:-1] * np.uint8(10) + kind[1:] * np.uint8(2) + (digits > 0)].all():
        return 0
    divides = kind[kind <= _COMMA][1:]
    points = len(divides) // 2
    if len(divides) % 2 or (divides[0::2] != _COMMA).any() or (divides[1::2] != _SPACE).any():
        return 0
    whole = np.flatnonzero((kind[:-1] != _DOT) & (digits > 0))
    ends, size = at[whole + 1], digits[whole]
    tens = np.where(size > 1, raw[ends - 2], np.uint8(48))
    hundreds = np.where(size > 2, raw[ends - 3], np.uint8(48))
    if size.max() > 3 or (size[0::2] > 2).any() or (tens[0::2] > 56).any():
        return 0
    if ((hundreds[1::2] > 49) | ((hundreds[1::2] == 49) & (tens[1::2] > 55))).any():
        return 0
    return points
