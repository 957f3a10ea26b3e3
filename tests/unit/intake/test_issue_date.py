"""The date of issue: labelled, in the head or at the close, in the forms of many desks; never the day of an event."""

from datetime import date

import pytest

from tocsin.intake.dates import find_dates
from tocsin.intake.times import find_date, find_windows


def issued(text: str) -> str | None:
    found = find_date(text)
    return found[0].isoformat() if found else None


@pytest.mark.parametrize(
    "words",
    [
        *("3 March 2021", "3rd March 2021", "3rd of March, 2021", "March 3, 2021", "Wednesday the 3rd of March 2021"),
        *("Wed, 3 Mar 2021", "2021-03-03", "2021/03/03", "2021.3.3", "2021 March 3", "03-Mar-2021", "3/Mar/2021"),
        *("03MAR2021", "03MAR21", "3.3.2021", "03.03.21", "03-03-2021", "03/03/2021"),
    ],
)
def test_a_day_is_read_in_each_form_that_desks_write(words: str) -> None:
    assert issued(f"Notice of the Embassy, {words}: take care.") == "2021-03-03"
    assert issued(f"Take care of yourselves. Date: {words}") == "2021-03-03"


@pytest.mark.parametrize(
    "text",
    [
        "Section 3.5.120 of the rules.",
        "Host 10.12.20.30 was shut.",
        "Version 2.10.13.1 is out.",
        "Dial 202-03-03-2021.",
        "Room 12/31/45.",
        "2021/13/40",
        "99MAR2021",
    ],
)
def test_other_figures_are_no_day(text: str) -> None:
    assert issued(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Travel notice. On 9 May 2014 gunmen stormed a bank. Issued: 12 May 2014.", "2014-05-12"),
        ("Travel notice. On 9 May 2014, a mine exploded at the port. Date: 12 May 2014", "2014-05-12"),
        ("A bomb was found on 9 May 2014. Keep away.\nLima, 12 May 2014.", "2014-05-12"),
        ("Still current at: 12 May 2014. Updated: 9 May 2014. Keep away.", "2014-05-09"),
        ("Current as of 12 May 2014. Keep away.", "2014-05-12"),
        ("Last update: 9 May 2014, still valid on 12 May 2014. Keep away.", "2014-05-09"),
        ("Last updated at 14:30 on 12 May 2014. Keep away.", "2014-05-12"),
        ("This replaces the notice of 9 March 2014. Date: 12 May 2014.", "2014-05-12"),
        ("From the High Commission to all nationals, Monday 12 May 2014. Keep away.", "2014-05-12"),
        ("The Department warns. This replaces the warning issued 1 March 2014. 12 May 2014.", "2014-05-12"),
        ("Notice, 12 May 2014. Place: port. Date: 14 May 2014. Event: a march.", "2014-05-12"),
        ("Bulletin 2014-05-12T14:00Z. Keep away.", "2014-05-12"),
        ("Security notice, 12 May 2014: two guards were shot at the port.", "2014-05-12"),
        ("Security notice, 12 May 2014. The mine closed on 9 May 2014, it will open soon.", "2014-05-12"),
    ],
)
def test_the_day_of_issue_is_told_from_the_days_of_events(text: str, wanted: str) -> None:
    assert issued(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Two men exploded a mine on 9 May 2014.",
        "The road is shut from 9 May 2014.",
        "The road is shut from 18:00 on 9 May 2014.",
        "Rallies are announced for Friday 9 May 2014.",
        "A fair, Lima, 9-11 May 2014.",
    ],
)
def test_the_day_of_an_event_alone_dates_no_text(text: str) -> None:
    assert issued(text) is None


def test_figures_between_points_have_one_reading_and_between_strokes_two() -> None:
    assert [one.swapped for one in find_dates("4.3.2021 or 4/3/2021 or 4-3-2021 or 4/4/2021")] == [
        False,
        True,
        True,
        False,
    ]
    found = find_windows("An attack may take place on 4/3/21.", date(2021, 2, 1))
    assert [one.first for one in found] == [date(2021, 3, 4), date(2021, 4, 3)]


def test_the_weekday_decides_between_two_readings() -> None:
    assert issued("Notice, Monday 04/03/2024.") == "2024-03-04"
    assert issued("Notice, Wednesday 04/03/2024.") == "2024-04-03"
    assert [one.swapped for one in find_dates("monday 04/03/2024, sunday 04/03/2024")] == [False, True]
