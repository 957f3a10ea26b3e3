"""A report that nobody takes is carried to more and more people; copies of one message are one matter (LESSONS L1, L3)."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from tests.walks.conftest import START, World, named

from tocsin.core.data import read_text_data
from tocsin.desk.matters import confirm_receipt, list_matters, pass_report, take_report
from tocsin.desk.people import add_officer
from tocsin.desk.reading import show_report
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.tasks import list_tasks
from tocsin.errors import InputError, NotFoundError
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import peek_claims

TIP = b"A man with a green van, plate AB 12345, said he will shoot at the market hall tonight."
TEXT = read_text_data("demo", "report.txt")
NO_OWNER = "has no owner"


def test_a_tip_that_nobody_takes_goes_to_the_next_officer_and_then_to_all(world: World) -> None:
    add_officer(named(world.embassy.node, "administrator"), "second", ["officer"], address="second@embassy.example")
    report = submit_report(world.embassy.desk, TIP)["report"]
    world.pass_time(seconds=119)
    world.embassy.expect_nothing_more()
    world.pass_time(seconds=1)
    assert len(_mailed(world)) == 1
    world.pass_time(minutes=2)
    assert sorted(_mailed(world)) == ["officer@embassy.example", "second@embassy.example"]
    assert [(one["step"], one["asked"], one["without_owner_s"]) for one in _leaves(world, report, "seek_owner")] == [
        (0, 1, 120),
        (1, 2, 240),
    ]


def test_one_field_in_one_step_is_enough_for_a_tip(world: World) -> None:
    outcome = submit_report(world.embassy.desk, b"I heard shots behind the station")
    (matter,) = list_matters(world.embassy.desk)
    assert (matter["report"], matter["imminent"], matter["owner"]) == (outcome["report"], True, None)
    assert outcome["report"] in {one["subject"] for one in list_tasks(world.embassy.desk)}


def test_nobody_is_asked_once_somebody_has_it_and_the_log_tells_how_long_nobody_had(world: World) -> None:
    report = submit_report(world.embassy.desk, TIP)["report"]
    world.pass_time(minutes=1)
    assert take_report(world.embassy.desk, report)["owner"] == "officer"
    world.pass_time(minutes=60)
    assert [one["without_owner_s"] for one in _leaves(world, report, "take_report")] == [60]
    assert not _leaves(world, report, "seek_owner")
    assert not list_tasks(world.embassy.desk)


def test_whoever_determines_has_it_in_hand(world: World) -> None:
    report = submit_report(world.embassy.desk, TEXT.encode())["report"]
    determine_duty(world.embassy.desk, report, reliability="B", credibility=2)
    world.pass_time(minutes=10)
    assert show_report(world.embassy.desk, report)["matter"]["owner"] == "officer"


def test_a_report_whose_window_is_over_or_far_off_wakes_nobody(world: World) -> None:
    submit_report(world.embassy.desk, TEXT.replace("2024", "2023").encode())
    world.pass_time(minutes=10)
    assert [one["imminent"] for one in list_matters(world.embassy.desk)] == [False]


def test_taking_it_from_somebody_says_from_whom_and_asks_nobody_again(world: World) -> None:
    report = submit_report(world.embassy.desk, TIP)["report"]
    take_report(world.embassy.desk, report)
    outcome = take_report(named(world.embassy.node, "analyst"), report)
    assert (outcome["owner"], outcome["taken_from"]) == ("analyst", "officer")
    world.pass_time(minutes=10)


def test_copies_to_many_mailboxes_and_a_forward_are_one_matter_of_the_first_time(world: World) -> None:
    other = submit_report(world.embassy.desk, b"A strike of the bus drivers is planned for the day after tomorrow.")
    take_report(world.embassy.desk, other["report"])
    first = submit_report(world.embassy.desk, _mail(0))["report"]
    world.pass_time(minutes=1)
    for number in range(1, 34):
        assert submit_report(world.embassy.desk, _mail(number))["joined"] == first
    forwarded = _mail(34, subject="FW: threat", before="See below, what do we do?\n\n-----Original Message-----\n")
    assert submit_report(world.embassy.desk, forwarded)["joined"] == first
    matters = list_matters(world.embassy.desk)
    assert [(one["report"], one["reports"]) for one in matters] == [(first, 35), (other["report"], 1)]
    assert matters[0]["received"] == "2024-03-07T14:00:00Z"
    assert len([one for one in list_tasks(world.embassy.desk) if one["subject"] == first]) == 1
    assert len(show_report(world.embassy.desk, first)["repeats"]) == 34
    take_report(world.embassy.desk, first)


def test_a_copy_of_what_somebody_has_wakes_nobody(world: World) -> None:
    first = submit_report(world.embassy.desk, _mail(0))["report"]
    take_report(world.embassy.desk, first)
    submit_report(world.embassy.desk, _mail(1))
    world.pass_time(minutes=10)
    assert not list_tasks(world.embassy.desk)


def test_a_copy_that_comes_weeks_later_is_a_matter_of_its_own_and_wakes_somebody(world: World) -> None:
    first = submit_report(world.embassy.desk, TIP)["report"]
    take_report(world.embassy.desk, first)
    world.pass_time(days=21)
    again = submit_report(world.embassy.desk, TIP + b" They say so again.")
    assert again["joined"] == again["report"] != first
    world.pass_time(minutes=2)
    assert _mailed(world) == ["officer@embassy.example"]
    assert show_report(world.embassy.desk, again["report"])["repeats"] == [first]
    take_report(world.embassy.desk, again["report"])


def test_after_an_outage_of_hours_the_officers_get_one_mail_and_not_one_for_each_hour(world: World) -> None:
    submit_report(world.embassy.desk, TIP)
    world.embassy.desk.clock.move_to(START + timedelta(hours=9))  # type: ignore[attr-defined]
    world.settle()
    assert _mailed(world) == ["officer@embassy.example"]


def test_two_different_threats_in_one_letterhead_stay_two(world: World) -> None:
    one = submit_report(world.embassy.desk, _mail(0))["report"]
    words = "The north pipeline near Vlora will be cut on Sunday by people who came over the lake. Guard the valves."
    other = submit_report(world.embassy.desk, _mail(1, words=words))
    assert other["joined"] == other["report"] != one
    for report in (one, other["report"]):
        take_report(world.embassy.desk, report)


def test_what_was_passed_on_shows_who_has_not_said_that_it_came(world: World) -> None:
    report = submit_report(world.embassy.desk, TIP)["report"]
    take_report(world.embassy.desk, report)
    pass_report(world.embassy.desk, report, ["analyst", "releaser"])
    world.settle()
    world.embassy.expect("analyst@embassy.example", f"Report {report} was passed to you")
    world.embassy.expect("releaser@embassy.example", f"Report {report} was passed to you")
    confirm_receipt(named(world.embassy.node, "analyst"), report)
    passed = show_report(world.embassy.desk, report)["matter"]["passed"]
    assert [(one["to"], one["got"] is not None) for one in passed] == [("analyst", True), ("releaser", False)]


def test_nobody_says_that_they_have_what_was_never_passed_to_them(world: World) -> None:
    report = submit_report(world.embassy.desk, TIP)["report"]
    take_report(world.embassy.desk, report)
    with pytest.raises(NotFoundError, match="was not passed to you"):
        confirm_receipt(named(world.embassy.node, "analyst"), report)


@pytest.mark.parametrize(
    ("to", "error", "words"),
    [
        ([], InputError, "nobody is named"),
        (["nobody"], NotFoundError, "works here"),
        (["administrator"], InputError, "no e-mail"),
    ],
)
def test_a_report_is_not_passed_to_nobody(world: World, to: list[str], error: type[Exception], words: str) -> None:
    report = submit_report(world.embassy.desk, TIP)["report"]
    take_report(world.embassy.desk, report)
    with pytest.raises(error, match=words):
        pass_report(world.embassy.desk, report, to)
    assert not _leaves(world, report, "pass_report")


def _mail(number: int, *, subject: str = "threat", before: str = "", words: str = "") -> bytes:
    mail = EmailMessage()
    mail["From"] = "somebody@mail.example"
    mail["To"] = f"box{number}@account{number % 3}.example"
    mail["Date"] = f"Thu, 07 Mar 2024 13:{number:02}:00 +0000"
    mail["Message-ID"] = f"<{number}@mail.example>"
    mail["Subject"] = subject
    mail.set_content(before + (words or TEXT), cte="base64" if number % 2 else "quoted-printable")
    return mail.as_bytes()


def _mailed(world: World) -> list[str]:
    """To whom notices about an owner went since this was asked last."""
    found = [address for address, subject in world.embassy.letters if NO_OWNER in subject]
    world.embassy.letters = [one for one in world.embassy.letters if NO_OWNER not in one[1]]
    return found


def _leaves(world: World, report: str, act: str) -> list[dict[str, int]]:
    with world.embassy.desk.store.read() as tx:
        claims = [dict(peek_claims(one.statement)) for one in tx.log.entries(kind=Kind.ACT, subject=report)]
    return [one for one in claims if one["act"] == act]
