"""Reads one message from the elements that a parser made of it: in one pass, in any version, whatever is wrong with it."""

from bisect import bisect_right
from collections import Counter

from lxml import etree

from tocsin.cap.block import Block, Breach, Message
from tocsin.cap.finding import NodeSpot
from tocsin.cap.grammar import MODELS, PAIRS, SIGNATURES, SPACE, VERSIONS, Model, Place
from tocsin.cap.opening import UNKNOWN, Traits
from tocsin.cap.schema import find_fault, is_valid

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
_DS = f"{{{SIGNATURES}}}"
_CAP = f"{{{VERSIONS['1.2']}}}"
_GLOBAL = (f"{_CAP}alert", f"{_CAP}valueName", f"{_CAP}value")
_SAME = {"string": ("string", "normalizedString", "token"), "dateTime": ()}
"""Names that xsi:type may give a text of that type: those that narrow it without refusing anything."""
_HAS_MANY = etree.XPath("count(descendant::*) >= 2000")
"""Elements of a message: below that the schema takes no longer, even if it finds something wrong with each."""
_LOCATIONS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")
_LOCATED = etree.XPath(
    "descendant-or-self::*[@i:schemaLocation or @i:noNamespaceSchemaLocation]", namespaces={"i": XSI}
)
_ATTRIBUTED = etree.XPath("self::*[@*] | *[not(self::ds:*)]/descendant-or-self::*[@*]", namespaces={"ds": SIGNATURES})
_TYPED = etree.XPath("descendant-or-self::*[@i:type]", namespaces={"i": XSI})
_MOST = 1_000
"""Elements with attributes that are looked at: which namespace a prefix stands for is looked up in all that are declared."""
_FEW = 50
"""Breaches found below which the schema is asked about a message of many elements, too."""
_MOST_ATTRIBUTES = 16
"""Of one element, that are named one by one."""


def find_message(root: etree._Element, traits: Traits = UNKNOWN) -> Message | None:
    """The message below this element, in a file of these traits; None if it is no alert of CAP 1.0, 1.1 or 1.2.

    Nothing is refused. All texts are kept if the structure is not that of its version, or where nobody looked at the file.
    """
    known = MODELS.get(root.tag)
    if known is None:
        return None
    version, model = known
    if traits.located:
        _forget_locations(root)
    # The schema has the last word. But the time that its processor takes grows with the square of what it finds wrong: of what has
    # many elements it is asked only if little was found by then.
    many = traits.large and _HAS_MANY(root)
    valid = not many and is_valid(version, root)
    alert = Block(model.name, root, marked=traits.marked)
    if valid and traits is not UNKNOWN:
        _read_valid(alert, model)
        return Message(version, alert, [])
    breaches: list[Breach] = []
    _read_block(alert, model, breaches)
    if valid:
        return Message(version, alert, [])
    _check_attributes(root, breaches)
    for signature in alert.signatures:
        _check_within_signature(signature, breaches)
    if not breaches or (many and len(breaches) < _FEW):
        fault = find_fault(version, root)
        if fault is None:
            return Message(version, alert, [])
        if not breaches:
            breaches.append(Breach("CAP-02", NodeSpot(root), f"the schema does not take it: {fault[:200]}"))
    return Message(version, alert, breaches)


def _find(path: etree.XPath, node: etree._Element) -> list[etree._Element]:
    return path(node)  # type: ignore[return-value]  # the stubs do not know what a path gives


def _forget_locations(root: etree._Element) -> None:
    """Take out where schemas lie: a schema processor would open what these name, and CAP's own schema takes them anywhere."""
    for node in _find(_LOCATED, root):
        for name in _LOCATIONS:
            if name in node.attrib:
                del node.attrib[name]


def _read_valid(block: Block, model: Model) -> None:
    """Fill the blocks of a message whose structure is known to hold: nothing is looked at but what rules ask for."""
    places, leaves, loose = model.wanted, block.leaves, False
    for child in block.node:
        place = places.get(child.tag)
        if place is None:  # the grammar takes nothing else
            block.signatures.append(child)
            continue
        name, inner, is_pair = place
        if is_pair:
            block.add_pair(name, child)
        elif inner is not None:
            _read_valid(Block(name, child, block), inner)
        elif name:
            text = child.text or ""
            loose = loose or text != text.strip()
            if name in leaves:
                block.add_text(name, text)
            else:
                leaves[name] = text
    block.has_loose_texts = loose


def _read_block(block: Block, model: Model, breaches: list[Breach]) -> None:
    node, places, order = block.node, model.places, ""
    if node.text and node.text.strip(SPACE):
        breaches.append(Breach("CAP-02", NodeSpot(node), f"text {node.text.strip()[:40]!r} between elements"))
    for child in node:
        tag = child.tag
        place = places.get(tag)
        if place is None and tag.startswith(_DS):
            order += "S"
            block.signatures.append(child)
        elif place is None:
            order += "?"
        else:
            order += place.letter
            name = place.name
            if name in PAIRS:
                block.add_pair(name, child)
            if place.model is not None:
                inner = Block(name, child, None if name in PAIRS else block)
                _read_block(inner, place.model, breaches)
            else:
                text = child.text or ""
                if name not in PAIRS:
                    block.add_text(name, text)
                if (place.accepts is not None and not place.accepts(text)) or len(child):
                    breaches.append(_text_breach(place, child, text))
        tail = child.tail
        if tail and tail.strip(SPACE):
            breaches.append(Breach("CAP-02", NodeSpot(child), f"text {tail.strip()[:40]!r} between elements"))
    if not model.matches(order):
        _explain_order(block, model, order, breaches)


def _text_breach(place: Place, node: etree._Element, text: str) -> Breach:
    if len(node):
        return Breach("CAP-02", NodeSpot(node), f"{place.name} holds elements, expected text")
    if place.name == "certainty" and text == "Very Likely":
        return Breach("CAP-26", NodeSpot(node), "certainty 'Very Likely' is of CAP 1.0, expected Likely")
    return Breach(place.rule, NodeSpot(node), f"{place.name} is {text[:40]!r}, expected {place.expected}")


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
            breaches.append(
                Breach("CAP-02", NodeSpot(child), f"{etree.QName(child).localname} is unknown in {block.name}")
            )
    breaches.extend(
        Breach(_MISSING.get(name, "CAP-02"), NodeSpot(block.node), f"{block.name} has no {name}")
        for name in model.needed
        if name not in block.leaves and name not in block.blocks
    )
    known = [
        (names.get(letter, "Signature"), child)
        for letter, child in zip(order, block.node, strict=True)
        if letter != "?"
    ]
    rank = {name: number for number, name in enumerate(names.values())}
    rank["Signature"] = len(rank) - 1
    kept = _longest_rise([rank[name] for name, _ in known])
    single = {names[letter] for letter in model.single}
    seen: Counter[str] = Counter()
    for number, (name, child) in enumerate(known):
        seen[name] += 1
        if name in single and seen[name] > 1:
            if seen[name] == 2:
                breaches.append(Breach("CAP-02", NodeSpot(child), f"{name} stands a second time in {block.name}"))
        elif number not in kept:
            breaches.append(Breach("CAP-02", NodeSpot(child), f"{name} is out of order in {block.name}"))


def _longest_rise(ranks: list[int]) -> set[int]:
    """Places of the most that stand in order: what is left was moved. Of two that changed places the first one is kept."""
    lowest: list[int] = []
    ends: list[int] = []
    after = [-1] * len(ranks)
    for number in reversed(range(len(ranks))):
        length = bisect_right(lowest, -ranks[number])
        lowest[length : length + 1] = [-ranks[number]]
        ends[length : length + 1] = [number]
        after[number] = ends[length - 1] if length else -1
    kept, at = set(), ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = after[at]
    return kept


def _check_attributes(root: etree._Element, breaches: list[Breach]) -> None:
    """CAP has no attributes; the schema takes a type that says what is known, on any text. What stands within a signature is apart."""
    attributed = _find(_ATTRIBUTED, root)
    if len(attributed) > _MOST:
        breaches.append(Breach("CAP-02", NodeSpot(root), f"{len(attributed)} elements with attributes, expected none"))
    for node in attributed[:_MOST]:
        if len(node.attrib) > _MOST_ATTRIBUTES:  # to name each takes a time that grows with the square of their number
            breaches.append(Breach("CAP-02", NodeSpot(node), f"{len(node.attrib)} attributes, expected none"))
            continue
        for key, text in node.items():
            name, value = str(key), str(text)
            if not (name == f"{{{XSI}}}type" and _same_type(node, value, root)):
                breaches.append(Breach("CAP-02", NodeSpot(node), f"attribute {name[:60]!r}, expected none"))


def _same_type(node: etree._Element, value: str, root: etree._Element) -> bool:
    """Whether xsi:type says the type that the schema gives by name to that text."""
    place = _find_place(node, root)
    if place is None or place.values or place.model is not None:
        return False
    return _type_of_schema(node, value) in _SAME.get(place.type, (place.type,))


def _find_place(node: etree._Element, root: etree._Element) -> Place | None:
    """Where the grammar has that element, below this root; None for the root and for what is unknown."""
    tags: list[str] = []
    while node is not root:
        tags.append(node.tag)
        parent = node.getparent()
        assert parent is not None, "it stands below the root"
        node = parent
    place: Place | None = None
    model: Model | None = MODELS[root.tag][1]
    for tag in reversed(tags):
        place = None if model is None else model.places.get(tag)
        model = None if place is None else place.model
    return place


def _type_of_schema(node: etree._Element, value: str) -> str | None:
    """The name in XML Schema's namespace that xsi:type gives; None for a name in another one."""
    prefix, _, name = value.rpartition(":")
    return name if node.nsmap.get(prefix or None) == XSD else None


def _check_within_signature(signature: etree._Element, breaches: list[Breach]) -> None:
    """The schema looks into a signature only for what it knows itself: CAP's own elements, and types of XML Schema."""
    typed = _find(_TYPED, signature)
    if len(typed) > _MOST:
        breaches.append(
            Breach("CAP-43", NodeSpot(signature), f"{len(typed)} types within the signature, expected none")
        )
    for node in typed[:_MOST]:
        said = node.get(f"{{{XSI}}}type") or ""
        if len(node) or len(node.attrib) > 1 or _type_of_schema(node, said) != "string":
            breaches.append(Breach("CAP-43", NodeSpot(node), f"type {said[:40]!r} within the signature"))
    for node in signature.iter(*_GLOBAL):
        if node.tag != _GLOBAL[0]:
            if len(node) or node.attrib:
                breaches.append(Breach("CAP-02", NodeSpot(node), "holds elements or attributes, expected text"))
        elif (inner := find_message(node)) is not None:
            breaches.extend(inner.breaches)
