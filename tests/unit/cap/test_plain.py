"""What would break if a message read from its text alone were read otherwise than by a parser, or called right without one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.unit.cap.test_check import ATOM, BODY, EDXL, ENTRY
from tests.unit.cap.test_rules import CASES, GOOD, both, leaf, signed, to, version, without

from tocsin.cap.block import Block
from tocsin.cap.check import check_cap
from tocsin.cap.escapes import are_known, unescape
from tocsin.cap.opening import RefusedError, open_xml
from tocsin.cap.plain import find_plain
from tocsin.cap.tree import find_message

Change = Callable[[str], str]
PREFIXED = (
    GOOD.replace("</", "</c:")
    .replace("<", "<c:")
    .replace("<c:/c:", "</c:")
    .replace("<c:?", "<?")
    .replace("xmlns=", "xmlns:c=")
)

PLAIN: dict[str, str] = {
    "as it is": GOOD,
    "an older version": version("1.1")(GOOD),
    "a prefix": PREFIXED,
    "line ends of Windows": GOOD.replace("\n", "\r\n"),
    "a mark of UTF-8": "\ufeff" + GOOD,
    "a style sheet and a comment before": to("?>\n", '?>\n<?xml-stylesheet href="a?b"?><!-- a -->\n')(GOOD),
    "a comment between elements": to("<code>", "<!-- a -->  <code>")(GOOD),
    "one tag for both": to("<code>X</code>", "<code/><code />")(GOOD),
    "references": leaf("event", "a &lt;b&gt; &amp; &#233;&#x10FFFF;&quot;")(GOOD),
    "a > in a text": leaf("event", "a > b ]]")(GOOD),
    "signed": signed()(GOOD),
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_is_plain_is_read_as_the_parser_reads_it(name: str) -> None:
    raw = PLAIN[name].encode()
    assert all_of(find_plain(raw)) == all_of(find_message(open_xml(raw)))


NOT_PLAIN: dict[str, Change] = {
    "CDATA": leaf("event", "<![CDATA[a]]>"),
    "the end of CDATA": leaf("event", "a]]>"),
    "a comment in a value": leaf("status", "Act<!-- a -->ual"),
    "a comment of two lines": to("<code>", "<!-- a\n --><code>"),
    "a comment that never ends": to("<code>", "<!-- a <code>"),
    "two hyphens in a comment": to("<code>", "<!-- a -- b --><code>"),
    "an attribute": to("<code>", '<code a="b">'),
    "an instruction": to("<code>", "<?a?><code>"),
    "an entity": leaf("event", "&xxe;"),
    "a bare &": leaf("event", "a & b"),
    "a number that is no character": leaf("event", "&#0;"),
    "half a pair of characters": leaf("event", "&#xD800;"),
    "a control character": leaf("event", "\x01"),
    "what is no character": leaf("event", "\uffff"),
    "a DOCTYPE": to("<alert ", "<!DOCTYPE alert><alert "),
    "no namespace": to('xmlns="urn:oasis:names:tc:emergency:cap:1.2"', 'xmlns="urn:a"'),
    "another namespace beside it": to("<alert ", '<alert xmlns:a="urn:a" '),
    "a prefix of something else": to("<code>X</code>", "<a:code>X</a:code>"),
    "another end tag": to("</sender>", "</code>"),
    "cut off": lambda text: text[:900],
    "something after it": lambda text: text + "x",
    "another encoding": to("UTF-8", "ISO-8859-1"),
    "a version of XML that nobody writes": to('version="1.0"', 'version="1.1"'),
    "a line end of its own": to("<code>", "\r<code>"),
    "text between": to("<info>", "x<info>"),
    "an alert within a signature": signed(to("<s:SignatureValue>a", f"<s:SignatureValue>{BODY}")),
    "a type within a signature": signed(to("<s:SignatureValue>", '<s:SignatureValue xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="a">')),
    "something after a signature": signed(lambda text: text.replace("</s:Signature>", "</s:Signature><note/>")),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_is_left_to_the_parser(name: str) -> None:
    assert find_plain(NOT_PLAIN[name](GOOD).encode("utf-8", "surrogatepass")) is None


@pytest.mark.parametrize("name", CASES)
def test_the_long_way_says_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = CASES[name][0](GOOD).encode()
    feed = ATOM.format(ENTRY.format("a", CASES[name][0](BODY)) * 2).encode() if name != "cut off" else raw
    fast = check_cap(raw), check_cap(feed)
    monkeypatch.setattr("tocsin.cap.check.find_plain", lambda _: None)
    monkeypatch.setattr("tocsin.cap.check.check_each", lambda *_: None)
    assert (check_cap(raw), check_cap(feed)) == fast


pieces = st.sampled_from(
    [
        "<",
        ">",
        "&",
        "&amp;",
        "&#10;",
        "/>",
        "]]>",
        "<!--",
        "-->",
        "<![CDATA[",
        "<note/>",
        "<a",
        "\r",
        "\n",
        "\u00a0",
        '"',
        "x",
        "<?",
        "?>",
        "1,2 ",
        "</event>",
    ]
)


@given(st.lists(pieces, max_size=6), st.sampled_from(["event", "code", "polygon", "sent", "value"]))
def test_no_text_is_read_otherwise_than_by_the_parser(some: list[str], name: str) -> None:
    raw = leaf(name, "".join(some))(GOOD).encode()
    plain = find_plain(raw)
    if plain is not None:
        assert all_of(plain) == all_of(find_message(open_xml(raw)))


FEEDS: dict[str, str] = {
    "a feed": ATOM.format(ENTRY.format("a", BODY) * 3),
    "an envelope": EDXL.format(BODY * 2),
    "a message in a comment": ATOM.format(f"<!-- {BODY} -->{ENTRY.format('a', BODY)}"),
    "a message in CDATA": ATOM.format(f"<b><![CDATA[{BODY}]]></b>{ENTRY.format('a', BODY)}"),
    "a message that is not plain": ATOM.format(ENTRY.format("a", BODY) + ENTRY.format("b", leaf("event", "<![CDATA[a]]>")(BODY)) + BODY),
    "a message with a fault": ATOM.format("\n\n" + ENTRY.format("a", without("identifier")(BODY)) + "\n" + leaf("web", "x")(BODY)),
    "a message within a message": ATOM.format(BODY.replace("<info>", f"<info>{BODY}", 1) + BODY),
    "no message": ATOM.format(ENTRY.format("a", "text")),
    "what looks like the place of one": ATOM.format('<cut xmlns="tocsin:plain"/>' + BODY),
    "prefixed ones": ATOM.format(PREFIXED.partition("?>")[2] * 2),
    "cut off": ATOM.format(BODY)[:-3],
    "an end tag too many": ATOM.format(BODY + "</alert>"),
    "a DOCTYPE": "<!DOCTYPE feed>" + ATOM.format(BODY),
    "signed": ATOM.format("\n" + both(signed())(BODY) * 2),
}  # fmt: skip


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_read_as_the_parser_reads_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = check_cap(FEEDS[name].encode())
    monkeypatch.setattr("tocsin.cap.check.check_each", lambda *_: None)
    assert check_cap(FEEDS[name].encode()) == fast


@given(st.text())
def test_a_text_that_is_escaped_is_read_back(text: str) -> None:
    try:
        written = etree.tostring(make(text), encoding="unicode").removeprefix("<a>").removesuffix("</a>")
    except ValueError:
        return
    if not written.startswith("<a"):
        assert are_known(written)
        assert unescape(written) == text


def make(text: str) -> etree._Element:
    node = etree.Element("a")
    node.text = text
    return node


@given(st.sampled_from(["&#{};", "&#x{:X};"]), st.integers(0, 0x120000))
def test_a_number_is_a_character_where_the_parser_takes_it(form: str, number: int) -> None:
    written = form.format(number)
    try:
        meant = open_xml(f"<a>{written}</a>".encode()).text
    except RefusedError:
        assert not are_known(written)
    else:
        assert are_known(written)
        assert unescape(written) == meant


def all_of(message: object) -> object:
    """All that a rule may ask of a message, and where each text stands."""
    if message is None:
        return None
    assert isinstance(message, tuple)
    version_, alert, breaches = message
    return version_, breaches, block(alert), [etree.tostring(one, with_tail=False) for one in alert.signatures]


def block(one: Block) -> object:
    texts = {name: tuple(one.texts(name)) for name in one.leaves}
    spots = [one.at(name, number).find() for name, all_ in texts.items() for number in range(len(all_))]
    pairs = {name: one.pairs(name) for name in ("eventCode", "parameter", "geocode")}
    at_pairs = [one.at_pair(name, number).find() for name, all_ in pairs.items() for number in range(len(all_))]
    halves, has = one.halves("geocode"), {name: one.has_pair(name) for name in pairs}
    inner = {
        name: [block(b) for b in all_] for name, all_ in one.blocks.items() if name in {"info", "resource", "area"}
    }
    return one.name, texts, one.at().find(), spots, pairs, at_pairs, halves, has, inner
