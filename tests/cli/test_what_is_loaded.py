"""A command of every day loads nothing that it does not need: each has half a second, and SQLAlchemy alone took more of it than all the rest."""

import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.node import make_node

ROOT = Path(__file__).parents[2]
RUN = """
import contextlib, io, sys
from tocsin.cli.main import main

for words in sys.argv[2:]:
    sys.argv = ["tocsin", *words.split(), "--node", sys.argv[1]]
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.suppress(SystemExit):
        main()
"""
ASK = "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'sqlalchemy', 'alembic', 'psycopg'}))"


@pytest.mark.parametrize(
    "words", ["warning list", "report list", "inbox list", "officer list", "log list", "node check", "node upgrade"]
)
def test_a_command_on_a_sqlite_node_loads_neither_sqlalchemy_nor_the_other_database(tmp_path: Path, words: str) -> None:
    make_node(tmp_path / "embassy", {"name": "embassy.example"})
    assert loaded("embassy", tmp_path, words) == []


def loaded(node: str, folder: Path, words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN + ASK, str(folder / node), words],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert "tocsin: error" not in done.stderr
    return done.stdout.split()
