"""Names that no gazetteer knows and the words beside them show to be places: `the Masaki quarter`, `the food street Jalan Alor`."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from tocsin.core.expression import Expression
from tocsin.intake.actors import find_actors
from tocsin.intake.bodies import is_body_or_heading
from tocsin.intake.names import VENUE_WORDS, common_words, part_kind
from tocsin.intake.wording import Wording, lowered

_NAME = Expression(r"[A-ZÀ-Þ](?<![\w.].)[\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,2}")
_TITLE_OF = Wording(
    r"\b(?i:governor|mayor|minister|president|ambassador|chief|head|king|prince|leader|premier|commissioner|director|bishop|emir) (?:of|in) (?:the )?$",
    near=(" of ", " in "),
    glue=None,
)
"""Behind `the mayor of Lyon, ` stands a person."""
_LIST = frozenset({", ", " and ", " or ", ", and ", ", or "})
_VENUE_BEFORE = Expression(rf"\b(?:{VENUE_WORDS}) \(?$")
_EXAMPLE = Wording(
    r"\b(?:beaches|islands|resorts|towns|cities|villages|districts|quarters|neighbou?rhoods|suburbs|areas|markets|malls|hotels|provinces|regions)\b"
    r"[^.;:()]{0,40},? (?:such as|including|namely|for example|like) (?:the )?$",
    near=("such as ", "including ", "namely ", "for example ", "like "),
    glue=None,
)
_AREA_AFTER = Expression(
    r" (?:areas?|zones?|townships?|villages?|towns?|municipalit(?:y|ies)|communes?|mountains?|hills|valley|river|forest|delta|plateau|highlands)\b"
)
_NAMED = Expression(
    r" (?:(?P<area>Valley|Delta|Mountains?|Hills|Forest|Desert|Plateau|Highlands|River)|(?P<island>Islands?|Archipelago))\Z"
)
_OBJECT_OF = Expression(
    r"\b(?:avoid(?:ing)?|(?:keep|stay|steer|move)(?:ing)? (?:well )?(?:away from|clear of|out of)|(?:travel(?:ling)?|trips?|journeys?|go|going|return) to|visit(?:ing)?|near|close to|"
    r"in the vicinity of|(?:attacks?|strikes?|explosions?|shootings?|clashes|fighting|gunfire|protests?) (?:in|at|near)|in (?:central|northern|southern|eastern|western|downtown)) $"
)
"""What people are to keep away from, or where an attack is: a name there that is no word of the language is a place."""
_LAST_BEFORE = (
    *("avoid ", "avoiding ", "from ", "of ", "to ", "visit ", "visiting ", "near ", "in ", "at "),
    *("central ", "northern ", "southern ", "eastern ", "western ", "downtown "),
)
"""The last word of each of them tells at once of most names that none stands there."""
_PEOPLE = Expression(r"(?:[A-Z]+|.*(?:ans|ers|ists|ese|ish|ians|is|eans|ites|ims|ic|ian))$")
"""Peoples and what is theirs (`Kurdish areas`), and names in capitals alone."""
_NO_PLACE = frozenset(
    "christmas easter passover purim hanukkah diwali ashura parliament congress mass islam internet facebook twitter telegram whatsapp "
    "governorate province state district region department prefecture county republic kingdom city capital gulf "
    "windows doors glass assistance crowds demonstrations protests gatherings details".split()
)
_VENUES = frozenset(VENUE_WORDS.split("|"))
_NEXT_WORD = Expression(r" ([a-z]+)")
_GOES_ON = frozenset(
    "and or but in on at near due because since until unless for as after before during from by to with where which who while when if is are was were "
    "has have had may might will can could should must this that the between today tonight tomorrow yesterday itself immediately now".split()
)
"""Words behind a name that stands for itself."""
_SAYS = Expression(r",? (?:reported|reports|said|says|told|wrote|writes|according)\b")
_AROUND = Expression(r"\b(?:namely|places?|areas?|south|north|east|west|beach(?:es)?|town|city) (?:around|near|in) $")
MOST = 1_000
"""Names of one text that are looked at."""
_LOOK_BACK = 80
"""Characters before a name in which the words stand that say what it is."""
_LOOK_BESIDE = 24
"""The same for a word right before it: the longest of them, such as `opera house (`, is shorter."""

_LOOK_BEFORE = 40
"""The same for the verb that it is the object of."""

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
        if not _SAYS.match(text, other[1]) and not _TITLE_OF.first(text, max(0, one[0] - _LOOK_BEFORE), one[0])
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
    for match in islice(_NAME.for_text(text).finditer(text), MOST):
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
    if named := _NAMED.search(text, start, end):
        return str(named.lastgroup)
    if _may_be_place(text[start:end]) and (_AREA_AFTER.match(text, end) or _is_object(text, lower, start, end)):
        return "district"
    return "district" if _EXAMPLE.first(lower, far, start) or _AROUND.search(lower, near, start) else None


def _may_be_place(name: str) -> bool:
    lower = name.lower()
    return not _PEOPLE.match(name) and lower not in _NO_PLACE and lower.removesuffix("s") not in _VENUES


def _is_object(text: str, lower: str, start: int, end: int) -> bool:
    """Whether a name is itself what the words before it speak of, not an adjective of what follows (`near Buddhist temples`)."""
    follows = _NEXT_WORD.match(text, end)
    if follows and follows.group(1) not in _GOES_ON:
        return False
    before = lower[max(0, start - _LOOK_BEFORE) : start].removesuffix("the ")
    return before.endswith(_LAST_BEFORE) and _OBJECT_OF.search(before) is not None
