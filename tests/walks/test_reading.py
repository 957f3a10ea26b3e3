"""From a text to a determination by way of an officer who sets right what was read."""

import json
from pathlib import Path

import pytest
from tests.walks.conftest import World

from tocsin.bench.gold import gold_texts, score
from tocsin.cap.alert import Alert, Category, Certainty, Info, MsgType, Scope, Severity, Status, Urgency
from tocsin.cap.codec import write_alert
from tocsin.core.data import read_text_data
from tocsin.core.window import parse_instant
from tocsin.desk.reading import change_value, confirm_reading, confirm_value, export_report, reject_value, show_report
from tocsin.desk.report import determine_duty, submit_report
from tocsin.errors import InputError, NotFoundError, StateError

TEXT = read_text_data("demo", "report.txt").encode()


def test_a_determination_is_made_on_what_was_left_after_a_rejection(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    reject_value(desk, report, "targets", "concert")
    confirm_reading(desk, report)
    determination = determine_duty(desk, report, reliability="B", credibility=2)["determination"]
    with desk.store.read() as tx:
        threat = tx.cases.determination(determination).threat
    assert "concert" not in threat.targets
    assert threat.targets


def test_each_decision_is_a_leaf_that_names_no_value(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    before = len(_leaves(world, report))
    confirm_value(desk, report, "actors", "extremists")
    leaves = _leaves(world, report)
    assert len(leaves) == before + 1
    assert b"extremists" not in leaves[-1]


def test_the_same_text_again_does_not_undo_what_was_decided(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    change_value(desk, report, "window", "2024-03-07 to 2024-03-09", "2024-03-07 to 2024-03-10")
    submit_report(desk, TEXT)
    assert show_report(desk, report)["reading"]["window"]["end"] == "2024-03-10"


def test_what_the_reading_does_not_hold_is_refused_and_nothing_is_logged(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    before = _leaves(world, report)
    with pytest.raises(InputError, match="holds no value 'hotel'"):
        confirm_value(desk, report, "targets", "hotel")
    with pytest.raises(NotFoundError):
        confirm_reading(desk, "R-0")
    assert _leaves(world, report) == before


def test_a_request_sent_twice_decides_once(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    first = reject_value(desk, report, "targets", "concert", once="one")
    assert reject_value(desk, report, "targets", "concert", once="one") == first


def test_a_corrected_report_is_a_case_that_the_bench_can_read(world: World, tmp_path: Path) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, TEXT)["report"]
    case, raw = export_report(desk, report)
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / f"{report}.txt").write_bytes(raw)
    (tmp_path / "gold.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    (text,) = gold_texts(tmp_path)
    counts = score(text.answer, show_report(desk, report)["reading"])
    assert all(one.right == one.wanted for one in counts.values())


def test_a_forwarded_copy_is_shown_as_no_second_witness(world: World) -> None:
    desk = world.embassy.desk
    first = submit_report(desk, TEXT)["report"]
    copy = submit_report(desk, b"Forwarded by the night desk.\n\n" + TEXT)["report"]
    other = submit_report(desk, b"Police expect protests near the university on Friday; roads will be closed.")[
        "report"
    ]
    assert show_report(desk, copy)["repeats"] == [first]
    assert show_report(desk, other)["repeats"] == []


def test_a_real_message_that_says_it_is_a_test_is_held_until_somebody_decides(world: World) -> None:
    desk = world.embassy.desk
    outcome = submit_report(desk, _cap("This is a test. Militants may strike hotels in Moscow."))
    report = outcome["report"]
    with pytest.raises(StateError, match=r"is conflicting: its status is Actual, its words say “This is a test”"):
        determine_duty(desk, report, reliability="B", credibility=2)
    confirm_value(desk, report, "conflict", "This is a test")
    with pytest.raises(StateError, match="conflicting"):
        determine_duty(desk, report, reliability="B", credibility=2)
    reject_value(desk, report, "conflict", "This is a test")
    assert determine_duty(desk, report, reliability="B", credibility=2)["determination"]


def test_a_message_whose_status_and_words_agree_is_not_held(world: World) -> None:
    desk = world.embassy.desk
    report = submit_report(desk, _cap("Militants may strike hotels in Moscow."))["report"]
    assert determine_duty(desk, report, reliability="B", credibility=2)["determination"]


def _cap(description: str) -> bytes:
    info = Info(
        categories=(Category.SECURITY,),
        event="threat",
        urgency=Urgency.EXPECTED,
        severity=Severity.SEVERE,
        certainty=Certainty.POSSIBLE,
        description=description,
    )
    alert = Alert(
        identifier="A-1",
        sender="peer.example",
        sent=parse_instant("2024-03-07T10:00:00Z"),
        status=Status.ACTUAL,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=(info,),
    )
    return write_alert(alert)


def _leaves(world: World, report: str) -> list[bytes]:
    with world.embassy.desk.store.read() as tx:
        return [one.statement for one in tx.log.entries(subject=report)]
