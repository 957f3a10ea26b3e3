"""What IPAWS, the system of the United States, demands of a message (CAP-40; IPAWS profile 1.0)."""

import re
from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.profiles.demands import an_area, one_event

_SAME_EVENT = re.compile(r"[A-Z]{3}")
_SAME_PLACE = re.compile(r"[0-9]{6}")


@rule(40, Level.ERROR, "IPAWS", on="alert")
def the_message_is_marked(alert: Block) -> Sequence[Fault]:
    """The code IPAWSv1.0."""
    if any(text.strip() == "IPAWSv1.0" for text in alert.texts("code")):
        return NO_FAULTS
    return (Fault(alert.at(), "the message has no code IPAWSv1.0"),)


@rule(40, Level.ERROR, "IPAWS", on="info")
def an_info_has_one_same_event(info: Block) -> Sequence[Fault]:
    """One eventCode SAME of three letters."""
    codes = [value for scheme, value in info.pairs("eventCode") if scheme == "SAME"]
    if len(codes) == 1 and _SAME_EVENT.fullmatch(codes[0]):
        return NO_FAULTS
    return (Fault(info.at(), f"eventCodes SAME are {codes!r}, expected one of three letters"),)


@rule(40, Level.ERROR, "IPAWS", on="info")
def an_info_expires(info: Block) -> Sequence[Fault]:
    """A receiver takes a message down by its expires."""
    return NO_FAULTS if info.text("expires") else (Fault(info.at(), "info has no expires"),)


@rule(40, Level.ADVICE, "IPAWS", on="area")
def an_area_has_a_same_place(area: Block) -> Sequence[Fault]:
    """A geocode SAME of six digits."""
    if any(scheme == "SAME" and _SAME_PLACE.fullmatch(value) for scheme, value in area.pairs("geocode")):
        return NO_FAULTS
    return (Fault(area.at(), "area has no geocode SAME of six digits"),)


@rule(40, Level.ADVICE, "IPAWS", on="info")
def an_info_names_its_originator(info: Block) -> Sequence[Fault]:
    """The parameter EAS-ORG."""
    if any(scheme == "EAS-ORG" and value for scheme, value in info.pairs("parameter")):
        return NO_FAULTS
    return (Fault(info.at(), "info has no parameter EAS-ORG"),)


@rule(40, Level.ADVICE, "IPAWS", on="info")
def what_is_ignored_is_told(info: Block) -> Sequence[Fault]:
    """Effective and onset are not looked at."""
    return [Fault(info.at(name), f"{name} is ignored there") for name in ("effective", "onset") if name in info.leaves]


RULES = (
    the_message_is_marked,
    an_info_has_one_same_event,
    one_event(40, "IPAWS"),
    an_info_expires,
    an_area(40, "IPAWS"),
    an_area_has_a_same_place,
    an_info_names_its_originator,
    what_is_ignored_is_told,
)
