"""What a clause does: an attack of the day of issue is what the message is about, one of another day is the past."""

from datetime import date

import pytest

from tocsin.intake.clauses import clauses
from tocsin.intake.methods import find_methods
from tocsin.intake.times import find_windows

HEAD = "U.S. Embassy Lima, 3 March 2021. "  # a Wednesday


def last(text: str) -> tuple[bool, bool]:
    """Of the last clause: whether it tells of something that happened, and whether that is over."""
    clause = clauses(HEAD + text)[-1]
    return clause.told, clause.past


@pytest.mark.parametrize(
    "text",
    [
        "Nine people were killed at the docks this morning.",
        "A car bomb exploded at the port two hours ago.",
        "Two engineers were kidnapped last night.",
        "On 3 March a clinic was attacked.",
        "Late on Tuesday, 2 March, a clinic was attacked.",
        "A clinic was attacked on Wednesday.",
        "The shooting of a guard, who died at the gate, is still going on.",
    ],
)
def test_what_happened_on_the_day_of_issue_or_goes_on_is_not_over(text: str) -> None:
    assert last(text) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Nine people were killed at the docks last month.",
        "On 28 February a clinic was attacked.",
        "A clinic was attacked last Wednesday.",
        "The clinic that was attacked in 2019 is still shut.",
        "Today is the anniversary of the bombing of the clinic.",
        "Today marks a year in which nine were killed at the docks.",
        "Three days ago a clinic was attacked.",
        "The inquiry into the blast in which two died at the gate goes on.",
    ],
)
def test_what_happened_before_is_over(text: str) -> None:
    assert last(text)[1]


def test_an_attack_of_today_keeps_its_method_and_makes_no_window() -> None:
    text = HEAD + "A suicide bomber killed six people at a bus stop today. Stay away."
    assert [one.value for one in find_methods(text)] == ["suicide_bombing"]
    assert find_windows(text, date(2021, 3, 3)) == ()


def test_without_a_date_of_issue_no_date_is_todays() -> None:
    assert clauses("A clinic was attacked on 3 March.")[-1].past
