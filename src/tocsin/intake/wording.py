"""Wordings: patterns looked for only in a text that holds a word without which they cannot match, and only where a word begins."""

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from ahocorasick import Automaton
from msgspec import Struct

from tocsin.core.expression import Expression

L = TypeVar("L")
_END = sys.maxsize
_SHORT = 120
"""Characters up to which words are sooner looked for one by one than by a pass over the text."""
_NEEDED: dict[str, None] = {}
"""Every word that some wording needs, so that one pass over a text finds which of them it holds."""


class Wording(Struct, frozen=True, dict=True):
    """A pattern, and the words (`near`, in the case of the text) of which every match holds one; none: it is always tried.

    A match begins a word: before it stands no letter, no digit and no character of `glue`. Where `glue` is None it may
    begin anywhere. Such a pattern has no look-behind of its own: without one the engine skips to a letter it can begin with.
    """

    words: str
    near: tuple[str, ...] = ()
    glue: str | None = "_"

    def __post_init__(self) -> None:
        _NEEDED.update(dict.fromkeys(self.near))

    @cached_property
    def _expression(self) -> Expression:
        """Compiled when a text first has a word of it: all of them would cost a command a tenth of a second."""
        return Expression(self.words)

    def may_stand_in(self, text: str, start: int = 0, end: int = _END) -> bool:
        """Whether a word that it needs stands between two offsets; far cheaper than to look for the pattern."""
        if self.near and not start and end == _END and len(text) > _SHORT:
            return not _words_in(text, len(_NEEDED)).isdisjoint(self.near)
        part = text[start:end]
        for word in self.near:
            if word in part:
                return True
        return not self.near

    def first(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """The first match between two offsets (characters, end exclusive); None if there is none."""
        return self._next(text, start, end) if self.may_stand_in(text, start, end) else None

    def each(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in order, none of which overlaps another."""
        match = self.first(text)
        while match:
            yield match
            match = self._next(text, max(match.end(), match.start() + 1), _END)

    def _next(self, text: str, at: int, end: int) -> re.Match[str] | None:
        search, glue = self._expression.for_text(text).search, self.glue
        match = search(text, at, end)
        while glue is not None and match and (begin := match.start()):
            before = text[begin - 1]
            if not before.isalnum() and before not in glue:
                break
            match = search(text, begin + 1, end)
        return match


class Wordings(Generic[L]):
    """Wordings by their labels, in an order. Which of them a text may hold is told by the words that it holds, all at once."""

    def __init__(self, labelled: Iterable[tuple[L, Wording]]) -> None:
        self._labelled = tuple(labelled)
        self._always = [number for number, (_, one) in enumerate(self._labelled) if not one.near]
        self._by_word: dict[str, list[int]] = {}
        for number, (_, one) in enumerate(self._labelled):
            for word in one.near:
                self._by_word.setdefault(word, []).append(number)
        self._words = frozenset(self._by_word)

    def in_sight(self, text: str) -> Iterator[tuple[L, Wording]]:
        """Those of which the text holds a word, and those that are always tried."""
        numbers = set(self._always)
        for word in _words_in(text, len(_NEEDED)) & self._words:
            numbers.update(self._by_word[word])
        return (self._labelled[number] for number in sorted(numbers))


@lru_cache(maxsize=32)
def _words_in(text: str, needed: int) -> frozenset[str]:
    """Those of the `needed` words that the text holds, wherever: also within another."""
    return frozenset(word for _, word in _automaton(needed).iter(text))


@lru_cache(maxsize=1)
def _automaton(needed: int) -> Automaton:
    """Made anew where more words are needed than the last time: a table has been read since."""
    made = Automaton()
    for word in list(_NEEDED)[:needed]:
        made.add_word(word, word)
    made.make_automaton()
    return made


@lru_cache(maxsize=8)
def lowered(text: str) -> str:
    """The text in lower case, character by character: offsets stay what they were.

    >>> len(lowered("İZMİR")) == len("İZMİR")
    True
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)
