"""Readers of files and messages: each with something valid that the faults are made of."""

import tempfile
from pathlib import Path

from tests.unit.readers.faults import Reader, as_json, read_word

from tocsin.assess.duty_json import read_duty_facts
from tocsin.cap import codec, opening
from tocsin.compose.template import MAX_BYTES as MAX_TEMPLATE_BYTES
from tocsin.compose.template import read_template
from tocsin.config import FILE, read_settings
from tocsin.config import MAX_BYTES as MAX_SETTINGS_BYTES
from tocsin.core.data import read_data, read_text_data
from tocsin.desk.policy import MAX_BYTES as MAX_POLICY_BYTES
from tocsin.desk.policy import read_policy
from tocsin.intake import read_text as text
from tocsin.review import case_yaml
from tocsin.review.casebook import read_case
from tocsin.review.incident import MAX_BYTES as MAX_INCIDENT_BYTES
from tocsin.review.incident import read_incident_file
from tocsin.target import calendar, register, table

PADDED = "a spreadsheet pads its cells"
MARKED = "editors write the mark before UTF-8"
SPACED = "white space around a value is no part of it in this format"
JSON_SPACE = "white space around a number is JSON"
NOTHING_ALLOWED = "a policy that says nothing allows nothing beforehand"
NO_END = "YAML has no mark at its end: what is cut off at a line may be whole"
TOML = {
    "number 4_2": "TOML writes numbers so",
    "number +42": "TOML writes numbers so",
    "number in spaces": "TOML allows white space around a value",
}
PEOPLE = b"id,language,zone,lat,lon,email\nP1,en,Europe/Moscow,42,37.61,p1@people.example\n"
VENUES = (
    b"id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
    b"V1,Hall,concert,42,37.6,duty,v1@venues.example,,,,\n"
)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:G1\r\nSUMMARY:Choir\r\n"
    b"DTSTART:20240307T190000Z\r\nGEO:42;37.61\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
CAP = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
    b"<identifier>a.1</identifier><sender>embassy.example</sender><sent>2024-03-07T18:00:00+03:00</sent>"
    b"<status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>"
    b"<info><language>en</language><category>Security</category><event>attack</event><urgency>Immediate</urgency>"
    b"<severity>Extreme</severity><certainty>Possible</certainty>"
    b"<area><areaDesc>Moscow</areaDesc><circle>55.756,37.617 42</circle></area></info></alert>"
)
POLICY = (
    b"[alone]\nafter_seconds = 420\nmost_people = 42\nmost_area_km2 = 42.0\n"
    b'[template.shooting]\nsha256 = "00"\napproved_by = "Rhea"\nreaders = {fr = "Anne"}\n'
)
TEMPLATE = as_json(
    {
        "public": {"headline": "Avoid {place}", "description": "Until {until}", "instruction": "Go home"},
        "languages": {
            "fr": {"headline": "Évitez {place}", "description": "Jusqu'au {until}", "instruction": "Rentrez"}
        },
    }
)
SETTINGS = b'name = "embassy.example"\ncheckpoint_every = 42\n'
FACTS = as_json(dict.fromkeys(("harm", "directed_at", "credible", "specific", "impending"), True))
CASE = read_text_data("demo", "moscow-crocus-2024.yaml").encode()
INCIDENT = as_json(read_data("demo", "incident.json"))


def _settings(raw: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(raw)
        return read_settings(Path(folder), {})


FILES: tuple[Reader, ...] = (
    Reader(
        name="intake.read_text.read_text",
        read=text.read_text,
        valid="Security alert: жди before 42.".encode(),
        names="text",
        limit=text.MAX_BYTES,
        takes={
            "in UTF-16": "its mark says so",
            "a byte order mark": MARKED,
            "cut off in the middle": "any words are words",
        },
    ),
    Reader(
        name="target.register.read_people",
        read=register.read_people,
        valid=PEOPLE,
        names="people",
        limit=table.MAX_BYTES,
        number=b"42",
        twice=b"language,",
        takes={"a byte order mark": MARKED, "number in spaces": PADDED},
    ),
    Reader(
        name="target.register.read_venues",
        read=register.read_venues,
        valid=VENUES,
        names="venues",
        limit=table.MAX_BYTES,
        number=b"42",
        twice=b"name,",
        takes={"a byte order mark": MARKED, "number in spaces": PADDED},
    ),
    Reader(
        name="target.calendar.read_gatherings",
        read=calendar.read_gatherings,
        valid=CALENDAR,
        names="calendar",
        limit=calendar.MAX_BYTES,
        format="ical",
        number=b"42",
        twice=b"GEO:42;37.61\r\n",
        takes={"number +42": "RFC 5545 section 3.3.7 allows a sign"},
    ),
    Reader(
        name="review.incident.read_incident_file",
        read=read_incident_file,
        valid=INCIDENT,
        names="incident",
        limit=MAX_INCIDENT_BYTES,
        format="json",
        number=b"55.826",
        text=b"concert hall in Krasnogorsk",
        twice=b'"status": "occurred",',
        takes={"number in spaces": JSON_SPACE},
    ),
    Reader(
        name="assess.duty_json.read_duty_facts",
        read=read_duty_facts,
        valid=FACTS,
        names="facts|waiver",
        limit=MAX_INCIDENT_BYTES,
        format="json",
        number=b"true",
        twice=b'"harm": true,',
    ),
    Reader(
        name="compose.template.read_template",
        read=lambda raw: read_template("shooting", raw),
        valid=TEMPLATE,
        names="template shooting",
        limit=MAX_TEMPLATE_BYTES,
        format="json",
        text=b"Go home",
        twice=b'"headline": "Avoid {place}",',
    ),
    Reader(
        name="desk.policy.read_policy",
        read=read_word(lambda found: read_policy(found, {})),
        valid=POLICY,
        names="policy.toml",
        limit=MAX_POLICY_BYTES,
        format="toml",
        number=b"42.0",
        twice=b"most_people = 42\n",
        takes={
            "empty": NOTHING_ALLOWED,
            "only white space": NOTHING_ALLOWED,
        }
        | TOML,
    ),
    Reader(
        name="config.read_settings",
        read=_settings,
        valid=SETTINGS,
        names="tocsin.toml",
        limit=MAX_SETTINGS_BYTES,
        format="toml",
        number=b"42",
        twice=b"checkpoint_every = 42\n",
        takes=TOML,
    ),
    Reader(
        name="cap.codec.read_alert",
        read=codec.read_alert,
        valid=CAP,
        names="CAP|alert|line",
        limit=codec.MAX_BYTES,
        format="xml",
        number=b"42",
        twice=b"<scope>Public</scope>",
        takes={
            "a byte order mark": MARKED,
            "number +42": "XML Schema's decimal has a sign",
            "number in spaces": SPACED,
        },
    ),
    Reader(
        name="cap.opening.open_xml",
        read=opening.open_xml,
        valid=CAP,
        names="XML|file|DOCTYPE|encoding",
        limit=opening.MAX_BYTES,
        format="xml",
        takes={"a byte order mark": MARKED, "in UTF-16": "its mark says so"},
    ),
    Reader(
        name="review.casebook.read_case",
        read=read_case,
        valid=CASE,
        names="case",
        limit=case_yaml.MAX_BYTES,
        format="yaml",
        number=b"55.826",
        twice=b"slug: moscow-crocus-2024\n",
        takes={"number in spaces": SPACED, "a byte order mark": MARKED, "cut off in the middle": NO_END},
    ),
    Reader(
        name="review.case_yaml.load_yaml",
        read=lambda raw: case_yaml.load_yaml(raw, "case"),
        valid=b"a: 42\nb: [1, 2]\n",
        names="case",
        limit=case_yaml.MAX_BYTES,
        format="yaml",
        number=b"42",
        twice=b"a: 42\n",
        takes={
            "empty": "the value null: its caller asks for fields",
            "number in spaces": SPACED,
            "number in other digits": "to YAML that is a text",
            "number with 400 digits": "its caller asks for degrees or a year",
            "number NaN": "to YAML that is a text",
            "number nan": "to YAML that is a text",
            "number Infinity": "to YAML that is a text",
            "number inf": "to YAML that is a text",
            "number 1e999": "to YAML 1.1 that is a text",
            "a byte order mark": MARKED,
            "cut off in the middle": NO_END,
        },
    ),
)
