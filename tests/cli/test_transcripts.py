"""Each command of the story as a person sees it: what is typed, what is printed, the exit code.

A transcript is a text file: files it needs (`-- name --`), then `$ command` lines with all that they print, stdout
first, then stderr, then `[exit N]` unless it is 0. `$ cp FROM TO` copies a file, readable by its owner alone.
Keys are random: hex digits of 16 and more are written as `<hex>`, one-time links and tokens as `<secret>`.
"""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from tocsin.cli.main import NOUNS, main
from tocsin.cli.reference import write_reference

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))
_HEX = re.compile(r"\b[0-9a-f]{16,}\b")
_SECRET = re.compile(r"\b[a-z2-7]{32}\b")


def run(line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """One command in this process; what it printed and its exit code."""
    if line.startswith("cp "):
        Path(shutil.copy(*shlex.split(line)[1:])).chmod(0o600)
        return ""
    monkeypatch.setattr(sys, "argv", shlex.split(line))
    with pytest.raises(SystemExit) as caught:
        main()
    out, err = capsys.readouterr()
    code = f"[exit {caught.value.code}]\n" if caught.value.code else ""
    return _SECRET.sub("<secret>", _HEX.sub("<hex>", out + err)) + code


def split(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Files and (command, expected) pairs of a transcript."""
    head, *parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    names = re.split(r"^-- (\S+) --\n", head, flags=re.MULTILINE)
    files = dict(zip(names[1::2], names[2::2], strict=True))
    commands = [tuple(part.split("\n", 1)) for part in parts]
    return files, [(command, expected) for command, expected in commands]


def write(files: dict[str, str], commands: list[tuple[str, str]]) -> str:
    """The transcript of these files and commands."""
    head = "".join(f"-- {name} --\n{text}" for name, text in files.items())
    return head + "".join(f"$ {command}\n{printed}" for command, printed in commands)


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_command_prints_what_its_transcript_says(
    transcript: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = transcript.read_text(encoding="utf-8")
    files, commands = split(text)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content.replace("<NUL>", "\0"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOCSIN_NODE", raising=False)
    printed = write(files, [(command, run(command, monkeypatch, capsys)) for command, _ in commands])
    assert printed == text


def test_the_story_of_a_change_is_told_to_its_end() -> None:
    """Written anew, a story whose first step is refused is one of refusals alone, and passes."""
    told = (FOLDER / "revision.txt").read_text(encoding="utf-8")
    assert "\nwarning W-1 update released, version 2\n" in told
    assert "\nwarning W-1 cancel released, version 3\n" in told


def test_every_noun_has_a_transcript() -> None:
    typed = "\n".join(path.read_text(encoding="utf-8") for path in TRANSCRIPTS)
    missing = [noun for noun in NOUNS if f"$ tocsin {noun}" not in typed]
    assert missing == ["demo", "serve", "bench"], (
        "the walks and faults run the first two; what the third prints changes"
    )


def test_every_command_is_in_the_readme_or_the_docs() -> None:
    root = Path(__file__).parents[2]
    told = "\n".join(path.read_text(encoding="utf-8") for path in (root / "README.md", *(root / "docs").rglob("*.md")))
    assert [noun for noun in NOUNS if f"tocsin {noun}" not in told] == []


def test_the_reference_is_what_the_commands_say() -> None:
    written = (Path(__file__).parents[2] / "docs/cli.md").read_text(encoding="utf-8")
    assert written == write_reference(), "run `make docs`"
