"""Names that no gazetteer knows and the words beside them show to be places: `the Masaki quarter`, `the food street Jalan Alor`."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from tocsin.intake.actors import find_actors
from tocsin.intake.bodies import is_body_or_heading
from tocsin.intake.clauses import lowered
from tocsin.intake.names import VENUE_WORDS, common_words, part_kind
from tocsin.intake.wording import Wording

_NAME = Wording(r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,2}", glue="_.")
_LIST = frozenset({", ", " and ", " or ", ", and ", ", or "})
_VENUE_BEFORE = re.compile(rf"\b(?:{VENUE_WORDS}) \(?$")
_EXAMPLE = Wording(
    r"\b(?:beaches|islands|resorts|towns|cities|villages|districts|quarters|neighbou?rhoods|suburbs|areas|markets|malls|hotels|provinces|regions)\b"
    r"[^.;:()]{0,40},? (?:such as|including|namely|for example|like) (?:the )?$",
    near=("such as ", "including ", "namely ", "for example ", "like "),
    glue=None,
)
_AROUND = re.compile(r"\b(?:namely|places?|areas?|south|north|east|west|beach(?:es)?|town|city) (?:around|near|in) $")
MOST = 1_000
"""Names of one text that are looked at."""
_LOOK_BACK = 80
"""Characters before a name in which the words stand that say what it is."""
_LOOK_BESIDE = 24
"""The same for a word right before it: the longest of them, such as `opera house (`, is shorter."""

Span = tuple[int, int, str]
"""Start, end (characters, exclusive) and kind of a place."""


def find_unlisted(text: str, known: Sequence[tuple[int, int]], towns: Sequence[Span]) -> Iterator[Span]:
    """Places outside of the `known` spans, told by the words beside them, and lists of such; `towns` are the known ones that can stand in a list."""
    names = [match.span() for match in _free(text, known)]
    cities = {start for start, _, kind in towns if kind == "city"}
    kinds = {start: kind for start, end in names if (kind := _kind(text, start, end, cities))}
    listed = sorted({*names, *((start, end) for start, end, _ in towns)})
    places = {start for start, _, _ in towns} | kinds.keys()
    venues = {start for start, _, kind in towns if kind == "landmark"}
    pairs = [
        (one, other)
        for one, other in pairwise(listed)
        if (between := text[one[1] : other[0]]) in _LIST
        or (between.endswith(" the ") and between.removesuffix("the ") in _LIST and {one[0], other[0]} & venues)
    ]
    # What a place is named beside is one too; from there the rest of the list is, both ways.
    for beside, other in (*((one[0], two[0]) for one, two in pairs), *((two[0], one[0]) for one, two in pairs[::-1])):
        if beside in places and other not in places:
            places.add(other)
            kinds[other] = kinds.get(beside, "district")
    for start, end in names:
        if start in kinds:
            yield start, end, kinds[start]


def _free(text: str, known: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    taken = [*known, *((one.start, one.end) for one in find_actors(text))]
    for match in islice(_NAME.each(text), MOST):
        start, end = match.span()
        if any(low < end and start < high for low, high in taken):
            continue
        name = match.group()
        if name.split(" ", maxsplit=1)[0].lower() not in common_words() and not is_body_or_heading(name):
            yield match


def _kind(text: str, start: int, end: int, cities: set[int]) -> str | None:
    """What the words beside a name say that it is; None if they say nothing."""
    if kind := part_kind(text, start, end):
        return kind
    if end + 2 in cities and text[end : end + 2] == ", ":
        return "district"
    lower, near, far = lowered(text), max(0, start - _LOOK_BESIDE), max(0, start - _LOOK_BACK)
    if _VENUE_BEFORE.search(lower, near, start):
        return "landmark"
    return "district" if _EXAMPLE.first(lower, far, start) or _AROUND.search(lower, near, start) else None
