"""Making and restoring backups when things go wrong: the older ones stay whole, and nothing is believed by halves."""

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.faults.loopback import CHIEF, PEOPLE, REPORT, START, VENUES, command

from tocsin.adapters.store.revision import REVISION
from tocsin.backup import back_up, find_backups, find_gaps, make_backup
from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, officer_named
from tocsin.desk.ports import Desk
from tocsin.desk.register import import_register
from tocsin.desk.report import submit_report
from tocsin.errors import ConfigError, InputError, StateError, TocsinError, VerificationError
from tocsin.evidence.entry import Kind
from tocsin.exchange.backup import (
    Contents,
    Manifest,
    Piece,
    open_backup,
    read_secret,
    seal_backup,
    write_public,
    write_secret,
)
from tocsin.exchange.envelope import SealKey
from tocsin.node import Node, make_node, move_rehearsal_clock, open_node
from tocsin.restore import restore_node

KEY = SealKey.generate(os.urandom)
SECRET = write_secret(KEY).encode()
LEFT_ALONE = {"restored", "number", "timer", "backup_attempt"}
"""Tables in which a restore writes by itself."""


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A practice node with people, venues and some leaves; its backups go to `disk`."""
    (tmp_path / "disk").mkdir()
    folder = tmp_path / "node"
    values = {"name": "embassy.example", "practice": True, "exercise": "drill", "backup_to": str(tmp_path / "disk")}
    make_node(folder, values | {"backup_key": write_public(KEY.public)})
    move_rehearsal_clock(folder).move_to(START)
    (folder / "templates").mkdir()
    found = open_node(folder, {})
    add_officer(found.desk, CHIEF, [Role.ADMINISTRATOR, Role.OFFICER], address="planted.chief@embassy.example")
    import_register(chief(found), "people", PEOPLE.encode())
    import_register(chief(found), "venues", VENUES.encode())
    submit_report(chief(found), REPORT.encode())
    yield found
    found.desk.store.close()


def chief(node: Node) -> Desk:
    return node.desk.acting(officer_named(node.desk, CHIEF).id, "named")


@contextmanager
def opened(folder: Path) -> Iterator[Node]:
    found = open_node(folder, {})
    yield found
    found.desk.store.close()


def rows_of(node: Node) -> dict[str, list[object]]:
    with node.desk.store.read() as tx:
        return {name: list(tx.rows.rows(name)) for name in tx.rows.tables() if name not in LEFT_ALONE}


def files_of(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith("tocsin.db")}


def test_everything_comes_back(node: Node, tmp_path: Path) -> None:
    backup = make_backup(node)

    restore_node(backup, SECRET, tmp_path / "again")

    with opened(tmp_path / "again") as again:
        assert rows_of(again) == rows_of(node)
        assert files_of(again.folder) == files_of(node.folder)
    for path in (tmp_path / "again").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_stolen_backup_says_nothing(node: Node) -> None:
    raw = make_backup(node).read_bytes()
    keys = [path.read_bytes().strip() for path in (node.folder / "keys").iterdir()]
    planted = [f"planted{n}@people.example".encode() for n in range(40)]
    words = [
        b"planted.chief",
        CHIEF.encode() + b"@",
        b"hall1-1@venues.example",
        b"Hall One",
        b"concerts",
        b"embassy.example",
    ]
    for secret in (*keys, *(bytes.fromhex(key.decode().rpartition(":")[2]) for key in keys), *planted, *words):
        assert secret not in raw
    assert KEY.secret not in raw


def test_a_backup_taken_while_others_write_is_one_moment(node: Node, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        with opened(node.folder) as beside:
            while not stop.is_set():
                number += 1
                submit_report(chief(beside), f"{REPORT} {number}".encode())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backups = [_copy(make_backup(node), tmp_path / f"copy-{n}") for n in range(4)]
    finally:
        stop.set()
        writer.join()
    for n, backup in enumerate(backups):
        restore_node(backup, SECRET, tmp_path / f"again-{n}")
        with opened(tmp_path / f"again-{n}") as again, again.desk.store.read() as tx:
            assert len(tx.cases.reports()) == len(tx.log.entries(kind=Kind.REPORT))
            assert tx.log.size() == tx.log.entries()[-1].index + 1


def _copy(backup: Path, to: Path) -> Path:
    shutil.copy(backup, to)
    return to


FAULTS = {
    "cut off": lambda raw: raw[:-1000],
    "cut off in the header": lambda raw: raw[:20],
    "one byte changed": lambda raw: raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :],
    "newer format": lambda raw: raw.replace(b"tocsin-backup/1", b"tocsin-backup/2", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_backup_leaves_no_node(node: Node, tmp_path: Path, fault: str) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(FAULTS[fault](make_backup(node).read_bytes()))
    before = sorted(tmp_path.iterdir())
    with pytest.raises((InputError, VerificationError)):
        restore_node(damaged, SECRET, tmp_path / "again")
    assert sorted(tmp_path.iterdir()) == before


def test_another_secret_leaves_no_node(node: Node, tmp_path: Path) -> None:
    other = write_secret(SealKey.generate(os.urandom)).encode()
    with pytest.raises(VerificationError):
        restore_node(make_backup(node), other, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_store_of_another_version_is_named(node: Node, tmp_path: Path) -> None:
    changed = _rewritten(make_backup(node), tmp_path / "newer", revision="9999")
    with pytest.raises(ConfigError, match=f"revision '9999', this version has '{REVISION}'"):
        restore_node(changed, SECRET, tmp_path / "again")


def test_a_backup_without_one_table_is_refused(node: Node, tmp_path: Path) -> None:
    changed = _rewritten(make_backup(node), tmp_path / "less", without="store/ladder.jsonl")
    with pytest.raises(InputError, match="no table 'ladder'"):
        restore_node(changed, SECRET, tmp_path / "again")


def test_keys_of_another_node_do_not_open_the_log(node: Node, tmp_path: Path) -> None:
    make_node(tmp_path / "other", {"name": "embassy.example", "practice": True, "exercise": "drill"})
    key = (tmp_path / "other" / "keys" / "log").read_bytes()
    changed = _rewritten(make_backup(node), tmp_path / "mixed", replaced=Piece("node/keys/log", key))
    with pytest.raises(VerificationError):
        restore_node(changed, SECRET, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def _rewritten(backup: Path, to: Path, *, revision: str = "", without: str = "", replaced: Piece | None = None) -> Path:
    """The backup sealed again by somebody who holds the secret, with one thing changed."""
    pieces: list[Piece] = []
    with backup.open("rb") as raw:
        manifest = open_backup(raw.read, read_secret(SECRET), lambda _about, piece: pieces.append(piece))
    about = replace(manifest.about, revision=revision or manifest.about.revision)
    kept = [replaced if replaced and one.path == replaced.path else one for one in pieces[1:] if one.path != without]
    contents = Contents()
    for piece in (about.piece(), *kept):
        contents.add(piece)
    last = Manifest(
        about=about, size=manifest.size, root=manifest.root, checkpoint=manifest.checkpoint, parts=contents.parts()
    )
    to.write_bytes(b"".join(seal_backup((about.piece(), *kept, last.piece()), KEY.public, about.id)))
    return to


def test_nothing_is_restored_over_a_node_or_anything_else(node: Node, tmp_path: Path) -> None:
    backup = make_backup(node)
    before = files_of(node.folder)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    for folder in (node.folder, tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(ConfigError, match="is not empty"):
            restore_node(backup, SECRET, folder)
    assert files_of(node.folder) == before
    submit_report(chief(node), b"An attack on the metro is planned.")  # the live node goes on
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"


def test_a_restored_node_signs_and_sends_nothing(node: Node, tmp_path: Path) -> None:
    restore_node(make_backup(node), SECRET, tmp_path / "again")
    with opened(tmp_path / "again") as again:
        before = rows_of(again)
        with pytest.raises(StateError, match="not yet reconciled"):
            submit_report(chief(again), b"An attack is planned.")
        with pytest.raises(StateError, match="not yet reconciled"):
            make_backup(again)
        assert rows_of(again) == before
        assert any("not yet reconciled" in gap for gap in find_gaps(again))


DISK_FULL = """
import resource, sys
limit = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from tocsin.cli.main import main
main()
"""


def on_a_full_disk(limit: int, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command line where no file can grow beyond `limit` bytes."""
    return subprocess.run(
        [sys.executable, "-c", DISK_FULL, str(limit), *arguments], capture_output=True, text=True, check=False
    )


def test_a_full_disk_leaves_the_older_backup_whole(node: Node) -> None:
    older = make_backup(node)
    kept = older.read_bytes()
    move_rehearsal_clock(node.folder).move_to(START + timedelta(minutes=5))
    (node.folder / "plan.pdf").write_bytes(os.urandom(3_000_000))

    done = on_a_full_disk(2_000_000, "node", "backup", "--node", str(node.folder))

    assert done.returncode == 1
    assert "backup cannot be kept" in done.stderr
    assert "File too large" in done.stderr
    assert [path.name for path in older.parent.iterdir()] == [older.name]
    assert older.read_bytes() == kept


def test_an_act_on_a_full_disk_is_not_done_by_halves(node: Node, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(REPORT + " " + "word " * 100_000)
    before = rows_of(node)
    submit = ("report", "submit", str(tmp_path / "long.txt"), "--as", CHIEF, "--node", str(node.folder))
    assert on_a_full_disk(200_000, *submit).returncode != 0
    assert rows_of(node) == before
    assert command(*submit).returncode == 0


def test_a_killed_maker_leaves_the_older_backup_whole(node: Node, tmp_path: Path) -> None:
    older = make_backup(node)
    kept = older.read_bytes()
    move_rehearsal_clock(node.folder).move_to(START + timedelta(minutes=5))
    for n in range(6):
        (node.folder / f"plan-{n}.pdf").write_bytes(bytes(16 * 1024 * 1024))
    partial = older.parent / ".embassy.example.partial"
    maker = subprocess.Popen([sys.executable, "-m", "tocsin", "node", "backup", "--node", str(node.folder)])
    while maker.poll() is None and not (partial.exists() and partial.stat().st_size > 20_000_000):
        pass
    maker.send_signal(signal.SIGKILL)

    assert maker.wait() == -signal.SIGKILL
    assert partial.exists()
    assert [path for _, path in find_backups(older.parent, "embassy.example")] == [older]
    assert older.read_bytes() == kept
    restore_node(older, SECRET, tmp_path / "again")
    # the next one takes the place of what the killed one left
    newer = make_backup(node)
    assert sorted(older.parent.iterdir()) == sorted([older, newer])


def test_a_damaged_log_is_not_backed_up(node: Node) -> None:
    older = make_backup(node)
    move_rehearsal_clock(node.folder).move_to(START + timedelta(minutes=5))
    with sqlite3.connect(node.folder / "tocsin.db") as connection:
        connection.execute('UPDATE log_entry SET blind = ? WHERE "index" = 1', (bytes(32),))
    connection.close()
    with pytest.raises(VerificationError, match="log"):
        make_backup(node)
    assert list(older.parent.iterdir()) == [older]


def test_a_failure_is_kept_and_shown_until_a_backup_succeeds(node: Node, tmp_path: Path) -> None:
    assert find_gaps(node) == (f"there is no backup in {tmp_path / 'disk'} yet",)
    back_up(node)
    assert find_gaps(node) == ()
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    move_rehearsal_clock(node.folder).move_to(START + timedelta(minutes=5))
    back_up(node)
    assert any("is not a folder" in gap for gap in find_gaps(node))
    (tmp_path / "unplugged").rename(tmp_path / "disk")
    move_rehearsal_clock(node.folder).move_to(START + timedelta(minutes=11))
    assert any("660 s old, one every 300 s is promised" in gap for gap in find_gaps(node))
    back_up(node)
    assert find_gaps(node) == ()


@pytest.mark.parametrize("setting", ["", "inside", "missing"])
def test_a_folder_that_would_be_lost_with_the_node_is_refused(node: Node, tmp_path: Path, setting: str) -> None:
    inside = node.folder / "backups"
    inside.mkdir()
    backup_to = {"": "", "inside": str(inside), "missing": str(tmp_path / "not mounted")}[setting]
    changed = open_node(node.folder, {"TOCSIN_BACKUP_TO": backup_to})
    with pytest.raises(ConfigError, match="backup"):
        make_backup(changed)
    changed.desk.store.close()


def test_the_secret_is_never_made_beside_what_it_protects(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    make_node(folder, {"name": "embassy.example"})
    settings = (folder / "tocsin.toml").read_text()
    refused = command("node", "backup-key", str(folder / "secret"), "--node", str(folder))
    assert (refused.returncode, (folder / "tocsin.toml").read_text()) == (1, settings)
    done = command("node", "backup-key", str(tmp_path / "secret"), "--node", str(folder))
    assert done.returncode == 0
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    key = read_secret((tmp_path / "secret").read_bytes())
    assert write_public(key.public) in (folder / "tocsin.toml").read_text()
    again = command("node", "backup-key", str(tmp_path / "other"), "--node", str(folder))
    assert (again.returncode, (tmp_path / "other").exists()) == (1, False)


def test_a_setting_without_its_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match="nothing could be sealed"):
        make_node(tmp_path / "node", {"name": "embassy.example", "backup_to": "/mnt"})
