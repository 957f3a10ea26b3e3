"""The register takes all rows of a spreadsheet or none, and says which row is wrong."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Point
from tocsin.core.data import read_text_data
from tocsin.errors import InputError
from tocsin.target import table
from tocsin.target.register import Contact, Venue, read_address, read_kind, read_line, read_people, read_venues

PEOPLE = "id,language,zone,lat,lon,email\n"
P1 = "P1,en,Europe/Moscow,55.75,37.61,p1@people.example\n"
P2 = "P2,pt-BR,America/Sao_Paulo,-23.55,-46.63,p2@people.example\n"
VENUES = "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"


def venues(*rows: str) -> bytes:
    return (VENUES + "".join(row + "\n" for row in rows)).encode()


def test_people_are_read_as_they_stand_in_their_order() -> None:
    first, second = read_people((PEOPLE + P2 + P1).encode())

    assert (first.id, first.language, first.zone, first.point) == (
        "P2",
        "pt-BR",
        "America/Sao_Paulo",
        Point(-23.55, -46.63),
    )
    assert second.email == "p1@people.example"


def test_columns_may_stand_in_any_order_and_a_spreadsheets_byte_order_mark_is_no_part_of_them() -> None:
    raw = "email,lon,lat,zone,language,id\np1@people.example,37.61,55.75,Europe/Moscow,en,P1\n".encode("utf-8-sig")

    assert read_people(raw) == read_people((PEOPLE + P1).encode())


BAD_PEOPLE = {
    "empty": (b"", "empty or binary"),
    "blank": (b"\n \n", "empty or binary"),
    "binary": (b"\x00\x01", "empty or binary"),
    "header alone": (PEOPLE.encode(), "no rows"),
    "not UTF-8": (PEOPLE.encode() + "P1,en,Москва".encode("cp1251"), "not UTF-8 at byte 37"),
    "UTF-16": ((PEOPLE + P1).encode("utf-16"), "not UTF-8"),
    "unknown column": (PEOPLE.replace("email", "e-mail").encode() + P1.encode(), "unknown column 'e-mail'"),
    "semicolons": ((PEOPLE + P1).replace(",", ";").encode(), "unknown column 'id;language"),
    "column missing": (PEOPLE.replace(",lon", "").encode(), "column 'lon' is missing"),
    "column twice": (PEOPLE.strip().encode() + b",lat\n", "column 'lat' stands twice"),
    "no header": (P1.encode(), "unknown column 'P1'"),
    "cell missing": ((PEOPLE + P1 + "P2,en\n").encode(), "people, row 3: 2 cells, expected 6"),
    "row cut off": ((PEOPLE + P1 + P2[:-30]).encode(), "people, row 3"),
    "quote left open": ((PEOPLE + '"P1,en').encode(), "after row 1"),
    "id twice": ((PEOPLE + P1 + P2 + P1).encode(), "people, row 4: id 'P1' stands in row 2 too"),
    "id with a colon": ((PEOPLE + P1.replace("P1,", "P:1,")).encode(), "people, row 2: id 'P:1'"),
    "id empty": ((PEOPLE + P1[2:]).encode(), "people, row 2: id ''"),
    "zone unknown": ((PEOPLE + P1.replace("Moscow", "Mosco")).encode(), "people, row 2: time zone 'Europe/Mosco'"),
    "zone outside": (
        (PEOPLE + P1.replace("Europe/Moscow", "../../etc/passwd")).encode(),
        "people, row 2: time zone",
    ),
    "language spelt out": ((PEOPLE + P1.replace(",en,", ",English,")).encode(), "row 2: language 'English'"),
    "latitude off the globe": ((PEOPLE + P1.replace("55.75", "95.75")).encode(), "people, row 2: point 95.75"),
    "decimal comma": ((PEOPLE + P1.replace("55.75", '"55,75"')).encode(), "lat '55,75' is not a decimal"),
    "latitude nan": ((PEOPLE + P1.replace("55.75", "nan")).encode(), "lat 'nan' is not a decimal"),
    "latitude in other digits": ((PEOPLE + P1.replace("55.75", "٥٥")).encode(), "lat '٥٥' is not a decimal"),
    "header smuggled into the address": (
        (PEOPLE + P1.replace("p1@people.example", '"p1@people.example\r\nBcc: x@y.example"')).encode(),
        "people, row 2: a cell holds a control character",
    ),
}


@pytest.mark.parametrize(("raw", "said"), BAD_PEOPLE.values(), ids=BAD_PEOPLE)
def test_one_bad_row_refuses_the_file_and_is_named(raw: bytes, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_people(raw)

    assert said in str(refused.value)


def test_an_unknown_column_names_the_nearest_known_one() -> None:
    with pytest.raises(InputError) as refused:
        read_people((PEOPLE.replace("language", "langauge") + P1).encode())

    assert refused.value.hint == "did you mean 'language'?"


def test_a_file_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 10)

    with pytest.raises(InputError, match="at most 10"):
        read_people(b"\xff" * 11)


@pytest.mark.parametrize(
    "text",
    [
        "a@b@c.example",
        "a.example",
        "@b.example",
        "a@",
        ".a@b.example",
        "a.@b.example",
        "a..b@c.example",
        "a b@c.example",
        "a@b_c.example",
        "a@-b.example",
        "a@b..example",
        "a@b.example\n",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example,c@d.example",
        "<a@b.example>",
        "ä@b.example",
        "a@b.example\u2028",
        "x" * 65 + "@b.example",
        "a@" + "b" * 300,
        "",
    ],
)
def test_an_address_that_could_reach_somebody_else_or_add_a_header_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="people, row 7"):
        read_address(text, "people, row 7")


@given(st.text(max_size=40))
def test_no_address_that_is_taken_holds_a_space_a_line_end_or_two_at_signs(text: str) -> None:
    try:
        taken = read_address(text, "here")
    except InputError:
        return
    assert taken.count("@") == 1
    assert taken.isascii()
    assert not any(c.isspace() or c in '<>,;:"()[]\\' for c in taken)


def test_a_venue_keeps_its_contacts_in_the_order_in_which_they_are_asked() -> None:
    (venue,) = read_venues(venues("V1,Riverside,concert,55.741,37.61,duty manager,a@v.example,deputy,b@v.example,,"))

    assert venue == Venue(
        id="V1",
        name="Riverside",
        kind="concert",
        point=Point(55.741, 37.61),
        contacts=(
            Contact(name="duty manager", email="a@v.example", order=1),
            Contact(name="deputy", email="b@v.example", order=2),
        ),
        capacity=None,
    )


def test_capacity_is_read_where_it_is_known_and_never_guessed() -> None:
    raw = (
        b"id,name,kind,lat,lon,capacity,contact1,email1,contact2,email2,contact3,email3\n"
        b"V1,A,concert,1,2,1200,,,,,,\nV2,B,concert,1,2,,,,,,,\n"
    )

    assert [venue.capacity for venue in read_venues(raw)] == [1200, None]
    for wrong in ("0", "-1", "1e3", "1 200", "12.5", "99999999"):
        with pytest.raises(InputError, match="venues, row 2: capacity"):
            read_venues(raw.replace(b"1200", wrong.encode()))


BAD_VENUES = {
    "a name without an address": ("V1,A,concert,1,2,duty,,,,,", "contact1 and email1 belong together"),
    "an address without a name": ("V1,A,concert,1,2,,a@v.example,,,,", "contact1 and email1 belong together"),
    "a deputy of nobody": ("V1,A,concert,1,2,,,deputy,b@v.example,,", "contact2 is given, contact1 is not"),
    "a gap": ("V1,A,concert,1,2,a,a@v.example,,,c,c@v.example", "contact3 is given, contact2 is not"),
    "no name": ("V1,,concert,1,2,,,,,,", "name has 0 characters"),
    "no kind": ("V1,A,,1,2,,,,,,", "kind '' is not a tag"),
    "a name read backwards": ("V1,A\u202eB,concert,1,2,,,,,,", "name holds U+202E"),
    "a name over two lines": ("V1,A\u2028B,concert,1,2,,,,,,", "name holds U+2028"),
    "a name without end": (f"V1,{'A' * 300},concert,1,2,,,,,,", "name has 300 characters"),
}


@pytest.mark.parametrize(("row", "said"), BAD_VENUES.values(), ids=BAD_VENUES)
def test_a_venue_that_could_not_be_asked_or_found_is_refused(row: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_venues(venues(row))

    assert "venues, row 2" in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "near"), [("konzert", "concert"), ("Concert", "concert"), ("mall-market", "mall_market")]
)
def test_a_kind_that_no_threat_would_ever_cover_by_a_slip_of_the_pen_is_refused(wrong: str, near: str) -> None:
    with pytest.raises(InputError) as refused:
        read_kind(wrong, "venues, row 2")

    assert refused.value.hint == f"did you mean {near!r}?"


def test_an_alias_of_a_kind_is_stored_as_the_tag_that_threats_use() -> None:
    assert read_kind("sports_event", "here") == "stadium_sport"
    assert read_kind("hospital", "here") == "hospital"


def test_a_line_in_any_script_is_kept_as_it_stands() -> None:
    for text in ("Дворец культуры", "قاعة", "Théâtre d'Hiver", "O'Brien & Sons, Ltd."):
        assert read_line(text, "here") == text


@given(st.binary(max_size=200))
def test_junk_is_refused_as_input_and_nothing_else_leaks(junk: bytes) -> None:
    for reader in (read_people, read_venues):
        for raw in (junk, PEOPLE.encode() + junk, VENUES.encode() + junk):
            try:
                reader(raw)
            except InputError:
                continue


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True),
            st.integers(-90_000, 90_000),
            st.integers(-180_000, 180_000),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda row: row[0],
    )
)
def test_what_a_spreadsheet_wrote_is_what_is_read(rows: list[tuple[str, int, int]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "language", "zone", "lat", "lon", "email"])
    for id_, lat, lon in rows:
        writer.writerow([id_, "en", "UTC", f"{lat / 1000:.3f}", f"{lon / 1000:.3f}", "a@b.example"])

    found = read_people(out.getvalue().encode())

    assert [(one.id, one.point) for one in found] == [(id_, Point(lat / 1000, lon / 1000)) for id_, lat, lon in rows]


def test_the_demos_files_are_read_and_write_to_nobody_real() -> None:
    people = read_people(read_text_data("demo", "people.csv").encode())
    houses = read_venues(read_text_data("demo", "venues.csv").encode())

    assert (len(people), len(houses)) == (200, 12)
    addresses = [one.email for one in people] + [c.email for venue in houses for c in venue.contacts]
    assert all(address.endswith(".example") for address in addresses)
    assert len(set(addresses)) == len(addresses)
