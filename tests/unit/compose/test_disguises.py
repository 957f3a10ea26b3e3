"""What would break if the look at a whole passage overlooked what one of its lines tells: no line would be looked at."""

import codecs

from hypothesis import given
from hypothesis import strategies as st

from tocsin.compose.disguises import Disguises
from tocsin.compose.letters import letters_of

SIGNS = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "a\n\r\u2028 .&;%=é\u0301ßﬃﷺ\u1100\u1161\u11a8가\u09c7\u09be"
)
TOKENS = st.sampled_from(
    ["&eacute;", "&#1055;", "&am", "p;", "%C3%A9", "%C3", "UGV0cm92IGhlcmU", "506574726f76", "VwBhAHIA"]
)
TEXTS = st.lists(st.text(SIGNS, max_size=12) | TOKENS, max_size=8).map("".join)


@given(st.lists(TEXTS, max_size=4))
def test_all_at_once_overlooks_nothing_that_a_line_tells(texts: list[str]) -> None:
    found = Disguises([("text", one) for one in texts])
    assert all(found.may_hold(letters) for line in found.lines.values() for letters, _ in line)


@given(TEXTS)
def test_letters_are_those_of_the_text_sign_by_sign(text: str) -> None:
    assert letters_of(f"{text} z") == letters_of(text) + "z"
    assert letters_of(text).isalnum() or not letters_of(text)


def test_what_stands_nowhere_is_not_looked_for_line_by_line() -> None:
    found = Disguises([("text", codecs.encode("Petrov waits", "rot13")), ("text", "no name")])
    assert found.may_hold("petrov")
    assert not found.may_hold("ivanov")
