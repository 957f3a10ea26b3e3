"""Files that others wrote: each row is what it says or the file is refused with its line, and nothing is put right silently."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.area import Point
from tocsin.core.threat import Level
from tocsin.core.window import Precision
from tocsin.errors import InputError
from tocsin.review.chains import find_in_force
from tocsin.review.incident import Sourced
from tocsin.review.incident_files import read_incidents
from tocsin.review.matching import ReviewedWarning, Told
from tocsin.review.warning_files import read_warnings

AT = datetime(2024, 6, 1, tzinfo=UTC)
HEADER = "id,source,start,name,country,level,lat,lon,within_km,targets,claimed,status"
ROW = "1,a paper,2024-03-22,Krasnogorsk,RU,venue,55.826,37.39,2,concert;festival,isis,occurred"


def table(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join((header, *rows, "")).encode()


def test_a_table_of_ones_own_is_what_it_says() -> None:
    found = read_incidents(table(ROW), AT)
    (one,) = found.incidents
    assert (found.format, one.id) == ("table", "a paper:1")
    assert (one.start, one.precision) == (datetime(2024, 3, 22, 12, tzinfo=UTC), Precision.DAY)
    assert (one.place.point, one.within_km, one.targets) == (Point(55.826, 37.39), 2.0, ("concert", "festival"))
    assert (one.actors, one.claimed, one.attributed) == (("isis",), ("isis",), ())
    assert one.sources == (Sourced("all", "a paper"),)


def test_a_geojson_says_the_same_as_the_table() -> None:
    cells = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
    spot = [float(cells.pop("lon")), float(cells.pop("lat"))]
    properties: dict[str, Any] = {**cells, "targets": ["concert", "festival"], "within_km": 2}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Point", "coordinates": spot}}
    raw = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert read_incidents(raw, AT).incidents == read_incidents(table(ROW), AT).incidents


@given(st.sampled_from([1, 9]))
def test_a_compressed_file_says_the_same(level: int) -> None:
    assert read_incidents(gzip.compress(table(ROW), level), AT) == read_incidents(table(ROW), AT)


def changed(**cells: str) -> str:
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | cells
    return ",".join(row.values())


BAD: dict[str, tuple[str, str]] = {
    "no date": (changed(start=""), "start is empty"),
    "a date in words": (changed(start="22 March"), "is not"),
    "a day that never was": (changed(start="2024-02-30"), "2024-02-30"),
    "no place": (changed(lat="", lon=""), "lat is empty"),
    "a name of no place": (changed(name=" "), "name is empty"),
    "swapped, and only the other way round fits the globe": (changed(lat="137.39", lon="55.826"), "swapped\\? then write lat 55.826, lon 137.39"),
    "swapped, by its country": (changed(lat="37.39", lon="55.826"), "outside of RU .are they swapped\\? then write lat 55.826, lon 37.39"),
    "a latitude beyond the pole": (changed(lat="91", lon="95"), "91"),
    "a latitude with an exponent": (changed(lat="5.5e1"), "5.5e1"),
    "a country in words": (changed(country="Russia"), "country is 'Russia'"),
    "a level that nobody knows": (changed(level="town"), "'town'"),
    "a tag in capitals": (changed(targets="Concert"), "'Concert'"),
    "a status that nobody knows": (changed(status="planned"), "'planned'"),
    "an uncertainty below nothing": (changed(within_km="-2"), "within_km"),
    "a cell too few": (ROW.rpartition(",")[0], "11 cells, expected 12"),
    "an id that acts on a terminal": (changed(id="\x1b[2J"), "cannot be printed"),
    "an id of a page": (changed(id="x" * 501), "too long"),
    "an id twice": (ROW, "id 'a paper:1' stands in line 2 too"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "named"), list(BAD.values()), ids=list(BAD))
def test_a_bad_row_is_named_with_its_line_and_nothing_is_read(row: str, named: str) -> None:
    with pytest.raises(InputError, match=f"line 3.*{named}"):
        read_incidents(table(ROW, row), AT)


def test_every_bad_row_is_counted_and_the_first_ten_are_named() -> None:
    rows = [changed(id=str(n), lat="x") for n in range(12)]
    with pytest.raises(InputError, match=r"12 of 13 rows cannot be read: line 3: .*line 12: .*and 2 more"):
        read_incidents(table(ROW, *rows), AT)


def test_a_row_is_called_by_the_line_it_begins_at() -> None:
    long = changed(id="2", name='"two\nlines"')
    with pytest.raises(InputError, match="line 5: lat"):
        read_incidents(table(ROW, long, changed(id="3", lat="x")), AT)


TIMES = {
    "before 1900": (changed(start="1899-12-31"), "expected 1900 or later"),
    "yet to come": (changed(start="2024-06-03"), "it is 2024-06-01"),
}


@pytest.mark.parametrize(("row", "named"), list(TIMES.values()), ids=list(TIMES))
def test_what_occurred_lies_between_1900_and_now(row: str, named: str) -> None:
    with pytest.raises(InputError, match=f"1 of 1 rows cannot be read: line 2: a paper:1 .*{named}"):
        read_incidents(table(row), AT)


def test_a_plot_that_was_foiled_may_have_been_for_a_day_to_come() -> None:
    assert read_incidents(table(changed(start="2024-06-03", status="foiled")), AT).incidents


def test_an_incident_at_sea_is_not_taken_for_swapped() -> None:
    assert read_incidents(table(changed(lat="35", lon="-40")), AT).incidents


FILES: dict[str, tuple[Callable[[bytes, datetime], object], bytes, str]] = {
    "a picture": (read_incidents, b"\x89PNG\r\n\0", "not UTF-8|binary"),
    "a table of something else": (read_incidents, b"a,b\n1,2\n", "column 'country' is missing"),
    "a header alone": (read_incidents, table(), "no rows"),
    "a dump of another table": (
        read_incidents,
        b"copy people (id) from stdin with (format csv);\n1\n\\.\n",
        "is missing",
    ),
    "a dump without its end": (read_incidents, b"copy lsrs(valid) from stdin with (format csv);\n1\n", "has no end"),
    "gzip that is cut off": (read_incidents, gzip.compress(table(ROW))[:-9], "cut off"),
    "gzip that is none": (read_incidents, b"\x1f\x8bjunk", "damaged"),
    "gzip that unfolds to too much": (read_incidents, gzip.compress(bytes(65 * 1024 * 1024)), "unfolds to more"),
    "incidents for warnings": (read_warnings, table(ROW), "no known table"),
    "a zip that is none": (read_warnings, b"PK\x03\x04junk", "damaged"),
    "markup that is no CAP": (read_warnings, b"<html/>", "message"),
}


@pytest.mark.parametrize(("read", "raw", "named"), list(FILES.values()), ids=list(FILES))
def test_a_file_of_another_kind_is_refused(read: Callable[[bytes, datetime], object], raw: bytes, named: str) -> None:
    with pytest.raises(InputError, match=named):
        read(raw, AT)


UCDP = "id,where_prec,where_coordinates,latitude,longitude,country,date_prec,date_start,date_end,side_a,side_b,source_article"
UCDP_ROW = "7.0,2.0,Aleppo city,36.2,37.16,Syria,2.0,2016-01-01,2016-01-05,IS,Civilians,a paper"


def test_ucdp_gives_a_span_and_how_far_the_place_may_be_off() -> None:
    (one,) = read_incidents(table(UCDP_ROW, header=UCDP), AT).incidents
    assert (one.id, one.place.country, one.within_km) == ("ucdp-ged:7", "SY", 25.0)
    assert one.span == (datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 1, 6, tzinfo=UTC))
    assert one.start == datetime(2016, 1, 3, 12, tzinfo=UTC)
    assert (one.actors, one.attributed, one.targets) == (("isis",), ("isis",), ("civilians",))


BAD_UCDP = {
    "ends before it starts": ("2016-01-05,IS", "2015-12-31,IS", "before date_start"),
    "a code that the book does not have": ("7.0,2.0,", "7.0,9.0,", "where_prec is 9"),
    "an id in part": ("7.0,", "7.5,", "whole number"),
    "a country that is none": ("Syria", "Atlantis", "country is 'Atlantis'"),
}


@pytest.mark.parametrize(("old", "new", "named"), list(BAD_UCDP.values()), ids=list(BAD_UCDP))
def test_a_bad_row_of_ucdp_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(InputError, match=f"line 2: .*{named}"):
        read_incidents(table(UCDP_ROW.replace(old, new, 1), header=UCDP), AT)


SIRENS = "oblast,raion,hromada,level,started_at,finished_at,source"
SIREN = "Vinnytska oblast,,,oblast,2022-03-15 16:10:34+00:00,2022-03-15 16:50:07+00:00,official"


def test_a_siren_warns_its_oblast_from_its_start_to_its_all_clear() -> None:
    (one,) = read_warnings(table(SIREN, header=SIRENS), AT).warnings
    (place,) = one.threat.places
    assert (place.country, place.admin1, place.level) == ("UA", "UA-05", Level.REGION)
    assert one.issued == one.window.start == datetime(2022, 3, 15, 16, 10, 34, tzinfo=UTC)
    assert one.window.end == datetime(2022, 3, 15, 16, 50, 7, tzinfo=UTC)


BAD_SIRENS = {
    "an end before its start": ("16:50:07", "16:10:34", "not after its start"),
    "a time without a zone": ("16:10:34+00:00", "16:10:34", "started_at"),
    "a level that nobody knows": (",oblast,", ",street,", "'street'"),
    "a time to come": ("2022-03-15 16:10:34+00:00,2022", "2025-03-15 16:10:34+00:00,2026", "it is 2024-06-01"),
}


@pytest.mark.parametrize(("old", "new", "named"), list(BAD_SIRENS.values()), ids=list(BAD_SIRENS))
def test_a_bad_siren_is_named_with_its_line(old: str, new: str, named: str) -> None:
    with pytest.raises(InputError, match=f"line 2: .*{named}"):
        read_warnings(table(SIREN.replace(old, new, 1), header=SIRENS), AT)


ALERTS = "rid,alertDate,category,city,lat,lng"


def test_the_rows_of_one_message_are_one_warning_without_an_end() -> None:
    rows = (
        "5,2023-12-04T15:00:00,1,Nir Am,31.5,34.6",
        "5,2023-12-04T15:00:00,1,Sderot,,",
        "5,2023-12-04T15:00:00,1,Sderot,,",
    )
    (one,) = read_warnings(table(*rows, header=ALERTS), AT).warnings
    assert [place.name for place in one.threat.places] == ["Nir Am", "Sderot"]
    assert (one.id, one.issued, one.window.end) == ("il-alerts:5", datetime(2023, 12, 4, 13, tzinfo=UTC), None)


CAP = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{id}</identifier><sender>w.example</sender>
<sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{references}{info}</alert>"""
INFO = """<info><category>Security</category><event>attack</event><urgency>Immediate</urgency><severity>Extreme</severity>
<certainty>Possible</certainty><expires>{expires}</expires><headline>Avoid concerts</headline><area><areaDesc>Moscow</areaDesc>
<circle>55.756,37.617 8</circle></area></info>"""


def cap(
    name: str, hour: int, kind: str = "Alert", *, after: str = "", status: str = "Actual", info: bool = True
) -> bytes:
    sent = f"2024-03-07T{hour:02}:00:00+00:00"
    references = f"<references>w.example,{after},2024-03-07T01:00:00+00:00</references>" if after else ""
    words = INFO.format(expires="2024-03-09T00:00:00+00:00") if info else ""
    return CAP.format(id=name, sent=sent, kind=kind, status=status, references=references, info=words).encode()


def archive(*messages: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as file:
        for number, message in enumerate(messages):
            file.writestr(f"{number}.xml", message)
    return raw.getvalue()


STORY = (
    cap("a", 1),
    cap("b", 5, "Update", after="a"),
    cap("c", 9, "Cancel", after="b", info=False),
    cap("t", 3, status="Test"),
)


@given(st.permutations(STORY))
def test_an_archive_is_a_chain_whatever_the_order_of_its_files(messages: list[bytes]) -> None:
    found = read_warnings(archive(*messages), AT)
    assert [one.id.rpartition("/")[2] for one in found.warnings] == ["a", "b", "c"]
    assert {one.chain for one in found.warnings} == {"cap:w.example/a"}
    assert found.left_out == 1


def in_force(hour: int) -> ReviewedWarning:
    (found,) = find_in_force(read_warnings(archive(*STORY), AT).warnings, datetime(2024, 3, 7, hour, tzinfo=UTC))
    return found


def test_what_was_cancelled_ends_when_it_was_cancelled() -> None:
    assert in_force(8).window.end == datetime(2024, 3, 9, tzinfo=UTC) + timedelta(seconds=1)
    assert in_force(10).window.end == datetime(2024, 3, 7, 9, tzinfo=UTC)
    assert in_force(10).area == in_force(8).area


def test_a_message_of_cap_keeps_its_area_and_the_targets_of_its_words() -> None:
    (one,) = read_warnings(cap("a", 1), AT).warnings
    assert one.area is not None
    assert (one.area.circles[0].radius_km, one.told, one.issuer) == (8.0, Told.PUBLIC, "w.example")
    assert "concert" in one.threat.targets


def test_a_bad_message_in_an_archive_is_named_and_none_is_read() -> None:
    with pytest.raises(InputError, match=r"1 messages cannot be read: 1\.xml: "):
        read_warnings(archive(STORY[0], b"<alert/>"), AT)


OTHERS: dict[str, Callable[[bytes], bytes]] = {
    "signed": lambda raw: raw.replace(b"</alert>", b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></alert>'),
    "of CAP 1.1": lambda raw: raw.replace(b"cap:1.2", b"cap:1.1"),
    "in UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "with an empty note": lambda raw: raw.replace(b"<info>", b"<note/><info>"),
    "in an envelope": lambda raw: b'<alerts xmlns="http://gov.fema.ipaws.services/feed">' + raw + b"</alerts>",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_good_message_of_others_is_a_warning_however_it_is_written(name: str) -> None:
    made = OTHERS[name](cap("a", 1))
    assert (
        read_warnings(archive(made, cap("b", 2)), AT).warnings
        == read_warnings(archive(cap("a", 1), cap("b", 2)), AT).warnings
    )


def test_an_archive_with_an_error_in_one_entry_of_a_feed_is_refused_and_the_entry_named() -> None:
    feed = b"<rss><channel><item>" + cap("b", 2) + b"</item><item>" + cap("c", 3, "Update") + b"</item></channel></rss>"
    with pytest.raises(
        InputError, match=r"warnings: 1 messages cannot be read: \S+ entry 1: line \d+: alert/msgType CAP-12"
    ):
        read_warnings(archive(cap("a", 1), feed), AT)


def test_an_archive_with_a_file_that_carries_no_message_is_refused() -> None:
    with pytest.raises(InputError, match="no CAP message in it"):
        read_warnings(archive(cap("a", 1), b"<rss><channel/></rss>"), AT)


def test_two_messages_of_one_name_with_other_words_are_refused() -> None:
    with pytest.raises(InputError, match=r"w\.example/a stands in the archive with other words"):
        read_warnings(archive(cap("a", 1), cap("a", 2)), AT)
