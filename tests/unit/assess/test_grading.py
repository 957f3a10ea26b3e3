"""The two axes of a grade stay apart, and "cannot be judged" is never the middle."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.grading import GradedReport, Reliability, are_credible, grade
from tocsin.errors import InputError

GRADES = st.builds(GradedReport, st.just("R-1"), st.sampled_from(Reliability), st.integers(1, 6))


def graded(*codes: str) -> tuple[GradedReport, ...]:
    return tuple(grade(f"R-{n}", Reliability(code[0]), int(code[1:])) for n, code in enumerate(codes))


@pytest.mark.parametrize(("letter", "number"), list(itertools.product(Reliability, range(1, 7))))
def test_every_letter_goes_with_every_number(letter: Reliability, number: int) -> None:
    assert grade("R-1", letter, number) == GradedReport("R-1", letter, number)


@pytest.mark.parametrize("number", [0, 7, -1, True, False, 2.5, "2", None])
def test_a_credibility_outside_one_to_six_is_refused(number: Any) -> None:
    with pytest.raises(InputError, match="is not a number from 1 to 6"):
        grade("R-1", Reliability.B, number)


BASES: dict[str, tuple[tuple[str, ...], bool | None]] = {
    "fairly reliable, possibly true": (("C3",), True),
    "a source that cannot be judged, probably true": (("F2",), True),
    "two that are not usually reliable, of two origins": (("D3", "D2"), True),
    "one that is not usually reliable": (("D3",), False),
    "two that are unreliable": (("E1", "E1"), False),
    "a reliable source that says what is doubtful": (("A4",), False),
    "content that cannot be judged": (("B6",), None),
    "neither can be judged": (("F6",), None),
    "a source that cannot be judged, doubtful": (("F4",), None),
    "nothing graded": ((), None),
    "one good report among bad ones": (("E5", "B2"), True),
}


@pytest.mark.parametrize(("codes", "credible"), list(BASES.values()), ids=list(BASES))
def test_credible_by_the_numbers_of_the_rule_set(codes: tuple[str, ...], *, credible: bool | None) -> None:
    assert are_credible(graded(*codes)) is credible


@given(basis=st.lists(GRADES, max_size=5), more=GRADES)
def test_one_more_report_never_turns_what_was_credible(basis: list[GradedReport], more: GradedReport) -> None:
    if are_credible(tuple(basis)):
        assert are_credible((*basis, more))
