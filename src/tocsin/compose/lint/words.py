"""Finds the words of a list in a text; the lists are data, and only the English ones were reviewed."""

import re
from functools import cache

from tocsin.core.data import read_data

Span = tuple[int, int]


def languages_of(words: str) -> tuple[str, ...]:
    """The languages that have the list `words`, as primary subtags of RFC 5646."""
    return tuple(read_data("compose", "lint.json")["words"][words])


def is_reviewed(language: str) -> bool:
    """Whether somebody who speaks it read the lists of this language; only then may they refuse a text."""
    return language in read_data("compose", "lint.json")["reviewed"]


def find_words(words: str, language: str, text: str) -> Span | None:
    """Where the first phrase of the list `words` stands as whole words, whatever its capitals; None if nowhere.

    Time is linear in the text: one alternation of literals, which cannot go back over what it read.

    >>> find_words("vague_place", "en", "There is danger in your area.")
    (19, 28)
    """
    found = _pattern(words, language).search(text.replace("’", "'"))
    return found.span() if found else None


def find_all_words(words: str, language: str, text: str) -> frozenset[str]:
    """Every phrase of the list that stands in the text, in small letters; none in a language that has no such list.

    >>> sorted(find_all_words("marks", "en", "Bearded, wearing a scarf"))
    ['bearded', 'wearing']
    """
    if language not in languages_of(words):
        return frozenset()
    return frozenset(one.casefold() for one in _pattern(words, language).findall(text.replace("’", "'")))


@cache
def _pattern(words: str, language: str) -> re.Pattern[str]:
    phrases = sorted(read_data("compose", "lint.json")["words"][words][language], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one) for one in phrases)})(?!\w)", re.IGNORECASE)
