"""Opens the gazetteer, for all who read texts or review; apart from node.py, because they mostly need no node."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.intake.ports import Gazetteer


@cache
def open_gazetteer() -> "Gazetteer":
    """The compiled gazetteer; compiled first (some seconds, once a machine) if it is not there."""
    from tocsin.adapters.gazetteer import open_gazetteer as open_compiled

    return open_compiled()


def towns_of(country: str) -> Sequence[tuple[float, float, str]]:
    """The gazetteer's towns of that country, for a review: latitude, longitude, unit. Nothing is opened before one is asked for."""
    from tocsin.adapters.gazetteer import open_gazetteer as open_compiled

    return open_compiled().towns_of(country)
