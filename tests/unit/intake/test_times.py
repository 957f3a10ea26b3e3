"""Dates and windows in running text: what is stated is read, and nothing that is not."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.intake.feasts import feast_days
from tocsin.intake.times import find_date, find_windows

ISSUED = date(2024, 3, 7)


def window(text: str, issued: date | None = ISSUED) -> tuple[str | None, str | None] | None:
    found = find_windows(text, issued)
    if not found:
        return None
    return tuple(day.isoformat() if day else None for day in (found[0].first, found[0].last))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("An attack may come within the next 24 hours.", "2024-03-07", "2024-03-08"),
        ("Avoid crowds over the next seventy-two hours.", "2024-03-07", "2024-03-10"),
        ("Stay away for the coming two weeks.", "2024-03-07", "2024-03-21"),
        ("Militants may strike on 9 March.", "2024-03-09", "2024-03-09"),
        ("Militants may strike on Saturday, March 9, 2024.", "2024-03-09", "2024-03-09"),
        ("Protests are planned from 9 to 11 March.", "2024-03-09", "2024-03-11"),
        ("An attack is possible between March 9 and March 12.", "2024-03-09", "2024-03-12"),
        ("An attack is possible during the weekend of 9-10 March 2024.", "2024-03-09", "2024-03-10"),
        ("The Embassy will be closed until 12 March.", "2024-03-07", "2024-03-12"),
        ("This alert expires on June 30, 2024.", "2024-03-07", "2024-06-30"),
        ("Attacks are possible this weekend.", "2024-03-09", "2024-03-10"),
        ("Attacks are possible later this week.", "2024-03-07", "2024-03-10"),
        ("Militants may strike this month.", "2024-03-07", "2024-03-31"),
        ("Militants may strike from June to September.", "2024-06-01", "2024-09-30"),
        ("Militants may strike between December and February 2025.", "2024-12-01", "2025-02-28"),
        ("Something may happen tomorrow.", "2024-03-08", "2024-03-08"),
        ("There may be an attack tonight.", "2024-03-07", "2024-03-07"),
        ("Terrorists may strike during Passover.", "2024-04-22", "2024-04-29"),
        ("Terrorists could strike over Easter.", "2024-03-29", "2024-04-01"),
        ("Attacks are possible throughout April 2024.", "2024-04-01", "2024-04-30"),
        ("Avoid the area until further notice.", "2024-03-07", None),
        ("Avoid malls in the coming days.", "2024-03-07", None),
        ("Visits are temporarily forbidden.", "2024-03-07", None),
        ("Keep out of the market areas until further notice.", "2024-03-07", None),
        ("Stay out of the gas works for now.", "2024-03-07", None),
    ],
)
def test_a_stated_window_is_read(text: str, first: str, last: str | None) -> None:
    assert window(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Avoid crowds and follow local media.",
        "Extremists have imminent plans to strike.",
        "On 5 March a hotel was bombed and eight people died.",
        "The office is open from 9 to 5. Call 555 0199.",
        "The threat is ongoing.",
        "Leave as soon as you can.",
        "We shall write no sooner; the less for now the better. Help came as shortly as promised.",
        "Police said on Monday that the note was unusual.",
        "In May 2019 the market was attacked.",
    ],
)
def test_nothing_that_is_no_window_becomes_one(text: str) -> None:
    assert window(text) is None


def test_without_a_date_of_issue_a_day_with_its_year_is_read_and_no_start_is_made_up() -> None:
    assert window("The Embassy will be closed on Sunday, August 4, 2013.", None) == ("2013-08-04", "2013-08-04")
    assert window("Stay away until further notice.", None) == (None, None)
    assert window("Militants may strike on 9 March.", None) is None


def test_a_day_that_can_be_read_two_ways_is_offered_both_ways() -> None:
    found = find_windows("An attack may take place on 10/12/2024.", date(2024, 10, 1))
    assert {one.first for one in found} == {date(2024, 12, 10), date(2024, 10, 12)}


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("Security Alert, U.S. Embassy, 26 October 2022 - an attack may come on 29 October 2022.", "2022-10-26"),
        ("Updated: 2024-03-07. Avoid crowds.", "2024-03-07"),
        ("Security alert of October 13th, 2023", "2023-10-13"),
        ("PARIS, 30 October 2020 - The ministry said the message was sent on 29 October 2020.", "2020-10-29"),
        ("A plot against a party on Friday, 15 November 2024 is feared.", None),
        ("31 February 2024", None),
        ("Call 2024-9999", None),
    ],
)
def test_the_date_of_issue_is_that_of_the_text_and_not_of_the_event(text: str, issued: str | None) -> None:
    found = find_date(text)
    assert (found[0].isoformat() if found else None) == issued


@given(st.text(max_size=300), st.dates(date(1, 1, 1), date(9999, 12, 31)))
def test_no_text_and_no_day_breaks_the_reader(text: str, issued: date) -> None:
    find_date(text)
    for one in (
        find_windows(
            text + " within the next 300 days, on 31 December and during Passover there may be attacks", issued
        )
        if (issued < date(9990, 1, 1) and issued > date(10, 1, 1))
        else ()
    ):
        assert one.first is None or one.last is None or one.first <= one.last


@given(st.integers(1991, 2068))
def test_a_jewish_feast_begins_on_its_eve_and_passover_is_half_a_year_after_sukkot(year: int) -> None:
    passover = feast_days("passover", date(year, 1, 1))
    sukkot = feast_days("sukkot", date(year, 6, 1))
    assert passover is not None
    assert sukkot is not None
    assert sukkot[0] - passover[0] == timedelta(days=177)


@pytest.mark.parametrize(
    ("name", "near", "first"),
    [
        ("eid al-adha", date(2011, 11, 1), "2011-11-06"),
        ("eid al-fitr", date(2024, 4, 1), "2024-04-10"),
        ("easter", date(2008, 3, 1), "2008-03-21"),
        ("hanukkah", date(2023, 12, 1), "2023-12-07"),
        ("purim", date(2023, 2, 1), "2023-03-06"),
        ("thanksgiving", date(2024, 11, 1), "2024-11-28"),
    ],
)
def test_feasts_fall_on_their_days(name: str, near: date, first: str) -> None:
    days = feast_days(name, near)
    assert days is not None
    assert days[0].isoformat() == first


def test_a_feast_of_no_calendar_and_a_year_out_of_reach_give_nothing() -> None:
    assert feast_days("feast of fools", date(2024, 1, 1)) is None
    assert feast_days("passover", date(1066, 1, 1)) is None
