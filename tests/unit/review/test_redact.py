"""What a reader may not see is in no account for them, however it is written, and what was taken out is counted."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.unit.review.accounts import INCIDENT, PRINTED, facts, html, read
from tests.unit.review.test_account import LESSON

from tocsin.compose.leaks import HeldBack, find_telling
from tocsin.core.marking import Audience
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.account import make_account
from tocsin.review.facets import Verdict
from tocsin.review.facts import Measure, Party, Ruled
from tocsin.review.redact import TAKEN_OUT
from tocsin.review.sheet import texts_of

NAME = "Wenzel Krummholz"
SOURCE = HeldBack("H1", NAME)
COOK = HeldBack("H2", "a cook at the guest-house overheard the plan")
TOLD = {
    "as it stands": f"We know it from {NAME}.",
    "split over lines": "We know it from Wenzel\nKrumm-\nholz, so they say.",
    "spaced out": "It was K r u m m h o l z.",
    "backwards": "zlohmmurK leznew said so",
    "in other letters": "Кrummhоlz said so",
    "a part of the name": "old Krummholz said so",
}
PARAPHRASED = "The plan was overheard by the cook of that guest-house."


def places(words: str) -> dict[str, dict[str, Any]]:
    """Everywhere that words of people get into an account."""
    done = Measure(at=INCIDENT.start, party="V1", words=words, grade=Grade.E0)
    return {
        "summary": {"incident": replace(INCIDENT, summary=words)},
        "place": {"incident": replace(INCIDENT, place=replace(INCIDENT.place, name=words))},
        "reason of an answer": {"parties": (Party(name="V1", grade=Grade.E0, reason=words),)},
        "measure": {"measures": (done,)},
        "exercise": {"exercise": words},
    }


@pytest.mark.parametrize("place", places(""))
@pytest.mark.parametrize("words", [*TOLD.values()], ids=[*TOLD])
def test_a_held_back_name_is_in_no_public_account(proof: VerifiedBundle, words: str, place: str) -> None:
    found = facts(proof, **places(words)[place])
    page = html(found, SOURCE)
    for one in ("krummholz", "krumm", "holz", "zlohmmurk", "кrummhоlz", "k r u m m"):
        assert one not in page.lower()
    assert "taken out." in read(page)
    assert "Nothing was taken out" not in page


@pytest.mark.parametrize("kind", PRINTED)
def test_a_paraphrase_is_taken_out_of_both_prints_and_the_count_is_told(proof: VerifiedBundle, kind: str) -> None:
    found = facts(proof, measures=(Measure(at=INCIDENT.start, party="V1", words=PARAPHRASED, grade=Grade.E0),))
    words = PRINTED[kind](found, COOK)
    assert "overheard" not in words
    assert TAKEN_OUT in words
    assert re.search(r"For public readers\. [1-3] passages? (?:was|were) taken out\.", words)


def test_a_name_split_over_two_passages_takes_out_both(proof: VerifiedBundle) -> None:
    measures = tuple(
        Measure(at=INCIDENT.start, party="V1", words=words, grade=Grade.E0) for words in ("Krumm-", "holz said so")
    )
    parties = ()
    sheet = make_account(
        facts(proof, measures=measures, parties=parties), (HeldBack("H1", "Krumm V1 says that it acted: holz"),)
    )
    assert sheet.taken_out >= 2


@pytest.mark.parametrize(
    ("reader", "seen"), [(Audience.PUBLIC, False), (Audience.PARTNER, True), (Audience.INTERNAL, True)]
)
def test_whoever_may_read_a_phrase_reads_it(proof: VerifiedBundle, reader: Audience, seen: bool) -> None:
    found = facts(proof, incident=replace(INCIDENT, summary=TOLD["as it stands"]), reader=reader)
    page = html(found, replace(SOURCE, readable_by=Audience.PARTNER))
    assert (NAME in page) is seen
    assert f"For {reader.value} readers." in page


def test_words_of_a_lesson_of_another_incident_are_for_internal_readers_alone(proof: VerifiedBundle) -> None:
    lesson = replace(LESSON, incident="I-0", text="ask the cook again")
    for reader in Audience:
        words = read(html(facts(proof, lessons=(lesson,), reader=reader)))
        assert ("ask the cook again" in words) is (reader is Audience.INTERNAL)
        assert ("1 passage was taken out" in words) is (reader is not Audience.INTERNAL)
        assert "L-1 open, owner P-3" in words


def test_a_picture_whose_words_tell_it_is_left_out_whole(proof: VerifiedBundle) -> None:
    page = html(facts(proof, incident=replace(INCIDENT, place=replace(INCIDENT.place, name=NAME))), SOURCE)
    assert 'class="map"' not in page
    assert 'class="strip"' in page


def test_without_anything_to_hold_back_nothing_is_taken_out(proof: VerifiedBundle) -> None:
    assert make_account(facts(proof), (SOURCE, COOK)).taken_out == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)
@given(
    st.sampled_from([*TOLD.values(), PARAPHRASED, "nothing of it", TAKEN_OUT]),
    st.sampled_from([*TOLD.values(), PARAPHRASED, "Wenzel", "holz"]),
    st.sampled_from([*places("")]),
)
def test_what_is_left_of_an_account_tells_nothing_that_is_held_back(
    proof: VerifiedBundle, first: str, second: str, place: str
) -> None:
    ruled = Ruled(warning="W-1", by="P-3", judged=Verdict.PARTIAL, ruled=Verdict.HIT, reason=first)
    changed: dict[str, Any] = {"rulings": (ruled,)} | places(second)[place]
    sheet = make_account(facts(proof, **changed), (SOURCE, COOK))
    left = [(str(n), text) for n, text in enumerate(texts_of(sheet)) if text != TAKEN_OUT]
    assert find_telling(left, Audience.PUBLIC, (SOURCE, COOK), ()) == frozenset()
    assert sheet.taken_out > 0 or first in {"nothing of it", TAKEN_OUT}
