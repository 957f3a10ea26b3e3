"""A CAP message as a text that the rules can read: its fields as the lines of an alert, its words below them."""

from tocsin.cap.alert import Alert
from tocsin.cap.codec import read_alert
from tocsin.errors import InputError


def cap_as_text(raw: bytes) -> tuple[str, str]:
    """Status and text: of the first English info block, else the first one. InputError if it is no CAP 1.2 message or has no info."""
    alert = read_alert(raw)
    if not alert.infos:
        raise InputError("CAP message has no info block: it says nothing of a threat")
    return alert.status.value, _text(alert)


def _text(alert: Alert) -> str:
    info = next((one for one in alert.infos if one.language.lower().startswith("en")), alert.infos[0])
    areas = "; ".join(area.area.description for area in info.areas)
    lines = [
        info.headline or info.event,
        f"Issued: {alert.sent.date().isoformat()} by {info.sender_name or alert.sender}",
        f"Expires: {info.expires.date().isoformat()}" if info.expires else "",
        f"Location: {areas}" if areas else "",
        f"Event: {info.description}" if info.description else "",
        f"Actions to take: {info.instruction}" if info.instruction else "",
    ]
    return "\n".join(line for line in lines if line)
