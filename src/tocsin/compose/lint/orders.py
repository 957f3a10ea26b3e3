"""Which orders a text gives to everybody who reads it: not those that it forbids, and not those for some readers only."""

from tocsin.compose.lint.words import Span, find_sentences, find_spans, find_words, languages_of
from tocsin.core.expression import Expression

_CLAUSE_END = Expression(r"[,:،–—()]|\b(?:but|mais|pero|sino|но|але|بل)\b")
_LOOK_BACK = 24
"""Characters in which the word before a verb is looked for."""
_LAST_WORD = Expression(r"\w+\W*$")


def find_order(words: str, language: str, text: str) -> Span | None:
    """Where the first order of the list stands that holds for all; None if none does.

    An order behind a negation in its clause is none (“do not leave the building”), nor one in a sentence that says for
    whom or in which case it holds (“if you are outside, …”).
    """
    for start, end in find_sentences(text):
        sentence = text[start:end]
        if find_words("who_does_which", language, sentence) is None and not _is_addressed(sentence, language):
            found = _find_in_clauses(words, language, sentence)
            if found is not None:
                return start + found[0], start + found[1]
    return None


def _is_addressed(sentence: str, language: str) -> bool:
    """“Guests: leave the hotel.” Guests who are told to stay, and told to leave, are not told apart by that."""
    before, colon, _ = sentence.partition(":")
    return bool(colon) and find_words("addressee", language, before) is not None


def _find_in_clauses(words: str, language: str, sentence: str) -> Span | None:
    start = 0
    for end in (*(one.end() for one in _CLAUSE_END.finditer(sentence)), len(sentence)):
        clause = sentence[start:end]
        found, negation = find_command(words, language, clause), find_words("negation", language, clause)
        if found is not None and (negation is None or found[0] < negation[0]):
            return start + found[0], start + found[1]
        start = end
    return None


def find_command(words: str, language: str, text: str) -> Span | None:
    """Where a verb of the list stands as a command; None if nowhere.

    In languages whose commands are forms of their own that is anywhere. English has the list `before_command`: there a
    verb has to begin its clause, or stand behind one of those: “the station is close” commands nothing.
    """
    for start, end in find_spans(words, language, text):
        before = text[max(0, start - _LOOK_BACK) : start].rstrip()
        if not before or not before[-1].isalnum() or _may_follow(before, language):
            return start, end
    return None


def _may_follow(before: str, language: str) -> bool:
    if language not in languages_of("before_command"):
        return True
    last = _LAST_WORD.search(before)
    return last is not None and find_words("before_command", language, last.group()) is not None
