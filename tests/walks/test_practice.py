"""A practice node and a live one are two things: nothing turns one into the other, and neither takes the other's word (LESSONS L48)."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.walks.conftest import START

from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.outgoing import pair_claims, post_statement
from tocsin.desk.receive import open_received, receive_envelope
from tocsin.errors import ConfigError, InputError
from tocsin.evidence.checkpoint import write_vkey
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, make_answer
from tocsin.exchange.peers import Terms
from tocsin.node import agree, make_node, move_rehearsal_clock, open_node, public_keys, vkeys

TERMS = Terms(response_clock=timedelta(hours=1), duty={}, liaison={})
PRACTICE: dict[str, Any] = {"practice": True, "exercise": "spring"}


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """A live and a practice node of two houses."""
    found = {}
    for name, more in (
        ("live.example", {}),
        ("other.example", {}),
        ("drill.example", PRACTICE),
        ("second.example", PRACTICE),
    ):
        found[name] = tmp_path / name
        make_node(found[name], {"name": name} | more)
    return found


@pytest.mark.parametrize("how", ["settings", "environment"])
@pytest.mark.parametrize("name", ["live.example", "drill.example"])
def test_no_setting_turns_one_into_the_other(folders: dict[str, Path], name: str, how: str) -> None:
    to_practice = name == "live.example"
    file = folders[name] / "tocsin.toml"
    if how == "settings":
        values = {"name": name} | (PRACTICE if to_practice else {})
        file.write_text(
            "\n".join(f"{k} = {str(v).lower() if isinstance(v, bool) else repr(v)}" for k, v in values.items())
        )
        environment: dict[str, str] = {}
    else:
        environment = {"TOCSIN_PRACTICE": str(to_practice).lower(), "TOCSIN_EXERCISE": "x"}
    with pytest.raises(ConfigError, match=r"was made for a (practice|live) node"):
        open_node(folders[name], environment)


def test_keys_whose_mark_is_cut_off_are_other_keys(folders: dict[str, Path]) -> None:
    drill = folders["drill.example"]
    before = public_keys(drill)
    for file in (drill / "keys").iterdir():
        file.write_text(file.read_text().removeprefix("practice:"))
    (drill / "tocsin.toml").write_text('name = "drill.example"\n')
    after = public_keys(drill)
    assert before.node.public != after.node.public
    assert before.log.public != after.log.public
    assert before.seal != after.seal


def test_a_practice_node_and_a_live_one_cannot_agree(folders: dict[str, Path]) -> None:
    with pytest.raises(InputError, match="a practice node and a live one cannot agree"):
        agree(folders["live.example"], folders["drill.example"], terms=TERMS, since=START)
    assert not list((folders["live.example"] / "agreements").iterdir())


def test_an_agreement_between_practice_nodes_is_refused_in_a_live_folder(folders: dict[str, Path]) -> None:
    drill, live = folders["drill.example"], folders["live.example"]
    agree(drill, folders["second.example"], terms=TERMS, since=START)
    shutil.copy(drill / "agreements/second.example.json", live / "agreements/second.example.json")
    with pytest.raises(ConfigError):
        open_node(live, {})


@pytest.mark.parametrize("key", ["witnesses", "witness_for"])
@pytest.mark.parametrize(("one", "other"), [("live.example", "drill.example"), ("drill.example", "live.example")])
def test_neither_witnesses_for_the_other(folders: dict[str, Path], key: str, one: str, other: str) -> None:
    found = vkeys(folders[other])
    line = f"http://127.0.0.1:1 {found.witness}" if key == "witnesses" else found.log
    file = folders[one] / "tocsin.toml"
    file.write_text(file.read_text() + f'{key} = ["{line}"]\n')
    with pytest.raises(ConfigError, match=r"is of a (practice|live) node, this is a (practice|live) node"):
        open_node(folders[one], {})


def test_a_rehearsal_clock_moves_no_live_node(folders: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match="is a live node"):
        move_rehearsal_clock(folders["live.example"])
    (folders["live.example"] / "rehearsal.clock").write_text("2024-03-07T14:00:00Z\n")
    with pytest.raises(ConfigError, match="lies in a live node"):
        open_node(folders["live.example"], {})


def test_the_word_practice_stands_in_the_names_its_signatures_bind(folders: dict[str, Path]) -> None:
    keys = open_node(folders["drill.example"], {}).desk.keys
    named = (keys.log.verify_key, keys.witness.verify_key, *(role.verify_key for role in keys.roles.values()))
    assert all(key.practice and "/practice/" in write_vkey(key) for key in named)
    live = open_node(folders["live.example"], {}).desk.keys
    assert not any(key.practice for key in (live.log.verify_key, live.witness.verify_key))


def test_a_statement_made_in_an_exercise_is_refused_where_it_is_none(folders: dict[str, Path]) -> None:
    """Even under an agreement between live nodes: the claim in the statement itself says it."""
    one, other = folders["live.example"], folders["other.example"]
    agree(one, other, terms=TERMS, since=START)
    sender, receiver = open_node(one, {}).desk, open_node(other, {}).desk
    with begin(sender, May.SEND) as act:
        claims = make_answer(Answer.UNREADABLE, envelope="0" * 64, why="cap") | pair_claims(
            act, "other.example", exp=2**40
        )
        signed = act.log(Kind.RECEIPT, claims | {"practice": True}, subject="x")
        posting = post_statement(act, "other.example", signed, purpose="answer", warning="", seq=0, cap=None)
    token = receiver.agreements["live.example"].mailboxes["other.example"]
    receive_envelope(receiver, token, posting.raw)
    digest = hashlib.sha256(posting.raw).hexdigest()
    with begin(receiver, May.CLOCKWORK) as act:
        open_received(act, digest)
        kept = act.tx.inbox.received(digest)
        assert kept is not None
        assert kept.problem == "practice"
