"""Reads the plain messages of a feed from its text, and gives the parser only what is left: each byte is read once."""

import re
from collections.abc import Callable
from typing import TypeVar

from lxml import etree

from tocsin.cap.block import Message
from tocsin.cap.contain import CONTAINERS
from tocsin.cap.grammar import MODELS
from tocsin.cap.opening import MAX_BYTES, open_xml
from tocsin.cap.plain import MAX_PLAIN, OPENING, decode, find_plain_at
from tocsin.cap.tree import find_message
from tocsin.errors import InputError

_Said = TypeVar("_Said")
_CUT = "tocsin:plain"
"""Namespace of what stands where a message was cut out."""
_ROOT = re.compile("<(?:[A-Za-z0-9]++:)?(?:" + "|".join({one.rpartition("}")[2] for one in CONTAINERS}) + ")[ \t\n>]")
_NEXT = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<((?:[A-Za-z0-9]++:)?)alert[ \t\n]", re.DOTALL)
"""What may hide an alert, and the start of one."""


def check_each(raw: bytes, check: Callable[[Message], _Said]) -> tuple[_Said, ...] | None:
    """What `check` says of each message in a feed or envelope, in its order; None if it has to be parsed as a whole.

    A message is let go as soon as it was checked: a feed of a whole country has thousands.
    """
    text = decode(raw) if len(raw) <= MAX_BYTES else None
    opening = OPENING.match(text) if text is not None else None
    if text is None or opening is None or not _ROOT.match(text, opening.end()) or _CUT in text:
        return None
    said, rest = _cut(text, opening.end(), check)
    try:
        root = open_xml(rest.encode())
    except InputError:
        return None
    return _put_together(root, said, check) if said and root.tag in CONTAINERS else None


def _cut(text: str, at: int, check: Callable[[Message], _Said]) -> tuple[list[_Said], str]:
    """What was said of each plain message, and the text without them, with all its lines."""
    said: list[_Said] = []
    pieces: list[str] = []
    kept, line, counted = 0, 1, 0
    while (found := _NEXT.search(text, at)) is not None:
        at = found.end()
        if found[1] is None:
            continue
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        close = f"</{found[1]}alert>"
        closed = text.find(close, at, at + MAX_PLAIN)
        end = closed + len(close)
        message = find_plain_at(text, found.start(), end, line) if closed >= 0 else None
        if message is None:
            continue
        said.append(check(message))
        lines = "\n" * text.count("\n", found.start(), end)
        pieces += text[kept : found.start()], f'<cut xmlns="{_CUT}">{lines}</cut>'
        kept = at = end
    return said, "".join((*pieces, text[kept:]))


def _put_together(
    root: etree._Element, said: list[_Said], check: Callable[[Message], _Said]
) -> tuple[_Said, ...] | None:
    """What was said, with that of the messages left; None if one was cut out of another, which is a part of that one."""
    cut, all_said = iter(said), []
    for node in root.iter(*MODELS, f"{{{_CUT}}}cut"):
        inside = next(node.iterancestors(*MODELS), None) is not None
        if node.tag not in MODELS:
            if inside:
                return None
            all_said.append(next(cut))
        elif not inside and (message := find_message(node)) is not None:
            all_said.append(check(message))
    return tuple(all_said)
