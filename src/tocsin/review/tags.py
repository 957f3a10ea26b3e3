"""The tags of cases and incidents: an alert's label becomes the casebook's tag, and what no list knows is told."""

from collections.abc import Iterable
from functools import cache
from typing import get_args

from msgspec import Struct

from tocsin.core.data import read_data
from tocsin.core.fields import Fields
from tocsin.core.vocabulary import Facet, canonical, children
from tocsin.errors import nearest

_ALONE = {"target": ("individual", "media", "political_youth", "prison"), "actor": (), "method": ()}
"""Tags of the documented cases that stand in no family and have no label in alerts."""
FACETS: tuple[Facet, ...] = get_args(Facet)


class UnknownTag(Struct, frozen=True):
    """A tag that matches nothing but itself; `near` is the known one that it looks like, None if it looks like none."""

    facet: Facet
    tag: str
    near: str | None


def tags_in(fields: Fields, key: str) -> tuple[str, ...]:
    """The tags of a list, each once, alert labels as the casebook's tags (families.yaml, "same_as"). InputError if it is none."""
    return tuple(dict.fromkeys(canonical(one) for one in fields.texts(key)))


def find_unknown_tags(facet: Facet, tags: Iterable[str]) -> tuple[UnknownTag, ...]:
    """Those that no list knows, each once. Groups bear any name, so that of actors only what looks like a slip is told."""
    found = []
    for tag in dict.fromkeys(tags):
        if tag not in _known(facet):
            near = nearest(tag, sorted(_known(facet)), alike=0.85)
            if near is not None or facet != "actor":
                found.append(UnknownTag(facet, tag, near))
    return tuple(found)


@cache
def _known(facet: Facet) -> frozenset[str]:
    families = read_data("core", "vocabulary.json")[facet]
    known = {*families, *(child for parent in families for child in children(facet, parent)), *_ALONE[facet]}
    if facet != "actor":
        known |= {canonical(label) for label in read_data("intake", f"{facet}s.json")}
        known.add("unspecified_attack")
    return frozenset(known)
