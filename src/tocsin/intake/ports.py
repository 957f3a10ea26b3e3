"""What reading needs of the world: a gazetteer, and for whoever wants one a second reader."""

import unicodedata
from collections.abc import Collection, Mapping
from typing import Protocol

from msgspec import Struct


class GazetteerEntry(Struct, frozen=True, kw_only=True):
    """One place of that name. `kind` is city, admin or country; `admin1` is the source's own code of the region.

    `alternate`: the name asked for is not the one it is known by.
    """

    name: str
    country: str
    admin1: str
    lat: float | None
    lon: float | None
    population: int
    kind: str
    zone: str
    alternate: bool = False


class Gazetteer(Protocol):
    """Places by name."""

    def look_up(self, key: str) -> tuple[GazetteerEntry, ...]:
        """All places whose name or alternate name has this key (`place_key`), the most populous first."""
        ...

    def look_up_all(self, keys: Collection[str]) -> Mapping[str, tuple[GazetteerEntry, ...]]:
        """The same for many keys at once; a key that nobody bears is left out."""
        ...


class Proposal(Struct, frozen=True):
    """One value that another reader found, with the words of the text that it was found in, letter for letter."""

    field: str
    value: str
    words: str


class Reader(Protocol):
    """Another reader beside the rules, such as a language model. It proposes; what it says is never taken for read."""

    name: str

    def propose(self, text: str, labels: Mapping[str, Collection[str]]) -> tuple[Proposal, ...]:
        """What it finds. `labels` are the values that each field may have, empty for any. DeliveryError if it does not answer."""
        ...


def place_key(name: str) -> str:
    """How names are compared: one case, no accents, single spaces.

    >>> place_key("São  Paulo")
    'sao paulo'
    """
    if name.isascii():
        return " ".join(name.lower().split())
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Mn").split())
