"""One message as the blocks it is made of: what every rule asks of it."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any
from weakref import ref

from lxml import etree
from msgspec import Struct

from tocsin.cap.finding import MAX_NUMBER, NodeSpot, Spot, line_of
from tocsin.cap.rings import Outline, Ring, find_ring, outline_of
from tocsin.cap.signed import SIGNATURE, Signed, find_signed

_NONE: Mapping[str, Any] = MappingProxyType({})
"""Of most blocks some of these are empty: a dict is made for what is there."""


class Block:
    """An alert, info, resource or area: its texts as they stand and its inner blocks, by name, in the message's order.

    `leaves` has the first text of each name, `several` all of those that stand several times, `paired` the elements of each
    eventCode, parameter and geocode, `signatures` those of the namespace of XML signatures. Names are CAP 1.2's in each version.
    Other elements are looked up again only for what is told. `marked`: a character in it may be written in another way than as
    itself, which is false for nearly all files, as a whole.
    """

    number = 0
    """From 0, among those of its kind beside it."""
    has_loose_texts = True
    """Whether white space may stand around one of its texts."""
    has_odd_pairs = False
    """Whether some pair in it has no name or no value, has more than these, or white space around one of them."""
    _rings: Sequence[Ring | str] | None = None
    _odd: Sequence[tuple[int, Ring | str]] | None = None
    _bent: Sequence[tuple[int, Outline]] | None = None
    _signed: Sequence[Signed] | None = None
    _nodes: Mapping[str, list[etree._Element]] = _NONE
    _path = ""

    def __init__(self, name: str, node: etree._Element, parent: "Block | None" = None, *, marked: bool = True) -> None:
        self.name, self.node = name, node
        # Weak, so that a message is gone as soon as it was checked: a circle would wait for the garbage collector.
        self._parent = None if parent is None else ref(parent)
        self.marked: bool = marked if parent is None else parent.marked
        if parent is not None:
            alike = parent.blocks.setdefault(name, [])
            self.number = len(alike)
            alike.append(self)
        self.leaves: dict[str, str] = {}
        self.blocks: dict[str, list[Block]] = {}
        self.several: Mapping[str, list[str]] = _NONE
        self.paired: Mapping[str, list[etree._Element]] = _NONE
        self.signatures: list[etree._Element] = []

    @property
    def parent(self) -> "Block | None":
        """The block it stands in; None for an alert."""
        return None if self._parent is None else self._parent()

    def add_text(self, name: str, text: str) -> None:
        """Keep one more text."""
        if name not in self.leaves:
            self.leaves[name] = text
        elif name in self.several:
            self.several[name].append(text)
        else:
            self.several = {**self.several, name: [self.leaves[name], text]}

    def add_pair(self, name: str, node: etree._Element) -> None:
        """Keep one more eventCode, parameter or geocode."""
        if name in self.paired:
            self.paired[name].append(node)
        else:
            self.paired = {**self.paired, name: [node]}
        self.has_odd_pairs = self.has_odd_pairs or _is_odd(node)

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
        """The polygons of which some rule may have something to say, with their numbers, whatever their outline."""
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

    def signed(self) -> Sequence[Signed]:
        """The signatures among `signatures`, each read once."""
        if self._signed is None:
            self._signed = [find_signed(one) for one in self.signatures if one.tag == SIGNATURE]
        return self._signed

    def inner(self, name: str) -> "list[Block]":
        """Every block of that name."""
        return self.blocks.get(name, [])

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Name and value of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""
        found = []
        for node in self.paired.get(name, ()):
            space = node.tag[: -len(name)]
            said = {child.tag: (child.text or "").strip() for child in reversed(node)}
            scheme, value = said.get(f"{space}valueName", ""), said.get(f"{space}value", "")
            if not said:
                scheme, _, value = (node.text or "").strip().partition("=")
            found.append((scheme, value))
        return found

    def at(self, name: str = "", number: int = 0) -> Spot:
        """Where the text of that name and number (from 0) stands, or the block itself where there is none."""
        return _ChildSpot(self, name if name in self.leaves else "", number)

    def at_pair(self, name: str, number: int) -> Spot:
        """Where the pair of that name and number (from 0) stands."""
        return _ChildSpot(self, name, number)

    def find_place(self, name: str, number: int) -> tuple[str, int]:
        """Path and line of that child, or of the block for an empty name."""
        if not name:
            return self.path, line_of(self.node)
        nodes = self.paired.get(name) or self._find_nodes(name)
        node = nodes[number]
        if len(nodes) > MAX_NUMBER:
            return NodeSpot(node).find()
        return (f"{self.path}/{name}" if len(nodes) == 1 else f"{self.path}/{name}[{number + 1}]"), line_of(node)

    def _find_nodes(self, name: str) -> Sequence[etree._Element]:
        """The elements of the texts of that name."""
        tag = f"{self.node.tag[: -len(self.name)]}{name}"
        if name not in self.several:
            return (next(self.node.iterchildren(tag)),)
        if name not in self._nodes:
            # Kept, for a hostile file has a million of one name, and something to tell of each.
            self._nodes = {**self._nodes, name: list(self.node.iterchildren(tag))}
        return self._nodes[name]

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


MARKED, WITH_LOOSE_TEXTS, WITH_ODD_PAIRS = map(attrgetter, ("marked", "has_loose_texts", "has_odd_pairs"))
"""What a rule may ask of a block before it looks at it (`when`)."""


def _is_odd(pair: etree._Element) -> bool:
    if len(pair) != 2:
        return True
    name, value = pair[0].text, pair[1].text
    # White space of any script, as the rules know it: a first look that passes over more than they do would hide a fault.
    return not (name and value and name == name.strip() and value == value.strip())


class _ChildSpot(Struct, frozen=True):
    block: Block
    name: str
    number: int

    def find(self) -> tuple[str, int]:
        return self.block.find_place(self.name, self.number)


class Breach(Struct, frozen=True):
    """Something the schema of the version does not take: the rule it falls under, where, what was found."""

    rule: str
    spot: Spot
    message: str


class Message(Struct, frozen=True):
    """One message: the version it is written in, its blocks, and where it breaks the grammar."""

    version: str
    alert: Block
    breaches: list[Breach]
