"""Which messages a feed (Atom, RSS) or an EDXL-DE envelope carries, in its order; an entry that only points to one is not followed."""

from collections.abc import Iterator

from lxml import etree

from tocsin.cap.block import Message
from tocsin.cap.grammar import MODELS
from tocsin.cap.tree import find_message

_CONTAINERS = frozenset(
    {
        "{http://www.w3.org/2005/Atom}feed",
        "{http://www.w3.org/2005/Atom}entry",
        "rss",
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF",
        "{urn:oasis:names:tc:emergency:EDXL:DE:1.0}EDXLDistribution",
        "{urn:oasis:names:tc:emergency:EDXL:DE:2.0}EDXLDistribution",
        "{urn:oasis:names:tc:emergency:edxl:de:2.0}edxlDistribution",
    }
)


def find_messages(root: etree._Element, *, located: bool) -> Iterator[Message] | None:
    """Each alert inside; None if the root is neither feed nor envelope. A message inside a message is part of that one."""
    if root.tag not in _CONTAINERS:
        return None
    return _messages(root, located=located)


def _messages(root: etree._Element, *, located: bool) -> Iterator[Message]:
    for node in root.iter(*MODELS):
        if next(node.iterancestors(*MODELS), None) is not None:
            continue
        message = find_message(node, located=located)
        if message is not None:
            yield message
