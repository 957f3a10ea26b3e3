"""Whatever the bytes are, checking them gives an answer: no exception, the same answer twice.

`make fuzz MINUTES=60` goes on for an hour; what broke it is kept in tests/vectors/cap and is tried first from then on.
"""

import pytest
from tests.fuzz.answers import VECTORS, complaint, hold_to_answers
from tests.unit.cap.test_check import ATOM, ENTRY, TAKEN
from tests.unit.cap.test_rules import CASES, GOOD

FEED = ATOM.format(ENTRY.format("a", GOOD.partition("?>\n")[2]) * 2).encode()
SEEDS = (GOOD.encode(), *(change(GOOD).encode() for change, _ in CASES.values()), *TAKEN.values(), FEED)


def test_what_once_broke_it_does_not_break_it_again() -> None:
    broken = {path.name: complaint(path.read_bytes()) for path in sorted(VECTORS.glob("*.xml"))}
    assert len(broken) >= 2
    assert {name: why for name, why in broken.items() if why} == {}


def test_no_bytes_break_the_check(pytestconfig: pytest.Config) -> None:
    hold_to_answers(SEEDS, pytestconfig.getoption("fuzz_minutes"))
