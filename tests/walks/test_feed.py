"""A feed that is submitted: each entry a report of its own, all of them or none, and none twice."""

import pytest
from tests.walks.conftest import World

from tocsin.desk.act import Act
from tocsin.desk.matters import join_matter, list_matters
from tocsin.desk.reading import show_report
from tocsin.desk.records import KeptReport, Matter
from tocsin.desk.report import MOST_AT_ONCE, determine_duty, submit_report
from tocsin.errors import InputError
from tocsin.evidence.entry import Kind
from tocsin.intake.container import Part

HOTELS = "Militants may attack hotels in Nairobi on 9 March 2024. Avoid the hotel district."
MARKET = "Extremists may strike markets in Kampala on 10 March 2024. Stay away from them."


def feed(*words: str, updated: str = "2024-03-07T10:00:00Z") -> bytes:
    entries = "".join(
        f"<entry><title>Alert</title><updated>2024-03-07T09:00:00Z</updated><content>{one}</content></entry>"
        for one in words
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><updated>{updated}</updated>{entries}</feed>'.encode()


def leaves(world: World) -> int:
    with world.embassy.desk.store.read() as tx:
        return len(tx.log.entries(kind=Kind.REPORT))


def test_each_entry_is_a_report_that_a_duty_can_be_determined_on(world: World) -> None:
    desk = world.embassy.desk
    reports = submit_report(desk, feed(HOTELS, MARKET))["reports"]
    assert [one["new"] for one in reports] == [True, True]
    readings = [show_report(desk, one["report"])["reading"] for one in reports]
    assert [one["targets"] for one in readings] == [["hotel"], ["market"]]
    assert determine_duty(desk, reports[1]["report"], reliability="B", credibility=2)["determination"]
    assert {one["report"] for one in list_matters(desk)} == {one["report"] for one in reports}


def test_an_entry_of_a_later_feed_that_is_here_already_is_not_taken_twice(world: World) -> None:
    desk = world.embassy.desk
    (first,) = submit_report(desk, feed(HOTELS))["reports"]
    before = leaves(world)
    again = submit_report(desk, feed(MARKET, HOTELS, HOTELS, updated="2024-03-08T10:00:00Z"))["reports"]
    assert [(one["report"] == first["report"], one["new"]) for one in again] == [
        (False, True),
        (True, False),
        (True, False),
    ]
    assert leaves(world) == before + 1


def test_the_same_feed_sent_twice_adds_nothing(world: World) -> None:
    desk = world.embassy.desk
    submit_report(desk, feed(HOTELS, MARKET), once="one")
    before = leaves(world)
    assert [one["new"] for one in submit_report(desk, feed(HOTELS, MARKET), once="one")["reports"]] == [True, True]
    assert [one["new"] for one in submit_report(desk, feed(HOTELS, MARKET))["reports"]] == [False, False]
    assert leaves(world) == before


def test_a_feed_with_one_entry_that_cannot_be_read_leaves_no_report(world: World) -> None:
    desk = world.embassy.desk
    with pytest.raises(InputError, match="not well-formed") as refused:
        submit_report(desk, feed(HOTELS, "an attack <b>is planned").replace(b"planned</content>", b"planned"))
    assert "kept as Q-" in str(refused.value.hint)
    assert list_matters(desk) == []


def test_a_feed_that_would_hold_the_store_for_long_is_refused_as_a_whole(world: World) -> None:
    desk = world.embassy.desk
    with pytest.raises(InputError, match="has 251 entries, at most 250"):
        submit_report(desk, feed(*(f"Attack number {number} is planned." for number in range(MOST_AT_ONCE + 1))))
    assert list_matters(desk) == []


def test_two_entries_of_the_same_words_are_one_matter(world: World) -> None:
    desk = world.embassy.desk
    one, other = submit_report(desk, feed(f"{HOTELS} Follow the news.", f"{HOTELS} Follow the local news."))["reports"]
    assert one["report"] != other["report"]
    assert other["joined"] == one["report"]


def test_an_act_that_breaks_off_at_the_second_entry_leaves_nothing_of_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = world.embassy.desk
    joined: list[str] = []

    def join_once(act: Act, report: KeptReport, part: Part) -> Matter:
        if joined:
            raise OSError("disk is full")
        joined.append(report.id)
        return join_matter(act, report, part)

    monkeypatch.setattr("tocsin.desk.report.join_matter", join_once)
    with pytest.raises(OSError, match="disk is full"):
        submit_report(desk, feed(HOTELS, MARKET))
    assert joined
    assert leaves(world) == 0
    assert list_matters(desk) == []
    monkeypatch.undo()
    assert [one["new"] for one in submit_report(desk, feed(HOTELS, MARKET))["reports"]] == [True, True]
