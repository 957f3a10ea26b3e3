"""Whether a message says two things at once: real by its status and a test by its words, or the reverse (LESSONS L2)."""

import re
from functools import cache

from tocsin.core.data import read_data

LANGUAGES = ("en", "fr", "es", "ru", "uk", "ar")


def status_conflict(status: str, text: str) -> tuple[int, int] | None:
    """Where the words stand that disagree with a CAP status; None if they agree. Such a message is for a person to look at.

    `status` is Actual, Exercise, System, Test or Draft (CAP 1.2 section 3.2.1). Of one that is not Actual and does not say so
    in its words the whole text disagrees: whoever reads the words alone would act on them.

    >>> status_conflict("Actual", "THIS IS A TEST. Tsunami warning.")
    (0, 14)
    """
    found = _said().search(text)
    if status == "Actual":
        return found.span() if found else None
    if status in {"Test", "Exercise"} and not found:
        return 0, len(text)
    return None


@cache
def _said() -> re.Pattern[str]:
    words: dict[str, list[str]] = read_data("intake", "test_words.json")
    every = sorted((phrase for language in LANGUAGES for phrase in words[language]), key=len, reverse=True)
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(one).replace(chr(92) + ' ', r'[ -]+') for one in every)})(?!\w)", re.IGNORECASE
    )
