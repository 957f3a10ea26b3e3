"""Regular expressions that are compiled when they are first used: all at once would take a third of most commands' time."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Expression:
    """What `re.compile` makes, made on the first call; from then on a call costs what it costs there."""

    def __init__(self, words: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.words = words
        self._flags = flags

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled."""
        return re.compile(self.words, self._flags)

    def for_text(self, text: str) -> re.Pattern[str]:
        r"""Compiled for this text: in one of ASCII `\w` and `\b` mean the same without Unicode, and are found a fifth sooner.

        Only control characters would differ, which count as space in Unicode: a text with them is refused as binary.
        """
        return self._in_ascii if text.isascii() else self.pattern

    @cached_property
    def _in_ascii(self) -> re.Pattern[str]:
        return re.compile(self.words, self._flags | re.ASCII)

    # Each is a property that gives the compiled pattern's own method, and is in its own place from then on.
    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As of a pattern."""
        return self.pattern.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """As of a pattern."""
        return self.pattern.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As of a pattern."""
        return self.pattern.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """As of a pattern."""
        return self.pattern.finditer

    @cached_property
    def findall(self) -> Callable[..., list[str]]:
        """As of a pattern with one group at most."""
        return self.pattern.findall

    @cached_property
    def sub(self) -> Callable[..., str]:
        """As of a pattern."""
        return self.pattern.sub

    @cached_property
    def split(self) -> Callable[..., list[str]]:
        """As of a pattern whose groups, if it has any, always take part."""
        return self.pattern.split
