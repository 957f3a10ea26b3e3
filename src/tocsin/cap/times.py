"""When: any time that a CAP message writes, as an instant, or None; what was forgiven is a rule's to say."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

_LENIENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)|Z)", re.ASCII
)


_LONGEST = 35
"""Characters of a time that is one: what is longer is not kept, or a sender could fill the memory."""


def find_instant(text: str) -> datetime | None:
    """The aware time; 24:00:00 is the midnight after (CAP-8), Z and fractions are taken (CAP-7). None if it is none.

    >>> find_instant("2024-03-07T24:00:00-00:00").isoformat()
    '2024-03-08T00:00:00+00:00'
    """
    return _find(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=256)
def _find(text: str) -> datetime | None:
    try:
        if text[11:13] == "24" and text[13:19] == ":00:00":
            return _read(text[:11] + "00" + text[13:]) + timedelta(days=1)
        return _read(text)
    except (ValueError, OverflowError):
        return None


def _read(text: str) -> datetime:
    # Python takes weeks, any letter for the T, and zones that no place has. Nearly all are of one form, which is looked at first.
    usual = len(text) == 25 and text[7] == "-" and text[10] == "T" and text[19] in "+-" and text[20:] <= "14:00"
    if not usual and not _LENIENT.fullmatch(text):
        raise ValueError(text)
    at = datetime.fromisoformat(text)
    # The first and last hours of the calendar are no instant in every zone: nothing could compare them.
    return at if 1 < at.year < 9999 else at.astimezone(UTC)
