"""What cannot be read is lost to nobody and true to nobody: kept, shown, read again, counted once."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tocsin.core.data import read_text_data
from tocsin.desk import unread
from tocsin.desk.house import Role
from tocsin.desk.matters import list_matters
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk, MovableClock
from tocsin.desk.quarantine import (
    list_quarantine,
    raw_quarantined,
    retry_quarantined,
    show_quarantined,
)
from tocsin.desk.readiness import find_quarantine_faults
from tocsin.desk.records import ENTRY_BYTES
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.review import record_incident
from tocsin.desk.show import list_incidents
from tocsin.desk.tasks import list_tasks
from tocsin.errors import AccessError, InputError, NotFoundError
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import verify_statement
from tocsin.intake import read_text
from tocsin.node import make_node, move_rehearsal_clock, open_node
from tocsin.target import register

START = datetime(2024, 3, 7, 14, 0, tzinfo=UTC)
REPORT = read_text_data("demo", "report.txt").encode()
NO_TEXT = b"Attack at the hall \xff\xfe tonight, says p77@people.example"
BAD_PEOPLE = (
    b"id,language,zone,lat,lon,email\nP1,en,Europe/Moscow,55.7,37.6,p1@people.example\n"
    b"P2,en,Europe/Moscow,155.7,37.6,planted@people.example\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "embassy.example"
    make_node(found, {"name": "embassy.example", "practice": True, "exercise": "walk"})
    move_rehearsal_clock(found).move_to(START)
    return found


@pytest.fixture
def node(folder: Path) -> Iterator[Desk]:
    """A desk with one person in each role, each called like their role."""
    desk = open_node(folder, {}).desk
    add_officer(desk, "administrator", ["administrator"])
    for role in set(Role) - {Role.ADMINISTRATOR}:
        add_officer(at(desk, "administrator"), role.value.replace("_", "."), [role])
    yield desk
    desk.store.close()


@pytest.fixture
def desk(node: Desk) -> Desk:
    return at(node, "officer")


def at(desk: Desk, name: str) -> Desk:
    return desk.acting(officer_named(desk, name).id, "named")


def pass_time(desk: Desk, **span: float) -> datetime:
    assert isinstance(desk.clock, MovableClock)
    desk.clock.move_to(desk.clock.now() + timedelta(**span))
    return desk.clock.now()


def leaves(desk: Desk) -> int:
    with desk.store.read() as tx:
        return tx.log.size()


def refused(desk: Desk, raw: bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        submit_report(desk, raw)
    return caught.value


def refused_by_an_older_version(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's report, handed in while texts could not be so long."""
    with monkeypatch.context() as older:
        older.setattr(read_text, "MAX_BYTES", 100)
        assert "at most 100 expected" in str(refused(desk, REPORT))


def only(desk: Desk) -> dict[str, object]:
    (found,) = list_quarantine(desk)
    return found


def test_a_report_that_is_no_text_is_kept_whole_and_its_number_is_told(desk: Desk) -> None:
    error = refused(desk, NO_TEXT)

    assert str(error) == "text is not UTF-8 at byte 19"
    assert error.hint is not None
    assert error.hint.endswith("kept as Q-1: `tocsin quarantine show Q-1`")
    assert raw_quarantined(desk, "Q-1") == NO_TEXT
    found = show_quarantined(desk, "Q-1")
    assert found["sha256"] == hashlib.sha256(NO_TEXT).hexdigest()
    assert (found["reader"], found["from"], found["size"]) == ("report", desk.actor, len(NO_TEXT))
    assert (found["first"], found["arrivals"], found["closed"]) == ("2024-03-07T14:00:00Z", 1, None)
    assert found["reasons"] == [{"at": "2024-03-07T14:00:00Z", "code": "InputError", "text": str(error)}]


def test_nothing_of_it_passes_for_a_report(desk: Desk) -> None:
    refused(desk, NO_TEXT)

    assert list_matters(desk) == []
    with pytest.raises(NotFoundError):
        determine_duty(desk, "Q-1", reliability="B", credibility=2)


def test_the_log_says_hash_and_reason_and_not_one_word_of_it(desk: Desk) -> None:
    before = leaves(desk)
    refused(desk, NO_TEXT)

    assert leaves(desk) == before + 1
    with desk.store.read() as tx:
        (leaf,) = tx.log.entries(kind=Kind.REFUSED)
        statements = b"".join(one.statement for one in tx.log.entries())
    claims = verify_statement(leaf.statement, desk.keys.node.verify_key).claims
    assert claims["sha256"] == hashlib.sha256(NO_TEXT).hexdigest()
    assert (claims["act"], claims["reason"], claims["kept"]) == ("read", "InputError", "Q-1")
    assert "byte 19" not in str(claims)
    assert b"people.example" not in statements


def test_an_officer_has_a_task_about_it_until_it_was_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_an_older_version(desk, monkeypatch)
    (task,) = list_tasks(desk)
    assert (task["subject"], task["role"]) == ("Q-1", "officer")

    retry_quarantined(desk, "Q-1")

    assert "Q-1" not in {one["subject"] for one in list_tasks(desk)}


def test_the_same_bytes_twice_are_one_entry_with_two_arrivals(desk: Desk) -> None:
    refused(desk, NO_TEXT)
    pass_time(desk, minutes=5)
    error = refused(desk, NO_TEXT)

    assert "Q-1" in (error.hint or "")
    found = show_quarantined(desk, "Q-1")
    assert only(desk)["arrivals"] == 2
    assert (found["first"], found["last"]) == ("2024-03-07T14:00:00Z", "2024-03-07T14:05:00Z")
    assert len(found["reasons"]) == 1
    assert len(list_tasks(desk)) == 1


def test_a_report_that_can_be_read_after_a_fix_counts_from_its_arrival(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused_by_an_older_version(desk, monkeypatch)
    pass_time(desk, hours=3)

    found = retry_quarantined(desk, "Q-1")

    (report,) = list_matters(desk)
    assert (found["became"], found["closed"]) == (report["report"], "2024-03-07T17:00:00Z")
    assert report["received"] == "2024-03-07T14:00:00Z"
    determined = determine_duty(desk, report["report"], reliability="B", credibility=2)
    with desk.store.read() as tx:
        determination = tx.cases.determination(determined["determination"])
    assert determination.acquired == START
    assert min(determination.due.values()) < START + timedelta(hours=3), "three hours of the clock are gone already"


def test_a_retry_twice_acts_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_an_older_version(desk, monkeypatch)
    first = retry_quarantined(desk, "Q-1")
    size = leaves(desk)

    assert retry_quarantined(desk, "Q-1") == first
    assert leaves(desk) == size
    assert len(list_matters(desk)) == 1


def test_two_who_retry_at_once_act_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_an_older_version(desk, monkeypatch)

    with ThreadPoolExecutor(4) as officers:
        became = set(officers.map(lambda _: retry_quarantined(desk, "Q-1")["became"], range(4)))

    assert became == {list_matters(desk)[0]["report"]}
    with desk.store.read() as tx:
        assert len(tx.log.entries(kind=Kind.REPORT)) == 1


def test_what_was_handed_in_again_and_read_closes_what_was_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_an_older_version(desk, monkeypatch)
    pass_time(desk, hours=1)

    outcome = submit_report(desk, REPORT)

    assert only(desk)["became"] == outcome["report"]
    assert list_matters(desk)[0]["received"] == "2024-03-07T14:00:00Z"


def test_a_retry_that_fails_adds_its_reason_and_keeps_everything(desk: Desk) -> None:
    refused(desk, NO_TEXT)
    pass_time(desk, hours=1)

    with pytest.raises(InputError, match="not UTF-8") as caught:
        retry_quarantined(desk, "Q-1")

    assert (caught.value.hint or "").endswith("still kept as Q-1")
    found = show_quarantined(desk, "Q-1")
    assert [one["at"] for one in found["reasons"]] == ["2024-03-07T14:00:00Z", "2024-03-07T15:00:00Z"]
    assert found["closed"] is None
    assert raw_quarantined(desk, "Q-1") == NO_TEXT
    assert list_matters(desk) == []


def test_bytes_that_were_read_are_not_kept_a_second_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    refused_by_an_older_version(desk, monkeypatch)
    retry_quarantined(desk, "Q-1")

    with pytest.raises(NotFoundError, match="not kept any more"):
        raw_quarantined(desk, "Q-1")
    assert show_quarantined(desk, "Q-1")["excerpt"] is None


def test_a_register_file_with_one_bad_row_is_kept_whole_and_none_of_it_imported(desk: Desk, folder: Path) -> None:
    with pytest.raises(InputError, match="people, row 3"):
        import_register(desk, "people", BAD_PEOPLE)

    with desk.store.read() as tx:
        assert tx.register.people() == ()
    assert raw_quarantined(desk, "Q-1") == BAD_PEOPLE
    assert [one for one in folder.iterdir() if one.is_file() and b"planted" in one.read_bytes()] == []


def test_a_register_file_is_imported_by_a_retry(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Hall " * 60
    venues = (
        "id,name,kind,lat,lon,contact1,email1,contact2,email2,contact3,email3\n"
        f"V1,{name},concert,55.7,37.6,duty,v1@venues.example,,,,\n"
    ).encode()
    with pytest.raises(InputError, match="venues, row 2"):
        import_register(desk, "venues", venues)
    monkeypatch.setattr(register, "MAX_LINE", 400)

    assert retry_quarantined(desk, "Q-1")["became"] == "1 venues"
    with desk.store.read() as tx:
        assert [one.id for one in tx.register.venues()] == ["V1"]


@pytest.mark.parametrize("raw", [b'{"status": "occurred"', b'{"statu": "occurred"}', b"", b'{"start": NaN}'])
def test_an_incident_that_cannot_be_read_is_kept_as_it_came(desk: Desk, raw: bytes) -> None:
    with pytest.raises(InputError):
        record_incident(desk, raw)

    assert only(desk)["reader"] == "incident"
    assert raw_quarantined(desk, "Q-1") == raw
    assert list_incidents(desk) == []


def test_the_same_bytes_for_two_readers_are_two_things(desk: Desk) -> None:
    refused(desk, NO_TEXT)
    with pytest.raises(InputError):
        import_register(desk, "people", NO_TEXT)

    assert [(one["kept"], one["reader"]) for one in list_quarantine(desk)] == [("Q-1", "report"), ("Q-2", "people")]


def test_whoever_may_not_submit_cannot_fill_the_quarantine(node: Desk) -> None:
    with pytest.raises(AccessError):
        submit_report(at(node, "auditor"), NO_TEXT)

    assert list_quarantine(node) == []


@pytest.mark.parametrize("role", ["reporter", "releaser", "waiver.authority", "analyst", "auditor"])
def test_only_officers_and_administrators_read_it_again(node: Desk, role: str) -> None:
    refused(at(node, "reporter"), NO_TEXT)

    with pytest.raises(AccessError, match="may not read again"):
        retry_quarantined(at(node, role), "Q-1")
    assert len(show_quarantined(node, "Q-1")["reasons"]) == 1


def test_what_has_no_marking_yet_is_read_by_nobody_who_reads_less_than_internal(node: Desk) -> None:
    refused(at(node, "reporter"), NO_TEXT)
    analyst, before = at(node, "analyst"), leaves(node)

    found = show_quarantined(analyst, "Q-1")
    with pytest.raises(AccessError, match="no marking"):
        raw_quarantined(analyst, "Q-1")

    assert (found["excerpt"], found["reasons"][0]["text"]) == (None, None)
    assert leaves(node) == before + 1, "the refusal is logged"
    with pytest.raises(AccessError):
        list_quarantine(at(node, "reporter"))


def test_what_is_larger_than_is_kept_leaves_its_hash_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "MAX_KEPT_BYTES", 10)
    before = leaves(desk)
    error = refused(desk, NO_TEXT)

    assert (error.hint or "").endswith("too much to be kept: keep the file")
    assert list_quarantine(desk) == []
    with desk.store.read() as tx:
        (leaf,) = tx.log.entries(kind=Kind.REFUSED)
    assert leaves(desk) == before + 1
    assert leaf.subject == "quarantine"


def test_a_flood_ends_at_the_bound_of_the_node_and_somebody_is_told(desk: Desk) -> None:
    small = replace(desk, settings=replace(desk.settings, quarantine_bytes=3 * (len(NO_TEXT) + ENTRY_BYTES)))
    for number in range(10):
        refused(small, NO_TEXT[:-1] + b"%d" % number)

    assert len(list_quarantine(small)) == 3
    assert [one["subject"] for one in list_tasks(small)] == ["Q-1", "Q-2", "Q-3", "quarantine"]
    assert any("soon nothing more is kept" in fault for fault in find_quarantine_faults(small))
    refused(small, NO_TEXT[:-1] + b"0")
    assert list_quarantine(small)[0]["arrivals"] == 2, "what is kept already is counted all the same"


def test_node_check_says_what_waits_and_is_silent_when_nothing_does(desk: Desk) -> None:
    assert find_quarantine_faults(desk) == ()
    refused(desk, NO_TEXT)
    assert find_quarantine_faults(desk) == ("1 in quarantine cannot be read, the first since 2024-03-07T14:00:00Z",)


def test_the_excerpt_cannot_act_on_a_terminal_or_an_eye(desk: Desk) -> None:
    refused(desk, b"\x1b[2J\x07" + "\u202eevil\u200b\u2028".encode() + b"\xff\0end" + b"x" * 10_000)

    excerpt = show_quarantined(desk, "Q-1")["excerpt"]
    assert excerpt.startswith("\\x1b[2J\\x07\\u202eevil\\u200b\\u2028\\xff\\x00end")
    assert excerpt.isprintable()
    assert len(excerpt) < 1000


def test_what_a_reader_quotes_is_cut(desk: Desk) -> None:
    with pytest.raises(InputError):
        import_register(desk, "people", BAD_PEOPLE.replace(b"155.7", b"1" * 100_000))

    assert len(show_quarantined(desk, "Q-1")["reasons"][0]["text"]) <= 500
