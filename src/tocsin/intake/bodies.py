"""Bodies that warn and headings of what they put out, by their names: what such a name holds is no place that is warned of."""

import re
from collections.abc import Iterator

from tocsin.core.expression import Expression
from tocsin.intake.wording import Wording, lowered

_BODIES = Wording(
    r"(?:ministry|ministries|department|secretariat|office) (?:of|for) (?:(?!affairs)[\w&]+,? ){1,5}?affairs\b"
    r"|foreign,? (?:(?:and|&) )?commonwealth(?:,? (?:(?:and|&) )?development)? office\b",
    near=(" affairs", "commonwealth"),
)
_BODY_OR_HEADING = Expression(
    r"(?:^|\s)(?:embass(?:y|ies)|consulates?|consulate general|(?:high )?commission|mission|ministry|department|government|council|bureau|agency|"
    r"message|alert|notice|warning|advisory|advice|update|bulletin|caution|announcement|information)$"
)
BODY_BEFORE = Expression(
    r"\b(?:embassy|consulate(?: general)?|consulates|mission|high commission|american cent(?:re|er))(?: of (?:the )?(?:[\w.]+ ){1,3})?"
    r"(?:,? ?(?:\b(?:in|at|to)\b)?,? )?$"
)
"""Before a town, in lower case: it is part of a body's name, `Embassy of France in Bamako`."""


def find_bodies(text: str) -> Iterator[tuple[int, int]]:
    """Where a body stands whose name holds what else would be a place: `Ministry for Europe and Foreign Affairs`."""
    return (match.span() for match in _BODIES.each(lowered(text)))


def is_body_or_heading(name: str) -> bool:
    """Whether a name ends in what a body or a message is called: `Australian High Commission`, `Emergency Message`."""
    return bool(_BODY_OR_HEADING.search(name.lower()))


def is_body_within(name: str) -> bool:
    """Whether a name holds that of a mission: `British High Commission Road` is one only by its first words."""
    return bool(_MISSION.search(name))


_MISSION = Expression(r"\b(?:Embassy|Consulate|High Commission)\b", re.IGNORECASE)
