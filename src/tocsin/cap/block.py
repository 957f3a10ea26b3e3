"""One message as the blocks it is made of: what every rule asks, however the message was read."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple
from weakref import ref

from lxml import etree

from tocsin.cap.finding import NodeSpot, Spot
from tocsin.cap.rings import Outline, Ring, find_ring, outline_of


class Block(ABC):
    """An alert, info, resource or area: its texts as they stand and its inner blocks, by name, in the message's order.

    `leaves` has the first text of each name, `several` all of those that stand several times. Names are CAP 1.2's in each version.
    """

    number = 0
    """From 0, among those of its kind beside it."""
    signatures: Sequence[etree._Element] = ()
    """Of an alert: the elements of its XML signatures."""
    escaped = True
    """Whether a text may hold a < or an &."""
    lines_above = 0
    """Lines of the file above what the parser saw of these."""
    _rings: Sequence[Ring | str] | None = None
    _odd: Sequence[tuple[int, Ring | str]] | None = None
    _bent: Sequence[tuple[int, Outline]] | None = None
    _path = ""

    def __init__(self, name: str, parent: "Block | None") -> None:
        self.name = name
        # Weak, so that a message is gone as soon as it was checked: a circle would wait for the garbage collector.
        self._parent = None if parent is None else ref(parent)
        if parent is not None:
            alike = parent.blocks.setdefault(name, [])
            self.number = len(alike)
            alike.append(self)
        self.leaves: dict[str, str] = {}
        self.several: dict[str, list[str]] = {}
        self.blocks: dict[str, list[Block]] = {}

    @abstractmethod
    def find_place(self, name: str, number: int) -> tuple[str, int]:
        """Path and line of the child of that name and number (from 0); those of the block itself for an empty name."""

    @abstractmethod
    def has_pair(self, name: str) -> bool:
        """Whether there is a pair of that name."""

    @abstractmethod
    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Name and value of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""

    @abstractmethod
    def loose_pairs(self, name: str) -> list[int]:
        """Which of these pairs have white space around their name or value."""

    @abstractmethod
    def halves(self, name: str) -> list[int]:
        """Which of these pairs have no name or no value as elements of their own."""

    @property
    def parent(self) -> "Block | None":
        """The block it stands in; None for an alert."""
        return None if self._parent is None else self._parent()

    def text(self, name: str) -> str:
        """The first text of that name without white space around it; empty if there is none."""
        return self.leaves.get(name, "").strip()

    def texts(self, name: str) -> Sequence[str]:
        """Every text of that name, white space included."""
        if name in self.several:
            return self.several[name]
        return (self.leaves[name],) if name in self.leaves else ()

    def rings(self) -> Sequence[Ring | str]:
        """For each polygon its ring, or the sentence that says why it is none; each is read once."""
        if self._rings is None:
            self._rings = [find_ring(text) for text in self.texts("polygon")]
        return self._rings

    def odd_rings(self) -> Sequence[tuple[int, Ring | str]]:
        """The polygons of which some rule may have something to say, with their numbers."""
        if self._odd is None:
            self._odd = [
                (number, ring) for number, ring in enumerate(self.rings()) if isinstance(ring, str) or not ring.is_usual
            ]
        return self._odd

    def bent_rings(self) -> Sequence[tuple[int, Outline]]:
        """The polygons whose outline is not plain, by number, and how it is."""
        if self._bent is None:
            outlines = [
                (number, outline_of(ring)) for number, ring in enumerate(self.rings()) if isinstance(ring, Ring)
            ]
            self._bent = [one for one in outlines if one[1] is not Outline.PLAIN]
        return self._bent

    def inner(self, name: str) -> "list[Block]":
        """Every block of that name; pairs are got by `pairs`."""
        return self.blocks.get(name, [])

    def at(self, name: str = "", number: int = 0) -> Spot:
        """Where the text of that name and number (from 0) stands, or the block itself where there is none."""
        return _ChildSpot(self, name if name in self.leaves else "", number)

    def at_pair(self, name: str, number: int) -> Spot:
        """Where that pair stands."""
        return _ChildSpot(self, name, number)

    def at_node(self, node: etree._Element) -> Spot:
        """Where that element of a signature stands; the parser may not have seen the lines above it."""
        return NodeSpot(node, self.lines_above)

    @property
    def path(self) -> str:
        """Names from the alert to here, with numbers from 1 where one stands several times."""
        if not self._path:
            parent = self.parent
            if parent is None:
                self._path = self.name
            else:
                number = f"[{self.number + 1}]" if len(parent.blocks[self.name]) > 1 else ""
                self._path = f"{parent.path}/{self.name}{number}"
        return self._path


class _ChildSpot(NamedTuple):
    block: Block
    name: str
    number: int

    def find(self) -> tuple[str, int]:
        return self.block.find_place(self.name, self.number)


class Breach(NamedTuple):
    """Something the schema of the version does not take: the rule it falls under, where, what was found."""

    rule: str
    spot: Spot
    message: str


class Message(NamedTuple):
    """One message: the version it is written in, its blocks, and where it breaks the grammar."""

    version: str
    alert: Block
    breaches: list[Breach]
