"""What somebody at the command line sees of quarantine: numbers, reasons, escaped bytes, and never the bytes themselves."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.cli.test_transcripts import run

from tocsin.desk.people import add_officer
from tocsin.intake import read_text
from tocsin.node import make_node, move_rehearsal_clock, open_node

HOSTILE = b"Attack at the hall \xff\x1b[2J\xe2\x80\xaetonight"
Prints = pytest.CaptureFixture[str]


@pytest.fixture
def _node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A practice node in the folder `desk`, anna its administrator and officer, and files to hand in."""
    folder = tmp_path / "desk"
    make_node(folder, {"name": "desk.example", "practice": True, "exercise": "walk"})
    move_rehearsal_clock(folder).move_to(datetime(2024, 3, 7, 14, 0, tzinfo=UTC))
    desk = open_node(folder, {}).desk
    add_officer(desk, "anna", ["administrator", "officer"])
    desk.store.close()
    (tmp_path / "hostile.txt").write_bytes(HOSTILE)
    (tmp_path / "long.txt").write_bytes(b"Avoid the hall. " * 10)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_NODE", "desk")
    monkeypatch.setenv("TOCSIN_AS", "anna")


@pytest.mark.usefixtures("_node")
def test_it_is_told_listed_shown_and_still_kept_when_a_retry_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: Prints
) -> None:
    assert run("tocsin report submit hostile.txt", monkeypatch, capsys) == (
        "tocsin: error: text is not UTF-8 at byte 19\n"
        "tocsin: hint: save it as plain text in UTF-8; kept as Q-1: `tocsin quarantine show Q-1`\n"
        "[exit 1]\n"
    )
    assert run("tocsin quarantine list", monkeypatch, capsys) == (
        "kept  reader  from  first                 arrivals  size  reason      became\n"
        "Q-1   report  P-1   2024-03-07T14:00:00Z  1         34    InputError\n"
    )
    assert run("tocsin quarantine show Q-1", monkeypatch, capsys) == (
        "Q-1: report from P-1, 34 bytes; waits to be read\n"
        "  SHA-256 <hex>\n"
        "  arrived first 2024-03-07T14:00:00Z, last 2024-03-07T14:00:00Z, 1 in all\n"
        "  2024-03-07T14:00:00Z InputError: text is not UTF-8 at byte 19\n"
        "  begins  Attack at the hall \\xff\\x1b[2J\\u202etonight\n"
    )
    assert run("tocsin quarantine retry Q-1", monkeypatch, capsys) == (
        "tocsin: error: text is not UTF-8 at byte 19\n"
        "tocsin: hint: save it as plain text in UTF-8; still kept as Q-1\n"
        "[exit 1]\n"
    )


@pytest.mark.usefixtures("_node")
def test_after_a_fix_it_says_what_it_became(monkeypatch: pytest.MonkeyPatch, capsys: Prints) -> None:
    with monkeypatch.context() as older:
        older.setattr(read_text, "MAX_BYTES", 100)
        run("tocsin report submit long.txt", monkeypatch, capsys)

    said = run("tocsin quarantine retry Q-1", monkeypatch, capsys)

    assert said.startswith("Q-1 was read: it became R-")
    assert "waits" not in run("tocsin quarantine show Q-1", monkeypatch, capsys)


@pytest.mark.usefixtures("_node")
def test_the_bytes_go_to_a_new_file_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Prints
) -> None:
    run("tocsin report submit hostile.txt", monkeypatch, capsys)
    said = run("tocsin quarantine show Q-1 --raw bytes", monkeypatch, capsys)

    assert said.endswith("tocsin: the bytes are in bytes; they may be hostile\n")
    assert (tmp_path / "bytes").read_bytes() == HOSTILE
    assert stat.S_IMODE((tmp_path / "bytes").stat().st_mode) == 0o600


@pytest.mark.usefixtures("_node")
@pytest.mark.parametrize("kind", ["a file", "a link to nowhere"])
def test_the_bytes_overwrite_nothing(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: Prints
) -> None:
    run("tocsin report submit hostile.txt", monkeypatch, capsys)
    if kind == "a file":
        (tmp_path / "bytes").write_bytes(b"mine")
    else:
        (tmp_path / "bytes").symlink_to(tmp_path / "elsewhere")

    said = run("tocsin quarantine show Q-1 --raw bytes", monkeypatch, capsys)

    assert said == (
        "tocsin: error: bytes cannot be written: File exists\ntocsin: hint: name a file that is not there\n[exit 1]\n"
    )
    assert not (tmp_path / "elsewhere").exists()
    assert kind != "a file" or (tmp_path / "bytes").read_bytes() == b"mine"


@pytest.mark.usefixtures("_node")
def test_node_check_names_what_waits(monkeypatch: pytest.MonkeyPatch, capsys: Prints) -> None:
    assert "quarantine" not in run("tocsin node check", monkeypatch, capsys)
    run("tocsin report submit hostile.txt", monkeypatch, capsys)
    assert "1 in quarantine cannot be read" in run("tocsin node check", monkeypatch, capsys)
