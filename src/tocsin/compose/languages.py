"""The public version in several languages: one info block each with equal facts; one that cannot stand is held back alone."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tocsin.cap.alert import Alert, Info, Status
from tocsin.compose.facts import FIELDS, find_differences
from tocsin.compose.versions import VersionText
from tocsin.core.data import read_data
from tocsin.core.language import FALLBACK, primary
from tocsin.intake.status import status_conflict

READ_BEFORE = "policy"
"""Who confirmed a language of a template that the policy names a reader for, before the day."""


class Translation(Struct, frozen=True, kw_only=True):
    """The public words in one more language, as they would go out now.

    `digest` is the hex SHA-256 of what a reader confirms; `read_by` who confirmed exactly that, empty if nobody did; `faults`
    are the facts told otherwise than in the main language, and what else must not go out.
    """

    language: str
    text: VersionText
    places: Mapping[str, str]
    digest: str
    read_by: str = ""
    faults: tuple[str, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it goes out: a named person read these words, and they tell the same facts (LESSONS L11)."""
        return bool(self.read_by) and not self.faults


def words_digest(language: str, text: VersionText, places: Mapping[str, str]) -> str:
    """Hex SHA-256 over the words of a language and its names of places: another letter is another text to confirm."""
    found = {"language": language, "places": dict(places)} | {field: getattr(text, field) for field in FIELDS}
    return hashlib.sha256(json.dumps(found, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def find_faults(
    translation: Translation,
    main: VersionText,
    main_language: str,
    *,
    places: Mapping[str, str],
    status: Status,
    first: str,
) -> tuple[str, ...]:
    """Why the words of a language must not go out, whoever read them; empty if nothing is against it.

    `places` are the threat's places, each with its name in the main language; `first` are the words that its headline begins
    with, empty for any.
    """
    named = {name: translation.places.get(place, place) for place, name in places.items()}
    text = translation.text
    found = list(find_differences(main, main_language, text, translation.language, named))
    whole = "\n".join(getattr(text, field) for field in FIELDS)
    conflict = status_conflict(status.value, whole) if status is Status.ACTUAL else None
    if conflict is not None:
        found.append(f"a real warning says “{whole[conflict[0] : conflict[1]]}”")
    if not text.headline.startswith(first):
        found.append(f"the headline does not begin with {first!r}")
    return tuple(found)


def speak(alert: Alert, translations: Sequence[Translation]) -> Alert:
    """The alert with one more info block for each of these languages: only words and names of places differ."""
    main = alert.infos[0]
    return replace(alert, infos=(main, *(_translated(main, one) for one in translations)))


def in_language(alert: Alert, language: str) -> Alert:
    """The message with the info block of that language alone; with the main one, which is the first, if it has none such."""
    return replace(alert, infos=(next((one for one in alert.infos if one.language == language), alert.infos[0]),))


def event_in(language: str) -> str:
    """What CAP calls the event, in that language; in English where we have no words.

    >>> event_in("fr-CA")
    "Menace d'attentat"
    """
    events: Mapping[str, str] = read_data("compose", "languages.json")["event"]
    return events.get(primary(language), events[FALLBACK])


def _translated(main: Info, one: Translation) -> Info:
    return replace(
        main,
        language=one.language,
        event=event_in(one.language),
        headline=one.text.headline,
        description=one.text.description,
        instruction=one.text.instruction,
        areas=tuple(
            replace(area, area=replace(area.area, description=place_in(area.area.description, one.places)))
            for area in main.areas
        ),
    )


def place_in(description: str, places: Mapping[str, str]) -> str:
    """The description of an area with its places named as that language names them.

    >>> place_in("Moscow; Kazan", {"Moscow": "Moscou"})
    'Moscou; Kazan'
    """
    return "; ".join(places.get(one, one) for one in description.split("; "))
