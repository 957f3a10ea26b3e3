"""What the receiver is told to do, and what the issuer did itself (VOCAB, actions)."""

from tocsin.core.expression import Expression
from tocsin.intake.clauses import Clause
from tocsin.intake.phrases import Mention, first_mentions
from tocsin.intake.report import Found

OF_THE_ISSUER = frozenset({"mission_restricted", "mission_closed"})

_NO_AREA = Expression(
    r"crowd|demonstrat|protest|rall(?:y|ies)|gathering|political|\bthem\b|\b(?:be|where|follow|know|watch)\b"
)
_IN_TOWN = Expression(r"\b(?:gates?|airport|hotel|house|area|vicinity|neighbou?rhood|quarter|close to it|near it)\b")
_LEAVES_A_THING = Expression(
    r"(?i:leave|leaving|depart(?: from)?|get out of) (?!the country|if|while|as|now|immediately|at once|by)[a-z]"
)
"""`leave it`, `leave food`: a country is written with a capital."""
_AREA = Expression(
    r"\b(?:areas?|regions?|vicinity|surroundings|venues?|sites?|airports?|gates?|malls?|hotels?|restaurants?|(?:night ?-?)?clubs?|bars?|markets?|embass\w+|consulates?|missions?|"
    r"buildings?|compounds?|districts?|neighbou?rhoods?|quarters?|streets?|avenues?|boulevards?|roads?|squares?|piers?|promenades?|centres?|centers?|stadi\w+|beach(?:es)?|stations?|museums?|"
    r"church(?:es)?|mosques?|synagogues?|temples?|parks?|facilit\w+|institutions?|installations?|camps?|bases?|bridges?|towers?|plazas?|places? of worship|polling|borders?|zones?|locations?|"
    r"towns?|downtown)\b"
)
_LIST = Expression(r", (?:and |or )?| and | or ")
"""An area in a list with crowds is still to be kept out of."""
_OF_STAFF = Expression(r"\b(?:staff|personnel|employees|officials)\b[^.;:,]{0,40}\Z")
"""What only the issuer's staff are told (VOCAB R9)."""
_NONESSENTIAL = Expression(
    r"(?:\bagainst |\bavoid )?(?:\ball but essential|\b(?:all )?(?:non-?essential|unnecessary)) (?:travel|trips|journeys)\b[^.;,]{0,60}"
)
"""What stands beside `all travel` for another part of the country."""
_CAN_WAIT = Expression(r"essential|necessary|needed|urgent")
_STANDING = Expression(r"standing advice|(?:has|have) not changed|stays? in force|remains? in (?:force|effect)")
"""The background of an alert, not what this one asks for."""
_VENUE = Expression(
    r"\s+(?:to|into|near|there|through)\b(?:\s+[\w'’-]+){0,5}?\s*(?:airport|gates?|hotel|mall|embassy)\b|\s+there\b"
)
"""Where one is not to go: a place in a town, not a town or country (VOCAB R8)."""


def find_advice(text: str) -> tuple[Found, ...]:
    """Each action once. What only the issuer's own staff are told is a restriction of theirs (VOCAB R9)."""

    def counts(one: Mention) -> bool:
        return _fits(one.label, one.clause) and _means(one, text)

    found = (Found(one.label, one.start, one.end, "V-phrase") for one in first_mentions("advice", text, counts))
    return tuple(sorted(found, key=lambda one: one.start))


def _fits(label: str, clause: Clause) -> bool:
    if label in OF_THE_ISSUER:
        return not clause.denied
    if label in {"report_suspicious", "monitor_media"}:
        return clause.advises
    return not (clause.past and not clause.advises)


def _means(one: Mention, text: str) -> bool:
    """What the same words do not mean: a stay away from crowds is no area, travel that can wait is not all travel."""
    words = one.clause.words
    named = words[one.start - one.clause.start : one.end - one.clause.start]
    if one.label == "avoid_area":
        return not _NO_AREA.search(named) or any(
            _AREA.search(part) and not _NO_AREA.search(part) for part in _LIST.split(named)
        )
    if one.label == "leave_country":
        return not _IN_TOWN.search(words) and not _LEAVES_A_THING.match(text, one.start)
    if one.label == "avoid_travel":
        at, end = one.start - one.clause.start, one.end - one.clause.start
        is_limited = _CAN_WAIT.search(_NONESSENTIAL.sub("", words)) or _STANDING.search(words)
        return not (is_limited or _VENUE.match(words, end) or _OF_STAFF.search(words, max(0, at - 60), at))
    return True
