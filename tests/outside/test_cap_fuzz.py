"""Real messages, changed until they are nearly right: each gets an answer."""

from pathlib import Path

import pytest
from tests.fuzz.answers import hold_to_answers


def test_no_bytes_made_of_real_messages_break_the_check(shared: Path, pytestconfig: pytest.Config) -> None:
    files = sorted(path for path in (shared / "cap-corpus").iterdir() if path.is_file())
    small = [raw for path in files if len(raw := path.read_bytes()) <= 65536]
    assert len(small) >= 130
    hold_to_answers(small, pytestconfig.getoption("fuzz_minutes"))
