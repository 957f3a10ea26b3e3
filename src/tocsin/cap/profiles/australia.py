"""What CAP-AU, the profile of Australia, demands of a message (CAP-41)."""

import re
from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule

EVENTS = re.compile(
    r"https?://govshare\.gov\.au/.*|https?://.*/au-eventlist.*|urn:oasis:names:tc:emergency:cap:1\.2:profile:CAP-AU.*"
)
_MARK = re.compile(r"(?:urn:oasis:names:tc:emergency:cap:1\.2:profile:)?CAP-AU.*")


@rule(41, Level.ERROR, "CAP-AU", on="alert")
def the_message_is_marked(alert: Block) -> Sequence[Fault]:
    """A code of CAP-AU."""
    if any(_MARK.fullmatch(text.strip()) for text in alert.texts("code")):
        return NO_FAULTS
    return (Fault(alert.at(), "the message has no code of CAP-AU"),)


@rule(41, Level.ERROR, "CAP-AU", on="info")
def an_info_has_one_listed_event(info: Block) -> Sequence[Fault]:
    """One eventCode of the Australian list."""
    codes = [value for scheme, value in info.pairs("eventCode") if EVENTS.fullmatch(scheme)]
    if len(codes) == 1 and codes[0]:
        return NO_FAULTS
    return (Fault(info.at(), f"eventCodes of the Australian list are {codes!r}, expected one"),)


@rule(41, Level.ERROR, "CAP-AU", on="alert")
def a_cancel_takes_effect_at_once(alert: Block) -> Sequence[Fault]:
    """No effective on a Cancel."""
    if alert.text("msgType") != "Cancel":
        return NO_FAULTS
    return [
        Fault(info.at("effective"), "effective on a Cancel")
        for info in alert.inner("info")
        if "effective" in info.leaves
    ]


@rule(41, Level.ERROR, "CAP-AU", on="info")
def an_info_has_an_area(info: Block) -> Sequence[Fault]:
    """Nothing is sent without one."""
    return NO_FAULTS if "area" in info.blocks else (Fault(info.at(), "info has no area"),)


RULES = (
    the_message_is_marked,
    an_info_has_one_listed_event,
    a_cancel_takes_effect_at_once,
    an_info_has_an_area,
)
