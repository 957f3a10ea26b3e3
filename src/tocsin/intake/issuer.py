"""Who issued a text: name, state and kind of the body that warns, not of every body that it names."""

import re
from dataclasses import dataclass
from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.clauses import lowered
from tocsin.intake.report import Found

HEAD = 1_600
"""Characters in which a body is looked for by what it is; further down others are named."""
_NEXT_NAME = re.compile(
    r"(?:,? (?:in|to|at) )?(?: ?(?:[A-Z][\w'’.-]+)(?:(?:-| )(?:(?:es|de|of|au|the) )?[A-Z][\w'’.-]+){0,3})"
)
_DATELINE = re.compile(r"(?P<city>[A-Z]{4,}(?: [A-Z]{2,})*)(?:,| -| \()")
_GENERAL = ("foreign_ministry", "counter_terrorism_bureau", "security_council")


@dataclass(frozen=True)
class _Body:
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


def _known(lower: str) -> list[_Body]:
    """Bodies by a name that tells the state: DFAT, FCDO, the Counter-Terrorism Bureau."""
    return [
        _Body(match.start(), match.end(), state, kind, name, "I-known")
        for state, kind, name, pattern in _names()
        if (match := _whole(pattern, lower))
    ]


def _whole(pattern: re.Pattern[str], lower: str) -> re.Match[str] | None:
    """The first match that begins a word. A look-behind in the pattern would keep the engine from skipping to its first letter."""
    match = pattern.search(lower)
    while match and match.start() and (lower[match.start() - 1].isalnum() or lower[match.start() - 1] == "_"):
        match = pattern.search(lower, match.start() + 1)
    return match


def _stated(lower: str) -> list[_Body]:
    """`<state> <body>`, `<body> of <state>`, `<body> to <state>`."""
    found = []
    for match in _body_pattern().finditer(lower, 0, HEAD):
        kind = str(match.lastgroup)
        before = _state_before().search(lower, max(0, match.start() - 40), match.start())
        after = _state_after().match(lower, match.end()) if kind in (*_GENERAL, "embassies") else None
        said = before or after
        if said:
            start = before.start("state") if before else match.start()
            end = after.end() if after and not before else match.end()
            state = _state_of(next(words for words in said.groupdict().values() if words))
            found.append(_Body(start, end, state, kind, None, "I-state-kind"))
    return found


def _unstated(text: str, lower: str) -> _Body | None:
    """`The Embassy`, `The foreign ministry`: of the state to whose people it speaks, or in whose capital it was written."""
    match = _body_pattern().search(lower, 0, HEAD)
    if match is None:
        return None
    kind = str(match.lastgroup)
    dateline = _DATELINE.match(text)
    capitals: dict[str, str] = read_data("intake", "issuers.json")["capitals"]
    state = next((state for state, pattern in _addressed() if pattern.search(lower)), None)
    if state is None and dateline and kind in _GENERAL:
        state = capitals.get(dateline["city"])
    return None if state is None else _Body(match.start(), match.end(), state, kind, None, "I-audience")


def _state_of(words: str) -> str:
    plain = " ".join(words.split())
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


@cache
def _state_after() -> re.Pattern[str]:
    return re.compile(
        rf",? (?:of |of the )?(?P<state>{_any_state()})(?![\w-])|,? (?:those|that) of (?:the )?(?P<other>{_any_state()})(?![\w-])"
    )


@cache
def _body_pattern() -> re.Pattern[str]:
    bodies: list[tuple[str, str]] = read_data("intake", "issuers.json")["bodies"]
    return re.compile(r"\b(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in bodies) + r")\b")


@cache
def _names() -> tuple[tuple[str, str, str, re.Pattern[str]], ...]:
    known: list[tuple[str, str, str, str]] = read_data("intake", "issuers.json")["known"]
    return tuple((state, kind, name, re.compile(words)) for state, kind, name, words in known)


@cache
def _addressed() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table: dict[str, str] = read_data("intake", "issuers.json")["addressed"]
    return tuple((state, re.compile(rf"\b(?:{words})\b")) for state, words in table.items())
