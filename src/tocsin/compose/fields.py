"""The one table of fields that a warning statement discloses, and how each is taken from the CAP message."""

from collections.abc import Callable
from typing import Any

from tocsin.cap.alert import Alert, Info
from tocsin.cap.codec import read_alert
from tocsin.cap.values import write_circle, write_polygon, write_time
from tocsin.errors import InputError

FIELDS: dict[str, Callable[[Alert, Info], Any]] = {
    "identifier": lambda alert, _: alert.identifier,
    "sender": lambda alert, _: alert.sender,
    "sent": lambda alert, _: write_time(alert.sent),
    "status": lambda alert, _: alert.status.value,
    "msg_type": lambda alert, _: alert.msg_type.value,
    "scope": lambda alert, _: alert.scope.value,
    "language": lambda _, info: info.language,
    "event": lambda _, info: info.event,
    "category": lambda _, info: [one.value for one in info.categories],
    "response_types": lambda _, info: [one.value for one in info.response_types],
    "urgency": lambda _, info: info.urgency.value,
    "severity": lambda _, info: info.severity.value,
    "certainty": lambda _, info: info.certainty.value,
    "effective": lambda _, info: write_time(info.effective) if info.effective else None,
    "onset": lambda _, info: write_time(info.onset) if info.onset else None,
    "expires": lambda _, info: write_time(info.expires) if info.expires else None,
    "headline": lambda _, info: info.headline,
    "description": lambda _, info: info.description,
    "instruction": lambda _, info: info.instruction,
    "area": lambda _, info: [one.area.description for one in info.areas],
    "circles": lambda _, info: [write_circle(shape) for one in info.areas for shape in one.area.circles],
    "polygons": lambda _, info: [write_polygon(shape) for one in info.areas for shape in one.area.polygons],
    "targets": lambda _, info: _values(info, "tocsin:target"),
    "actors": lambda _, info: _values(info, "tocsin:actor"),
    "methods": lambda _, info: _values(info, "tocsin:method"),
}


def warning_fields(alert: Alert) -> dict[str, Any]:
    """Name to plain JSON value, the same for the same message. The first info block speaks."""
    if not alert.infos:
        raise InputError(f"CAP message {alert.identifier!r} has no info block")
    return {name: take(alert, alert.infos[0]) for name, take in FIELDS.items()}


def derive_fields(cap: bytes) -> dict[str, Any]:
    """The same from the CAP bytes: what `bundle verify` compares with what was signed (EXCHANGE 1, CAP tie)."""
    return warning_fields(read_alert(cap))


def _values(info: Info, name: str) -> list[str]:
    return [one.value for one in info.parameters if one.name == name]
