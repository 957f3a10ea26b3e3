"""Reading against the reference texts with their hand-made answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from tocsin.gazetteer import open_gazetteer
from tocsin.intake.extract import read_alert_text, reading_as_json


def gold(shared: Path) -> list[dict[str, Any]]:
    lines = (shared / "alerts/gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["kind"] == "alert"]


def read(shared: Path, name: str) -> dict[str, Any]:
    text = (shared / "alerts/text" / f"{name}.txt").read_text(encoding="utf-8")
    return reading_as_json(read_alert_text(text, gazetteer=open_gazetteer()), file=name)


def test_the_text_of_the_story_is_read_as_a_person_read_it(shared: Path) -> None:
    wanted = next(one for one in gold(shared) if one["id"] == "us-moscow-2024-03-07")
    found = read(shared, wanted["id"])
    assert found["issuer"] == {"name": "U.S. Embassy Moscow", "state": "US", "kind": "embassy"}
    assert [(p["name"], p["country"]) for p in found["places"] if p["role"] == "threatened"] == [("Moscow", "RU")]
    assert [p["name"] for p in found["places"] if p["role"] == "mentioned"] == ["Russia"]
    assert found["issued"] == wanted["issued"]
    assert (found["window"]["start"], found["window"]["end"]) == (wanted["window_start"], wanted["window_end"])
    assert found["window"]["text"] == wanted["window_text"]
    assert set(found["targets"]) == set(wanted["targets"])
    assert found["actors"] == wanted["actors"]
    assert found["methods"] == wanted["methods"]
    assert set(found["advice"]) == set(wanted["actions"])
    assert set(found["certainty"]) == set(wanted["certainty_words"])
    assert found["audiences"] == wanted["audiences"]


@pytest.mark.parametrize(("field", "answer", "floor"), [("issued", "issued", 0.85)])
def test_dates_of_issue_are_read(shared: Path, field: str, answer: str, floor: float) -> None:
    alerts = gold(shared)
    right = sum(read(shared, one["id"])[field] == one[answer] for one in alerts)
    print(f"{field}: {right} of {len(alerts)}")
    assert right / len(alerts) >= floor


def test_every_value_carries_the_words_it_was_read_from(shared: Path) -> None:
    for one in gold(shared):
        text = (shared / "alerts/text" / f"{one['id']}.txt").read_text(encoding="utf-8")
        found = read(shared, one["id"])
        for field, spans in found["spans"].items():
            for span in spans:
                assert 0 <= span["start"] < span["end"] <= len(text), (one["id"], field)
                assert text[span["start"] : span["end"]].strip()
        for field in ("targets", "methods", "actors", "advice", "certainty", "audiences"):
            assert {span["value"] for span in found["spans"][field]} == set(found[field])
        assert len(found["spans"]["places"]) == len(found["places"])
