"""The life of one warning, from the report to the answers: whole stories in which an unexpected message fails."""

import random
from datetime import timedelta

import pytest
from tests.walks.conftest import PEOPLE, World

from tocsin.core.data import read_text_data
from tocsin.desk.chase import answer_link
from tocsin.desk.order import order_from_json
from tocsin.desk.ports import MovableClock
from tocsin.desk.public import show_link
from tocsin.desk.records import Logged
from tocsin.desk.register import import_register
from tocsin.desk.respond import open_item, respond
from tocsin.desk.show import list_inbox, list_warnings, show_warning
from tocsin.desk.warn import issue_warning, preview_warning
from tocsin.errors import ClockError, InputError, LeakError, NotFoundError, PolicyError, VerificationError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer


def expect_first_notice(world: World) -> None:
    world.embassy.expect_people(3)
    world.embassy.expect("hall1-1@venues.example", "Avoid large gatherings")
    world.embassy.expect("hall2-1@venues.example", "Avoid large gatherings")
    world.embassy.expect_nothing_more()


def silence(world: World) -> None:
    """Read and forget what is on its way: for stories about something else."""
    world.embassy.letters.clear()
    world.city.letters.clear()


def ladder(world: World, warning: str, party: str) -> dict[str, object]:
    found: dict[str, object] = next(
        o for o in show_warning(world.embassy.desk, warning)["asked"] if o["party"] == party
    )
    return found


def test_a_warning_reaches_the_exposed_those_who_can_act_and_the_peer_once_each(world: World) -> None:
    warning = world.issue()
    expect_first_notice(world)
    (item,) = list_inbox(world.city.desk)
    assert (item["from"], item["state"], item["status"]) == ("embassy.example", "delivered", "live")
    (peer,) = show_warning(world.embassy.desk, warning)["peers"]
    assert (peer["state"], peer["grade"]) == ("delivered", "E3")


def test_the_peer_signs_delivered_before_it_could_know_what_is_inside(world: World) -> None:
    world.issue()
    silence(world)
    with world.city.desk.store.read() as tx:
        kinds = [one.kind for one in tx.log.entries()]
    assert kinds.index(Kind.RECEIPT) < kinds.index(Kind.ENVELOPE)


def test_nobody_answers_and_it_goes_on_and_higher_up(world: World) -> None:
    world.issue()
    expect_first_notice(world)
    world.pass_time(minutes=15)
    for address in ("hall1-1", "hall1-2", "hall2-1"):
        world.embassy.expect(f"{address}@venues.example", "notice 2")
    world.pass_time(minutes=30)
    for address in ("hall1-1", "hall1-2", "hall1-3", "hall2-1"):
        world.embassy.expect(f"{address}@venues.example", "notice 3")
    world.pass_time(minutes=15)
    world.embassy.expect("duty@city.example", "notice 2")
    world.pass_time(minutes=30)
    world.embassy.expect("liaison@embassy.example", "notice 3")
    world.embassy.expect_nothing_more()


def test_an_answer_stops_only_that_partys_ladder(world: World) -> None:
    warning = world.issue()
    expect_first_notice(world)
    answer_link(world.embassy.node, world.embassy.link("hall1-1@venues.example"), Answer.ACKNOWLEDGED)
    world.pass_time(minutes=20)
    world.embassy.expect("hall2-1@venues.example", "notice 2")
    world.embassy.expect_nothing_more()
    assert ladder(world, warning, "V1")["ended_by"] == "acknowledged"
    assert ladder(world, warning, "V2")["ended"] is None


def test_a_dismissal_stops_only_the_dismissing_partys_ladder(world: World) -> None:
    warning = world.issue()
    expect_first_notice(world)
    (item,) = list_inbox(world.city.desk)
    respond(world.city.desk, item["item"], Answer.DISMISSED, reason="provocation")
    world.pass_time(minutes=20)
    for address in ("hall1-1", "hall1-2", "hall2-1"):
        world.embassy.expect(f"{address}@venues.example", "notice 2")
    world.pass_time(hours=5)
    assert not [one for one in world.embassy.letters if "city" in one[0] or "liaison" in one[0]]
    silence(world)
    (peer,) = show_warning(world.embassy.desk, warning)["peers"]
    assert (peer["state"], peer["grade"]) == ("dismissed", "E4")
    (said,) = [one for one in show_warning(world.embassy.desk, warning)["answers"] if one["answer"] == "dismissed"]
    assert (said["reason"], said["by"]) == ("provocation", "city.example/practice/officer")


def test_opening_a_link_records_nothing(world: World) -> None:
    warning = world.issue()
    silence(world)
    before = show_warning(world.embassy.desk, warning)
    with world.embassy.desk.store.read() as tx:
        size = tx.log.size()
    assert show_link(world.embassy.desk, world.embassy.link("hall1-1@venues.example"))["answer"] is None
    with world.embassy.desk.store.read() as tx:
        assert tx.log.size() == size
    assert show_warning(world.embassy.desk, warning) == before


def test_the_same_answer_twice_is_one_answer(world: World) -> None:
    warning = world.issue()
    silence(world)
    token = world.embassy.link("hall1-1@venues.example")
    for _ in range(2):
        answer_link(world.embassy.node, token, Answer.ACKNOWLEDGED)
    assert sum(one["party"] == "V1" for one in show_warning(world.embassy.desk, warning)["answers"]) == 1


def test_reading_is_not_acknowledging(world: World) -> None:
    warning = world.issue()
    silence(world)
    (item,) = list_inbox(world.city.desk)
    open_item(world.city.desk, item["item"])
    world.settle()
    assert ladder(world, warning, "city.example")["ended"] is None
    world.pass_time(minutes=61)
    world.embassy.expect("duty@city.example", "notice 2")
    silence(world)


def test_a_guessed_link_opens_nothing(world: World) -> None:
    world.issue()
    silence(world)
    for token in ("", "a" * 26, "../../etc/passwd"):
        with pytest.raises(NotFoundError):
            answer_link(world.embassy.node, token, Answer.ACKNOWLEDGED)


def test_a_refused_address_is_shown_and_not_tried_again(world: World) -> None:
    world.embassy.refused = frozenset({"p1@people.example"})
    warning = world.issue()
    world.embassy.expect_people(2)
    silence(world)
    assert show_warning(world.embassy.desk, warning)["mail"]["refused"] == 1
    world.pass_time(minutes=10)
    assert show_warning(world.embassy.desk, warning)["mail"]["refused"] == 1


def test_a_peer_that_cannot_be_reached_gets_the_envelope_later_and_once(world: World) -> None:
    world.embassy.network_up = False
    warning = world.issue()
    world.pass_time(minutes=5)
    silence(world)
    assert list_inbox(world.city.desk) == []
    (peer,) = show_warning(world.embassy.desk, warning)["peers"]
    assert (peer["state"], peer["grade"]) == ("committed", "E0")
    world.embassy.network_up = True
    world.pass_time(hours=1)
    silence(world)
    assert len(list_inbox(world.city.desk)) == 1


def test_a_window_that_ends_is_no_all_clear_at_either_node(world: World) -> None:
    world.issue()
    world.pass_time(hours=48)
    assert list_warnings(world.embassy.desk)[0]["status"] == "live"
    world.pass_time(seconds=1)
    silence(world)
    assert list_warnings(world.embassy.desk)[0]["status"] == "on_watch"
    assert list_inbox(world.city.desk)[0]["status"] == "on_watch"


def random_name(seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(
        "".join(chance.choices("bdfgklmnprstvz", k=1) + chance.choices("aeiou", k=1)) * 2 for _ in range(2)
    ).title()


@pytest.mark.parametrize("form", ["{}", "{} \n", "the cousin of {}", "a cook of the guest house near that cell"])
def test_a_leak_stores_nothing_sends_nothing_and_is_logged_as_refused(world: World, form: str) -> None:
    name = random_name(hash(form) % 1000)
    order = world.order()
    held = [{"id": "H1", "phrase": name}, *order["held_back"]]
    words = dict(order["texts"]["public"]) | {
        "description": "We know it from " + form.format(name.replace(" ", "\n")) + "."
    }
    bad = dict(order) | {"held_back": held, "texts": dict(order["texts"]) | {"public": words}}
    with pytest.raises(LeakError) as caught:
        issue_warning(world.embassy.desk, order_from_json(bad))
    assert name.split()[0] not in str(caught.value)
    world.settle()
    world.embassy.expect_nothing_more()
    assert list_warnings(world.embassy.desk) == []
    with world.embassy.desk.store.read() as tx:
        assert tx.log.entries()[-1].kind is Kind.REFUSED
        assert name.encode() not in tx.log.entries()[-1].statement


def test_the_same_request_twice_issues_one_warning(world: World) -> None:
    order = order_from_json(world.order())
    first = issue_warning(world.embassy.desk, order, once="request 1")
    again = issue_warning(world.embassy.desk, order, once="request 1")
    world.settle()
    expect_first_notice(world)
    assert first == again
    assert len(list_warnings(world.embassy.desk)) == 1


def test_a_preview_changes_nothing(world: World) -> None:
    order = order_from_json(world.order())
    with world.embassy.desk.store.read() as tx:
        size = tx.log.size()
    found = preview_warning(world.embassy.desk, order)
    assert (found["issued"], found["exposed"]["people"]) == (False, 3)
    world.settle()
    world.embassy.expect_nothing_more()
    with world.embassy.desk.store.read() as tx:
        assert tx.log.size() == size


def test_a_peer_without_an_agreement_is_refused(world: World) -> None:
    with pytest.raises(PolicyError, match="no agreement"):
        issue_warning(world.embassy.desk, order_from_json(world.order(peers=["other.example"])))


def test_a_clock_that_jumps_back_stops_every_act(world: World) -> None:
    world.issue()
    silence(world)
    clock = world.embassy.desk.clock
    file = clock._file  # type: ignore[attr-defined]  # the rehearsal's clock is a file
    file.write_text("2024-03-07T13:00:00Z\n")
    with world.embassy.desk.store.read() as tx:
        size = tx.log.size()
    with pytest.raises(ClockError) as caught:
        import_register(world.embassy.desk, "people", PEOPLE.encode())
    assert "clock reads 2024-03-07T13:00:00Z" in str(caught.value)
    assert caught.value.hint
    with world.embassy.desk.store.read() as tx:
        assert tx.log.size() == size


def test_an_envelope_for_somebody_else_is_kept_and_never_shown_as_true(world: World) -> None:
    from tocsin.desk.receive import receive_envelope

    token = world.city.desk.agreements["embassy.example"].mailboxes["city.example"]
    receipt = receive_envelope(world.city.node, token, b"not an envelope")
    assert receive_envelope(world.city.node, token, b"not an envelope") == receipt
    world.settle()
    assert list_inbox(world.city.desk) == []
    with world.city.desk.store.read() as tx:
        assert any(one.kind is Kind.REFUSED for one in tx.log.entries())


@pytest.mark.parametrize("raw", [b"", b"x" * (1024 * 1024 + 1)], ids=["empty", "over-long"])
def test_a_mailbox_refuses_what_cannot_be_an_envelope(world: World, raw: bytes) -> None:
    from tocsin.desk.receive import receive_envelope

    token = world.city.desk.agreements["embassy.example"].mailboxes["city.example"]
    with pytest.raises(InputError):
        receive_envelope(world.city.node, token, raw)
    with pytest.raises(NotFoundError):
        receive_envelope(world.city.node, "0" * 32, b"x")


def test_every_leaf_of_the_log_opens_as_a_statement_with_its_own_serial(world: World) -> None:
    from tocsin.evidence.entry import Entry
    from tocsin.evidence.statement import verify_statement

    world.issue()
    silence(world)
    desk = world.embassy.desk
    with desk.store.read() as tx:
        leaves = tx.log.leaves(0, tx.log.size())
        for logged in tx.log.entries():
            assert Entry(logged.statement, logged.blind).leaf == leaves[logged.index]
            keys = [desk.keys.node.verify_key, *(role.verify_key for role in desk.keys.roles.values())]
            statement = None
            for key in keys:
                try:
                    statement = verify_statement(logged.statement, key)
                except VerificationError:
                    continue
            assert statement is not None
            assert statement.serial == logged.index
        tree_hash = tx.log.hash(0, 0)
        assert tree_hash == Entry(tx.log.entry(0).statement, tx.log.entry(0).blind).leaf_hash
    assert b"people.example" not in b"".join(logged.statement for logged in _entries(world))
    assert read_text_data("demo", "report.txt").encode()[:40] not in b"".join(o.statement for o in _entries(world))


def _entries(world: World) -> tuple[Logged, ...]:
    with world.embassy.desk.store.read() as tx:
        return tx.log.entries()


def test_after_an_outage_each_party_is_asked_once_and_not_for_every_step_missed(world: World) -> None:
    world.issue()
    expect_first_notice(world)
    clock = world.embassy.desk.clock
    assert isinstance(clock, MovableClock)
    later = clock.now() + timedelta(days=1, hours=12)
    for one in world.both:
        assert isinstance(one.desk.clock, MovableClock)
        one.desk.clock.move_to(later)
    world.settle()
    for address in ("hall1-1@venues", "hall1-2@venues", "hall1-3@venues", "hall2-1@venues"):
        world.embassy.expect(f"{address}.example", "notice 4")
    world.embassy.expect("liaison@embassy.example", "notice 4")
    world.embassy.expect_nothing_more()
