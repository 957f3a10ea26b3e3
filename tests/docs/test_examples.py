"""Every example in the README and the docs runs as it stands there, and prints what stands below it.

An example is an indented block with `$ command` lines. Lines below a command are what it prints, in order: `…` stands
for any lines, `<hex>` and `<secret>` for random ones; a command with nothing below it must only succeed. The commands
of one page run one after the other in one folder. `make` and what never ends (`tocsin serve`) is run by other tests:
those are named in ELSEWHERE, and a page may not show a command that is neither run here nor named there.
"""

import re
import shutil
from pathlib import Path

import pytest
from tests.cli.test_transcripts import run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ELSEWHERE = ("make ", "tocsin serve", "tocsin demo", "tocsin bundle verify demo/", "git clone ", "cd ")
_ECHO = re.compile(r"echo (?P<text>.*) (?P<how>>>?) (?P<file>\S+)")
_BLOCK = re.compile(r"(?:^    .*\n|^\n)+", re.MULTILINE)


def examples(page: Path) -> list[tuple[str, list[str]]]:
    """Each command of the page with the lines printed below it, in order."""
    found: list[tuple[str, list[str]]] = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if "    $ " not in block:
            continue
        for line in block.splitlines():
            text = line[4:]
            if text.startswith("$ "):
                found.append((text[2:].removeprefix(".venv/bin/"), []))
            elif found and text:
                found[-1][1].append(text)
    return found


def matches(expected: list[str], printed: list[str]) -> bool:
    """Whether the lines are those expected, `…` standing for any number of lines.

    >>> matches(["a", "…", "d"], ["a", "b", "c", "d"]), matches(["a", "d"], ["a", "b", "d"])
    (True, False)
    """
    pattern = "".join(r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n" for line in expected)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def do_in_shell(command: str) -> bool:
    """Do what `echo TEXT > FILE`, `echo TEXT >> FILE` and `mkdir` do; False for any other command."""
    written = _ECHO.fullmatch(command)
    if written:
        with Path(written["file"]).open("a" if written["how"] == ">>" else "w", encoding="utf-8") as file:
            file.write(written["text"] + "\n")
        Path(written["file"]).chmod(0o600)
    elif command.startswith("mkdir "):
        Path(command.removeprefix("mkdir ")).mkdir()
    return written is not None or command.startswith("mkdir ")


def newest(word: str) -> str:
    """The newest file whose name the word abbreviates with `…`; any other word as it is."""
    return str(max(Path().glob(word.replace("…", "*")))) if "…" in word else word


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "cli.md"], ids=lambda page: page.stem)
def test_each_example_of_a_page_runs_and_prints_what_the_page_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "src/tocsin/demo/data", tmp_path / "src/tocsin/demo/data")
    shutil.copytree(ROOT / "docs/examples", tmp_path / "docs/examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TOCSIN_NODE", raising=False)
    for command, expected in examples(page):
        if command.startswith(ELSEWHERE):
            continue
        if do_in_shell(command):
            continue
        assert command.startswith("tocsin "), f"{page.name}: {command!r} is run by no test"
        printed = run(" ".join(map(newest, command.split(" "))), monkeypatch, capsys).splitlines()
        if expected:
            assert matches(expected, printed), f"{page.name}: $ {command}\n" + "\n".join(printed)
        else:
            assert not (printed and printed[-1].startswith("[exit")), f"{page.name}: $ {command}\n" + "\n".join(printed)


def test_the_pages_have_examples() -> None:
    assert {page.stem for page in PAGES if examples(page)} >= {"README", "quickstart", "operations"}


def test_every_page_is_reachable_from_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))
    assert [page for page in pages if page != "index.md" and f"({page})" not in index] == []


def test_no_link_of_a_page_leads_nowhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"
