"""Cuts a text into sentences, each in the part of an alert that its heading names: location, event, actions, contact."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Part(StrEnum):
    """What a heading says of the lines below it; BODY until a heading comes."""

    BODY = "body"
    LOCATION = "location"
    EVENT = "event"
    ACTIONS = "actions"
    CONTACT = "contact"


@dataclass(frozen=True)
class Sentence:
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
_HEADING = re.compile(
    r"[ \t>*#]*(?:" + "|".join(f"(?P<{part.name}>{words})" for part, words in _HEADINGS) + r")[ \t]*:[ \t*]*",
    re.IGNORECASE,
)
_END = re.compile(r"(?<=[.!?;])(?<!\b[A-Z]\.)(?<!\bU\.S\.)(?<!\bSt\.)(?<!\bNo\.)[ \t]+|\n")


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[Sentence, ...]:
    r"""The sentences in order; a line break ends one, and so does a full stop that is not an abbreviation's.

    >>> [one.part.value for one in sentences("Security Alert\nLocation: Moscow\nActions to take: Avoid crowds.")]
    ['body', 'location', 'actions']
    """
    found: list[Sentence] = []
    part, start = Part.BODY, 0
    for end, after in [*((cut.start(), cut.end()) for cut in _END.finditer(text)), (len(text), len(text))]:
        heading = _HEADING.match(text, start, end)
        if heading:
            part, start = Part[str(heading.lastgroup)], heading.end()
        if text[start:end].strip():
            found.append(Sentence(start, end, part))
        start = after
    return tuple(found)
