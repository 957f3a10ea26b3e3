"""Claims out of fifteen articles of our own: who said what to whom, as deep as the text nests it."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.gold import Counts, GoldText, gold_texts, score_claims
from tocsin.intake.article import find_article
from tocsin.intake.claims import MAX_CLAIMS
from tocsin.intake.dates import small
from tocsin.intake.days import find_days
from tocsin.intake.incidents import find_incidents, passages_of_attacks
from tocsin.intake.issuer import find_issuer
from tocsin.intake.kind import is_article

ARTICLES = gold_texts(Path(__file__).parent / "articles")


def counts(texts: tuple[GoldText, ...]) -> dict[str, Counts]:
    total: dict[str, Counts] = {}
    for one in texts:
        found = find_article(one.text, issuer=find_issuer(one.text)[0]["name"], reference=None).claims
        read = {"claims": [{"who": claim.who, "to": claim.to} for claim in found]}
        for field, number in score_claims(one.answer, read).items():
            total[field] = total.get(field, Counts()) + number
    return total


@pytest.mark.parametrize(("half", "who", "who_and_to"), [(0, 0.9, 0.85), (1, 0.9, 0.8)])
def test_most_speakers_are_found_and_most_whom_they_address(half: int, who: float, who_and_to: float) -> None:
    found = counts(ARTICLES[half::2])
    assert found["claims: who"].share >= who
    assert found["claims: who and to"].share >= who_and_to


@pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.id)
def test_each_of_them_is_taken_for_an_article(article: GoldText) -> None:
    assert is_article(article.text)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda one: one.id)
def test_the_words_of_a_claim_stand_in_the_text(article: GoldText) -> None:
    for one in find_article(article.text, issuer=None, reference=None).claims:
        assert article.text[one.start : one.end] == one.words


@pytest.mark.parametrize(
    "text",
    [
        "Security Alert: avoid crowds, be vigilant, follow local media. We advise citizens to stay away from malls.",
        "He said so.",
        "",
    ],
)
def test_a_notice_is_no_article(text: str) -> None:
    assert not is_article(text)


@pytest.mark.parametrize("text", ['"' * 20_000, "he said that " * 5_000, "“he said ” " * 3_000, "(" * 20_000])
def test_a_hostile_text_ends_in_few_claims(text: str) -> None:
    assert len(find_article(text, issuer=None, reference=None).claims) <= MAX_CLAIMS


@given(
    st.text(alphabet=st.sampled_from(list('abc "“”‘’.,;:()\nHe said told the BBC Monday 7 March 2024 ')), max_size=300)
)
def test_no_text_breaks_the_reader_of_claims(text: str) -> None:
    for one in find_article(text, issuer="U.S. Embassy Moscow", reference=None).claims:
        assert re.search(r"\S", one.words)


@pytest.mark.parametrize("text", ["attack killed " * 6_000, "The minister said attack killed in Paris and " * 2_000])
def test_a_sentence_without_end_costs_no_more_than_one_with_an_end(text: str) -> None:
    days = find_days(text, None)
    assert find_incidents(text, passages_of_attacks(text), days, (), None) == ()


@pytest.mark.parametrize(
    "words",
    ["last \u017funday", "last Fr\u0130day", "last fr\u0131day", "early \u017feptember", "\u017fix wee\u212as ago"],
)
def test_a_letter_that_only_looks_like_another_case_stops_no_reader(words: str) -> None:
    text, plain = (f"A bomb killed two {one}." for one in (words, small(words)))
    told = date(2024, 3, 7)
    assert find_days(text, told) in ((), find_days(plain, told))
