"""Finds what is held back in versions whose readers may not see it. Written apart from what makes the versions.

A phrase is looked for as it stands, in other letters or spacing, split over lines, encoded, as part of a name, and in
other words. The check knows no names: it compares each version with the phrases that the officer holds back. It rather
asks once too often: a refused version costs a rewording, a leak may cost a life.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct

from tocsin.cap.alert import Alert, Info
from tocsin.compose.disguises import Disguises
from tocsin.compose.letters import PLAIN, VIEWS, Reading, View, Word, is_common, is_stop_word, meaning
from tocsin.core.marking import Audience
from tocsin.errors import InputError

PARAPHRASE_SHARE = 0.6
"""Share of a phrase's content words (by length) in a short stretch of text from which on it counts as told."""

MIN_LETTERS = 3
MIN_NAME_PART = 4
MIN_DISGUISED = 5
_TOLD_TOGETHER = ("headline", "description", "instruction")


class HeldBack(Struct, frozen=True):
    """A phrase that only `readable_by` and stricter audiences may see."""

    id: str
    phrase: str
    readable_by: Audience = Audience.INTERNAL

    def __post_init__(self) -> None:
        letters = Reading([("", self.phrase)], PLAIN).run
        if len(letters) < (MIN_LETTERS if letters.isascii() else MIN_LETTERS - 1):
            raise InputError(
                f"held-back phrase {self.id} has under {MIN_LETTERS} letters", hint="it would fire everywhere"
            )


class Leak(Struct, frozen=True, kw_only=True):
    """Where a version tells what it must not: line and words from 1. Never quotes the phrase: many read an error."""

    audience: Audience
    phrase_id: str
    readable_by: Audience
    field: str
    line: int
    first_word: int
    last_word: int
    how: str

    def __str__(self) -> str:
        words = f"words {self.first_word}-{self.last_word}"
        if self.last_word == self.first_word:
            words = f"word {self.first_word}"
        return (
            f"version for {self.audience.value}, {self.field}, line {self.line}, {words}: phrase {self.phrase_id}, "
            f"held back below {self.readable_by.default_tlp.value} ({self.how})"
        )


_Passage = Sequence[tuple[str, str]]
_Hit = tuple[int, int, str]
_Place = tuple[Sequence[Word], str]


def find_leaks(versions: Sequence[tuple[Audience, Alert]], held_back: Sequence[HeldBack]) -> tuple[Leak, ...]:
    """Every place in every version that tells a phrase its readers may not see; empty if there is none."""
    sought = [_Sought(phrase) for phrase in held_back]
    leaks: list[Leak] = []
    for audience, alert in versions:
        hidden = [one for one in sought if audience.sees_less_than(one.held.readable_by)]
        said_anyway = [frozenset(Reading(_open_passage(alert), view).by_stem) for view in VIEWS]
        for passage in _passages(alert) if hidden else ():
            readings = [Reading(passage, view) for view in VIEWS]
            disguises = Disguises(passage)
            for one in hidden:
                places = one.find_places(readings, said_anyway) or one.find_disguised(readings[0], disguises)
                leaks += [_leak(audience, one.held, *place) for place in places]
    return tuple(leaks)


def find_telling(
    passages: Sequence[tuple[str, str]], audience: Audience, held_back: Sequence[HeldBack], said_anyway: Sequence[str]
) -> frozenset[str]:
    """Names of those of the (name, text) passages, read in one go, that tell a phrase which the audience may not see.

    A phrase that is split over several of them names each. `said_anyway` are texts that tell nothing by themselves: where
    a warning applies, who says so. A line as `find_leaks` sees it: as it stands, disguised, in other words.
    """
    sought = [_Sought(one) for one in held_back if audience.sees_less_than(one.readable_by)]
    if not sought:
        return frozenset()
    open_stems = [frozenset(Reading([("", one) for one in said_anyway], view).by_stem) for view in VIEWS]
    readings = [Reading(passages, view) for view in VIEWS]
    disguises = Disguises(passages)
    return frozenset(
        word.field
        for one in sought
        for words, _ in (*one.find_places(readings, open_stems), *one.find_disguised(readings[0], disguises))
        for word in words
    )


class _Sought:
    """A phrase as it reads in each view, and which of its words are names."""

    def __init__(self, held: HeldBack) -> None:
        self.held = held
        self._views = [(Reading([("", held.phrase)], view), _name_parts(held.phrase, view)) for view in VIEWS]

    def find_places(self, readings: Sequence[Reading], said_anyway: Sequence[frozenset[str]]) -> list[_Place]:
        """The words of each place that tells the phrase, told once where several views see it."""
        places: list[_Place] = []
        for text, (wanted, parts), open_stems in zip(readings, self._views, said_anyway, strict=True):
            for first, last, how in _find_hits(text, wanted, parts, open_stems):
                words = text.words[first : last + 1]
                if all(words[-1].at < known[0].at or known[-1].at < words[0].at for known, _ in places):
                    places.append((words, how))
        return places

    def find_disguised(self, text: Reading, disguises: Disguises) -> list[_Place]:
        """Lines that tell it backwards, turned by 13 letters, or encoded."""
        phrase, parts = self._views[0]
        wanted = [one for one in (phrase.run, *(part.letters for part in parts)) if len(one) >= MIN_DISGUISED]
        if not any(disguises.may_hold(one) for one in wanted):
            return []
        return [
            ([word for word in text.words if word.at[:2] == at], "disguised")
            for at, undisguised in disguises.lines.items()
            # The letters alone are compared first: that costs next to nothing, and mostly nothing is there.
            if any(
                one in letters and Reading([("", row)], PLAIN).holds(one)
                for letters, row in undisguised
                for one in wanted
            )
        ]


def _find_hits(text: Reading, wanted: Reading, parts: Sequence[Word], open_stems: frozenset[str]) -> Iterator[_Hit]:
    """The surest first: as it stands, a part of a name, in other words."""
    for first, last in text.find(wanted.run):
        if not _is_accident(text.words[first : last + 1], wanted.words):
            yield first, last, "exact" if text.words[first].line == text.words[last].line else "split"
    yield from _find_name(text, [part for part in parts if part.stem not in open_stems], wanted)
    yield from _find_paraphrase(text, wanted, open_stems)


def _find_name(text: Reading, parts: Sequence[Word], wanted: Reading) -> Iterator[_Hit]:
    """A part of a name alone, whole or inflected, or with an initial for the rest of it."""
    for part in parts:
        for first, last in text.find(part.letters):
            if not _is_accident(text.words[first : last + 1], (part,)):
                yield first, last, "part of a name"
    stems = {part.stem for part in parts}
    yield from ((n, n, "part of a name") for n in sorted(n for one in stems for n in text.by_stem.get(one, ())))
    if parts and 2 <= len(wanted.words) <= 4:
        for first, last in text.find("".join(word.letters[0] for word in wanted.words[:-1]) + wanted.words[-1].letters):
            if len(text.words[first].letters) == 1:
                yield first, last, "initial and name"


def _find_paraphrase(text: Reading, wanted: Reading, open_stems: frozenset[str]) -> Iterator[_Hit]:
    """Enough of the phrase's content words, in any order, by stem or synonym, close together.

    Where the warning applies and who says so stands in every version: these words alone tell nothing.
    """
    content = [word for word in wanted.words if not is_stop_word(word.plain)]
    weights = {meaning(word.stem): len(word.letters) for word in content}
    secret = set(weights) - {meaning(one) for one in open_stems}
    if len(weights) == 1:
        yield from ((n, n, "inflected") for n in text.by_stem.get(content[0].stem, ()))
        return
    if len(secret) < 2:
        return
    span, after = 2 * len(wanted.words) + 6, -1
    places = sorted((n, said) for said in weights for n in text.find_meaning(said))
    for number, (start, _) in enumerate(places):
        found = [one for one in places[number : number + span] if one[0] < start + span]
        told = {said for _, said in found}
        share = sum(weights[one] for one in told) / sum(weights.values())
        if start > after and len(told & secret) >= 2 and share >= PARAPHRASE_SHARE:
            after = found[-1][0]
            yield start, after, "paraphrase"


def _is_accident(words: Sequence[Word], wanted: Sequence[Word]) -> bool:
    """Do ordinary words merely happen to spell it together, as "as if" spells Asif?"""
    same = [word.letters for word in words] == [word.letters for word in wanted]
    return len(words) > 1 and not same and all(len(word.plain) > 1 and is_common(word.plain) for word in words)


def _name_parts(phrase: str, view: View) -> tuple[Word, ...]:
    """The capitalised words of four letters or more that are no ordinary English words."""
    capitalised = " ".join(word for word in re.findall(r"\w+", phrase) if word[:1].isupper())
    return tuple(
        word
        for word in Reading([("", capitalised)], view).words
        if len(word.plain) >= MIN_NAME_PART and not is_common(word.plain)
    )


def _passages(alert: Alert) -> Iterator[_Passage]:
    """What is read in one go: headline, description and instruction together, every other text by itself."""
    for info in alert.infos:
        yield tuple((name, text) for name in _TOLD_TOGETHER if (text := getattr(info, name)))
    yield from ((one,) for one in _texts(alert, "alert") if one[0] not in _TOLD_TOGETHER)


def _texts(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Every text in the message, by its field of Alert or Info; one that is added to the types is never forgotten."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield name, value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts(one, name)
    elif isinstance(value, Struct):
        for field in value.__struct_fields__:
            inner = field if isinstance(value, Alert | Info) else name
            yield from _texts(getattr(value, field), inner)


def _open_passage(alert: Alert) -> _Passage:
    """What each version must hold: where it applies, and who says so."""
    areas = [one.area.description for info in alert.infos for one in info.areas]
    return tuple(("", text) for text in (*areas, *(info.sender_name or "" for info in alert.infos)))


def _leak(audience: Audience, phrase: HeldBack, words: Sequence[Word], how: str) -> Leak:
    first = words[0]
    row = [word.number for word in words if (word.field, word.line) == (first.field, first.line)]
    return Leak(
        audience=audience,
        phrase_id=phrase.id,
        readable_by=phrase.readable_by,
        field=first.field,
        line=first.line,
        first_word=first.number,
        last_word=max(row),
        how=how,
    )
