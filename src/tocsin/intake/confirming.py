"""A person confirms, changes or rejects a value that was read; what was read stays beside what they say."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from enum import StrEnum
from typing import Any

from msgspec.structs import replace

from tocsin.core.threat import Threat
from tocsin.core.vocabulary import canonical
from tocsin.core.window import days_included
from tocsin.errors import InputError
from tocsin.intake.proposals import BY_READER

LISTS = ("audiences", "targets", "actors", "methods", "certainty", "advice")
ROLES = ("threatened", "mentioned")


class Status(StrEnum):
    """Of one value. Nothing but a person takes one from PROPOSED to another."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CHANGED = "changed"
    REJECTED = "rejected"


def confirm(reading: Mapping[str, Any], field: str, value: str, *, by: str) -> dict[str, Any]:
    """The reading with that value confirmed. InputError if it does not hold it."""
    made = deepcopy(dict(reading))
    for span in _spans(made, field, value):
        span |= {"status": Status.CONFIRMED.value, "by": by}
    if field in LISTS and value not in made[field]:
        made[field] = [*made[field], value]  # another reader proposed it, and now a person says so
    return made


def confirm_all(reading: Mapping[str, Any], *, by: str) -> dict[str, Any]:
    """The reading with every value confirmed that a rule read and nobody has decided on.

    What another reader proposed is not among them: that is confirmed by name.
    """
    made = deepcopy(dict(reading))
    for spans in made["spans"].values():
        for span in spans:
            if span["status"] == Status.PROPOSED and not span["rule"].startswith(BY_READER):
                span |= {"status": Status.CONFIRMED.value, "by": by}
    return made


def reject(reading: Mapping[str, Any], field: str, value: str, *, by: str) -> dict[str, Any]:
    """The reading without that value; its span says who rejected it."""
    made = deepcopy(dict(reading))
    for span in _spans(made, field, value):
        span |= {"status": Status.REJECTED.value, "by": by}
    if field in LISTS:
        made[field] = [one for one in made[field] if one != value]
    elif field == "places":
        made["places"] = [one for one in made["places"] if one["name"] != value]
    elif field == "window":
        made["window"] = {**made["window"], "start": None, "end": None, "basis": "none"}
    elif field in {"issued", "issuer"}:
        made[field] = None if field == "issued" else {"name": None, "state": None, "kind": None}
    return made


def change(reading: Mapping[str, Any], field: str, value: str, new: str, *, by: str) -> dict[str, Any]:
    """The reading with `new` in the place of that value, which the span keeps as `was`.

    `new` is a label for a list, `threatened` or `mentioned` for a place, `START to END` (ISO days, END may be `not
    stated`) for a window, an ISO day for the date of issue. InputError for anything else.
    """
    made = deepcopy(dict(reading))
    for span in _spans(made, field, value):
        span |= {"status": Status.CHANGED.value, "by": by, "was": value, "value": value if field == "places" else new}
    if field in LISTS:
        made[field] = list(dict.fromkeys(new if one == value else one for one in made[field]))
    elif field == "places":
        _check_role(new)
        made["places"] = [{**one, "role": new} if one["name"] == value else one for one in made["places"]]
    elif field == "window":
        start, end = _window(new)
        made["window"] = {**made["window"], "start": start, "end": end, "basis": "stated"}
    elif field == "issued":
        made["issued"] = _day(new)
    else:
        raise InputError(
            f"field {field!r} cannot be changed",
            hint="reject it, or change one of " + ", ".join((*LISTS, "places", "window", "issued")),
        )
    return made


def threat_by(reading: Mapping[str, Any], threat: Threat) -> Threat:
    """The threat as the reading now has it: what was rejected is gone from it, what was changed stands in its place."""
    threatened = {one["name"] for one in reading["places"] if one["role"] == "threatened"}
    window = reading["window"]
    first, last = (date.fromisoformat(day) if day else None for day in (window["start"], window["end"]))
    return replace(
        threat,
        places=tuple(one for one in threat.places if one.name in threatened),
        window=days_included(first, last, threat.window.zone),
        targets=tuple(dict.fromkeys(canonical(one) for one in reading["targets"])),
        actors=tuple(dict.fromkeys(reading["actors"])),
        methods=tuple(dict.fromkeys(canonical(one) for one in reading["methods"])),
    )


def as_case(reading: Mapping[str, Any], report: str) -> dict[str, Any]:
    """The reading as an answer in the form of the reference texts: what a person set right is kept right ever after."""
    places = reading["places"]
    return {
        "id": report,
        "kind": "article" if reading["kind"] == "article" else "alert",
        "issuer": reading["issuer"]["name"],
        "issuer_country": reading["issuer"]["state"],
        "issuer_kind": reading["issuer"]["kind"],
        "audiences": reading["audiences"],
        "places": [_placed(one) for one in places if one["role"] == "threatened"],
        "other_places": [_placed(one) for one in places if one["role"] != "threatened"],
        "issued": reading["issued"],
        "window_start": reading["window"]["start"],
        "window_end": reading["window"]["end"],
        "window_text": reading["window"]["text"],
        "targets": reading["targets"],
        "actors": reading["actors"],
        "methods": reading["methods"],
        "certainty_words": reading["certainty"],
        "actions": reading["advice"],
        "claims": reading["claims"],
    }


def _placed(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one[key] for key in ("name", "country", "lat", "lon", "kind")}


def _spans(reading: Mapping[str, Any], field: str, value: str) -> Iterator[dict[str, Any]]:
    spans = reading["spans"].get(field)
    if spans is None:
        raise InputError(f"field {field!r} is not one that is read", hint="one of " + ", ".join(reading["spans"]))
    found = [span for span in spans if span["value"] == value and span["status"] != Status.REJECTED]
    if not found:
        held = ", ".join(repr(span["value"]) for span in spans) or "nothing"
        raise InputError(f"{field} holds no value {value!r}", hint=f"it holds {held}")
    return iter(found)


def _check_role(words: str) -> None:
    if words not in ROLES:
        raise InputError(f"role {words!r} is not known", hint="one of " + ", ".join(ROLES))


def _window(words: str) -> tuple[str, str | None]:
    first, _, last = words.partition(" to ")
    start = _day(first)
    end = None if last in {"", "not stated"} else _day(last)
    if end is not None and end < start:
        raise InputError(f"window {words!r} ends before it starts")
    return start, end


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words.strip()).isoformat()
    except ValueError:
        raise InputError(
            f"day {words!r} is not YYYY-MM-DD", hint="a window is written 2024-03-07 to 2024-03-09"
        ) from None
