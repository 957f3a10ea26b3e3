"""Which messages a file carries: one by itself, or those in a feed, an envelope or whatever else holds them, in its order."""

from collections.abc import Iterator

from lxml import etree

from tocsin.cap.block import Message
from tocsin.cap.grammar import MODELS
from tocsin.cap.opening import UNKNOWN, Traits
from tocsin.cap.tree import find_message

CONTAINERS = frozenset(
    {
        "{http://www.w3.org/2005/Atom}feed",
        "{http://www.w3.org/2005/Atom}entry",
        "{http://purl.org/atom/ns#}feed",
        "rss",
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF",
        "{urn:oasis:names:tc:emergency:EDXL:DE:1.0}EDXLDistribution",
        "{urn:oasis:names:tc:emergency:EDXL:DE:2.0}EDXLDistribution",
        "{urn:oasis:names:tc:emergency:EDXL:DE:2.0}edxlDistribution",
        "{urn:oasis:names:tc:emergency:edxl:de:2.0}edxlDistribution",
        "{http://gov.fema.ipaws.services/feed}alerts",
        "{http://schemas.xmlsoap.org/soap/envelope/}Envelope",
        "{http://www.w3.org/2003/05/soap-envelope}Envelope",
    }
)
"""Tags of what is known to carry messages; any other root may do so, too."""
_ENTRIES = (
    "{http://www.w3.org/2005/Atom}entry",
    "{http://purl.org/atom/ns#}entry",
    "{http://purl.org/rss/1.0/}item",
    "item",
)


def find_messages(root: etree._Element, traits: Traits = UNKNOWN) -> Iterator[tuple[int | None, Message]]:
    """Each message with its number from 0; with None if the root is the message itself.

    A message inside a message is part of that one, and an entry that only points to one is not followed. `traits` are those of
    the file, as in `find_message`.
    """
    alone = find_message(root, traits)
    if alone is not None:
        yield None, alone
        return
    entry = 0
    for node in root.iter(*MODELS):
        if _is_within_message(node):
            continue
        message = find_message(node, traits)
        if message is not None:
            yield entry, message
            entry += 1


def _is_within_message(node: etree._Element) -> bool:
    here = node.getparent()
    while here is not None and here.tag not in MODELS:
        here = here.getparent()
    return here is not None


def count_empty_entries(root: etree._Element) -> int:
    """Entries of a feed without a message inside: they tell something, or only point to one."""
    return sum(next(entry.iterdescendants(*MODELS), None) is None for entry in root.iter(*_ENTRIES))
