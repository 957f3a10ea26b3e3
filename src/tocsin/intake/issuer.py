"""Who issued a text: name, state and kind of the body that warns, not of every body that it names."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.intake.report import Found
from tocsin.intake.wording import Wording, Wordings, lowered

HEAD = 1_600
"""Characters in which a body is looked for by what it is; further down others are named."""
_NEXT_NAME = Expression(
    r"(?:,? (?:in|to|at) (?:the )?)?(?: ?(?:St\.|[A-Z][\w'’-]+)(?:(?:-| )(?:(?:es|de|of|au|the) )?(?:St\.|[A-Z][\w'’-]+)){0,3})"
)
_DATELINE = Expression(r"(?P<city>[A-Z]{4,}(?: [A-Z]{2,})*)(?:,| -| \()")
_GENERAL = ("foreign_ministry", "counter_terrorism_bureau", "security_council")


class _Body(Struct, frozen=True):
    """A body that the text names: where, of which state and kind."""

    start: int
    end: int
    state: str
    kind: str
    name: str | None
    rule: str


def find_issuer(text: str) -> tuple[dict[str, str | None], tuple[Found, ...]]:
    """The first body that the text names with its state; else one whose state its audience tells."""
    lower = lowered(text)
    bodies = sorted((*_known(lower), *_stated(lower)), key=lambda one: (one.start, -one.end))
    chosen = bodies[0] if bodies else _unstated(text, lower)
    if chosen is None:
        return {"name": None, "state": None, "kind": None}, ()
    start, end = chosen.start, chosen.end
    if chosen.kind in {"embassy", "consulate"}:
        place = _NEXT_NAME.match(text, end, end + 60)
        end = place.end() if place else end
    words = text[start:end].rstrip(" ,.-:")
    span = Found(words, start, start + len(words), chosen.rule)
    return {"name": chosen.name or words, "state": chosen.state, "kind": chosen.kind}, (span,)


_LOOK_BEFORE = 40
"""Characters before a body in which its state stands."""


def _known(lower: str) -> list[_Body]:
    """Bodies by a name that tells the state: DFAT, FCDO, the Counter-Terrorism Bureau."""
    return [
        _Body(match.start(), match.end(), state, kind, name, "I-known")
        for (state, kind, name), wording in _names().in_sight(lower)
        if (match := wording.first(lower))
    ]


def _stated(lower: str) -> list[_Body]:
    """`<state> <body>`, `<body> of <state>`, `<body>, <seat of the government>`: the first, and what may begin before it."""
    found: list[_Body] = []
    for match, kind in _bodies(lower):
        if found and match.start() - _LOOK_BEFORE > found[0].start:
            break
        if _AT.search(lower, max(0, match.start() - 60), match.start()):
            continue
        before = _state_before().search(lower, max(0, match.start() - _LOOK_BEFORE), match.start())
        after = (_state_after() if kind in (*_GENERAL, "embassies") else _state_of_mission()).match(lower, match.end())
        said = before or after
        if said:
            start = before.start("state") if before else match.start()
            end = after.end() if after and not before else match.end()
            state = _state_of(next(words for words in said.groupdict().values() if words))
            found.append(_Body(start, end, state, kind, None, "I-state-kind"))
    return found


def _unstated(text: str, lower: str) -> _Body | None:
    """`The Embassy`, `The foreign ministry`: of the state to whose people it speaks, or in whose capital it was written."""
    match, kind = next(((match, kind) for match, kind in _bodies(lower) if not _is_of_another(text, match)), (None, ""))
    if match is None:
        return None
    dateline = _DATELINE.match(text)
    capitals: dict[str, str] = read_data("intake", "issuers.json")["capitals"]
    state = next((state for state, pattern in _addressed() if pattern.search(lower)), None)
    if state is None and dateline and kind in _GENERAL:
        state = capitals.get(dateline["city"])
    return None if state is None else _Body(match.start(), match.end(), state, kind, None, "I-audience")


_AT = Expression(
    r"\b(?:attack\w*|assault\w*|bomb\w*|blasts?|explosions?|shots?|shooting|threats?|plots?|protest\w*|demonstrat\w*|march\w*|rall(?:y|ies)|fires?|fired|gathered|stormed|outside|near|opposite)"
    r" (?:(?:on|upon|against|at|outside|near|to|towards|in front of|of) )?(?:the )?(?:\w+ )?$"
)
"""A body that something is done to, or that something happens beside, is not for that the one that warns."""
_ANOTHERS = Expression(
    r"(?:['’]s?|\b\w{2,}(?:[iy]an|[eo]an|ese|ish)|\b(?:iraqi|afghan|pakistani|bangladeshi|omani|qatari|kuwaiti|bahraini|yemeni|somali)) $",
    re.IGNORECASE,
)
_OF_NAME = Expression(r" of (?:the )?[A-Z][a-z]")


def _is_of_another(text: str, match: re.Match[str]) -> bool:
    """`Iran's Foreign Ministry`, `the Embassy of Iran`: the text tells whose it is, and it is none of the states known here."""
    owner = _ANOTHERS.search(text, max(0, match.start() - 20), match.start())
    return bool(owner or _OF_NAME.match(text, match.end()))


def _state_of(words: str) -> str:
    plain = " ".join(words.split())
    if plain in _seats():
        return _seats()[plain]
    return next(code for code, names in _states().items() if plain in names)


@cache
def _states() -> dict[str, list[str]]:
    found: dict[str, list[str]] = read_data("intake", "issuers.json")["states"]
    return found


@cache
def _any_state() -> str:
    names = sorted((name for names in _states().values() for name in names), key=len, reverse=True)
    return "|".join(re.escape(name) for name in names)


@cache
def _state_before() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])(?P<state>{_any_state()})(?:'s|’s)? (?:government(?:'s)? |\w+ and \w+ )?\Z")


_STYLE = r"(?:federal republic|(?:islamic |people['’]s |democratic |socialist )*republic(?! of china)|kingdom|state|commonwealth|government|grand duchy)"


@cache
def _state_after() -> re.Pattern[str]:
    seats = "|".join(re.escape(one) for one in _seats())
    return re.compile(
        rf",? (?:of |of the )?(?:{_STYLE} of (?:the )?)?(?P<state>{_any_state()})(?![\w-])"
        rf"|,? (?:those|that) of (?:the )?(?P<other>{_any_state()})(?![\w-])"
        rf"|(?:, | in | \()(?P<seat>{seats})(?![\w-])"
    )


@cache
def _state_of_mission() -> re.Pattern[str]:
    """Of an embassy or consulate, which stands in another state: only `of` tells whose it is."""
    return re.compile(rf" (?:of|for) (?:the )?(?:{_STYLE} of (?:the )?)?(?P<state>{_any_state()})(?![\w-])")


@cache
def _seats() -> dict[str, str]:
    capitals: dict[str, str] = read_data("intake", "issuers.json")["capitals"]
    return {city.lower(): state for city, state in capitals.items()}


def _bodies(lower: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each body by what it is, with its kind, in the first characters of the text."""
    head = lower[:HEAD]
    for match in _any_body().each(head):
        yield match, next(kind for kind, words in _kinds() if words.match(head, match.start()))


@cache
def _any_body() -> Wording:
    bodies: list[tuple[str, str]] = read_data("intake", "issuers.json")["bodies"]
    return Wording("(?:" + "|".join(words for _, words in bodies) + r")\b")


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    bodies: list[tuple[str, str]] = read_data("intake", "issuers.json")["bodies"]
    return tuple((kind, re.compile(rf"(?:{words})\b")) for kind, words in bodies)


@cache
def _names() -> Wordings[tuple[str, str, str]]:
    known: list[tuple[str, str, str, list[str], str]] = read_data("intake", "issuers.json")["known"]
    return Wordings(((state, kind, name), Wording(words, tuple(near))) for state, kind, name, near, words in known)


@cache
def _addressed() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, str] = read_data("intake", "issuers.json")["addressed"]
    return tuple((state, re.compile(rf"\b(?:{words})\b")) for state, words in table.items())
