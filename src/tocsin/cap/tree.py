"""Reads one message from the elements that a parser made of it: in one pass, in any version, whatever is wrong with it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping

from lxml import etree

from tocsin.cap.block import Block, Breach, Message
from tocsin.cap.finding import NodeSpot
from tocsin.cap.grammar import MODELS, PAIRS, SIGNATURES, SPACE, VERSIONS, Model, Place
from tocsin.cap.opening import UNKNOWN, Traits
from tocsin.cap.schema import is_valid

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
_ATTRIBUTES = etree.XPath("boolean(@* | descendant::*[@*][not(ancestor-or-self::*[namespace-uri() = $ds])])")
_DS = f"{{{SIGNATURES}}}"
_CAP = f"{{{VERSIONS['1.2']}}}"
_ANY_CAP = tuple(f"{{{namespace}}}*" for namespace in VERSIONS.values())
_GLOBAL = (f"{_CAP}alert", f"{_CAP}valueName", f"{_CAP}value")
_SAME = {"string": ("string", "normalizedString", "token"), "dateTime": ()}
"""Names that xsi:type may give a text of that type: those that narrow it without refusing anything."""
_HAS_MANY = etree.XPath("count(descendant::*) >= 2000")
"""Elements of a message: below that the schema takes no longer, even if it finds something wrong with each."""
_LOCATIONS = (f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation")


def find_message(root: etree._Element, traits: Traits = UNKNOWN) -> Message | None:
    """The message below this element, in a file of these traits; None if it is no alert of CAP 1.0, 1.1 or 1.2.

    Nothing is refused. All texts are kept if the structure is not that of its version, or where nobody looked at the file.
    """
    known = MODELS.get(root.tag)
    if known is None:
        return None
    version, model = known
    # A schema processor would open what schemaLocation names, and the time it takes grows with the square of what it finds
    # wrong. What has one, what has many elements, and what holds CAP within a signature is read the longer way.
    if not traits.located and not (traits.large and _HAS_MANY(root)) and is_valid(version, root):
        alert = Block(model.name, root, marked=traits.marked)
        _read_valid(alert, model)
        if not (alert.signatures and any(map(_holds_cap, alert.signatures))):
            return Message(version, alert, [])
    breaches: list[Breach] = []
    alert = Block(model.name, root, marked=traits.marked)
    _read_block(alert, model, breaches)
    if _ATTRIBUTES(root, ds=SIGNATURES):
        _check_attributes(root, {}, breaches)
    for signature in alert.signatures:
        _check_within_signature(signature, breaches)
    return Message(version, alert, breaches)


def _holds_cap(signature: etree._Element) -> bool:
    return next(signature.iter(*_ANY_CAP), None) is not None


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


def _check_attributes(node: etree._Element, places: Mapping[str, Place], breaches: list[Breach]) -> None:
    """CAP has no attributes; the schema takes where a schema lies on any element, and a type that says what is known."""
    for key, text in node.items():
        name, value = str(key), str(text)
        if name not in _LOCATIONS and not (name == f"{{{XSI}}}type" and _same_type(node, value, places)):
            breaches.append(Breach("CAP-02", NodeSpot(node), f"attribute {name[:60]!r}, expected none"))
    place = places.get(node.tag)
    known = MODELS[node.tag][1] if node.tag in MODELS else place.model if place is not None else None
    for child in node:
        if not child.tag.startswith(_DS):
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
            breaches.append(Breach("CAP-43", NodeSpot(node), f"type {said[:40]!r} within the signature"))
    for node in signature.iter(*_GLOBAL):
        if node.tag != _GLOBAL[0]:
            if len(node) or node.attrib:
                breaches.append(Breach("CAP-02", NodeSpot(node), "holds elements or attributes, expected text"))
        elif (inner := find_message(node)) is not None:
            breaches.extend(inner.breaches)
