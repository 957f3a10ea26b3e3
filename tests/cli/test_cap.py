"""What somebody sees who checks many files: how far it is, apart from the findings, and nothing of that for a few."""

import shutil
import sys
from pathlib import Path

import pytest

from tocsin.cli.cap import MANY
from tocsin.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "cap-update.xml"
Prints = pytest.CaptureFixture[str]


def check_copies(number: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Prints) -> tuple[list[str], str]:
    """Lines on stdout and text on stderr of one check of that many copies of a message."""
    for one in range(number):
        shutil.copy(EXAMPLE, folder / f"{one:04}.xml")
    monkeypatch.setattr(sys, "argv", ["tocsin", "cap", "check", "--json", str(folder)])
    with pytest.raises(SystemExit):
        main()
    out, err = capsys.readouterr()
    return out.splitlines(), err


def test_many_files_say_on_stderr_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Prints
) -> None:
    number = 2 * MANY + 1
    out, err = check_copies(number, tmp_path, monkeypatch, capsys)
    assert err == f"tocsin: {MANY} of {number} files\ntocsin: {2 * MANY} of {number} files\n"
    assert len(out) == number
    assert all(line.startswith('{"file": ') for line in out)


def test_a_few_files_say_nothing_of_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Prints
) -> None:
    out, err = check_copies(MANY - 1, tmp_path, monkeypatch, capsys)
    assert (len(out), err) == (MANY - 1, "")
