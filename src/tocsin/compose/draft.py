"""From a threat to one CAP alert."""

from collections.abc import Sequence
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from tocsin.cap.alert import (
    Alert,
    AlertArea,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.compose.languages import event_in
from tocsin.compose.shapes import make_drawable
from tocsin.core.threat import Threat
from tocsin.core.window import zone_of
from tocsin.errors import InputError, PolicyError
from tocsin.intake.status import status_conflict

_RESPONSES = {
    "shelter_in_place": ResponseType.SHELTER,
    "seek_cover": ResponseType.SHELTER,
    "leave_country": ResponseType.EVACUATE,
    "leave_area_now": ResponseType.EVACUATE,
    "stock_supplies": ResponseType.PREPARE,
    "emergency_plan": ResponseType.PREPARE,
    "know_exits": ResponseType.PREPARE,
    "review_security_plans": ResponseType.PREPARE,
    "keep_phone_charged": ResponseType.PREPARE,
    "carry_id": ResponseType.PREPARE,
    "register_embassy": ResponseType.PREPARE,
    "keep_low_profile": ResponseType.AVOID,
    "hide_identity": ResponseType.AVOID,
    "vary_routes": ResponseType.AVOID,
    "monitor_media": ResponseType.MONITOR,
    "be_vigilant": ResponseType.MONITOR,
}


def draft_alert(
    threat: Threat,
    *,
    identifier: str,
    sender: str,
    sent: datetime,
    expires: datetime,
    zone: str,
    status: Status,
    headline: str,
    description: str,
    instruction: str,
    advice: Sequence[str],
    language: str,
    sender_name: str,
    urgency: Urgency,
    severity: Severity,
    certainty: Certainty,
    note: str | None,
) -> Alert:
    """One alert over the threat's own area; times in the area's zone (CAP-9). Advice labels are those of the intake.

    Raises PolicyError for a threat with a place that has no geometry (LESSONS L22) and for an exercise whose name is not
    given, or a real warning that says it is a test, or a polygon that cannot be drawn; InputError for one that expires before it is sent.
    """
    nowhere = next((place.name for place in threat.places if not place.area.has_geometry), None)
    if nowhere is not None or not threat.places:
        raise PolicyError(
            f"place {nowhere or 'not stated'!r} has no geometry, so its people would not be reached (no geometry, no send)",
            hint="choose a place that resolves to a point, or give its shape: areas in the order",
        )
    _check_words(status, f"{headline}\n{description}\n{instruction}")
    if status is Status.EXERCISE and not note:
        raise PolicyError("an exercise without its name in the note (CAP-11)")
    if expires <= sent:
        raise InputError(f"expires {expires.isoformat()} is not after sent {sent.isoformat()}")
    local = zone_of(zone)
    onset = threat.window.start if threat.window.start and sent < threat.window.start < expires else None
    info = Info(
        language=language,
        categories=(Category.SECURITY,),
        event=event_in(language),
        response_types=response_types(advice),
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        effective=_with_offset(sent.replace(microsecond=0), local),
        onset=_with_offset(onset, local) if onset else None,
        expires=_with_offset(expires.replace(microsecond=0), local),
        sender_name=sender_name,
        headline=headline,
        description=description,
        instruction=instruction,
        parameters=(
            *(NamedValue("tocsin:target", tag) for tag in threat.targets),
            *(NamedValue("tocsin:actor", tag) for tag in threat.actors),
            *(NamedValue("tocsin:method", tag) for tag in threat.methods),
        ),
        areas=(AlertArea(make_drawable(threat.area)),),
    )
    return Alert(
        identifier=identifier,
        sender=sender,
        sent=_with_offset(sent.replace(microsecond=0), local),
        status=status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        note=note,
        infos=(info,),
    )


def make_identifier(node: str, at: datetime, warning: str, number: int) -> str:
    """A CAP identifier that no other message of the node has: the number of warning and version, not the time, makes it so.

    The instant is for readers. Two messages of one minute, or of one second, are told apart (CAP section 2, defect 4); the
    audience is added by `make_versions`.

    >>> make_identifier("embassy.example", datetime(2024, 3, 7, 15, 0), "W-7", 2)
    'embassy.example.20240307T150000.W-7.2'
    """
    version = f".{number}" if number > 1 else ""
    return f"{node}.{at:%Y%m%dT%H%M%S}.{warning}{version}"


def response_types(advice: Sequence[str]) -> tuple[ResponseType, ...]:
    """CAP's response types for these advice labels, each once, in the order of the labels.

    >>> [one.value for one in response_types(["avoid_crowds", "be_vigilant", "monitor_media"])]
    ['Avoid', 'Monitor']
    """
    found = (
        ResponseType.AVOID if one.startswith("avoid_") else _RESPONSES.get(one, ResponseType.EXECUTE) for one in advice
    )
    return tuple(dict.fromkeys(found))


def _with_offset(at: datetime, zone: ZoneInfo) -> datetime:
    """The instant, with the offset of the zone and no longer in it: times of one zone are compared by the clock on the wall, which
    goes back once a year.
    """
    local = at.astimezone(zone)
    offset = local.utcoffset()
    assert offset is not None, "made aware one line above"
    return local.replace(tzinfo=timezone(offset))


def _check_words(status: Status, text: str) -> None:
    """A warning that is meant must not say that it is a test: some would not act on it (LESSONS L2)."""
    conflict = status_conflict(status.value, text) if status is Status.ACTUAL else None
    if conflict is not None:
        start, end = conflict
        raise PolicyError(
            f"a real warning says “{text[start:end]}”", hint="take the words out, or issue it on a practice node"
        )
