"""Reads an order: the JSON in which an officer says what is to be issued, or what is to become of a warning that is out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from tocsin.cap.alert import Certainty, Severity, Urgency
from tocsin.cap.values import read_circle, read_polygon
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.lint.check import check_passes
from tocsin.compose.revision import Change
from tocsin.compose.versions import VersionText
from tocsin.core.area import Area, Geocode
from tocsin.core.expression import Expression
from tocsin.core.fields import Fields
from tocsin.core.language import FALLBACK, LANGUAGES, primary
from tocsin.core.marking import Audience
from tocsin.core.window import parse_instant
from tocsin.desk.held_back import held_back_of
from tocsin.desk.languages import SPOKEN
from tocsin.desk.revision import Revision
from tocsin.desk.warn import Order
from tocsin.desk.withheld import Withheld
from tocsin.errors import InputError, did_you_mean
from tocsin.target.register import read_line

_KEYS = (
    "determination",
    "texts",
    "held_back",
    "advice",
    "valid_hours",
    "urgency",
    "severity",
    "certainty",
    "peers",
    "language",
    "template",
    "because",
    "pass",
    "translations",
    "place_names",
    "areas",
    "marks_withheld",
)
MAX_HOURS = 24 * 31
_TAG = Expression(r"[a-z]{2,3}(-[A-Z]{2})?")
_E = TypeVar("_E", bound=StrEnum)


def order_from_json(found: Mapping[str, Any]) -> Order:
    """The order in this JSON object; InputError names the key, what was found and what was expected."""
    _check_keys(found, _KEYS)
    template = _word(found, "template")
    given = next((key for key in ("texts", "translations") if template and key in found), None)
    if given is not None:
        raise InputError(f"order: both template and {given} are given", hint="a template brings its own words")
    return Order(
        determination=_word(found, "determination", required=True),
        texts={} if template else _texts(found.get("texts")),
        template=template,
        held_back=held_back_of(found),
        advice=tuple(_list(found, "advice", str)),
        valid_for=_hours(found, 48),
        urgency=_choice(found, "urgency", Urgency.EXPECTED),
        severity=_choice(found, "severity", Severity.SEVERE),
        certainty=_choice(found, "certainty", Certainty.POSSIBLE),
        peers=tuple(_list(found, "peers", str)),
        language=_language(found),
        because=_word(found, "because"),
        passes=_passes(found.get("pass", {})),
        translations=translations_of(found),
        place_names=place_names_of(found),
        areas=_areas(_object(found, "areas", "places")),
        marks_withheld=_withheld(found.get("marks_withheld")),
    )


_REVISION_KEYS = (
    "texts",
    "news",
    "reason",
    "held_back",
    "advice",
    "valid_hours",
    "urgency",
    "severity",
    "certainty",
    "determination",
    "translations",
    "place_names",
    "areas",
)
_ONLY_WHILE_IT_GOES_ON = ("valid_hours", "advice", "urgency", "certainty", "determination", "news", "areas")


def revision_from_json(found: Mapping[str, Any], change: Change, warning: IssuedWarning) -> Revision:
    """The change of that warning in this JSON object; InputError names the key, what was found and what was expected."""
    _check_keys(found, _REVISION_KEYS)
    over = change.closes_by is not None
    strange = [key for key in _ONLY_WHILE_IT_GOES_ON if over and key in found]
    if strange:
        raise InputError(f"order: {strange[0]} is given, but {change.value!r} ends the warning")
    if change is Change.EXTEND and not _word(found, "news").strip():
        raise InputError(
            "order: news is missing or empty", hint="say what is new, or that nothing is and why it still holds (L18)"
        )
    return Revision(
        change=change,
        warning=warning.id,
        number=warning.number,
        texts=_texts(found.get("texts")),
        determination=_word(found, "determination") or warning.determination,
        reason=_word(found, "reason", required=over),
        news=_word(found, "news"),
        valid_for=_hours(found, 0) if "valid_hours" in found or change is Change.EXTEND else None,
        advice=tuple(_list(found, "advice", str)) if "advice" in found else None,
        urgency=_choice(found, "urgency", Urgency.EXPECTED) if "urgency" in found else None,
        severity=_choice(found, "severity", Severity.SEVERE) if "severity" in found else None,
        certainty=_choice(found, "certainty", Certainty.POSSIBLE) if "certainty" in found else None,
        held_back=held_back_of(found),
        translations=translations_of(found),
        place_names=place_names_of(found),
        areas=_areas(_object(found, "areas", "places")),
    )


def _language(found: Mapping[str, Any]) -> str:
    """The language of the main words. It may be one that we have no rules for, but none that nobody speaks: a slip of the pen would
    switch the lint off.
    """
    language = _word(found, "language") or FALLBACK
    if _TAG.fullmatch(language) and (primary(language) in LANGUAGES or _is_spoken(primary(language))):
        return language
    raise InputError(f"order: language is {language!r}, expected a tag such as en, fr or es-MX", hint=SPOKEN)


def _is_spoken(code: str) -> bool:
    import pycountry  # takes longer than all else here

    if len(code) == 2:
        return pycountry.languages.get(alpha_2=code) is not None
    found = pycountry.languages.get(alpha_3=code)
    # A language with a code of two letters is written with it, and some codes are for no language, such as und.
    return found is not None and found.scope != "S" and not hasattr(found, "alpha_2")


def translations_of(found: Mapping[str, Any]) -> dict[str, VersionText]:
    """The public words in further languages, by language tag. InputError for one that we cannot compare with the main one."""
    texts = _object(found, "translations")
    for number, language in enumerate(texts):
        if not _TAG.fullmatch(language) or primary(language) not in LANGUAGES:
            raise InputError(f"order: translations has language {language!r}", hint=SPOKEN)
        if primary(language) in map(primary, list(texts)[:number]):
            raise InputError(f"order: translations has {primary(language)!r} a second time")
    return {language: _text(text, language) for language, text in texts.items()}


def place_names_of(found: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By language: what the places of the threat are called there."""
    names = _object(found, "place_names")
    for language, one in names.items():
        if not isinstance(one, dict) or not all(isinstance(name, str) and name.strip() for name in one.values()):
            raise InputError(f"order: place_names, {language}: found {one!r}, expected an object of places and names")
        for place, name in one.items():
            read_line(name, f"order: place_names, {language}, {place}")
    return names


def _check_keys(found: object, known: Sequence[str]) -> None:
    if not isinstance(found, Mapping):
        raise InputError(f"order is {type(found).__name__}, expected one object")
    for key in found:
        if key not in known:
            raise InputError(f"order: unknown key {key!r}", hint=did_you_mean(str(key), known))


def _hours(found: Mapping[str, Any], default: int) -> timedelta:
    hours = found.get("valid_hours", default)
    if isinstance(hours, bool) or not isinstance(hours, int) or not 0 < hours <= MAX_HOURS:
        raise InputError(f"order: valid_hours is {hours!r}, expected whole hours from 1 to {MAX_HOURS}")
    return timedelta(hours=hours)


def _texts(found: object) -> dict[Audience, VersionText]:
    if not isinstance(found, dict) or Audience.PUBLIC.value not in found:
        raise InputError("order: texts must be an object with at least 'public'")
    texts: dict[Audience, VersionText] = {}
    for name, text in found.items():
        if name not in set(Audience):
            raise InputError(f"order: audience {name!r} is not known", hint="one of " + ", ".join(Audience))
        texts[Audience(name)] = _text(text, name)
    return texts


def _text(text: object, name: str) -> VersionText:
    if not isinstance(text, dict) or set(text) != {"headline", "description", "instruction"}:
        raise InputError(f"order: text for {name!r} must have headline, description and instruction, nothing else")
    return VersionText(**{key: _word(text, key, required=True) for key in text})


def _withheld(found: object) -> Withheld | None:
    if found is None:
        return None
    if not isinstance(found, dict) or set(found) != {"until", "reason"}:
        raise InputError("order: marks_withheld must have until and reason, nothing else")
    until, reason = (_word(found, key, required=True) for key in ("until", "reason"))
    try:
        return Withheld(until=parse_instant(until), reason=reason)
    except InputError as error:
        raise InputError(f"order: marks_withheld: {error}", hint=error.hint) from None


def _areas(found: Mapping[str, Any]) -> dict[str, Area]:
    """By the name of a place of the threat: the shapes that stand for it, each written as in CAP."""
    return {name: _area(Fields.of(f"order: areas, {name}", one), name) for name, one in found.items()}


def _area(found: Fields, name: str) -> Area:
    found.allow(("polygons", "circles", "geocodes"))
    polygons, circles = (found.texts(key) if key in found.found else () for key in ("polygons", "circles"))
    codes = found.record("geocodes") if "geocodes" in found.found else None
    if not polygons and not circles:
        raise InputError(f"{found.name}: no shape", hint="give polygons or circles: a code alone reaches nobody")
    try:
        return Area(
            description=name,
            polygons=tuple(map(read_polygon, polygons)),
            circles=tuple(map(read_circle, circles)),
            geocodes=tuple(Geocode(scheme, codes.text(scheme)) for scheme in codes.found) if codes else (),
        )
    except InputError as error:
        raise InputError(f"{found.name}: {error}", hint=error.hint) from None


def _object(found: Mapping[str, Any], key: str, of: str = "languages") -> dict[str, Any]:
    value = found.get(key, {})
    if not isinstance(value, dict):
        raise InputError(f"order: {key} is {value!r}, expected an object of {of}")
    return value


def _passes(found: object) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(reason, str) for reason in found.values()):
        raise InputError(f"order: pass is {found!r}, expected an object of rules, each with a reason")
    check_passes(found)
    return found


def _word(found: Mapping[str, Any], key: str, *, required: bool = False) -> str:
    value = found.get(key, "")
    if not isinstance(value, str):
        raise InputError(f"order: {key} is {value!r}, expected a text")
    if required and not value.strip():
        raise InputError(f"order: {key} is missing or empty")
    return value


def _choice(found: Mapping[str, Any], key: str, default: _E) -> _E:
    value = found.get(key, default)
    try:
        return type(default)(value)
    except ValueError:
        raise InputError(f"order: {key} is {value!r}", hint="one of " + ", ".join(type(default))) from None


def _list(found: Mapping[str, Any], key: str, kind: type) -> list[Any]:
    value = found.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
        raise InputError(f"order: {key} is {value!r}, expected a list")
    return value
