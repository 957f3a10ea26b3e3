"""Real CAP messages and the OASIS schema: what we write it accepts, what it refuses we refuse."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from tocsin.cap.alert import Certainty, Severity, Status, Urgency
from tocsin.cap.codec import read_alert, write_alert
from tocsin.compose.draft import draft_alert
from tocsin.compose.fields import derive_fields, warning_fields
from tocsin.compose.versions import VersionText, make_versions
from tocsin.core.area import Point
from tocsin.core.marking import Audience
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Window
from tocsin.errors import InputError


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "cap-corpus/xsd/CAP-v1.2.xsd")))


@pytest.fixture(scope="module")
def messages(shared: Path) -> dict[str, tuple[dict[str, str], bytes]]:
    """Name to row of the manifest and bytes, for every CAP 1.2 message."""
    corpus = shared / "cap-corpus"
    with (corpus / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["kind"] == "CAP 1.2"]
    return {row["file"]: (row, (corpus / row["file"]).read_bytes()) for row in rows}


def refusal(raw: bytes) -> str:
    try:
        read_alert(raw)
    except InputError as error:
        return str(error)
    return ""


def test_what_the_schema_refuses_is_refused_here(messages: dict[str, tuple[dict[str, str], bytes]]) -> None:
    generous = [name for name, (row, raw) in messages.items() if row["xsd12_valid"] == "no" and not refusal(raw)]
    assert generous == []


def test_what_is_read_is_written_as_the_schema_wants_it(
    messages: dict[str, tuple[dict[str, str], bytes]], schema: etree.XMLSchema
) -> None:
    read = [raw for _, raw in messages.values() if not refusal(raw)]
    assert len(read) >= 25
    for raw in read:
        alert = read_alert(raw)
        written = write_alert(alert)
        schema.assertValid(etree.fromstring(written))
        assert read_alert(written) == alert
        assert write_alert(read_alert(written)) == written
        if alert.infos:
            assert derive_fields(written) == warning_fields(alert)


def test_each_version_of_a_warning_is_written_as_the_schema_wants_it(schema: etree.XMLSchema) -> None:
    sent = datetime(2024, 3, 7, 15, tzinfo=UTC)
    place = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.75, 37.62))
    alert = draft_alert(
        Threat(places=(place,), targets=("concert",), window=Window(start=sent + timedelta(hours=1), end=None)),
        identifier="embassy.example.W-1",
        sender="warnings@embassy.example",
        sent=sent,
        expires=sent + timedelta(hours=48),
        zone="Europe/Moscow",
        status=Status.EXERCISE,
        headline="Avoid large gatherings",
        description="Avoid <concerts> & crowds.",
        instruction="Stay away.",
        advice=("avoid_crowds",),
        language="en",
        sender_name="Embassy of Example",
        urgency=Urgency.IMMEDIATE,
        severity=Severity.EXTREME,
        certainty=Certainty.POSSIBLE,
        note="EX-1",
    )
    texts = dict.fromkeys(Audience, VersionText("Avoid large gatherings", "Avoid <concerts> & crowds.", "Stay away."))
    addresses = {Audience.INTERNAL: ("embassy.example",), Audience.PARTNER: ("city.example", "venue desk")}
    for version in make_versions(alert, texts, addresses=addresses):
        schema.assertValid(etree.fromstring(version.cap))


# What the schema lets through and the text of the standard does not (CAP-3, 19, 28, 35-37), and signed messages.
REASONS = ("Signature", "is empty", "restriction do not go together", "is not after", "radius 0", "corners")


def test_a_valid_message_is_refused_for_a_reason_that_stands_in_the_standard(
    messages: dict[str, tuple[dict[str, str], bytes]],
) -> None:
    refused = {name: refusal(raw) for name, (row, raw) in messages.items() if row["xsd12_valid"] == "yes"}
    unexplained = {name: why for name, why in refused.items() if why and not any(one in why for one in REASONS)}
    assert unexplained == {}
    assert all(why.startswith("line ") for why in refused.values() if why)
