"""In which unit of its country a point lies, by the nearest town that is known: what admin-1 means where no code and no polygon says."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from tocsin.core.area import Point, distance_km
from tocsin.review.region_names import stem

if TYPE_CHECKING:  # most reviews ask for no town: each function that does loads numpy
    import numpy as np
    import numpy.typing as npt

    from tocsin.review.columns import Floats

TownsOf = Callable[[str], Sequence[tuple[float, float, str]]]
"""The towns of a country (ISO 3166-1 alpha-2): latitude, longitude, and GeoNames' code of the first-level unit, not ISO's."""


def no_towns(country: str) -> Sequence[tuple[float, float, str]]:
    """None are known, of no country."""
    del country
    return ()


def unit_at(towns_of: TownsOf, country: str, point: Point) -> str | None:
    """The unit of the town nearest to the point, among those of its country; None if none is known."""
    found = _columns(towns_of, country)
    if found is None:
        return None
    import numpy as np

    corners, units = found
    return str(units[int(np.argmax(corners @ _on_sphere(point.lat, point.lon)))]) or None


def km_to_unit(towns_of: TownsOf, country: str, unit: str, point: Point) -> float | None:
    """From the point to the nearest town of that unit; None if it has none."""
    found = _columns(towns_of, country)
    if found is None:
        return None
    import numpy as np

    mine = found[0][found[1] == unit]
    if not len(mine):
        return None
    x, y, z = mine[int(np.argmax(mine @ _on_sphere(point.lat, point.lon)))]
    lat, lon = np.degrees((np.arcsin(np.clip(z, -1, 1)), np.arctan2(y, x)))
    return distance_km(point, Point(float(lat), float(lon)))


def is_one_unit(towns_of: TownsOf, country: str, name: str, unit: str) -> bool:
    """May a region of that name be the unit that its middle lies in?

    Not if ISO 3166-2 knows it for a part of a unit, as a department is of a region, unless the units are those parts. Nor if
    the unit is what ISO calls a country of its own, and the region is not called so: England is no region's name for London.
    Any other name is taken for that of the unit.
    """
    wanted, whole, parts, lands = stem(name), *_iso_units(country)
    found = _columns(towns_of, country)
    units = len(set(found[1])) if found else 0
    split = abs(units - len(whole)) < abs(units - len(parts))
    return not (split and wanted in parts - whole) and lands.get(f"{country}-{unit}", wanted) == wanted


@cache
def _iso_units(country: str) -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    """Stems of first-level units, stems of parts of units, and those of units that are countries, by code."""
    import pycountry

    found = [one for one in pycountry.subdivisions if one.country_code == country]
    whole, parts = (
        frozenset(stem(one.name) for one in found if bool(one.parent_code) is part) for part in (False, True)
    )
    return whole, parts, {one.code: stem(one.name) for one in found if one.type == "Country"}


@cache
def _columns(towns_of: TownsOf, country: str) -> "tuple[Floats, npt.NDArray[np.str_]] | None":
    """Unit vectors (n, 3) and codes (n,)."""
    towns = towns_of(country)
    if not towns:
        return None
    import numpy as np

    lat, lon, units = zip(*towns, strict=True)
    return _on_sphere(np.array(lat), np.array(lon)), np.array(units)


def _on_sphere(lat: "Floats | float", lon: "Floats | float") -> "Floats":
    import numpy as np

    north, east = np.radians(lat), np.radians(lon)
    flat: Floats = np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=-1)
    return flat
