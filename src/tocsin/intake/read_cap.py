"""CAP messages of others as texts that the rules can read: their fields as the lines of an alert, their words below them."""

from collections.abc import Iterator

from lxml import etree
from msgspec import Struct

from tocsin.cap.alert import Alert
from tocsin.cap.contain import find_messages
from tocsin.cap.finding import Finding
from tocsin.cap.foreign import make_alert
from tocsin.errors import InputError


class CapEntry(Struct, frozen=True):
    """One message in a file, from 0 in a feed or envelope, None for one by itself: what it says, or why it cannot be read."""

    entry: int | None
    alert: Alert | None
    forgiven: tuple[Finding, ...] = ()
    error: str = ""


def each_alert(root: etree._Element, raw: bytes) -> Iterator[CapEntry]:
    """Every CAP message in this XML, of any version, with the bytes of the file it stands in; none in other XML."""
    for entry, message in find_messages(root):
        try:
            alert, forgiven = make_alert(message, raw)
        except InputError as error:
            path, line = message.alert.at().find()
            yield CapEntry(entry, None, error=f"line {line}: {path}: {error}")
        else:
            yield CapEntry(entry, alert, forgiven)


def alert_as_text(alert: Alert) -> str:
    """The words of the first English info block, else of the first one; of a message without any, its note."""
    info = next((one for one in alert.infos if one.language.lower().startswith("en")), next(iter(alert.infos), None))
    if info is None:
        named = ", ".join(one.identifier for one in alert.references)
        lines = [
            alert.note or f"CAP message of type {alert.msg_type}, without words",
            f"Issued: {alert.sent.date().isoformat()} by {alert.sender}",
            f"It speaks of: {named}" if named else "",
        ]
        return "\n".join(line for line in lines if line)
    areas = "; ".join(area.area.description for area in info.areas if area.area.description)
    lines = [
        info.headline or info.event,
        f"Issued: {alert.sent.date().isoformat()} by {info.sender_name or alert.sender}",
        f"Expires: {info.expires.date().isoformat()}" if info.expires else "",
        f"Location: {areas}" if areas else "",
        f"Event: {info.description}" if info.description else "",
        f"Actions to take: {info.instruction}" if info.instruction else "",
    ]
    return "\n".join(line for line in lines if line)
