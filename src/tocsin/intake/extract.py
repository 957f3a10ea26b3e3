"""Reads an alert in running text: who warns whom, of what, where, when, and what to do; each value with its words."""

from datetime import date

from msgspec.structs import replace

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.vocabulary import canonical
from tocsin.core.window import Basis, days_included
from tocsin.intake.actors import find_actors
from tocsin.intake.advice import find_advice
from tocsin.intake.article import Article, find_article
from tocsin.intake.audiences import find_audiences
from tocsin.intake.certainty import band_of, find_certainty
from tocsin.intake.dates import FIRST_YEAR, LAST_YEAR
from tocsin.intake.days import find_days
from tocsin.intake.incidents import PlaceName, find_incidents, passages_of_attacks
from tocsin.intake.issuer import find_issuer
from tocsin.intake.kind import is_article
from tocsin.intake.methods import find_methods
from tocsin.intake.place_roles import PlaceSpan
from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer
from tocsin.intake.report import Found, FoundIncident, FoundWindow, Reading, reading_as_json
from tocsin.intake.targets import find_targets
from tocsin.intake.time_span import FoundSpan
from tocsin.intake.times import find_date, find_windows

__all__ = ["read_alert_text", "reading_as_json", "threats_of"]


def read_alert_text(text: str, *, gazetteer: Gazetteer, reference: date | None = None) -> Reading:
    """All that the text states, nothing that it does not. `reference` dates a text that carries no date of its own.

    A reference outside of the years that a text can name (1900 to 2099) is none: a mail may carry any.
    """
    if reference is not None and not FIRST_YEAR <= reference.year <= LAST_YEAR:
        reference = None
    issuer, issuer_span = find_issuer(text)
    article = find_article(text, issuer=issuer["name"], reference=reference) if is_article(text) else None
    issued = _issued(text, article)
    day = issued[0] if issued else article.told if article else reference
    windows = find_windows(text, day)
    places = find_places(text, gazetteer)
    certainty = find_certainty(text)
    incidents = _incidents(text, article, places, day)
    claims = article.claims if article else ()
    spans: dict[str, tuple[Found, ...]] = {
        "issuer": issuer_span,
        "audiences": find_audiences(text),
        "issued": (Found(issued[0].isoformat(), issued[1], issued[2], "D-full"),) if issued else (),
        "places": tuple(Found(one.place.name, one.start, one.end, one.rule) for one in places),
        "window": tuple(_window_found(one) for one in windows[:1]),
        "targets": find_targets(text),
        "actors": find_actors(text),
        "methods": find_methods(text),
        "certainty": certainty,
        "advice": find_advice(text),
        "claims": tuple(Found(one.who, one.start, one.end, one.rule) for one in claims),
        "incidents": tuple(Found(one.date or "not stated", one.start, one.end, one.rule) for one in incidents),
    }
    return Reading(
        kind="article" if article else "alert",
        issuer=issuer,
        issued=issued[0] if issued else None,
        places=tuple(one.place for one in places),
        window=_window(windows, text),
        bands=tuple((one.value, band) for one in certainty if (band := band_of(one.value))),
        spans=spans,
        claims=claims,
        incidents=incidents,
        **{
            field: _values(spans[field])
            for field in ("audiences", "targets", "actors", "methods", "certainty", "advice")
        },
    )


def _issued(text: str, article: Article | None) -> tuple[date, int, int] | None:
    """Of an article's warning, the day that is told of it; else the day that the text gives itself."""
    day = article.issued if article else None
    return (date.fromisoformat(day.value), day.start, day.end) if day else find_date(text)


def _incidents(
    text: str, article: Article | None, places: tuple[PlaceSpan, ...], day: date | None
) -> tuple[FoundIncident, ...]:
    passages = passages_of_attacks(text)
    if not passages:
        return ()
    days = article.days if article else find_days(text, day)
    told = article.told if article else day
    names = [PlaceName(text[one.start : one.end], one.place.name, one.place.kind == "country") for one in places]
    return find_incidents(text, passages, days, names, told.isoformat() if told else None)


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


def _window(found: tuple[FoundSpan, ...], text: str) -> FoundWindow:
    if not found:
        return FoundWindow(start=None, end=None, text=None, precision="day", basis="none")
    first, *others = (
        FoundWindow(
            start=one.first, end=one.last, text=text[one.start : one.end], precision=one.precision, basis="stated"
        )
        for one in found
    )
    return replace(first, others=tuple(others))


def _window_found(found: FoundSpan) -> Found:
    first, last = (day.isoformat() if day else "not stated" for day in (found.first, found.last))
    return Found(f"{first} to {last}", found.start, found.end, found.rule)


def _values(found: tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.value for one in found))
