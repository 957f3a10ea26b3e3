"""An expression that is compiled late says what the compiled one says, and none in the product is wrong without being noticed."""

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tocsin
from tocsin.core.expression import Expression


def expressions() -> dict[str, Expression]:
    """Every one that a module of the product names."""
    return {
        f"{module.name}.{name}": value
        for module in walk_packages(tocsin.__path__, "tocsin.")
        if module.name != "tocsin.__main__" and "migrations" not in module.name
        for name, value in vars(import_module(module.name)).items()
        if isinstance(value, Expression)
    }


def test_each_expression_of_the_product_can_be_compiled() -> None:
    found = expressions()
    assert len(found) > 100
    for name, one in found.items():
        assert one.pattern.pattern == one.words, name


@given(st.text(alphabet="abAB ", max_size=20), st.sampled_from([re.NOFLAG, re.IGNORECASE]))
def test_it_answers_as_the_compiled_one(text: str, flags: re.RegexFlag) -> None:
    plain, late = re.compile("ab?", flags), Expression("ab?", flags)
    for name in ("search", "match", "fullmatch"):
        one, other = getattr(late, name)(text), getattr(plain, name)(text)
        assert (one and one.span()) == (other and other.span())
    assert [one.span() for one in late.finditer(text, 1)] == [one.span() for one in plain.finditer(text, 1)]
    assert (late.findall(text), late.split(text)) == (plain.findall(text), plain.split(text))
    assert late.sub("-", text) == plain.sub("-", text)


def test_one_that_is_wrong_fails_when_it_is_used_not_when_it_is_made() -> None:
    wrong = Expression("(")
    with pytest.raises(re.error):
        wrong.search("")


WORDS = st.sampled_from(
    ["attack", "Attack", "a-b", "U.S.", "9 May", "_x", "état", "٣ days", "Kabul’s", "ſunday", "K", "İzmir", "x\u00a0y"]
)
GAPS = st.sampled_from([" ", "\n", "\t", ". ", "-", "", "'"])


@given(st.lists(st.tuples(WORDS, GAPS), max_size=8))
@pytest.mark.parametrize(
    "words", [r"\b\w+\b", r"(?<![\w-])[A-Z]\w*", r"\s+", r"[^\W\d_]+", r"(?i)\bsunday|k\b", r"\d+\D"]
)
def test_the_form_for_a_text_finds_what_that_for_any_text_does(words: str, parts: list[tuple[str, str]]) -> None:
    text, one = "".join(word + gap for word, gap in parts), Expression(words)
    found = [match.span() for match in one.for_text(text).finditer(text)]
    assert found == [match.span() for match in re.finditer(words, text)]
