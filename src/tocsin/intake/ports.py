"""What reading needs of the world: a gazetteer."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class GazetteerEntry:
    """One place of that name. `kind` is city or country; `admin1` is the source's own code of the region."""

    name: str
    country: str
    admin1: str
    lat: float | None
    lon: float | None
    population: int
    kind: str
    zone: str


class Gazetteer(Protocol):
    """Places by name."""

    def look_up(self, key: str) -> tuple[GazetteerEntry, ...]:
        """All places whose name or alternate name has this key (`place_key`), the most populous first."""
        ...


def place_key(name: str) -> str:
    """How names are compared: one case, no accents, single spaces.

    >>> place_key("São  Paulo")
    'sao paulo'
    """
    import unicodedata

    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Mn").split())
