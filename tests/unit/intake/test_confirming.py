"""A person decides on what was read; what was read stays beside what they say."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from tocsin.errors import InputError
from tocsin.intake.confirming import as_case, change, confirm, confirm_all, reject, threat_by
from tocsin.intake.container import Part, extract_part
from tocsin.intake.extract import reading_as_json, threats_of
from tocsin.intake.ports import GazetteerEntry

TEXT = "Security Alert, U.S. Embassy Nairobi, 7 March 2024. Militants may strike hotels and malls on 9 March 2024. Avoid crowds."


class Nowhere:
    def look_up(self, key: str) -> tuple[GazetteerEntry, ...]:
        del key
        return ()

    def look_up_all(self, keys: object) -> dict[str, tuple[GazetteerEntry, ...]]:
        del keys
        return {}


READING = extract_part(Part(TEXT), gazetteer=Nowhere())
READ = reading_as_json(READING, file="R-1")


def statuses(reading: dict[str, Any], field: str) -> list[tuple[str, str]]:
    return [(span["value"], span["status"]) for span in reading["spans"][field]]


def test_a_confirmed_value_says_by_whom_and_no_other_value_changes() -> None:
    made = confirm(READ, "targets", "hotel", by="P-1")
    assert statuses(made, "targets") == [("hotel", "confirmed"), ("shopping_mall", "proposed")]
    assert made["spans"]["targets"][0]["by"] == "P-1"
    assert {key: made[key] for key in made if key != "spans"} == {key: READ[key] for key in READ if key != "spans"}


def test_a_rejected_value_is_out_of_the_threat_and_its_words_stay() -> None:
    made = reject(READ, "targets", "hotel", by="P-1")
    assert made["targets"] == ["shopping_mall"]
    assert ("hotel", "rejected") in statuses(made, "targets")
    threat = threat_by(made, threats_of(READING)[0])
    assert "hotel" not in threat.targets


def test_a_changed_window_is_the_one_that_counts_and_keeps_what_it_was() -> None:
    made = change(READ, "window", "2024-03-09 to 2024-03-09", "2024-03-09 to 2024-03-11", by="P-1")
    assert (made["window"]["start"], made["window"]["end"]) == ("2024-03-09", "2024-03-11")
    assert made["spans"]["window"][0]["was"] == "2024-03-09 to 2024-03-09"
    end = threat_by(made, threats_of(READING)[0]).window.end
    assert end is not None
    assert end.date() == date(2024, 3, 12)


def test_all_confirms_what_nobody_decided_on_and_nothing_else() -> None:
    made = confirm_all(reject(READ, "targets", "hotel", by="P-1"), by="P-2")
    found = {(span["status"], span["by"]) for spans in made["spans"].values() for span in spans}
    assert found == {("rejected", "P-1"), ("confirmed", "P-2")}


@pytest.mark.parametrize(
    ("field", "value", "new"),
    [
        ("colour", "red", "blue"),
        ("targets", "concert", "hotel"),
        ("window", "2024-03-09 to 2024-03-09", "soon"),
        ("window", "2024-03-09 to 2024-03-09", "2024-03-11 to 2024-03-09"),
        ("issued", "2024-03-07", "7 March"),
        ("issuer", "U.S. Embassy Nairobi", "somebody"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_changes(field: str, value: str, new: str) -> None:
    before = deepcopy(READ)
    with pytest.raises(InputError):
        change(READ, field, value, new, by="P-1")
    assert before == READ


def test_a_case_made_of_a_reading_asks_for_what_was_set_right() -> None:
    case = as_case(change(READ, "targets", "hotel", "airport", by="P-1"), "R-1")
    assert case["targets"] == ["airport", "shopping_mall"]
    assert (case["issued"], case["window_start"], case["issuer_country"]) == ("2024-03-07", "2024-03-09", "US")
