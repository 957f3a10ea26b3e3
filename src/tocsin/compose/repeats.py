"""How often a text went out before in a row: what never says anything new is no longer heard (LESSONS L18)."""

from collections.abc import Hashable, Sequence
from itertools import takewhile

from tocsin.cap.alert import Alert
from tocsin.compose.facts import without_moments
from tocsin.compose.lint.comparison import MOST_ALIKE
from tocsin.errors import PolicyError


def count_repeats(chain: Sequence[Alert], new: Alert) -> int:
    """How many of the newest messages of one audience, in the order of issue, told the same as the new one.

    The same words but for times and dates, and the same facts: area, actions, targets, grades. Other facts begin anew.
    """
    told = _told(new)
    return sum(1 for _ in takewhile(lambda one: _told(one) == told, reversed(chain)))


def check_repeats(repeats: int) -> None:
    """Refuse an extension that says for the third time what the two before it said (PolicyError)."""
    if repeats >= MOST_ALIKE:
        raise PolicyError(
            f"TXT-C17: the same words went out {repeats} times in a row, this extension would repeat them",
            hint="say in `news` what is new, or that nothing is and why it still holds",
        )


def _told(alert: Alert) -> Hashable:
    info = alert.infos[0]
    words = " ".join(f"{info.headline}\n{info.description}\n{info.instruction}".split())
    return (
        " ".join(without_moments(words, info.language).casefold().split()),
        info.response_types,
        info.areas,
        info.parameters,
        (info.urgency, info.severity, info.certainty),
    )
