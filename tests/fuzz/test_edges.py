"""What would break if the fuzz run could call a part of the check covered that no input ever reached."""

import operator
import sys
from functools import partial
from pathlib import Path

import pytest
from tests.fuzz.edges import Edges


def branch(number: int) -> str:
    if number > 0:
        return "more"
    return "less"


def test_an_edge_counts_once_and_another_branch_is_new() -> None:
    edges = Edges(Path(__file__).parent)
    assert edges.follow(partial(branch, 1))
    assert not edges.follow(partial(branch, 2))
    assert edges.follow(partial(branch, -1))


def test_code_of_others_is_not_counted() -> None:
    edges = Edges(Path(__file__).parent / "elsewhere")
    assert not edges.follow(partial(branch, 1))
    assert edges.taken == set()


def test_a_call_that_fails_leaves_no_trace_behind() -> None:
    before = sys.gettrace()
    edges = Edges(Path(__file__).parent)
    with pytest.raises(ZeroDivisionError):
        edges.follow(partial(operator.floordiv, 1, 0))
    assert sys.gettrace() is before
