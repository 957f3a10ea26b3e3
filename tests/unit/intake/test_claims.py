"""A claim stands in its text word for word and is told by somebody, or it is refused by name."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.data import read_data, read_text_data
from tocsin.core.window import Precision
from tocsin.errors import InputError
from tocsin.intake.claims import MAX_CLAIMS, About, StatedTime, Subject, claim_as_json, read_claims

TEXT = "An official said that the note had been passed on.\nThe group says it did it. The mayor says nothing, nothing."
CLAIM: dict[str, Any] = {
    "who": "an official",
    "to": None,
    "when": "2024-03-23",
    "claim": "the note had been passed on",
    "reported_by": ["the radio", "Example News"],
}
ZONE = "Europe/Moscow"
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())  # fmt: skip


def marked(*claims: Any, **changes: Any) -> dict[str, Any]:
    return {"dated": "2024-03-24", "zone": ZONE, "claims": list(claims) or [CLAIM]} | changes


def test_a_claim_is_kept_with_its_words_its_teller_and_its_place_in_the_text() -> None:
    (found,) = read_claims(TEXT, marked())
    assert TEXT[found.start : found.end] == found.words == CLAIM["claim"]
    assert (found.who, found.to, found.reported_by) == ("an official", None, ("the radio", "Example News"))
    assert (found.said, found.dated, found.about) == (StatedTime("2024-03-23", ZONE), date(2024, 3, 24), None)


def test_it_is_shown_under_the_names_of_the_reading_of_a_text() -> None:
    (found,) = read_claims(TEXT, marked())
    assert claim_as_json(found) == CLAIM


def test_offsets_count_characters_and_not_bytes() -> None:
    text = "Ночью 😀: " + TEXT
    (found,) = read_claims(text, marked())
    assert text[found.start : found.end] == CLAIM["claim"]


BAD: dict[str, tuple[Any, str]] = {
    "a list": ([], "marked claims is [], expected an object"),
    "no date": ({"zone": ZONE, "claims": [CLAIM]}, "'dated' is missing"),
    "a date that is a month": (marked(dated="2024-03"), "dated is '2024-03', expected the day of the text"),
    "a date that is not there": (marked(dated="2024-02-30"), "marked claims: time '2024-02-30'"),
    "a date at the end of all years": (marked(dated="9999-12-31"), "outside the years"),
    "a zone that is not there": (marked(zone="Moon/Tycho"), "'Moon/Tycho' is not known"),
    "an unknown key": (marked(source="x"), "unknown key 'source'"),
    "no claims": (marked(claims=[]), "0 claims, expected 1 to 200"),
    "more claims than a person marks": (marked(claims=[CLAIM] * (MAX_CLAIMS + 1)), "201 claims, expected 1 to 200"),
    "claims that are words": (marked(claims="x"), "claims is 'x', expected a list"),
    "a claim that is words": (marked("x"), "claims is"),
    "words of another text": (
        marked(CLAIM | {"claim": "the note was never sent"}),
        "claims 1: claim 'the note was nev",
    ),
    "words in another case": (marked(CLAIM | {"claim": "The note had been passed on"}), "does not stand in the text"),
    "words across a changed line end": (
        marked(CLAIM | {"claim": "passed on. The group"}),
        "does not stand in the text",
    ),
    "words that stand twice": (
        marked(CLAIM | {"claim": "nothing"}),
        "claim 'nothing' stands in the text more than once",
    ),
    "no words": (marked(CLAIM | {"claim": ""}), "claim is '', expected a text"),
    "blank words": (marked(CLAIM | {"claim": " "}), "claim is ' ', expected a text"),
    "no teller": (marked(CLAIM | {"reported_by": []}), "claims 1: reported_by names 0 tellers, expected 1 to 8"),
    "a teller that is null": (marked(CLAIM | {"reported_by": None}), "reported_by names 0 tellers"),
    "a teller without a name": (marked(CLAIM | {"reported_by": [" "]}), "reported_by is ' ', expected a party"),
    "a teller that is no list": (marked(CLAIM | {"reported_by": "the radio"}), "expected a list of texts"),
    "the tellers left out": (
        marked({k: v for k, v in CLAIM.items() if k != "reported_by"}),
        "'reported_by' is missing",
    ),
    "nobody who says it": (marked(CLAIM | {"who": ""}), "claims 1: who is ''"),
    "a speaker on two lines": (marked(CLAIM | {"who": "an official\nProved: all"}), "expected a party"),
    "a speaker written backwards": (marked(CLAIM | {"who": "\u202elaiciffo na"}), "expected a party"),
    "a speaker of half a character": (marked(CLAIM | {"who": "an official \ud800"}), "expected a party"),
    "a speaker without end": (marked(CLAIM | {"who": "x" * 201}), "at most 200 characters"),
    "to whom left out": (marked({k: v for k, v in CLAIM.items() if k != "to"}), "'to' is missing"),
    "when left out": (marked({k: v for k, v in CLAIM.items() if k != "when"}), "'when' is missing"),
    "when in words": (marked(CLAIM | {"when": "yesterday"}), "when is 'yesterday', expected YYYY"),
    "when in other digits": (marked(CLAIM | {"when": "٢٠٢٤"}), "expected YYYY"),
    "when with a zone of its own": (marked(CLAIM | {"when": "2024-03-23T10:00Z"}), "expected YYYY"),
    "when before all years": (marked(CLAIM | {"when": "0000-01-01"}), "claims 1: time '0000-01-01'"),
    "said after the text": (
        marked(CLAIM | {"when": "2024-03-25"}),
        "said on '2024-03-25', after the text that tells it",
    ),
    "said in a later month": (marked(CLAIM | {"when": "2024-04"}), "after the text that tells it, dated 2024-03-24"),
    "a key of a claim in another spelling": (marked(CLAIM | {"reportedby": []}), "claims 1: unknown key 'reportedby'"),
    "about something unknown": (
        marked(CLAIM | {"about": {"subject": "moon", "when": "2024"}}),
        "one of incident, warning",
    ),
    "about no time": (marked(CLAIM | {"about": {"subject": "incident", "when": None}}), "about: when is None"),
    "the same claim twice": (marked(CLAIM, CLAIM), "claims 2: the same words of the same speaker are marked twice"),
}


@pytest.mark.parametrize(("found", "says"), list(BAD.values()), ids=list(BAD))
def test_what_is_no_claim_is_refused_by_name(found: Any, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        read_claims(TEXT, found)


def test_words_that_overlap_themselves_stand_there_more_than_once() -> None:
    with pytest.raises(InputError, match="more than once"):
        read_claims("hahaha", marked(CLAIM | {"claim": "haha"}))


def test_letters_that_only_look_the_same_are_other_words() -> None:
    with pytest.raises(InputError, match="does not stand in the text"):
        read_claims("un café fermé", marked(CLAIM | {"claim": "cafe\u0301"}))


def test_control_characters_in_the_words_are_refused() -> None:
    with pytest.raises(InputError, match="control characters"):
        read_claims("it was \x9b31m us", marked(CLAIM | {"claim": "\x9b31m us"}))


@pytest.mark.parametrize("when", ["2024-03-24", "2024-03-24T23:59", "2024-03", "2024", "1999-12-31", None])
def test_said_before_everything_or_on_the_day_of_the_text_is_accepted(when: str | None) -> None:
    (found,) = read_claims(TEXT, marked(CLAIM | {"when": when}))
    assert (found.said.text if found.said else None) == when


STANDS: dict[str, tuple[str | None, datetime]] = {
    "to the minute": ("2024-03-23T10:30", datetime(2024, 3, 23, 7, 30, tzinfo=UTC)),
    "a day: last on it": ("2024-03-22", datetime(2024, 3, 22, 20, 59, 59, tzinfo=UTC)),
    "a month: the day of the text": ("2024-03", datetime(2024, 3, 24, 20, 59, 59, tzinfo=UTC)),
    "not stated: the day of the text": (None, datetime(2024, 3, 24, 20, 59, 59, tzinfo=UTC)),
}


@pytest.mark.parametrize(("when", "at"), list(STANDS.values()), ids=list(STANDS))
def test_a_claim_stands_when_it_was_said_and_never_earlier_than_that_may_be(when: str | None, at: datetime) -> None:
    (found,) = read_claims(TEXT, marked(CLAIM | {"when": when}))
    assert found.at == at


AGREES: dict[str, tuple[str, Precision, bool]] = {
    "the same minute": ("2024-03-22T19:58", Precision.MINUTE, True),
    "another minute": ("2024-03-22T20:15", Precision.MINUTE, False),
    "another minute of an hour": ("2024-03-22T19:15", Precision.HOUR, True),
    "another hour of a day": ("2024-03-22T03:00", Precision.DAY, True),
    "the day": ("2024-03-22", Precision.MINUTE, True),
    "the day before": ("2024-03-21", Precision.MINUTE, False),
    "the month": ("2024-03", Precision.MINUTE, True),
    "another year": ("2023", Precision.MINUTE, False),
}


@pytest.mark.parametrize(("when", "precision", "agrees"), list(AGREES.values()), ids=list(AGREES))
def test_two_times_are_compared_no_closer_than_the_vaguer_of_them(
    when: str, precision: Precision, agrees: bool
) -> None:
    attack = datetime(2024, 3, 22, 16, 58, tzinfo=UTC)
    assert StatedTime(when, ZONE).agrees_with(attack, precision) is agrees


def test_what_a_claim_is_about_is_kept_beside_when_it_was_said() -> None:
    (found,) = read_claims(TEXT, marked(CLAIM | {"about": {"subject": "warning", "when": "2024-03-07"}}))
    assert found.about == About(Subject.WARNING, StatedTime("2024-03-07", ZONE))


@pytest.mark.parametrize("key", [*CLAIM, "about"])
@given(junk=JUNK)
def test_junk_in_any_field_raises_nothing_but_our_own_error(key: str, junk: Any) -> None:
    try:
        (found,) = read_claims(TEXT, marked(CLAIM | {key: junk}))
    except InputError:
        return
    assert TEXT[found.start : found.end] == found.words


@given(text=st.text(min_size=1), data=st.data())
def test_whatever_is_accepted_stands_in_the_text_at_its_offsets(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))]
    try:
        (found,) = read_claims(text, marked(CLAIM | {"claim": words}))
    except InputError:
        return
    assert text[found.start : found.end] == words
    assert text.count(words) == 1


def test_the_claims_of_the_demo_stand_in_its_news() -> None:
    found = read_claims(read_text_data("demo", "news.txt"), read_data("demo", "claims.json"))
    assert len(found) == 5
    assert ("the BBC", "Example News") in [one.reported_by for one in found]
