"""Whether words tell a day, an hour or a zone: C4 asks it of the danger, C6 of the next word."""

from tocsin.compose.facts import FactKind, find_facts
from tocsin.compose.lint.words import find_spans, find_words
from tocsin.core.expression import Expression

ZONE_NAME = Expression(r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Z][A-Za-z_]{1,19}")
"""As the IANA writes them: the city in it says nothing about where the danger is."""
_SHORT = (
    "CET|CEST|EET|EEST|WET|WEST|MSK|BST|IST|TRT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|AKST|AKDT|HST|BRT|ART|CAT|EAT|WAT|SAST"
    "|AST|GST|IRST|AFT|PKT|NPT|UZT|ALMT|ICT|WIB|SGT|MYT|PHT|HKT|JST|KST|AWST|ACST|AEST|AEDT|NZST|NZDT"
)
# A minus is an offset only behind a full RFC 3339 time: “18:00-20:00” says from and to.
_ZONE = Expression(
    rf"\b(?:UTC|GMT)\b|{ZONE_NAME.words}|\+(?:0\d|1[0-4]):[0-5]\d|T\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?-\d\d:\d\d"
    rf"|(?:\d|[ap]\.?m\.?|hours|hrs|o['’]clock)[ (]{{0,2}}(?:Z|{_SHORT})\b"
    r"|\b(?!(?:Any|The|This|That|What|Some|Of|In|On|At|First|Next|Last|Same|Long|Short|Real|More|Every|Each|No|Your|Our|Full)\b)"
    r"(?:[A-Z][\w'’.-]{1,24}|local|summer|winter|standard) [Tt]ime\b"
)
_DATE = Expression(r"\d{4}-\d\d-\d\d|(?<!\d)\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_HOUR = Expression(
    rf"T\d\d:\d\d|(?<![\d:])\d?\d:\d\d:\d\d(?![\d:])|(?<!\d)(?:[01]\d|2[0-3])[0-5]\d ?(?:hours|hrs|h|Z|UTC|GMT|{_SHORT})\b"
)
_NUMBER_WITHIN = 3
"""Characters between a short name and its number: “Sat. 9”; without a number, somebody sat."""


def tells_day(text: str, language: str) -> bool:
    """A date, or a day of the week or a month by its name, short or in full."""
    return bool(_DATE.search(text) or _told(text, language) & {FactKind.DAY, FactKind.MONTH}) or any(
        any(map(str.isdigit, text[max(0, start - _NUMBER_WITHIN) : start] + text[end : end + _NUMBER_WITHIN]))
        for start, end in find_spans("short_date", language, text)
    )


def tells_hour(text: str, language: str) -> bool:
    """A time of the clock in digits, or noon and its like."""
    return bool(_HOUR.search(text) or FactKind.TIME in _told(text, language) or find_words("hour", language, text))


def tells_zone(text: str, language: str) -> bool:
    """A zone by its name, its offset or as the time of a place.

    English has the word for much else (“it takes more time”), so there the place has to stand before it.
    """
    return bool(_ZONE.search(text)) or (language != "en" and FactKind.ZONE in _told(text, language))


def _told(text: str, language: str) -> set[FactKind]:
    return {fact.kind for fact in find_facts(text, language)}
