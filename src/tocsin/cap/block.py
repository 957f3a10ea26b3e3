"""One message as the blocks it is made of: read in one pass, in any version, whatever is wrong with it."""

from collections.abc import Mapping
from typing import NamedTuple
from weakref import ref

from lxml import etree

from tocsin.cap.finding import MAX_NUMBER, find_place
from tocsin.cap.grammar import MODELS, SIGNATURES, SPACE, VERSIONS, Model, Place
from tocsin.cap.rings import Ring, find_ring
from tocsin.cap.schema import is_valid

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
_ATTRIBUTES = etree.XPath("boolean(@* | descendant::*[@*][not(ancestor-or-self::*[namespace-uri() = $ds])])")
_SIGNATURE = f"{{{SIGNATURES}}}*"
_CAP = f"{{{VERSIONS['1.2']}}}"
_GLOBAL = (f"{_CAP}alert", f"{_CAP}valueName", f"{_CAP}value")
_ANY_CAP = tuple(f"{{{namespace}}}*" for namespace in VERSIONS.values())
_SAME = {"string": ("string", "normalizedString", "token"), "dateTime": ()}
"""Names that xsi:type may give a text of that type: those that narrow it without refusing anything."""
_LOCATIONS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")


class Leaf(NamedTuple):
    """A text as it stands, white space included, and the element it stands in."""

    text: str
    node: etree._Element


class Block:
    """An alert, info, resource, area or pair of name and value: its texts and inner blocks by name, in the message's order.

    Names are CAP 1.2's in each version. What the grammar does not take is kept too; it is in the breaches beside it.
    """

    __slots__ = ("__weakref__", "_parent", "_path", "_rings", "_texts", "blocks", "leaves", "name", "node")

    def __init__(self, name: str, node: etree._Element, parent: "Block | None") -> None:
        self.name = name
        self.node = node
        # Weak, so that a message is gone as soon as it was checked: a circle would wait for the garbage collector.
        self._parent = None if parent is None else ref(parent)
        self.leaves: dict[str, list[etree._Element]] = {}
        self.blocks: dict[str, list[Block]] = {}
        self._rings: list[tuple[Ring | str, etree._Element]] | None = None
        self._texts: dict[str, str] = {}
        self._path: str | None = None

    @property
    def parent(self) -> "Block | None":
        """The block it stands in; None for an alert."""
        return None if self._parent is None else self._parent()

    def text(self, name: str) -> str:
        """The first text of that name without white space around it; empty if there is none."""
        said = self._texts.get(name)
        if said is None:
            found = self.leaves.get(name)
            said = self._texts[name] = (found[0].text or "").strip() if found else ""
        return said

    def texts(self, name: str) -> list[Leaf]:
        """Every text of that name."""
        return [Leaf(node.text or "", node) for node in self.leaves.get(name, ())]

    def rings(self) -> list[tuple[Ring | str, etree._Element]]:
        """For each polygon its ring, or the sentence that says why it is none, and the element; each is read once."""
        if self._rings is None:
            self._rings = [(find_ring(node.text or ""), node) for node in self.leaves.get("polygon", ())]
        return self._rings

    def find_place(self, node: etree._Element) -> tuple[str, int]:
        """Path and line of an element of the message, fast if it is this block's own or a text in it."""
        line: object = node.sourceline
        path = self.path
        if node is not self.node:
            name = node.tag.rpartition("}")[2]
            alike = self.leaves.get(name, ())
            if len(alike) > MAX_NUMBER or node not in alike:
                return find_place(node)
            path = f"{path}/{name}" if len(alike) == 1 else f"{path}/{name}[{alike.index(node) + 1}]"
        return path, line if isinstance(line, int) else 0

    @property
    def path(self) -> str:
        """Names from the alert to here, with numbers from 1 where one stands several times."""
        if self._path is None:
            parent = self.parent
            if parent is None:
                self._path = self.name
            else:
                alike = parent.blocks[self.name]
                number = f"[{alike.index(self) + 1}]" if len(alike) > 1 else ""
                self._path = f"{parent.path}/{self.name}{number}"
        return self._path

    def inner(self, name: str) -> list["Block"]:
        """Every block of that name; pairs are got by `pairs`."""
        return self.blocks.get(name, [])

    def node_of(self, name: str) -> etree._Element:
        """The element of that name, or the block's own where it is missing."""
        found = self.leaves.get(name)
        return found[0] if found else self.node

    @property
    def namespace(self) -> str:
        """That of the message's version."""
        return self.node.tag[1:].partition("}")[0]

    def pair_nodes(self, name: str) -> list[etree._Element]:
        """The elements of each eventCode, parameter or geocode."""
        return list(self.node.iterchildren(f"{{{self.namespace}}}{name}"))

    def pairs(self, name: str) -> list[tuple[str, str, etree._Element]]:
        """Name, value and element of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""
        found = []
        for node in self.pair_nodes(name):
            space = node.tag[: -len(name)]
            said = {child.tag: (child.text or "").strip() for child in reversed(node)}
            scheme, value = said.get(f"{space}valueName", ""), said.get(f"{space}value", "")
            if not said:
                scheme, _, value = (node.text or "").strip().partition("=")
            found.append((scheme, value, node))
        return found


class Breach(NamedTuple):
    """Something the schema of the version does not take: the rule it falls under, the element, what was found."""

    rule: str
    node: etree._Element
    message: str


class Message(NamedTuple):
    """One message: the version it is written in, its blocks, where it breaks the grammar, and its XML signatures."""

    version: str
    alert: Block
    breaches: list[Breach]
    signatures: list[etree._Element]


def find_message(root: etree._Element, *, located: bool = True) -> Message | None:
    """The message below this element; None if it is no alert of CAP 1.0, 1.1 or 1.2. Nothing is refused, all is kept.

    `located` says that some schemaLocation stands in the file, or that nobody looked.
    """
    known = MODELS.get(root.tag)
    if known is None:
        return None
    version, model = known
    signatures = list(root.iterchildren(_SIGNATURE))
    # A schema processor would open what schemaLocation names. What has one, and what holds CAP within a signature, is read
    # the longer way, which asks nobody.
    if not located and not any(_holds_cap(one) for one in signatures) and is_valid(version, root):
        return Message(version, _read_valid(root, model), [], signatures)
    breaches: list[Breach] = []
    alert = _read_block(root, model, None, breaches)
    if _ATTRIBUTES(root, ds=SIGNATURES):
        _check_attributes(root, {}, breaches)
    for signature in signatures:
        _check_within_signature(signature, breaches)
    return Message(version, alert, breaches, signatures)


def _holds_cap(signature: etree._Element) -> bool:
    return next(signature.iter(*_ANY_CAP), None) is not None


def _read_valid(root: etree._Element, model: Model) -> Block:
    """The blocks of a message whose structure is known to hold: nothing is looked at but what rules ask for.

    Then a text always belongs to the block that was opened last, and a block to the alert or to the last info.
    """
    alert = outer = Block(model.name, root, None)
    leaves, places = alert.leaves, model.wanted
    for node in root.iterdescendants(*places):
        name, is_block = places[node.tag]
        if is_block:
            parent = alert if name == "info" else outer
            block = Block(name, node, parent)
            parent.blocks.setdefault(name, []).append(block)
            outer = block if name == "info" else outer
            leaves = block.leaves
        elif name in leaves:
            leaves[name].append(node)
        else:
            leaves[name] = [node]
    return alert


def _read_block(node: etree._Element, model: Model, parent: Block | None, breaches: list[Breach]) -> Block:
    block = Block(model.name, node, parent)
    leaves, places, order = block.leaves, model.places, ""
    if node.text and node.text.strip(SPACE):
        breaches.append(Breach("CAP-02", node, f"text {node.text.strip()[:40]!r} between elements"))
    for child in node:
        tag = child.tag
        place = places.get(tag)
        if place is None:
            order += "S" if tag.startswith(f"{{{SIGNATURES}}}") else "?"
        else:
            order += place.letter
            name = place.name
            if place.model is not None:
                block.blocks.setdefault(name, []).append(_read_block(child, place.model, block, breaches))
            else:
                text = child.text or ""
                leaves.setdefault(name, []).append(child)
                if (place.accepts is not None and not place.accepts(text)) or len(child):
                    breaches.append(_text_breach(place, child, text))
        tail = child.tail
        if tail and tail.strip(SPACE):
            breaches.append(Breach("CAP-02", child, f"text {tail.strip()[:40]!r} between elements"))
    if not model.matches(order):
        _explain_order(block, model, order, breaches)
    return block


def _text_breach(place: Place, node: etree._Element, text: str) -> Breach:
    if len(node):
        return Breach("CAP-02", node, f"{place.name} holds elements, expected text")
    if place.name == "certainty" and text == "Very Likely":
        return Breach("CAP-26", node, "certainty 'Very Likely' is of CAP 1.0, expected Likely")
    return Breach(place.rule, node, f"{place.name} is {text[:40]!r}, expected {place.expected}")


_MISSING = {
    **dict.fromkeys(("identifier", "sender"), "CAP-03"),
    **dict.fromkeys(("category", "event", "urgency", "severity", "certainty"), "CAP-25"),
    **dict.fromkeys(("resourceDesc", "mimeType"), "CAP-31"),
    "areaDesc": "CAP-34",
}


def _explain_order(block: Block, model: Model, order: str, breaches: list[Breach]) -> None:
    """Say why the children are not in the model's order: what is unknown, missing, repeated or out of place."""
    names = {place.letter: place.name for place in model.places.values()}
    for letter, child in zip(order, block.node, strict=True):
        if letter == "?" or (letter == "S" and block.name != "alert"):
            breaches.append(Breach("CAP-02", child, f"{etree.QName(child).localname} is unknown in {block.name}"))
    breaches.extend(
        Breach(_MISSING.get(name, "CAP-02"), block.node, f"{block.name} has no {name}")
        for name in model.needed
        if name not in block.leaves and name not in block.blocks
    )
    known = [(letter, child) for letter, child in zip(order, block.node, strict=True) if letter != "?"]
    rank = {letter: n for n, letter in enumerate(names)}
    rank["S"] = len(names) - 1
    highest = -1
    for letter, child in known:
        if rank[letter] < highest:
            breaches.append(
                Breach("CAP-02", child, f"{names.get(letter, 'Signature')} is out of order in {block.name}")
            )
        highest = max(highest, rank[letter])
    breaches.extend(
        Breach("CAP-02", block.node, f"{names[letter]} stands {order.count(letter)} times in {block.name}")
        for letter in model.single
        if order.count(letter) > 1
    )


def _check_attributes(node: etree._Element, places: Mapping[str, Place], breaches: list[Breach]) -> None:
    """CAP has no attributes; the schema takes where a schema lies on any element, and a type that says what is known."""
    for key, text in node.items():
        name, value = str(key), str(text)
        if name not in _LOCATIONS and not (name == f"{{{XSI}}}type" and _same_type(node, value, places)):
            breaches.append(Breach("CAP-02", node, f"attribute {name[:60]!r}, expected none"))
    place = places.get(node.tag)
    known = MODELS[node.tag][1] if node.tag in MODELS else place.model if place is not None else None
    for child in node:
        if not child.tag.startswith(f"{{{SIGNATURES}}}"):
            _check_attributes(child, known.places if known is not None else {}, breaches)


def _same_type(node: etree._Element, value: str, places: Mapping[str, Place]) -> bool:
    """Whether xsi:type says the type that the schema gives by name to that text."""
    place = places.get(node.tag)
    if place is None or place.values:
        return False
    return _type_of_schema(node, value) in _SAME.get(place.type, (place.type,))


def _type_of_schema(node: etree._Element, value: str) -> str | None:
    """The name in XML Schema's namespace that xsi:type gives; None for a name in another one."""
    prefix, _, name = value.rpartition(":")
    return name if node.nsmap.get(prefix or None) == XSD else None


def _check_within_signature(signature: etree._Element, breaches: list[Breach]) -> None:
    """The schema looks into a signature only for what it knows itself: CAP's own elements, and types of XML Schema."""
    for node in signature.iter("*"):
        said = node.get(f"{{{XSI}}}type")
        if said is not None and not (_type_of_schema(node, said) == "string" and not len(node)):
            breaches.append(Breach("CAP-43", node, f"type {said[:40]!r} within the signature"))
    for node in signature.iter(*_GLOBAL):
        if node.tag != _GLOBAL[0]:
            if len(node) or node.attrib:
                breaches.append(Breach("CAP-02", node, "holds elements or attributes, expected text"))
        elif (inner := find_message(node)) is not None:
            breaches.extend(inner.breaches)
