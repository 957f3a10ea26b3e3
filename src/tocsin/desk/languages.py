"""The languages of one warning: what each would say now, who read it, and why one waits while the others go out."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from tocsin.cap.alert import Status
from tocsin.compose.languages import READ_BEFORE, Translation, find_faults, place_in, words_digest
from tocsin.compose.template import Filling, Template, fill_language, fill_template
from tocsin.compose.versions import VersionText
from tocsin.core.area import Point, distance_km
from tocsin.core.language import LANGUAGES, primary
from tocsin.core.marking import Audience
from tocsin.core.threat import Place, Threat
from tocsin.core.window import zone_of
from tocsin.desk.ports import Desk
from tocsin.errors import InputError
from tocsin.intake.ports import Gazetteer, place_key

SPOKEN = "expected one of " + ", ".join(LANGUAGES)
SAME_PLACE_KM = 50.0
"""How far the place of a name may lie from the threatened one: a gazetteer has a city's centre, a threat a hall in it."""
Confirmed = Mapping[str, Mapping[str, str]]
"""By language: `by` whom, `at` what time, and the `sha256` of the words that were confirmed."""


class Words(Struct, frozen=True, kw_only=True):
    """What a warning says now: per audience in the main language, publicly in others.

    `kept` is for each of these what a reader confirms: of a template its words with what they leave open. `places` are by
    language the names of the threat's places there; `read_before` are languages whose template the policy names a reader for.
    """

    language: str
    texts: Mapping[Audience, VersionText]
    others: Mapping[str, VersionText] = field(default_factory=dict)
    kept: Mapping[str, VersionText] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    read_before: frozenset[str] = frozenset()


def fill_words(
    desk: Desk,
    template: Template,
    threat: Threat,
    language: str,
    places: Mapping[str, Mapping[str, str]],
    *,
    issued: datetime,
    until: datetime,
) -> Words:
    """The words of a template as they would go out now, in every language that it has."""
    zone = zone_of(threat.window.zone or desk.settings.zone)
    filling = Filling(
        place=threat.area.description,
        places={one: place_in(threat.area.description, names) for one, names in places.items()},
        until=until.astimezone(zone),
        issued=issued.astimezone(zone),
        zone=zone.key,
        issuer=desk.settings.sender_name or desk.settings.name,
    )
    return Words(
        language=language,
        texts=fill_template(template, filling, language),
        others={one: fill_language(template, filling, one) for one in template.languages},
        kept=template.languages,
        places=places,
        read_before=desk.policy.read_languages(template.name),
    )


def find_translations(
    desk: Desk, threat: Threat, words: Words, confirmed: Confirmed, *, status: Status, first: Mapping[str, str]
) -> tuple[Translation, ...]:
    """Each other language with who confirmed it and what is against it. `first` are words that a headline must begin with.

    InputError for the main language once more, for a main one that we cannot compare, and for the name of a place that the
    threat does not have.
    """
    if words.others and primary(words.language) not in LANGUAGES:
        raise InputError(f"language {words.language!r} cannot be compared with others", hint=SPOKEN)
    again = next((one for one in words.others if primary(one) == primary(words.language)), None)
    if again is not None:
        raise InputError(f"translations has {again!r}, which is the main language", hint="give its words in texts")
    for language, names in words.places.items():
        unknown = sorted(set(names) - {place.name for place in threat.places})
        if unknown:
            raise InputError(f"place_names, {language}: {unknown[0]!r} is no place of this threat")
    return tuple(
        _find_translation(desk, threat, words, language, confirmed.get(language, {}), status, first.get(language, ""))
        for language in words.others
    )


def _find_translation(
    desk: Desk, threat: Threat, words: Words, language: str, reading: Mapping[str, str], status: Status, first: str
) -> Translation:
    text, places = words.others[language], words.places.get(language, {})
    digest = words_digest(language, words.kept.get(language, text), places)
    strange, all_known = _compare_places(desk.gazetteer(), threat.places, places) if places else ((), True)
    read_by = reading["by"] if reading.get("sha256") == digest else ""
    if not read_by and all_known and language in words.read_before:
        read_by = READ_BEFORE
    made = Translation(language=language, text=text, places=places, digest=digest, read_by=read_by)
    faults = find_faults(
        made,
        words.texts[Audience.PUBLIC],
        words.language,
        places={one.name: words.places.get(words.language, {}).get(one.name, one.name) for one in threat.places},
        status=status,
        first=first,
    )
    return replace(made, faults=(*faults, *strange))


def _compare_places(
    gazetteer: Gazetteer, places: Sequence[Place], names: Mapping[str, str]
) -> tuple[tuple[str, ...], bool]:
    """Names that are those of other places, as faults; and whether the gazetteer knows each name for that very place."""
    faults, all_known = [], True
    for place in places:
        name = names.get(place.name)
        entries = gazetteer.look_up(place_key(name)) if name else ()
        points = [Point(one.lat, one.lon) for one in entries if one.lat is not None and one.lon is not None]
        near = place.point is not None and any(distance_km(place.point, one) <= SAME_PLACE_KM for one in points)
        if name and points and not near:
            faults.append(f"“{name}” is another place than {place.name}")
        all_known = all_known and (name is None or near)
    return tuple(faults), all_known


def languages_claims(translations: Sequence[Translation]) -> dict[str, Any]:
    """For the log: who confirmed what goes out, by language, and what waits; nothing where there is one language."""
    if not translations:
        return {}
    return {
        "languages": {one.language: one.read_by for one in translations if one.stands},
        "languages_held_back": [one.language for one in translations if not one.stands],
    }


def ask_readers(translations: Sequence[Translation]) -> str:
    """For the mail that asks for a release: which languages wait for somebody who reads them; empty if none does."""
    unread = ", ".join(one.language for one in translations if not one.read_by and not one.faults)
    return f"; waits for somebody who reads it, and is held back until then: {unread}" if unread else ""
