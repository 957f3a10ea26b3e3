"""Whom a text speaks to: nationals of a state, the issuer's own staff, the public."""

from functools import cache

from tocsin.core.data import read_data
from tocsin.intake.report import Found
from tocsin.intake.wording import Wording, Wordings, lowered


def find_audiences(text: str) -> tuple[Found, ...]:
    """Each audience once, where it is first named."""
    lower = lowered(text)
    return tuple(
        Found(label, match.start(), match.end(), "L-audience")
        for label, wording in _wordings().in_sight(lower)
        if (match := wording.first(lower))
    )


@cache
def _wordings() -> Wordings[str]:
    table: dict[str, tuple[list[str], str]] = read_data("intake", "audiences.json")
    return Wordings((label, Wording(rf"(?:{words})\b", tuple(near))) for label, (near, words) in table.items())
