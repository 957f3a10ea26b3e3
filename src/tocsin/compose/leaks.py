"""Finds what is held back in versions whose readers may not see it. Written apart from what makes the versions.

A phrase is looked for as it stands, in other letters or spacing, split over lines, encoded, and in other words. The
check knows no names: it compares each version with the phrases that the officer holds back.
"""

import binascii
import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from tocsin.cap.alert import Alert
from tocsin.core.data import read_data
from tocsin.core.marking import Audience
from tocsin.errors import InputError

PARAPHRASE_SHARE = 0.6
"""Share of a phrase's content words (by length) in a short stretch of text from which on it counts as told."""

MIN_PHRASE = 3
_WORD = re.compile(r"\S+")
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


@dataclass(frozen=True)
class HeldBack:
    """A phrase that only `readable_by` and stricter audiences may see."""

    id: str
    phrase: str
    readable_by: Audience = Audience.INTERNAL

    def __post_init__(self) -> None:
        if len(_squeeze(_letters(self.phrase))) < MIN_PHRASE:
            raise InputError(
                f"held-back phrase {self.id} has under {MIN_PHRASE} letters", hint="it would fire everywhere"
            )


@dataclass(frozen=True)
class Leak:
    """Where a version tells what it must not. Never quotes the phrase: an error message is read by many."""

    audience: Audience
    phrase: str
    readable_by: Audience
    field: str
    line: int
    first_word: int
    last_word: int
    how: str

    def __str__(self) -> str:
        words = (
            f"words {self.first_word}-{self.last_word}"
            if self.last_word > self.first_word
            else f"word {self.first_word}"
        )
        return (
            f"version for {self.audience.value}, {self.field}, line {self.line}, {words}: phrase {self.phrase}, "
            f"held back below {self.readable_by.default_tlp.value} ({self.how})"
        )


@dataclass(frozen=True)
class _Word:
    """A word of a version in comparable letters, and where it stands."""

    letters: str
    stem: str
    line: int
    number: int


def find_leaks(versions: Sequence[tuple[Audience, Alert]], held_back: Sequence[HeldBack]) -> tuple[Leak, ...]:
    """Every place in every version that tells a phrase its readers may not see; empty if there is none."""
    leaks: list[Leak] = []
    for audience, alert in versions:
        open_words = _open_words(alert)
        for field, text in _texts(alert):
            for phrase in held_back:
                if audience.sees_less_than(phrase.readable_by):
                    leaks += _find_in_text(audience, field, text, phrase, open_words)
    return tuple(dict.fromkeys(leaks))


def _find_in_text(
    audience: Audience, field: str, text: str, phrase: HeldBack, open_words: frozenset[str]
) -> Iterator[Leak]:
    for letters in (_letters, _look_alike_letters, _latin_letters):
        words = _words(text, letters)
        hit = _find_letters(words, _squeeze(letters(phrase.phrase)))
        hit = hit or _find_name(words, phrase.phrase, open_words) or _find_paraphrase(words, phrase.phrase)
        if hit:
            first, last, how = hit
            yield Leak(audience, phrase.id, phrase.readable_by, field, first.line, first.number, _end(first, last), how)
            return
    if _is_disguised(text, phrase.phrase):
        yield Leak(audience, phrase.id, phrase.readable_by, field, 1, 1, 1, "disguised")


_Hit = tuple[_Word, _Word, str]


def _find_letters(words: Sequence[_Word], wanted: str) -> _Hit | None:
    """The phrase's letters in a row, whatever stands between them; short ones only as whole words."""
    squeezed, starts = "", []
    for word in words:
        starts.append(len(squeezed))
        squeezed += word.letters
    ends = {start + len(word.letters) for start, word in zip(starts, words, strict=True)}
    place = squeezed.find(wanted)
    while wanted and place >= 0:
        if len(wanted) >= 9 or (place in starts and place + len(wanted) in ends):
            first = words[_at(starts, place)]
            last = words[_at(starts, place + len(wanted) - 1)]
            return first, last, "exact" if first.line == last.line else "split"
        place = squeezed.find(wanted, place + 1)
    return None


def _find_name(words: Sequence[_Word], phrase: str, open_words: frozenset[str]) -> _Hit | None:
    """A part of a name alone: a capitalised word of four letters or more that the version need not hold anyway."""
    parts = {
        _letters(word).strip()
        for word in re.findall(r"\w+", phrase)
        if word[:1].isupper() and len(word) >= 4 and not word.isdigit()
    }
    if len(re.findall(r"\w+", phrase)) > len(parts) + 2:
        parts = {part for part in parts if not phrase.lower().startswith(part)}
    wanted = {_stem(part) for part in parts} - open_words - _common_words()
    return next(((word, word, "part of a name") for word in words if word.stem in wanted), None)


def _find_paraphrase(words: Sequence[_Word], phrase: str) -> _Hit | None:
    """Enough of the phrase's content words, in any order, by stem or synonym, close together."""
    wanted = {stem: len(stem) for stem in map(_meaning, _content(phrase))}
    if not wanted:
        return None
    if len(wanted) == 1:
        own = set(_content(phrase))
        return next(((word, word, "inflected") for word in words if word.stem in own), None)
    span = 2 * len(phrase.split()) + 6
    for start in range(len(words)):
        near = words[start : start + span]
        if _meaning(near[0].stem) not in wanted:
            continue
        found = [word for word in near if _meaning(word.stem) in wanted]
        stems = {_meaning(word.stem) for word in found}
        if len(stems) >= 2 and sum(wanted[s] for s in stems) >= PARAPHRASE_SHARE * sum(wanted.values()):
            return near[0], found[-1], "paraphrase"
    return None


def _is_disguised(text: str, phrase: str) -> bool:
    """Reversed, or as base64 or hex somewhere in the text."""
    wanted = _squeeze(_letters(phrase))
    if len(wanted) >= 5 and wanted in _squeeze(_letters(text))[::-1]:
        return True
    for token in _ENCODED.findall(text):
        for decode in (binascii.unhexlify, lambda t: b64decode(t + "=" * (-len(t) % 4), altchars="-_")):
            try:
                raw = decode(token)
            except ValueError:
                continue
            if wanted in _squeeze(_letters(raw.decode("utf-8", "replace"))):
                return True
    return False


def _texts(alert: Alert) -> Iterator[tuple[str, str]]:
    """Every string of a message that a reader could see, by field."""
    yield from (("identifier", alert.identifier), ("sender", alert.sender))
    for name in ("source", "restriction", "note"):
        if value := getattr(alert, name):
            yield name, value
    yield from (("addresses", one) for one in alert.addresses)
    yield from (("code", one) for one in alert.codes)
    yield from (("incidents", one) for one in alert.incidents)
    for info in alert.infos:
        for name in ("event", "audience", "sender_name", "headline", "description", "instruction", "web", "contact"):
            if value := getattr(info, name):
                yield name, value
        yield from (("parameter", f"{one.name} {one.value}") for one in (*info.parameters, *info.event_codes))
        yield from (("resource", f"{one.description} {one.uri or ''}") for one in info.resources)
        for one in info.areas:
            yield "area", one.area.description
            yield from (("geocode", f"{code.name} {code.value}") for code in one.area.geocodes)


def _open_words(alert: Alert) -> frozenset[str]:
    """Stems of what each version must hold: where it applies, and who says so."""
    texts = [one.area.description for info in alert.infos for one in info.areas]
    texts += [info.sender_name or "" for info in alert.infos]
    return frozenset(_stem(_letters(word)) for text in texts for word in re.findall(r"\w+", text))


def _words(text: str, letters: Callable[[str], str]) -> list[_Word]:
    """Words with line and number, both from 1. A word broken by a hyphen at a line's end is one word of its first line."""
    found: list[_Word] = []
    for line, row in enumerate(text.split("\n"), 1):
        for number, match in enumerate(_WORD.finditer(row), 1):
            for part in re.split(r"[\u2010-\u2015/-]", match.group()):
                squeezed = _squeeze(letters(part))
                if squeezed:
                    found.append(_Word(squeezed, _stem(_numbers().get(squeezed, squeezed)), line, number))
    return found


def _content(phrase: str) -> Iterator[str]:
    for word in re.findall(r"\w+", phrase):
        letters = _squeeze(_letters(word))
        if letters and letters not in _stop_words():
            yield _stem(_numbers().get(letters, letters))


def _letters(text: str) -> str:
    """Comparable letters: one case, no accents, no invisible characters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if unicodedata.category(c) not in {"Mn", "Cf", "Cc"} or c == "\n")


def _look_alike_letters(text: str) -> str:
    table: Mapping[str, str] = read_data("compose", "leaks.json")["look_alikes"]
    return "".join(table.get(c, c) for c in _letters(text))


def _latin_letters(text: str) -> str:
    table: Mapping[str, str] = read_data("compose", "leaks.json")["transliteration"]
    return "".join(table.get(c, c) for c in _letters(text))


def _squeeze(letters: str) -> str:
    return "".join(c for c in letters if c.isalnum())


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(read_data("compose", "leaks.json")["stop_words"])


@cache
def _common_words() -> frozenset[str]:
    """Stems of words that stand in many names and alone tell none."""
    return _stop_words() | {_stem(word) for word in read_data("compose", "leaks.json")["common_name_words"]}


@cache
def _numbers() -> Mapping[str, str]:
    return dict(read_data("compose", "leaks.json")["numbers"])


@cache
def _synonyms() -> Mapping[str, str]:
    groups: list[list[str]] = read_data("compose", "leaks.json")["synonyms"]
    return {_stem(word): _stem(group[0]) for group in groups for word in group}


def _meaning(stem: str) -> str:
    return _synonyms().get(stem, stem)


@cache
def _stem(word: str) -> str:
    """The word without the commonest English endings. Crude on purpose: it is better to ask once too often.

    >>> _stem("informants"), _stem("intercepted"), _stem("plotting")
    ('informant', 'intercept', 'plot')
    """
    for ending in ("'s", "ings", "ing", "ers", "ies", "ied", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + ("y" if ending in {"ies", "ied"} else "")
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def _at(starts: Sequence[int], place: int) -> int:
    return max(n for n, start in enumerate(starts) if start <= place)


def _end(first: _Word, last: _Word) -> int:
    return last.number if last.line == first.line else first.number
