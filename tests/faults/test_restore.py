"""The drill: the disk is gone at a random minute; the node comes back elsewhere, with its open duties and without a fork."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.loopback import CHIEF, CITY, EMBASSY, START, Loopback, command, three_nodes

from tocsin.desk.continuity import find_unsettled
from tocsin.desk.ports import Desk
from tocsin.errors import StateError
from tocsin.evidence.checkpoint import read_checkpoint, read_note
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import peek

SEEDS = (20240307, 20240322)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Loopback]:
    with three_nodes(tmp_path) as found:
        yield found


def head_of(desk: Desk) -> tuple[int, bytes]:
    with desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
        return tx.log.size(), newest.note if newest else b""


@pytest.mark.parametrize("seed", SEEDS)
def test_disk_gone_at_a_random_minute(world: Loopback, tmp_path: Path, seed: int) -> None:
    minutes = random.Random(seed).randrange(6, 24)
    warning = world.issue(EMBASSY, to=CITY)
    world.pass_minutes(2)
    world.issue(CITY, to=EMBASSY)
    for _ in range(minutes - 2):
        world.submit(EMBASSY)
        world.pass_minutes(1)
    world.submit(EMBASSY)
    world.settle()
    with world.places[EMBASSY].desk() as desk, desk.store.read() as tx:
        ladders, size = tx.chase.ladders(warning), tx.log.size()
    world.lose_disk(EMBASSY)

    refused = world.restore(EMBASSY, tmp_path / "elsewhere-again")

    # the fork is refused before anything is signed
    assert refused.returncode == 1
    assert f"{world.witness} saw more of our log than the backup holds" in refused.stderr
    with world.places[EMBASSY].desk() as desk:
        before = head_of(desk)
        with pytest.raises(StateError, match="not yet reconciled"):
            world.submit(EMBASSY)
        assert head_of(desk) == before
        # what was open is there
        with desk.store.read() as tx:
            assert len(tx.register.people()) == 40
            assert [one.peer for one in tx.inbox.items()] == [CITY]
            assert [one.party for one in tx.chase.ladders(warning)] == [one.party for one in ladders]
            assert all(one.ended is None for one in tx.chase.ladders(warning))
            restored = find_unsettled(tx.continuity.returns())
    assert restored is not None
    lost = (world.now - restored.made).total_seconds()
    print(
        f"\nseed {seed}: disk gone at minute {minutes}: {lost:.0f} s and {size - before[0]} leaves lost (at most 300 s)"
    )
    assert lost <= 300
    assert size > before[0], "nothing was lost: the seed proves nothing"

    # a new log in place of the old one, decided by name
    nobody = command("node", "reconcile", "--retire", "disk lost", "--node", str(world.places[EMBASSY].folder))
    assert (nobody.returncode, "nobody is named" in nobody.stderr) == (1, True)
    # while `serve` runs: it shows, and does nothing; when the log is retired under it, it stops rather than sign the old one
    world.places[EMBASSY].start()
    world.pass_minutes(1)
    with world.places[EMBASSY].desk() as desk:
        assert head_of(desk) == before
    retire(world)
    assert world.places[EMBASSY].wait_for_end() != 0
    # the peer with the old agreement refuses; the witness that was not told does, too
    world.places[EMBASSY].start()
    refused_warning = world.issue(EMBASSY, to=CITY)
    world.pass_minutes(2)
    assert refused_warning not in {warning, "W-2"}, "a number that the lost node may have given is given again"
    assert peer_problems(world) == ["checkpoint"]
    assert newest_witnesses(world) == ()
    # told, both take it
    world.tell_witness()
    world.renew_agreement()
    world.issue(EMBASSY, to=CITY)
    world.pass_minutes(2)
    assert newest_witnesses(world) == (world.witness,)
    with world.places[CITY].desk() as desk, desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2
    # the ladders of the warning from before the loss went on where they stood, and no mail was sent as two
    world.pass_minutes(46 - int((world.now - START).total_seconds()) // 60)
    with world.places[EMBASSY].desk() as desk, desk.store.read() as tx:
        assert {one.party: one.done for one in tx.chase.ladders(warning)} == {"V1": 3, "V2": 3, CITY: 1}
    assert len(notices(world, "hall1-1@venues.example", warning)) == 3


def notices(world: Loopback, address: str, warning: str) -> set[str]:
    """Message-IDs of all mail of the embassy to that address about that warning."""
    found = (one.message_id for one in world.postbox.letters[address])
    return {one for one in found if one.startswith(f"<{warning}.") and one.endswith(f"@{EMBASSY}>")}


def retire(world: Loopback) -> None:
    folder = world.places[EMBASSY].folder
    done = command("node", "reconcile", "--retire", "disk lost", "--as", CHIEF, "--node", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["retired"] == world.origin
    assert outcome["lost"]["leaves"] > 0
    assert not (folder / "keys" / "log").exists(), "the old log can still be signed"
    with world.places[EMBASSY].desk() as desk, desk.store.read() as tx:
        first = tx.log.entry(0)
        assert (first.kind, first.statement.decode()) == (Kind.KEY, outcome["statement"])
        assert peek(first.statement).kid == desk.keys.node.verify_key.kid
        newest = tx.log.last_checkpoint()
        assert newest is not None
        assert read_checkpoint(read_note(newest.note).text).origin == f"{world.origin}-2"


def peer_problems(world: Loopback) -> list[str]:
    with world.places[CITY].desk() as desk, desk.store.read() as tx:
        return [one.failures[-1].code for one in tx.quarantine.all_unread()]


def newest_witnesses(world: Loopback) -> tuple[str, ...]:
    with world.places[EMBASSY].desk() as desk, desk.store.read() as tx:
        newest = tx.log.last_checkpoint()
    assert newest is not None
    return newest.witnesses


def test_nothing_happened_since_the_backup_and_the_log_goes_on(world: Loopback, tmp_path: Path) -> None:
    warning = world.issue(EMBASSY, to=CITY)
    world.pass_minutes(3)
    place = world.places[EMBASSY]
    assert command("node", "backup", "--node", str(place.folder)).returncode == 0
    world.settle()
    world.lose_disk(EMBASSY)
    world.pass_minutes(20)

    done = world.restore(EMBASSY, tmp_path / "again")

    assert done.returncode == 0, done.stderr
    assert f"agrees  {CITY}" in done.stdout
    place.start()
    world.pass_minutes(2)
    assert newest_witnesses(world) == (world.witness,)
    with place.desk() as desk, desk.store.read() as tx:
        assert read_checkpoint(read_note(head_of(desk)[1]).text).origin == world.origin
        assert {one.party: one.done for one in tx.chase.ladders(warning)}["V1"] == 2, "the escalation does not go on"
    world.issue(EMBASSY, to=CITY)
    with world.places[CITY].desk() as desk, desk.store.read() as tx:
        assert len(tx.inbox.items()) == 2
    assert len(notices(world, "hall1-1@venues.example", warning)) == 2
