"""Ten copies of one message are one witness; two messages of the same place and day are two."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.gold import gold_texts
from tocsin.intake.corroborate import (
    Sourced,
    group_by_origin,
    independent_origins,
    likeness,
    likeness_keys,
    source_keys,
)

ONE = "Militants may strike hotels and malls in the old harbour of the town this weekend; avoid crowds and follow local media."
TWO = "Police expect protests near the university on Friday; roads will be closed, and visitors should carry identification."


def test_copies_with_a_header_of_their_own_are_one_origin_and_the_first_stands_first() -> None:
    copies = [Sourced(f"R-{n}", f"From: box{n}@desk.example\n\n{ONE}") for n in range(34)]
    (group,) = group_by_origin(copies)
    assert len(group) == 34


def test_two_messages_about_one_town_are_two_origins() -> None:
    assert independent_origins([Sourced("R-1", ONE), Sourced("R-2", TWO)]) == 2


def test_the_same_quotation_is_one_origin_whoever_tells_it() -> None:
    said = "“they have chosen the harbour for the day of the feast”"
    assert (
        independent_origins([Sourced("R-1", f"A paper writes: {said}."), Sourced("R-2", f"On the radio: {said}!")]) == 1
    )
    short = "“there is no comment”"
    assert independent_origins([Sourced("R-1", f"{ONE} {short}"), Sourced("R-2", f"{TWO} {short}")]) == 2


def test_the_same_first_source_is_one_origin_and_none_is_not() -> None:
    assert independent_origins([Sourced("R-1", ONE, ("A Desk",)), Sourced("R-2", TWO, ("a desk", "B"))]) == 1
    assert independent_origins([Sourced("R-1", ONE, ()), Sourced("R-2", TWO, ())]) == 2


def test_of_five_hundred_copies_with_one_word_in_twenty_changed_most_are_found() -> None:
    rng = random.Random(7)
    words = f"{ONE} {TWO} {ONE}".split()
    copies = [
        Sourced(f"R-{n}", " ".join(word if rng.random() > 0.05 else f"x{rng.randrange(999)}" for word in words))
        for n in range(500)
    ]
    assert independent_origins(copies) == 1


@given(st.lists(st.text(alphabet="abc ", max_size=30), max_size=12), st.randoms())
def test_the_order_in_which_reports_come_changes_no_group(texts: list[str], rng: random.Random) -> None:
    reports = [Sourced(f"R-{n}", text) for n, text in enumerate(texts)]
    shuffled = list(reports)
    rng.shuffle(shuffled)
    assert set(group_by_origin(shuffled)) == set(group_by_origin(reports))


@pytest.mark.parametrize("text", ["", "one", "a b c"])
def test_a_text_too_short_to_compare_is_alike_only_to_itself(text: str) -> None:
    assert likeness(text, text) == 1.0
    assert likeness(text, ONE) == 0.0


def test_no_two_articles_of_ours_are_taken_for_one() -> None:
    articles = gold_texts(Path(__file__).parent / "articles")
    assert independent_origins([Sourced(one.id, one.text) for one in articles]) == len(articles)


def test_a_copy_with_one_word_in_twenty_changed_is_found_again_by_its_keys() -> None:
    words = [f"word{number}" for number in range(200)]
    copy = ["other" if number % 20 == 7 else word for number, word in enumerate(words)]
    assert likeness_keys(Sourced("R-1", " ".join(words))) & likeness_keys(Sourced("R-2", " ".join(copy)))


def test_texts_that_have_nothing_in_common_are_never_even_held_against_each_other() -> None:
    one, other = (" ".join(f"{name}{number}" for number in range(200)) for name in ("a", "b"))
    assert not likeness_keys(Sourced("R-1", one)) & likeness_keys(Sourced("R-2", other))


def test_who_wrote_first_is_a_key_of_its_own_and_joins_no_texts() -> None:
    one, other = Sourced("R-1", "", ("Ann", "Bob")), Sourced("R-2", "", ("ann",))
    assert source_keys(one) == source_keys(other)
    assert not source_keys(one) & likeness_keys(other)
