"""Cuts a text into sentences, each in the part of an alert that its heading names: location, event, actions, contact."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from tocsin.core.expression import Expression


class Part(StrEnum):
    """What a heading says of the lines below it; BODY until a heading comes."""

    BODY = "body"
    LOCATION = "location"
    EVENT = "event"
    ACTIONS = "actions"
    CONTACT = "contact"


class Sentence(Struct, frozen=True):
    """From `start` to `end` in characters of the text, end exclusive, without the heading."""

    start: int
    end: int
    part: Part


_HEADINGS = (
    (Part.LOCATION, r"locations?|areas?(?: affected)?|where"),
    (Part.EVENT, r"events?|what|situation|details|message|background"),
    (Part.ACTIONS, r"actions?(?: to (?:take|be taken))?|advice|what to do|recommendations?|recommended actions"),
    (Part.CONTACT, r"assistance|contacts?(?: (?:information|details))?|for (?:further|more) information"),
)
_HEADING = Expression(
    r"[ \t>*#]*(?:" + "|".join(f"(?P<{part.name}>{words})" for part, words in _HEADINGS) + r")[ \t]*:[ \t*]*",
    re.IGNORECASE,
)
_END = Expression(r"[.!?;\n](?:(?<=\n)|(?<!\b[A-Z]\.)(?<!\bU\.S\.)(?<!\bSt\.)(?<!\bNo\.)[ \t]+)")
"""Begins with the stop, to which the engine can skip; the stop itself belongs to the sentence, a line break does not."""


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Sentence, ...]:
    r"""The sentences in order; a line break ends one, and so does a full stop that is not an abbreviation's.

    >>> [one.part.value for one in sentences("Security Alert\nLocation: Moscow\nActions to take: Avoid crowds.")]
    ['body', 'location', 'actions']
    """
    found: list[Sentence] = []
    part, start = Part.BODY, 0
    for end, after in [*_cuts(text), (len(text), len(text))]:
        heading = _HEADING.match(text, start, end)
        if heading:
            part, start = Part[str(heading.lastgroup)], heading.end()
        if text[start:end].strip():
            found.append(Sentence(start, end, part))
        start = after
    return tuple(found)


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    for cut in _END.finditer(text):
        start, end = cut.span()
        yield start + (text[start] != "\n"), end
