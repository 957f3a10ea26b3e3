"""Readers of what a review works with: rules, outlines, incidents and warnings of others."""

from datetime import UTC, datetime

from tests.unit.readers.faults import Reader, as_json

from tocsin.core.data import read_data
from tocsin.review import rows, rule
from tocsin.review.incident_files import read_incidents
from tocsin.review.outlines import read_countries, read_regions
from tocsin.review.warning_files import read_warnings

AT = datetime(2026, 1, 1, tzinfo=UTC)
MARKED = "editors write the mark before UTF-8"
PADDED = "a spreadsheet pads its cells"
JSON_SPACE = "white space around a number is JSON"
TRIANGLE = {"type": "Polygon", "coordinates": [[[30, 42], [31, 42], [31, 43], [30, 42]]]}
INCIDENTS = (
    b"id,source,start,name,country,level,lat,lon,within_km,targets\n"
    b"1,a paper,2024-03-22,Krasnogorsk,RU,venue,42,37.39,7,concert;festival\n"
)
SIRENS = (
    b"oblast,raion,hromada,level,started_at,finished_at,source\n"
    b"Vinnytska oblast,,,oblast,2022-03-15 16:10:34+00:00,2022-03-15 16:50:07+00:00,official\n"
)


def _features(**properties: str) -> bytes:
    feature = {"type": "Feature", "properties": properties, "geometry": TRIANGLE}
    return as_json({"type": "FeatureCollection", "features": [feature]})


REVIEWS: tuple[Reader, ...] = (
    Reader(
        name="review.rule.read_rule",
        read=rule.read_rule,
        valid=as_json({**read_data("review", "casebook-1.json"), "id": "mine/1", "near_km": 42}),
        names="rule",
        limit=rule.MAX_BYTES,
        format="json",
        number=b"42",
        twice=b'"near_km": 42,',
        takes={"number in spaces": JSON_SPACE},
    ),
    Reader(
        name="review.outlines.read_regions",
        read=read_regions,
        valid=_features(iso_3166_2="RU-MOS", iso_a2="RU", name="Moskovskaya"),
        names="regions",
        limit=rows.MAX_BYTES,
        format="json",
        number=b"42",
        text=b"Moskovskaya",
        twice=b'"iso_a2": "RU",',
        takes={"number in spaces": JSON_SPACE, "a byte order mark": MARKED},
    ),
    Reader(
        name="review.outlines.read_countries",
        read=read_countries,
        valid=_features(iso_a2="RU"),
        names="countries",
        limit=rows.MAX_BYTES,
        format="json",
        number=b"42",
        text=b"FeatureCollection",
        twice=b'"iso_a2": "RU"',
        takes={"number in spaces": JSON_SPACE, "a byte order mark": MARKED},
    ),
    Reader(
        name="review.incident_files.read_incidents",
        read=lambda raw: read_incidents(raw, AT),
        valid=INCIDENTS,
        names="incidents",
        limit=rows.MAX_BYTES,
        number=b"42",
        twice=b"name,",
        takes={"number in spaces": PADDED, "a byte order mark": MARKED},
    ),
    Reader(
        name="review.warning_files.read_warnings",
        read=lambda raw: read_warnings(raw, AT),
        valid=SIRENS,
        names="warnings",
        limit=rows.MAX_BYTES,
        twice=b"level,",
        takes={"a byte order mark": MARKED},
    ),
)
