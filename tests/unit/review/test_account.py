"""The account says no more than is proved, shows no person's name, runs nothing, and asks nobody for anything."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from tocsin.core.area import Point
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Precision, Window
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.account import (
    Account,
    CaseDelays,
    ScoreRow,
    WarnedText,
    make_facets,
    make_title,
    write_account,
    write_span,
)
from tocsin.review.incident import Incident, IncidentStatus
from tocsin.review.matching import MatchRule, ReviewedWarning, judge
from tocsin.review.timeline import Moment, build_timeline

ISSUED = datetime(2024, 3, 7, 15, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(hours=48)
MOSCOW = Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.756, 37.617))
HALL = Place(name="concert hall in Krasnogorsk", country="RU", level=Level.VENUE, point=Point(55.826, 37.39))
THREAT = Threat(places=(MOSCOW,), targets=("public_gathering",), actors=("extremists",), persons=("Karl Ungewöhnlich",))
INCIDENT = Incident(
    id="I-1",
    status=IncidentStatus.OCCURRED,
    start=datetime(2024, 3, 22, 16, 58, tzinfo=UTC),
    zone="Europe/Moscow",
    precision=Precision.MINUTE,
    place=HALL,
    targets=("concert",),
    actors=("isis-k",),
    methods=("shooting",),
    persons=("Otto Zweiter",),
    summary="Gunmen attack a concert hall.",
)
SCORES = (
    ScoreRow(late_allowed="not at all", event_hits=0, misses=1, warning_hits=0, no_known_event=1),
    ScoreRow(late_allowed="30 days", event_hits=1, misses=0, warning_hits=1, no_known_event=0),
)
OUTSIDE = re.compile(
    r"""(?:src|href|action|data|srcset)\s*=\s*["'](?!#)|url\((?!#)|@import|<script|<link|<iframe|<object|<img""",
    re.IGNORECASE,
)
VOID = {"meta", "br", "path", "circle", "rect", "use"}


def account(
    proof: VerifiedBundle, *, threat: Threat = THREAT, incident: Incident = INCIDENT, exercise: str = ""
) -> Account:
    window = Window(start=ISSUED, end=EXPIRES)
    warning = ReviewedWarning(id="W-1", threat=threat, issued=ISSUED, window=window)
    moments = [
        Moment(at=ISSUED, text="warning W-1 issued", by="state", grade="E0"),
        Moment(at=incident.start, text="incident", by="incident"),
    ]
    return Account(
        node="Embassy of Example",
        exercise=exercise,
        generated=datetime(2024, 3, 24, 9, tzinfo=UTC),
        zone="Europe/Moscow",
        incident=incident,
        warning=WarnedText(
            id="W-1",
            headline="Avoid large gatherings",
            description="There are reports of plans.",
            instruction="Stay away.",
            issued=ISSUED,
            expires=EXPIRES,
            status="on_watch",
        ),
        threat=threat,
        match=judge(warning, incident, MatchRule()),
        rule=MatchRule(),
        timeline=build_timeline(moments, proof),
        proof=proof,
        scores=SCORES,
        counts={"handed_over": 168, "refused": 1},
        case=CaseDelays(slug="moscow-crocus-2024", warning="w2", from_issue=368.0, from_window_end=308.0),
    )


class _Tags(HTMLParser):
    """Sees to it that every tag is closed, and keeps the words that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"], (tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.words.append(data)


def read(html: str) -> str:
    """The words of a page whose tags are sound, in one line."""
    tags = _Tags()
    tags.feed(html)
    assert tags.open == []
    return " ".join(" ".join(tags.words).split())


def test_the_title_is_the_finding(proof: VerifiedBundle) -> None:
    found = account(proof)
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
    found = account(proof, threat=threat, incident=incident)
    assert words in make_title(found.match, found.incident)


def test_it_holds_what_an_inquiry_asks_for(proof: VerifiedBundle) -> None:
    words = read(write_account(account(proof)))
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
        "not at all 0 of 1 1 of 1",
        "30 days 1 of 1 0 of 1",
        "168 handed over, 1 refused",
        "stated by this record, not compared",
    ):
        assert expected in words, expected


def test_every_key_is_shown_with_its_whole_fingerprint(proof: VerifiedBundle) -> None:
    words = read(write_account(account(proof)))
    assert [key.fingerprint in words for key in proof.keys] == [True, True, True]


BANNED = ("all clear", "safe", "confirmed", "false alarm", "successful", "sent successfully", "OK")


def test_no_word_promises_more_than_is_known(proof: VerifiedBundle) -> None:
    words = read(write_account(account(proof)))
    found = [word for word in BANNED if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words)]
    assert found == []
    assert "%" not in words, "below five cases no percentage"


def test_it_asks_nobody_for_anything_and_runs_nothing(proof: VerifiedBundle) -> None:
    html = write_account(account(proof))
    assert not OUTSIDE.search(html)
    assert "http" not in html.replace("http-equiv", "")
    assert html.count("<style>") == 1


def test_no_name_of_a_person_is_shown(proof: VerifiedBundle) -> None:
    html = write_account(account(proof))
    assert "Ungewöhnlich" not in html
    assert "Zweiter" not in html
    found = account(proof)
    person = make_facets(found.threat, found.incident, found.match, until=found.warning.expires, zone=found.zone)[-1]
    assert (person.said, person.was) == ("named", "named")


EVIL = '"><script>alert(1)</script><x onload="alert(2)" y=\'&'


def test_words_from_outside_are_never_markup(hostile_proof: VerifiedBundle) -> None:
    evil = account(
        hostile_proof,
        threat=replace(THREAT, places=(replace(MOSCOW, name=EVIL),)),
        incident=replace(INCIDENT, place=replace(HALL, name=EVIL), summary=EVIL),
        exercise=EVIL,
    )
    evil = replace(evil, node=EVIL, warning=replace(evil.warning, headline=EVIL, description=EVIL, instruction=EVIL))
    words = read(write_account(evil))
    assert words.count("<script>alert(1)</script>") >= 8
    assert "<script" not in write_account(evil)


def test_a_practice_node_says_exercise_on_screen_in_the_title_and_on_every_sheet(proof: VerifiedBundle) -> None:
    html = write_account(account(proof, exercise="Moscow, replayed"))
    assert '<body class="exercise">' in html
    assert "<title>EXERCISE: " in html
    assert "EXERCISE Moscow, replayed." in read(html)
    assert html.count('content: "EXERCISE"') == 2


def test_a_live_account_never_looks_like_an_exercise(proof: VerifiedBundle) -> None:
    html = write_account(account(proof))
    assert "<body>" in html
    assert "<title>Account of" in html
    assert "EXERCISE" not in html
    assert "Exercise" not in read(html)


def test_without_a_point_there_is_no_map_and_the_page_says_so(proof: VerifiedBundle) -> None:
    html = write_account(account(proof, threat=replace(THREAT, places=(replace(MOSCOW, point=None),))))
    assert 'class="map"' not in html
    assert "No map: the warning or the incident has no point." in read(html)


@pytest.mark.parametrize("name", ["map", "strip"])
def test_the_pictures_are_sound_and_say_in_words_what_they_show(proof: VerifiedBundle, name: str) -> None:
    html = write_account(account(proof))
    picture = ET.fromstring(re.findall(rf'<svg [^>]*class="{name}">.*?</svg>', html, re.DOTALL)[0])
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
