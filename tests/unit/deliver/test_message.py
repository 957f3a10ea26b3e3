"""One message, the same bytes each time, plain text, and nobody can put a header into it."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cap.alert import Alert, AlertArea, Category, Certainty, Info, MsgType, Scope, Severity, Status, Urgency
from tocsin.core.area import Area, Circle, Point
from tocsin.core.data import read_data
from tocsin.core.language import LANGUAGES
from tocsin.deliver.message import LINE_WIDTH, render_mail

SENT = datetime(2024, 3, 7, 15, tzinfo=UTC)
LINK = "https://embassy.example/k/abcdefghijklmnopqrstuvwxyz"
KEY = "W-1:1:public:P001:mail:0"


def alert(status: Status = Status.ACTUAL, **changed: Any) -> Alert:
    facts: dict[str, Any] = {
        "categories": (Category.SECURITY,),
        "event": "Threat of attack",
        "urgency": Urgency.EXPECTED,
        "severity": Severity.SEVERE,
        "certainty": Certainty.POSSIBLE,
        "expires": SENT + timedelta(hours=48),
        "sender_name": "Embassy of Example",
        "headline": "Avoid large gatherings for 48 hours.",
        "description": "Extremists may plan to attack large gatherings in Moscow, concerts among them. " * 3,
        "instruction": "Stay away from concerts.\nFollow local news.",
        "areas": (AlertArea(Area(description="Moscow", circles=(Circle(Point(55.756, 37.617), 8.0),))),),
    }
    return Alert(
        identifier="embassy.example.W-1",
        sender="warnings@embassy.example",
        sent=SENT,
        status=status,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        infos=(Info(**(facts | changed)),),
    )


def mail(made: Alert, **changed: Any) -> bytes:
    facts: dict[str, Any] = {
        "key": KEY,
        "node": "embassy.example",
        "sender": "warnings@embassy.example",
        "recipient": "p001@people.example",
        "at": SENT,
        "zone": "Europe/Moscow",
        "link": LINK,
    }
    return render_mail(made, **(facts | changed))


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def test_the_same_delivery_is_the_same_message_byte_for_byte() -> None:
    assert mail(alert()) == mail(alert())
    assert mail(alert()) != mail(alert(), key="W-1:1:public:P002:mail:0")


def test_a_second_copy_has_the_same_message_id_and_key() -> None:
    message = read(mail(alert()))

    assert message["Message-ID"] == "<W-1.1.public.P001.mail.0@embassy.example>"
    assert message["X-Tocsin-Key"] == KEY


def test_the_headers_are_those_that_stop_auto_replies_and_no_others() -> None:
    message = read(mail(alert()))

    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Tocsin-Key"),
        *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == SENT
    assert message.get_content_type() == "text/plain"
    assert not message.is_multipart()


def test_the_reader_finds_what_to_do_where_until_when_and_who_says_so() -> None:
    body = read(mail(alert())).get_content()

    for line in (
        "Avoid large gatherings for 48 hours.",
        "Do this: Stay away from concerts.",
        "Where: Moscow",
        "Issued: Thursday 7 March 2024, 18:00 (Europe/Moscow), 2024-03-07T15:00:00Z",
        "Until: Saturday 9 March 2024, 18:00 (Europe/Moscow), 2024-03-09T15:00:00Z",
        "The end of this time is not an all-clear.",
        "Who says so: Embassy of Example",
        LINK,
    ):
        assert line in body.splitlines()
    assert body.index("Do this") < body.index("Extremists")


def test_what_is_not_stated_is_said_to_be_so_and_no_end_is_made_up() -> None:
    body = read(mail(alert(expires=None, areas=(), instruction=None))).get_content()

    assert "Until: not stated" in body
    assert "Where: not stated" in body
    assert "Do this" not in body


def test_a_start_to_come_is_told() -> None:
    body = read(mail(alert(onset=SENT + timedelta(hours=6)))).get_content()

    assert "Begins: Friday 8 March 2024, 00:00 (Europe/Moscow), 2024-03-07T21:00:00Z" in body


def test_opening_the_link_is_said_to_record_nothing_and_it_is_the_only_link() -> None:
    text = mail(alert()).decode()

    assert "Opening it alone records nothing." in " ".join(text.split())
    assert text.count("http") == 1


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST, Status.SYSTEM, Status.DRAFT])
def test_what_is_not_actual_says_so_in_subject_first_and_last_line(status: Status) -> None:
    message = read(mail(alert(status)))
    lines = message.get_content().splitlines()

    assert message["Subject"].startswith("[EXERCISE] ")
    assert lines[0] == lines[-1] == "EXERCISE"


def test_a_live_warning_never_says_exercise() -> None:
    assert b"EXERCISE" not in mail(alert())


WORDS = read_data("deliver", "mail.json")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_phrase_with_the_same_values(language: str) -> None:
    def values(words: dict[str, str]) -> dict[str, list[str]]:
        return {name: re.findall(r"{(\w+)}", text) for name, text in words.items()}

    assert values(WORDS[language]) == values(WORDS["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_speaks_the_language_of_its_warning_with_the_times_of_every_other(language: str) -> None:
    read_alike = read(mail(alert(language=language))).get_content()
    words = WORDS[language]
    for phrase in ("no_all_clear", "ask"):
        assert words[phrase] in " ".join(read_alike.split())
    assert words["who"].format(words="Embassy of Example") in read_alike
    assert "(Europe/Moscow), 2024-03-09T15:00:00Z" in " ".join(read_alike.split())
    if language != "en":
        assert [one for one in ("Do this", "Until", "Who says so", "Issued") if one in read_alike] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exercise_says_so_first_and_last_in_its_language_and_a_live_warning_never_does(language: str) -> None:
    message = read(mail(alert(Status.EXERCISE, language=language)))
    marker = WORDS[language]["exercise"]
    lines = message.get_content().splitlines()
    assert message["Subject"].startswith(f"[{marker}] ")
    assert lines[0] == lines[-1] == marker
    assert marker.encode() not in mail(alert(language=language))


def test_a_later_notice_says_that_it_is_one() -> None:
    assert read(mail(alert(), notice=3))["Subject"] == "Avoid large gatherings for 48 hours. (notice 3)"
    assert "notice" not in read(mail(alert(), notice=1))["Subject"]


@pytest.mark.parametrize(
    "name",
    [
        "Embassy, of Example",
        'The "Embassy"',
        "Посольство",
        "a@evil.example <b@evil.example>",
        "A\r\nBcc: c@evil.example",
    ],
)
def test_an_issuers_name_cannot_add_a_sender_or_a_header(name: str) -> None:
    message = read(mail(alert(sender_name=name)))

    assert [one.addr_spec for one in message["From"].addresses] == ["warnings@embassy.example"]
    assert message["Bcc"] is None


def test_a_headline_over_two_lines_adds_no_header() -> None:
    message = read(mail(alert(headline="Stay away\r\nBcc: c@evil.example\n\nbody")))

    assert message["Subject"] == "Stay away Bcc: c@evil.example body"
    assert message["Bcc"] is None


def test_a_recipient_with_a_line_end_is_refused() -> None:
    with pytest.raises(ValueError, match="linefeed"):
        mail(alert(), recipient="a@b.example\r\nBcc: c@d.example")


def test_no_word_and_no_link_is_broken_and_lines_are_short() -> None:
    long_link = "https://embassy.example/" + "x" * 120
    raw = mail(alert(description="слово " * 200 + "unbreakable" * 20), link=long_link)
    lines = read(raw).get_content().splitlines()

    assert long_link in lines
    assert "unbreakable" * 20 in lines
    assert all(len(line) <= LINE_WIDTH or " " not in line for line in lines)
    assert "слово" in raw.decode("utf-8")


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_the_words_are_every_line_on_the_wire_is_legal(headline: str, description: str) -> None:
    # CAP is XML: what it cannot hold never comes here.
    words = ["".join(c for c in text if c.isprintable() or c == "\n") for text in (headline, description)]
    raw = mail(alert(headline=words[0] or "x", description=words[1]))

    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert LINK in read(raw).get_content()
