"""Rules of CAP 1.2 section 3.2.2 that speak of the text of one info block."""

from collections.abc import Sequence

from tocsin.cap.block import MARKED, Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.links import is_absolute
from tocsin.cap.rules.texts import find_marked

MAX_HEADLINE = 160
_TEXTS = ("event", "audience", "senderName", "headline", "description", "instruction", "contact")


@rule(23, Level.ADVICE, "3.2.2", on="info")
def an_info_names_its_language(info: Block) -> Sequence[Fault]:
    """Missing or empty means en-US, whatever the text is written in."""
    if info.text("language"):
        return NO_FAULTS
    return (Fault(info.at(), "info names no language: it is taken as en-US"),)


@rule(25, Level.WARNING, "3.2.2", on="info", needs="event")
def an_event_has_a_name(info: Block) -> Sequence[Fault]:
    """The event is a text; an empty one says nothing."""
    return NO_FAULTS if info.text("event") else (Fault(info.at("event"), "event is empty"),)


@rule(27, Level.WARNING, "3.2.2", on="info", needs="responseType")
def the_public_is_not_told_to_assess(info: Block) -> Sequence[Fault]:
    """Assess is not for messages to the public."""
    told = info.texts("responseType")
    if "Assess" not in told or info.parent is None or info.parent.text("scope") != "Public":
        return NO_FAULTS
    return [
        Fault(info.at("responseType", number), "responseType Assess in a message to the public")
        for number, text in enumerate(told)
        if text == "Assess"
    ]


@rule(29, Level.ADVICE, "3.2.2", on="info", needs="headline")
def a_headline_fits_small_screens(info: Block) -> Sequence[Fault]:
    """160 characters are what the standard aims at."""
    size = len(info.text("headline"))
    if size <= MAX_HEADLINE:
        return NO_FAULTS
    return (Fault(info.at("headline"), f"headline has {size} characters, at most {MAX_HEADLINE} advised"),)


@rule(29, Level.WARNING, "3.3.3", on="info", when=MARKED)
def a_text_is_no_markup(info: Block) -> Sequence[Fault]:
    """Tags and entities would be shown or spoken as they stand."""
    return find_marked(info, *_TEXTS)


@rule(30, Level.WARNING, "3.2.2", on="info", needs="web")
def a_link_is_whole(info: Block) -> Sequence[Fault]:
    """The web address is a full, absolute URI."""
    web = info.text("web")
    if is_absolute(web):
        return NO_FAULTS
    return (Fault(info.at("web"), f"web {web[:60]!r} is no absolute URI"),)


RULES = (
    an_info_names_its_language,
    an_event_has_a_name,
    the_public_is_not_told_to_assess,
    a_headline_fits_small_screens,
    a_text_is_no_markup,
    a_link_is_whole,
)
