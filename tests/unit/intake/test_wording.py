"""What a reader looks for first must not hide what it looks for then: every match of a pattern holds one of its words."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tocsin.intake
from tocsin.core.data import read_data
from tocsin.intake.wording import Wording, Wordings

OPEN = "\0"
"""Stands in a sample for what the pattern leaves open: no word may be looked for across it."""
MOST = 30_000
"""Samples that a part of a pattern is written out to; a part that has more is looked at piece by piece."""


def wordings() -> Iterator[tuple[str, Wording]]:
    """Every wording of the package: those that a module names, and those that tables of the data make."""
    for module in iter_modules(tocsin.intake.__path__):
        for name, value in vars(import_module(f"tocsin.intake.{module.name}")).items():
            several = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
            for number, one in enumerate(several):
                if isinstance(one, Wording):
                    yield f"{module.name}.{name}.{number}", one
    for state, _, name, near, words in read_data("intake", "issuers.json")["known"]:
        yield f"issuers {state} {name}", Wording(words, tuple(near))
    for label, (near, words) in read_data("intake", "audiences.json").items():
        yield f"audiences {label}", Wording(words, tuple(near))
    for table in ("targets", "methods", "advice"):
        for label, (near, words, *_) in read_data("intake", f"{table}.json").items():
            yield f"{table} {label}", Wording(words, tuple(near))
    actors = read_data("intake", "actors.json")
    for name, near in actors["near"].items():
        yield f"actors {name}", Wording(actors[name], tuple(near))


GUARDED = {name: one for name, one in wordings() if one.near}


def samples(parsed: Any) -> set[str] | None:
    """What a parsed pattern can match, `OPEN` for what it leaves open; None if that is too much to write out."""
    found = {""}
    for op, about in parsed:
        part = part_samples(str(op), about)
        if len(found) * len(part) > MOST:
            return None
        found = {one + other for one, other in product(found, part)}
    return found


def part_samples(op: str, about: Any) -> set[str]:
    if op == "LITERAL":
        return {chr(about)}
    if op == "SUBPATTERN":
        return samples(about[3]) or {OPEN}
    if op == "BRANCH":
        return {one for branch in about[1] for one in (samples(branch) or {OPEN})}
    if op.endswith("_REPEAT"):
        least, most, repeated = about
        once = samples(repeated) or {OPEN}
        several = {one + OPEN + last for one, last in product(once, once)} if most > 1 else set()
        return once | several | ({""} if least == 0 else set())
    if op == "IN" and all(str(kind) == "LITERAL" for kind, _ in about):
        return {chr(letter) for _, letter in about}
    return {""} if op in {"AT", "ASSERT", "ASSERT_NOT"} else {OPEN}


def always_holds(parsed: Any, near: tuple[str, ...]) -> bool:
    """Whether each match holds one of the words: in a run of parts, or in a part that cannot be left out."""
    parts = list(parsed)
    for first, (op, about) in enumerate(parts):
        if str(op) == "SUBPATTERN" and always_holds(about[3], near):
            return True
        if str(op) == "BRANCH" and all(always_holds(branch, near) for branch in about[1]):
            return True
        for last in range(first + 1, len(parts) + 1):
            run = samples(parts[first:last])
            if run is None:
                break
            if all(any(word in one for word in near) for one in run):
                return True
    return False


@pytest.mark.parametrize("name", GUARDED)
def test_a_text_without_any_of_its_words_cannot_match_a_pattern(name: str) -> None:
    one = GUARDED[name]
    parsed = re._parser.parse(one.words)  # the only way to see what a pattern can match
    assert always_holds(parsed, one.near)


def beginnings() -> Iterator[tuple[str, str, str]]:
    """Each pattern of the tables for which letters are given that a match can begin with, or would be of use."""
    for table in ("targets", "methods", "advice"):
        for label, (_, words, *letters) in read_data("intake", f"{table}.json").items():
            if letters or words.startswith("(?") or "|(?" in words:
                yield f"{table} {label}", words, "".join(letters)
    actors = read_data("intake", "actors.json")
    yield "actors heads", actors["heads"], actors["heads_begin"]


def first_letters(parsed: Any) -> tuple[set[str], bool]:
    """The letters that a match can begin with, and whether it may be empty."""
    found: set[str] = set()
    for op, about in parsed:
        if str(op) in {"AT", "ASSERT", "ASSERT_NOT"}:
            continue
        letters, may_be_empty = first_letters_of_part(str(op), about)
        found |= letters
        if not may_be_empty:
            return found, False
    return found, True


def first_letters_of_part(op: str, about: Any) -> tuple[set[str], bool]:
    if op == "SUBPATTERN":
        return first_letters(about[3])
    if op == "BRANCH":
        branches = [first_letters(one) for one in about[1]]
        return {letter for letters, _ in branches for letter in letters}, any(empty for _, empty in branches)
    if op.endswith("_REPEAT"):
        letters, may_be_empty = first_letters(about[2])
        return letters, may_be_empty or about[0] == 0
    return part_samples(op, about), False


BEGINNINGS = {name: (words, letters) for name, words, letters in beginnings()}


@pytest.mark.parametrize("name", BEGINNINGS)
def test_the_letters_given_for_a_pattern_are_those_it_can_begin_with(name: str) -> None:
    words, letters = BEGINNINGS[name]
    found, may_be_empty = first_letters(re._parser.parse(words))
    assert not may_be_empty
    assert "".join(sorted(found)) == letters


def test_a_word_that_is_left_out_would_be_noticed() -> None:
    parsed = re._parser.parse(r"(?:large )?crowds?|rall(?:y|ies)\b")
    assert always_holds(parsed, ("crowd", "rally", "rallies"))
    assert not always_holds(parsed, ("crowd", "rally"))
    assert not always_holds(parsed, ("large ", "rall"))


@given(st.text(alphabet="ab-_ é1", max_size=30))
def test_it_finds_what_a_look_behind_would(text: str) -> None:
    one = Wording("(?:ab?|bab|é)", near=("a", "é"), glue="-_")
    plain = [match.span() for match in re.finditer(r"(?<![\w-])(?:ab?|bab|é)", text)]
    assert [match.span() for match in one.each(text)] == plain
    first = one.first(text)
    assert (first.span() if first else None) == (plain[0] if plain else None)


@given(st.text(alphabet="ab ", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_between_two_offsets_it_finds_nothing_that_stands_outside(text: str, start: int, end: int) -> None:
    found = Wording("ab", near=("ab",)).first(text, start, end)
    expected = re.compile(r"\bab").search(text, start, end)
    assert (found.span() if found else None) == (expected.span() if expected else None)


def test_a_pattern_that_may_begin_anywhere_is_found_inside_a_word() -> None:
    assert Wording("on monday", glue=None).first("upon monday")
    assert Wording("on monday").first("upon monday") is None


EACH = [
    ("always", Wording("c|ba")),
    ("one", Wording("ab+", near=("ab",))),
    ("several", Wording("(?:aa|bb|ca|cb|cc)a?", near=("aa", "bb", "ca", "cb", "cc"), glue=None)),
    ("never", Wording("zebra", near=("zebra",))),
]
LABELLED = Wordings(EACH)


@given(st.text(alphabet="abc \ud800é", max_size=300))
def test_what_matches_is_in_sight_and_what_lacks_each_word_is_not(text: str) -> None:
    seen = list(LABELLED.in_sight(text))
    assert seen == [one for one in EACH if one in seen], "in the order of the table, each once"
    for label, wording in EACH:
        holds_one = not wording.near or any(word in text for word in wording.near)
        assert ((label, wording) in seen) is holds_one is wording.may_stand_in(text)
        assert holds_one or wording.first(text) is None


def test_words_of_a_table_that_is_read_later_are_looked_for_too() -> None:
    assert not list(Wordings([("old", Wording("qqold", near=("qqold",)))]).in_sight("a qqnew word"))
    assert list(Wordings([("new", Wording("qqnew", near=("qqnew",)))]).in_sight("a qqnew word"))
