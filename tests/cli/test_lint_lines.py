"""What an officer reads of the lint: errors and warnings one by one, and that nothing was checked where nothing was."""

from typing import Any

from tocsin.cli.warning import lint_lines


def finding(rule: str, level: str, found: str, passed: str | None = None) -> dict[str, Any]:
    return {"rule": rule, "level": level, "found": found, "hint": "mend it", "passed": passed}


def test_what_was_not_checked_is_one_line_that_names_the_rules() -> None:
    found = [finding(rule, "advice", "not checked in de") for rule in ("TXT-C4", "TXT-C4", "TXT-C5")]
    assert lint_lines(found) == ["  lint not checked in de: TXT-C4, TXT-C5; have somebody who reads it check the words"]


def test_advice_is_left_out_and_a_pass_is_told_with_its_reason() -> None:
    found = [finding("TXT-C1", "error", "nobody is named", "they know"), finding("TXT-C10", "advice", "long")]
    assert lint_lines(found) == ["  lint error TXT-C1: nobody is named (mend it); passed: they know"]
