"""Takes off what mail puts around a text: quote marks, wrapped lines, forwarding headers, signatures, phone lists; keeps every offset."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from tocsin.core.expression import Expression

_MARKS = Expression("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Zero-width and direction marks: they can hide a word from a reader, and say nothing themselves."""
_QUOTED = Expression(r"[ \t]{0,3}(?:[>|] ?)+")
_FORWARDED = Expression(
    r"\s*(?:-+ ?(?:forwarded|original) message ?-+|begin forwarded message:|on .{5,80} wrote:|_{10,})\s*$",
    re.IGNORECASE,
)
_HEADER = Expression(r"\s*(?:from|sent|to|cc|bcc|subject|date|reply-to|importance)\s*:", re.IGNORECASE)
_NOTICE = Expression(
    r"\s*(?:this (?:e-?mail|message|communication|transmission)\b|confidentiality|disclaimer\b|the (?:information|contents?) (?:contained )?in this|"
    r"if you (?:are not the intended|have received this)|please consider the environment|sent from my\b)",
    re.IGNORECASE,
)
_PHONE = Expression(
    r"^(?!.*\b(?:19|20)[0-9]{2}\b)[^.;]{0,60}?(?:\+|00|\()?[0-9][0-9 ()/.-]{6,}[0-9](?:\s*(?:\(.*\)|ext\.? ?[0-9]+))?\s*$"
)
_LAST_OF_PHONES = frozenset("0123456789)")
_HEADING = Expression(r"\s*(?:[-*•]|[0-9]+[.)]|[A-Z][\w ()]{1,30}:)")
_SIGNATURE = Expression(r"-- ?$")
WRAPPED = 90
"""Characters: a text none of whose lines is longer was wrapped, and its lines are put together again."""
FULL = 50
"""Characters from which a line of a wrapped text goes on in the next one."""


class Unwrapped(Struct, frozen=True, dict=True):
    """The text as it was written. `breaks` are pairs of an offset here and where it stands in the text that came."""

    text: str
    breaks: tuple[tuple[int, int], ...]

    @cached_property
    def shifted(self) -> bool:
        """Whether any character stands elsewhere than in the text that came."""
        return any(here != there for here, there in self.breaks)

    def original(self, offset: int) -> int:
        """Where a character of the text stands in the text that came."""
        place = bisect_right(self.breaks, offset, key=lambda one: one[0]) - 1
        here, there = self.breaks[max(0, place)] if self.breaks else (0, 0)
        return there + offset - here

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same for a span, end exclusive."""
        return self.original(start), self.original(end - 1) + 1


def unwrap(text: str) -> Unwrapped:
    r"""The words of the writer alone. What is taken off is quoted or written around them; a text without any stays as it is.

    >>> unwrap("> Avoid\u200b crowds.").text
    'Avoid crowds.'
    """
    kept = _kept(list(_lines(text)))
    wrapped = bool(kept) and max(len(line) for _, line in kept) <= WRAPPED
    parts: list[str] = []
    breaks: list[tuple[int, int]] = []
    length = 0
    for number, (start, line) in enumerate(kept):
        for offset, piece in _pieces(line):
            breaks.append((length, start + offset))
            parts.append(piece)
            length += len(piece)
        if number + 1 < len(kept):
            follows = kept[number + 1][1]
            joined = wrapped and len(line) >= FULL and follows.strip() and not _HEADING.match(follows)
            breaks.append((length, start + len(line)))
            parts.append(" " if joined else "\n")
            length += 1
    return Unwrapped("".join(parts), tuple(breaks))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line without quote marks, with its offset."""
    at = 0
    for line in text.split("\n"):
        mark = _QUOTED.match(line)
        skip = mark.end() if mark else 0
        yield at + skip, line[skip:].rstrip("\r")
        at += len(line) + 1


def _kept(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """What the writers wrote, the first of them first: who forwards a text says less than who wrote it."""
    letters: list[list[tuple[int, str]]] = [[]]
    in_header = in_notice = in_signature = False
    for start, line in lines:
        blank = not line.strip()
        if _FORWARDED.match(line):
            letters.append([])
            in_header, in_notice, in_signature = True, False, False
            continue
        if in_header and (_HEADER.match(line) or blank):
            continue
        in_header = False
        in_signature = in_signature or bool(_SIGNATURE.fullmatch(line))
        in_notice = (in_notice and not blank) or bool(_NOTICE.match(line))
        if not (in_notice or in_signature or _is_phone(line)):
            letters[-1].append((start, line))
    return [line for letter in reversed(letters) for line in letter]


def _is_phone(line: str) -> bool:
    """A line that is all telephone number; what it ends in tells it at once of nearly all lines."""
    return line.rstrip()[-1:] in _LAST_OF_PHONES and bool(_PHONE.match(line))


def _pieces(line: str) -> Iterator[tuple[int, str]]:
    """The line without marks that nobody sees."""
    at = 0
    for mark in _MARKS.finditer(line):
        if mark.start() > at:
            yield at, line[at : mark.start()]
        at = mark.end()
    if at < len(line):
        yield at, line[at:]
