"""Rules of CAP 1.2 sections 3.2 and 3.3.3 that speak of any text, whatever block it stands in: no space around it, no markup in it."""

from collections.abc import Sequence

from tocsin.cap.block import MARKED, WITH_LOOSE_TEXTS, WITH_ODD_PAIRS, Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.grammar import SPACE
from tocsin.cap.markup import find_markup

_OF_ALERT = ("source", "restriction", "code", "note")
_OF_INFO = ("event", "audience", "senderName", "headline", "web", "contact")
_OF_RESOURCE = ("resourceDesc", "mimeType", "uri", "digest")
_OF_AREA = ("areaDesc", "polygon", "circle")
"""Texts that are one word or line. White space divides what stands in a list, and two texts of an info are as long as one likes."""


def find_marked(block: Block, *names: str) -> Sequence[Fault]:
    """A fault for each text of these names that holds markup."""
    leaves = block.leaves
    held = [name for name in names if name in leaves and ("<" in (text := leaves[name]) or "&" in text)]
    if not held and not block.several:
        return NO_FAULTS
    return [
        Fault(block.at(name, number), f"{name} holds markup: {found[:30]!r}")
        for name in names
        for number, text in enumerate(block.texts(name))
        if (found := find_markup(text)) is not None
    ]


def _find_loose(block: Block, *names: str) -> Sequence[Fault]:
    return [
        Fault(block.at(name, number), f"white space around {name}")
        for name in names
        for number, text in enumerate(block.texts(name))
        if text != text.strip(SPACE)
    ]


def _find_loose_pairs(block: Block) -> Sequence[Fault]:
    return [
        Fault(block.at_pair(name, number), f"white space around the name or the value of {name}")
        for name, nodes in block.paired.items()
        for number, node in enumerate(nodes)
        if any((text := child.text or "") != text.strip(SPACE) for child in node)
    ]


@rule(10, Level.ADVICE, "3.2.1", on="alert", when=WITH_LOOSE_TEXTS)
def texts_of_an_alert_have_no_space_around(alert: Block) -> Sequence[Fault]:
    """White space around a short text is shown, spoken or compared by some programs."""
    return _find_loose(alert, *_OF_ALERT)


@rule(10, Level.ADVICE, "3.2.2", on="info", when=WITH_LOOSE_TEXTS)
def texts_of_an_info_have_no_space_around(info: Block) -> Sequence[Fault]:
    """As in an alert."""
    return _find_loose(info, *_OF_INFO)


@rule(10, Level.ADVICE, "3.2.3", on="resource", when=WITH_LOOSE_TEXTS)
def texts_of_a_resource_have_no_space_around(resource: Block) -> Sequence[Fault]:
    """As in an alert."""
    return _find_loose(resource, *_OF_RESOURCE)


@rule(10, Level.ADVICE, "3.2.4", on="area", when=WITH_LOOSE_TEXTS)
def texts_of_an_area_have_no_space_around(area: Block) -> Sequence[Fault]:
    """As in an alert; before or behind a polygon some readers find one point more."""
    return _find_loose(area, *_OF_AREA)


@rule(10, Level.ADVICE, "3.2.2", on="info", when=WITH_ODD_PAIRS)
def pairs_of_an_info_have_no_space_around(info: Block) -> Sequence[Fault]:
    """Codes and parameters are compared by programs."""
    return _find_loose_pairs(info)


@rule(10, Level.ADVICE, "3.2.4", on="area", when=WITH_ODD_PAIRS)
def pairs_of_an_area_have_no_space_around(area: Block) -> Sequence[Fault]:
    """As in an info."""
    return _find_loose_pairs(area)


@rule(29, Level.WARNING, "3.3.3", on="alert", needs="note", when=MARKED)
def a_note_is_no_markup(alert: Block) -> Sequence[Fault]:
    """Tags and entities would be shown or spoken as they stand."""
    return find_marked(alert, "note")


@rule(29, Level.WARNING, "3.3.3", on="resource", needs="resourceDesc", when=MARKED)
def a_description_of_a_resource_is_no_markup(resource: Block) -> Sequence[Fault]:
    """As in every text that is shown."""
    return find_marked(resource, "resourceDesc")


@rule(29, Level.WARNING, "3.3.3", on="area", needs="areaDesc", when=MARKED)
def a_name_of_an_area_is_no_markup(area: Block) -> Sequence[Fault]:
    """As in every text that is shown."""
    return find_marked(area, "areaDesc")


RULES = (
    texts_of_an_alert_have_no_space_around,
    texts_of_an_info_have_no_space_around,
    texts_of_a_resource_have_no_space_around,
    texts_of_an_area_have_no_space_around,
    pairs_of_an_info_have_no_space_around,
    pairs_of_an_area_have_no_space_around,
    a_note_is_no_markup,
    a_description_of_a_resource_is_no_markup,
    a_name_of_an_area_is_no_markup,
)
