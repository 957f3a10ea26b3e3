"""Who says so, what, where, when, what to do, when the next word comes: what a warning has to say (TXT-C1 to TXT-C6)."""

import re
import unicodedata
from collections.abc import Iterator

from tocsin.cap.alert import Urgency
from tocsin.compose.facts import FactKind, find_facts, names_place
from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.moments import ZONE_NAME, tells_day, tells_hour, tells_zone
from tocsin.compose.lint.orders import find_command, find_order
from tocsin.compose.lint.rule import Fault, Rule
from tocsin.compose.lint.words import find_sentences, find_words
from tocsin.core.expression import Expression

ISSUER_WITHIN = 80
"""Characters in which the issuer has to be named: what a locked screen shows."""
MAX_MINUTES_INSIDE = 60
"""How long people who are told to stay inside may be left without a word: 90 minutes of a false “stay inside”, 11 Oct 2023."""
_WORD = Expression(r"\w+")


def _names_its_issuer(said: Said, language: str) -> Iterator[Fault]:
    opening = f"{said.headline}\n{said.description}"[:ISSUER_WITHIN]
    # Its words in small letters are everybody's (“for example”), and its city says where. desk.example may be a Desk.
    issuer = said.issuer.title() if said.issuer.islower() else said.issuer
    names = {word for word in _WORD.findall(issuer) if len(word) > 3 and not word.islower()}
    names -= {word for place in said.places for word in _WORD.findall(place)}
    if (said.issuer and said.issuer.casefold() in opening.casefold()) or any(
        word in names or (word.isupper() and word.title() in names) for word in _WORD.findall(opening)
    ):
        return
    if find_words("authority", language, opening) is None:
        yield Fault(f"the first {ISSUER_WITHIN} characters do not say who warns", f"begin with: {said.issuer}")


def _says_what(said: Said, language: str) -> Iterator[Fault]:
    if find_words("hazard", language, said.text) is None:
        yield Fault("no word says what can happen to people", "name it plainly: an attack, a bomb, shots; not a level")


def _says_where(said: Said, language: str) -> Iterator[Fault]:
    vague = find_words("vague_place", language, said.text)
    text = _plain(ZONE_NAME.sub(" ", said.text))
    unnamed = [place for place in said.places if not _is_named(place, text, language)]
    if unnamed != list(said.places):
        if unnamed and language == "en":
            # Only a warning: a wide threat has many places, and a text may tell them in one word.
            yield Fault(f"not named: {', '.join(unnamed)}", "name every place that is meant", level=Level.WARNING)
    elif vague is not None:
        start, end = vague
        yield Fault(f"“{said.text[start:end]}” is the only place", "name the place as its readers do", vague)
    elif language == "en":
        yield Fault(f"none of the places is named: {', '.join(said.places)}", "name the place as its readers do")


def _is_named(place: str, text: str, language: str) -> bool:
    """As whole words and as it is written, or all in capitals: Nice is no “nice evening”, Bath no bathroom."""
    names = {name for one in (place, place.split(",", maxsplit=1)[0]) if (name := _plain(one).strip())}
    forms = "|".join(re.escape(form) for name in names for form in (name, name.upper()))
    # “18:00 Moscow time” names a zone: who lives there still does not know that it is about them.
    as_written = bool(forms) and re.search(rf"(?<!\w)(?:{forms})(?!\w)(?! [Tt]ime\b)", text) is not None
    return as_written or (language != "en" and any(names_place(text, name) for name in names))


def _plain(text: str) -> str:
    """The same letters and apostrophes, however they were typed."""
    return unicodedata.normalize("NFC", text).replace("’", "'")


def _says_when(said: Said, language: str) -> Iterator[Fault]:
    text = said.text
    if find_words("time_not_stated", language, text) is None:
        danger = _without_notices(text, language)
        missing = [
            name
            for name, there in (
                ("day", tells_day(danger, language) or _tells_day_of_issue(danger, text, language)),
                ("hour", tells_hour(danger, language)),
                ("zone", tells_zone(text, language)),
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


def _without_notices(text: str, language: str) -> str:
    """Without the sentences that tell when it was issued and when the next word comes, unless they tell of an end or a danger too.

    Their times are not those of the danger.
    """
    return "\n".join(
        sentence
        for sentence in (text[start:end] for start, end in find_sentences(text))
        if find_words("until", language, sentence)
        or find_words("hazard", language, sentence)
        or not (find_words("issued", language, sentence) or find_words("next_word", language, sentence))
    )


def _tells_day_of_issue(danger: str, text: str, language: str) -> bool:
    """“Until 20:00 today”, where the text says which day it was issued."""
    return find_words("day_of_issue", language, danger) is not None and tells_day(text, language)


def _says_what_to_do(said: Said, language: str) -> Iterator[Fault]:
    if find_command("action", language, said.instruction) is None:
        yield Fault("the instruction has no verb of an action", "say what to do: avoid, stay, leave, keep, call")


def _does_not_contradict_itself(said: Said, language: str) -> Iterator[Fault]:
    inside = find_order("shelter", language, said.text)
    outside = find_order("leave", language, said.text)
    if inside and outside:
        one, other = (said.text[start:end] for start, end in (inside, outside))
        yield Fault(f"“{one}” and “{other}” together", "say who does which: if you are inside, …", max(inside, outside))


def _promises_the_next_word(said: Said, language: str) -> Iterator[Fault]:
    level = Level.ERROR if said.urgency is Urgency.IMMEDIATE else Level.WARNING
    promise = _sentence_with("next_word", language, said.text)
    if not promise:
        yield Fault("nothing says when the next word comes", "add: we write again by HOUR ZONE, here", level=level)
    elif not (
        tells_day(promise, language) or tells_hour(promise, language) or find_words("when_next", language, promise)
    ):
        yield Fault("the next word has no time", "say: we write again by HOUR ZONE, here", level=level)
    elif find_order("shelter", language, said.text):
        minutes = _minutes_between(_sentence_with("issued", language, said.text), promise, language)
        if minutes is not None and minutes > MAX_MINUTES_INSIDE:
            yield Fault(
                "people stay inside for over an hour without a word",
                f"write again within {MAX_MINUTES_INSIDE} minutes",
                level=level,
            )


def _sentence_with(words: str, language: str, text: str) -> str:
    """The first sentence that has such a word, or rather the first of them that tells an hour; empty if none has one."""
    found = [text[start:end] for start, end in find_sentences(text) if find_words(words, language, text[start:end])]
    return next((one for one in found if tells_hour(one, language)), found[0] if found else "")


def _minutes_between(issued: str, promise: str, language: str) -> int | None:
    """From the hour of one sentence to that of the other, or a day more; None where one tells none or several, or another zone."""
    told = [find_facts(sentence, language) for sentence in (issued, promise)]
    hours, zones, days, months, numbers = (
        [{fact.value for fact in facts if fact.kind is kind} for facts in told]
        for kind in (FactKind.TIME, FactKind.ZONE, FactKind.DAY, FactKind.MONTH, FactKind.NUMBER)
    )
    if any(len(one) != 1 for one in hours) or _differ(*zones):
        return None
    start, end = (60 * int(one[:2]) + int(one[3:]) for (one,) in hours)
    # A number is a date beside a month only: “call 112” is none.
    another_day = _differ(*days) or (all(months) and _differ(*numbers))
    return end - start + (24 * 60 if end < start or another_day else 0)


def _differ(one: set[str], other: set[str]) -> bool:
    return bool(one and other) and one.isdisjoint(other)


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
        asks="where, by a name that its readers know; each of several places (warning)",
        check=_says_where,
        words=("vague_place",),
        on=(False, True),
    ),
    Rule(
        id="TXT-C4",
        level=Level.ERROR,
        asks="when it happens, with day, hour and zone, or that it is not stated; when it was issued (warning)",
        check=_says_when,
        words=("vague_time", "time_not_stated", "issued", "next_word", "until"),
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
        asks="no two orders against each other, unless it says who does which",
        check=_does_not_contradict_itself,
        words=("shelter", "leave", "who_does_which", "negation"),
    ),
    Rule(
        id="TXT-C6",
        level=Level.ERROR,
        asks="at what time the next word comes, within 60 minutes for people who stay inside; only a warning below urgency Immediate",
        check=_promises_the_next_word,
        words=("next_word", "when_next"),
    ),
)
