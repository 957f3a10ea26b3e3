"""Is the structure of a message right? A grammar of our own, written from the table in grammar.py and run by libxml2.

It only ever says yes or no, and fast; what is wrong and where is found by block.py from the same table. Both must agree.
"""

from functools import cache

from lxml import etree
from lxml.builder import ElementMaker

from tocsin.cap.grammar import MODELS, SIGNATURES, VERSIONS, Model, Place

_XSD = "http://www.w3.org/2001/XMLSchema"
_E = ElementMaker(namespace=_XSD, nsmap={"xs": _XSD})
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+\-]\d\d:\d\d"
_OFTEN = {"?": ("0", "1"), "*": ("0", "unbounded"), "+": ("1", "unbounded")}


def is_valid(version: str, alert: etree._Element) -> bool:
    """Whether the structure below that element is CAP of that version, values and order included."""
    return _grammar(version).validate(alert)


@cache
def _grammar(version: str) -> etree.XMLSchema:
    """Built once for each version: building it takes fifty times as long as a check (defect 3)."""
    namespace = VERSIONS[version]
    _, model = MODELS[f"{{{namespace}}}alert"]
    schema = _E.schema(
        {"targetNamespace": namespace, "elementFormDefault": "qualified"},
        _E.element(_complex(model, last=[_signatures()]), name="alert"),
        # These two are known anywhere, even within a signature: as in the standard's own schema.
        _E.element(name="valueName", type="xs:string"),
        _E.element(name="value", type="xs:string"),
    )
    return etree.XMLSchema(schema)


def _signatures() -> etree._Element:
    return _E.any(namespace=SIGNATURES, processContents="lax", minOccurs="0", maxOccurs="unbounded")


def _complex(model: Model, last: list[etree._Element]) -> etree._Element:
    children = []
    for word, place in zip(model.content.split(), model.places.values(), strict=True):
        least, most = _OFTEN.get(word[-1], ("1", "1"))
        children.append(_element(place, least, most))
    return _E.complexType(_E.sequence(*children, *last))


def _element(place: Place, least: str, most: str) -> etree._Element:
    often = {"name": place.name, "minOccurs": least, "maxOccurs": most}
    if place.model is not None:
        return _E.element(often, _complex(place.model, []))
    if place.values:
        values = (_E.enumeration(value=one) for one in place.values)
        return _E.element(often, _E.simpleType(_E.restriction(*values, base="xs:string")))
    if place.type == "dateTime":
        return _E.element(often, _E.simpleType(_E.restriction(_E.pattern(value=_TIME), base="xs:dateTime")))
    default = {"default": "en-US"} if place.type == "language" else {}
    return _E.element(often, default, type=f"xs:{place.type}")
