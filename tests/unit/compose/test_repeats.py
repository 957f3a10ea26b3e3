"""The third message that says the same is found, whatever its dates; other facts begin to count anew."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.unit.compose.test_languages import SENT, TEMPLATES, alert_of

from tocsin.cap.alert import Alert, ResponseType, Severity
from tocsin.compose.repeats import check_repeats, count_repeats
from tocsin.errors import PolicyError


def message(**changed: Any) -> Alert:
    alert, _ = alert_of(TEMPLATES["avoid-crowds"])
    return replace(alert, infos=(replace(alert.infos[0], **changed),))


WORDS = "Stay away until Saturday 9 March 2024, 18:00 Moscow time. Two men, 3 cars."
FIRST = message(description=WORDS)
LATER = message(description=WORDS.replace("Saturday 9", "Monday 11"), expires=SENT + timedelta(days=4))


def test_only_what_was_the_same_in_a_row_counts() -> None:
    other = message(description="Something else.")
    assert count_repeats([], FIRST) == 0
    assert count_repeats([FIRST], LATER) == 1
    assert count_repeats([FIRST, LATER], FIRST) == 2
    assert count_repeats([FIRST, other], FIRST) == 0
    assert count_repeats([FIRST, other, FIRST], LATER) == 1


CHANGES: dict[str, dict[str, Any]] = {
    "another word": {"description": WORDS.replace("men", "women")},
    "another number": {"description": WORDS.replace("3", "4")},
    "another action": {"description": WORDS, "response_types": (ResponseType.SHELTER,)},
    "another grade": {"description": WORDS, "severity": Severity.MODERATE},
    "another area": {"description": WORDS, "areas": ()},
}


@pytest.mark.parametrize("case", CHANGES)
def test_changed_facts_begin_to_count_anew(case: str) -> None:
    assert count_repeats([FIRST, LATER], message(**CHANGES[case])) == 0


def test_the_third_extension_in_the_same_words_is_refused_and_the_second_is_not() -> None:
    check_repeats(0)
    check_repeats(1)
    with pytest.raises(PolicyError, match="TXT-C17") as caught:
        check_repeats(2)
    assert "news" in str(caught.value.hint)
