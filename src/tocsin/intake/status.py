"""Whether a message says two things at once: real by its status and a test by its words, or the reverse (LESSONS L2)."""

import re
from functools import cache
from itertools import groupby
from operator import itemgetter

from tocsin.core.data import read_data

LANGUAGES = ("en", "fr", "es", "ru", "uk", "ar")
_GAP = r"[\s\u2013\u2014-]{1,8}"
"""Between words of a phrase: a line may end there, and a Russian sentence has a dash for its verb. Never without an end."""
_BETWEEN = 4
"""Words at most between “this is” and “test”: only a required monthly test."""
_WITHIN = 60
"""Characters in front of a phrase in which it is denied: “do not believe that this is a drill”."""
_LINE = r"(?m:^)[^\w\n]{0,8}+"
_SENTENCE = rf"(?:{_LINE}|(?<=[.!?؟…] ))(?=\w)(?:\A|(?-i:(?![a-zà-ÿа-яёіїєґ])))"
"""Where a sentence begins. What begins a line with a small letter goes on from the line before: “during a / test.”"""
_SIGN = rf"(?:{_LINE}|(?<=[^\w\s,'’\"“”„«»-])[ ]?|(?<=- ))(?=\w)"
_ENDS = r"(?=[ \t]{0,3}(?:[:!\u2013\u2014\n\r…]|-\s|\.(?:[\s.]|\Z)|\Z))"
_LINE_ENDS = r"(?=[ \t]{0,3}(?:[\r\n]|\Z))"


def status_conflict(status: str, text: str) -> tuple[int, int] | None:
    """Where the words stand that disagree with a CAP status; None if they agree. Such a message is for a person to look at.

    `status` is Actual, Exercise, System, Test or Draft (CAP 1.2 section 3.2.1). Of one that is not Actual and does not say so
    in its words the whole text disagrees: whoever reads the words alone would act on them.

    >>> status_conflict("Actual", "THIS IS A TEST. Tsunami warning.")
    (0, 14)
    >>> status_conflict("Actual", "This is not a test. A bomb exploded during a drill.")
    """
    found = _find_said(text)
    if status == "Actual":
        return found
    if status in {"Test", "Exercise"} and not found:
        return 0, len(text)
    return None


def _find_said(text: str) -> tuple[int, int] | None:
    """Where the text first says that it is a test, and does not deny it. Linear in its length."""
    for hit in _said().finditer(text):
        if not _denied().search(text, max(0, hit.start() - _WITHIN), hit.start()):
            return hit.span()
    return None


@cache
def _said() -> re.Pattern[str]:
    """Says so in a sentence anywhere, or by one word where no sentence has it: before a colon, in brackets, twice, in capitals.

    That word alone says nothing: a bomb goes off during a test, and people are told to exercise caution.
    """
    marks, not_another = _any("marks"), rf"(?!\w|{_GAP}{_any('another')}(?!\w))"
    # Not EXERCISE, which begins advice (“EXERCISE CAUTION”), nor DRILL, which begins names.
    capitals = "|".join(re.escape(one.upper()) for one in _words("shouted"))
    sentences = "|".join(
        rf"{_any('subjects', one)}(?:{_GAP}{_any('between', one)}){{0,{_BETWEEN}}}{_GAP}{_any('nouns', one)}{not_another}"
        for one in LANGUAGES
    )
    return re.compile(
        rf"(?<!\w)(?=\w)(?:{sentences}|{_any('phrases')}(?!\w)|{marks}(?:[\s,!*/-]|\.\.){{1,4}}{marks}{not_another})"
        rf"|[\[({{<*]\s?{marks}\s?[\])}}>*]"
        rf"|{_SENTENCE}(?:{_any('heads')}(?!\w)|{marks}{_ENDS})|(?<!\w)(?=\w){_any('heads')}{_LINE_ENDS}"
        rf"|{_SIGN}(?-i:{capitals}){not_another}",
        re.IGNORECASE,
    )


@cache
def _denied() -> re.Pattern[str]:
    """Ends with a “not” that belongs to what stands behind it; one before a dash or a comma does not."""
    return re.compile(rf"(?<!\w){_any('not')}(?:\s{{1,8}}{_any('between')}){{0,{_BETWEEN}}}\s{{1,8}}\Z", re.IGNORECASE)


def _any(kind: str, *languages: str) -> str:
    """One of these phrases, the longest first; a blank is any gap, and an apostrophe of either kind.

    Together by their first letter: most words of a text are none of them, and then only the letters are tried, not each phrase.
    """
    longest = sorted(_words(kind, *languages), key=lambda one: (one[0], -len(one)))
    by_letter = (
        f"{re.escape(letter)}(?:{'|'.join(re.escape(one[1:]) for one in listed)})"
        for letter, listed in groupby(longest, key=itemgetter(0))
    )
    return f"(?:{'|'.join(by_letter)})".replace(r"\ ", _GAP).replace("'", "['’]")


def _words(kind: str, *languages: str) -> list[str]:
    words: dict[str, dict[str, list[str]]] = read_data("intake", "test_words.json")
    return list(dict.fromkeys(one for language in languages or LANGUAGES for one in words[language][kind]))
