"""What Google Public Alerts demands of a message (CAP-42)."""

from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.profiles.demands import an_info, one_event

MAX_HEADLINE = 140


@rule(42, Level.ERROR, "Google", on="alert")
def only_the_public_is_served(alert: Block) -> Sequence[Fault]:
    """Messages of another scope are not shown."""
    scope = alert.text("scope")
    return NO_FAULTS if scope == "Public" else (Fault(alert.at("scope"), f"scope {scope!r}, expected Public"),)


@rule(42, Level.WARNING, "Google", on="alert")
def only_what_is_actual_is_shown(alert: Block) -> Sequence[Fault]:
    """A test is read and not shown."""
    status = alert.text("status")
    if status == "Actual":
        return NO_FAULTS
    return (Fault(alert.at("status"), f"status {status!r} is not shown, only Actual is"),)


@rule(42, Level.ERROR, "Google", on="info")
def an_info_says_enough_to_be_shown(info: Block) -> Sequence[Fault]:
    """Description, web, expires and an area."""
    missing = [name for name in ("expires", "description", "web") if not info.text(name)]
    missing += [] if "area" in info.blocks else ["area"]
    return [Fault(info.at(), f"info has no {name}") for name in missing]


@rule(42, Level.ADVICE, "Google", on="info", needs="headline")
def a_headline_is_shorter_still(info: Block) -> Sequence[Fault]:
    """140 characters are shown."""
    size = len(info.text("headline"))
    if size <= MAX_HEADLINE:
        return NO_FAULTS
    return (Fault(info.at("headline"), f"headline has {size} characters, {MAX_HEADLINE} are shown"),)


@rule(42, Level.ERROR, "Google", on="area", lacks=("polygon", "circle", "geocode"))
def an_area_has_a_shape_or_a_code(area: Block) -> Sequence[Fault]:
    """Polygon, circle or geocode."""
    return (Fault(area.at(), "area has neither polygon nor circle nor geocode"),)


RULES = (
    only_the_public_is_served,
    only_what_is_actual_is_shown,
    an_info(42, "Google", answers_too=True),
    one_event(42, "Google"),
    an_info_says_enough_to_be_shown,
    a_headline_is_shorter_still,
    an_area_has_a_shape_or_a_code,
)
