"""Wordings: patterns looked for only in a text that holds a word without which they cannot match, and only where a word begins."""

import re
import sys
from collections.abc import Iterator
from functools import cached_property, lru_cache

from msgspec import Struct

_END = sys.maxsize


class Wording(Struct, frozen=True, dict=True):
    """A pattern, and the words (`near`, in the case of the text) of which every match holds one; none: it is always tried.

    A match begins a word: before it stands no letter, no digit and no character of `glue`. Where `glue` is None it may
    begin anywhere. Such a pattern has no look-behind of its own: without one the engine skips to a letter it can begin with.
    """

    words: str
    near: tuple[str, ...] = ()
    glue: str | None = "_"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has a word of it: all of them would cost a command a tenth of a second."""
        return re.compile(self.words)

    def may_stand_in(self, text: str) -> bool:
        """Whether the text holds a word that it needs; far cheaper than to look for the pattern."""
        for word in self.near:
            if word in text:
                return True
        return not self.near

    def first(self, text: str, start: int = 0, end: int = _END) -> re.Match[str] | None:
        """The first match between two offsets (characters, end exclusive); None if there is none."""
        part = text[start:end] if start or end < _END else text
        return self._next(text, start, end) if self.may_stand_in(part) else None

    def each(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in order, none of which overlaps another."""
        match = self.first(text)
        while match:
            yield match
            match = self._next(text, max(match.end(), match.start() + 1), _END)

    def _next(self, text: str, at: int, end: int) -> re.Match[str] | None:
        match = self.pattern.search(text, at, end)
        while match and self._is_glued(text, match.start()):
            match = self.pattern.search(text, match.start() + 1, end)
        return match

    def _is_glued(self, text: str, at: int) -> bool:
        if self.glue is None or not at:
            return False
        before = text[at - 1]
        return before.isalnum() or before in self.glue


@lru_cache(maxsize=8)
def lowered(text: str) -> str:
    """The text in lower case, character by character: offsets stay what they were.

    >>> len(lowered("İZMİR")) == len("İZMİR")
    True
    """
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)
