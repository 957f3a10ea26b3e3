"""Three nodes in one process, one of which loses its disk and comes back from a backup."""

import asyncio
import os
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.faults.loopback import CHIEF, CITY, EMBASSY, PEOPLE, REPORT, START, VENUES, WITNESS, free_ports, key_name

from tocsin.backup import make_backup
from tocsin.core.data import read_data
from tocsin.demo.postbox import Postbox
from tocsin.desk.asking import ask_witness, judge_peer, judge_witness
from tocsin.desk.clockwork import run_due
from tocsin.desk.continuity import Finding, Verdict
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.peer_logs import tell_seen
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.receive import receive_envelope
from tocsin.desk.register import import_register
from tocsin.desk.report import determine_duty, submit_report
from tocsin.desk.restored import keep_findings
from tocsin.desk.sending import claim_mail, claim_postings, settle_mail, settle_posting
from tocsin.desk.warn import issue_warning
from tocsin.desk.witnessing import cosign_for, due_witnesses, make_request, settle_cosignature
from tocsin.exchange.backup import write_public, write_secret
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import Terms
from tocsin.node import (
    Node,
    agree,
    make_node,
    move_rehearsal_clock,
    open_node,
    vkeys,
    watch_logs,
)
from tocsin.restore import restore_node, retire_log

KEY = SealKey.generate(os.urandom)
SECRET = write_secret(KEY).encode()


@dataclass
class Drill:
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


@contextmanager
def make_drill(tmp_path: Path) -> Iterator[Drill]:
    """The three nodes with their people and registers, two minutes after their start."""
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
        found = Drill(tmp_path, {}, stack, postbox, origin, witness)
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


def body_of(statement: bytes) -> bytes:
    """The readable part of a signed statement."""
    body = statement.split(b".")[1]
    return urlsafe_b64decode(body + b"=" * (-len(body) % 4))
