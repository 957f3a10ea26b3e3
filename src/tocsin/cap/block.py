"""One message as the blocks it is made of: what every rule asks of it."""

from collections.abc import Sequence
from typing import NamedTuple
from weakref import ref

from lxml import etree

from tocsin.cap.finding import MAX_NUMBER, NodeSpot, Spot, line_of
from tocsin.cap.grammar import PAIRS
from tocsin.cap.rings import Outline, Ring, find_ring, outline_of


class Block:
    """An alert, info, resource or area: its texts as they stand and its inner blocks, by name, in the message's order.

    `leaves` has the first text of each name, `several` all of those that stand several times. Names are CAP 1.2's in each
    version. Elements are looked up again only for what is told, and for pairs of a name and a value.
    """

    number = 0
    """From 0, among those of its kind beside it."""
    _rings: Sequence[Ring | str] | None = None
    _odd: Sequence[tuple[int, Ring | str]] | None = None
    _bent: Sequence[tuple[int, Outline]] | None = None
    _odd_pairs: bool | None = None
    _path = ""

    def __init__(self, name: str, node: etree._Element, parent: "Block | None") -> None:
        self.name = name
        self.node = node
        # Weak, so that a message is gone as soon as it was checked: a circle would wait for the garbage collector.
        self._parent = None if parent is None else ref(parent)
        if parent is not None:
            alike = parent.blocks.setdefault(name, [])
            self.number = len(alike)
            alike.append(self)
        self.leaves: dict[str, str] = {}
        self.several: dict[str, list[str]] = {}
        self.blocks: dict[str, list[Block]] = {}
        self._nodes: dict[str, list[etree._Element]] = {}

    @property
    def parent(self) -> "Block | None":
        """The block it stands in; None for an alert."""
        return None if self._parent is None else self._parent()

    def add_text(self, name: str, text: str) -> None:
        """Keep one more text."""
        if name in self.leaves:
            self.several.setdefault(name, [self.leaves[name]]).append(text)
        else:
            self.leaves[name] = text

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

    def children(self, name: str) -> list[etree._Element]:
        """The elements of that name in it."""
        found = self._nodes.get(name)
        if found is None:
            namespace = self.node.tag[1:].partition("}")[0]
            found = self._nodes[name] = list(self.node.iterchildren(f"{{{namespace}}}{name}"))
        return found

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Name and value of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""
        found = []
        for node in self.children(name):
            space = node.tag[: -len(name)]
            said = {child.tag: (child.text or "").strip() for child in reversed(node)}
            scheme, value = said.get(f"{space}valueName", ""), said.get(f"{space}value", "")
            if not said:
                scheme, _, value = (node.text or "").strip().partition("=")
            found.append((scheme, value))
        return found

    def may_have_odd_pairs(self) -> bool:
        """Whether some pair in this alert has no name or no value, has more than these, or white space around one of them."""
        if self._odd_pairs is None:
            # Asked in one go: a message may have thousands of codes, and hardly ever one that is odd.
            space = self.node.tag[: -len(self.name)]
            pairs = self.node.iterdescendants(*(space + name for name in PAIRS))
            self._odd_pairs = any(map(_is_odd, pairs))
        return self._odd_pairs

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
        nodes = self.children(name)
        node = nodes[number]
        if len(nodes) > MAX_NUMBER:
            return NodeSpot(node).find()
        return (f"{self.path}/{name}" if len(nodes) == 1 else f"{self.path}/{name}[{number + 1}]"), line_of(node)

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


def _is_odd(pair: etree._Element) -> bool:
    if len(pair) != 2:
        return True
    name, value = pair[0].text, pair[1].text
    # White space of any script, as the rules know it: a first look that passes over more than they do would hide a fault.
    return not (name and value and name == name.strip() and value == value.strip())


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
    """One message: the version it is written in, its blocks, where it breaks the grammar, and its XML signatures."""

    version: str
    alert: Block
    breaches: list[Breach]
    signatures: list[etree._Element]
