"""Reads a message that is written plainly from its text alone, without a parser: one expression for each block of it.

CAP has no element within itself, so its messages are a regular language: what these expressions take in full is well-formed
and keeps to the grammar that they are made from. Whatever else a message holds (a comment, CDATA, an attribute, a fault) makes
it not plain: then tree.py reads it, and says the same of all that both can read.
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import NamedTuple

from lxml import etree

from tocsin.cap.block import Block, Message
from tocsin.cap.escapes import are_known, unescape
from tocsin.cap.finding import MAX_NUMBER
from tocsin.cap.grammar import MODELS, PAIRS, SIGNATURES, SPACE, VERSIONS, XSI, Model, Place
from tocsin.cap.opening import open_xml
from tocsin.errors import InputError

MAX_PLAIN = 4 * 1024 * 1024
"""Bytes of one message; the parser has limits of its own beyond it, and they are its to tell."""
MAX_LINES = 65_534
"""Of one message by itself: the parser does not count further."""
_S = "[ \t\n]*+"
_EMPTY = "(?:[ \t]*+/)"
"""What makes a start tag stand for both."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_QUOTED = "[\"']"
_OPENING = re.compile(
    rf"(?:<\?xml[ \t\n]++version{_S}={_S}(?P<a>{_QUOTED})1\.0(?P=a)"
    rf"(?:[ \t\n]++encoding{_S}={_S}(?P<b>{_QUOTED})(?:utf|UTF)-8(?P=b))?"
    rf"(?:[ \t\n]++standalone{_S}={_S}(?P<c>{_QUOTED})(?:yes|no)(?P=c))?{_S}\?>)?"
    rf"{_S}(?:(?:<\?xml-stylesheet[ \t\n](?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!-))*+-->){_S})*+"
)
_START = re.compile(
    r"<(?:(?P<prefix>(?!xml|XML)[A-Za-z][A-Za-z0-9]{0,30}):)?alert[ \t\n]++xmlns(?::(?P<bound>[A-Za-z0-9]++))?"
    rf"{_S}={_S}(?P<q>{_QUOTED})(?P<namespace>{'|'.join(map(re.escape, VERSIONS.values()))})(?P=q){_S}>"
)
_COMMENT = re.compile(r"(>[ \t\n]*+)<!--(?:[^\n-]|-(?!-))*+-->(?=[ \t\n]*+<)")
"""Between two elements and within a line: without it all else stands where it stood."""
_SIGNATURE = re.compile(r"<(?:[A-Za-z0-9]++:)?Signature[ \t\n>]")
_ANY_CAP = tuple(f"{{{namespace}}}*" for namespace in VERSIONS.values())


class _Form(NamedTuple):
    """One kind of block: the names of its texts in order, which of them stand several times, and what else is asked of them."""

    name: str
    opening: str
    names: tuple[str, ...]
    repeated: tuple[tuple[str, re.Pattern[str]], ...]
    pairs: tuple[str, ...]
    checks: tuple[tuple[str, Callable[[str], object]], ...]
    pattern: re.Pattern[str]
    inner: "tuple[_Form, ...]"
    closing: re.Pattern[str]


class _Source:
    """The text below the start tag that stands in line `first`: lines are counted from where the last one was asked for."""

    __slots__ = ("_at", "_line", "escaped", "text")

    def __init__(self, text: str, first: int) -> None:
        self.text = text
        self.escaped = "&" in text
        self._at, self._line = 0, first

    def line_at(self, offset: int) -> int:
        if offset >= self._at:
            self._line += self.text.count("\n", self._at, offset)
        else:
            self._line -= self.text.count("\n", offset, self._at)
        self._at = offset
        return self._line


class PlainBlock(Block):
    """A block whose places are looked up in the text."""

    __slots__ = ("_offsets", "_pairs", "_source", "_start")

    def __init__(self, name: str, parent: "PlainBlock | None", source: _Source, start: int) -> None:
        super().__init__(name, parent)
        self._source = source
        self._start = start
        self._pairs: dict[str, str] = {}
        self._offsets: dict[str, list[int]] = {}

    def find_place(self, name: str, number: int) -> tuple[str, int]:
        """Path and line of that child: the texts of a block stand before its inner blocks, so the first ones found are its own."""
        if not name:
            return self.path, self._source.line_at(self._start)
        count = len(self.leaves[name]) if name in self.leaves else self.count(name)
        offsets = self._offsets.get(name)
        if offsets is None:
            tags = re.compile(f"<{name}{_EMPTY}?>").finditer(self._source.text, self._start)
            offsets = self._offsets[name] = [one.start() for one in islice(tags, count)]
        shown = str(number + 1) if number < MAX_NUMBER else f">{MAX_NUMBER}"
        return f"{self.path}/{name}" if count == 1 else f"{self.path}/{name}[{shown}]", self._source.line_at(
            offsets[number]
        )

    def count(self, name: str) -> int:
        """How many pairs of that name there are."""
        return self._pairs[name].count(f"</{name}>") if name in self._pairs else len(self.leaves.get(name, ()))

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Name and value of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""
        if name not in self._pairs:
            return [(one[0], one[2]) for text in self.leaves.get(name, ()) for one in (text.strip().partition("="),)]
        return [(scheme.strip(), value.strip()) for scheme, value in self._texts_of_pairs(name)]

    def halves(self, name: str) -> list[int]:
        """Which of these pairs have no name or no value as elements of their own."""
        if name not in self._pairs:
            return list(range(len(self.leaves.get(name, ()))))
        return [
            number
            for number, (scheme, value) in enumerate(self._texts_of_pairs(name))
            if not scheme.strip(SPACE) or not value.strip(SPACE)
        ]

    def take(self, form: _Form, found: re.Match[str]) -> bool:
        """Keep the texts of that match; False if the grammar does not take one of them."""
        leaves = self.leaves = {
            name: [text] for name, text in zip(form.names, found.groups(), strict=True) if text is not None
        }
        for name in form.pairs:
            (self._pairs[name],) = leaves.pop(name)
        for name, texts in form.repeated:
            if leaves[name][0]:
                leaves[name] = texts.findall(leaves[name][0])
            else:
                del leaves[name]
        if self._source.escaped:
            self.leaves = leaves = {name: [unescape(text) for text in texts] for name, texts in leaves.items()}
        return all(accepts(leaves[name][0]) for name, accepts in form.checks if name in leaves)

    def _texts_of_pairs(self, name: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = _PAIR.findall(self._pairs[name])
        return [(unescape(one), unescape(other)) for one, other in found] if self._source.escaped else found


_PAIR = re.compile(rf"<valueName{_EMPTY}?>([^<]*+)(?:</valueName>{_S})?<value{_EMPTY}?>([^<]*+)")


def find_plain(raw: bytes) -> Message | None:
    """The message in these bytes if they hold one that is plain and keeps to its grammar; None says nothing against it."""
    text = decode(raw) if len(raw) <= MAX_PLAIN else None
    if text is None or (len(text) > MAX_LINES and text.count("\n") > MAX_LINES):
        return None
    opening = _OPENING.match(text)
    at = opening.end() if opening is not None else 0
    return find_plain_at(text, at, len(text.rstrip(SPACE)), 1 + text.count("\n", 0, at))


def find_plain_at(text: str, at: int, end: int, line: int) -> Message | None:
    """As find_plain, for what stands between these places of a decoded text, in that line."""
    start = _START.match(text, at)
    if start is None or start["prefix"] != start["bound"]:
        return None
    prefix = f"{start['prefix']}:" if start["prefix"] else ""
    body = text[start.end() : end]
    signed = _SIGNATURE.search(body) if "Signature" in body else None
    plain = _make_plain(body[: signed.start()] if signed else body, prefix)
    if plain is None:
        return None
    source = _Source(plain + "</alert>" if signed else plain, line + start[0].count("\n"))
    version, _ = MODELS[f"{{{start['namespace']}}}alert"]
    alert = PlainBlock("alert", None, source, 0)
    if _read_block(_form(version), alert, source, 0) != len(source.text):
        return None
    if signed:
        signatures = _find_signatures(start[0] + body[signed.start() :])
        if signatures is None:
            return None
        alert.signatures, alert.lines_above = signatures, line - 1 + body.count("\n", 0, signed.start())
    return Message(version, alert, [])


def decode(raw: bytes) -> str | None:
    """The text of bytes in UTF-8 that XML allows, with one kind of line end; None if they are not."""
    if len(raw.translate(None, _CONTROLS)) != len(raw):
        return None
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n")
        if b"\r" in raw:
            return None
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        return None
    return text if text.isascii() or ("\ufffe" not in text and "\uffff" not in text) else None


def _make_plain(body: str, prefix: str) -> str | None:
    """The same without a prefix; None if it cannot be plain."""
    if "]" in body and "]]>" in body:
        return None
    if "<!" in body:
        body = _COMMENT.sub(r"\1", body)
    if prefix:
        # What has no prefix is then of no namespace at all.
        if body.count("<") != body.count(f"<{prefix}") + body.count(f"</{prefix}"):
            return None
        body = body.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</")
    return None if "&" in body and not are_known(body) else body


def _read_block(form: _Form, block: PlainBlock, source: _Source, at: int) -> int | None:
    """Where that block and all in it end; None if something in it is not plain or breaks the grammar."""
    found = form.pattern.match(source.text, at)
    if found is None or not block.take(form, found):
        return None
    end: int | None = found.end()
    for inner in form.inner:
        while end is not None and source.text.startswith(inner.opening, end):
            one = PlainBlock(inner.name, block, source, end)
            end = _read_block(inner, one, source, end) if one.number < MAX_NUMBER else None
    closed = form.closing.match(source.text, end) if end is not None else None
    return closed.end() if closed else None


def _find_signatures(text: str) -> list[etree._Element] | None:
    """The XML signatures in an alert of nothing else; None if they hold what the grammar would have to look at."""
    try:
        alert = open_xml(text.encode())
    except InputError:
        return None
    found = list(alert)
    tails = (alert.text, *(one.tail for one in found))
    if any((tail or "").strip(SPACE) for tail in tails):
        return None
    if XSI in text and any(f"{{{XSI}}}type" in node.attrib for node in alert.iter()):
        return None
    if not all(one.tag.startswith(f"{{{SIGNATURES}}}") for one in found):
        return None
    return found if next(alert.iterdescendants(*_ANY_CAP), None) is None else None


@cache
def _form(version: str) -> _Form:
    """That of an alert; built once for each version (defect 3)."""
    return _make_form(MODELS[f"{{{VERSIONS[version]}}}alert"][1])


def _make_form(model: Model) -> _Form:
    """The expressions of one kind of block and of those in it, from the grammar."""
    places = dict(zip(model.content.split(), model.places.values(), strict=True))
    leaves = {word: place for word, place in places.items() if place.model is None or place.name in PAIRS}
    repeated = [place.name for word, place in leaves.items() if word[-1] in "*+"]
    pairs = tuple(place.name for place in leaves.values() if place.model is not None)
    start = "" if model.name == "alert" else f"<{model.name}>"
    return _Form(
        name=model.name,
        opening=start,
        # An empty text is a group of its own: what is not there is in neither.
        names=tuple(p.name for word, p in leaves.items() for _ in range(1 if word[-1] in "*+" or p.pattern else 2)),
        repeated=tuple((name, re.compile(f"<{name}{_EMPTY}?>([^<]*+)")) for name in repeated if name not in pairs),
        pairs=pairs,
        checks=tuple((p.name, p.accepts) for p in leaves.values() if p.accepts is not None and not p.pattern),
        pattern=re.compile(start + _S + "".join(_expression(word, place) for word, place in leaves.items())),
        inner=tuple(_make_form(p.model) for p in places.values() if p.model is not None and p.name not in PAIRS),
        closing=re.compile(f"</{model.name}>{_S}"),
    )


def _expression(word: str, place: Place) -> str:
    """One child as it may stand there, its text as a group; all of them as one group where there may be several."""
    often = word[-1] if word[-1] in "?*+" else ""
    if often in {"*", "+"}:
        return f"((?:{_element(place)}){often}+)"
    return f"(?:{_element(place, group='(', empty='()')}){often}"


def _element(place: Place, *, group: str = "(?:", empty: str = "") -> str:
    name = place.name
    if place.model is not None:
        inside = _S + "".join(_element(one) for one in place.model.places.values())
        return f"<{name}>{inside}</{name}>{_S}"
    if place.pattern:
        return f"<{name}>{group}{place.pattern})</{name}>{_S}"
    return f"<{name}(?:>{group}[^<]*+)</{name}|{_EMPTY}{empty})>{_S}"
