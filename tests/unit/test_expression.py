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
