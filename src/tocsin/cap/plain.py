"""Reads a message that is written plainly from its text alone, without a parser: one expression for each block of it.

CAP has no element within itself, so its messages are a regular language: what these expressions take in full is well-formed
and keeps to the grammar that they are made from. Whatever else a message holds (CDATA, an attribute, a fault) makes it not
plain: then tree.py reads it, and says the same of all that both can read.
"""

import re

from lxml import etree

from tocsin.cap.block import Block, Message
from tocsin.cap.escapes import are_known, unescape
from tocsin.cap.finding import MAX_NUMBER
from tocsin.cap.forms import Form, S, form_of
from tocsin.cap.grammar import MODELS, SIGNATURES, SPACE, VERSIONS, XSI
from tocsin.cap.opening import open_xml
from tocsin.errors import InputError

MAX_PLAIN = 4 * 1024 * 1024
"""Bytes of one message; the parser has limits of its own beyond it, and they are its to tell."""
MAX_LINES = 65_534
"""Of one message by itself: the parser does not count further."""
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_Q = "[\"']"
OPENING = re.compile(
    rf"(?:<\?xml[ \t\n]++version{S}={S}(?P<a>{_Q})1\.0(?P=a)"
    rf"(?:[ \t\n]++encoding{S}={S}(?P<b>{_Q})(?:utf|UTF)-8(?P=b))?"
    rf"(?:[ \t\n]++standalone{S}={S}(?P<c>{_Q})(?:yes|no)(?P=c))?{S}\?>)?"
    rf"{S}(?:(?:<\?xml-stylesheet[ \t\n](?:[^?]|\?(?!>))*+\?>|<!--(?:[^-]|-(?!-))*+-->){S})*+"
)
"""What may stand before the first element of a plain text."""
_START = re.compile(
    r"<(?:(?P<prefix>(?!xml|XML)[A-Za-z][A-Za-z0-9]{0,30}):)?alert[ \t\n]++xmlns(?::(?P<bound>[A-Za-z0-9]++))?"
    rf"{S}={S}(?P<q>{_Q})(?P<namespace>{'|'.join(map(re.escape, VERSIONS.values()))})(?P=q){S}>"
)
_EMPTY = re.compile(r"<([A-Za-z]++)[ \t]*+/>")
_COMMENT = re.compile(r"(>[ \t\n]*+)<!--(?:[^\n-]|-(?!-))*+-->(?=[ \t\n]*+<)")
"""Between two elements and within a line: without it all else stands in the line where it stood."""
_SIGNATURE = re.compile(r"<(?:[A-Za-z0-9]++:)?Signature[ \t\n>]")
_ANY_CAP = tuple(f"{{{namespace}}}*" for namespace in VERSIONS.values())
_LOOSE = re.compile(r"<(?:/value(?<=[ \t\n]</value)|value(?:Name)?>[ \t\n])")
"""A blank where the text of a pair begins or ends."""
_PAIR = re.compile(rf"<valueName>([^<]*+)</valueName>{S}<value>([^<]*+)")


class _Source:
    """The text below the start tag that ends in line `first`: lines are counted from where the last one was asked for."""

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

    def __init__(self, name: str, parent: "PlainBlock | None", source: _Source, start: int) -> None:
        super().__init__(name, parent)
        self._source = source
        self._start = start
        self.escaped = source.escaped
        self._pairs: dict[str, str] = {}
        self._offsets: dict[str, list[int]] = {}

    def find_place(self, name: str, number: int) -> tuple[str, int]:
        """Path and line of that child."""
        if not name:
            return self.path, self._source.line_at(self._start)
        offsets = self._offsets.get(name)
        if offsets is None:
            # The texts of a block stand before its inner blocks, so the first ones are its own.
            offsets, at = [], self._start - 1
            for _ in range(self._count(name)):
                at = self._source.text.index(f"<{name}>", at + 1)
                offsets.append(at)
            self._offsets[name] = offsets
        line = self._source.line_at(offsets[number])
        if len(offsets) == 1:
            return f"{self.path}/{name}", line
        shown = str(number + 1) if number < MAX_NUMBER else f">{MAX_NUMBER}"
        return f"{self.path}/{name}[{shown}]", line

    def has_pair(self, name: str) -> bool:
        """Whether there is a pair of that name."""
        return name in self._pairs or name in self.leaves

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """Name and value of each eventCode, parameter or geocode; CAP 1.0 wrote both into one text."""
        if name in self._pairs:
            return [(scheme.strip(), value.strip()) for scheme, value in self._texts_of_pairs(name)]
        return [(one[0], one[2]) for text in self.texts(name) for one in (text.strip().partition("="),)]

    def loose_pairs(self, name: str) -> list[int]:
        """Which of these pairs have white space around their name or value."""
        together = self._pairs.get(name)
        if together is None or not ("&#" in together or _LOOSE.search(together)):
            return []
        return [
            number
            for number, pair in enumerate(self._texts_of_pairs(name))
            if any(text != text.strip(SPACE) for text in pair)
        ]

    def halves(self, name: str) -> list[int]:
        """Which of these pairs have no name or no value as elements of their own."""
        if name not in self._pairs:
            return list(range(len(self.texts(name))))
        return [
            number
            for number, (scheme, value) in enumerate(self._texts_of_pairs(name))
            if not scheme.strip(SPACE) or not value.strip(SPACE)
        ]

    def take(self, form: Form, found: re.Match[str]) -> bool:
        """Keep the texts of that match; False if the grammar does not take one of them."""
        leaves = {name: text for name, text in zip(form.names, found.groups(), strict=True) if text is not None}
        for name in form.pairs:
            if name in leaves:
                self._pairs[name] = leaves.pop(name)
        for name, texts in form.repeated:
            if name in leaves:
                several = texts.findall(leaves[name])
                leaves[name] = several[0]
                if len(several) > 1:
                    self.several[name] = several
        if self.escaped:
            leaves = {name: unescape(text) for name, text in leaves.items()}
            self.several = {name: [unescape(text) for text in texts] for name, texts in self.several.items()}
        self.leaves = leaves
        return not any(name in leaves and not accepts(leaves[name]) for name, accepts in form.checks)

    def _count(self, name: str) -> int:
        return self._pairs[name].count(f"</{name}>") if name in self._pairs else len(self.texts(name))

    def _texts_of_pairs(self, name: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = _PAIR.findall(self._pairs[name])
        return [(unescape(one), unescape(other)) for one, other in found] if self.escaped else found


def find_plain(raw: bytes) -> Message | None:
    """The message in these bytes if they hold one that is plain and keeps to its grammar; None says nothing against it."""
    text = decode(raw) if len(raw) <= MAX_PLAIN else None
    if text is None or (len(text) > MAX_LINES and text.count("\n") > MAX_LINES):
        return None
    opening = OPENING.match(text)
    at = opening.end() if opening is not None else 0
    return find_plain_at(text, at, len(text.rstrip(SPACE)), 1 + text.count("\n", 0, at))


def find_plain_at(text: str, at: int, end: int, line: int) -> Message | None:
    """As find_plain, for what stands between these places of a decoded text, in that line."""
    start = _START.match(text, at)
    if start is None or start["prefix"] != start["bound"]:
        return None
    body = text[start.end() : end]
    signed = _find_signed(body)
    plain = _make_plain(body[:signed], f"{start['prefix']}:" if start["prefix"] else "")
    if plain is None:
        return None
    namespace, first = start["namespace"], line + start[0].count("\n")
    alert = _read_alert(plain, namespace, first)
    if alert is None and "/>" in plain:
        alert = _read_alert(_EMPTY.sub(r"<\1></\1>", plain), namespace, first)
    if alert is None:
        return None
    if signed < len(body):
        signatures = _find_signatures(start[0] + body[signed:])
        if signatures is None:
            return None
        alert.signatures, alert.lines_above = signatures, line - 1 + body.count("\n", 0, signed)
    return Message(MODELS[f"{{{namespace}}}alert"][0], alert, [])


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


def _find_signed(body: str) -> int:
    """Where the first signature begins; the end of the body if there is none."""
    at = body.find("Signature")
    found = _SIGNATURE.search(body, body.rfind("<", 0, at)) if at >= 0 else None
    return found.start() if found else len(body)


def _make_plain(body: str, prefix: str) -> str | None:
    """The same with neither prefix nor comments, and with its end tag; None if it cannot be plain."""
    if "]" in body and "]]>" in body:
        return None
    if "!" in body and "<!" in body:
        body = _COMMENT.sub(r"\1", body)
    if prefix:
        # What has no prefix is then of no namespace at all.
        if body.count("<") != body.count(f"<{prefix}") + body.count(f"</{prefix}"):
            return None
        body = body.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</")
    return None if "&" in body and not are_known(body) else body


def _read_alert(body: str, namespace: str, first: int) -> PlainBlock | None:
    """The alert if the whole of it, up to its signatures, is plain and keeps to the grammar."""
    source, form = _Source(body, first), form_of(namespace)
    alert = PlainBlock("alert", None, source, 0)
    return alert if _read_block(form, alert, source, 0) == len(body) else None


def _read_block(form: Form, block: PlainBlock, source: _Source, at: int) -> int | None:
    """Where that block and all in it end; None if something in it is not plain or breaks the grammar."""
    text = source.text
    found = form.pattern.match(text, at)
    if found is None or not block.take(form, found):
        return None
    end = found.end()
    for inner in form.inner:
        while text.startswith(inner.opening, end):
            one = PlainBlock(inner.name, block, source, end)
            after = _read_block(inner, one, source, end) if one.number < MAX_NUMBER else None
            if after is None:
                return None
            end = after
    closed = form.closing.match(text, end)
    if closed is not None:
        return closed.end()
    return end if block.name == "alert" and end == len(text) else None


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
