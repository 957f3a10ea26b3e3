"""What another reader proposes beside the rules: kept only with words that stand in the text, never in the place of anything."""

from collections.abc import Collection, Iterable, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.expression import Expression
from tocsin.core.marking import Tlp, parse_tlp
from tocsin.intake.ports import Proposal

BY_READER = "reader:"
"""Begins the rule of a value that no rule of ours read."""
FIELDS = ("audiences", "targets", "actors", "methods", "advice")
MOST_WORDS = 300
"""Characters of the words that a value may rest on: more is no anchor."""
UNMARKED = Tlp.AMBER
"""What a text counts as that carries no marking: for those who need to know."""
_MARKING = Expression(r"TLP:(?:RED|AMBER\+STRICT|AMBER|GREEN|CLEAR|WHITE)\b")


class Proposed(Struct, frozen=True):
    """The reading with what was added, how many values that were, and why each other proposal was dropped."""

    reading: dict[str, Any]
    added: int
    dropped: tuple[str, ...]


@cache
def known_labels() -> Mapping[str, Collection[str]]:
    """The values that each field may have; empty where any may be named."""
    return {field: () if field == "actors" else tuple(read_data("intake", f"{field}.json")) for field in FIELDS}


def add_proposals(reading: Mapping[str, Any], text: str, proposals: Iterable[Proposal], *, reader: str) -> Proposed:
    """Add each proposal whose words stand in the text as a span that waits for a person.

    It joins no list and no threat before somebody confirms it by name. A value that is there already, read by rule or
    decided on, stays as it is.
    """
    made, added, dropped = deepcopy(dict(reading)), 0, []
    for one in proposals:
        why = _fault(one, text) or _known(one, made)
        if why:
            dropped.append(why)
            continue
        start = text.index(one.words)
        span = {
            "value": one.value,
            "start": start,
            "end": start + len(one.words),
            "rule": f"{BY_READER}{reader}",
            "status": "proposed",
        }
        made["spans"].setdefault(one.field, []).append(span)
        added += 1
    return Proposed(made, added, tuple(dropped))


def marking_of(text: str) -> Tlp:
    """The strictest TLP marking that the text carries; TLP:AMBER for one that carries none."""
    found = [parse_tlp(one) for one in _MARKING.findall(text)]
    return max(found, key=lambda tlp: tlp.strictness, default=UNMARKED)


def _fault(one: Proposal, text: str) -> str:
    labels = known_labels()
    if one.field not in labels:
        return "names a field that is not proposed"
    if labels[one.field] and one.value not in labels[one.field]:
        return f"names a value that {one.field} does not have"
    if not one.words.strip() or len(one.words) > MOST_WORDS or one.words not in text:
        return "rests on words that do not stand in the text"
    if not labels[one.field] and one.value not in one.words:
        return f"names one of {one.field} that does not stand in its words"
    return ""


def _known(one: Proposal, reading: Mapping[str, Any]) -> str:
    there = {span["value"] for span in reading["spans"].get(one.field, ())}
    return f"repeats a value of {one.field}" if one.value in there else ""
