"""Finds the words of a list in a text; the lists are data, and only the English ones were reviewed."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from tocsin.core.data import read_data
from tocsin.core.expression import Expression

Span = tuple[int, int]
# “Sat. 9 March” and “6 p.m. Moscow time” go on behind the full stop.
_END = Expression(
    r"(?<![AaPp]\.[Mm])(?<!\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec))"
    r"[.!?؟;؛](?=\s|$)|\n"
)


def languages_of(words: str) -> tuple[str, ...]:
    """The languages that have the list `words`, as primary subtags of RFC 5646."""
    return tuple(read_data("compose", "lint.json")["words"][words])


def is_reviewed(language: str) -> bool:
    """Whether somebody who speaks it read the lists of this language; only then may they refuse a text."""
    return language in read_data("compose", "lint.json")["reviewed"]


def is_known_in_capitals(word: str) -> bool:
    """Whether it is a name that everybody writes in capitals: NATO."""
    return word in read_data("compose", "lint.json")["known_in_capitals"]


def find_words(words: str, language: str, text: str) -> Span | None:
    """Where the first phrase of the list `words` stands as whole words, whatever its capitals; None if nowhere.

    None as well in a language that has no such list. A phrase of the list is passed over inside one in which it means
    something else, such as “fire” in “fire service”: those are listed under `otherwise`.
    Time is linear in the text: one alternation of literals, which cannot go back over what it read.

    >>> find_words("vague_place", "en", "There is danger in your area.")
    (19, 28)
    """
    return next(find_spans(words, language, text), None)


def find_spans(words: str, language: str, text: str) -> Iterator[Span]:
    """Where each phrase of the list stands, as `find_words` takes them."""
    if language in languages_of(words):
        for hit in _pattern(words, language).finditer(text.replace("’", "'")):
            if hit[1] is not None:
                yield hit.span()


def find_all_words(words: str, language: str, text: str) -> frozenset[str]:
    """Every phrase of the list that stands in the text, in small letters; none in a language that has no such list.

    >>> sorted(find_all_words("marks", "en", "Bearded, wearing a scarf"))
    ['bearded', 'wearing']
    """
    plain = text.replace("’", "'")
    return frozenset(plain[start:end].casefold() for start, end in find_spans(words, language, text))


def find_sentences(text: str) -> Iterator[Span]:
    """Each sentence; a semicolon and a new line end one, the full stop of 18.00 does not.

    >>> [len("Go. Be back at 18.00; wait"[start:end]) for start, end in find_sentences("Go. Be back at 18.00; wait")]
    [3, 18, 5]
    """
    start = 0
    for end in _END.finditer(text):
        yield start, end.end()
        start = end.end()
    if start < len(text):
        yield start, len(text)


@cache
def _pattern(words: str, language: str) -> re.Pattern[str]:
    data = read_data("compose", "lint.json")
    wanted = _any_of(data["words"][words][language])
    passed_over = data["otherwise"].get(words, {}).get(language, ())
    # What is passed over comes first: it begins with the same word, or before it.
    before = f"{_any_of(passed_over)}|" if passed_over else ""
    return re.compile(rf"(?<!\w)(?:{before}({wanted}))(?!\w)", re.IGNORECASE)


def _any_of(phrases: Sequence[str]) -> str:
    """The longest first. In a list `*` stands for any ending of the word, `{Name}` for a word with a capital."""
    literal = (re.escape(one) for one in sorted(phrases, key=len, reverse=True))
    return "|".join(one.replace(r"\*", r"\w*").replace(re.escape("{Name}"), r"(?-i:[A-Z][a-z]\w*)") for one in literal)
