"""What an account is made of, ready to print: sections of lines. Whoever prints it adds no fact and leaves none out."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.marking import Audience
from tocsin.evidence.receipt import Grade


class Mark(StrEnum):
    """What kind of line it is, for the sign before it; the words say the same."""

    PLAIN = "plain"
    LOG = "log"
    SIGNED = "signed"
    INCIDENT = "incident"
    CLAIM = "claim"
    SILENCE = "silence"
    DAY = "day"
    DIFFERS = "differs"


class Look(StrEnum):
    """How the lines of a section are set out."""

    POINTS = "points"
    WORDS = "words"
    FACETS = "facets"
    TIMELINE = "timeline"
    CLAIMS = "claims"
    PROVED = "proved"
    NOT_PROVED = "not_proved"
    PICTURE = "picture"


class Line(Struct, frozen=True, kw_only=True):
    """One line. `text` and `note` are this node's own words; `quote` is what somebody else said or wrote, word for word.

    `when` is the time for people, `instant` the same in RFC 3339; `logged` says when it was entered, if that was later.
    `label` stands before the text; `shape` names the sign of a verdict.
    """

    text: str
    quote: str = ""
    note: str = ""
    label: str = ""
    when: str = ""
    instant: str = ""
    logged: str = ""
    grade: Grade | None = None
    mark: Mark = Mark.PLAIN
    shape: str = ""


class Picture(Struct, frozen=True):
    """An SVG, and the words that say the same; both go together."""

    svg: str
    title: str


class Section(Struct, frozen=True, kw_only=True):
    """One part under a heading; `foot` is what has to be said with it, `wide` that it needs the whole width of a page."""

    title: str
    look: Look
    lines: tuple[Line, ...] = ()
    note: str = ""
    foot: str = ""
    wide: bool = False
    picture: Picture | None = None


class Sheet(Struct, frozen=True, kw_only=True):
    """One whole account. `taken_out` is how many passages this reader does not get to see."""

    title: str
    name: str
    made: str
    exercise: str
    reader: Audience
    sections: tuple[Section, ...]
    taken_out: int = 0

    @property
    def for_whom(self) -> str:
        """Who is to read it, and how much was taken out for that."""
        count = self.taken_out
        gone = {0: "Nothing was taken out", 1: "1 passage was taken out"}.get(count, f"{count} passages were taken out")
        return f"For {self.reader.value} readers. {gone}."


def texts_of(sheet: Sheet) -> Iterator[str]:
    """Every passage that a reader sees, in its order; `change_texts` asks for the same ones."""
    found: list[str] = []

    def take(text: str) -> str:
        found.append(text)
        return text

    change_texts(sheet, take)
    return iter(found)


def change_texts(sheet: Sheet, change: Callable[[str], str]) -> Sheet:
    """The same account with every passage replaced by what `change` makes of it, in the order of reading.

    A picture whose words are changed is left out, for they stand in it.
    """
    return replace(
        sheet,
        exercise=change(sheet.exercise),
        title=change(sheet.title),
        name=change(sheet.name),
        made=change(sheet.made),
        sections=tuple(_change_section(one, change) for one in sheet.sections),
    )


def _change_section(section: Section, change: Callable[[str], str]) -> Section:
    picture = section.picture
    if picture is not None and change(picture.title) != picture.title:
        picture = None
    return replace(
        section,
        title=change(section.title),
        note=change(section.note),
        picture=picture,
        lines=tuple(_change_line(one, change) for one in section.lines),
        foot=change(section.foot),
    )


def _change_line(line: Line, change: Callable[[str], str]) -> Line:
    return replace(
        line,
        label=change(line.label),
        text=change(line.text),
        quote=change(line.quote),
        note=change(line.note),
    )
