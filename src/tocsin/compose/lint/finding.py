"""What the lint looks at, and what it says about it."""

from enum import StrEnum

from msgspec import Struct

from tocsin.cap.alert import Certainty, Urgency


class Level(StrEnum):
    """How bad it is. Only an error refuses the text, and each error can be passed by name with a reason."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Said(Struct, frozen=True, kw_only=True):
    """One text as its readers get it, with the facts that its words must agree with.

    `language` is an RFC 5646 tag; `places` are the names of the threat's places, of which `countries` are whole countries;
    `targets` counts the kinds of target; `ending` says that the text ends an earlier warning; `reverses` that an action
    of the earlier text is turned round; `approved` that the words come from a template of the node.
    `differences` are the facts that it tells otherwise than the main language; `repeats` counts how often the same text went
    out before it in a row; `stricter` are the texts of stricter versions, `marks_withheld` that somebody decided, until a
    time, not to say by what to recognise the danger.
    """

    headline: str
    description: str
    instruction: str
    language: str
    issuer: str
    urgency: Urgency
    certainty: Certainty
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    targets: int = 0
    exercise: bool = False
    ending: bool = False
    reverses: bool = False
    approved: bool = False
    differences: tuple[str, ...] = ()
    repeats: int = 0
    stricter: tuple[str, ...] = ()
    marks_withheld: bool = False

    @property
    def text(self) -> str:
        """Headline, description and instruction, a line each: spans of findings count in it."""
        return f"{self.headline}\n{self.description}\n{self.instruction}"


class Finding(Struct, frozen=True, kw_only=True):
    """One rule that speaks: `found` is what stands there, `span` where in `Said.text` (0, 0: nothing stands there)."""

    rule: str
    level: Level
    span: tuple[int, int]
    found: str
    hint: str

    def __str__(self) -> str:
        where = f" at {self.span[0]}-{self.span[1]}" if self.span != (0, 0) else ""
        return f"{self.rule}{where}: {self.found} ({self.hint})"
