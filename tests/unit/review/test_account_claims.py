"""What others claim stands in an account beside what is known, under their names, and moves nothing."""

import re

import pytest
from msgspec.structs import replace
from tests.unit.review.accounts import INCIDENT, ISSUED, facts, html, read
from tests.unit.review.test_account import EVIL

from tocsin.core.data import read_data, read_text_data
from tocsin.core.window import Precision
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.intake.claims import About, Claim, StatedTime, Subject, read_claims
from tocsin.review.facts import Facts
from tocsin.review.timeline import SIGNED, Moment, build_timeline
from tocsin.review.told import Difference, ToldClaim, find_difference

NEWS = read_claims(read_text_data("demo", "news.txt"), read_data("demo", "claims.json"))
ZONE = "Europe/Moscow"
UNCHECKED = "that any of the 5 claims of others is true: they were not checked here"


def told(claims: tuple[Claim, ...] = NEWS) -> tuple[ToldClaim, ...]:
    return tuple(ToldClaim(claim=one, report="R-1", digest="a" * 64, number=n) for n, one in enumerate(claims, 1))


def with_claims(proof: VerifiedBundle, claims: tuple[Claim, ...] = NEWS) -> Facts:
    plain = facts(proof)
    acts = [one for one in plain.timeline if isinstance(one, Moment) and one.grade not in SIGNED]
    return replace(plain, claims=told(claims), timeline=build_timeline(acts, proof, told(claims)))


def section(page: str, title: str) -> str:
    """The words of one section of the page."""
    (found,) = re.findall(rf"<header><h2>{re.escape(title)}</h2>.*?</section>", page, re.DOTALL)
    return read(f"<section>{found}")


def test_each_claim_is_told_with_its_speaker_its_teller_and_the_word_claim(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof))
    for part in (section(page, "In order"), section(page, "What others claim")):
        assert (
            "claim the President of Russia says “they looked like blackmail, meant to frighten the country "
            "and to unsettle it” As reported by Example News on 24 Mar 2024"
        ) in part
        assert "says “the same information had been passed to the Russian authorities" in part
        assert "As reported by the BBC, then by Example News on 24 Mar 2024" in part
        assert len(re.findall(r"claim [\w ]+ says “", part)) == 5


def test_a_claim_has_a_mark_of_its_own_and_a_line_in_the_legend(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof))
    assert page.count('<li class="t-claim">') == 10
    assert "claim: somebody says so, not checked here" in section(page, "In order")


def test_the_list_of_claims_gives_source_and_says_what_is_not_stated(proof: VerifiedBundle) -> None:
    words = section(html(with_claims(proof)), "What others claim")
    assert "5 claims, none checked here" in words
    assert "To: not stated. Said: not stated. Source: R-1, claim 4, characters 1078 to 1182." in words
    assert "To: the board of the Federal Security Service. Said: 19 Mar 2024." in words
    assert words.count("SHA-256 " + "a" * 64) == 1
    assert "A claim changes no verdict, no count and no proof" in words


def test_it_stands_at_the_day_it_was_said_behind_what_is_known_of_that_day(proof: VerifiedBundle) -> None:
    order = [one.text for one in with_claims(proof).timeline if isinstance(one, Moment)]
    blackmail, attack = (order.index(text) for text in (NEWS[1].words, "incident:"))
    dismissed = next(n for n, text in enumerate(order) if "dismissed: provocation" in text)
    assert dismissed < blackmail < attack
    assert order.index(NEWS[2].words) > attack


def test_no_claim_is_an_empty_list_that_is_no_all_clear(proof: VerifiedBundle) -> None:
    page = html(facts(proof))
    assert "No claim is recorded here. That says nothing of what was said elsewhere." in read(page)
    assert "not checked here" not in section(page, "Not proved")
    assert 'class="t-claim"' not in page


def test_a_claim_is_never_proved_and_the_page_says_so(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof))
    assert UNCHECKED in section(page, "Not proved")
    assert section(page, "Proved") == section(html(facts(proof)), "Proved")
    one = section(html(with_claims(proof, NEWS[:1])), "Not proved")
    assert "that the claim of somebody else is true: it was not checked here" in one


def test_no_grade_stands_beside_a_claim(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof))
    for line in re.findall(r'<li class="t-claim">.*?</li>', page, re.DOTALL):
        assert "grade" not in line
    assert "grade" not in re.findall(r'<ol class="claims">.*?</ol>', page, re.DOTALL)[0]
    with pytest.raises(TypeError, match="no evidence grade"):
        Moment(at=ISSUED, text="x", by="x", grade=Grade.E1, claim=told()[0])


PARTS = ("In short", "In time", "Facet by facet", "What was said", "In place", "The rule decides", "Proved")


@pytest.mark.parametrize("part", PARTS)
def test_a_claim_changes_nothing_but_where_claims_are_told(proof: VerifiedBundle, part: str) -> None:
    loud = (replace(NEWS[3], who="incident", reported_by=("the node’s own log",)), *NEWS)
    assert section(html(with_claims(proof, loud)), part) == section(html(facts(proof)), part)


def test_a_claim_does_not_change_the_title(proof: VerifiedBundle) -> None:
    title = re.compile(r"<h1.*?</h1>", re.DOTALL)
    assert title.findall(html(with_claims(proof))) == title.findall(html(facts(proof))) != []


def test_a_speaker_named_like_a_part_of_our_record_is_drawn_as_a_claim(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof, (replace(NEWS[0], who="incident"),)))
    assert page.count('class="t-event"') == 1
    assert "claim incident says “" in section(page, "In order")


def test_words_of_a_claim_are_never_markup(proof: VerifiedBundle) -> None:
    evil = replace(NEWS[0], who=EVIL, to=EVIL, words=EVIL, reported_by=(EVIL, EVIL))
    page = html(with_claims(proof, (evil,)))
    assert "<script" not in page
    assert read(page).count("<script>alert(1)</script>") == 9


def test_words_that_turn_the_direction_of_text_stay_within_their_quotation(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof, (replace(NEWS[0], words="\u202edesrever"),)))
    assert page.count('<q dir="auto">“\u202edesrever”</q>') == 2


STARTS = StatedTime("2024-03-22T20:15", ZONE)


def test_a_claim_of_another_time_stands_beside_ours_and_neither_moves(proof: VerifiedBundle) -> None:
    page = html(with_claims(proof, (replace(NEWS[2], about=About(Subject.INCIDENT, STARTS)),)))
    words = section(page, "What others claim")
    assert (
        "Differs from this node’s log. Time of the incident: the claim has 22 Mar 2024, 20:15, "
        "the log has Fri 22 Mar 2024, 19:58. Both stand as they are."
    ) in words
    assert "19:58:00 16:58:00Z incident" in section(page, "In order")
    assert "20:15" not in section(page, "In order")


def test_claims_that_fit_our_log_are_not_said_to_differ(proof: VerifiedBundle) -> None:
    assert "Differs from" not in read(html(with_claims(proof)))


DIFFERS: dict[str, tuple[About | None, Precision, Difference | None]] = {
    "no time given": (None, Precision.MINUTE, None),
    "the incident, the same day": (About(Subject.INCIDENT, StatedTime("2024-03-22", ZONE)), Precision.MINUTE, None),
    "the incident, known to the day": (About(Subject.INCIDENT, STARTS), Precision.DAY, None),
    "the incident, another minute": (
        About(Subject.INCIDENT, STARTS),
        Precision.MINUTE,
        Difference(Subject.INCIDENT, "22 Mar 2024, 20:15", INCIDENT.start),
    ),
    "the warning, another day": (
        About(Subject.WARNING, StatedTime("2024-03-06", ZONE)),
        Precision.MINUTE,
        Difference(Subject.WARNING, "6 Mar 2024", ISSUED),
    ),
    "the warning, another month": (
        About(Subject.WARNING, StatedTime("2024-02", ZONE)),
        Precision.MINUTE,
        Difference(Subject.WARNING, "Feb 2024", ISSUED),
    ),
}


@pytest.mark.parametrize(("about", "precision", "expected"), list(DIFFERS.values()), ids=list(DIFFERS))
def test_two_times_differ_only_where_both_cannot_hold(
    about: About | None, precision: Precision, expected: Difference | None
) -> None:
    incident = replace(INCIDENT, precision=precision)
    assert find_difference(replace(NEWS[0], about=about), incident=incident, issued=ISSUED) == expected


def test_a_claim_said_at_a_minute_shows_it_and_one_of_a_day_shows_none(proof: VerifiedBundle) -> None:
    at = replace(NEWS[1], said=StatedTime("2024-03-19T15:30", ZONE))
    assert "15:30 12:30:00Z claim the President" in section(html(with_claims(proof, (at,))), "In order")
    order = section(html(with_claims(proof)), "In order")
    assert "19 Mar 2024 claim the President" in order
    assert "not stated claim Islamic State" in order
    assert "23:59" not in order
