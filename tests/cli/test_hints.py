"""A hint that names a command names one that is there: whoever follows it at night gets on."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from tocsin.cli.main import NOUNS

ROOT = Path(__file__).parents[2]
_COMMAND = re.compile(r"tocsin ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
_QUOTED = re.compile(rf"`{_COMMAND.pattern}")
_LISTED = re.compile(r'listed_by="([a-z][a-z-]*) ([a-z][a-z-]*)"')
"""What the stores put together to a hint."""


def named(noun: str, verb: str | None) -> bool:
    if noun not in NOUNS:
        return False
    command = import_module(f"tocsin.cli.{noun}").command
    return not (verb and isinstance(command, click.Group)) or verb in command.commands


def commands_of(file: Path) -> Iterator[tuple[str, str | None]]:
    text = file.read_text(encoding="utf-8")
    yield from ((found[1], found[2]) for pattern in (_QUOTED, _LISTED) for found in pattern.finditer(text))
    hints = "\n".join(line for line in text.splitlines() if line.startswith("tocsin: hint:"))
    yield from ((found[1], found[2]) for found in _COMMAND.finditer(hints.replace("tocsin: hint:", "")))


SAYING = [
    *(one for one in sorted((ROOT / "src" / "tocsin").rglob("*.py")) if "tocsin " in one.read_text(encoding="utf-8")),
    *sorted((ROOT / "tests" / "cli" / "transcripts").glob("*.txt")),
]


@pytest.mark.parametrize("file", SAYING, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_command_that_is_named_is_there(file: Path) -> None:
    assert [one for one in commands_of(file) if not named(*one)] == []


@pytest.mark.parametrize(
    ("noun", "verb", "there"), [("warning", "drafts", True), ("draft", "list", False), ("warning", "lst", False)]
)
def test_a_command_that_is_not_there_would_be_noticed(noun: str, verb: str, there: bool) -> None:
    assert named(noun, verb) is there
