"""What CAP-AU, the profile of Australia, demands of a message (CAP-41)."""

import re
from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.profiles.demands import an_area, an_info, listed_event, one_event

EVENTS = re.compile(
    r"https?://govshare\.gov\.au/.*|https?://.*/au-eventlist.*|urn:oasis:names:tc:emergency:cap:1\.2:profile:CAP-AU.*"
)
_MARK = re.compile(r"(?:(?:urn:oasis:names:tc:emergency:cap:1\.2:)?profile:)?CAP-AU.*")


@rule(41, Level.ERROR, "CAP-AU", on="alert")
def the_message_is_marked(alert: Block) -> Sequence[Fault]:
    """A code of CAP-AU."""
    if any(_MARK.fullmatch(text.strip()) for text in alert.texts("code")):
        return NO_FAULTS
    return (Fault(alert.at(), "the message has no code of CAP-AU"),)


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


RULES = (
    the_message_is_marked,
    an_info(41, "CAP-AU"),
    listed_event(41, "CAP-AU", EVENTS.fullmatch, "of the Australian list"),
    one_event(41, "CAP-AU"),
    a_cancel_takes_effect_at_once,
    an_area(41, "CAP-AU"),
)
