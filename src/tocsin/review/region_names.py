"""Which region a name means: by one of its names, else by the stem that it shares with no other region of its country."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from tocsin.core.expression import Expression

_KIND = Expression(
    r"\b(?:oblast|okrug|krai|kray|region|province|state|republic|territory|governorate|prefecture|department|county"
    r"|provincia|departamento|estado|región|region|département|république|provinz|bundesland|wilaya)\b'?(?:\s+(?:of|de|du|do|da)\b)?",
    re.IGNORECASE,
)
_AUTONOMOUS = Expression(r"\bautonomous\b", re.IGNORECASE)
_PEOPLE = Expression(r"(?<=\s)[\w'-]+\s+autonomous\b", re.IGNORECASE)
"""The people after whom an autonomous region is called beside its own name, as Uyghur in Xinjiang Uyghur Autonomous Region."""


class NamedRegion(Struct, frozen=True, kw_only=True):
    """A region as a file has it: its code, its country, its name, that in English, and all its other names."""

    code: str
    country: str
    name: str
    english: str
    others: tuple[str, ...]


class RegionNames(Struct, frozen=True):
    """Codes of regions: `whole` by (country, folded name), `stems` by (country, stem); a name that two claim is in neither."""

    whole: Mapping[tuple[str, str], str] = field(default_factory=dict)
    stems: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def find(self, country: str, name: str) -> str | None:
        """The code of the one region that is meant; None if none is, or more than one may be."""
        found = self.whole.get((country, fold(name)))
        if found is not None:
            return found
        known = (self.stems.get((country, one)) for one in _stems_asked(name))
        return next((one for one in known if one is not None), None)


def index_names(regions: Iterable[NamedRegion]) -> RegionNames:
    """Whom each name means. A first name counts for more than any second one.

    A second name that is the stem of another region's own name is a slip of the file, and believed of neither.
    """
    regions = tuple(regions)
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in regions:
        for name in (one.name, one.english):
            owners[one.country, stem(name)].add(one.code)
    first = {(one.country, fold(one.name)): one.code for one in regions}
    second: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    stems: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in regions:
        believed = [name for name in one.others if owners.get((one.country, stem(name)), {one.code}) == {one.code}]
        for name in (one.english, *believed):
            second[one.country, fold(name)].add(one.code)
        for name in (one.name, one.english, *believed):
            stems[one.country, stem(name)].add(one.code)
    return RegionNames(_alone(second) | first, _alone(stems))


def _alone(found: Mapping[tuple[str, str], set[str]]) -> dict[tuple[str, str], str]:
    return {key: next(iter(codes)) for key, codes in found.items() if len(codes) == 1 and key[1]}


def fold(name: str) -> str:
    """Letters alone, small and without accents; an ampersand is an "and".

    >>> fold("Moskovskaya oblast'") == fold("Moskovskaya Oblast")
    True
    """
    # Taking a sign apart may give capitals (㎐), and making letters small may give signs to take apart.
    spelled = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    plain = "".join(one for one in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(one))
    return "".join(one for one in plain if one.isalpha())


def stem(name: str) -> str:
    """The name without what only says what kind of region it is, or stands behind a comma or in brackets.

    "Moscow" and "Moscow Oblast" are two regions, but "Moskovskaya" is what ISO calls "Moskovskaya oblast'".

    >>> stem("State of Texas"), stem("Western Cape Province"), stem("Sakha (Yakutia)")
    ('texas', 'westerncape', 'sakha')
    """
    bare = _AUTONOMOUS.sub("", _KIND.sub("", name.partition(",")[0].partition("(")[0]))
    return fold(bare) or fold(name)


def _stems_asked(name: str) -> Iterator[str]:
    yield stem(name)
    yield stem(_PEOPLE.sub("", name))
