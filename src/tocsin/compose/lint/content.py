"""Who says so, what, where, when, what to do, when the next word comes: what a warning has to say (TXT-C1 to TXT-C6)."""

import re
from collections.abc import Iterator

from tocsin.cap.alert import Urgency
from tocsin.compose.facts import FactKind, find_facts
from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.rule import Fault, Rule
from tocsin.compose.lint.words import find_words
from tocsin.core.expression import Expression

ISSUER_WITHIN = 80
"""Characters in which the issuer has to be named: what a locked screen shows."""
_WORD = Expression(r"\w+")
_NAMED_HOUR = Expression(r"\b(?:noon|midnight)\b", re.IGNORECASE)
_ZONE = Expression(r"\b(?:UTC|GMT|[A-Z][a-z]{1,14}/[A-Z][A-Za-z_]{1,19}|\w{1,20} time)\b|[+-]\d\d:\d\d")
_NO_ZONE = Expression(
    r"\b(?:any|the|this|that|what|some|of|in|first|next|same|long|short|real)\s+time\b", re.IGNORECASE
)
_DATE = Expression(r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def _names_its_issuer(said: Said, language: str) -> Iterator[Fault]:
    opening = f"{said.headline}\n{said.description}"[:ISSUER_WITHIN]
    names = {word.casefold() for word in _WORD.findall(said.issuer) if len(word) > 3}
    if names & {word.casefold() for word in _WORD.findall(opening)}:
        return
    if find_words("authority", language, opening) is None:
        yield Fault(f"the first {ISSUER_WITHIN} characters do not say who warns", f"begin with: {said.issuer}")


def _says_what(said: Said, language: str) -> Iterator[Fault]:
    if find_words("hazard", language, said.text) is None:
        yield Fault("no word says what can happen to people", "name it plainly: an attack, a bomb, shots; not a level")


def _says_where(said: Said, language: str) -> Iterator[Fault]:
    vague = find_words("vague_place", language, said.text)
    text = said.text.casefold()
    names = {name.casefold() for place in said.places for name in (place, place.split(",")[0]) if name}
    # "18:00 Moscow time" names a zone: who lives there still does not know that it is about them.
    named = any(text.replace(f"{name} time", "").count(name) for name in names)
    if named:
        return
    if vague is not None:
        start, end = vague
        yield Fault(f"“{said.text[start:end]}” is the only place", "name the place as its readers do", vague)
    elif language == "en":
        yield Fault(f"none of the places is named: {', '.join(said.places)}", "name the place as its readers do")


def _says_when(said: Said, language: str) -> Iterator[Fault]:
    text = said.text
    if find_words("time_not_stated", language, text) is None:
        told = {fact.kind for fact in find_facts(text, language)}
        zone = _ZONE.search(_NO_ZONE.sub(lambda hit: " " * len(hit.group()), text))
        missing = [
            name
            for name, there in (
                ("day", _DATE.search(text) or told & {FactKind.DAY, FactKind.MONTH}),
                ("hour", _NAMED_HOUR.search(text) or FactKind.TIME in told),
                ("zone", zone or FactKind.ZONE in told),
            )
            if not there
        ]
        if missing:
            span = find_words("vague_time", language, text) or (0, 0)
            yield Fault(
                f"no {', no '.join(missing)}", "say until which day, hour and zone; or “when is not stated”", span
            )
    if find_words("issued", language, text) is None:
        yield Fault("the text does not say when it was issued", "add: issued DAY HOUR ZONE", level=Level.WARNING)


def _says_what_to_do(said: Said, language: str) -> Iterator[Fault]:
    if find_words("action", language, said.instruction) is None:
        yield Fault("the instruction has no verb of an action", "say what to do: avoid, stay, leave, keep, call")


def _does_not_contradict_itself(said: Said, language: str) -> Iterator[Fault]:
    inside = find_words("shelter", language, said.text)
    outside = find_words("leave", language, said.text)
    if inside and outside and find_words("who_does_which", language, said.text) is None:
        one, other = (said.text[start:end] for start, end in (inside, outside))
        yield Fault(f"“{one}” and “{other}” together", "say who does which: if you are inside, …", max(inside, outside))


def _promises_the_next_word(said: Said, language: str) -> Iterator[Fault]:
    if find_words("next_word", language, said.text) is None:
        level = Level.ERROR if said.urgency is Urgency.IMMEDIATE else Level.WARNING
        yield Fault("nothing says when the next word comes", "add: we write again by HOUR ZONE, here", level=level)


CONTENT = (
    Rule(
        id="TXT-C1",
        level=Level.ERROR,
        asks="who warns, in the first 80 characters",
        check=_names_its_issuer,
        words=("authority",),
        on=(False, True),
    ),
    Rule(
        id="TXT-C2",
        level=Level.ERROR,
        asks="what can happen to people, in plain words",
        check=_says_what,
        words=("hazard",),
    ),
    Rule(
        id="TXT-C3",
        level=Level.ERROR,
        asks="where, by a name that its readers know",
        check=_says_where,
        words=("vague_place",),
        on=(False, True),
    ),
    Rule(
        id="TXT-C4",
        level=Level.ERROR,
        asks="when, with day, hour and zone, or that it is not stated; when it was issued (warning)",
        check=_says_when,
        words=("zone", "vague_time", "time_not_stated", "issued"),
    ),
    Rule(
        id="TXT-C5",
        level=Level.ERROR,
        asks="what to do, as a verb in the instruction",
        check=_says_what_to_do,
        words=("action",),
    ),
    Rule(
        id="TXT-C5",
        level=Level.ERROR,
        asks="no two actions against each other, unless it says who does which",
        check=_does_not_contradict_itself,
        words=("shelter", "leave", "who_does_which"),
    ),
    Rule(
        id="TXT-C6",
        level=Level.ERROR,
        asks="when the next word comes; only a warning below urgency Immediate",
        check=_promises_the_next_word,
        words=("next_word",),
    ),
)
