"""The article that the project starts from: who warned whom of what, who was told, what was answered, what came."""

from pathlib import Path
from typing import Any

import pytest

from tocsin.gazetteer import open_gazetteer
from tocsin.intake.extract import read_alert_text, reading_as_json

Read = dict[str, Any]


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    (file,) = (shared / "seed").glob("*.txt")
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text: str) -> Read:
    return reading_as_json(read_alert_text(text, gazetteer=open_gazetteer()), file="seed")


def claims(read: Read, *words: str) -> list[Read]:
    return [one for one in read["claims"] if all(word in one["claim"] for word in words)]


def test_it_is_an_article_and_its_warning_is_of_7_march_in_the_year_of_its_date_line(read: Read, text: str) -> None:
    assert read["kind"] == "article"
    assert read["issued"] == "2024-03-07"
    (span,) = read["spans"]["issued"]
    assert "2024" not in text[span["start"] : span["end"]]


def test_the_warning_names_moscow_gatherings_concerts_extremists_and_48_hours(read: Read, text: str) -> None:
    assert "Moscow" in {one["name"] for one in read["places"] if one["role"] == "threatened"}
    assert {"large_gathering", "concert"} <= set(read["targets"])
    assert "extremists" in read["actors"]
    assert (read["window"]["start"], read["window"]["end"]) == ("2024-03-07", "2024-03-09")
    (span,) = read["spans"]["window"]
    assert "48 hours" in text[span["start"] : span["end"]]


def test_it_was_given_by_the_united_states_to_its_citizens(read: Read) -> None:
    (warning,) = claims(read, "warning from", "to its citizens")
    assert (warning["who"], warning["to"], warning["when"]) == ("US", "citizens of US", "2024-03-07")
    assert "us_citizens" in read["audiences"]


def test_it_was_shared_with_the_russian_authorities_as_an_official_says_and_the_bbc_tells(read: Read) -> None:
    said = [one for one in claims(read, "shared this information", "duty to warn") if one["who"] == "US official"]
    assert [one["reported_by"][0] for one in said] == ["BBC"]
    shared = [one for one in claims(read, "shared this information") if one["who"] == "US government"]
    assert [(one["to"], one["reported_by"][:2]) for one in shared] == [("Russian authorities", ["US official", "BBC"])]


@pytest.mark.parametrize("words", ["provocative", "blackmail"])
def test_the_president_spoke_on_19_march_to_the_board_of_the_fsb(read: Read, words: str) -> None:
    (one,) = claims(read, words)
    assert "Putin" in one["who"]
    assert one["when"] == "2024-03-19"
    assert "board of Russia’s Federal Security Service" in one["to"]


def test_the_attack_of_22_march_is_an_incident_and_islamic_state_claims_it(read: Read) -> None:
    assert "2024-03-22" in {one["date"] for one in read["incidents"]}
    assert "Moscow" in {one["place"] for one in read["incidents"]}
    (one,) = claims(read, "it was behind")
    assert one["who"] == "Islamic State"


def test_every_claim_stands_in_the_text_as_it_is_given_and_none_is_confirmed(read: Read, text: str) -> None:
    for span, claim in zip(read["spans"]["claims"], read["claims"], strict=True):
        assert text[span["start"] : span["end"]] == claim["claim"]
        assert span["status"] == "proposed"
