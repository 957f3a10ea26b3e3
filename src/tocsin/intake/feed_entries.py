"""Cuts a feed into its entries: of each the bytes as they came, in a feed that holds nothing else."""

import re
from xml.parsers.expat import ExpatError, ParserCreate

from tocsin.errors import InputError
from tocsin.intake.read_feed import MOST_ENTRIES

MOST_AROUND = 2
"""Elements around an entry: `feed`, or `rss` and `channel`."""
MOST_TAG_BYTES = 4096
"""Of the tags around an entry, which stand in each of the cut feeds."""
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^<>]*\?>)?")
_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_ENTRY = frozenset({"entry", "item"})


def cut_feed(raw: bytes) -> tuple[bytes, ...]:
    """A feed of its own for each entry, in order: the XML declaration, the tags around the entry and the entry, as they came.

    What a feed says of itself, such as when it was written, is left out: an entry that is fetched again has the same
    bytes. Cutting a cut feed gives itself. InputError if the bytes are not well-formed XML, hold more than
    `MOST_ENTRIES`, or have no ordinary tags around them. `raw` holds no entities (`read_feed` refuses them).
    """
    cutter = _Cutter(raw)
    try:
        cutter.parser.Parse(raw, True)
    except (ExpatError, ValueError, LookupError) as error:
        raise InputError(
            f"feed is not well-formed XML: {error}", hint="submit the words of the entry that matters"
        ) from None
    return tuple(cutter.found)


class _Cutter:
    """Follows the elements of a feed by their place in its bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.found: list[bytes] = []
        self.parser = ParserCreate()
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self._around: list[tuple[str, int]] = []
        self._depth = 0
        self._entry: int | None = None

    def _open(self, name: str, _attributes: object) -> None:
        self._depth += 1
        at = self.parser.CurrentByteIndex
        if self._entry is None and self._depth == len(self._around) + 1 and self._depth <= MOST_AROUND + 1:
            if name.rpartition(":")[2].lower() in _ENTRY and self._around:
                self._entry = at
            else:
                self._around.append((name, at))

    def _close(self, _name: str) -> None:
        at = self.parser.CurrentByteIndex
        if self._entry is not None and self._depth == len(self._around) + 1:
            # An empty element ends where it begins; it says nothing.
            if at > self._entry:
                self._keep(self._entry, self.raw.index(b">", at) + 1)
            self._entry = None
        elif self._entry is None and self._depth == len(self._around):
            self._around.pop()
        self._depth -= 1

    def _keep(self, start: int, end: int) -> None:
        if len(self.found) == MOST_ENTRIES:
            raise InputError(f"feed has more than {MOST_ENTRIES} entries", hint="submit the newest of them")
        tags = [match.group() for _, at in self._around if (match := _TAG.match(self.raw, at))]
        if len(tags) < len(self._around) or sum(map(len, tags)) > MOST_TAG_BYTES:
            raise InputError(f"feed has tags of more than {MOST_TAG_BYTES} bytes around its entries")
        head = _HEAD.match(self.raw)
        closing = "".join(f"</{name}>" for name, _ in reversed(self._around)).encode()
        self.found.append(b"".join((head.group() if head else b"", *tags, self.raw[start:end], closing)))
