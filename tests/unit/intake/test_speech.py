"""Who said what to whom, sentence by sentence: what is a claim, whose, through whom, and what is none."""

from datetime import date

import pytest

from tocsin.intake.article import find_article
from tocsin.intake.report import FoundClaim

DATED = date(2021, 6, 10)  # a Thursday


def claims(text: str) -> tuple[FoundClaim, ...]:
    return find_article(text, issuer=None, reference=DATED).claims


SPEAKERS = {
    "verb before the words": (
        "Interior Minister Ana Ruiz said the risk is real.",
        [("Interior Minister Ana Ruiz", None)],
    ),
    "verb behind a quotation": (
        "“We were not told,” the mayor told reporters in Lima on Tuesday.",
        [("mayor", "reporters")],
    ),
    "verb, then the speaker": (
        "“Nothing came to us,” said port director Tomas Vik.",
        [("port director Tomas Vik", None)],
    ),
    "according to": ("According to the prosecutor, two men fled.", [("prosecutor", None)]),
    "name in apposition": (
        "The deputy mayor, Leila Haddad, denied that any alert had come.",
        [("deputy mayor Leila Haddad", None)],
    ),
    "relative clause between": (
        "Two officers, who asked not to be named, said the note was vague.",
        [("officers", None)],
    ),
    "row in apposition": (
        "Several embassies, those of Spain, Italy and Chile among them, warned their nationals on Tuesday.",
        [("embassies", "nationals")],
    ),
    "passive with its agent": (
        "Residents were warned by the Swedish embassy to stay in.",
        [("Swedish embassy", "Residents")],
    ),
    "state by its capital": ("Canberra told Australians to leave.", [("Canberra", "Australians")]),
    "its own people": ("The German embassy urged its citizens to leave.", [("German embassy", "German citizens")]),
    "called to account": (
        "The foreign ministry summoned the Danish ambassador over the notice.",
        [("foreign ministry", "Danish ambassador")],
    ),
    "handed on": ("The agency had passed the information to the Kenyan police.", [("agency", "Kenyan police")]),
    "silence is told too": ("The presidency's spokesman declined to comment.", [("presidency's spokesman", "press")]),
    "silence until a day": ("Authorities in Peru had not commented by Tuesday.", [("Authorities in Peru", None)]),
    "pronoun to the last speaker": (
        "Minister Ana Ruiz condemned the raid. She told parliament that the port stays shut.",
        [("Minister Ana Ruiz", None), ("Minister Ana Ruiz", "parliament")],
    ),
    "pronoun to who opened the sentence before": (
        "The foreign ministry turned the matter round: it told travellers to stay calm.",
        [("foreign ministry", "travellers")],
    ),
    "two speakers beside each other": (
        "The army said the road is safe, but the Red Cross warned drivers of mines.",
        [("army", None), ("Red Cross", "drivers")],
    ),
    "an alert speaks for the embassy whose envoy is called in": (
        "The ministry summoned the Danish envoy over an alert of 2 June that told citizens to leave.",
        [("ministry", "Danish envoy"), ("Danish embassy", "citizens")],
    ),
    "scene of a speech": (
        "President Omar Diallo addressed the council of elders on Monday. He called the notice an insult.",
        [("President Omar Diallo", "council of elders"), ("President Omar Diallo", "council of elders")],
    ),
    "claim of responsibility": (
        "The group Black Dawn claimed responsibility for the blast.",
        [("group Black Dawn", None)],
    ),
}


@pytest.mark.parametrize("case", SPEAKERS)
def test_a_claim_has_its_speaker_and_whom_it_is_said_to(case: str) -> None:
    text, wanted = SPEAKERS[case]
    assert [(one.who, one.to) for one in claims(text)] == wanted


SAYS_NOTHING = {
    "a noun that looks like a verb": "The claims and reports of that week fill a shelf.",
    "an order": "Tell a friend where you go and report what you see.",
    "something to come": "The embassy will say more next week.",
    "to be done": "The minister wants to tell parliament.",
    "nobody": "Nobody said a word.",
    "no group": "No group has claimed the bombing.",
    "handed on by nobody named": "The note had been passed to the police.",
    "what somebody calls it": "It was part of what he called a campaign.",
    "a pronoun for nobody": "He said so.",
}


@pytest.mark.parametrize("case", SAYS_NOTHING)
def test_where_nobody_says_anything_nothing_is_claimed(case: str) -> None:
    assert claims(SAYS_NOTHING[case]) == ()


def test_each_hop_of_hearsay_is_kept_nearest_to_the_speaker_first() -> None:
    text = "The mayor told Radio Norte that a colonel said the consul had warned the police."
    assert [(one.who, one.to, one.reported_by) for one in claims(text)] == [
        ("mayor", "Radio Norte", ("news report",)),
        ("colonel", None, ("mayor", "news report")),
        ("consul", "police", ("colonel", "mayor", "news report")),
    ]


def test_a_broadcaster_that_passes_words_on_is_a_hop_and_says_nothing_itself() -> None:
    (one,) = claims("“It is under control,” a general said in a statement, reported by the BBC.")
    assert (one.who, one.reported_by) == ("general", ("BBC", "news report"))


def test_what_is_told_inside_a_quotation_is_told_by_its_speaker() -> None:
    text = "“The French embassy shared the warning with the port authority,” a diplomat said."
    inner = next(one for one in claims(text) if one.who == "French embassy")
    assert (inner.to, inner.reported_by) == ("port authority", ("diplomat", "news report"))


def test_a_quotation_that_stands_alone_is_of_the_last_speaker() -> None:
    last = claims("The mayor spoke of luck. “We had no notice whatever of this.”")[-1]
    assert (last.who, last.words, last.rule) == ("mayor", "We had no notice whatever of this.", "S-quotation")


@pytest.mark.parametrize("words", ["denied that a warning had come", "rejected the warning", "doubted the warning"])
def test_words_that_a_verb_turns_keep_the_verb(words: str) -> None:
    (one,) = claims(f"The minister {words}.")
    assert one.words == words


DAYS = {
    "on Tuesday": "2021-06-08",
    "on 2 June": "2021-06-02",
    "on 2 June 2020": "2020-06-02",
    "yesterday": "2021-06-09",
    "in May 2020": "2020-05",
}


@pytest.mark.parametrize("words", DAYS)
def test_the_day_of_a_claim_is_counted_from_the_day_of_the_text(words: str) -> None:
    (one,) = claims(f"The governor told residents {words} that the bridge is closed.")
    assert one.when == DAYS[words]


def test_the_day_inside_the_words_is_not_the_day_they_were_said() -> None:
    (one,) = claims("The governor said that the bridge closed on 2 June 2020.")
    assert one.when is None


def test_an_article_without_any_day_dates_nothing() -> None:
    (one,) = find_article("The mayor said on Tuesday that it rained.", issuer=None, reference=None).claims
    assert one.when is None


def test_no_press_is_made_up_for_who_speaks_for_nobody() -> None:
    (one,) = claims("A shopkeeper and witness, Mara Lind, said the street was empty.")
    assert one.to is None
