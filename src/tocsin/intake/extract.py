"""Reads an alert in running text: who warns whom, of what, where, when, and what to do; each value with its words."""

from datetime import date

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.vocabulary import canonical
from tocsin.core.window import Basis, days_included
from tocsin.intake.issuer import find_issuer
from tocsin.intake.labels import find_actors, find_advice, find_certainty, find_labels, find_methods
from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer
from tocsin.intake.report import Found, FoundWindow, Reading, reading_as_json
from tocsin.intake.times import FoundSpan, find_date, find_window

__all__ = ["read_alert_text", "reading_as_json", "threats_of"]


def read_alert_text(text: str, *, gazetteer: Gazetteer, reference: date | None = None) -> Reading:
    """All that the text states, nothing that it does not. `reference` dates a text that carries no date of its own."""
    issued = find_date(text)
    day = issued[0] if issued else reference
    window = find_window(text, day) if day else None
    places = find_places(text, gazetteer)
    targets = tuple(find_labels(text, "targets"))
    methods = tuple(find_methods(text))
    actors = tuple(find_actors(text))
    certainty = tuple(find_certainty(text))
    advice = tuple(find_advice(text))
    audiences = tuple(find_labels(text, "audiences"))
    issuer, issuer_span = find_issuer(text)
    spans = {
        "issuer": issuer_span,
        "audiences": audiences,
        "issued": (Found(issued[0].isoformat(), issued[1], issued[2], "D-full"),) if issued else (),
        "places": tuple(Found(one.place.name, one.start, one.end, one.rule) for one in places),
        "window": (_window_found(window),) if window else (),
        "targets": targets,
        "actors": actors,
        "methods": methods,
        "certainty": certainty,
        "advice": advice,
    }
    return Reading(
        kind="alert",
        issuer=issuer,
        audiences=_values(audiences),
        issued=issued[0] if issued else None,
        places=tuple(one.place for one in places),
        window=_window(window, text),
        targets=_values(targets),
        actors=_values(actors),
        methods=_values(methods),
        certainty=_values(certainty),
        advice=_values(advice),
        spans=spans,
    )


def threats_of(reading: Reading) -> tuple[Threat, ...]:
    """The threat that the text states, in canonical tags; the window's days are those of the threatened place."""
    threatened = [one for one in reading.places if one.role == "threatened"]
    zone = next((one.zone for one in threatened if one.zone), "UTC")
    window = reading.window
    basis = Basis(window.basis) if window.start or window.end else Basis.NONE
    return (
        Threat(
            places=tuple(
                Place(
                    name=one.name,
                    country=one.country,
                    level=Level.COUNTRY if one.kind == "country" else Level.CITY,
                    point=Point(one.lat, one.lon) if one.lat is not None and one.lon is not None else None,
                )
                for one in threatened
            ),
            window=days_included(window.start, window.end, zone, basis=basis),
            targets=tuple(dict.fromkeys(canonical(label) for label in reading.targets)),
            actors=tuple(dict.fromkeys(reading.actors)),
            methods=tuple(dict.fromkeys(canonical(label) for label in reading.methods)),
        ),
    )


def _window(found: FoundSpan | None, text: str) -> FoundWindow:
    if found is None:
        return FoundWindow(start=None, end=None, text=None, precision="day", basis="none")
    words = text[found.start : found.end]
    return FoundWindow(start=found.first, end=found.last, text=words, precision=found.precision, basis="stated")


def _window_found(found: FoundSpan) -> Found:
    last = found.last.isoformat() if found.last else "not stated"
    return Found(f"{found.first.isoformat()} to {last}", found.start, found.end, found.rule)


def _values(found: tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.value for one in found))
