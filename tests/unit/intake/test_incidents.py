"""Incidents are attacks told as having happened, with day or place; what is feared, foiled or planned is none."""

from datetime import date

import pytest

from tocsin.intake.days import find_dateline, find_days
from tocsin.intake.incidents import PlaceName, find_incidents, passages_of_attacks
from tocsin.intake.report import FoundIncident

TOLD = date(2021, 6, 10)
PLACES = (
    PlaceName("Lima", "Lima", is_country=False),
    PlaceName("Peru", "Peru", is_country=True),
    PlaceName("Cusco", "Cusco", is_country=False),
)


def incidents(text: str) -> tuple[FoundIncident, ...]:
    return find_incidents(text, passages_of_attacks(text), find_days(text, TOLD), PLACES, TOLD.isoformat())


HAPPENED = {
    "On 3 May 2021 gunmen attacked a market in Lima.": ("2021-05-03", "Lima"),
    "A car bomb killed nine people in Cusco, Peru, on Tuesday.": ("2021-06-08", "Cusco"),
    "The step follows the bombing of a train in Lima on 1 June.": ("2021-06-01", "Lima"),
    "Lima’s attack still shocks the country.": (None, "Lima"),
    "In 1992 rebels bombed a street in Lima.": ("1992", "Lima"),
    "Gunmen opened fire in Cusco on 2 June.": ("2021-06-02", "Cusco"),
}


@pytest.mark.parametrize("text", HAPPENED)
def test_an_attack_that_happened_has_its_day_and_place(text: str) -> None:
    (one,) = incidents(text)
    assert (one.date, one.place) == HAPPENED[text]
    assert text[one.start : one.end] == one.text


@pytest.mark.parametrize(
    "text",
    [
        "Terrorists may attack a market in Lima on 3 May 2021.",
        "The embassy warned of a possible bombing in Lima.",
        "Police foiled an attack in Cusco on 2 June.",
        "A plot to bomb a train in Lima was found on 1 June.",
        "Militants plan to strike in Lima.",
        "No attack took place in Lima on 2 June.",
        "There is a risk of kidnapping in Peru.",
        "The mayor spoke in Lima after the attack.",
        "The Cusco Front said it was behind the assault.",
        "People were killed.",
        "Avoid Lima: gunmen could have attacked by 2 June.",
    ],
)
def test_what_is_feared_foiled_or_nowhere_is_no_incident(text: str) -> None:
    assert incidents(text) == ()


def test_two_sentences_about_one_attack_are_one_incident() -> None:
    (one,) = incidents("Lima’s attack shocked the country. The details fit the events on 2 June.")
    assert (one.date, one.place) == ("2021-06-02", "Lima")


def test_attacks_of_two_days_stay_two() -> None:
    found = incidents("Gunmen attacked a bus in Lima on 2 June. On 5 June gunmen attacked a bus in Lima.")
    assert [one.date for one in found] == ["2021-06-02", "2021-06-05"]


def test_the_day_of_the_words_is_not_the_day_of_the_attack() -> None:
    (one,) = incidents("The minister told reporters on 4 June that gunmen attacked a bus in Lima.")
    assert one.date is None


def test_a_day_after_the_text_is_no_past() -> None:
    (one,) = incidents("Gunmen attacked a bus in Lima, and a mass is held on 20 June 2021.")
    assert one.date is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("LIMA, 3 May 2021 - Police said", "2021-05-03"),
        ("By Ana Ruiz, Lima Post. 3 May 2021. Police said", "2021-05-03"),
        ("Police said so. Published 3 May 2021.", "2021-05-03"),
        ("Police said on 3 May 2021 that", None),
        ("The embassy on Monday, 3 May 2021, said", None),
    ],
)
def test_only_a_date_line_dates_an_article(text: str, day: str | None) -> None:
    found = find_dateline(text)
    assert (found.value if found else None) == day


@pytest.mark.parametrize("text", ["31 February 2021", "0 May 2021", "2021-13-40", "Monday 99 June"])
def test_a_day_that_does_not_exist_is_none(text: str) -> None:
    assert not any(len(one.value) == 10 and one.rule == "D-full" for one in find_days(text, TOLD))
