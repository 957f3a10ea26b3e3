"""What would break if a file could be checked twice with two answers, open something, or hide a message."""

import gc
import sys
import weakref

import pytest
from tests.unit.cap.test_rules import GOOD, both, leaf, to, version, without

from tocsin.cap import schema
from tocsin.cap.check import MAX_FINDINGS, Checked, check_cap, checked_as_json
from tocsin.cap.finding import Level
from tocsin.cap.grammar import SIGNATURES
from tocsin.cap.opening import MAX_BYTES, MAX_TAGS, SMALL, RefusedError, open_xml
from tocsin.cap.tree import find_message
from tocsin.errors import InputError

BODY = GOOD.partition("?>\n")[2]
TWO_CATEGORIES = GOOD.replace("<category>", "<category>Met</category><category>", 1)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>a</title>{}</feed>'
ENTRY = "<entry><id>{}</id><content>{}</content></entry>"
EDXL = '<e:EDXLDistribution xmlns:e="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><e:contentObject>{}</e:contentObject></e:EDXLDistribution>'


def only(raw: bytes) -> Checked:
    (checked,) = check_cap(raw)
    return checked


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "CAP-47"),
    "blanks": (b" \n", "CAP-47"),
    "no XML": (b"hello", "CAP-47"),
    "cut off": (GOOD.encode()[:900], "CAP-47"),
    "two roots": ((BODY * 2).encode(), "CAP-47"),
    "a byte that is no UTF-8": (GOOD.replace("Moscow", "\xff").encode("latin-1"), "CAP-47"),
    "UTF-7": (GOOD.replace("UTF-8", "UTF-7").encode(), "CAP-47"),
    "an encoding of nobody": (GOOD.replace("UTF-8", "rot13").encode(), "CAP-47"),
    "UTF-32": (GOOD.replace("UTF-8", "UTF-32").encode("utf-32-be"), "CAP-47"),
    "an entity that is not declared": (leaf("event", "&xxe;")(GOOD).encode(), "CAP-47"),
    "nested deep": (b"<a>" * 5000 + b"</a>" * 5000, "CAP-47"),
    "a DOCTYPE": (f"<!DOCTYPE alert>{BODY}".encode(), "CAP-48"),
    "a DOCTYPE after a comment": (f"<!-- a --><?b c?>\n<!DOCTYPE alert [<!ENTITY a 'b'>]>{BODY}".encode(), "CAP-48"),
    "a DOCTYPE in UTF-16": (f"<!DOCTYPE alert>{BODY}".encode("utf-16"), "CAP-48"),
    "a DOCTYPE in UTF-16 without a mark": (GOOD.replace("UTF-8", "UTF-16LE").replace("<alert", "<!DOCTYPE alert><alert", 1).encode("utf-16-le"), "CAP-48"),
    "a file of another": (f"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{BODY}".replace("Moscow", "&x;").encode(), "CAP-48"),
    "too long": (b" " * (MAX_BYTES + 1), "CAP-48"),
    "too many tags": (b"<a>" + b"<b/>" * MAX_TAGS + b"</a>", "CAP-48"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_opened_is_one_object_that_says_why(name: str) -> None:
    raw, rule = REFUSED[name]
    checked = only(raw)
    assert (checked.version, checked.schema_valid, checked.valid) == (None, False, False)
    assert [one.rule for one in checked.findings] == [rule]


HIDDEN: dict[str, bytes] = {
    "an entity": leaf("headline", "&lt;b>a")(GOOD).encode(),
    "a number": leaf("headline", "&#60;b>a")(GOOD).encode(),
    "a number in hexadecimal": leaf("headline", "&#x3C;b>a")(GOOD).encode(),
    "CDATA": leaf("headline", "<![CDATA[<b>a]]>")(GOOD).encode(),
    "CDATA in UTF-16": leaf("headline", "<![CDATA[<b>a]]>")(GOOD).replace("UTF-8", "UTF-16").encode("utf-16"),
    "an entity in UTF-16, big end first": b"\xfe\xff" + leaf("headline", "&lt;b>a")(BODY).encode("utf-16-be"),
    "an entity of HTML": leaf("headline", "a &amp;amp; b")(GOOD).encode(),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_markup_is_found_however_a_file_writes_its_first_character(name: str) -> None:
    """Texts are looked at for markup only in a file that may hold some: none is passed over by that."""
    assert [(one.rule, one.path) for one in only(HIDDEN[name]).findings] == [("CAP-29", "alert/info/headline")]


TAKEN: dict[str, bytes] = {
    "a mark of UTF-8": b"\xef\xbb\xbf" + GOOD.encode(),
    "UTF-16": GOOD.replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-16 that names the order of its bytes": b"\xff\xfe" + GOOD.replace("UTF-8", "UTF-16LE").encode("utf-16-le"),
    "UTF-16 without a mark": GOOD.replace("UTF-8", "UTF-16BE").encode("utf-16-be"),
    "ISO-8859-1": GOOD.replace("UTF-8", "ISO-8859-1").replace("Moscow", "Zürich").encode("latin-1"),
    "ISO-8859-1 without its first hyphen": GOOD.replace("UTF-8", "ISO8859-1")
    .replace("Moscow", "Zürich")
    .encode("latin-1"),
    "Windows by its number alone": GOOD.replace("UTF-8", "cp1252").replace("Moscow", "Zürich").encode("cp1252"),
    "no declaration": BODY.encode(),
    "the word DOCTYPE in a text": leaf("description", "<![CDATA[a form <!DOCTYPE is not ours]]>")(GOOD).encode(),
    "a comment in a value": leaf("status", "Act<!-- a -->ual")(GOOD).encode(),
    "where a schema lies": GOOD.replace(
        "<alert ",
        '<alert xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="urn:oasis:names:tc:emergency:cap:1.2 file:///etc/passwd" ',
    ).encode(),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_right_is_taken_however_it_is_written(name: str) -> None:
    checked = only(TAKEN[name])
    assert (checked.version, checked.schema_valid, checked.valid, checked.findings) == ("1.2", True, True, ())


def test_no_file_that_a_message_names_is_opened() -> None:
    opened: list[object] = []
    watching = True

    def watch(event: str, values: tuple[object, ...]) -> None:
        if watching and event in {"open", "socket.connect", "socket.getaddrinfo"}:
            opened.append(values[0])

    check_cap(GOOD.encode())
    sys.addaudithook(watch)
    for raw in (*TAKEN.values(), *(raw for raw, _ in REFUSED.values())):
        check_cap(raw)
    watching = False
    assert opened == []


def test_a_root_that_is_no_message_is_told() -> None:
    checked = only(b"<html/>")
    assert (checked.version, checked.schema_valid, checked.valid) == (None, None, False)
    assert checked.findings[0].message.startswith("root element is 'html', expected alert")


@pytest.mark.parametrize("one", ["1.0", "1.1"])
def test_an_older_message_is_read_by_mapping_and_its_faults_are_found(one: str) -> None:
    old = both(version(one), leaf("circle", "1,2"), leaf("certainty", "Very Likely"))(GOOD)
    old = old.replace("urn:oasis:names:tc:emergency:cap:1.0", "http://www.incident.com/cap/1.0")
    checked = only(old.encode())
    assert (checked.version, checked.schema_valid, checked.valid) == (one, None, False)
    levels = {(found.rule, found.level.value) for found in checked.findings}
    assert {("CAP-01", "advice"), ("CAP-26", "warning"), ("CAP-37", "error")} <= levels


def test_words_that_look_like_a_version_in_a_text_are_left_alone() -> None:
    told = leaf("description", "urn:oasis:names:tc:emergency:cap:1.1 is old")(GOOD)
    assert only(told.encode()).version == "1.2"


def test_each_message_of_a_feed_is_an_entry_of_its_own() -> None:
    entries = ENTRY.format("a", BODY) + ENTRY.format("b", "") + ENTRY.format("c", without("identifier")(BODY))
    checked = check_cap(ATOM.format(entries).encode())
    assert [(one.entry, one.valid) for one in checked] == [(0, True), (1, False)]
    assert checked_as_json(checked[1], file="f")["entry"] == 1
    assert checked[1].findings[0].path == "alert"


def test_an_envelope_is_opened_as_a_feed_is() -> None:
    assert [one.entry for one in check_cap(EDXL.format(BODY * 3).encode())] == [0, 1, 2]


KNOWN: dict[str, str] = {
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><content>{}</content></entry></feed>',
    "an entry of Atom": '<entry xmlns="http://www.w3.org/2005/Atom"><content>{}</content></entry>',
    "RSS 1.0": '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item>{}</item></r:RDF>',
    "EDXL-DE 2.0": '<e:edxlDistribution xmlns:e="urn:oasis:names:tc:emergency:EDXL:DE:2.0"><e:embeddedXMLContent>{}</e:embeddedXMLContent></e:edxlDistribution>',
    "IPAWS": '<ns1:alerts xmlns:ns1="http://gov.fema.ipaws.services/feed">{}</ns1:alerts>',
    "SOAP": '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>',
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_known_to_carry_messages_is_opened_without_a_word(name: str) -> None:
    checked = check_cap(KNOWN[name].format(BODY + without("identifier")(BODY)).encode())
    assert [(one.entry, one.schema_valid) for one in checked] == [(0, True), (1, False)]
    assert checked[0].findings == ()
    assert check_cap(KNOWN[name].format("").encode()) == ()


@pytest.mark.parametrize("root", ["alerts", 'kml xmlns="http://www.opengis.net/kml/2.2"', "x:y xmlns:x='urn:x'"])
def test_a_root_that_nobody_knows_is_told_once_and_its_messages_are_read(root: str) -> None:
    end = root.split(maxsplit=1)[0]
    checked = check_cap(f"<{root}><a>{BODY}</a>{BODY}</{end}>".encode())
    assert [(one.entry, one.schema_valid, one.valid) for one in checked] == [(0, True, True), (1, True, True)]
    assert [(one.rule, one.level.value, one.path) for one in checked[0].findings] == [("CAP-01", "advice", "")]
    assert checked[1].findings == ()


def test_a_root_that_nobody_knows_without_a_message_is_an_error() -> None:
    for raw in (b"<alerts/>", b'<alerts><alert xmlns="urn:oasis:names:tc:emergency:cap:1.3"/></alerts>'):
        checked = only(raw)
        assert (checked.entry, checked.version, checked.schema_valid, checked.valid) == (None, None, None, False)
        assert [one.rule for one in checked.findings] == ["CAP-01"]


def test_a_message_inside_a_message_is_no_entry() -> None:
    inside = BODY.replace("<note/>", "").replace("<info>", f"<info>{BODY}", 1)
    checked = check_cap(ATOM.format(ENTRY.format("a", inside)).encode())
    assert [one.valid for one in checked] == [False]


def test_a_feed_without_a_message_has_no_entry() -> None:
    assert check_cap(ATOM.format(ENTRY.format("a", "text")).encode()) == ()


def test_defect_7_a_message_of_two_categories_leaves_nothing_behind() -> None:
    before = check_cap(GOOD.encode())
    assert only(TWO_CATEGORIES.encode()).valid
    assert check_cap(GOOD.encode()) == before


def test_defect_3_the_grammar_is_built_once() -> None:
    check_cap(GOOD.encode())
    built = schema._grammar.cache_info().misses
    for _ in range(50):
        check_cap(GOOD.encode())
        check_cap(TWO_CATEGORIES.encode())
    assert schema._grammar.cache_info().misses == built


def test_defect_4_two_messages_of_one_minute_are_two() -> None:
    second = leaf("identifier", "a.2")(BODY).replace("18:00:00+03:00</sent>", "18:00:30+03:00</sent>")
    entries = ENTRY.format("a", BODY) + ENTRY.format("a", second)
    assert [(one.entry, one.valid) for one in check_cap(ATOM.format(entries).encode())] == [(0, True), (1, True)]


def test_defect_6_an_update_that_replaces_nothing_is_an_error() -> None:
    checked = only(leaf("references", "")(GOOD).encode())
    assert [(one.rule, one.level.value) for one in checked.findings] == [("CAP-12", "error")]


def test_a_message_is_gone_when_it_was_checked() -> None:
    message = find_message(open_xml(GOOD.encode()))
    assert message is not None
    gc.disable()
    try:
        watched = weakref.ref(message.alert)
        del message
        assert watched() is None
    finally:
        gc.enable()


def test_more_points_than_any_area_has_are_refused() -> None:
    ring = "1.5,2.5 " * 200_000 + "1.5,2.5"
    checked = only(leaf("polygon", ring)(GOOD).encode())
    assert ("CAP-48", "error") in {(one.rule, one.level.value) for one in checked.findings}


HOSTILE: dict[str, bytes] = {
    "a hundred thousand unknown elements": GOOD.replace("<code>", "<x/>" * 100_000 + "<code>").encode(),
    "a hundred thousand wrong polygons": leaf("circle", "1")(GOOD).replace("<circle>", "<polygon>1</polygon>" * 100_000 + "<circle>").encode(),
    "a million digits": leaf("circle", "1,2 " + "9" * 1_000_000 + "x")(GOOD).encode(),
    "ten million points": leaf("polygon", "1,2 " * 5_000_000)(GOOD).encode(),
    "a million references": leaf("references", "a " * 1_000_000)(GOOD).encode(),
    "a link of a million brackets": leaf("web", "http://[" * 500_000)(GOOD).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_gets_a_short_answer_and_no_error_is_lost(name: str) -> None:
    checked = only(HOSTILE[name])
    assert not checked.valid
    assert len(checked.findings) <= MAX_FINDINGS + 100


def test_an_error_behind_a_thousand_pieces_of_advice_is_still_an_error() -> None:
    areas = "<area><areaDesc>a</areaDesc></area>" * (MAX_FINDINGS + 10)
    wrong = GOOD.replace("</info>", areas + "<area><areaDesc>a</areaDesc><polygon/></area></info>")
    checked = only(wrong.encode())
    assert [one.rule for one in checked.findings[-2:]] == ["CAP-35", "CAP-48"]
    assert (checked.findings[-2].level.value, checked.valid) == ("error", False)


def test_a_profile_of_nobody_is_refused() -> None:
    with pytest.raises(InputError, match="no profile 'x'"):
        check_cap(GOOD.encode(), profile="x")


def test_a_refusal_says_its_rule() -> None:
    with pytest.raises(RefusedError) as caught:
        open_xml(b"<a")
    assert caught.value.rule == "CAP-47"


def test_a_doctype_is_told_at_its_line() -> None:
    raw = GOOD.replace("<alert", "<!-- a\nb -->\n<!DOCTYPE alert><alert", 1).encode()
    (finding,) = only(raw).findings
    assert (finding.rule, finding.line) == ("CAP-48", 4)


TYPES = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="http://www.w3.org/2001/XMLSchema"'
TYPED: dict[str, tuple[str, str, bool]] = {
    "a text that is a string": ("<event>", '<event i:type="s:string">', True),
    "a text of a narrower type": ("<event>", '<event i:type="s:token">', True),
    "a text of a number": ("<event>", '<event i:type="s:int">', False),
    "an area that is a string": ("<area>", '<area i:type="s:string">', False),
    "a geocode that is a token": ("<geocode>", '<geocode i:type="s:token">', False),
    "a text in a signature": ("</alert>", f'<Signature xmlns="{SIGNATURES}"><Object i:type="s:int">5</Object></Signature></alert>', True),
    "an element with an attribute in a signature": ("</alert>", f'<Signature xmlns="{SIGNATURES}"><DigestMethod Algorithm="x" i:type="s:string"/></Signature></alert>', False),
}  # fmt: skip


@pytest.mark.parametrize("located", ["", ' i:schemaLocation="urn:oasis:names:tc:emergency:cap:1.2 nowhere.xsd"'])
@pytest.mark.parametrize("name", TYPED)
def test_a_type_that_a_message_names_is_taken_where_the_schema_takes_it(name: str, located: str) -> None:
    old, new, right = TYPED[name]
    raw = both(to("<alert ", f"<alert {TYPES}{located} "), to(old, new))(GOOD).encode()
    checked = only(raw)
    assert checked.schema_valid is right
    assert any(one.level is Level.ERROR for one in checked.findings) is not right


def test_a_hundred_thousand_attributes_or_types_get_their_answer() -> None:
    """Naming each would take a time that grows with the square of their number: a minute for these."""
    many = " ".join(f'a{number}="1"' for number in range(100_000))
    assert only(to("<event>", f"<event {many}>")(GOOD).encode()).schema_valid is False
    named = " ".join(f'xmlns:n{number}="u{number}"' for number in range(10_000))
    typed = '<parameter i:type="n1:x"><valueName>a</valueName><value>b</value></parameter>' * 10_000
    raw = both(to("<alert ", f"<alert {TYPES} {named} "), to("<resource>", f"{typed}<resource>"))(GOOD).encode()
    assert only(raw).schema_valid is False


def test_a_large_message_of_many_elements_is_not_shown_to_a_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schema's time grows with the square of what it finds wrong: half a million codes without a value would take it over an hour."""
    asked: list[str] = []
    monkeypatch.setattr("tocsin.cap.tree.is_valid", lambda version, _: asked.append(version))
    bad = "<parameter><valueName>a</valueName></parameter>"
    checked = only(to("<resource>", bad * (SMALL // len(bad)) + "<resource>")(GOOD).encode())
    assert asked == []
    assert (checked.schema_valid, checked.valid) == (False, False)
    assert {one.rule for one in checked.findings if one.level is Level.ERROR} == {"CAP-02"}
    only(to("<resource>", bad + "<resource>")(GOOD).encode())
    assert asked == ["1.2"]
