"""A report as it came in, and what was read out of it."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct


class Report(Struct, frozen=True, kw_only=True):
    """The bytes as they came. `id` is made from their SHA-256, so the same bytes are the same report."""

    id: str
    raw: bytes
    digest: str
    received: datetime


def make_report(raw: bytes, *, received: datetime) -> Report:
    """A report over these bytes."""
    digest = hashlib.sha256(raw).hexdigest()
    return Report(id=f"R-{digest[:12]}", raw=raw, digest=digest, received=received)


class Found(Struct, frozen=True):
    """A value with the words it was read from: offsets in characters of the text, end exclusive, and the rule."""

    value: str
    start: int
    end: int
    rule: str
    status: str = "proposed"


class FoundPlace(Struct, frozen=True, kw_only=True):
    """A place that the text names, and whether the threat is there or it is only mentioned."""

    name: str
    country: str
    lat: float | None
    lon: float | None
    kind: str
    role: str
    zone: str


class FoundWindow(Struct, frozen=True, kw_only=True):
    """When: local days, the last one included. None means not stated; reading never invents an end."""

    start: date | None
    end: date | None
    text: str | None
    precision: str
    basis: str
    others: tuple["FoundWindow", ...] = ()
    """Other readings of the same words or of others; a person chooses."""


class FoundClaim(Struct, frozen=True, kw_only=True):
    """What somebody says, as the text tells it: proposed, never a fact, until an analyst marks it (`claims.Claim`).

    The words stand at `start` to `end`. `when` is `YYYY[-MM[-DD]]`. `reported_by` is the chain of hearsay, nearest to the
    speaker first; the last is whoever wrote the text. `to` and `when` are None where the text does not state them.
    """

    who: str
    to: str | None
    when: str | None
    words: str
    reported_by: tuple[str, ...]
    start: int
    end: int
    rule: str


class FoundIncident(Struct, frozen=True, kw_only=True):
    """An attack that the text tells as having happened. `date` is `YYYY[-MM[-DD]]`; None where it is not stated."""

    date: str | None
    place: str | None
    text: str
    start: int
    end: int
    rule: str


class Reading(Struct, frozen=True, kw_only=True):
    """All that was read out of one text. Every value has a span in `spans`; an empty tuple means "not stated"."""

    kind: str
    issuer: Mapping[str, str | None]
    audiences: tuple[str, ...]
    issued: date | None
    places: tuple[FoundPlace, ...]
    window: FoundWindow
    targets: tuple[str, ...]
    actors: tuple[str, ...]
    methods: tuple[str, ...]
    certainty: tuple[str, ...]
    advice: tuple[str, ...]
    spans: Mapping[str, tuple[Found, ...]]
    bands: tuple[tuple[str, str], ...] = ()
    """Words of certainty, and the ICD 203 band that they suggest."""
    claims: tuple[FoundClaim, ...] = ()
    incidents: tuple[FoundIncident, ...] = ()


def reading_as_json(reading: Reading, *, file: str) -> dict[str, Any]:
    """The JSON of `tocsin report read` (DESIGN 6)."""
    window = reading.window
    return {
        "file": file,
        "kind": reading.kind,
        "issuer": dict(reading.issuer),
        "audiences": list(reading.audiences),
        "issued": reading.issued.isoformat() if reading.issued else None,
        "places": [
            {"name": p.name, "country": p.country or None, "lat": p.lat, "lon": p.lon, "kind": p.kind, "role": p.role}
            for p in reading.places
        ],
        "window": {**_window_as_json(window), "others": [_window_as_json(one) for one in window.others]},
        "targets": list(reading.targets),
        "actors": list(reading.actors),
        "methods": list(reading.methods),
        "certainty": list(reading.certainty),
        "advice": list(reading.advice),
        "claims": [
            {"who": c.who, "to": c.to, "when": c.when, "claim": c.words, "reported_by": list(c.reported_by)}
            for c in reading.claims
        ],
        "incidents": [{"date": one.date, "place": one.place, "text": one.text} for one in reading.incidents],
        "bands": [{"words": words, "band": band} for words, band in reading.bands],
        "spans": {
            field: [
                {"value": f.value, "start": f.start, "end": f.end, "rule": f.rule, "status": f.status} for f in found
            ]
            for field, found in reading.spans.items()
        },
    }


def _window_as_json(window: FoundWindow) -> dict[str, Any]:
    return {
        "start": window.start.isoformat() if window.start else None,
        "end": window.end.isoformat() if window.end else None,
        "text": window.text,
        "precision": window.precision,
        "basis": window.basis,
    }
