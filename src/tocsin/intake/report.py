"""A report as it came in, and what was read out of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tocsin.intake.claims import Claim, claim_as_json


@dataclass(frozen=True, kw_only=True)
class Report:
    """The bytes as they came. `id` is made from their SHA-256, so the same bytes are the same report."""

    id: str
    raw: bytes
    digest: str
    received: datetime


def make_report(raw: bytes, *, received: datetime) -> Report:
    """A report over these bytes."""
    digest = hashlib.sha256(raw).hexdigest()
    return Report(id=f"R-{digest[:12]}", raw=raw, digest=digest, received=received)


@dataclass(frozen=True)
class Found:
    """A value with the words it was read from: offsets in characters of the text, end exclusive, and the rule."""

    value: str
    start: int
    end: int
    rule: str
    status: str = "proposed"


@dataclass(frozen=True, kw_only=True)
class FoundPlace:
    """A place that the text names, and whether the threat is there or it is only mentioned."""

    name: str
    country: str
    lat: float | None
    lon: float | None
    kind: str
    role: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class FoundWindow:
    """When: local days, the last one included. None means not stated; reading never invents an end."""

    start: date | None
    end: date | None
    text: str | None
    precision: str
    basis: str
    others: tuple["FoundWindow", ...] = ()
    """Other readings of the same words or of others; a person chooses."""


@dataclass(frozen=True, kw_only=True)
class Reading:
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
    claims: tuple[Claim, ...] = ()


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
            {"name": p.name, "country": p.country, "lat": p.lat, "lon": p.lon, "kind": p.kind, "role": p.role}
            for p in reading.places
        ],
        "window": {**_window_as_json(window), "others": [_window_as_json(one) for one in window.others]},
        "targets": list(reading.targets),
        "actors": list(reading.actors),
        "methods": list(reading.methods),
        "certainty": list(reading.certainty),
        "advice": list(reading.advice),
        "claims": [claim_as_json(one) for one in reading.claims],
        "incidents": [],
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
