"""Windows in the wordings of many desks: what a warning looks ahead to is one, what it looks back on is none."""

from datetime import date

import pytest

from tocsin.intake.times import find_windows

ISSUED = date(2021, 3, 3)  # a Wednesday
NONE = ("none", "none")


def window(text: str, issued: date | None = ISSUED) -> tuple[str, str]:
    """First and last day as MM-DD of the window that counts; "open" where one is not stated."""
    found = find_windows(text, issued)
    if not found:
        return NONE
    first, last = (f"{day:%m-%d}" if day else "open" for day in (found[0].first, found[0].last))
    return first, last


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The danger of bombings grows around 8 March.", "03-08", "03-08"),
        ("Be on your guard on 8 March.", "03-08", "03-08"),
        ("The visa office is shut on 8 March.", "03-08", "03-08"),
        ("Rallies are called for 8 March.", "03-08", "03-08"),
        ("The verdict is to be read on Monday, March 8.", "03-08", "03-08"),
        ("The unions have announced a strike for Monday, 8 March.", "03-08", "03-08"),
        ("Opposition groups have called for sit-ins from 8 to 10 March.", "03-08", "03-10"),
        ("The vigil begins on the night of 8/9 March.", "03-08", "03-09"),
        ("Roads may be blocked on March 8, 9 and 10.", "03-08", "03-10"),
        ("Movement is banned from 20:00 on 8 March to 05:00 on 9 March.", "03-08", "03-09"),
        ("The port is shut from 8 March at 20:00 to 9 March at 05:00.", "03-08", "03-09"),
        ("The anniversary of the bombing is on 8 March 2021; keep away.", "03-08", "03-08"),
        ("Sit-ins may be held on 8 March and again on 11 March.", "03-08", "03-11"),
        ("The bridge is closed starting 8 March.", "03-08", "open"),
        ("The bridge will be closed from 8 March until further notice.", "03-08", "open"),
        ("The mission is closed on Monday, 8 March. It remains closed until Thursday, 11 March.", "03-08", "03-11"),
        ("The road is shut from 5 p.m. Friday, March 5 through 5 a.m. Monday, March 8.", "03-05", "03-08"),
        ("Raids may come from the evening of Friday 5 March to the evening of Monday 8 March.", "03-05", "03-08"),
        ("Flights are halted up to and including 8 March.", "03-03", "03-08"),
        ("The envoy is to leave on 12 November.", "11-12", "11-12"),
        ("Between now and 8 March there may be raids.", "03-03", "03-08"),
    ],
)
def test_a_day_after_the_issue_is_a_window(text: str, first: str, last: str) -> None:
    assert window(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The night curfew holds until Saturday.", "03-03", "03-06"),
        ("Keep to your homes from Thursday to Saturday.", "03-04", "03-06"),
        ("Marches are likely on Saturday and Sunday.", "03-06", "03-07"),
        ("Shops may be raided this Saturday.", "03-06", "03-06"),
        ("Flights are halted through at least Saturday.", "03-03", "03-06"),
        ("Unions have called a strike for tomorrow, March 4.", "03-04", "03-04"),
        ("Raids may come tonight and tomorrow.", "03-03", "03-04"),
        ("Do not go out until tomorrow evening.", "03-03", "03-04"),
        ("Raids are feared until the end of the week.", "03-03", "03-07"),
        ("Avoid the port for the rest of the month.", "03-03", "03-31"),
        ("Care is needed until the end of April.", "03-03", "04-30"),
        ("A raid may come within 36 hours.", "03-03", "03-05"),
        ("A raid is expected within days.", "03-03", "open"),
        ("Shelter indoors for 48 hours.", "03-03", "03-05"),
        ("Keep away from stations for a fortnight.", "03-03", "03-17"),
        ("Raids may come in the next two to three days.", "03-03", "03-06"),
        ("Raids may come over the coming 12-24 hours.", "03-03", "03-04"),
    ],
)
def test_a_window_is_counted_from_the_day_of_issue(text: str, first: str, last: str) -> None:
    assert window(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Raids are feared during the upcoming Muslim holy month of Ramadan.", "04-13", "05-12"),
        ("Watch out at churches over the Easter weekend.", "04-02", "04-05"),
        ("Crowds will be large over Christmas and New Year.", "12-24", "01-01"),
        ("Take care ahead of the Pessach holiday.", "03-27", "04-03"),
        ("Take care on New Year's Eve.", "12-31", "01-01"),
        ("Take care during the Easter season.", "03-03", "open"),
        ("Take care over Orthodox Easter.", "04-30", "05-03"),
        ("Take care during Holy Week.", "03-28", "04-04"),
        ("Raids are feared during the Hajj.", "07-18", "07-23"),
        ("Rallies are planned for May Day.", "05-01", "05-01"),
        ("Raids are feared in May.", "05-01", "05-31"),
        ("For the month of April staff are barred from the market.", "04-01", "04-30"),
    ],
)
def test_a_feast_and_a_month_to_come_are_windows(text: str, first: str, last: str) -> None:
    assert window(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Take care during Passover 2024.", "04-22", "04-29"),
        ("Take care over Christmas 2024.", "12-24", "12-26"),
        ("Raids may come in May 2024.", "05-01", "05-31"),
    ],
)
def test_a_year_that_is_named_needs_no_day_of_issue(text: str, first: str, last: str) -> None:
    assert window(text, None) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Raiders burnt shops on Saturday.",
        "Raiders burnt shops earlier this week.",
        "Two men were arrested this week, who may have planned a raid.",
        "Raiders have burnt shops from June to September.",
        "Raiders may burn shops from June.",
        "Raiders may burn shops from June to September every year.",
        "Raiders fought the police from Thursday to Saturday.",
        "Over the weekend two men were stabbed.",
        "Last night, during carnival, shots were fired.",
        "Churches were attacked during Christmas.",
        "A man was stabbed last night during New Year celebrations.",
        "In late February raiders planned to burn a hotel.",
        "In March raiders planned an attack.",
        "On 2 March a bus was bombed.",
        "The minister has sworn to answer the strike of 1 April.",
        "Two men were arrested on Sunday, who may have planned a raid.",
        "This morning rockets hit the airfield.",
        "The mission learned today of a possible plot.",
        "Over the past 72 hours there were two raids.",
        "The man was held for two weeks.",
        "In the following days two more raids took place.",
    ],
)
def test_what_is_over_does_not_come_round_again(text: str) -> None:
    assert window(text) == NONE


@pytest.mark.parametrize(
    "text",
    [
        "Our office is open Monday to Friday from 9 to 17.",
        "Visas are given out within five days.",
        "Register within ten days of arrival.",
        "Have food and water at home for 72 hours.",
        "The next update of this page is on 10 March.",
        "Take care over Chinese New Year.",
        "Take care over Greek Orthodox Easter.",
        "The level was raised on 12 November.",
        "Take care on Independence Day.",
        "Take care on Fridays.",
        "Christmas is over.",
    ],
)
def test_other_times_are_no_window(text: str) -> None:
    assert window(text) == NONE


def test_a_feast_just_gone_is_not_that_of_next_year() -> None:
    assert window("Crowds gather during Bastille Day celebrations.", date(2021, 7, 20)) == NONE
    assert window("Crowds gather during Bastille Day celebrations.", date(2021, 7, 10)) == ("07-14", "07-14")


def test_feasts_of_one_name_are_told_apart_by_their_church() -> None:
    assert window("Take care during Coptic Christmas.", date(2021, 12, 20)) == ("01-06", "01-07")
    assert window("Take care during Christmas.", date(2021, 12, 20)) == ("12-24", "12-26")


def test_a_month_just_gone_is_not_that_of_next_year() -> None:
    assert window("Raids are likely during January.") == NONE
    assert window("Raids are likely during January.", date(2021, 11, 20)) == ("01-01", "01-31")


def test_what_an_article_says_was_said_on_a_day_is_no_window() -> None:
    assert window("On 8 March 2021 the minister called in the envoy over a warning of possible raids.") == NONE
    assert window("The chief told reporters on 8 March that a raid had been foiled.") == NONE
    assert window("PARIS, 8 March 2021 - Raids may come.") == NONE
