"""What the tests of the account are made from: one warning, one incident, and the words of a printed page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from msgspec.structs import replace
from pypdf import PdfReader

from tocsin.compose.leaks import HeldBack
from tocsin.core.area import Point
from tocsin.core.marking import Audience
from tocsin.core.threat import Level, Place, Threat
from tocsin.core.window import Precision, Window
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.account import make_account
from tocsin.review.account_html import write_html
from tocsin.review.account_pdf import write_pdf
from tocsin.review.facts import Accounted, CaseDelays, Counted, Facts, IssuedWords, Lead
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
WORDS = IssuedWords(
    audience=Audience.PUBLIC,
    headline="Avoid large gatherings",
    description="There are reports of plans.",
    instruction="Stay away.",
)
COUNTED = (
    Counted(
        told="public",
        late_allowed="not at all",
        warned_of=(0, 1),
        without_hit=(1, 1),
        false_alarms="without a hit under this rule (1 partial)",
    ),
    Counted(
        told="public", late_allowed="30 days", warned_of=(1, 1), without_hit=(0, 1), false_alarms="with no known event"
    ),
)
LEADS = (
    Lead(since="issue", at=ISSUED, before=None),
    Lead(since="first hand-over", at=ISSUED + timedelta(minutes=40), before=(3, 4)),
    Lead(since="first acknowledgement", at=None, before=(0, 4)),
)
VOID = {"meta", "br", "path", "circle", "rect", "use"}


def facts(proof: VerifiedBundle, *, threat: Threat = THREAT, incident: Incident = INCIDENT, **changes: Any) -> Facts:
    """All that the desk would gather; `changes` are fields of Facts."""
    window = Window(start=ISSUED, end=EXPIRES)
    warning = ReviewedWarning(id="W-1", threat=threat, issued=ISSUED, window=window)
    moments = [
        Moment(at=ISSUED, text="warning W-1 issued", by="state", grade=Grade.E0),
        Moment(at=incident.start, text="incident:", quote=incident.summary, by="incident", grade=Grade.E0),
    ]
    made = Facts(
        node="Embassy of Example",
        exercise="",
        generated=datetime(2024, 3, 24, 9, tzinfo=UTC),
        zone="Europe/Moscow",
        reader=Audience.PUBLIC,
        incident=incident,
        warning=Accounted(id="W-1", issued=ISSUED, expires=EXPIRES, status="on_watch", words=(WORDS,)),
        threat=threat,
        match=judge(warning, incident, MatchRule()),
        others=(),
        to_peers=None,
        rule=MatchRule(),
        timeline=build_timeline(moments, proof),
        proof=proof,
        counted=COUNTED,
        leads=LEADS,
        mail={"handed_over": 168, "refused": 1},
        names={},
        case=CaseDelays(slug="moscow-crocus-2024", warning="w2", from_issue=368.0, from_window_end=308.0),
    )
    return replace(made, **changes)


def html(found: Facts, *held_back: HeldBack) -> str:
    """The account as HTML."""
    return write_html(make_account(found, held_back))


def pdf_words(found: Facts, *held_back: HeldBack) -> str:
    """The words of the account as PDF, in one line."""
    pages = PdfReader(BytesIO(write_pdf(make_account(found, held_back)))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


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


def read(text: str) -> str:
    """The words of a page whose tags are sound, in one line."""
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    return " ".join(" ".join(tags.words).split())


Print = Callable[..., str]
PRINTED: dict[str, Print] = {"html": lambda *found: read(html(*found)), "pdf": pdf_words}
"""The words of an account, printed either way."""
