"""The reference texts as they really come in: forwarded, shouted, wrapped, in a page, with a phone list."""

import textwrap
from collections.abc import Callable
from email.message import EmailMessage
from html import escape
from pathlib import Path

import pytest

from tocsin.bench.gold import Counts, GoldText, gold_texts, score
from tocsin.bench.intake import GOALS
from tocsin.gazetteer import open_gazetteer
from tocsin.intake.container import extract_parts
from tocsin.intake.report import reading_as_json

Noise = Callable[[str], bytes]
PHONES = "Duty officer: +7 495 728 5000\nSwitchboard (day): 00 7 495 728 5001\nPress: 728-5002 ext. 12\n"
NOTICE = "This message is confidential. If you are not the intended recipient, tell the sender and delete it at once.\n"


def mail(text: str, subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "A. Clerk <clerk@desk.example>", "all@desk.example", subject
    message.set_content(text)
    return message


def forwarded_twice(text: str) -> bytes:
    once = f"FYI\n\n---------- Forwarded message ----------\nFrom: First Desk <one@one.example>\nSubject: Fwd\nTo: two@two.example\n\n{text}"
    twice = f"please see below\n\n-----Original Message-----\nFrom: Second Desk <two@two.example>\nSent: Monday\nSubject: FW: Fwd\n\n{once}"
    return mail(f"{twice}\n\n-- \nA. Clerk\nRoom 4\n{NOTICE}", "FW: FW: Fwd").as_bytes()


def wrapped(text: str) -> bytes:
    lines = [line for one in text.splitlines() for line in textwrap.wrap(one, 70) or [""]]
    return "\n".join(f"> {line}" for line in lines).encode()


def page(text: str) -> bytes:
    body = "".join(f"<p>{escape(one)}</p>" for one in text.splitlines() if one.strip())
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "Visas", "News", "Contact", "Jobs"))
    return (
        f"<!doctype html><html><head><title>Notice</title><script>var threat='bomb in Paris';</script></head><body>"
        f"<nav><ul>{menu}</ul></nav><article>{body}</article>"
        f"<footer><p>Cookies help us. All rights reserved.</p><p>The site is not responsible for links.</p></footer></body></html>"
    ).encode()


NOISES: dict[str, tuple[Noise, float]] = {
    "forwarded twice": (forwarded_twice, 0.03),
    "in capitals": (lambda text: text.upper().encode(), 0.08),
    "wrapped at 72 with marks": (wrapped, 0.03),
    "in a page": (page, 0.03),
    "with a phone list": (lambda text: f"{text}\n{PHONES}".encode(), 0.03),
}


def scores(texts: tuple[GoldText, ...], noise: Noise) -> dict[str, float]:
    total: dict[str, Counts] = {}
    for one in texts:
        ((_, reading),) = extract_parts(noise(one.text), gazetteer=open_gazetteer())
        for field, counts in score(one.answer, reading_as_json(reading, file=one.id)).items():
            total[field] = total.get(field, Counts()) + counts
    return {field: total[field].f1 if how == "F1" else total[field].share for field, (_, _, how) in GOALS.items()}


@pytest.fixture(scope="module")
def texts(shared: Path) -> tuple[GoldText, ...]:
    return gold_texts(shared / "alerts")


@pytest.fixture(scope="module")
def clean(texts: tuple[GoldText, ...]) -> dict[str, float]:
    return scores(texts, str.encode)


@pytest.mark.parametrize("name", NOISES)
def test_noise_around_a_text_takes_little_from_what_is_read(
    name: str, texts: tuple[GoldText, ...], clean: dict[str, float]
) -> None:
    noise, most = NOISES[name]
    found = scores(texts, noise)
    lost = {field: round(clean[field] - found[field], 3) for field in clean}
    print(name, lost)
    assert {field: loss for field, loss in lost.items() if loss > most} == {}
