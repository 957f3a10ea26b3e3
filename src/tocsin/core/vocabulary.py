"""The is-a trees of targets, actors and methods: one canonical tag each, aliases only at the borders."""

from functools import cache
from typing import Literal

from tocsin.core.data import read_data

Facet = Literal["target", "actor", "method"]


@cache
def children(facet: Facet, tag: str) -> frozenset[str]:
    """All tags under `tag`, itself left out.

    >>> "concert" in children("target", "public_gathering")
    True
    """
    tree: dict[str, list[str]] = read_data("core", "vocabulary.json")[facet]
    found: set[str] = set()
    waiting = list(tree.get(tag, []))
    while waiting:
        child = waiting.pop()
        if child not in found:
            found.add(child)
            waiting.extend(tree.get(child, []))
    return frozenset(found - {tag})


def covers(facet: Facet, warned: str, happened: str) -> bool:
    """Is what happened the warned thing or a kind of it?"""
    return warned == happened or happened in children(facet, warned)


def are_siblings(facet: Facet, one: str, other: str) -> bool:
    """Do the two stand directly under one parent?"""
    tree: dict[str, list[str]] = read_data("core", "vocabulary.json")[facet]
    return one != other and any(one in kids and other in kids for kids in tree.values())


def is_generic(facet: Facet, tag: str) -> bool:
    """Does the word cover so much that it counts as partial only ("extremists")?"""
    return tag in read_data("core", "vocabulary.json")["generic"].get(facet, [])


def canonical(label: str) -> str:
    """The canonical tag of an alert's label (alerts/VOCAB.md to casebook tags).

    >>> canonical("large_gathering")
    'public_gathering'
    """
    tag: str = read_data("core", "vocabulary.json")["same_as"].get(label, label)
    return tag
