"""Cuts running text into sentences of tokens in which a quotation is one token, and so is a day.

`sections.sentences` cuts an alert by its headings and line breaks; here a full stop inside a quotation ends nothing, for
who says the quoted words often stands behind them.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import zip_longest
from typing import NamedTuple

from tocsin.core.expression import Expression
from tocsin.intake.days import Day


class Shape(Enum):
    """What a token is."""

    WORD = 1
    QUOTE = 2
    DAY = 3
    MARK = 4
    BREAK = 5


class Token(NamedTuple):
    """`low` is the word in lower case; `start` and `end` in characters of the text, end exclusive."""

    text: str
    low: str
    start: int
    end: int
    shape: Shape


MAX_QUOTE = 2000
_TOKEN = Expression(
    rf'(?P<quote>“[^“”\n]{{1,{MAX_QUOTE}}}”|"[^"\n]{{1,{MAX_QUOTE}}}"|«[^«»\n]{{1,{MAX_QUOTE}}}»'
    rf"|„[^„“”\n]{{1,{MAX_QUOTE}}}[“”]|(?<!\w)‘[^‘’\n]{{1,{MAX_QUOTE}}}’(?!\w))"
    r"|(?P<word>(?:[A-Z]\.){2,}|\w+(?:[-'’]\w+)*)|(?P<break>\n)|(?P<mark>[^\w\s])"
)
_SHAPES = {"quote": Shape.QUOTE, "word": Shape.WORD, "break": Shape.BREAK, "mark": Shape.MARK}
_SHORT = frozenset("mr mrs ms dr st gen lt col maj sgt capt gov sen rep prof adm brig hon rev fr no jr sr vs".split())
_STOPS = frozenset(".!?;…")
_CLOSED = Expression(r"[.!?…][”\"»“’]$")


def sentences_of(text: str, days: Sequence[Day], start: int, end: int) -> Iterator[tuple[Token, ...]]:
    """The sentences between two offsets, in order. `;` ends one too: what follows has a speaker of its own."""
    sentence: list[Token] = []
    tokens = list(_tokens(text, days, start, end))
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.shape is not Shape.BREAK:
            sentence.append(token)
        if sentence and _is_last(token, sentence, after):
            yield tuple(sentence)
            sentence = []
    if sentence:
        yield tuple(sentence)


def low_at(tokens: Sequence[Token], at: int) -> str:
    """The word at `at` in lower case; empty outside of the sentence."""
    return tokens[at].low if 0 <= at < len(tokens) else ""


def inside(quote: Token) -> tuple[int, int]:
    """Where the words of a quotation stand, without its marks."""
    return quote.start + 1, quote.end - 1


def _tokens(text: str, days: Sequence[Day], start: int, end: int) -> Iterator[Token]:
    coming = iter(days[bisect_left(days, start, key=_start) :])
    day = next(coming, None)
    done = start
    for match in _TOKEN.for_text(text).finditer(text, start, end):
        first, last = match.span()
        if first < done:
            continue
        while day and day.start < first:
            day = next(coming, None)
        if day and day.start == first and day.end <= end:
            yield Token(text[day.start : day.end], "", day.start, day.end, Shape.DAY)
            done = day.end
            continue
        words = match.group()
        shape = _SHAPES[str(match.lastgroup)]
        yield Token(words, words.lower() if shape is Shape.WORD else words, first, last, shape)


def _start(day: Day) -> int:
    return day.start


def _is_last(token: Token, sentence: Sequence[Token], after: Token | None) -> bool:
    if after is None or token.shape is Shape.BREAK:
        return True
    if token.shape is Shape.QUOTE:
        return bool(_CLOSED.search(token.text)) and after.shape is not Shape.MARK and _opens(after)
    if token.shape is not Shape.MARK or token.low not in _STOPS:
        return token.low.endswith(".") and len(token.low) > 2 and after.low in {"the", "it", "he", "she", "they"}
    if token.low == ".":
        if after.start == token.end and after.shape is Shape.WORD:
            return False
        before = sentence[-2].low if len(sentence) > 1 else ""
        return not (before in _SHORT or (len(before) == 1 and before.isalpha())) and _opens(after)
    return True


def _opens(token: Token) -> bool:
    """Can a sentence begin with this token?"""
    return token.shape in {Shape.BREAK, Shape.QUOTE, Shape.DAY} or not token.text[0].islower()
