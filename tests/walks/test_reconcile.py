"""A node that lost its disk compares its log with what others saw: on without a fork, or not at all."""

import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.faults.loopback import CITY, EMBASSY, START, WITNESS
from tests.walks.lost_disk import Drill, body_of, verdicts

from tocsin.desk.asking import judge_peer, silent
from tocsin.desk.continuity import Verdict
from tocsin.desk.restored import go_on, keep_findings, state_of
from tocsin.errors import AccessError, NotFoundError, StateError
from tocsin.evidence.checkpoint import Checkpoint, read_note, sign_checkpoint
from tocsin.evidence.witness import Head
from tocsin.node import (
    move_rehearsal_clock,
)


def test_nobody_saw_more_and_the_log_goes_on(drill: Drill) -> None:
    drill.issue()
    drill.pass_minutes(2)
    backup = drill.backup()
    size = drill.head()[0]
    drill.restore(backup)
    assert verdicts(drill.ask()) == [Verdict.AGREES, Verdict.AGREES]
    assert go_on(drill.nodes[EMBASSY].desk)["outcome"] == "went_on"
    drill.pass_minutes(2)
    assert drill.head()[0] == size + 1
    with drill.nodes[EMBASSY].desk.store.read() as tx:
        assert tx.log.last_checkpoint(witnessed_by=drill.witness) == tx.log.last_checkpoint()
    drill.issue()
    with drill.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2


def test_more_was_seen_and_nothing_is_signed(drill: Drill) -> None:
    drill.issue()
    backup = drill.backup()
    drill.issue()
    drill.pass_minutes(2)
    drill.restore(backup)
    before = drill.head()
    assert verdicts(drill.ask()) == [Verdict.AHEAD, Verdict.AHEAD]
    for without in ((), (drill.witness, CITY)):  # no person can take this upon them
        with pytest.raises(StateError, match="saw more of our log"):
            go_on(drill.desk(EMBASSY), without=without)
    assert drill.head() == before


def test_a_newer_backup_brings_the_missing_leaves(drill: Drill) -> None:
    drill.issue()
    older = drill.backup()
    drill.report(1)
    drill.pass_minutes(2)
    newer = drill.backup()
    drill.restore(older)
    assert Verdict.AHEAD in verdicts(drill.ask())
    drill.restore(newer)
    assert verdicts(drill.ask()) == [Verdict.AGREES, Verdict.AGREES]
    assert go_on(drill.nodes[EMBASSY].desk)["outcome"] == "went_on"


def test_a_receipt_that_only_the_peer_holds_counts_as_more(drill: Drill) -> None:
    backup = drill.backup()
    drill.issue(CITY, to=EMBASSY)  # we signed that we have it; no head of ours has covered that yet
    drill.restore(backup)
    peer = drill.ask()[1]
    assert (peer.verdict, peer.note) == (Verdict.AHEAD, "")


def test_silence_needs_a_person_and_is_logged(drill: Drill) -> None:
    drill.issue()
    drill.pass_minutes(2)
    drill.restore(drill.backup())
    desk = drill.nodes[EMBASSY].desk
    before = drill.head()
    keep_findings(desk, (drill.ask()[0], silent(CITY, "it did not answer")))
    with pytest.raises(StateError, match=f"no answer from {CITY}"):
        go_on(desk)
    with pytest.raises(NotFoundError, match="was not asked"):
        go_on(drill.desk(EMBASSY), without=("other.example",))
    with pytest.raises(AccessError, match="nobody is named"):
        go_on(desk, without=(CITY,))
    assert drill.head() == before, "a refusal was signed"
    go_on(drill.desk(EMBASSY), without=(CITY,))
    with desk.store.read() as tx:
        logged = tx.log.entry(before[0])
    assert b'"without":["city.example"]' in body_of(logged.statement)
    assert b'"by":"P-1"' in body_of(logged.statement)


def test_without_anybody_to_ask_a_person_decides(drill: Drill) -> None:
    drill.restore(drill.backup())
    keep_findings(drill.nodes[EMBASSY].desk, ())
    with pytest.raises(AccessError):
        go_on(drill.nodes[EMBASSY].desk)
    assert go_on(drill.desk(EMBASSY))["outcome"] == "went_on"


def test_two_copies_of_one_backup_that_both_went_on_are_a_fork(drill: Drill) -> None:
    backup = drill.backup()
    drill.restore(backup)  # one copy goes on, on a person's word and unseen
    keep_findings(drill.nodes[EMBASSY].desk, ())
    go_on(drill.desk(EMBASSY))
    move_rehearsal_clock(drill.nodes[EMBASSY].folder).move_to(START + timedelta(minutes=5))
    unseen = drill.backup()
    drill.restore(backup)  # and another copy, which the witness gets to see
    drill.ask()
    go_on(drill.desk(EMBASSY))
    drill.settle()
    drill.restore(unseen)
    before = drill.head()
    assert drill.ask()[0].verdict is Verdict.FORK
    keep_findings(drill.nodes[EMBASSY].desk, (silent(drill.witness, "it did not answer"),))  # a fork is not forgotten
    with pytest.raises(StateError, match="fork"):
        go_on(drill.desk(EMBASSY), without=(drill.witness,))
    assert drill.head() == before


def test_another_root_for_our_size_is_a_fork(drill: Drill) -> None:
    drill.issue()
    drill.pass_minutes(2)
    size, ours = drill.head()
    backup = drill.backup()
    forged = sign_checkpoint(Checkpoint(drill.origin, size, bytes(32)), drill.nodes[EMBASSY].desk.keys.log)
    with drill.nodes[WITNESS].desk.store.write() as tx:
        tx.log.set_head(drill.origin, Head(size, bytes(32)))
    with drill.nodes[CITY].desk.store.write() as tx:
        seen = tx.continuity.seen_of(drill.origin)
        assert seen is not None
        tx.continuity.put_seen(replace(seen, size=size, note=forged))
    drill.restore(backup)
    findings = drill.ask()
    assert verdicts(findings) == [Verdict.FORK, Verdict.FORK]
    assert findings[1].note.encode() == forged
    assert read_note(findings[1].ours.encode()).text == read_note(ours).text
    assert read_note(findings[0].ours.encode()).text == read_note(ours).text
    with pytest.raises(StateError, match="fork"):
        go_on(drill.desk(EMBASSY))
    assert [one.verdict for one in state_of(drill.nodes[EMBASSY].desk).findings] == [Verdict.FORK, Verdict.FORK]


def test_a_witness_whose_head_we_do_not_extend_is_a_fork(drill: Drill) -> None:
    drill.issue()
    drill.pass_minutes(2)
    backup = drill.backup()
    with drill.nodes[WITNESS].desk.store.write() as tx:
        tx.log.set_head(drill.origin, Head(3, bytes(32)))
    drill.restore(backup)
    assert drill.ask()[0].verdict is Verdict.FORK


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (0, b""),
        (404, b"{}"),
        (200, b""),
        (200, b"[]"),
        (200, b'{"checkpoint":1,"serial":0,"seq":0,"digest":""}'),
        (200, b'{"checkpoint":null,"serial":true,"seq":0,"digest":""}'),
        (200, b'{"checkpoint":"x","serial":0,"seq":0,"digest":""}'),
    ],
)
def test_an_answer_of_a_peer_that_does_not_count_is_silence(drill: Drill, status: int, answer: bytes) -> None:
    drill.restore(drill.backup())
    assert judge_peer(drill.nodes[EMBASSY].desk, CITY, status, answer).verdict is Verdict.SILENT


def test_a_head_under_another_key_is_silence(drill: Drill) -> None:
    stranger = sign_checkpoint(Checkpoint(drill.origin, 1, bytes(32)), drill.nodes[CITY].desk.keys.log)
    drill.restore(drill.backup())
    answer = b'{"checkpoint":%s,"serial":0,"seq":0,"digest":""}' % json.dumps(stranger.decode()).encode()
    assert judge_peer(drill.nodes[EMBASSY].desk, CITY, 200, answer).verdict is Verdict.SILENT
