"""The account says no more than is proved, shows no person's name, runs nothing, and asks nobody for anything."""

import re
from datetime import date, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from tests.unit.review.accounts import (
    HALL,
    INCIDENT,
    ISSUED,
    MOSCOW,
    PRINTED,
    THREAT,
    WORDS,
    facts,
    html,
    pdf_words,
    read,
)

from tocsin.core.threat import Threat
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.account import make_account
from tocsin.review.account_pdf import write_pdf
from tocsin.review.facets import Verdict
from tocsin.review.facts import Measure, Party, Ruled
from tocsin.review.finding import make_facets, make_title, write_span
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.lesson import Lesson
from tocsin.review.sheet import texts_of

OUTSIDE = re.compile(
    r"""(?:src|href|action|data|srcset)\s*=\s*["'](?!#)|url\((?!#)|@import|<script|<link|<iframe|<object|<img""",
    re.IGNORECASE,
)


def test_the_title_is_the_finding(proof: VerifiedBundle) -> None:
    found = facts(proof)
    assert make_title(found.match, found.incident) == (
        "The warning named a place near by and the right kind of target; "
        "the incident came 13 days after its window had ended."
    )


def at(hours: float) -> Incident:
    return replace(INCIDENT, start=ISSUED + timedelta(hours=hours))


TITLES: dict[str, tuple[Threat, Incident, str]] = {
    "inside": (THREAT, at(2), "the incident came inside its window."),
    "minutes late": (THREAT, at(48.5), "the incident came 30 minutes after its window had ended."),
    "a day late": (THREAT, at(72), "the incident came 24 hours after its window had ended."),
    "foiled": (THREAT, replace(at(2), status=IncidentStatus.FOILED), "the plot was foiled inside its window."),
    "before the issue": (THREAT, at(-3), "the incident came 3 hours before it was issued."),
    "no place named": (replace(THREAT, places=()), at(2), "named no place and the right kind of target;"),
    "no target named": (replace(THREAT, targets=()), at(2), "named a place near by and no kind of target;"),
    "the wrong target": (replace(THREAT, targets=("worship",)), at(2), "and another kind of target;"),
}


@pytest.mark.parametrize(("threat", "incident", "words"), list(TITLES.values()), ids=list(TITLES))
def test_the_title_never_says_more_than_the_verdicts(
    proof: VerifiedBundle, threat: Threat, incident: Incident, words: str
) -> None:
    found = facts(proof, threat=threat, incident=incident)
    assert words in make_title(found.match, found.incident)


def test_it_holds_what_an_inquiry_asks_for(proof: VerifiedBundle) -> None:
    words = read(html(facts(proof)))
    for expected in (
        "A match is not proof of knowledge.",
        "The end of the window is not an all-clear.",
        "that anybody acknowledged it or acted on it",
        "dismissed: provocation",
        "E4 their officer signed",
        "362.0 h",
        "15 d 1 h 58 min 0 s",
        "13 d 1 h 58 min 0 s",
        "368.0 h",
        "308.0 h",
        "late allowed: not at all incidents with a warning: 0 of 1; warnings without a hit under this rule (1 partial): 1 of 1",
        "late allowed: 30 days incidents with a warning: 1 of 1; warnings with no known event: 0 of 1",
        "168 handed over, 1 refused",
        "stated by this record, not compared",
    ):
        assert expected in words, expected


def test_every_key_is_shown_with_its_whole_fingerprint(proof: VerifiedBundle) -> None:
    words = read(html(facts(proof)))
    assert [key.fingerprint in words for key in proof.keys] == [True, True, True]


BANNED = ("all clear", "safe", "confirmed", "false alarm", "successful", "sent successfully", "OK")


def test_no_word_promises_more_than_is_known(proof: VerifiedBundle) -> None:
    words = read(html(facts(proof)))
    found = [word for word in BANNED if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words)]
    assert found == []
    assert "%" not in words, "below five cases no percentage"


def test_it_asks_nobody_for_anything_and_runs_nothing(proof: VerifiedBundle) -> None:
    page = html(facts(proof))
    assert not OUTSIDE.search(page)
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<style>") == 1


def test_no_name_of_a_person_is_shown(proof: VerifiedBundle) -> None:
    page = html(facts(proof))
    assert "Ungewöhnlich" not in page
    assert "Zweiter" not in page
    found = facts(proof)
    person = make_facets(found.threat, found.incident, found.match, until=found.warning.expires, zone=found.zone)[-1]
    assert (person.said, person.was) == ("named", "named")


EVIL = '"><script>alert(1)</script><x onload="alert(2)" y=\'&'


def test_words_from_outside_are_never_markup(hostile_proof: VerifiedBundle) -> None:
    evil = facts(
        hostile_proof,
        threat=replace(THREAT, places=(replace(MOSCOW, name=EVIL),)),
        incident=replace(INCIDENT, place=replace(HALL, name=EVIL), summary=EVIL),
        exercise=EVIL,
    )
    said = replace(WORDS, headline=EVIL, description=EVIL, instruction=EVIL)
    evil = replace(evil, node=EVIL, warning=replace(evil.warning, words=(said,)))
    words = read(html(evil))
    assert words.count("<script>alert(1)</script>") >= 8
    assert "<script" not in html(evil)


def test_a_practice_node_says_exercise_on_screen_in_the_title_and_on_every_sheet(proof: VerifiedBundle) -> None:
    page = html(facts(proof, exercise="Moscow, replayed"))
    assert '<body class="exercise">' in page
    assert "<title>EXERCISE: " in page
    assert "EXERCISE Moscow, replayed" in read(page)
    assert page.count('content: "EXERCISE"') == 2


def test_a_live_account_never_looks_like_an_exercise(proof: VerifiedBundle) -> None:
    page = html(facts(proof))
    assert "<body>" in page
    assert "<title>Account of" in page
    assert "EXERCISE" not in page
    assert "Exercise" not in read(page)


def test_without_a_point_there_is_no_map_and_the_page_says_so(proof: VerifiedBundle) -> None:
    page = html(facts(proof, threat=replace(THREAT, places=(replace(MOSCOW, point=None),))))
    assert 'class="map"' not in page
    assert "No map: the warning or the incident has no point." in read(page)


@pytest.mark.parametrize("name", ["map", "strip"])
def test_the_pictures_are_sound_and_say_in_words_what_they_show(proof: VerifiedBundle, name: str) -> None:
    page = html(facts(proof))
    picture = ET.fromstring(re.findall(rf'<svg [^>]*class="{name}">.*?</svg>', page, re.DOTALL)[0])
    title = picture.findtext("title") or ""
    assert "incident" in title
    for one in picture.iter():
        for value in one.attrib.values():
            assert "nan" not in value
            assert "inf" not in value


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(hours=1), "1 h 0 min 0 s"),
        (-timedelta(minutes=2), "minus 2 min 0 s"),
    ],
)
def test_a_span_is_written_exactly(span: timedelta, words: str) -> None:
    assert write_span(span) == words


def test_the_same_account_is_the_same_pdf_byte_for_byte(proof: VerifiedBundle) -> None:
    sheet = make_account(facts(proof), ())
    assert write_pdf(sheet) == write_pdf(sheet)


def test_words_from_outside_are_never_read_as_typst(proof: VerifiedBundle) -> None:
    evil = '#read("/etc/hostname") *bold* $x$ \\ @cite <label>'
    words = pdf_words(facts(proof, incident=replace(INCIDENT, summary=evil)))
    assert words.count(evil) == 2


def test_both_prints_tell_every_passage(proof: VerifiedBundle) -> None:
    found = facts(proof)
    texts = ["".join(text.split()) for text in texts_of(make_account(found, ())) if text]
    for kind, words in PRINTED.items():
        # A PDF breaks lines where they end and leaves no space there; the words of a picture are drawn in it.
        printed = words(found).replace(" ", "")
        missing = [one for one in texts if one not in printed]
        assert [one for one in missing if not one.startswith(("Map:", "issued7Mar"))] == [], kind


ANSWERS = {
    "who warned": "Embassy of Example issued warning W-1 on Thu 7 Mar 2024, 18:00",
    "whom": "city.example was told: its officer signed",
    "in what words": "Avoid large gatherings",
    "was it received, proved how": "it signed “dismissed”",
    "what happened": "Gunmen attack a concert hall.",
    "how late after the window": "314.0 h after the window’s end",
    "how long before, from issue": "from issue 362.0 h",
    "from the first hand-over": "from first hand-over 361.3 h",
    "from the first acknowledgement": "from first acknowledgement never",
    "what was done": "V1 says that it acted: “doors closed”",
    "what is open": "L-1 open, owner P-3, due 1 May 2024: “ask venues twice”",
    "what is not proved": "that anybody acknowledged it or acted on it",
}


@pytest.mark.parametrize("kind", PRINTED)
def test_with_the_account_alone_one_can_answer(proof: VerifiedBundle, kind: str) -> None:
    city = Party(name="city.example", grade=Grade.E4, answer="dismissed", reason="provocation", signed=True)
    done = Measure(at=ISSUED + timedelta(hours=1), party="V1", words="doors closed", grade=Grade.E1)
    found = facts(proof, parties=(city,), measures=(done,), lessons=(LESSON,))
    words = re.sub(r"(?<=“) | (?=”)", "", PRINTED[kind](found))
    assert {question: answer for question, answer in ANSWERS.items() if answer not in words} == {}


LESSON = Lesson(
    id="L-1",
    incident="I-1",
    text="ask venues twice",
    owner="P-3",
    due=date(2024, 5, 1),
    opened=ISSUED + timedelta(days=17),
    by="P-3",
)


def test_open_lessons_of_earlier_accounts_come_first_and_an_overdue_one_says_so(proof: VerifiedBundle) -> None:
    earlier = replace(LESSON, id="L-9", incident="I-0", text="keep the list of halls", due=date(2024, 3, 20))
    done = replace(LESSON, id="L-2", closed=ISSUED + timedelta(days=17), closed_by="P-3", outcome="the list is kept")
    words = read(html(facts(proof, lessons=(LESSON, done, earlier))))
    places = [words.index(one.id) for one in (earlier, LESSON, done)]
    assert places == sorted(places)
    assert "L-9 open and overdue, owner P-3, due 20 Mar 2024" in words
    assert "From the account of I-0." in words
    assert "“the list is kept”" in words.replace("“ ", "“").replace(" ”", "”")


def test_a_ruling_stands_beside_the_verdict_and_both_are_told(proof: VerifiedBundle) -> None:
    ruled = Ruled(
        warning="W-1", by="P-3", judged=Verdict.PARTIAL, ruled=Verdict.MISSED_EVENT, reason="the day was over"
    )
    words = read(html(facts(proof, rulings=(ruled,))))
    assert "W-1 a partial match, class lapsed" in words
    assert "W-1 missed event, ruled by P-3; the rule said partial. The reason given: “the day was over”" in words


def test_a_pdf_says_in_the_place_of_letters_that_it_cannot_show_how_many_they_are(proof: VerifiedBundle) -> None:
    words = pdf_words(facts(proof, incident=replace(INCIDENT, summary="An attack in 北京市, they say.")))
    assert "An attack in [3 letters, in the HTML], they say." in words
    assert "Letters that have no shape in this file: 6. The HTML shows them." in words, "it stands twice"
    assert "no shape" not in pdf_words(facts(proof, incident=replace(INCIDENT, summary="Красногорск, Αθήνα, Łódź")))
    assert "北京市" in html(facts(proof, incident=replace(INCIDENT, summary="An attack in 北京市, they say.")))


NAMES = {
    "Arabic": "قاعة الحفلات",
    "Georgian": "საკონცერტო დარბაზი",
    "Armenian": "համերգասրահ",
    "Thai": "ห้องแสดงคอนเสิร์ต",
    "Devanagari": "संगीत भवन",
    "Ethiopic": "የኮንሰርት አዳራሽ",
}


@pytest.mark.parametrize("script", list(NAMES))
def test_a_name_in_its_own_letters_is_set_with_letters_that_have_a_shape(proof: VerifiedBundle, script: str) -> None:
    found = facts(proof, incident=replace(INCIDENT, summary=NAMES[script]))
    assert "have no shape" not in pdf_words(found)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(write_pdf(make_account(found, ())))).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]  # pypdf types a page as any object
    }
    assert any(f"NotoSans{script}" in one for one in fonts), fonts
