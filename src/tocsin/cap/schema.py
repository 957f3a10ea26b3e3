"""Is the structure of a message right? A grammar of our own, written from the table in grammar.py and run by libxml2.

It says yes or no, and fast: that is the last word. What is wrong and where is found by tree.py from the same table.
"""

from functools import cache

from lxml import etree

from tocsin.cap.grammar import MODELS, SIGNATURES, VERSIONS, Model, Place

_XSD = "http://www.w3.org/2001/XMLSchema"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+\-]\d\d:\d\d"
_SIGNATURES = {"namespace": SIGNATURES, "processContents": "lax", "minOccurs": "0", "maxOccurs": "unbounded"}
_OFTEN = {"?": ("0", "1"), "*": ("0", "unbounded"), "+": ("1", "unbounded")}


def is_valid(version: str, alert: etree._Element) -> bool:
    """Whether the structure below that element is CAP of that version, values and order included."""
    return _grammar(version).validate(alert)


def find_fault(version: str, alert: etree._Element) -> str | None:
    """What is first found wrong with it, in the words of libxml2; None if it is valid."""
    try:
        _grammar(version).assertValid(alert)
    except etree.DocumentInvalid as error:
        return str(error)
    return None


@cache
def _grammar(version: str) -> etree.XMLSchema:
    """Built once for each version: building it takes fifty times as long as a check (defect 3)."""
    namespace = VERSIONS[version]
    _, model = MODELS[f"{{{namespace}}}alert"]
    schema = _node(
        "schema",
        {"targetNamespace": namespace, "elementFormDefault": "qualified"},
        _node("element", {"name": "alert"}, _complex(model, last=(_node("any", _SIGNATURES),))),
        # These two are known anywhere, even within a signature: as in the standard's own schema.
        _node("element", {"name": "valueName", "type": "xs:string"}),
        _node("element", {"name": "value", "type": "xs:string"}),
    )
    return etree.XMLSchema(schema)


def _complex(model: Model, last: tuple[etree._Element, ...] = ()) -> etree._Element:
    children = []
    for word, place in zip(model.content.split(), model.places.values(), strict=True):
        least, most = _OFTEN.get(word[-1], ("1", "1"))
        children.append(_element(place, {"name": place.name, "minOccurs": least, "maxOccurs": most}))
    return _node("complexType", {}, _node("sequence", {}, *children, *last))


def _element(place: Place, said: dict[str, str]) -> etree._Element:
    if place.model is not None:
        return _node("element", said, _complex(place.model))
    if place.values:
        return _node("element", said, _restriction("string", "enumeration", place.values))
    if place.type == "dateTime":
        return _node("element", said, _restriction("dateTime", "pattern", (_TIME,)))
    default = {"default": "en-US"} if place.type == "language" else {}
    return _node("element", said | default | {"type": f"xs:{place.type}"})


def _restriction(base: str, facet: str, values: tuple[str, ...]) -> etree._Element:
    facets = (_node(facet, {"value": value}) for value in values)
    return _node("simpleType", {}, _node("restriction", {"base": f"xs:{base}"}, *facets))


def _node(name: str, said: dict[str, str], *children: etree._Element) -> etree._Element:
    made = etree.Element(f"{{{_XSD}}}{name}", said, nsmap={"xs": _XSD})
    made.extend(children)
    return made
