"""Every act of the desk x every role: who may does, who may not is refused and the refusal is in the log."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.unit.readers.reviews import INCIDENTS, SIRENS
from tests.walks.conftest import PEOPLE, START, named
from tests.walks.leaves import count_leaves, read_claims, read_leaves

import tocsin.desk
from tocsin.adapters.openai_reader import OpenAiReader
from tocsin.assess.duty import Ground, Waiver
from tocsin.compose.revision import Change
from tocsin.core.data import read_data, read_text_data
from tocsin.desk import (
    account,
    asking,
    backup,
    bulk,
    calls,
    changes,
    chase,
    claims,
    clockwork,
    confirming,
    drafts,
    imports,
    lessons,
    matching,
    matters,
    peer_logs,
    people,
    proofs,
    quarantine,
    reading,
    receive,
    register,
    report,
    respond,
    restored,
    review,
    sending,
    show,
    show_inbox,
    show_incident,
    show_lessons,
    show_log,
    show_now,
    show_warning,
    sign_in,
    tasks,
    warn,
    witnessing,
)
from tocsin.desk.access import NODE, may_read
from tocsin.desk.house import Officer, Role
from tocsin.desk.order import order_from_json
from tocsin.desk.ports import Desk
from tocsin.desk.records import Timer, TimerKind
from tocsin.errors import AccessError, TocsinError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node
from tocsin.review.chunks import FinishedChunks
from tocsin.review.facets import Verdict

ORDER = dict(read_data("demo", "order.json")) | {"determination": "D-0", "peers": []}
CLAIMED = {
    "dated": "2024-03-24",
    "zone": "UTC",
    "claims": [{"who": "they", "to": None, "when": None, "claim": "it", "reported_by": ["a paper"]}],
}
NOTHING_SEEN: bytes = b'{"checkpoint":null,"serial":-1,"seq":-1,"digest":""}'
CALL = calls.Call(caller="we", called="they", at=START, said="it")
ALL_HERE = bulk.BulkWork(warnings=None, incidents=None, warned=frozenset(), happened=frozenset())
INSIDE = "officer releaser waiver_authority analyst auditor"
THE_NODE = "the node"

# act: (who may, how it is asked). What it is asked for does not exist: whoever may gets as far as that.
ACTS: dict[str, tuple[str, Callable[[Desk], object]]] = {
    "asking.ask_witness": (f"administrator {THE_NODE}", lambda d: asking.ask_witness(d, "x")),
    "asking.judge_peer": (f"administrator {THE_NODE}", lambda d: asking.judge_peer(d, PEER, 200, NOTHING_SEEN)),
    "backup.dump_node": (f"administrator {THE_NODE}", lambda d: next(iter(backup.dump_node(d, "0" * 32, (), "0")))),
    "backup.keep_attempt": (
        f"administrator {THE_NODE}",
        lambda d: backup.keep_attempt(d, START, file="x", problem="", again=START),
    ),
    "bulk.count_in_bulk": (f"{INSIDE} {THE_NODE}", lambda d: bulk.count_in_bulk(d, ALL_HERE, keep=_keep, tell=print)),
    "calls.enter_call": ("officer releaser", lambda d: calls.enter_call(d, "W-0", CALL)),
    "calls.list_calls": (f"{INSIDE} {THE_NODE}", lambda d: calls.list_calls(d, "W-0")),
    "chase.answer_link": (THE_NODE, lambda d: chase.answer_link(d, "x", Answer.READ)),
    "claims.record_claims": (
        "officer analyst",
        lambda d: claims.record_claims(d, "I-0", b"They say it.", CLAIMED),
    ),
    "clockwork.run_due": (THE_NODE, lambda d: _run_due(d)),
    "drafts.draft_warning": ("officer", lambda d: drafts.draft_warning(d, ORDER)),
    "drafts.release_draft": ("releaser", lambda d: drafts.release_draft(d, "DR-0")),
    "confirming.confirm_language": (
        "officer releaser analyst",
        lambda d: confirming.confirm_language(d, "DR-0", "fr", "0" * 64),
    ),
    "drafts.hold_draft": ("releaser", lambda d: drafts.hold_draft(d, "DR-0", "no")),
    "drafts.release_alone": ("officer", lambda d: drafts.release_alone(d, "DR-0")),
    "changes.draft_revision": ("officer", lambda d: changes.draft_revision(d, Change.CANCEL, "W-0", {})),
    "changes.preview_revision": (
        f"{INSIDE} {THE_NODE}",
        lambda d: changes.preview_revision(d, Change.CANCEL, "W-0", {}),
    ),
    "drafts.list_drafts": (f"{INSIDE} {THE_NODE}", drafts.list_drafts),
    "drafts.preview_draft": (f"{INSIDE} {THE_NODE}", lambda d: drafts.preview_draft(d, "DR-0")),
    "peer_logs.tell_seen": (
        THE_NODE,
        lambda d: peer_logs.tell_seen(d, d.agreements[PEER].mailboxes[d.settings.name]),
    ),
    "restored.state_of": (f"administrator {THE_NODE}", restored.state_of),
    "restored.keep_findings": (f"administrator {THE_NODE}", lambda d: restored.keep_findings(d, ())),
    "restored.go_on": (f"administrator {THE_NODE}", restored.go_on),
    "restored.find_log_to_retire": ("administrator", lambda d: restored.find_log_to_retire(d, "lost")),
    "restored.begin_new_log": ("administrator", lambda d: restored.begin_new_log(d, "lost", d.keys.log.verify_key)),
    "people.add_officer": ("administrator", lambda d: people.add_officer(d, "ada", ["officer"])),
    "people.set_roles": ("administrator", lambda d: people.set_roles(d, "nobody", ["officer"])),
    "people.retire_officer": ("administrator", lambda d: people.retire_officer(d, "nobody")),
    "imports.import_incidents": ("officer analyst", lambda d: imports.import_incidents(d, INCIDENTS)),
    "imports.import_warnings": ("officer analyst", lambda d: imports.import_warnings(d, SIRENS)),
    "imports.list_imported": (f"{INSIDE} {THE_NODE}", imports.list_imported),
    "matching.show_matches": (f"{INSIDE} {THE_NODE}", lambda d: matching.show_matches(d, "I-0")),
    "matching.confirm_match": ("officer analyst", lambda d: matching.confirm_match(d, "I-0", "W-0", "it fits")),
    "matching.override_match": (
        "officer analyst",
        lambda d: matching.override_match(d, "I-0", "W-0", Verdict.HIT, "it fits"),
    ),
    "people.make_link": ("administrator", lambda d: people.make_link(d, "nobody")),
    "people.add_token": ("administrator", lambda d: people.add_token(d, "nobody", "label")),
    "people.revoke_token": ("administrator", lambda d: people.revoke_token(d, "nobody", "label")),
    "people.list_officers": (f"{INSIDE} administrator {THE_NODE}", people.list_officers),
    "proofs.make_warning_bundle": (
        "officer releaser analyst auditor",
        lambda d: proofs.make_warning_bundle(d, "W-0"),
    ),
    "proofs.cover_all": ("officer releaser analyst auditor", proofs.cover_all),
    "receive.receive_envelope": (
        THE_NODE,
        lambda d: receive.receive_envelope(d, d.agreements[PEER].mailboxes[d.settings.name], b"x"),
    ),
    "register.import_register": ("officer", lambda d: register.import_register(d, "people", PEOPLE.encode())),
    "matters.list_matters": (f"{INSIDE} {THE_NODE}", matters.list_matters),
    "matters.take_report": ("officer analyst", lambda d: matters.take_report(d, "R-0")),
    "matters.pass_report": ("officer analyst", lambda d: matters.pass_report(d, "R-0", ["nobody"])),
    "matters.confirm_receipt": ("officer analyst", lambda d: matters.confirm_receipt(d, "R-0")),
    "reading.confirm_value": ("officer analyst", lambda d: reading.confirm_value(d, "R-0", "targets", "hotel")),
    "reading.confirm_reading": ("officer analyst", lambda d: reading.confirm_reading(d, "R-0")),
    "reading.change_value": ("officer analyst", lambda d: reading.change_value(d, "R-0", "targets", "hotel", "mall")),
    "reading.reject_value": ("officer analyst", lambda d: reading.reject_value(d, "R-0", "targets", "hotel")),
    "reading.suggest_values": ("officer analyst", lambda d: reading.suggest_values(_with_reader(d), "R-0")),
    "reading.show_report": (f"{INSIDE} {THE_NODE}", lambda d: reading.show_report(d, "R-0")),
    "reading.export_report": (f"{INSIDE} {THE_NODE}", lambda d: reading.export_report(d, "R-0")),
    "report.submit_report": (
        "reporter officer",
        lambda d: report.submit_report(d, read_text_data("demo", "report.txt").encode()),
    ),
    "report.determine_duty": (
        "officer",
        lambda d: report.determine_duty(d, "R-0", reliability="B", credibility=2),
    ),
    "report.waive_duty": ("waiver_authority", lambda d: report.waive_duty(d, "D-0", Waiver(Ground.W4, "in words"))),
    "respond.open_item": ("officer", lambda d: respond.open_item(d, "IN-0")),
    "respond.respond": ("officer", lambda d: respond.respond(d, "IN-0", Answer.ACKNOWLEDGED)),
    "review.record_incident": (
        "officer analyst",
        lambda d: review.record_incident(d, read_text_data("demo", "incident.json").encode()),
    ),
    "review.review_incident": (f"{INSIDE} {THE_NODE}", lambda d: review.review_incident(d, "I-0")),
    "account.account_for": ("officer releaser analyst auditor", lambda d: account.account_for(d, "I-0")),
    "lessons.add_lesson": (
        "officer analyst auditor",
        lambda d: lessons.add_lesson(d, "I-0", "it", owner="nobody", due=START.date()),
    ),
    "lessons.close_lesson": ("officer analyst auditor", lambda d: lessons.close_lesson(d, "L-0", "done")),
    "show_lessons.show_lessons": (f"{INSIDE} {THE_NODE}", show_lessons.show_lessons),
    "lessons.list_lessons": (f"{INSIDE} {THE_NODE}", lessons.list_lessons),
    "sending.claim_mail": (THE_NODE, sending.claim_mail),
    "sending.settle_mail": (THE_NODE, lambda d: sending.settle_mail(d, [], [])),
    "sending.claim_postings": (THE_NODE, sending.claim_postings),
    "show.list_determinations": (f"{INSIDE} {THE_NODE}", show.list_determinations),
    "show.list_incidents": (f"{INSIDE} {THE_NODE}", show.list_incidents),
    "show.show_incident": (f"{INSIDE} {THE_NODE}", lambda d: show.show_incident(d, "I-0")),
    "show.list_warnings": (f"{INSIDE} {THE_NODE}", show.list_warnings),
    "show.show_warning": (f"{INSIDE} {THE_NODE}", lambda d: show.show_warning(d, "W-0")),
    "show.list_inbox": (f"{INSIDE} {THE_NODE}", show.list_inbox),
    "show.list_log": (f"{INSIDE} administrator {THE_NODE}", show.list_log),
    "quarantine.list_quarantine": (f"{INSIDE} {THE_NODE}", quarantine.list_quarantine),
    "quarantine.show_quarantined": (f"{INSIDE} {THE_NODE}", lambda d: quarantine.show_quarantined(d, "Q-0")),
    "quarantine.raw_quarantined": (f"{INSIDE} {THE_NODE}", lambda d: quarantine.raw_quarantined(d, "Q-0")),
    "quarantine.retry_quarantined": ("officer administrator", lambda d: quarantine.retry_quarantined(d, "Q-0")),
    "show_inbox.show_inbox": (f"{INSIDE} {THE_NODE}", show_inbox.show_inbox),
    "show_inbox.show_item": (f"{INSIDE} {THE_NODE}", lambda d: show_inbox.show_item(d, "IN-0")),
    "show_incident.show_incident": (f"{INSIDE} {THE_NODE}", lambda d: show_incident.show_incident(d, "I-0")),
    "show_incident.show_incidents": (f"{INSIDE} {THE_NODE}", show_incident.show_incidents),
    "show_log.show_entry": (f"{INSIDE} administrator {THE_NODE}", lambda d: show_log.show_entry(d, 0)),
    "show_log.show_log": (f"{INSIDE} administrator {THE_NODE}", show_log.show_log),
    "show_log.show_witnesses": (f"{INSIDE} administrator {THE_NODE}", show_log.show_witnesses),
    "show_now.show_now": (f"{INSIDE} {THE_NODE}", show_now.show_now),
    "show_warning.show_one_warning": (f"{INSIDE} {THE_NODE}", lambda d: show_warning.show_one_warning(d, "W-0")),
    "show_warning.show_warnings": (f"{INSIDE} {THE_NODE}", show_warning.show_warnings),
    "sign_in.set_password": (THE_NODE, lambda d: sign_in.set_password(d, "x", "four words put together")),
    "sign_in.sign_in": (THE_NODE, lambda d: sign_in.sign_in(d, "nobody", "four words put together")),
    "sign_in.sign_out": (THE_NODE, lambda d: sign_in.sign_out(d, "x")),
    "tasks.list_tasks": (f"{INSIDE} {THE_NODE}", tasks.list_tasks),
    "tasks.finish_task": ("officer releaser auditor", lambda d: tasks.finish_task(d, "T-0")),
    "warn.preview_warning": (f"{INSIDE} {THE_NODE}", lambda d: warn.preview_warning(d, order_from_json(ORDER))),
    "warn.issue_warning": ("officer", lambda d: warn.issue_warning(d, order_from_json(ORDER))),
    "witnessing.settle_cosignature": (THE_NODE, lambda d: witnessing.settle_cosignature(d, "x", None, None)),
    "witnessing.cosign_for": (THE_NODE, lambda d: witnessing.cosign_for(d, b"x")),
}


def _with_reader(desk: Desk) -> Desk:
    """A desk whose house has another reader; the act is refused, or finds no report, before it is asked."""
    return replace(desk, reader=OpenAiReader("http://127.0.0.1:1/v1", "model", ""))


OPEN = {
    "proofs.make_public_bundle": "public words are for everybody",
    "public.read_public_cap": "public words are for everybody",
    "public.show_link": "whoever holds the link may read it",
    "public.show_public": "public words are for everybody",
    "people.desk_of": "finds out who the caller is",
    "people.officer_named": "finds out who the caller is",
    "proofs.newest_checkpoint": "the log is for everybody",
    "proofs.read_tile": "the log is for everybody",
    "sign_in.show_link": "whoever holds the link may read it",
}
PARTS = {
    "account_record.find_parties": "inside a look",
    "readiness.find_quarantine_faults": "numbers for `node check`, no words",
    "readiness.find_shortcomings": "counts and settings for `node check`, no person's data",
    "imports.plan_incidents": "before an act; reads bytes and stores nothing",
    "imports.plan_warnings": "before an act; reads bytes and stores nothing",
    "report.plan_report": "before an act; reads bytes and stores nothing",
    "show_frame.show_frame": "asks part by part: a page is drawn without what is not theirs to see",
    "show_log.check_entry": "inside a look",
    "show_parties.witnessed_size": "inside a look",
    "unread.act_or_keep": "asks for the act that it carries out",
    "unread.keep_unread": "asks for the act that could not be carried out",
    "waiting.count_waiting": "inside a look",
    "waiting.find_waiting": "inside a look",
    "asking.judge_witness": "asks like ask_witness, after it",
    "backup.is_backup_due": "tells the worker when to start",
    "peer_logs.peer_of": "finds out who the caller is",
    "revision.prepare_revision": "inside an act or a look",
    "drafts.prepare_draft": "inside an act or a look",
    "languages.fill_words": "inside an act or a look",
    "languages.find_translations": "inside an act or a look",
    "restored.find_held_back": "tells the worker whether it may",
    "restored.mark_restored": "makes a node of what came out of a backup",
    "act.begin": "asks",
    "act.look": "asks",
    "clockwork.next_due": "tells the worker when to wake",
    "proofs.collect": "inside a look",
    "proofs.prove": "inside a look",
    "sending.settle_posting": "asks like settle_mail; has no posting here to be asked about",
    "warn.prepare": "inside an act",
    "warn.refusals_logged": "around an act",
    "witnessing.due_witnesses": "tells the worker whom to ask",
    "witnessing.make_request": "a signed head and hashes: the log is for everybody",
}
PEER = "peer.example"
ACTORS = (*(role.value for role in Role), "retired", THE_NODE)


def _name(role: str) -> str:
    return role.replace("_", "-")


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Desk]]:
    """One desk with one person per role, one who left, and nobody."""
    folder = tmp_path_factory.mktemp("access") / "desk.example"
    for name in (folder.name, PEER):
        make_node(folder.with_name(name), {"name": name, "practice": True, "exercise": "access"})
    duty = {name: f"duty@{name}" for name in (folder.name, PEER)}
    terms = Terms(response_clock=timedelta(hours=1), duty=duty, liaison=duty)
    agree(folder, folder.with_name(PEER), terms=terms, since=START)
    move_rehearsal_clock(folder).move_to(START)
    node = open_node(folder).desk
    people.add_officer(node, "ada", ["administrator"])
    ada = named(node, "ada")
    for name in (*(role.value for role in Role), "retired"):
        roles = [role.value for role in Role] if name == "retired" else [name]
        people.add_officer(ada, _name(name), roles)
    found = {name: named(node, _name(name)) for name in ACTORS if name != THE_NODE}
    people.retire_officer(ada, "retired")
    yield found | {THE_NODE: node}
    node.store.close()


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("act", ACTS)
def test_only_who_may_does_and_a_refusal_is_logged_alone(desks: dict[str, Desk], act: str, actor: str) -> None:
    may, ask = ACTS[act]
    desk = desks[actor]
    before = count_leaves(desk)
    try:
        ask(desk)
    except TocsinError as error:
        denied = type(error) is AccessError
    else:
        denied = False
    allowed = actor in may.replace(THE_NODE, "").split() or (actor == THE_NODE and THE_NODE in may)
    assert denied is not allowed
    if denied:
        (refusal,) = read_leaves(desk, before)
        claims = read_claims(refusal)
        assert (claims["kind"], claims["reason"]) == (Kind.REFUSED.value, "access")
        assert claims.get("by", NODE) == desk.actor


def _keep(_work: str) -> AbstractContextManager[FinishedChunks]:
    raise AssertionError("there is nothing here to count")


def _run_due(desk: Desk) -> int:
    with desk.store.write() as tx:
        tx.timers.set(Timer(START, TimerKind.CHECKPOINT, ""))
    return clockwork.run_due(desk)


def test_no_function_that_takes_a_desk_is_missing_from_the_matrix() -> None:
    found = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(tocsin.desk.__path__)
        for name, one in vars(importlib.import_module(f"tocsin.desk.{module.name}")).items()
        if inspect.isfunction(one) and one.__module__ == f"tocsin.desk.{module.name}" and not name.startswith("_")
        if next(iter(inspect.signature(one).parameters), "") == "desk"
    }
    assert found == {*ACTS, *OPEN, *PARTS}


def test_the_strictest_words_are_for_those_inside_only() -> None:
    from tocsin.core.marking import Audience

    read = {
        role.value: [audience.value for audience in Audience if may_read(_somebody(role), audience)] for role in Role
    }
    assert read["officer"] == read["releaser"] == read["auditor"] == ["internal", "partner", "public"]
    assert read["analyst"] == ["partner", "public"]
    assert read["reporter"] == read["administrator"] == ["public"]


def _somebody(role: Role) -> Officer:
    return Officer(id="P-1", name="x", address="", roles=frozenset({role}), password="", since=START)
