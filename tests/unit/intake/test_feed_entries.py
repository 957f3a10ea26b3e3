"""A feed taken apart: each entry reads alone as in its feed, keeps its bytes, and none is lost or read twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.errors import InputError
from tocsin.intake.container import read_container, split_reports
from tocsin.intake.feed_entries import MOST_TAG_BYTES, cut_feed
from tocsin.intake.read_feed import MOST_ENTRIES

ATOM = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x">{head}{entries}</feed>'
RSS = "<rss version='2.0'><channel><title>a > b</title>{entries}</channel></rss>"
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    "<channel><title>x</title></channel>{entries}</rdf:RDF>"
)
WORDS = st.text("ab é\U0001f514Я&<>]", max_size=20)


def entry(words: str, more: str = "") -> str:
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<entry><title>Alert</title><x:y/><updated>2024-03-07T10:00:00Z</updated><content>{plain}</content>{more}</entry>"


def item(words: str) -> str:
    return f"<item><title>Alert</title><description><![CDATA[{words} </item>]]></description></item>"


def atom(*entries: str, head: str = "<title>x</title>") -> bytes:
    return ATOM.format(head=head, entries="".join(entries)).encode()


FEEDS = {
    "Atom": atom(entry("one"), entry("two")),
    "RSS, an end tag among the words": RSS.format(entries=item("one") + item("two")).encode(),
    "RSS 1.0": RDF.format(entries=item("one") + item("two")).encode(),
    "an entry inside of an entry": atom(entry("one", "<source><entry>no</entry></source>"), entry("two")),
    "a mark of the byte order": b"\xef\xbb\xbf" + atom(entry("one"), entry("two")),
    "another alphabet": ATOM.replace("utf-8", "windows-1251").format(head="", entries=entry("Я") * 2).encode("cp1251"),
    "a tag that holds its end": atom(entry("one"), entry("two")).replace(b'"urn:x"', b'"urn:>"'),
    "an entry that says nothing": atom("<entry/>", entry("one"), "<entry></entry>", entry("two")),
}


@pytest.mark.parametrize("name", FEEDS)
def test_each_entry_reads_alone_as_it_does_in_its_feed(name: str) -> None:
    alone = split_reports(FEEDS[name])
    assert len(alone) == 2
    read = [replace(part, entry=number) for number, one in enumerate(alone) for part in read_container(one)]
    assert tuple(read) == read_container(FEEDS[name])


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_the_bytes_of_an_entry_are_those_that_came_and_a_cut_feed_stays_as_it_is(words: list[str]) -> None:
    entries = [entry(one) for one in words]
    cut = cut_feed(atom(*entries))
    assert len(cut) == len(entries)
    assert all(one.encode() in alone for one, alone in zip(entries, cut, strict=True))
    assert [cut_feed(alone) for alone in cut] == [(alone,) for alone in cut]


def test_the_same_entry_of_a_later_feed_has_the_same_bytes() -> None:
    first = atom(entry("one"), entry("two"), head="<updated>2024-03-07T10:00:00Z</updated>")
    later = atom(entry("three"), entry("one"), head="<updated>2024-03-08T10:00:00Z</updated>")
    assert set(cut_feed(first)) & set(cut_feed(later)) == {cut_feed(first)[0]}


def test_what_is_no_feed_is_one_report_as_it_came() -> None:
    assert split_reports(b"Avoid crowds in Moscow.") == (b"Avoid crowds in Moscow.",)


FAULTS = {
    "not well-formed": (atom(entry("one")).replace(b"</entry>", b""), "not well-formed"),
    "an alphabet that nobody knows": (atom(entry("one")).replace(b"utf-8", b"utf-x9"), "not well-formed"),
    "more entries than are read": (atom(entry("one") * (MOST_ENTRIES + 1)), "more than"),
    "a tag as long as a book": (
        atom(entry("one")).replace(b"urn:x", b"u" * MOST_TAG_BYTES),
        "tags of more than",
    ),
    "entries where no feed has them": (
        atom("<a><b><c>" + entry("one") + "</c></b></a>", entry("two")),
        "can be read alone",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_feed_that_cannot_be_taken_apart_is_refused_as_a_whole(name: str) -> None:
    raw, words = FAULTS[name]
    with pytest.raises(InputError, match=words):
        split_reports(raw)


@given(st.binary(max_size=200))
def test_no_bytes_in_a_feed_do_more_than_be_refused(noise: bytes) -> None:
    raw = atom(entry("one")).replace(b"one", noise)
    try:
        found = cut_feed(raw)
    except InputError:
        return
    assert [cut_feed(one) for one in found] == [(one,) for one in found]
