"""The account in a real browser, from a file: it fits a phone, everybody can read it, and it asks nobody for anything."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.browser.conftest import Looks, Windows
from tests.unit.review.accounts import INCIDENT, facts, html
from tests.unit.review.conftest import proof
from tests.unit.review.test_account import LESSON
from tests.unit.review.test_account_claims import with_claims

from tocsin.compose.leaks import HeldBack
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.facts import Facts, Measure, Party

__all__ = ("proof",)  # a fixture

LOOKS = [Looks(width, scheme) for width in (390, 1440) for scheme in ("light", "dark")]
LONG = "Krasnogorskoye-schosse-" * 4


def full(found: VerifiedBundle) -> Facts:
    """Everything that an account can hold, with words that are too long for a line."""
    reached = tuple(Party(name=f"V{grade}", grade=grade, reason=LONG) for grade in Grade)
    done = Measure(at=INCIDENT.start, party="V1", words=LONG, grade=Grade.E1)
    told = with_claims(found)
    return replace(told, exercise="replayed", parties=reached, measures=(done,), lessons=(LESSON,))


@pytest.mark.parametrize("looks", LOOKS, ids=str)
@pytest.mark.parametrize("kind", ["plain", "full", "taken-out"])
def test_an_account_holds_for_everybody(
    proof: VerifiedBundle, windows: Windows, tmp_path: Path, kind: str, looks: Looks
) -> None:
    held_back = (HeldBack("H1", "concert hall"),) if kind == "taken-out" else ()
    page = html(facts(proof) if kind == "plain" else full(proof), *held_back)
    file = tmp_path / "account.html"
    file.write_text(page, encoding="utf-8")
    visitor = windows.open("file://", looks)
    visitor.page.goto(file.as_uri())
    visitor.check(f"account-{kind}-{looks}")
