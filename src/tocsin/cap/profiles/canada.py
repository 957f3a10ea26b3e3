"""What CAP-CP, the profile of Canada, demands of a message (CAP-41)."""

import re
from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.profiles.demands import an_area, an_info, listed_event, one_event

EVENTS = "profile:CAP-CP:Event"
PLACES = "profile:CAP-CP:Location"
_MARK = re.compile(r"profile:CAP-CP:[0-9.]+")
_PLACE = re.compile(r"[0-9]{2,7}")


@rule(41, Level.ERROR, "CAP-CP", on="alert")
def the_message_is_marked(alert: Block) -> Sequence[Fault]:
    """A code such as profile:CAP-CP:0.4."""
    if any(_MARK.fullmatch(text.strip()) for text in alert.texts("code")):
        return NO_FAULTS
    return (Fault(alert.at(), "the message has no code profile:CAP-CP:VERSION"),)


@rule(41, Level.ERROR, "CAP-CP", on="info")
def an_info_names_its_language(info: Block) -> Sequence[Fault]:
    """The language is written out."""
    return NO_FAULTS if info.text("language") else (Fault(info.at(), "info names no language"),)


@rule(41, Level.ERROR, "CAP-CP", on="area")
def an_area_has_a_place_of_the_census(area: Block) -> Sequence[Fault]:
    """A geocode of the Standard Geographical Classification, two to seven digits."""
    if any(scheme.startswith(PLACES) and _PLACE.fullmatch(value) for scheme, value in area.pairs("geocode")):
        return NO_FAULTS
    return (Fault(area.at(), f"area has no geocode {PLACES} of two to seven digits"),)


@rule(41, Level.ADVICE, "CAP-CP", on="alert", needs="info")
def both_languages_are_there(alert: Block) -> Sequence[Fault]:
    """English and French."""
    spoken = {info.text("language")[:2].lower() for info in alert.inner("info")}
    missing = {"en", "fr"} - spoken
    return [Fault(alert.at(), f"no info in language {one!r}") for one in sorted(missing)]


def _is_listed(scheme: str) -> bool:
    """Whether a scheme of event codes is one of the profile's lists, of whatever version."""
    return scheme.startswith(EVENTS)


RULES = (
    the_message_is_marked,
    an_info(41, "CAP-CP"),
    listed_event(41, "CAP-CP", _is_listed, EVENTS, several=True),
    one_event(41, "CAP-CP"),
    an_info_names_its_language,
    an_area(41, "CAP-CP"),
    an_area_has_a_place_of_the_census,
    both_languages_are_there,
)
