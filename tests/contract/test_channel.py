"""E-mail over real SMTP: what arrives is what was sent, one answer a recipient."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.adapters.smtp import SmtpChannel
from tocsin.core.marking import Audience
from tocsin.demo.postbox import Postbox
from tocsin.demo.stage import free_ports
from tocsin.desk.records import Mail

AT = datetime(2024, 3, 7, 15, tzinfo=UTC)


def mail(address: str) -> tuple[Mail, bytes]:
    one = Mail(
        key=f"W-1:{address}",
        warning="W-1",
        number=1,
        audience=Audience.PUBLIC,
        party="",
        recipient=address,
        address=address,
        step=0,
        token=address,
        created=AT,
        not_after=AT + timedelta(days=2),
        due=AT,
    )
    raw = (
        f"From: warnings@embassy.example\r\nTo: {address}\r\nSubject: test\r\nMessage-ID: <{address}>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        ".a line that begins with a dot\r\nتجنبوا الحشود\r\nFrom here on\r\n"
    )
    return one, raw.encode()


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox(refuses=frozenset({"gone@people.example"}))
    (port,) = free_ports(1)
    server = box.start("127.0.0.1", port)
    yield box, port
    server.stop()


def send(port: int, *addresses: str) -> list[tuple[bool, bool]]:
    channel = SmtpChannel("127.0.0.1", port, "warnings@embassy.example")
    results = asyncio.run(channel.send([mail(address) for address in addresses]))
    assert [one.key for one in results] == [f"W-1:{address}" for address in addresses]
    return [(one.accepted, one.final) for one in results]


def test_what_arrives_is_what_was_sent(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    assert send(port, "a@people.example") == [(True, True)]
    letter = box.latest("a@people.example")
    assert letter.message_id == "<a@people.example>"
    assert letter.body.splitlines() == [".a line that begins with a dot", "تجنبوا الحشود", "From here on"]


def test_a_refused_recipient_is_final_and_does_not_touch_the_others(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    results = send(port, "a@people.example", "gone@people.example", "b@people.example")
    assert results == [(True, True), (False, True), (True, True)]
    assert box.count() == 2


def test_a_server_that_is_down_is_to_be_tried_again() -> None:
    (port,) = free_ports(1)
    assert send(port, "a@people.example", "b@people.example") == [(False, False), (False, False)]


def test_a_second_copy_is_counted_and_is_no_second_letter(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    send(port, "a@people.example")
    send(port, "a@people.example")
    assert (box.count(), box.second_copies) == (1, 1)
