"""A node whose log forked begins a new one: the old one is retired, and nothing is lost or sent twice."""

import asyncio

import pytest
from tests.faults.loopback import CITY, EMBASSY, REPORT
from tests.walks.lost_disk import SECRET, Drill, body_of

from tocsin.compose.fields import derive_fields
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.peer_logs import see_log
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.report import submit_report
from tocsin.desk.restored import begin_new_log, go_on, keep_findings
from tocsin.desk.sending import claim_mail, claim_postings
from tocsin.desk.witnessing import cosign_for
from tocsin.errors import AccessError, StateError, VerificationError
from tocsin.evidence.bundle import read_bundle
from tocsin.evidence.checkpoint import Checkpoint, read_checkpoint, read_note, sign_checkpoint
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import Statement
from tocsin.evidence.verify import verify_bundle
from tocsin.keyfiles import log_key
from tocsin.node import (
    name_new_log,
    vkeys,
)
from tocsin.restore import restore_node, retire_log


def test_a_new_log_takes_the_place_of_the_old_one(drill: Drill) -> None:
    warning = drill.issue()
    drill.pass_minutes(2)
    backup = drill.backup()
    drill.issue()
    drill.issue(CITY, to=EMBASSY)
    drill.pass_minutes(2)
    drill.restore(backup)
    drill.ask()
    old = drill.head()
    with pytest.raises(AccessError):
        retire_log(drill.nodes[EMBASSY].desk, drill.nodes[EMBASSY].folder, "disk lost")
    before = drill.nodes[EMBASSY].desk
    outcome = drill.retire()
    # the old origin can never be signed again, and its leaves still prove what they proved
    assert not (drill.nodes[EMBASSY].folder / "keys" / "log").exists()
    assert read_checkpoint(read_note(drill.head()[1]).text).origin == f"{drill.origin}-2"
    with pytest.raises(StateError, match="retired and is never signed again"):
        submit_report(before.acting("P-1", "named"), REPORT.encode())
    with drill.nodes[EMBASSY].desk.store.read() as tx:
        retired, live = tx.continuity.every_log()
        assert (retired.size(), live.size()) == (old[0], 1)
        assert tx.log.entry(0).kind is Kind.KEY
    raw = make_warning_bundle(drill.desk(EMBASSY), warning)
    proved = verify_bundle(read_bundle(raw), derive_fields=derive_fields)
    assert any("logged warning W-1" in one.text for one in proved.proved)
    assert {one.name for one in proved.keys} >= {drill.origin}
    assert outcome["lost"]["leaves"] > 0
    # the chain with the peer goes on under the new agreement, in both directions
    drill.renew_agreement()
    new = drill.issue()
    assert new not in {"W-1", "W-2"}
    drill.issue(CITY, to=EMBASSY)
    drill.pass_minutes(2)
    with drill.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 3
    with drill.nodes[EMBASSY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 1, "the city's second warning did not arrive"
        gaps = [one for one in tx.log.entries(kind=Kind.ACT) if b'"gap"' in body_of(one.statement)]
    assert len(gaps) == 1


def test_a_peer_with_the_old_agreement_refuses_the_new_log(drill: Drill) -> None:
    backup = drill.backup()
    drill.issue()
    drill.pass_minutes(2)
    drill.restore(backup)
    drill.ask()
    drill.retire()
    drill.issue()
    with drill.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 1
        assert tx.log.entries(kind=Kind.REFUSED)
    drill.renew_agreement()
    drill.issue()
    with drill.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2


def test_a_retirement_that_was_cut_off_can_only_be_finished(drill: Drill) -> None:
    backup = drill.backup()
    drill.issue()
    drill.pass_minutes(2)
    drill.restore(backup)
    folder = drill.nodes[EMBASSY].folder
    drill.ask()
    name_new_log(folder, "log")  # and here the power went
    drill.open(EMBASSY, folder)
    keep_findings(drill.nodes[EMBASSY].desk, ())
    with pytest.raises(StateError, match="retirement was begun and not finished"):
        go_on(drill.desk(EMBASSY))
    drill.retire()
    assert read_checkpoint(read_note(drill.head()[1]).text).origin == f"{drill.origin}-2"
    assert sorted(path.name for path in (folder / "keys").glob("log*")) == ["log-2"]


def test_a_log_is_not_retired_by_a_node_that_may_act(drill: Drill) -> None:
    drill.report()
    drill.pass_minutes(2)
    with pytest.raises(StateError, match="nothing to reconcile"):
        drill.retire()
    with pytest.raises(StateError, match="nothing to reconcile"):
        begin_new_log(drill.desk(EMBASSY), "why not", log_key(drill.nodes[EMBASSY].folder, "log"))


def test_what_was_claimed_for_sending_is_sent_again_as_the_same_message(drill: Drill) -> None:
    drill.issue()
    node = drill.nodes[EMBASSY]
    assert node.channel is not None
    claimed = claim_mail(node.desk)
    backup = drill.backup()
    asyncio.run(node.channel.send(claimed))  # they went out, and nobody wrote it down
    sent = drill.postbox.count()
    drill.restore(backup)
    with drill.nodes[EMBASSY].desk.store.write() as tx:
        tx.outbox.release_claims()
    for claim in (claim_mail, claim_postings):  # nothing leaves before it is known what has left
        with pytest.raises(StateError, match="not yet reconciled"):
            claim(drill.nodes[EMBASSY].desk)
    keep_findings(drill.nodes[EMBASSY].desk, ())
    go_on(drill.desk(EMBASSY))
    assert drill.send_mail() == len(claimed)
    assert (drill.postbox.count(), drill.postbox.second_copies) == (sent, sent)


def test_a_restored_witness_cosigns_under_a_new_key_and_not_before_it_is_reconciled(drill: Drill) -> None:
    with drill.nodes[EMBASSY].desk.store.read() as tx:
        assert tx.log.last_checkpoint()
    settings = drill.nodes[EMBASSY].folder / "tocsin.toml"
    settings.write_text(settings.read_text() + f'witness_for = ["{vkeys(drill.nodes[CITY].folder).log}"]\n')
    old = vkeys(drill.nodes[EMBASSY].folder).witness
    backup = drill.backup()
    restored = restore_node(backup, SECRET, drill.tmp / "again")
    assert restored.witness is not None
    assert restored.witness != old
    drill.open(EMBASSY, drill.tmp / "again")
    with drill.nodes[CITY].desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
    assert newest is not None
    assert cosign_for(drill.nodes[EMBASSY].desk, b"old 0\n\n" + newest.note).status == 503


def test_two_roots_for_one_size_from_a_peer_are_refused(drill: Drill) -> None:
    drill.issue()
    city = drill.nodes[CITY].desk
    peer = city.agreements[EMBASSY].keys_of(EMBASSY)
    with city.store.read() as tx:
        seen = tx.continuity.seen_of(peer.log.name)
    assert seen is not None
    forged = sign_checkpoint(Checkpoint(peer.log.name, seen.size, bytes(32)), drill.nodes[EMBASSY].desk.keys.log)
    statement = Statement(b"", "", {"serial": 0})
    with pytest.raises(VerificationError, match="another root"), begin(city, May.RECEIVE) as act:
        see_log(act, peer, statement, head=forged)
    with city.store.read() as tx:
        assert tx.continuity.seen_of(peer.log.name) == seen
