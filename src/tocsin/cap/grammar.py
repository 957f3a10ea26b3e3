"""What may stand where in CAP 1.0, 1.1 and 1.2: content models and simple types, as the standards' schemas have them."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from tocsin.cap.alert import Category, Certainty, MsgType, ResponseType, Scope, Severity, Status, Urgency

VERSIONS: Mapping[str, str] = {
    "1.0": "http://www.incident.com/cap/1.0",
    "1.1": "urn:oasis:names:tc:emergency:cap:1.1",
    "1.2": "urn:oasis:names:tc:emergency:cap:1.2",
}
SIGNATURES = "http://www.w3.org/2000/09/xmldsig#"
SPACE = " \t\r\n"
"""White space of XML: no other blank counts as none."""

Accepts = Callable[[str], object]

_TIME = re.compile(
    r"[ \t\r\n]*(?!0000)([0-9]{4})-(?:(0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2([0-9])))"
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00)[ \t\r\n]*"
)
_LANGUAGE = re.compile(r"[ \t\r\n]*[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*[ \t\r\n]*|")
_INTEGER = re.compile(r"[ \t\r\n]*[+-]?[0-9]+[ \t\r\n]*")
_DECIMAL = re.compile(r"[ \t\r\n]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
# What RFC 3986 does not allow is escaped before the schema looks at it (XML Schema part 2, 3.2.17): only the delimiters count.
_PLAIN = r"(?:[^\x00-\x1f:/?#\[\]@%]|%[0-9A-Fa-f]{2})"
_CHAR = rf"(?:{_PLAIN}|[:@])"
_HOST = rf"(?:\[[^\]]*\]|{_PLAIN}*)"
_AUTHORITY = rf"//(?:(?:{_PLAIN}|:)*@)?{_HOST}(?::[0-9]{{1,9}})?(?:/{_CHAR}*)*"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:(?:{_AUTHORITY}|(?!//){_CHAR}*(?:/{_CHAR}*)*)|{_AUTHORITY}|(?!//)(?:{_PLAIN}|@)*(?:/{_CHAR}*)*)"
    rf"(?:\?(?:{_CHAR}|[/?])*)?(?:\#(?:{_CHAR}|[/?\[\]])*)?"
)


def accepts_time(text: str) -> bool:
    """Whether the schema takes it: YYYY-MM-DDThh:mm:ss±hh:mm of a day there was, 24:00:00 included (CAP-6, CAP-8)."""
    found = _TIME.fullmatch(text)
    if found is None or found[4] != "9":
        return found is not None
    year = int(found[1])
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def accepts_uri(text: str) -> bool:
    """Whether the schema takes it as a URI reference: relative ones and blanks too (CAP-30)."""
    return _URI.fullmatch(" ".join(text.split())) is not None


class Place(Struct, frozen=True):
    """One child in a content model: its name, its letter there, and what the schema takes in it.

    `model` is that of its own children, None for a text; `rule` is whose finding it is if the text is not taken; `type` is
    its simple type in XML Schema, `values` the closed list of what may stand there.
    """

    name: str
    letter: str
    model: "Model | None" = None
    accepts: Accepts | None = None
    rule: str = "CAP-02"
    expected: str = ""
    type: str = "string"
    values: tuple[str, ...] = ()


class Model(Struct, frozen=True):
    """The children of one kind of element in the notation of a DTD, and by tag, those it needs by name, those that stand once by letter.

    `wanted` is by tag the name of what rules ask for, empty for what none does, the model of what has one, and whether it is a pair.
    `matches` takes the letters of the children in their order: it is the content model as a regular expression.
    """

    name: str
    content: str
    places: Mapping[str, Place]
    needed: tuple[str, ...]
    single: tuple[str, ...]
    wanted: Mapping[str, tuple[str, "Model | None", bool]]
    matches: Callable[[str], object]


_TYPES: Mapping[str, tuple[str, Accepts, str, str]] = {
    **dict.fromkeys(
        ("sent", "effective", "onset", "expires"),
        ("CAP-06", accepts_time, "YYYY-MM-DDThh:mm:ss±hh:mm of a day there is", "dateTime"),
    ),
    "language": ("CAP-23", _LANGUAGE.fullmatch, "a language tag such as en or en-US", "language"),
    "web": ("CAP-30", accepts_uri, "a URI", "anyURI"),
    "uri": ("CAP-30", accepts_uri, "a URI", "anyURI"),
    "size": ("CAP-31", _INTEGER.fullmatch, "a whole number of bytes", "integer"),
    "altitude": ("CAP-39", _DECIMAL.fullmatch, "a plain decimal number of feet", "decimal"),
    "ceiling": ("CAP-39", _DECIMAL.fullmatch, "a plain decimal number of feet", "decimal"),
}
_ENUMS: Mapping[str, tuple[str, type[StrEnum]]] = {
    "status": ("CAP-11", Status),
    "msgType": ("CAP-12", MsgType),
    "scope": ("CAP-19", Scope),
    "category": ("CAP-25", Category),
    "responseType": ("CAP-27", ResponseType),
    "urgency": ("CAP-25", Urgency),
    "severity": ("CAP-25", Severity),
    "certainty": ("CAP-25", Certainty),
}
_PAIR = "valueName value"
PAIRS = frozenset({"eventCode", "parameter", "geocode"})
"""What holds a name and a value."""
UNASKED = frozenset({"urgency", "severity", "certainty", "size"})
"""What no rule asks for where the structure is right: it is not even looked at then."""
_CONTENT: Mapping[str, str] = {
    "alert": (
        "identifier sender sent status msgType source? scope restriction? addresses? code* note? references? incidents? info*"
    ),
    "info": (
        "language? category+ event responseType* urgency severity certainty audience? eventCode* effective? onset? expires? "
        "senderName? headline? description? instruction? web? contact? parameter* resource* area*"
    ),
    "resource": "resourceDesc mimeType size? uri? derefUri? digest?",
    "area": "areaDesc polygon* circle* geocode* altitude? ceiling?",
    "eventCode": _PAIR,
    "parameter": _PAIR,
    "geocode": _PAIR,
}
"""CAP 1.2, section 3.2, in the notation of a DTD."""
_OLDER: Mapping[str, str] = {
    "alert": _CONTENT["alert"].replace("msgType ", "msgType password? "),
    "resource": _CONTENT["resource"].replace("mimeType", "mimeType?"),
}
"""What CAP 1.0 and 1.1 have otherwise."""


def _make_model(version: str, name: str) -> Model:
    content = _CONTENT[name] if version == "1.2" else _OLDER.get(name, _CONTENT[name])
    places: dict[str, Place] = {}
    order = single = ""
    for number, word in enumerate(content.split()):
        child = word.rstrip("?*+")
        letter = chr(ord("a") + number)
        places[f"{{{VERSIONS[version]}}}{child}"] = _make_place(version, child, letter)
        order += letter + word[len(child) :]
        single += "" if word[-1] in "*+" else letter
    needed = tuple(word.rstrip("+") for word in content.split() if word[-1] not in "?*")
    if name == "alert":
        # As libxml2 reads the standard's schema: signatures after the first info may stand among the others. That one stands
        # elsewhere than at the end is CAP-43's to say.
        order = f"{order[:-2]}[{order[-2]}S]*"
    wanted = {
        tag: ("" if place.name in UNASKED else place.name, place.model, place.name in PAIRS)
        for tag, place in places.items()
    }
    return Model(
        name,
        content,
        places,
        needed,
        tuple(single),
        wanted,
        re.compile(order).fullmatch,
    )


def _make_place(version: str, name: str, letter: str) -> Place:
    # CAP 1.0 wrote name=value in one text where later versions have two elements.
    if name in _CONTENT and not (version == "1.0" and _CONTENT[name] == _PAIR):
        return Place(name, letter, model=_make_model(version, name))
    if name in _ENUMS:
        rule, kind = _ENUMS[name]
        values = tuple(one.value for one in kind)
        return Place(
            name, letter, None, frozenset(values).__contains__, rule, "one of " + ", ".join(values), values=values
        )
    if name in _TYPES:
        rule, accepts, expected, said = _TYPES[name]
        return Place(name, letter, None, accepts, rule, expected, said)
    return Place(name, letter)


MODELS: Mapping[str, tuple[str, Model]] = {
    f"{{{namespace}}}alert": (version, _make_model(version, "alert")) for version, namespace in VERSIONS.items()
}
"""Tag of the root to version and content model; built once (defect 3)."""
