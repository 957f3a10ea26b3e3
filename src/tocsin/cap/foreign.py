"""Makes an Alert of a message that others wrote: what the standard does not allow is forgiven where it can be, and told."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

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
from tocsin.cap.block import Block, Message
from tocsin.cap.finding import Finding, Level, NodeSpot, Spot
from tocsin.cap.times import find_instant
from tocsin.cap.values import (
    MAX_CORNERS,
    one_of,
    read_circle,
    read_number,
    read_point,
    read_polygon,
    read_size,
    read_time,
    read_words,
)
from tocsin.core.area import Area, Geocode, Polygon
from tocsin.errors import InputError

MAX_TOLD = 100
"""Findings of one message: a person reads them."""
_T = TypeVar("_T")
_E = TypeVar("_E", bound=StrEnum)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_RULES = {
    **dict.fromkeys(("sent", "effective", "onset", "expires"), "CAP-06"),
    **dict.fromkeys(("altitude", "ceiling"), "CAP-39"),
    "addresses": "CAP-18",
    "incidents": "CAP-21",
    "event": "CAP-25",
    "size": "CAP-31",
    "polygon": "CAP-35",
    "circle": "CAP-37",
    "geocode": "CAP-38",
    "areaDesc": "CAP-34",
}
_OPTIONAL = "CAP-49"
"""A reader must not require what is optional (section 4.4): so it says of any other element that is empty."""


def make_alert(message: Message, raw: bytes) -> tuple[Alert, tuple[Finding, ...]]:
    """The message as an Alert over these bytes, and what was forgiven for it: an error of the grammar, a warning where
    something is left out, an advice where it is read as something else.

    Every message without an error by the rules (`cap.check`) is read. InputError if it lacks what nothing can stand for:
    sender, identifier, sent, status, msgType, or whom it is for.
    """
    reading = _Reading()
    strict, block = message.version == "1.2", message.alert
    if not strict:
        reading.tell("CAP-01", block.at(), f"CAP {message.version} is read as CAP 1.2", Level.ADVICE)
    for breach in message.breaches[:MAX_TOLD]:
        reading.tell(breach.rule, breach.spot, breach.message, Level.ERROR if strict else Level.WARNING)
    alert = reading.alert(block, raw)
    for signature in block.signatures[:1]:
        reading.tell("CAP-43", NodeSpot(signature), "the signature was not verified", Level.ADVICE)
    return alert, tuple(reading.findings[:MAX_TOLD])


class _Reading:
    """Reads block by block, and keeps what it forgave."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def tell(self, rule: str, spot: Spot, message: str, level: Level = Level.WARNING) -> None:
        if len(self.findings) < MAX_TOLD:
            self.findings.append(Finding(rule, level, *spot.find(), message))

    def alert(self, block: Block, raw: bytes) -> Alert:
        sent = self.time(block, "sent")
        if sent is None:
            raise InputError(f"CAP message has sent {block.text('sent')[:40]!r}, expected a time")
        sender, identifier = block.text("sender"), block.text("identifier")
        scope, restriction = self._scope(block), self.maybe(block, "restriction", str)
        if restriction is not None and scope is not Scope.RESTRICTED:
            self.tell("CAP-19", block.at("restriction"), f"restriction in a message of scope {scope}: left out")
            restriction = None
        return Alert(
            identifier=identifier,
            sender=sender,
            sent=sent,
            status=_need(block, "status", Status),
            msg_type=_need(block, "msgType", MsgType),
            scope=scope,
            source=self.maybe(block, "source", str),
            restriction=restriction,
            addresses=self.words(block, "addresses"),
            codes=tuple(text.strip() for text in block.texts("code") if text.strip()),
            note=self.maybe(block, "note", str),
            references=self._references(block, Reference(sender, identifier, sent)),
            incidents=self.words(block, "incidents"),
            infos=tuple(self._info(one, sent) for one in block.inner("info")),
            raw=raw,
        )

    def maybe(self, block: Block, name: str, read: Callable[[str], _T]) -> _T | None:
        """What the first text of that name says; None if it is missing, empty or cannot be read."""
        text = block.text(name)
        if not text:
            if name in block.leaves:
                self.tell(_RULES.get(name, _OPTIONAL), block.at(name), f"{name} is empty", Level.ADVICE)
            return None
        try:
            return read(text)
        except InputError as error:
            self.tell(_RULES.get(name, _OPTIONAL), block.at(name), f"{name} is left out: {error}")
            return None

    def words(self, block: Block, name: str) -> tuple[str, ...]:
        """The words of a list; of one whose quotes are not closed, what stands between blanks."""
        text = block.text(name)
        try:
            return read_words(text) if text else ()
        except InputError as error:
            self.tell(_RULES[name], block.at(name), f"{name} is divided at each blank: {error}")
            return tuple(text.replace('"', " ").split())

    def time(self, block: Block, name: str) -> datetime | None:
        """The instant, in whatever form of ISO 8601; one without a zone is taken as UTC."""
        text = block.text(name)
        at = find_instant(text) or find_instant(f"{text}Z")
        if at is None:
            return self.maybe(block, name, read_time)
        try:
            read_time(text)
        except InputError:
            self.tell(_RULES[name], block.at(name), f"{name} {text!r} is read as {at.isoformat()}", Level.ADVICE)
        return at

    def one(self, block: Block, name: str, kind: type[_E], otherwise: _E) -> _E:
        """The word of that closed list; the other one for any text that is none."""
        text = block.text(name)
        if text in _words_of(kind):
            return kind(text)
        if text == "Very Likely" and kind is Certainty:
            self.tell("CAP-26", block.at(name), "certainty 'Very Likely' is read as Likely", Level.ADVICE)
            return kind("Likely")
        self.tell("CAP-25", block.at(name), f"{name} {text[:40]!r} is read as {otherwise}")
        return otherwise

    def several(self, block: Block, name: str, kind: type[_E]) -> tuple[_E, ...]:
        """Those that are words of that closed list."""
        found = [text.strip() for text in block.texts(name)]
        for number, text in enumerate(found):
            if text not in _words_of(kind):
                self.tell("CAP-25", block.at(name, number), f"{name} {text[:40]!r} is left out")
        return tuple(kind(text) for text in found if text in _words_of(kind))

    def pairs(self, block: Block, name: str) -> tuple[NamedValue, ...]:
        """All with a name or a value."""
        found = block.pairs(name)
        for number, pair in enumerate(found):
            if not all(pair):
                said = f"{name} has no name or no value: {'='.join(pair)[:60]!r}"
                self.tell(_RULES.get(name, _OPTIONAL), block.at_pair(name, number), said, Level.ADVICE)
        return tuple(NamedValue(*pair) for pair in found if any(pair))

    def shapes(self, area: Block, name: str, read: Callable[[str], _T]) -> tuple[_T, ...]:
        """Those that can be drawn."""
        found = []
        for number, text in enumerate(area.texts(name)):
            try:
                found.append(read(text))
            except InputError as error:
                self.tell(_RULES[name], area.at(name, number), f"{name} is left out: {error}")
        return tuple(found)

    def _scope(self, block: Block) -> Scope:
        if "scope" in block.leaves:
            return _need(block, "scope", Scope)
        self.tell("CAP-19", block.at(), "no scope: read as Public")  # CAP 1.0 did not ask for one
        return Scope.PUBLIC

    def _references(self, block: Block, own: Reference) -> tuple[Reference, ...]:
        found = []
        for text in block.text("references").split():
            sender, _, rest = text.partition(",")
            identifier, _, time = rest.partition(",")
            at = find_instant(time)
            same = (sender, identifier, at) == (own.sender, own.identifier, own.sent)
            if at is None or not sender or not identifier or same or at > own.sent:
                said = f"reference {text[:80]!r} is left out: not sender,identifier,sent of an earlier message"
                self.tell("CAP-14", block.at("references"), said)
            else:
                found.append(Reference(sender, identifier, at))
        return tuple(found)

    def _info(self, block: Block, sent: datetime) -> Info:
        effective, onset, expires = (self.time(block, name) for name in ("effective", "onset", "expires"))
        begins = max(sent, effective or sent)
        if expires is not None and expires <= begins:
            said = f"expires {expires.isoformat()} is left out: not after {begins.isoformat()}"
            self.tell("CAP-28", block.at("expires"), said)
            expires = None
        if expires is not None and onset is not None and onset >= expires:
            self.tell("CAP-28", block.at("onset"), f"onset {onset.isoformat()} is left out: not before expires")
            onset = None
        return Info(
            language=self._language(block),
            categories=self.several(block, "category", Category) or (Category.OTHER,),
            event=self.maybe(block, "event", str) or "",
            response_types=self.several(block, "responseType", ResponseType),
            urgency=self.one(block, "urgency", Urgency, Urgency.UNKNOWN),
            severity=self.one(block, "severity", Severity, Severity.UNKNOWN),
            certainty=self.one(block, "certainty", Certainty, Certainty.UNKNOWN),
            audience=self.maybe(block, "audience", str),
            event_codes=self.pairs(block, "eventCode"),
            effective=effective,
            onset=onset,
            expires=expires,
            sender_name=self.maybe(block, "senderName", str),
            headline=self.maybe(block, "headline", str),
            description=self.maybe(block, "description", str),
            instruction=self.maybe(block, "instruction", str),
            web=self.maybe(block, "web", str),
            contact=self.maybe(block, "contact", str),
            parameters=self.pairs(block, "parameter"),
            resources=tuple(self._resource(one) for one in block.inner("resource")),
            areas=tuple(self._area(one) for one in block.inner("area")),
        )

    def _language(self, info: Block) -> str:
        text = info.text("language")
        if not text:
            return "en-US"  # CAP-23
        if _LANGUAGE.fullmatch(text):
            return text
        meant = text.replace("_", "-")
        meant = meant if _LANGUAGE.fullmatch(meant) else "und"
        self.tell("CAP-23", info.at("language"), f"language {text[:40]!r} is read as {meant}", Level.ADVICE)
        return meant

    def _resource(self, block: Block) -> Resource:
        mime_type = self.maybe(block, "mimeType", str)
        if mime_type is None:
            self.tell("CAP-31", block.at(), "resource of no mimeType is read as application/octet-stream", Level.ADVICE)
        return Resource(
            description=self.maybe(block, "resourceDesc", str) or "",
            mime_type=mime_type or "application/octet-stream",
            size=self.maybe(block, "size", read_size),
            uri=self.maybe(block, "uri", str),
            deref_uri=self.maybe(block, "derefUri", str),
            digest=self.maybe(block, "digest", str),
        )

    def _area(self, block: Block) -> AlertArea:
        area = Area(
            description=self.maybe(block, "areaDesc", str) or "",
            polygons=self.shapes(block, "polygon", _read_ring),
            circles=self.shapes(block, "circle", read_circle),
            geocodes=tuple(Geocode(one.name, one.value) for one in self.pairs(block, "geocode")),
        )
        return AlertArea(area, self.maybe(block, "altitude", read_number), self.maybe(block, "ceiling", read_number))


def _need(block: Block, name: str, kind: type[_E]) -> _E:
    """What decides how a message is handled is never guessed."""
    try:
        return one_of(kind)(block.text(name))
    except InputError as error:
        raise InputError(f"CAP message has {name} of nobody: {error}", hint=error.hint) from None


def _read_ring(text: str) -> Polygon:
    """As many corners as there are: the open text that was parsed is their limit."""
    if text.count(",") <= MAX_CORNERS:
        return read_polygon(text)
    corners: Sequence[str] = text.split()
    return Polygon(tuple(read_point(corner) for corner in corners))


def _words_of(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(one.value for one in kind)
