"""The account of a warning that was really issued: for each reader what is theirs, in HTML and in PDF, and its lessons."""

import json
import re
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from tests.unit.review.accounts import read
from tests.walks.conftest import START, World, named

from tocsin.core.data import read_data
from tocsin.core.marking import Audience
from tocsin.desk.account import account_for
from tocsin.desk.chase import answer_link
from tocsin.desk.lessons import add_lesson, close_lesson, list_lessons
from tocsin.desk.order import order_from_json
from tocsin.desk.readiness import find_shortcomings
from tocsin.desk.respond import respond
from tocsin.desk.review import record_incident
from tocsin.desk.show import list_inbox
from tocsin.desk.warn import issue_warning
from tocsin.errors import AccessError, InputError, NotFoundError, PolicyError, StateError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.review.account_html import write_html
from tocsin.review.account_pdf import write_pdf

INCIDENT = read_data("demo", "incident.json")
PHRASE = read_data("demo", "order.json")["held_back"][0]["phrase"]


def happened(world: World, **changes: object) -> str:
    """The incident, entered sixteen days after the warning."""
    world.move_to(START + timedelta(days=16))
    incident: str = record_incident(world.embassy.desk, json.dumps({**INCIDENT, **changes}).encode())["incident"]
    world.embassy.letters.clear()
    return incident


def words_for(world: World, incident: str, reader: Audience = Audience.PUBLIC) -> str:
    return read(write_html(account_for(world.embassy.desk, incident, reader=reader)))


def test_each_reader_gets_the_versions_that_are_theirs_and_no_stricter_one(later: World) -> None:
    texts = read_data("demo", "order.json")["texts"]
    incident = happened(later)
    order = [Audience.PUBLIC, Audience.PARTNER, Audience.INTERNAL]
    for place, reader in enumerate(order):
        words = words_for(later, incident, reader)
        for other in order:
            said = " ".join(texts[other.value]["description"].split())
            assert (said in words) is (order.index(other) <= place), (reader, other)


def test_a_phrase_that_the_draft_held_back_is_taken_out_for_those_who_may_not_see_it(later: World) -> None:
    incident = happened(later, summary=f"It came as {PHRASE} had said.")
    public = words_for(later, incident)
    assert PHRASE not in public
    assert "[taken out]" in public
    assert PHRASE in words_for(later, incident, Audience.INTERNAL)


def test_nobody_makes_an_account_of_more_than_they_may_read(later: World) -> None:
    incident = happened(later)
    analyst = named(later.embassy.node, "analyst")
    account_for(analyst, incident, reader=Audience.PARTNER)
    with pytest.raises(AccessError, match="may not read what is for internal readers"):
        account_for(analyst, incident, reader=Audience.INTERNAL)
    with analyst.store.read() as tx:
        refusal = tx.log.entries(kind=Kind.REFUSED)[-1]
    assert refusal.subject == analyst.actor


def test_where_the_held_back_phrases_are_not_known_nothing_goes_out(world: World) -> None:
    world.issue()
    with world.embassy.desk.store.write() as tx:
        (draft,) = tx.house.drafts()
        tx.house.put_draft(replace(draft, warning=""))
    incident = happened(world)
    with pytest.raises(PolicyError, match="what it held back is not known"):
        account_for(world.embassy.desk, incident)
    assert "Avoid large gatherings" in words_for(world, incident, Audience.INTERNAL)


def test_what_an_exercise_held_back_when_one_person_issued_alone_is_known_too(world: World) -> None:
    issue_warning(world.embassy.desk, order_from_json(world.order()))
    assert PHRASE not in words_for(world, happened(world, summary=f"It came as {PHRASE} had said."))


def test_who_was_reached_is_told_in_the_words_that_the_proof_bears(world: World) -> None:
    world.issue()
    (item,) = list_inbox(world.city.desk)
    respond(world.city.desk, item["item"], Answer.DISMISSED, reason="provocation")
    answer_link(world.embassy.node, world.embassy.link("hall1-1@venues.example"), Answer.ACTED, reason="doors closed")
    world.settle()
    words = words_for(world, happened(world))
    assert "city.example was told: its officer signed; it signed “dismissed”" in words
    assert "V1, by this node's own log alone; by its link somebody answered “acted”; who, is not proved" in words
    assert "Sent to V2, by this node's own log alone; nothing came back" in words
    assert "V1 says that it acted: “doors closed”" in words
    assert "that any measure was taken" in words


def test_a_peer_that_never_answered_is_said_to_have_signed_no_more_than_its_receipt(later: World) -> None:
    words = words_for(later, happened(later))
    assert "city.example was warned: its machine signed for it; it signed “delivered”. E3" in words
    assert "city.example was told" not in words


def test_an_incident_entered_later_shows_both_times(later: World) -> None:
    words = words_for(later, happened(later))
    assert re.search(r"incident: “[^”]+” \(entered Sat 23 Mar 2024, \d\d:\d\d\) E0", words)


def test_a_silence_of_the_log_is_told_and_every_act_of_the_ladder_ends_one(later: World) -> None:
    words = words_for(later, happened(later))
    assert "Nothing was entered here for" in words
    assert "asked V1 for an answer, step 2" in words


def test_the_pdf_says_the_same_and_is_the_same_every_time(later: World) -> None:
    sheet = account_for(later.embassy.desk, happened(later))
    raw = write_pdf(sheet)
    assert raw == write_pdf(replace(sheet))
    words = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(raw)).pages)
    assert "AvoidlargegatheringsinMoscow" in words
    assert "Amatchisnotproofofknowledge." in words
    assert words.count("EXERCISE") >= 2


def test_an_open_lesson_stands_in_the_next_account_and_in_node_check(later: World) -> None:
    first = happened(later)
    desk = later.embassy.desk
    due = (desk.clock.now() + timedelta(days=30)).date()
    lesson = add_lesson(desk, first, "ask venues twice", owner="analyst", due=due)["lesson"]
    second: str = record_incident(desk, json.dumps(INCIDENT).encode())["incident"]
    words = words_for(later, second, Audience.INTERNAL)
    assert f"{lesson} open, owner analyst, due" in words
    assert f"From the account of {first}." in words
    assert f"lesson {lesson} of {first} is open, due {due}" in find_shortcomings(desk)
    close_lesson(desk, lesson, "the list says so now")
    assert lesson not in words_for(later, second)
    assert "the list says so now" in words_for(later, first)
    assert not [one for one in find_shortcomings(desk) if one.startswith("lesson")]


def test_a_lesson_that_cannot_be_kept_is_refused_and_nothing_is_stored(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    soon = (desk.clock.now() + timedelta(days=1)).date()
    for error, wrong in (
        (NotFoundError, {"incident": "I-9"}),
        (NotFoundError, {"owner": "nobody"}),
        (InputError, {"text": "  "}),
        (InputError, {"text": "x" * 2001}),
        (InputError, {"due": date(2024, 3, 1)}),
    ):
        asked: dict[str, Any] = {"incident": incident, "text": "do it", "owner": "officer", "due": soon, **wrong}
        with pytest.raises(error):
            add_lesson(desk, asked["incident"], asked["text"], owner=asked["owner"], due=asked["due"])
    assert list_lessons(desk) == []


def test_a_lesson_is_closed_once_and_never_without_a_word(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    lesson = add_lesson(desk, incident, "do it", owner="officer", due=desk.clock.now().date() + timedelta(days=1))
    with pytest.raises(InputError, match="outcome"):
        close_lesson(desk, lesson["lesson"], " ")
    close_lesson(desk, lesson["lesson"], "done")
    with pytest.raises(StateError, match="was closed by"):
        close_lesson(desk, lesson["lesson"], "again")


def test_the_words_of_a_lesson_are_not_in_the_log(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    due = desk.clock.now().date() + timedelta(days=1)
    add_lesson(desk, incident, "Krummholz has to go", owner="officer", due=due)
    with desk.store.read() as tx:
        assert not [one for one in tx.log.entries(subject=incident) if b"Krummholz" in one.statement]
        (claims,) = [one.statement for one in tx.log.entries(subject=incident)][-1:]
    assert claims
