"""What is wrong with one CAP message, by which rule, and where: the words that every check speaks."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from lxml import etree
from msgspec import Struct

if TYPE_CHECKING:
    from tocsin.cap.block import Block


class Level(StrEnum):
    """How grave it is: only an error makes a message invalid."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Spot(Protocol):
    """Where a fault is. It is only looked up for what is told: most faults there could be are not there."""

    def find(self) -> tuple[str, int]:
        """Path and line of a Finding."""
        ...


class Fault(Struct, frozen=True):
    """What a rule found, and where; the rule's number and level are added by whoever ran it."""

    spot: Spot
    message: str


MAX_NUMBER = 1_000
"""Elements of one name are counted up to here: a hostile file has a million of them, and a finding for each."""
HANDLING = ("status", "msgType", "scope")
"""What an alert says of how to take it."""
NO_FAULTS: tuple[Fault, ...] = ()


class Rule(Struct, frozen=True):
    """One numbered rule: `check` gets each block of the kind `on` that has a child `needs`, if that is named, and none of `lacks`.

    With `where`, one of HANDLING, it gets an alert only if that text is one of `words`; with `when`, only a block of which that
    is true or not empty. `section` is that of CAP 1.2 (1 July 2010).
    """

    id: str
    level: Level
    section: str
    on: str
    needs: str | None
    lacks: tuple[str, ...]
    where: str | None
    words: tuple[str, ...]
    when: Callable[["Block"], object] | None
    check: Callable[["Block"], Sequence[Fault]]


def rule(
    number: int,
    level: Level,
    section: str,
    *,
    on: str,
    needs: str | None = None,
    lacks: tuple[str, ...] = (),
    where: str | None = None,
    words: tuple[str, ...] = (),
    when: Callable[["Block"], object] | None = None,
) -> Callable[[Callable[["Block"], Sequence[Fault]]], Rule]:
    """Makes a function the check of the rule with that number."""
    return lambda check: Rule(f"CAP-{number:02}", level, section, on, needs, lacks, where, words, when, check)


class Finding(Struct, frozen=True):
    """One line of what `tocsin cap check` says. `path` is such as alert/info[2]/area/polygon; `line` counts from 1, 0 is the file."""

    rule: str
    level: Level
    path: str
    line: int
    message: str


class NodeSpot(Struct, frozen=True):
    """At an element."""

    node: etree._Element

    def find(self) -> tuple[str, int]:
        """Path from the message's root, with numbers from 1 where a name stands several times, and line."""
        steps: list[str] = []
        here: etree._Element | None = self.node
        while here is not None:
            tag = here.tag
            name = tag.rpartition("}")[2]
            if name == "alert":
                steps.append(name)
                break
            parent = here.getparent()
            alike = [] if parent is None else list(islice(parent.iterchildren(tag), MAX_NUMBER))
            number = f"[{alike.index(here) + 1}]" if here in alike else f"[>{MAX_NUMBER}]"
            steps.append(f"{name}{number}" if len(alike) > 1 else name)
            here = parent
        return "/".join(reversed(steps)), line_of(self.node)


def line_of(node: etree._Element) -> int:
    """Line of an element from 1; 0 if the parser does not know."""
    line: object = node.sourceline
    return line if isinstance(line, int) else 0
