"""Rules of CAP 1.2 section 3.3.3 that speak of any text people get to see, whatever block it stands in."""

from collections.abc import Sequence

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.markup import find_markup


def find_marked(block: Block, *names: str) -> Sequence[Fault]:
    """A fault for each text of these names that holds markup."""
    if not block.escaped:
        return NO_FAULTS
    return [
        Fault(block.at(name, number), f"{name} holds markup: {found[:30]!r}")
        for name in names
        for number, text in enumerate(block.texts(name))
        if (found := find_markup(text)) is not None
    ] or NO_FAULTS


@rule(29, Level.WARNING, "3.3.3", on="alert", needs="note")
def a_note_is_no_markup(alert: Block) -> Sequence[Fault]:
    """Tags and entities would be shown or spoken as they stand."""
    return find_marked(alert, "note")


@rule(29, Level.WARNING, "3.3.3", on="resource", needs="resourceDesc")
def a_description_of_a_resource_is_no_markup(resource: Block) -> Sequence[Fault]:
    """As in every text that is shown."""
    return find_marked(resource, "resourceDesc")


@rule(29, Level.WARNING, "3.3.3", on="area", needs="areaDesc")
def a_name_of_an_area_is_no_markup(area: Block) -> Sequence[Fault]:
    """As in every text that is shown."""
    return find_marked(area, "areaDesc")


RULES = (a_note_is_no_markup, a_description_of_a_resource_is_no_markup, a_name_of_an_area_is_no_markup)
