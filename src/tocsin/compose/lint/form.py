"""How it is said: checkable, complete without its link, plain, hedged where unconfirmed, not a drill (TXT-C7 to TXT-C20)."""

import re
from collections.abc import Iterator

from tocsin.cap.alert import Certainty
from tocsin.cap.markup import find_markup
from tocsin.compose.lint.finding import Level, Said
from tocsin.compose.lint.rule import Fault, Rule
from tocsin.compose.lint.words import find_sentences, find_words, is_known_in_capitals
from tocsin.core.expression import Expression
from tocsin.core.language import find_dated

MAX_SENTENCE_WORDS = 20
MAX_SHOUTED = 2
MIN_CHARACTERS = 90
"""Texts up to here make people search for more instead of acting (START study for DHS)."""
MAX_TARGETS = 5
# Without https only with a path: a bare name, embassy.example, says who we are.
_LINK = Expression(r"(?:https?://|www\.)\S+|(?<![\w@./-])(?:[\w-]{1,63}\.)+(?-i:[a-z]{2,24})/\S+", re.IGNORECASE)
_SENTENCE = Expression(r"[^.!?؟\n]+")
_SHOUTED = Expression(r"\b[^\W\d_]{4,}\b")
_SURE = frozenset({Certainty.OBSERVED, Certainty.LIKELY})


def _can_be_checked(said: Said, language: str) -> Iterator[Fault]:
    if find_words("ask_back", language, said.text) is None:
        yield Fault("nothing says how to check it or ask back", "name the page or telephone where it can be checked")


def _stands_without_its_link(said: Said, _language: str) -> Iterator[Fault]:
    links = [found.span() for found in _LINK.finditer(said.text)]
    if len(links) > 1:
        yield Fault(f"{len(links)} links", "one link at most", links[1])
    if links and len(_LINK.sub("", said.text).strip()) < MIN_CHARACTERS:
        yield Fault("without its link little is left", "write the text out: the link may not open", links[0])


def _does_not_shout(said: Said, _language: str) -> Iterator[Fault]:
    capitals = (word for word in _SHOUTED.finditer(said.text) if word.group().isupper())
    shouted = [word.span() for word in capitals if not is_known_in_capitals(word.group())]
    if len(shouted) > MAX_SHOUTED:
        yield Fault(f"{len(shouted)} words in capitals", f"at most {MAX_SHOUTED} key words", shouted[MAX_SHOUTED])


def _keeps_sentences_short(said: Said, _language: str) -> Iterator[Fault]:
    for sentence in _SENTENCE.finditer(said.text):
        words = len(sentence.group().split())
        if words > MAX_SENTENCE_WORDS:
            yield Fault(f"a sentence of {words} words", f"at most {MAX_SENTENCE_WORDS}: split it", sentence.span())


def _is_plain(said: Said, language: str) -> Iterator[Fault]:
    for words, hint in (("jargon", "say it in everyday words"), ("double_negation", "say it without two negations")):
        span = find_words(words, language, said.text)
        if span is not None:
            yield Fault(f"“{said.text[span[0] : span[1]]}”", hint, span)


def _has_no_markup(said: Said, _language: str) -> Iterator[Fault]:
    markup = find_markup(said.text)
    if markup is not None:
        start = said.text.index(markup)
        yield Fault(f"“{markup}” is markup", "write plain text: it is shown as it stands", (start, start + len(markup)))


def _is_long_enough(said: Said, _language: str) -> Iterator[Fault]:
    length = len(said.text)
    if length < MIN_CHARACTERS:
        yield Fault(
            f"{length} characters", "up to 360 where the channel takes it: source, what to do, what, where, when"
        )


def _marks_what_is_unconfirmed(said: Said, language: str) -> Iterator[Fault]:
    if said.certainty not in _SURE and not _is_hedged(said.text, language):
        yield Fault(
            f"certainty is {said.certainty.value}, the words are sure",
            "add “reported, not confirmed”, or say what may happen",
        )


def _is_hedged(text: str, language: str) -> bool:
    """Said anywhere to be unconfirmed, or with a word like “may” in a sentence about the danger: “may” is an everyday word."""
    if find_words("unconfirmed", language, text) is not None:
        return True
    signs = list(text)
    for month in find_dated(text, language):  # 9 May hedges nothing
        start, end = month.span
        signs[start:end] = " " * (end - start)
    text = "".join(signs)
    return any(
        find_words("hedge", language, sentence)
        and (find_words("hazard", language, sentence) or find_words("claim", language, sentence))
        for sentence in (text[start:end] for start, end in find_sentences(text))
    )


def _keeps_drill_and_real_apart(said: Said, language: str) -> Iterator[Fault]:
    span = find_words("not_a_drill", language, said.text) if said.exercise else None
    if span is not None:
        yield Fault(
            f"an exercise says “{said.text[span[0] : span[1]]}”", "take it out: one reader hears only that", span
        )


def _puts_the_change_first(said: Said, language: str) -> Iterator[Fault]:
    span = find_words("changed", language, said.headline)
    if said.reverses and (span is None or span[0] != 0):
        yield Fault("an action is turned round and the headline does not begin so", "begin with CHANGED: old, new")


def _is_not_for_everybody(said: Said, _language: str) -> Iterator[Fault]:
    if said.targets > MAX_TARGETS:
        yield Fault(f"{said.targets} kinds of target", f"at most {MAX_TARGETS}: name those that the reports name")
    for country in said.countries:
        yield Fault(f"the place is a whole country: {country}", "name the cities or sites that are meant")


def _has_approved_words(said: Said, _language: str) -> Iterator[Fault]:
    if not said.approved:
        yield Fault("free words", "a template of the node was read by others before the day")


_BOTH = (False, True)
FORM = (
    Rule(
        id="TXT-C7", level=Level.WARNING, asks="how to check it or ask back", check=_can_be_checked, words=("ask_back",)
    ),
    Rule(
        id="TXT-C8",
        level=Level.ERROR,
        asks="one link at most, and the text is complete without it",
        check=_stands_without_its_link,
        on=_BOTH,
    ),
    Rule(id="TXT-C9", level=Level.WARNING, asks="at most two words in capitals", check=_does_not_shout, on=_BOTH),
    Rule(
        id="TXT-C10",
        level=Level.WARNING,
        asks="sentences of at most 20 words",
        check=_keeps_sentences_short,
        on=_BOTH,
    ),
    Rule(
        id="TXT-C10",
        level=Level.WARNING,
        asks="no jargon, no double negation",
        check=_is_plain,
        words=("jargon", "double_negation"),
        on=_BOTH,
    ),
    Rule(id="TXT-C10", level=Level.WARNING, asks="no markup", check=_has_no_markup, on=_BOTH),
    Rule(id="TXT-C11", level=Level.WARNING, asks="at least 90 characters", check=_is_long_enough),
    Rule(
        id="TXT-C12",
        level=Level.ERROR,
        asks="words that hedge about the danger, where certainty is below Likely",
        check=_marks_what_is_unconfirmed,
        words=("unconfirmed", "hedge", "hazard", "claim"),
    ),
    Rule(
        id="TXT-C13",
        level=Level.ERROR,
        asks="an exercise does not say that it is none (a live text that says so is refused when drafted)",
        check=_keeps_drill_and_real_apart,
        words=("not_a_drill",),
        on=_BOTH,
    ),
    Rule(
        id="TXT-C16",
        level=Level.ERROR,
        asks="CHANGED first in the headline, where an action is turned round",
        check=_puts_the_change_first,
        words=("changed",),
    ),
    Rule(
        id="TXT-C18",
        level=Level.WARNING,
        asks="at most five kinds of target, and no whole country as place",
        check=_is_not_for_everybody,
    ),
    Rule(id="TXT-C20", level=Level.ADVICE, asks="words of an approved template", check=_has_approved_words),
)
