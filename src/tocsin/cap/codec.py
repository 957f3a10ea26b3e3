"""Strict reader and canonical writer of CAP 1.2."""

import re
from collections.abc import Callable
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
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.cap.values import (
    one_of,
    read_circle,
    read_number,
    read_polygon,
    read_references,
    read_size,
    read_time,
    read_words,
    write_circle,
    write_number,
    write_polygon,
    write_references,
    write_time,
    write_words,
)
from tocsin.core.area import Area, Geocode
from tocsin.errors import InputError

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MAX_BYTES = 1024 * 1024
_ENCODINGS = frozenset({"utf-8", "us-ascii", "iso-8859-1"})
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
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
    """The message in these bytes; InputError names line, element, what was found and what was expected.

    Strict: CAP 1.2 only, elements in order, none unknown or empty, no text between them, no DOCTYPE, at most 1 MiB.
    A message with an XML signature is refused: nothing here could say whether it holds.
    """
    root = _parse(raw)
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise InputError(f"root element is {_name(root)!r}, expected alert of CAP 1.2", hint=NAMESPACE)
    node = _Node(root, _ALERT, "")
    return node.checked(
        lambda: Alert(
            identifier=node.need("identifier"),
            sender=node.need("sender"),
            sent=node.need("sent", read_time),
            status=node.need("status", one_of(Status)),
            msg_type=node.need("msgType", one_of(MsgType)),
            scope=node.need("scope", one_of(Scope)),
            source=node.maybe("source"),
            restriction=node.maybe("restriction"),
            addresses=node.maybe("addresses", read_words) or (),
            codes=node.all("code"),
            note=node.maybe("note"),
            references=node.maybe("references", read_references) or (),
            incidents=node.maybe("incidents", read_words) or (),
            infos=tuple(_read_info(one) for one in node.nodes("info", _INFO)),
            raw=raw,
        )
    )


def write_alert(alert: Alert) -> bytes:
    """The one form of this message: UTF-8, schema order, white space around texts removed, UTC as -00:00.

    Raises InputError for what CAP cannot carry: an empty text, a control character, a time with a fraction of a minute
    in its offset.
    """
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs do not know the default namespace
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", alert.sent, write_time)
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add(root, "restriction", alert.restriction)
    _add(root, "addresses", alert.addresses or None, write_words)
    for code in alert.codes:
        _add(root, "code", code)
    _add(root, "note", alert.note)
    _add(root, "references", alert.references or None, write_references)
    _add(root, "incidents", alert.incidents or None, write_words)
    for info in alert.infos:
        _write_info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), info)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _parse(raw: bytes) -> etree._Element:
    """The root element. Everything that could name a file, a host or a bomb is refused before a parser sees it."""
    if not raw.strip():
        raise InputError("CAP message is empty")
    if len(raw) > MAX_BYTES:
        raise InputError(f"CAP message has {len(raw)} bytes, at most {MAX_BYTES} expected")
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"<") or b"\0" in raw:
        raise InputError("CAP message is no XML in UTF-8 or ISO-8859-1", hint="write it in UTF-8 (CAP-47)")
    if b"<!doctype" in raw.lower():
        raise InputError(
            "CAP message has a DOCTYPE", hint="a DOCTYPE can name files and bombs; no CAP message needs one (CAP-48)"
        )
    declaration = re.match(rb"<\?xml\s[^>]*", start)
    declared = re.search(rb"encoding\s*=\s*[\"']([^\"']*)", declaration[0]) if declaration else None
    if declared and declared[1].decode("latin-1").lower() not in _ENCODINGS:
        raise InputError(f"CAP message is in encoding {declared[1][:40]!r}", hint="write it in UTF-8 (CAP-47)")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"CAP message is no XML: {error}") from None


class _Node:
    """One element whose children are checked against the schema's order before anything is read."""

    def __init__(self, element: etree._Element, order: list[str], parent: str) -> None:
        self._line = _line(element)
        self._path = f"{parent}/{_name(element)}".removeprefix("/")
        self._children: dict[str, list[etree._Element]] = {}
        self._check_attributes(element)
        self._check_no_text(element.text, self._line)
        places = {name.rstrip("*"): n for n, name in enumerate(order)}
        last = -1
        for child in element:
            name = _name(child)
            if child.tag != f"{{{NAMESPACE}}}{name}" or name not in places:
                raise self._error(child, "is unknown there")
            if places[name] < last:
                raise self._error(child, "is out of order", hint="expected: " + ", ".join(places))
            if name in self._children and f"{name}*" not in order:
                raise self._error(child, "stands twice")
            self._check_no_text(child.tail, _line(child))
            last = places[name]
            self._children.setdefault(name, []).append(child)

    def all(self, name: str, read: Callable[[str], _T] = str) -> tuple[_T, ...]:  # type: ignore[assignment]  # str reads text as itself
        """What each child of that name says."""
        return tuple(self._read(child, read) for child in self._children.get(name, ()))

    def maybe(self, name: str, read: Callable[[str], _T] = str) -> _T | None:  # type: ignore[assignment]  # as above
        """What the child of that name says, None if there is none."""
        return next(iter(self.all(name, read)), None)

    def need(self, name: str, read: Callable[[str], _T] = str) -> _T:  # type: ignore[assignment]  # as above
        """What the child of that name says; InputError if there is none."""
        found = self.all(name, read)
        if not found:
            raise InputError(f"line {self._line}: {self._path} has no {name!r}")
        return found[0]

    def nodes(self, name: str, order: list[str]) -> list["_Node"]:
        """The children of that name that hold elements themselves."""
        return [_Node(child, order, self._path) for child in self._children.get(name, ())]

    def is_empty(self, name: str) -> bool:
        """Is there such a child without text?"""
        return any(not (child.text or "").strip() for child in self._children.get(name, ()))

    def checked(self, make: Callable[[], _T]) -> _T:
        """What `make` gives; a value that refuses itself is told with line and path."""
        try:
            return make()
        except InputError as error:
            if str(error).startswith("line "):
                raise
            raise InputError(f"line {self._line}: {self._path}: {error}", hint=error.hint) from None

    def _read(self, child: etree._Element, read: Callable[[str], _T]) -> _T:
        self._check_attributes(child)
        if len(child):
            raise self._error(child, "holds elements, expected text")
        text = (child.text or "").strip()
        if not text:
            raise self._error(child, "is empty", hint="leave it out instead")
        try:
            return read(text)
        except InputError as error:
            raise self._error(child, str(error), hint=error.hint) from None

    def _check_attributes(self, element: etree._Element) -> None:
        for name in element.attrib:
            if not str(name).startswith(_XSI):
                raise InputError(
                    f"line {_line(element)}: {_name(element)} has attribute {str(name)[:60]!r}, CAP has none"
                )

    def _check_no_text(self, text: str | None, line: int) -> None:
        if text and text.strip():
            raise InputError(f"line {line}: text {text.strip()[:60]!r} between the elements of {self._path}")

    def _error(self, child: etree._Element, what: str, hint: str | None = None) -> InputError:
        return InputError(f"line {_line(child)}: {self._path}/{_name(child)} {what}", hint=hint)


def _read_info(node: _Node) -> Info:
    categories = node.all("category", one_of(Category))
    if not categories:
        node.need("category")
    return Info(
        language="en-US" if node.is_empty("language") else node.maybe("language", _read_language) or "en-US",  # CAP-23
        categories=categories,
        event=node.need("event"),
        response_types=node.all("responseType", one_of(ResponseType)),
        urgency=node.need("urgency", one_of(Urgency)),
        severity=node.need("severity", one_of(Severity)),
        certainty=node.need("certainty", one_of(Certainty)),
        audience=node.maybe("audience"),
        event_codes=_read_pairs(node, "eventCode"),
        effective=node.maybe("effective", read_time),
        onset=node.maybe("onset", read_time),
        expires=node.maybe("expires", read_time),
        sender_name=node.maybe("senderName"),
        headline=node.maybe("headline"),
        description=node.maybe("description"),
        instruction=node.maybe("instruction"),
        web=node.maybe("web"),
        contact=node.maybe("contact"),
        parameters=_read_pairs(node, "parameter"),
        resources=tuple(_read_resource(one) for one in node.nodes("resource", _RESOURCE)),
        areas=tuple(_read_area(one) for one in node.nodes("area", _AREA)),
    )


def _read_resource(node: _Node) -> Resource:
    return Resource(
        description=node.need("resourceDesc"),
        mime_type=node.need("mimeType"),
        size=node.maybe("size", read_size),
        uri=node.maybe("uri"),
        deref_uri=node.maybe("derefUri"),
        digest=node.maybe("digest"),
    )


def _read_area(node: _Node) -> AlertArea:
    area = Area(
        description=node.need("areaDesc"),
        polygons=node.all("polygon", read_polygon),
        circles=node.all("circle", read_circle),
        geocodes=tuple(Geocode(one.name, one.value) for one in _read_pairs(node, "geocode")),
    )
    return AlertArea(area, node.maybe("altitude", read_number), node.maybe("ceiling", read_number))


def _read_pairs(node: _Node, name: str) -> tuple[NamedValue, ...]:
    return tuple(NamedValue(one.need("valueName"), one.need("value")) for one in node.nodes(name, _PAIR))


def _read_language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise InputError(f"{text[:60]!r} is no language tag", hint="such as en or en-US, with a hyphen (CAP-23)")
    return text


def _write_info(node: etree._Element, info: Info) -> None:
    _add(node, "language", info.language, _read_language)
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
        _add(node, name, at, write_time)
    _add(node, "senderName", info.sender_name)
    _add(node, "headline", info.headline)
    _add(node, "description", info.description)
    _add(node, "instruction", info.instruction)
    _add(node, "web", info.web)
    _add(node, "contact", info.contact)
    _add_pairs(node, "parameter", info.parameters)
    for resource in info.resources:
        _write_resource(etree.SubElement(node, f"{{{NAMESPACE}}}resource"), resource)
    for area in info.areas:
        _write_area(etree.SubElement(node, f"{{{NAMESPACE}}}area"), area)


def _write_resource(node: etree._Element, resource: Resource) -> None:
    _add(node, "resourceDesc", resource.description)
    _add(node, "mimeType", resource.mime_type)
    _add(node, "size", resource.size)
    _add(node, "uri", resource.uri)
    _add(node, "derefUri", resource.deref_uri)
    _add(node, "digest", resource.digest)


def _write_area(node: etree._Element, area: AlertArea) -> None:
    _add(node, "areaDesc", area.area.description)
    for polygon in area.area.polygons:
        _add(node, "polygon", polygon, write_polygon)
    for circle in area.area.circles:
        _add(node, "circle", circle, write_circle)
    _add_pairs(node, "geocode", tuple(NamedValue(code.name, code.value) for code in area.area.geocodes))
    _add(node, "altitude", area.altitude, write_number)
    _add(node, "ceiling", area.ceiling, write_number)


def _add(parent: etree._Element, name: str, value: _T | None, write: Callable[[_T], str] = str) -> None:
    if value is None:
        return
    text = write(value).strip()
    if not text:
        raise InputError(f"{name} is empty", hint="leave it out instead")
    try:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text
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
