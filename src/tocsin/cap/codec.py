"""Strict reader and canonical writer of CAP 1.2."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from tocsin.cap.alert import (
    Alert,
    AlertArea,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.core.area import Area, Circle, Geocode, Point, Polygon
from tocsin.errors import InputError

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MAX_BYTES = 1024 * 1024
MAX_VERTICES = 20_000
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
_ENCODINGS = {"utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"}
_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

# Element names in the order of the standard's schema (CAP 1.2 section 3.2); a trailing * means any number of times.
_ALERT = (
    "identifier sender sent status msgType source scope restriction addresses code* note references incidents info*"
).split()
_INFO = (
    "language category* event responseType* urgency severity certainty audience eventCode* effective onset expires "
    "senderName headline description instruction web contact parameter* resource* area*"
).split()
_AREA = "areaDesc polygon* circle* geocode* altitude ceiling".split()
_RESOURCE = "resourceDesc mimeType size uri derefUri digest".split()
_PAIR = "valueName value".split()


def read_alert(raw: bytes) -> Alert:
    """The message in these bytes; InputError names element, line, what was found and what was expected.

    Strict: CAP 1.2 only, elements in order, no unknown ones, no DOCTYPE, at most 1 MiB. Signatures are not read here.
    """
    root = _parse(raw)
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise InputError(f"root element is {_name(root)!r}, expected alert of CAP 1.2", hint=NAMESPACE)
    node = _Node(root, _ALERT)
    alert = Alert(
        identifier=node.identifier("identifier"),
        sender=node.identifier("sender"),
        sent=node.time("sent"),
        status=node.word("status", Status),
        msg_type=node.word("msgType", MsgType),
        scope=node.word("scope", Scope),
        source=node.text("source"),
        restriction=node.text("restriction"),
        addresses=_split_quoted(node.text("addresses") or ""),
        codes=node.texts("code"),
        note=node.text("note"),
        references=tuple(_read_reference(one, node.line) for one in (node.text("references") or "").split()),
        incidents=_split_quoted(node.text("incidents") or ""),
        infos=tuple(_read_info(one) for one in node.children("info", _INFO)),
        raw=raw,
    )
    if alert.scope is Scope.PRIVATE and not alert.addresses:
        raise InputError("scope Private without addresses", hint="CAP 1.2 section 3.2.1, addresses (CAP-18)")
    if (alert.scope is Scope.RESTRICTED) is not (alert.restriction is not None):
        raise InputError(f"scope {alert.scope} and restriction do not go together", hint="CAP-19")
    return alert


def write_alert(alert: Alert) -> bytes:
    """The one form of this message: UTF-8, schema order, numeric zones with UTC as -00:00."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs do not know the default namespace
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", write_time(alert.sent))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add(root, "restriction", alert.restriction)
    _add(root, "addresses", _join_quoted(alert.addresses))
    for code in alert.codes:
        _add(root, "code", code)
    _add(root, "note", alert.note)
    _add(
        root,
        "references",
        " ".join(f"{r.sender},{r.identifier},{write_time(r.sent)}" for r in alert.references) or None,
    )
    _add(root, "incidents", _join_quoted(alert.incidents))
    for info in alert.infos:
        _write_info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), info)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def write_time(at: datetime) -> str:
    """CAP's form of a time: whole seconds, numeric offset, -00:00 for UTC (section 3.2.1).

    >>> from datetime import UTC
    >>> write_time(datetime(2024, 3, 7, 15, 0, tzinfo=UTC))
    '2024-03-07T15:00:00-00:00'
    """
    text = at.replace(microsecond=0).isoformat()
    return text[:-6] + "-00:00" if text.endswith("+00:00") else text


def _parse(raw: bytes) -> etree._Element:
    if not raw.strip():
        raise InputError("CAP message is empty")
    if len(raw) > MAX_BYTES:
        raise InputError(f"CAP message has {len(raw)} bytes, at most {MAX_BYTES} expected")
    head = raw[:4096].lower()
    if b"\0" in head:
        raise InputError("CAP message is UTF-16 or binary", hint="write it in UTF-8")
    if b"<!doctype" in raw.lower():
        raise InputError(
            "CAP message has a DOCTYPE", hint="a DOCTYPE can name files and bombs; no CAP message needs one (CAP-48)"
        )
    declared = re.search(rb"<\?xml[^>]*encoding=[\"']([a-z0-9_-]+)[\"']", head)
    if declared and declared[1].decode() not in _ENCODINGS:
        raise InputError(f"CAP message is in encoding {declared[1].decode()!r}", hint="write it in UTF-8 (CAP-47)")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"CAP message is no XML: {error}") from None


class _Node:
    """One element whose children are checked against the schema's order before anything is read."""

    def __init__(self, element: etree._Element, order: list[str]) -> None:
        self.line = _line(element)
        self._path = _name(element)
        self._children: dict[str, list[etree._Element]] = {}
        places = {name.rstrip("*"): n for n, name in enumerate(order)}
        last = -1
        for child in element:
            name = _name(child)
            if child.tag != f"{{{NAMESPACE}}}{name}" or name not in places:
                raise self._error(f"unknown element {name!r}", child)
            if places[name] < last:
                raise self._error(f"element {name!r} is out of order", child)
            last = places[name]
            if name in self._children and f"{name}*" not in order:
                raise self._error(f"element {name!r} stands twice", child)
            self._children.setdefault(name, []).append(child)

    def texts(self, name: str) -> tuple[str, ...]:
        found = []
        for child in self._children.get(name, ()):
            if len(child):
                raise self._error(f"element {name!r} holds elements, expected text", child)
            text = (child.text or "").strip()
            if not text:
                raise self._error(f"element {name!r} is empty", child)
            found.append(text)
        return tuple(found)

    def text(self, name: str) -> str | None:
        return next(iter(self.texts(name)), None)

    def need(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise InputError(f"line {self.line}: {self._path} has no {name!r}")
        return text

    def identifier(self, name: str) -> str:
        text = self.need(name)
        if re.search(r"[\s,<&]", text):
            raise InputError(f"line {self.line}: {name} {text!r} holds a space, comma, '<' or '&' (CAP-3)")
        return text

    def word(self, name: str, kind: type[_E]) -> _E:
        return self._word(self.need(name), name, kind)

    def words(self, name: str, kind: type[_E]) -> tuple[_E, ...]:
        return tuple(self._word(text, name, kind) for text in self.texts(name))

    def time(self, name: str) -> datetime:
        return _read_time(self.need(name), self.line)

    def maybe(self, name: str, read: Callable[[str, int], _T]) -> _T | None:
        text = self.text(name)
        return None if text is None else read(text, self.line)

    def children(self, name: str, order: list[str]) -> list["_Node"]:
        return [_Node(child, order) for child in self._children.get(name, ())]

    def _word(self, text: str, name: str, kind: type[_E]) -> _E:
        try:
            return kind(text)
        except ValueError:
            raise InputError(f"line {self.line}: {name} is {text!r}", hint="one of " + ", ".join(kind)) from None

    def _error(self, what: str, child: etree._Element) -> InputError:
        return InputError(f"line {child.sourceline}: {what} in {self._path}")


def _read_info(node: _Node) -> Info:
    categories = node.words("category", Category)
    if not categories:
        raise InputError(f"line {node.line}: info has no category")
    return Info(
        language=node.text("language") or "en-US",
        categories=categories,
        event=node.need("event"),
        response_types=node.words("responseType", ResponseType),
        urgency=node.word("urgency", Urgency),
        severity=node.word("severity", Severity),
        certainty=node.word("certainty", Certainty),
        audience=node.text("audience"),
        event_codes=_pairs(node, "eventCode"),
        effective=node.maybe("effective", _read_time),
        onset=node.maybe("onset", _read_time),
        expires=node.maybe("expires", _read_time),
        sender_name=node.text("senderName"),
        headline=node.text("headline"),
        description=node.text("description"),
        instruction=node.text("instruction"),
        web=node.text("web"),
        contact=node.text("contact"),
        parameters=_pairs(node, "parameter"),
        resources=tuple(
            Resource(
                description=one.need("resourceDesc"),
                mime_type=one.need("mimeType"),
                size=one.maybe("size", _read_size),
                uri=one.text("uri"),
                deref_uri=one.text("derefUri"),
                digest=one.text("digest"),
            )
            for one in node.children("resource", _RESOURCE)
        ),
        areas=tuple(_read_area(one) for one in node.children("area", _AREA)),
    )


def _read_area(node: _Node) -> AlertArea:
    polygons = tuple(_read_polygon(text, node.line) for text in node.texts("polygon"))
    circles = tuple(_read_circle(text, node.line) for text in node.texts("circle"))
    geocodes = tuple(Geocode(one.name, one.value) for one in _pairs(node, "geocode"))
    area = Area(description=node.need("areaDesc"), polygons=polygons, circles=circles, geocodes=geocodes)
    return AlertArea(area, node.maybe("altitude", _read_number), node.maybe("ceiling", _read_number))


def _pairs(node: _Node, name: str) -> tuple[NamedValue, ...]:
    return tuple(NamedValue(one.need("valueName"), one.need("value")) for one in node.children(name, _PAIR))


def _read_polygon(text: str, line: int) -> Polygon:
    corners = text.split()
    if len(corners) > MAX_VERTICES:
        raise InputError(f"line {line}: polygon has {len(corners)} corners, at most {MAX_VERTICES} expected")
    return Polygon(tuple(_read_point(corner, line) for corner in corners))


def _read_circle(text: str, line: int) -> Circle:
    parts = text.split()
    if len(parts) != 2:
        raise InputError(f"line {line}: circle {text[:60]!r} is not 'lat,lon radius'")
    return Circle(_read_point(parts[0], line), _read_number(parts[1], line))


def _read_point(text: str, line: int) -> Point:
    parts = text.split(",")
    if len(parts) != 2:
        raise InputError(f"line {line}: {text[:60]!r} is not 'lat,lon'")
    return Point(_read_number(parts[0], line), _read_number(parts[1], line))


def _read_number(text: str, line: int) -> float:
    if not _NUMBER.fullmatch(text):
        raise InputError(f"line {line}: {text[:60]!r} is not a number")
    return float(text)


def _read_size(text: str, line: int) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", text):
        raise InputError(f"line {line}: size {text[:60]!r} is not a whole number of bytes")
    return int(text)


def _read_time(text: str, line: int) -> datetime:
    if not _TIME.fullmatch(text):
        raise InputError(f"line {line}: time {text[:40]!r} is not YYYY-MM-DDThh:mm:ss±hh:mm (CAP-6)")
    try:
        return datetime.fromisoformat(text.replace("-00:00", "+00:00"))
    except ValueError:
        raise InputError(f"line {line}: time {text!r} does not exist") from None


def _read_reference(text: str, line: int) -> Reference:
    parts = text.split(",")
    if len(parts) != 3 or not all(parts):
        raise InputError(f"line {line}: reference {text[:60]!r} is not 'sender,identifier,sent' (CAP-14)")
    return Reference(parts[0], parts[1], _read_time(parts[2], line))


def _split_quoted(text: str) -> tuple[str, ...]:
    """Words by spaces; one with spaces stands in double quotes (section 3.2.1)."""
    return tuple(quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"]+)', text))


def _join_quoted(words: tuple[str, ...]) -> str | None:
    for word in words:
        if '"' in word:
            raise InputError(f"{word!r} holds a double quote, which CAP cannot carry here")
    return " ".join(f'"{word}"' if " " in word else word for word in words) or None


def _write_info(node: etree._Element, info: Info) -> None:
    _add(node, "language", info.language)
    for category in info.categories:
        _add(node, "category", category)
    _add(node, "event", info.event)
    for response in info.response_types:
        _add(node, "responseType", response)
    _add(node, "urgency", info.urgency)
    _add(node, "severity", info.severity)
    _add(node, "certainty", info.certainty)
    _add(node, "audience", info.audience)
    _add_pairs(node, "eventCode", info.event_codes)
    for name, at in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        _add(node, name, write_time(at) if at else None)
    _add(node, "senderName", info.sender_name)
    _add(node, "headline", info.headline)
    _add(node, "description", info.description)
    _add(node, "instruction", info.instruction)
    _add(node, "web", info.web)
    _add(node, "contact", info.contact)
    _add_pairs(node, "parameter", info.parameters)
    for resource in info.resources:
        child = etree.SubElement(node, f"{{{NAMESPACE}}}resource")
        _add(child, "resourceDesc", resource.description)
        _add(child, "mimeType", resource.mime_type)
        _add(child, "size", None if resource.size is None else str(resource.size))
        _add(child, "uri", resource.uri)
        _add(child, "derefUri", resource.deref_uri)
        _add(child, "digest", resource.digest)
    for area in info.areas:
        _write_area(etree.SubElement(node, f"{{{NAMESPACE}}}area"), area)


def _write_area(node: etree._Element, area: AlertArea) -> None:
    _add(node, "areaDesc", area.area.description)
    for polygon in area.area.polygons:
        _add(node, "polygon", " ".join(_write_point(point) for point in polygon.ring))
    for circle in area.area.circles:
        _add(node, "circle", f"{_write_point(circle.centre)} {write_number(circle.radius_km)}")
    _add_pairs(node, "geocode", tuple(NamedValue(code.name, code.value) for code in area.area.geocodes))
    _add(node, "altitude", None if area.altitude is None else write_number(area.altitude))
    _add(node, "ceiling", None if area.ceiling is None else write_number(area.ceiling))


def _write_point(point: Point) -> str:
    return f"{write_number(point.lat)},{write_number(point.lon)}"


def write_number(value: float) -> str:
    """Plain decimal, never an exponent, that reads back as the same number.

    >>> write_number(1e-07)
    '0.0000001'
    """
    text = repr(float(value))
    if "e" in text:
        text = f"{value:.15f}".rstrip("0")
    return text.removesuffix(".0")


def _add(parent: etree._Element, name: str, text: str | None) -> None:
    if text is not None:
        try:
            etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = str(text)
        except ValueError:
            raise InputError(f"{name} holds a character that XML cannot carry") from None


def _add_pairs(parent: etree._Element, name: str, pairs: tuple[NamedValue, ...]) -> None:
    for pair in pairs:
        node = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _add(node, "valueName", pair.name)
        _add(node, "value", pair.value)


def _line(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _name(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
