"""Incidents that a text tells as having happened: an attack in the past with its day and place; never one feared or foiled."""

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.intake.claims import MAX_CLAIMS
from tocsin.intake.days import Day
from tocsin.intake.parties import words
from tocsin.intake.ports import place_key
from tocsin.intake.quoting import Shape, Token, sentences_of
from tocsin.intake.report import FoundIncident
from tocsin.intake.sections import Sentence, sentences

_NEAR = 8
"""Tokens before an attack within which "may", "plan" or "threat" make it one that is feared."""
MOST_WORDS = 120
"""Of one sentence: few people write a longer one, and looking for day and place costs its square."""
_MOST_NAMES = 50
_WORD = Expression(r"[a-z]+")
_DIGIT = Expression(r"[0-9]")


class PlaceName(Struct, frozen=True):
    """A place as the text writes it (`words`), and its `name`; a country is taken only where no smaller place stands."""

    words: str
    name: str
    is_country: bool


def passages_of_attacks(text: str) -> tuple[Sentence, ...]:
    """The sentences that name an attack in words that may tell it as past; most texts have none, and cost no more."""
    lower = text.lower()
    named = _named(lower)
    if not _may_tell(lower, named):
        return ()
    near = _attacks() & named
    told = ((one, text[one.start : one.end].lower()) for one in sentences(text))
    return tuple(one for one, words in told if any(word in words for word in near) and _may_tell(words, _named(words)))


def find_incidents(
    text: str, passages: Sequence[Sentence], days: Sequence[Day], places: Sequence[PlaceName], told: str | None
) -> tuple[FoundIncident, ...]:
    """Each incident once, in the order of the text, from the passages of `passages_of_attacks`.

    `told` is the day of the text, `YYYY-MM-DD`: no later day is past. An attack without a day is the one that another
    sentence dates, if it can be only one; the same for its place. What has neither is left out.
    """
    by_start = {one.start: one for one in days}
    known = {place_key(one.words): one for one in places[:_MOST_NAMES]}
    found: list[FoundIncident] = []
    for passage in passages:
        for sentence in sentences_of(text, days, passage.start, passage.end):
            one = _incident(text, sentence[:MOST_WORDS], by_start, known, told)
            if one is not None and len(found) < MAX_CLAIMS:
                found.append(one)
    return _joined(found)


@cache
def _lexicon(name: str) -> frozenset[str]:
    return frozenset(read_data("intake", "incidents.json")[name].split())


@cache
def _attacks() -> frozenset[str]:
    """No sentence tells an attack without one of these."""
    return _lexicon("verbs") | _lexicon("nouns") | _lexicon("events") | {"fire"}


def _named(lower: str) -> frozenset[str]:
    return frozenset(_WORD.findall(lower))


def _may_tell(sentence: str, named: frozenset[str]) -> bool:
    if not named.isdisjoint(_lexicon("verbs")) or {"opened", "fire"} <= named:
        return True
    is_past = "s" in named or not named.isdisjoint(_lexicon("past")) or bool(_DIGIT.search(sentence))
    return is_past and not (named.isdisjoint(_lexicon("nouns")) and named.isdisjoint(_lexicon("events")))


def _incident(
    text: str,
    sentence: Sequence[Token],
    days: Mapping[int, Day],
    known: Mapping[str, PlaceName],
    told: str | None,
) -> FoundIncident | None:
    for at in range(len(sentence)):
        rule = _rule(sentence, at)
        if rule is None:
            continue
        day = _day(sentence, at, days, told)
        place = _place(text, sentence, at, known)
        if day is None and rule != "E-verb" and not _is_placed(text, sentence, at, known):
            continue
        if day is None and place is None:
            continue
        start, end = _span(sentence)
        return FoundIncident(date=day, place=place, text=text[start:end], start=start, end=end, rule=rule)
    return None


def _span(sentence: Sequence[Token]) -> tuple[int, int]:
    first = next((at for at, token in enumerate(sentence) if token.shape is not Shape.MARK), 0)
    return sentence[first].start, sentence[-1].end


def _rule(sentence: Sequence[Token], at: int) -> str | None:
    """Is an attack told here as having happened: by a verb in the past, or by a noun that the words around it date?"""
    low = sentence[at].low
    if sentence[at].shape is Shape.DAY:
        return "E-noun" if sentence[at].text.rpartition(" ")[2].lower() in _lexicon("nouns") else None
    if low in _lexicon("verbs") or (low == "fire" and at and sentence[at - 1].low == "opened"):
        return None if _is_feared(sentence, at) else "E-verb"
    if low in _lexicon("nouns") and not _is_feared(sentence, at) and _is_past(sentence, at):
        return "E-noun"
    if low in _lexicon("events") and at and sentence[at - 1].low == "the" and _is_dated_behind(sentence, at):
        return "E-events"
    return None


def _is_feared(sentence: Sequence[Token], at: int) -> bool:
    before = sentence[max(0, at - _NEAR) : at]
    for token in reversed(before):
        if token.shape is not Shape.WORD and token.low in {",", "-", "–", "—", ":"}:
            break
        if token.low in _lexicon("feared"):
            return True
    after = {token.low for token in sentence[at + 1 : at + 4]}
    return bool(after & {"may", "might", "could", "would", "will"}) or (at > 0 and sentence[at - 1].low in {"to", "be"})


def _is_past(sentence: Sequence[Token], at: int) -> bool:
    """As in "after an explosion", "Moscow's attack", "the attack on 13 March", "the blast killed"."""
    before = {token.low for token in sentence[max(0, at - _NEAR) : at]}
    owner = at > 0 and sentence[at - 1].low.endswith(("'s", "’s"))
    follows = any(token.low in _lexicon("verbs") for token in sentence[at + 1 : at + 1 + _NEAR])
    return bool(before & _lexicon("past")) or owner or follows or _is_dated_behind(sentence, at)


def _is_dated_behind(sentence: Sequence[Token], at: int) -> bool:
    return any(token.shape is Shape.DAY for token in sentence[at + 1 : at + 6])


def _day(sentence: Sequence[Token], at: int, days: Mapping[int, Day], told: str | None) -> str | None:
    """The day nearest to the attack, behind it first; one that stands with a verb of saying is the day of the words."""
    of_event = days[sentence[at].start] if sentence[at].shape is Shape.DAY else None
    if of_event:
        return of_event.value if of_event.rule == "D-of-event" else None
    for side in (range(at + 1, len(sentence)), range(at - 1, -1, -1)):
        for one in side:
            token = sentence[one]
            if token.low in words("verbs.say") or token.low in words("verbs.tell") or token.low == "that":
                break
            day = days.get(token.start) if token.shape is Shape.DAY else None
            if day is not None and day.rule != "D-event" and (told is None or day.value <= told):
                return day.value
    return None


def _place(text: str, sentence: Sequence[Token], at: int, known: Mapping[str, PlaceName]) -> str | None:
    """The place nearest to the attack, behind it first, a city before a country."""
    behind = _names(text, sentence[at + 1 :], known)
    before = _names(text, sentence[:at], known)[::-1]
    owner = before[:1] if at and sentence[at - 1].low.endswith(("'s", "’s")) else ()
    order = [*owner, *behind, *before]
    return next((one.name for one in order if not one.is_country), order[0].name if order else None)


def _is_placed(text: str, sentence: Sequence[Token], at: int, known: Mapping[str, PlaceName]) -> bool:
    """Does the noun itself say where: "the bombing in Kabul", "Moscow's attack"? A place elsewhere in the sentence does not."""
    if sentence[at].shape is Shape.DAY:
        return False
    owned = sentence[at - 1 : at] if at else ()
    behind = next((one for one in range(at + 1, min(len(sentence), at + 1 + _NEAR)) if sentence[one].low in _AT), None)
    return bool(_names(text, owned, known)) or (
        behind is not None and bool(_names(text, sentence[behind + 1 : behind + 5], known))
    )


_AT = frozenset({"in", "at", "near"})


def _names(text: str, tokens: Sequence[Token], known: Mapping[str, PlaceName]) -> list[PlaceName]:
    """The places that these tokens name, each of one to four words."""
    found: list[PlaceName] = []
    for at, token in enumerate(tokens):
        if not token.text[0].isupper():
            continue
        for size in range(min(4, len(tokens) - at), 0, -1):
            written = text[token.start : tokens[at + size - 1].end]
            one = known.get(place_key(written.removesuffix("'s").removesuffix("’s")))
            if one is not None:
                found.append(one)
                break
    return found


def _joined(found: Sequence[FoundIncident]) -> tuple[FoundIncident, ...]:
    """Mentions of one attack made one: the same day, or no day and the only attack that it can be."""
    kept: list[FoundIncident] = []
    for one in sorted(found, key=lambda one: one.date is None):
        same = [at for at, other in enumerate(kept) if _may_be_same(one, other)]
        if len(same) != 1:
            kept.append(one)
            continue
        other = kept[same[0]]
        kept[same[0]] = replace(other, place=other.place or one.place)
    return tuple(sorted(kept, key=lambda one: one.start))


def _may_be_same(one: FoundIncident, other: FoundIncident) -> bool:
    days = one.date is None or one.date == other.date
    return days and (one.place is None or other.place is None or one.place == other.place)
