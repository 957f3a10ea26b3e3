"""In its own voice an account says of nobody that they were warned, told or informed, unless they signed for it (LESSONS L44)."""

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace
from tests.unit.review.accounts import INCIDENT, ISSUED, VOID, facts, html, read
from tests.unit.review.test_account_claims import NEWS, with_claims

from tocsin.core.threat import Threat
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.intake.claims import Claim
from tocsin.review.facts import Facts
from tocsin.review.timeline import Moment


class _OwnVoice(HTMLParser):
    """Collects our own words by list item or paragraph, each with the grades beside them.

    Left out are the words of others, and what stands under "Not proved": there it is said that it is not known.
    """

    BLOCKS = frozenset({"li", "p", "h1", "h2", "th", "td", "title", "text", "header"})
    NOT_SAID = frozenset({"q", "style", "not proved"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.blocks: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS:
            self.blocks.append("")
        if tag not in VOID:
            self.open.append("not proved" if ("class", "proofs no") in attrs else tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Holds no words."""

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.NOT_SAID & set(self.open):
            self.blocks[-1] += f" {data}"


def find_unproved_words(page: str) -> list[str]:
    """Our own sentences that say somebody was warned, told or informed without a grade of E3 or better beside them."""
    voice = _OwnVoice()
    voice.feed(page)
    said = [one for one in voice.blocks if re.search(r"\b(?:warned|told|informed)\b", one, re.IGNORECASE)]
    return [" ".join(one.split()) for one in said if not re.search(r"\bE[34]\b", one)]


WORDS = {
    Grade.E0: "the partner version was sent to city.example",
    Grade.E1: "the partner version was tendered to city.example",
    Grade.E2: "the partner version was tendered to city.example before a notary",
    Grade.E3: "city.example was told",
    Grade.E4: "city.example was warned",
}


@pytest.mark.parametrize("grade", list(Grade))
@pytest.mark.parametrize("claims", [(), NEWS], ids=["without claims", "with claims"])
def test_an_account_says_of_nobody_that_they_were_told_below_their_signature(
    proof: VerifiedBundle, grade: Grade, claims: tuple[Claim, ...]
) -> None:
    plain = with_claims(proof, claims) if claims else facts(proof)
    moment = Moment(at=ISSUED + timedelta(minutes=1), text=WORDS[grade], by="state", grade=grade)
    page = html(replace(plain, timeline=(*plain.timeline, moment)))
    assert f"{WORDS[grade]} {grade} {grade.sentence}" in read(page)
    assert find_unproved_words(page) == []


@pytest.mark.parametrize("word", ["warned", "told", "Informed"])
@pytest.mark.parametrize("grade", [None, Grade.E0, Grade.E1, Grade.E2])
def test_the_search_finds_what_it_is_there_for(proof: VerifiedBundle, word: str, grade: Grade | None) -> None:
    plain = facts(proof)
    moment = Moment(at=ISSUED, text=f"{word} the city", by="state", grade=grade)
    (found,) = find_unproved_words(html(replace(plain, timeline=(moment,))))
    assert f"{word} the city" in found


FORMS: dict[str, Callable[[VerifiedBundle], Facts]] = {
    "no map": lambda proof: facts(proof, threat=Threat()),
    "inside the window": lambda proof: facts(proof, incident=replace(INCIDENT, start=ISSUED + timedelta(hours=2))),
    "nothing to show": lambda proof: replace(facts(proof), case=None, mail={}, timeline=()),
    "an exercise": lambda proof: facts(proof, exercise="replayed"),
}


@pytest.mark.parametrize("form", list(FORMS.values()), ids=list(FORMS))
def test_no_form_of_the_account_claims_it_in_our_own_voice(
    proof: VerifiedBundle, form: Callable[[VerifiedBundle], Facts]
) -> None:
    assert find_unproved_words(html(form(proof))) == []


def test_what_is_called_not_proved_may_name_what_is_not_known(proof: VerifiedBundle) -> None:
    denied = "that anybody was warned of anything"
    page = html(facts(proof)).replace("that anybody understood it", denied)
    assert denied in read(page)
    assert find_unproved_words(page) == []
    assert find_unproved_words(page.replace('class="proofs no"', 'class="proofs yes"')) == [f"– {denied}"]
