"""What a passage says once its lines are turned back or decoded."""

import binascii
import codecs
import html
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from urllib.parse import unquote

from tocsin.compose.letters import letters_of
from tocsin.core.expression import Expression

_ENCODED = Expression(r"[A-Za-z0-9+/_-]{6,}={0,2}")

Undisguised = tuple[str, str]
"""The letters of a line in a row, as a Reading has them, and the line."""


class Disguises:
    """A passage of (name, text) backwards, turned by 13 letters and decoded: all of it at once, and line by line."""

    def __init__(self, passage: Sequence[tuple[str, str]]) -> None:
        self._passage = passage

    def may_hold(self, letters: str) -> bool:
        """Do these letters stand in a row anywhere, maybe over several lines? If not, no line holds them."""
        return any(letters in run for run in self._runs)

    @cached_property
    def lines(self) -> Mapping[tuple[int, int], Sequence[Undisguised]]:
        """What each line says, by field and line from 1: asked for only where all of it at once may hold something."""
        return {
            (order, line): [(letters_of(one), one) for one in _turned(row)]
            + [(letters_of(one), one) for token in _ENCODED.findall(row) for one in _decoded(token)]
            for order, (_, text) in enumerate(self._passage)
            for line, row in enumerate(text.splitlines(), 1)
            if row.strip()
        }

    @cached_property
    def _runs(self) -> tuple[str, ...]:
        # A space neither joins letters to one nor belongs to a sign that is written with several.
        text = " ".join(row for _, text in self._passage for row in text.splitlines())
        decoded = " ".join(one for token in dict.fromkeys(_ENCODED.findall(text)) for one in _decoded(token))
        return tuple(letters_of(one) for one in (*_turned(text), decoded))


def _turned(row: str) -> Iterator[str]:
    yield row[::-1]
    yield " ".join(token[::-1] for token in row.split())
    yield codecs.encode(row, "rot13")
    if "&" in row:
        yield html.unescape(row)
    if "%" in row:
        yield unquote(row)


@lru_cache(maxsize=16384)
def _decoded(token: str) -> tuple[str, ...]:
    """As hex, and as base64 in both alphabets. Ordinary words look encoded too, and come again and again."""
    found = []
    for decode in (binascii.unhexlify, lambda t: b64decode(t + "=" * (-len(t) % 4), altchars=b"-_"), b64decode):
        try:
            raw: bytes = decode(token)
        except ValueError:
            continue
        found += [raw.decode("utf-8", "replace"), raw.decode("utf-16-le", "replace")]
    return tuple(dict.fromkeys(found))
