"""Rules of CAP 1.2 sections 3.3.2 and 3.2.2 about times: how they are written, and which comes before which."""

from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.times import find_instant

_OF_INFO = ("effective", "onset", "expires")


@rule(9, Level.ADVICE, "3.3.2", on="alert", needs="sent")
def sent_is_in_the_zone_of_the_area(alert: Block) -> Sequence[Fault]:
    """A time in UTC is right and hard to read where people are; UTC is written -00:00 (section 3.2.1)."""
    text = alert.text("sent")
    if not text.endswith(("+00:00", "-00:00", "Z")):
        return NO_FAULTS
    return (Fault(alert.at("sent"), f"sent {text[:40]} is in UTC, expected the zone of the area"),)


def _find_written_otherwise(block: Block, *names: str) -> Sequence[Fault]:
    return [
        Fault(block.at(name, number), f"{name} is {text.strip()[:40]}, expected whole seconds, and -00:00 for UTC")
        for name in names
        for number, text in enumerate(block.texts(name))
        if "." in text or text.strip().endswith(("Z", "+00:00"))
    ]


@rule(7, Level.ADVICE, "3.3.2", on="alert")
def times_of_an_alert_are_written_as_the_text_says(alert: Block) -> Sequence[Fault]:
    """Whole seconds, and -00:00 for UTC."""
    return _find_written_otherwise(alert, "sent")


@rule(7, Level.ADVICE, "3.3.2", on="info")
def times_of_an_info_are_written_as_the_text_says(info: Block) -> Sequence[Fault]:
    """As in an alert."""
    return _find_written_otherwise(info, *_OF_INFO)


def _find_ends_of_day(block: Block, *names: str) -> Sequence[Fault]:
    return [
        Fault(block.at(name, number), f"{name} is {text.strip()[:40]}: many programs know no 24:00:00")
        for name in names
        for number, text in enumerate(block.texts(name))
        if "T24" in text
    ]


@rule(8, Level.ADVICE, "3.3.2", on="alert", needs="sent")
def sent_is_not_at_the_end_of_a_day(alert: Block) -> Sequence[Fault]:
    """Midnight is written as 00:00:00 of the next day."""
    return _find_ends_of_day(alert, "sent")


@rule(8, Level.ADVICE, "3.3.2", on="info")
def times_of_an_info_are_not_at_the_end_of_a_day(info: Block) -> Sequence[Fault]:
    """As in an alert."""
    return _find_ends_of_day(info, *_OF_INFO)


@rule(28, Level.ADVICE, "3.2.2", on="info")
def an_info_says_when_it_ends(info: Block) -> Sequence[Fault]:
    """Without expires each recipient decides by a policy of its own how long it holds."""
    if info.text("expires"):
        return NO_FAULTS
    return (Fault(info.at(), "info has no expires: each recipient decides how long it holds"),)


@rule(28, Level.ERROR, "3.2.2", on="info", needs="expires")
def an_info_ends_after_it_takes_effect(info: Block) -> Sequence[Fault]:
    """Expires is after effective, which is sent where it is missing."""
    assert info.parent is not None
    block, name = (info, "effective") if info.text("effective") else (info.parent, "sent")
    return _after(info, block, name)


@rule(28, Level.WARNING, "3.2.2", on="info", needs="effective")
def an_info_ends_after_it_was_sent(info: Block) -> Sequence[Fault]:
    """Expires is after sent: what was over before it was sent warns nobody."""
    assert info.parent is not None
    return _after(info, info.parent, "sent")


def _after(info: Block, block: Block, name: str) -> Sequence[Fault]:
    begins, expires = find_instant(block.text(name)), find_instant(info.text("expires"))
    if begins is None or expires is None or expires > begins:
        return NO_FAULTS
    said = f"expires {info.text('expires')} is not after {name} {block.text(name)}"
    return (Fault(info.at("expires"), said),)


@rule(28, Level.WARNING, "3.2.2", on="info", needs="onset")
def what_is_expected_begins_before_the_message_ends(info: Block) -> Sequence[Fault]:
    """Onset is before expires."""
    onset, expires = find_instant(info.text("onset")), find_instant(info.text("expires"))
    if onset is None or expires is None or onset < expires:
        return NO_FAULTS
    return (Fault(info.at("onset"), f"onset {info.text('onset')} is not before expires {info.text('expires')}"),)


RULES = (
    sent_is_in_the_zone_of_the_area,
    times_of_an_alert_are_written_as_the_text_says,
    times_of_an_info_are_written_as_the_text_says,
    sent_is_not_at_the_end_of_a_day,
    times_of_an_info_are_not_at_the_end_of_a_day,
    an_info_says_when_it_ends,
    an_info_ends_after_it_takes_effect,
    an_info_ends_after_it_was_sent,
    what_is_expected_begins_before_the_message_ends,
)
