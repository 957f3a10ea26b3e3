"""How a text reads once its disguises are taken off: the same words in three views, with line and number."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.expression import Expression

_INVISIBLE = frozenset({"Mn", "Me", "Cf", "Cc"})
_FILLERS = frozenset("\u115f\u1160")
_SIGNS_KEPT = 4096
_NO_LETTERS = Expression(r"[\W_]+")
_NOT_ASCII = Expression(r"([^\x00-\x7f]+)")
_ALONE = 9
"""From so many letters on, a run is no accident even inside longer words."""

_NAMED_LETTER = Expression(r".*\b(?:LATIN|INDICATOR)\b.*\bLETTER (?:SMALL CAPITAL )?([A-Z])(?: WITH .+)?")
_RUSSIAN_ENDING = Expression(r"(?:ами|ого|ому|ыми|ой|ою|ом|ым|ем|ах|ам|ов|ей|а|у|е|ы|и|о|ь|й|я|ю)$")
_ENDINGS = tuple(
    "ations ation ating ators ator ates ated ate ments ment ings ing ness ers ies ied ed er es ly s".split()
)  # longest first where one ends in another


def _plain_sign(char: str) -> str:
    """A sign in one case, without accents; nothing for what nobody sees; the letter itself for one in fancy dress."""
    name = "" if char.isascii() else unicodedata.name(char, "")
    named = _NAMED_LETTER.fullmatch(name) if "LETTER" in name else None
    spelled = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", named[1] if named else char).casefold())
    return "".join(c for c in spelled if not _is_unseen(c))


class _PlainSigns(dict[int, str]):
    """For `str.translate`: each sign as `_plain_sign` has it, the commonest worked out once."""

    def __missing__(self, code: int) -> str:
        plain = _plain_sign(chr(code))
        if len(self) < _SIGNS_KEPT:
            self[code] = plain
        return plain


_PLAIN_SIGNS = _PlainSigns()


def plain_letters(text: str) -> str:
    """One case, no accents, no invisible characters, no letters in fancy dress.

    >>> plain_letters("P\u00e9\u200btrov"), plain_letters("\U0001d5dc\U0001d603an")
    ('petrov', 'ivan')
    """
    if text.isascii():
        return text.casefold()
    # Apart, because signs of ASCII are translated ten times as fast where nothing else stands among them.
    plain = "".join([part.translate(_PLAIN_SIGNS) for part in _NOT_ASCII.split(text)])
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)


def letters_of(text: str) -> str:
    """All letters and digits in a row, as a Reading in the plain view has them.

    >>> letters_of("Igor Pé-\u200btrov"), Reading([("", "Igor Pé-\u200btrov")], PLAIN).run
    ('igorpetrov', 'igorpetrov')
    """
    return "".join(filter(str.isalnum, plain_letters(plain_letters(text))))


class View(Struct, frozen=True, eq=False):
    """What eye or ear make of a text: signs exchanged as they are written, then letters once they are plain."""

    signs: Callable[[str], str]
    letters: Callable[[str], str]

    def read(self, text: str) -> str:
        """The text in this view's letters.

        >>> LOOK_ALIKE.read("Ре7rоv") == LOOK_ALIKE.read("Petrov")
        True
        >>> LATIN.read("Алексей Хрущёв") == LATIN.read("Alexey Khrushchev")
        True
        """
        return self.letters(plain_letters(self.signs(text)))


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) in _INVISIBLE or char in _FILLERS


def _signs_as_letters(text: str) -> str:
    return text.rstrip("!?.,;:").translate(_signs("look_alikes"))


def _alike_in_latin(letters: str) -> str:
    return _replace(letters, _table("alike_in_latin"))


def _in_latin(letters: str) -> str:
    return _replace(letters.translate(_signs("transliteration")), _table("spellings"))


PLAIN = View(plain_letters, str)
"""As it is written."""

LOOK_ALIKE = View(_signs_as_letters, _alike_in_latin)
"""What the eye sees: Cyrillic, Greek and Armenian twins of Latin letters, digits and signs that stand for one."""

LATIN = View(plain_letters, _in_latin)
"""What the ear hears: Cyrillic and Greek in Latin letters, the commonest spellings of that brought to one."""

VIEWS = (PLAIN, LOOK_ALIKE, LATIN)


class Word(NamedTuple):
    """A word in comparable letters, and where it stands: field, line and number from 1, counted between spaces."""

    letters: str
    plain: str
    stem: str
    order: int
    field: str
    line: int
    number: int

    @property
    def at(self) -> tuple[int, int, int]:
        """Orders the words of one passage, in every view alike."""
        return self.order, self.line, self.number


class Reading:
    """One passage in one view: its words, and all their letters in a row."""

    def __init__(self, passage: Sequence[tuple[str, str]], view: View) -> None:
        self._passage, self._view = passage, view
        self._spelled = [one for _, text in passage for token in text.split() for one in _read_token(view, token)]
        self.run = "".join([letters for letters, _, _ in self._spelled])

    @cached_property
    def words(self) -> Sequence[Word]:
        """With the place of each: asked for only where something was found."""
        return [
            Word(*spelled, order, name, line, number)
            for order, (name, text) in enumerate(self._passage)
            for line, row in enumerate(text.splitlines(), 1)
            for number, token in enumerate(row.split(), 1)
            for spelled in _read_token(self._view, token)
        ]

    def holds(self, wanted: str) -> bool:
        """Do these letters stand anywhere in it, as `find` finds them?"""
        return any(True for _ in self.find(wanted))

    def find(self, wanted: str) -> Iterator[tuple[int, int]]:
        """First and last word of each place where these letters stand in a row, whatever stands between them.

        Short runs count only from the beginning of a word to the end of one.
        """
        place = self.run.find(wanted) if wanted else -1
        while place >= 0:
            end = place + len(wanted)
            owner, starts, ends = self._borders
            if len(wanted) >= _ALONE or (place in starts and end in ends):
                yield owner[place], owner[end - 1]
            place = self.run.find(wanted, place + 1)

    @cached_property
    def by_stem(self) -> Mapping[str, Sequence[int]]:
        """Where words of each stem stand: their numbers in `words`, ascending."""
        found: dict[str, list[int]] = {}
        for number, (_, _, stemmed) in enumerate(self._spelled):
            found.setdefault(stemmed, []).append(number)
        return found

    def find_meaning(self, said: str) -> Iterator[int]:
        """Where words of this meaning stand, in no order."""
        return (number for one in stems_of(said) for number in self.by_stem.get(one, ()))

    @cached_property
    def _borders(self) -> tuple[list[int], set[int], set[int]]:
        """For each letter in a row its word, and where words begin and end: asked for only where something was found.

        A word begins and ends at its ends, between letters and digits, and at each sign of a script without spaces.
        """
        owner: list[int] = []
        starts: set[int] = set()
        ends: set[int] = set()
        for index, (letters, _, _) in enumerate(self._spelled):
            base = len(owner)
            inner = {base + n for n in range(1, len(letters)) if _divides(letters[n - 1], letters[n])}
            starts |= inner | {base}
            ends |= inner | {base + len(letters)}
            owner += [index] * len(letters)
        return owner, starts, ends


def _divides(one: str, two: str) -> bool:
    return one.isdigit() is not two.isdigit() or _is_wide(one) or _is_wide(two)


def stem(word: str) -> str:
    """The word without the commonest English endings. Crude on purpose: it is better to ask once too often.

    >>> stem("informants"), stem("intercepted"), stem("plotting"), stem("interrogation")
    ('informant', 'intercept', 'plot', 'interrog')
    """
    for ending in _ENDINGS if word.endswith(_ENDINGS) else ():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending) + ("y" if ending in {"ies", "ied"} else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > 3 else word


def meaning(stemmed: str) -> str:
    """The same for all words of one group of synonyms.

    >>> meaning(stem("wiretapped")) == meaning(stem("overheard"))
    True
    """
    return _synonyms().get(stemmed, stemmed)


def stems_of(said: str) -> Sequence[str]:
    """The stems of that meaning.

    >>> stem("wiretapped") in stems_of(meaning(stem("overheard"))), stems_of("concert")
    (True, ('concert',))
    """
    return _stems().get(said, () if said in _synonyms() else (said,))


def is_stop_word(plain: str) -> bool:
    """Is it a word that says nothing by itself?"""
    return plain in _stop_words()


def is_common(plain: str) -> bool:
    """Is it an ordinary English word, as it stands or inflected, that alone betrays nobody?

    >>> is_common("reporting"), is_common("walker")
    (True, False)
    """
    forms = {plain.removesuffix(ending) for ending in ("", "s", "es", "d", "ed", "ing")}
    return is_stop_word(plain) or not forms.isdisjoint(_common_words())


@lru_cache(maxsize=16384)
def _read_token(view: View, token: str) -> tuple[tuple[str, str, str], ...]:
    """Letters, plain letters and stem of each word in what stands between two spaces; texts say the same words often."""
    return tuple(
        (letters, plain, _stem_in(view, plain, letters))
        for plain in _split(view.signs, token)
        if (letters := view.letters(plain))
    )


@lru_cache(maxsize=16384)
def _split(signs: Callable[[str], str], token: str) -> tuple[str, ...]:
    """The words in it, plain; two of the views read the same signs."""
    return tuple(_NO_LETTERS.sub("", plain_letters(part)) for part in _NO_LETTERS.split(signs(token)))


def _stem_in(view: View, plain: str, letters: str) -> str:
    if plain in _table("numbers"):
        return view.read(_table("numbers")[plain])
    if len(plain) > 4 and all("а" <= c <= "ё" for c in plain):
        letters = view.letters(_RUSSIAN_ENDING.sub("", plain))
    return stem(letters)


def _is_wide(char: str) -> bool:
    return not char.isascii() and unicodedata.east_asian_width(char) in "WF"


def _replace(letters: str, table: Mapping[str, str]) -> str:
    for found, spelled in table.items():
        letters = letters.replace(found, spelled)
    return letters


def _read(name: str) -> Any:
    return read_data("compose", "leaks.json")[name]


@cache
def _table(name: str) -> Mapping[str, str]:
    return dict(_read(name))


@cache
def _signs(name: str) -> Mapping[int, str]:
    """A table of single signs, for `str.translate`."""
    return str.maketrans(dict(_read(name)))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_read("stop_words"))


@cache
def _common_words() -> frozenset[str]:
    return frozenset(_read("common_words")).union(*_read("synonyms"))


@cache
def _synonyms() -> Mapping[str, str]:
    return {stem(word): stem(group[0]) for group in _read("synonyms") for word in group}


@cache
def _stems() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for stemmed, said in _synonyms().items():
        found.setdefault(said, []).append(stemmed)
    return found
