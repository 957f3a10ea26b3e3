"""An account says that somebody was warned only where their own signature says so (LESSONS L44)."""

import re
from pathlib import Path

import pytest
from tests.unit.review.accounts import facts, html, pdf_words, read

import tocsin.review
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.account import make_account
from tocsin.review.facts import Party
from tocsin.review.sheet import Line, Look

STRONG = re.compile(r"\b(?:fore)?(?:warned|told|informed)\b", re.IGNORECASE)
"""Words that say that it arrived: for grade E3 and E4 alone, and for the words of others."""
GOLDEN = {
    Grade.E0: "Sent to city.example, by this node's own log alone; nothing came back. E0 our own log only",
    Grade.E1: "Sent to city.example; a witness saw that this was logged by then; nothing came back. "
    "E1 witnessed: it existed by then",
    Grade.E2: "Tendered to city.example; nothing came back. E2 third parties saw it offered",
    Grade.E3: "city.example was warned: its machine signed for it; it signed “delivered”. E3 their machine signed",
    Grade.E4: "city.example was told: its officer signed; it signed “dismissed”. E4 their officer signed",
}
ANSWERS = {Grade.E3: "delivered", Grade.E4: "dismissed"}


def may_say(text: str, grade: Grade | None) -> bool:
    """Whether these words of ours stand beside a grade that bears them."""
    return grade in {Grade.E3, Grade.E4} or STRONG.search(text) is None


def party(grade: Grade) -> Party:
    return Party(name="city.example", grade=grade, answer=ANSWERS.get(grade, ""), signed=grade in ANSWERS)


@pytest.mark.parametrize("grade", Grade)
def test_each_grade_is_told_in_the_words_that_it_bears(proof: VerifiedBundle, grade: Grade) -> None:
    found = facts(proof, parties=(party(grade),))
    assert GOLDEN[grade] in read(html(found))
    assert GOLDEN[grade] in pdf_words(found).replace(f"{grade.value}  ", f"{grade.value} ")


def test_whoever_could_not_read_it_was_not_warned(proof: VerifiedBundle) -> None:
    failed = Party(name="city.example", grade=Grade.E3, answer="unreadable", signed=True)
    words = read(html(facts(proof, parties=(failed,))))
    assert "Tendered to city.example; it signed “unreadable”. E3 their machine signed" in words
    assert "city.example was" not in words


@pytest.mark.parametrize("grade", Grade)
def test_no_line_of_an_account_says_more_than_its_grade(proof: VerifiedBundle, grade: Grade) -> None:
    sheet = make_account(facts(proof, parties=(party(grade),)), ())
    for section in sheet.sections:
        said = (Line(text=f"{section.title} {section.note} {section.foot}"), *section.lines)
        # What is not proved is told in the words of what would be.
        told = [one for one in said if section.look is not Look.NOT_PROVED]
        assert [one for one in told if not may_say(f"{one.label} {one.text} {one.note}", one.grade)] == []
    assert may_say(f"{sheet.title} {sheet.name} {sheet.made}", None)


def test_no_part_of_an_account_has_the_words_but_the_one_that_asks_for_the_grade() -> None:
    folder = Path(tocsin.review.__file__).parent
    files = [*folder.glob("account*.py"), folder / "timeline.py", folder / "finding.py", *folder.glob("data/account*")]
    assert len(files) >= 10
    said = {
        file.name: found
        for file in files
        if (
            found := [
                one
                for one in re.findall(r'f?"[^"\n]*"', file.read_text("utf-8"))
                if STRONG.search(re.sub(r"\{[^}]*\}", "", one))
            ]
        )
    }
    assert said == {}


@pytest.mark.parametrize("text", ["They were warned.", "TOLD", "we informed them", "it was forewarned"])
def test_the_words_are_found_however_they_are_written(text: str) -> None:
    assert not may_say(text, Grade.E2)
    assert not may_say(text, None)
    assert may_say(text, Grade.E3)
