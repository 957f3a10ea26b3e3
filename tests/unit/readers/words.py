"""Readers of one word, value or record: each with something valid that the faults are made of."""

from datetime import UTC, datetime

from tests.unit.readers.faults import Reader, as_json, read_word

from tocsin.assess.duty import read_ruleset
from tocsin.cap import values
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.compose.revision import Change
from tocsin.core.data import read_data, read_text_data
from tocsin.core.fields import Fields
from tocsin.core.marking import parse_tlp
from tocsin.core.threat import Threat
from tocsin.core.window import parse_instant
from tocsin.desk.order import order_from_json, revision_from_json
from tocsin.evidence.statement import load_json
from tocsin.intake.claims import read_claims
from tocsin.review.incident import read_country, read_incident
from tocsin.target import register

SPACED = "white space around a value is no part of it in this format"
JSON_SPACE = "white space around a number is JSON"
SIGNED = {"number +42": "XML Schema's decimal has a sign"}
CUT = {"cut off in the middle": "half a word is a word"}
XML = "what XML cannot carry never comes so far"
ANY_TEXT = {
    "a byte that is no UTF-8": XML,
    "a surrogate as UTF-8": XML,
    "a NUL byte": XML,
    "a byte order mark": "a sender or address is any text",
}
WORD = 70_000
INCIDENT = as_json(read_data("demo", "incident.json"))
ORDER = as_json(
    {
        "valid_hours": 48,
        "determination": "D-1",
        "translations": {"fr": {"headline": "Évitez", "description": "les foules", "instruction": "Rentrez"}},
        "place_names": {"fr": {"Moscow": "Moscou"}},
        "marks_withheld": {"until": "2024-03-08T12:00:00Z", "reason": "they would change the car"},
    }
    | {name: value for name, value in read_data("demo", "order.json").items() if name in {"texts", "urgency", "advice"}}
)
REVISION = as_json(
    {"valid_hours": 24}
    | {name: value for name, value in read_data("demo", "order.json").items() if name in {"texts", "urgency", "advice"}}
)
WARNING = IssuedWarning(
    id="W-1",
    determination="D-1",
    headline="Avoid large gatherings",
    threat=Threat(),
    issued=datetime(2024, 3, 7, 15, tzinfo=UTC),
    expires=datetime(2024, 3, 9, 15, tzinfo=UTC),
    watch_until=datetime(2024, 3, 23, 15, tzinfo=UTC),
    versions=(),
    status=Status.LIVE,
    closed_by=None,
    number=1,
)

WORDS: tuple[Reader, ...] = (
    Reader(
        name="cap.values.read_time",
        read=read_word(values.read_time),
        valid=b"2024-03-07T18:42:00+03:00",
        names="time",
        limit=WORD,
        number=b"42",
    ),
    Reader(
        name="cap.values.read_number",
        read=read_word(values.read_number),
        valid=b"42",
        names="number",
        limit=WORD,
        number=b"42",
        takes=SIGNED | CUT,
    ),
    Reader(
        name="cap.values.read_size",
        read=read_word(values.read_size),
        valid=b"42",
        names="size",
        limit=WORD,
        number=b"42",
        takes=CUT,
    ),
    Reader(
        name="cap.values.read_point",
        read=read_word(values.read_point),
        valid=b"42,37.6",
        names="lat,lon|number|point",
        limit=WORD,
        number=b"42",
        takes=SIGNED,
    ),
    Reader(
        name="cap.values.read_polygon",
        read=read_word(values.read_polygon),
        valid=b"42,37 43,37 43,38 42,37",
        names="polygon|lat,lon|number|point",
        number=b"42",
        takes=SIGNED,
    ),
    Reader(
        name="cap.values.read_circle",
        read=read_word(values.read_circle),
        valid=b"55.7,37.6 42",
        names="circle|lat,lon|number|point",
        number=b"42",
        takes=SIGNED | {"number in spaces": SPACED},
    ),
    Reader(
        name="cap.values.read_words",
        read=read_word(values.read_words),
        valid=b'city.example "venue desk"',
        names="words",
        limit=WORD,
        takes=CUT | ANY_TEXT,
    ),
    Reader(
        name="cap.values.read_references",
        read=read_word(values.read_references),
        valid=b"embassy.example,a.1,2024-03-07T18:42:00+03:00",
        names="reference|time",
        number=b"42",
        takes={"a byte order mark": ANY_TEXT["a byte order mark"]},
    ),
    Reader(
        name="intake.claims.read_claims",
        read=lambda raw: read_claims(read_text_data("demo", "news.txt"), load_json(raw, what="marked claims")),
        valid=read_text_data("demo", "claims.json").encode(),
        names="marked claims",
        format="json",
        twice=b'"zone": "Europe/Moscow",',
    ),
    Reader(
        name="core.window.parse_instant",
        read=read_word(parse_instant),
        valid=b"2024-03-07T18:42:00Z",
        names="time",
        limit=WORD,
        number=b"42",
    ),
    Reader(name="core.marking.parse_tlp", read=read_word(parse_tlp), valid=b"TLP:AMBER", names="marking", limit=WORD),
    Reader(
        name="assess.duty.read_ruleset",
        read=read_word(read_ruleset),
        valid=b"icd191-2015",
        names="rule set",
        limit=WORD,
    ),
    Reader(
        name="target.register.read_address",
        read=read_word(lambda word: register.read_address(word, "row 2")),
        valid=b"duty@city.example",
        names="row 2",
        limit=WORD,
        takes=CUT,
    ),
    Reader(
        name="target.register.read_line",
        read=read_word(lambda word: register.read_line(word, "row 2: name")),
        valid=b"Hall One",
        names="row 2: name",
        limit=WORD,
        takes=CUT,
    ),
    Reader(
        name="target.register.read_kind",
        read=read_word(lambda word: register.read_kind(word, "row 2")),
        valid=b"concert",
        names="row 2",
        limit=WORD,
        takes=CUT,
    ),
    Reader(
        name="review.incident.read_country",
        read=read_word(lambda word: read_country(Fields.of("place", {"country": word}))),
        valid=b"RU",
        names="place: country",
        limit=WORD,
    ),
    Reader(
        name="review.incident.read_incident",
        read=lambda raw: read_incident(load_json(raw, "incident"), id="I-1"),
        valid=INCIDENT,
        names="incident",
        format="json",
        number=b'"minute"',
        text=b"concert hall in Krasnogorsk",
        twice=b'"status": "occurred",',
    ),
    Reader(
        name="desk.order.order_from_json",
        read=lambda raw: order_from_json(load_json(raw, "order")),
        valid=ORDER,
        names="order",
        format="json",
        number=b"48",
        text=b"imminent plans",
        twice=b'"urgency": "Immediate",',
        takes={"number in spaces": JSON_SPACE},
    ),
    Reader(
        name="desk.order.revision_from_json",
        read=lambda raw: revision_from_json(load_json(raw, "order"), Change.UPDATE, WARNING),
        valid=REVISION,
        names="order",
        format="json",
        number=b"24",
        text=b"imminent plans",
        twice=b'"urgency": "Immediate",',
        takes={"number in spaces": JSON_SPACE},
    ),
)
