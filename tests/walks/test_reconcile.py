"""A node that lost its disk compares its log with what others saw: on without a fork, or not at all."""

import asyncio
import json
import os
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.faults.loopback import CHIEF, CITY, EMBASSY, PEOPLE, REPORT, START, VENUES, WITNESS, free_ports, key_name

from tocsin.backup import make_backup
from tocsin.compose.fields import derive_fields
from tocsin.core.data import read_data
from tocsin.demo.postbox import Postbox
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.asking import ask_witness, judge_peer, judge_witness, silent
from tocsin.desk.clockwork import run_due
from tocsin.desk.continuity import Finding, Verdict
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.peer_logs import see_log, tell_seen
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.receive import receive_envelope
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.restored import begin_new_log, go_on, keep_findings, state_of
from tocsin.desk.sending import claim_mail, claim_postings, settle_mail, settle_posting
from tocsin.desk.warn import issue_warning
from tocsin.desk.witnessing import cosign_for, due_witnesses, make_request, settle_cosignature
from tocsin.errors import AccessError, NotFoundError, StateError, VerificationError
from tocsin.evidence.bundle import read_bundle
from tocsin.evidence.checkpoint import Checkpoint, read_checkpoint, read_note, sign_checkpoint
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import Statement
from tocsin.evidence.verify import verify_bundle
from tocsin.evidence.witness import Head
from tocsin.exchange.backup import write_public, write_secret
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import Terms
from tocsin.keyfiles import log_key
from tocsin.node import (
    Node,
    agree,
    make_node,
    move_rehearsal_clock,
    name_new_log,
    open_node,
    vkeys,
    watch_logs,
)
from tocsin.restore import restore_node, retire_log

KEY = SealKey.generate(os.urandom)
SECRET = write_secret(KEY).encode()


@dataclass
class World:
    """An embassy, the city it warns, and their witness: real stores and keys, the network is a call."""

    tmp: Path
    nodes: dict[str, Node]
    stack: ExitStack
    postbox: Postbox
    origin: str
    """Of the embassy's first log."""
    witness: str
    """Name of the key that cosigns it."""
    copies: int = 0

    def desk(self, name: str) -> Desk:
        """Its desk with the chief at it."""
        desk = self.nodes[name].desk
        return desk.acting(officer_named(desk, CHIEF).id, "named")

    def pass_minutes(self, count: int) -> None:
        for node in self.nodes.values():
            move_rehearsal_clock(node.folder).move_to(node.desk.clock.now() + timedelta(minutes=count))
        self.settle()

    def settle(self) -> None:
        """Embassy and city do what is due, until neither has anything left but mail."""
        while sum(self._work(self.nodes[name]) for name in (EMBASSY, CITY)):
            pass

    def _work(self, node: Node) -> int:
        done = run_due(node.desk)
        postings = claim_postings(node.desk)
        for posting in postings:
            token = node.desk.agreements[posting.peer].mailboxes[posting.peer]
            settle_posting(node.desk, posting, receive_envelope(self.nodes[posting.peer].desk, token, posting.raw))
        for name in due_witnesses(node.desk):
            asked = make_request(node.desk, name)
            answer = cosign_for(self.nodes[WITNESS].desk, asked[1]) if asked else None
            signature = answer.body if answer and answer.status == 200 else None
            settle_cosignature(node.desk, name, asked[0] if asked else None, signature)
        return done + len(postings)

    def send_mail(self) -> int:
        """Hand over what is due by real SMTP. Gives how many."""
        node = self.nodes[EMBASSY]
        batch = claim_mail(node.desk)
        assert node.channel is not None
        settle_mail(node.desk, [mail for mail, _ in batch], asyncio.run(node.channel.send(batch)))
        return len(batch)

    def report(self, number: int = 0) -> str:
        found: str = submit_report(self.desk(EMBASSY), f"{REPORT} {number}".encode())["report"]
        return found

    def issue(self, name: str = EMBASSY, to: str = CITY) -> str:
        report = submit_report(self.desk(name), REPORT.encode())["report"]
        determination = determine_duty(self.desk(name), report, reliability="B", credibility=2)["determination"]
        order = {key: value for key, value in read_data("demo", "order.json").items() if key not in _STORY_ONLY}
        order |= {"determination": determination, "peers": [to]}
        warning: str = issue_warning(self.desk(name), order_from_json(order))["warning"]
        self.settle()
        return warning

    def backup(self) -> Path:
        return make_backup(self.nodes[EMBASSY])

    def restore(self, backup: Path) -> None:
        """The embassy's disk is gone; it comes back elsewhere at the same time of day."""
        self.copies += 1
        folder = self.tmp / f"embassy-{self.copies}"
        now = self.nodes[EMBASSY].desk.clock.now()
        restore_node(backup, SECRET, folder)
        move_rehearsal_clock(folder).move_to(now)
        self.open(EMBASSY, folder)

    def open(self, name: str, folder: Path) -> None:
        if name in self.nodes:
            self.nodes[name].desk.store.close()  # one process serves a folder at a time
        self.nodes[name] = open_node(folder, {})
        self.stack.callback(self.nodes[name].desk.store.close)

    def ask(self) -> tuple[Finding, ...]:
        """What `ask_others` does, without the wire; kept at the desk."""
        desk = self.nodes[EMBASSY].desk
        token = desk.agreements[CITY].mailboxes[CITY]
        found = (self._ask_witness(desk), judge_peer(desk, CITY, 200, tell_seen(self.nodes[CITY].desk, token)))
        keep_findings(desk, found)
        return found

    def _ask_witness(self, desk: Desk) -> Finding:
        judged: Finding | int | None = None
        while not isinstance(judged, Finding):
            asked = ask_witness(desk, self.witness, judged)
            assert asked is not None
            answer = cosign_for(self.nodes[WITNESS].desk, asked[1])
            judged = judge_witness(desk, self.witness, asked[0], answer.status, answer.body)
        return judged

    def head(self) -> tuple[int, bytes]:
        with self.nodes[EMBASSY].desk.store.read() as tx:
            newest = tx.log.last_checkpoint()
            return tx.log.size(), newest.note if newest else b""

    def retire(self) -> dict[str, Any]:
        outcome = retire_log(self.desk(EMBASSY), self.nodes[EMBASSY].folder, "disk lost")
        self.open(EMBASSY, self.nodes[EMBASSY].folder)
        return outcome

    def renew_agreement(self) -> None:
        _agree(self.nodes[EMBASSY].folder, self.nodes[CITY].folder)
        for name in (EMBASSY, CITY):
            self.open(name, self.nodes[name].folder)


_STORY_ONLY = {"officer", "releaser"}


def _agree(one: Path, other: Path) -> None:
    names = (EMBASSY, CITY)
    terms = Terms(
        response_clock=timedelta(minutes=60),
        duty={name: f"duty@{name}" for name in names},
        liaison={name: f"liaison@{name}" for name in names},
    )
    agree(one, other, terms=terms, since=START)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "disk").mkdir()
    postbox = Postbox()
    (port,) = free_ports(1)
    controller = postbox.start("127.0.0.1", port)
    common = {"practice": True, "exercise": "drill", "smtp": f"127.0.0.1:{port}"}
    backups = {"backup_to": str(tmp_path / "disk"), "backup_key": write_public(KEY.public)}
    make_node(tmp_path / WITNESS, common | {"name": WITNESS})
    witnesses = (f"http://witness {vkeys(tmp_path / WITNESS).witness}",)
    for name in (EMBASSY, CITY):
        extra = backups if name == EMBASSY else {}
        make_node(tmp_path / name, common | extra | {"name": name, "witnesses": witnesses, "liaison": f"l@{name}"})
    watch_logs(tmp_path / WITNESS, tuple(vkeys(tmp_path / name).log for name in (EMBASSY, CITY)))
    _agree(tmp_path / EMBASSY, tmp_path / CITY)
    origin, witness = key_name(vkeys(tmp_path / EMBASSY).log), key_name(vkeys(tmp_path / WITNESS).witness)
    with ExitStack() as stack:
        found = World(tmp_path, {}, stack, postbox, origin, witness)
        for name in (EMBASSY, CITY, WITNESS):
            move_rehearsal_clock(tmp_path / name).move_to(START)
            found.open(name, tmp_path / name)
            add_officer(found.nodes[name].desk, CHIEF, [Role.ADMINISTRATOR, Role.OFFICER, Role.RELEASER])
        for name in (EMBASSY, CITY):
            import_register(found.desk(name), "people", PEOPLE.encode())
            import_register(found.desk(name), "venues", VENUES.encode())
        found.pass_minutes(2)
        yield found
    controller.stop()


def verdicts(findings: tuple[Finding, ...]) -> list[Verdict]:
    return [one.verdict for one in findings]


def test_nobody_saw_more_and_the_log_goes_on(world: World) -> None:
    world.issue()
    world.pass_minutes(2)
    backup = world.backup()
    size = world.head()[0]
    world.restore(backup)
    assert verdicts(world.ask()) == [Verdict.AGREES, Verdict.AGREES]
    assert go_on(world.nodes[EMBASSY].desk)["outcome"] == "went_on"
    world.pass_minutes(2)
    assert world.head()[0] == size + 1
    with world.nodes[EMBASSY].desk.store.read() as tx:
        assert tx.log.last_checkpoint(witnessed_by=world.witness) == tx.log.last_checkpoint()
    world.issue()
    with world.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2


def test_more_was_seen_and_nothing_is_signed(world: World) -> None:
    world.issue()
    backup = world.backup()
    world.issue()
    world.pass_minutes(2)
    world.restore(backup)
    before = world.head()
    assert verdicts(world.ask()) == [Verdict.AHEAD, Verdict.AHEAD]
    for without in ((), (world.witness, CITY)):  # no person can take this upon them
        with pytest.raises(StateError, match="saw more of our log"):
            go_on(world.desk(EMBASSY), without=without)
    assert world.head() == before


def test_a_newer_backup_brings_the_missing_leaves(world: World) -> None:
    world.issue()
    older = world.backup()
    world.report(1)
    world.pass_minutes(2)
    newer = world.backup()
    world.restore(older)
    assert Verdict.AHEAD in verdicts(world.ask())
    world.restore(newer)
    assert verdicts(world.ask()) == [Verdict.AGREES, Verdict.AGREES]
    assert go_on(world.nodes[EMBASSY].desk)["outcome"] == "went_on"


def test_a_receipt_that_only_the_peer_holds_counts_as_more(world: World) -> None:
    backup = world.backup()
    world.issue(CITY, to=EMBASSY)  # we signed that we have it; no head of ours has covered that yet
    world.restore(backup)
    peer = world.ask()[1]
    assert (peer.verdict, peer.note) == (Verdict.AHEAD, "")


def test_silence_needs_a_person_and_is_logged(world: World) -> None:
    world.issue()
    world.pass_minutes(2)
    world.restore(world.backup())
    desk = world.nodes[EMBASSY].desk
    before = world.head()
    keep_findings(desk, (world.ask()[0], silent(CITY, "it did not answer")))
    with pytest.raises(StateError, match=f"no answer from {CITY}"):
        go_on(desk)
    with pytest.raises(NotFoundError, match="was not asked"):
        go_on(world.desk(EMBASSY), without=("other.example",))
    with pytest.raises(AccessError, match="nobody is named"):
        go_on(desk, without=(CITY,))
    assert world.head() == before, "a refusal was signed"
    go_on(world.desk(EMBASSY), without=(CITY,))
    with desk.store.read() as tx:
        logged = tx.log.entry(before[0])
    assert b'"without":["city.example"]' in _body(logged.statement)
    assert b'"by":"P-1"' in _body(logged.statement)


def _body(statement: bytes) -> bytes:
    body = statement.split(b".")[1]
    return urlsafe_b64decode(body + b"=" * (-len(body) % 4))


def test_without_anybody_to_ask_a_person_decides(world: World) -> None:
    world.restore(world.backup())
    keep_findings(world.nodes[EMBASSY].desk, ())
    with pytest.raises(AccessError):
        go_on(world.nodes[EMBASSY].desk)
    assert go_on(world.desk(EMBASSY))["outcome"] == "went_on"


def test_two_copies_of_one_backup_that_both_went_on_are_a_fork(world: World) -> None:
    backup = world.backup()
    world.restore(backup)  # one copy goes on, on a person's word and unseen
    keep_findings(world.nodes[EMBASSY].desk, ())
    go_on(world.desk(EMBASSY))
    move_rehearsal_clock(world.nodes[EMBASSY].folder).move_to(START + timedelta(minutes=5))
    unseen = world.backup()
    world.restore(backup)  # and another copy, which the witness gets to see
    world.ask()
    go_on(world.desk(EMBASSY))
    world.settle()
    world.restore(unseen)
    before = world.head()
    assert world.ask()[0].verdict is Verdict.FORK
    keep_findings(world.nodes[EMBASSY].desk, (silent(world.witness, "it did not answer"),))  # a fork is not forgotten
    with pytest.raises(StateError, match="fork"):
        go_on(world.desk(EMBASSY), without=(world.witness,))
    assert world.head() == before


def test_another_root_for_our_size_is_a_fork(world: World) -> None:
    world.issue()
    world.pass_minutes(2)
    size, ours = world.head()
    backup = world.backup()
    forged = sign_checkpoint(Checkpoint(world.origin, size, bytes(32)), world.nodes[EMBASSY].desk.keys.log)
    with world.nodes[WITNESS].desk.store.write() as tx:
        tx.log.set_head(world.origin, Head(size, bytes(32)))
    with world.nodes[CITY].desk.store.write() as tx:
        seen = tx.continuity.seen_of(world.origin)
        assert seen is not None
        tx.continuity.put_seen(replace(seen, size=size, note=forged))
    world.restore(backup)
    findings = world.ask()
    assert verdicts(findings) == [Verdict.FORK, Verdict.FORK]
    assert findings[1].note.encode() == forged
    assert read_note(findings[1].ours.encode()).text == read_note(ours).text
    assert read_note(findings[0].ours.encode()).text == read_note(ours).text
    with pytest.raises(StateError, match="fork"):
        go_on(world.desk(EMBASSY))
    assert [one.verdict for one in state_of(world.nodes[EMBASSY].desk).findings] == [Verdict.FORK, Verdict.FORK]


def test_a_witness_whose_head_we_do_not_extend_is_a_fork(world: World) -> None:
    world.issue()
    world.pass_minutes(2)
    backup = world.backup()
    with world.nodes[WITNESS].desk.store.write() as tx:
        tx.log.set_head(world.origin, Head(3, bytes(32)))
    world.restore(backup)
    assert world.ask()[0].verdict is Verdict.FORK


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
def test_an_answer_of_a_peer_that_does_not_count_is_silence(world: World, status: int, answer: bytes) -> None:
    world.restore(world.backup())
    assert judge_peer(world.nodes[EMBASSY].desk, CITY, status, answer).verdict is Verdict.SILENT


def test_a_head_under_another_key_is_silence(world: World) -> None:
    stranger = sign_checkpoint(Checkpoint(world.origin, 1, bytes(32)), world.nodes[CITY].desk.keys.log)
    world.restore(world.backup())
    answer = b'{"checkpoint":%s,"serial":0,"seq":0,"digest":""}' % json.dumps(stranger.decode()).encode()
    assert judge_peer(world.nodes[EMBASSY].desk, CITY, 200, answer).verdict is Verdict.SILENT


def test_a_new_log_takes_the_place_of_the_old_one(world: World) -> None:
    warning = world.issue()
    world.pass_minutes(2)
    backup = world.backup()
    world.issue()
    world.issue(CITY, to=EMBASSY)
    world.pass_minutes(2)
    world.restore(backup)
    world.ask()
    old = world.head()
    with pytest.raises(AccessError):
        retire_log(world.nodes[EMBASSY].desk, world.nodes[EMBASSY].folder, "disk lost")
    before = world.nodes[EMBASSY].desk
    outcome = world.retire()
    # the old origin can never be signed again, and its leaves still prove what they proved
    assert not (world.nodes[EMBASSY].folder / "keys" / "log").exists()
    assert read_checkpoint(read_note(world.head()[1]).text).origin == f"{world.origin}-2"
    with pytest.raises(StateError, match="retired and is never signed again"):
        submit_report(before.acting("P-1", "named"), REPORT.encode())
    with world.nodes[EMBASSY].desk.store.read() as tx:
        retired, live = tx.continuity.every_log()
        assert (retired.size(), live.size()) == (old[0], 1)
        assert tx.log.entry(0).kind is Kind.KEY
    raw = make_warning_bundle(world.desk(EMBASSY), warning)
    proved = verify_bundle(read_bundle(raw), derive_fields=derive_fields)
    assert any("logged warning W-1" in one.text for one in proved.proved)
    assert {one.name for one in proved.keys} >= {world.origin}
    assert outcome["lost"]["leaves"] > 0
    # the chain with the peer goes on under the new agreement, in both directions
    world.renew_agreement()
    new = world.issue()
    assert new not in {"W-1", "W-2"}
    world.issue(CITY, to=EMBASSY)
    world.pass_minutes(2)
    with world.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 3
    with world.nodes[EMBASSY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 1, "the city's second warning did not arrive"
        gaps = [one for one in tx.log.entries(kind=Kind.ACT) if b'"gap"' in _body(one.statement)]
    assert len(gaps) == 1


def test_a_peer_with_the_old_agreement_refuses_the_new_log(world: World) -> None:
    backup = world.backup()
    world.issue()
    world.pass_minutes(2)
    world.restore(backup)
    world.ask()
    world.retire()
    world.issue()
    with world.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 1
        assert tx.log.entries(kind=Kind.REFUSED)
    world.renew_agreement()
    world.issue()
    with world.nodes[CITY].desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2


def test_a_retirement_that_was_cut_off_can_only_be_finished(world: World) -> None:
    backup = world.backup()
    world.issue()
    world.pass_minutes(2)
    world.restore(backup)
    folder = world.nodes[EMBASSY].folder
    world.ask()
    name_new_log(folder, "log")  # and here the power went
    world.open(EMBASSY, folder)
    keep_findings(world.nodes[EMBASSY].desk, ())
    with pytest.raises(StateError, match="retirement was begun and not finished"):
        go_on(world.desk(EMBASSY))
    world.retire()
    assert read_checkpoint(read_note(world.head()[1]).text).origin == f"{world.origin}-2"
    assert sorted(path.name for path in (folder / "keys").glob("log*")) == ["log-2"]


def test_a_log_is_not_retired_by_a_node_that_may_act(world: World) -> None:
    world.report()
    world.pass_minutes(2)
    with pytest.raises(StateError, match="nothing to reconcile"):
        world.retire()
    with pytest.raises(StateError, match="nothing to reconcile"):
        begin_new_log(world.desk(EMBASSY), "why not", log_key(world.nodes[EMBASSY].folder, "log"))


def test_what_was_claimed_for_sending_is_sent_again_as_the_same_message(world: World) -> None:
    world.issue()
    node = world.nodes[EMBASSY]
    assert node.channel is not None
    claimed = claim_mail(node.desk)
    backup = world.backup()
    asyncio.run(node.channel.send(claimed))  # they went out, and nobody wrote it down
    sent = world.postbox.count()
    world.restore(backup)
    with world.nodes[EMBASSY].desk.store.write() as tx:
        tx.outbox.release_claims()
    for claim in (claim_mail, claim_postings):  # nothing leaves before it is known what has left
        with pytest.raises(StateError, match="not yet reconciled"):
            claim(world.nodes[EMBASSY].desk)
    keep_findings(world.nodes[EMBASSY].desk, ())
    go_on(world.desk(EMBASSY))
    assert world.send_mail() == len(claimed)
    assert (world.postbox.count(), world.postbox.second_copies) == (sent, sent)


def test_a_restored_witness_cosigns_under_a_new_key_and_not_before_it_is_reconciled(world: World) -> None:
    with world.nodes[EMBASSY].desk.store.read() as tx:
        assert tx.log.last_checkpoint()
    settings = world.nodes[EMBASSY].folder / "tocsin.toml"
    settings.write_text(settings.read_text() + f'witness_for = ["{vkeys(world.nodes[CITY].folder).log}"]\n')
    old = vkeys(world.nodes[EMBASSY].folder).witness
    backup = world.backup()
    restored = restore_node(backup, SECRET, world.tmp / "again")
    assert restored.witness is not None
    assert restored.witness != old
    world.open(EMBASSY, world.tmp / "again")
    with world.nodes[CITY].desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
    assert newest is not None
    assert cosign_for(world.nodes[EMBASSY].desk, b"old 0\n\n" + newest.note).status == 503


def test_two_roots_for_one_size_from_a_peer_are_refused(world: World) -> None:
    world.issue()
    city = world.nodes[CITY].desk
    peer = city.agreements[EMBASSY].keys_of(EMBASSY)
    with city.store.read() as tx:
        seen = tx.continuity.seen_of(peer.log.name)
    assert seen is not None
    forged = sign_checkpoint(Checkpoint(peer.log.name, seen.size, bytes(32)), world.nodes[EMBASSY].desk.keys.log)
    statement = Statement(b"", "", {"serial": 0})
    with pytest.raises(VerificationError, match="another root"), begin(city, May.RECEIVE) as act:
        see_log(act, peer, statement, head=forged)
    with city.store.read() as tx:
        assert tx.continuity.seen_of(peer.log.name) == seen
