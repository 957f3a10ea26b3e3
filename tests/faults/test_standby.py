"""A standby holds the newest backup, signs nothing until it takes over, and never replaces what is not its own (LESSONS L51)."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.faults.test_backup import SECRET, chief, node, opened  # noqa: F401  # the fixture of a node with backups

from tocsin.backup import make_backup
from tocsin.desk.access import May
from tocsin.desk.act import begin
from tocsin.desk.ports import MovableClock
from tocsin.desk.report import submit_report
from tocsin.desk.restored import go_on, keep_findings
from tocsin.errors import ConfigError, InputError, StateError
from tocsin.node import Node, make_node
from tocsin.standby import MARK, follow_once

NAME = "embassy.example"


def later(found: Node) -> None:
    clock = found.desk.clock
    assert isinstance(clock, MovableClock)
    clock.move_to(clock.now() + timedelta(minutes=5))


def size_in(folder: Path) -> int:
    with opened(folder) as found, found.desk.store.read() as tx:
        return tx.log.size()


def size_of(found: Node) -> int:
    with found.desk.store.read() as tx:
        return tx.log.size()


def test_it_follows_from_backup_to_backup(node: Node, tmp_path: Path) -> None:  # noqa: F811
    make_backup(node)
    first = follow_once(tmp_path / "second", tmp_path / "disk", NAME, SECRET)
    assert (first.new, size_in(tmp_path / "second")) == (True, size_of(node))
    assert follow_once(tmp_path / "second", tmp_path / "disk", NAME, SECRET).new is False
    later(node)
    submit_report(chief(node), b"Another report: stay away from the station in Moscow.")
    make_backup(node)
    assert follow_once(tmp_path / "second", tmp_path / "disk", NAME, SECRET).new is True
    assert size_in(tmp_path / "second") == size_of(node)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "node", "second"]


def test_it_signs_nothing_until_it_takes_over_and_is_left_alone_then(node: Node, tmp_path: Path) -> None:  # noqa: F811
    make_backup(node)
    folder = tmp_path / "second"
    follow_once(folder, tmp_path / "disk", NAME, SECRET)
    with opened(folder) as found:
        with pytest.raises(StateError, match="not yet reconciled"), begin(found.desk, May.CLOCKWORK):
            pass
        keep_findings(found.desk, ())
        go_on(chief(found))
    later(node)
    make_backup(node)
    before = size_in(folder)
    with pytest.raises(StateError, match="has taken over"):
        follow_once(folder, tmp_path / "disk", NAME, SECRET)
    assert size_in(folder) == before


def test_what_is_no_standby_of_that_node_is_never_replaced(node: Node, tmp_path: Path) -> None:  # noqa: F811
    make_backup(node)
    with pytest.raises(ConfigError, match="is no standby"):
        follow_once(node.folder, tmp_path / "disk", NAME, SECRET)
    make_node(tmp_path / "other", {"name": "other.example"})
    (tmp_path / "other" / MARK).write_text("x\n")
    with pytest.raises(ConfigError, match=r"is a standby of other\.example"):
        follow_once(tmp_path / "other", tmp_path / "disk", NAME, SECRET)
    with pytest.raises(ConfigError, match="holds no backup of"):
        follow_once(tmp_path / "second", tmp_path / "node", NAME, SECRET)
    assert not (tmp_path / "second").exists()


def test_a_kill_between_two_copies_loses_neither(node: Node, tmp_path: Path) -> None:  # noqa: F811
    make_backup(node)
    folder = tmp_path / "second"
    follow_once(folder, tmp_path / "disk", NAME, SECRET)
    folder.rename(tmp_path / ".second.going")
    (tmp_path / ".second.coming").mkdir()
    assert follow_once(folder, tmp_path / "disk", NAME, SECRET).new is False
    assert size_in(folder) == size_of(node)


def test_a_damaged_newest_backup_leaves_the_older_copy(node: Node, tmp_path: Path) -> None:  # noqa: F811
    make_backup(node)
    folder = tmp_path / "second"
    follow_once(folder, tmp_path / "disk", NAME, SECRET)
    later(node)
    newest = make_backup(node)
    newest.write_bytes(newest.read_bytes()[:-100])
    with pytest.raises(InputError, match="cut off"):
        follow_once(folder, tmp_path / "disk", NAME, SECRET)
    assert size_in(folder) > 0
