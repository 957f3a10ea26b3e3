"""A warning that is out is updated, extended, eased or cancelled; the peer's inbox is right in any order of arrival."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.walks.conftest import PEOPLE, World
from tests.walks.leaves import read_claims

from tocsin.cap.alert import MsgType, ResponseType
from tocsin.cap.codec import read_alert
from tocsin.compose.revision import Change
from tocsin.core.marking import Audience
from tocsin.desk.changes import draft_revision, preview_revision
from tocsin.desk.chase import answer_link
from tocsin.desk.clockwork import run_due
from tocsin.desk.drafts import draft_warning, list_drafts, release_alone, release_draft
from tocsin.desk.ports import MovableClock
from tocsin.desk.proofs import make_warning_bundle
from tocsin.desk.public import show_link, show_public
from tocsin.desk.quarantine import list_quarantine, retry_quarantined
from tocsin.desk.receive import receive_envelope
from tocsin.desk.records import MailState, Posting
from tocsin.desk.register import import_register
from tocsin.desk.respond import respond
from tocsin.desk.sending import claim_postings, settle_posting
from tocsin.desk.show import list_inbox, list_warnings, show_warning
from tocsin.errors import InputError, LeakError, NotFoundError, PolicyError, StateError
from tocsin.evidence.bundle import read_bundle
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer

HALLS = ("hall1-1", "hall2-1")


def words(headline: str, instruction: str = "Stay away from large gatherings.") -> dict[str, Any]:
    text = {"headline": headline, "description": "Concerts in Moscow are named.", "instruction": instruction}
    return {audience.value: text for audience in Audience}


ORDERS: dict[Change, dict[str, Any]] = {
    Change.UPDATE: {"texts": words("Avoid concerts and stations in Moscow")},
    Change.EXTEND: {
        "texts": words("Avoid large gatherings in Moscow for two more days"),
        "news": "Nothing new; still valid, for the men are not found.",
        "valid_hours": 96,
    },
    Change.EASE: {
        "texts": words("Over: large gatherings in Moscow", "You need not stay away any more."),
        "reason": "arrests",
    },
    Change.CANCEL: {
        "texts": words("Cancelled: our warning about Moscow was an error", "Stop staying away."),
        "reason": "the report was about another city",
    },
}


def change(world: World, what: Change, warning: str = "", **changes: Any) -> str:
    """The officer drafts it, the releaser lets it go; gives the draft. What the house hears of it is read."""
    draft: str = draft_revision(world.embassy.desk, what, warning, ORDERS[what] | changes)["draft"]
    release_draft(world.embassy.releaser, draft)
    world.settle()
    world.embassy.expect("releaser@embassy.example", "A draft waits for your release")
    return draft


def silence(world: World) -> None:
    world.embassy.letters.clear()
    world.city.letters.clear()


def inbox(world: World) -> list[tuple[str, str, str]]:
    return [(one["item"], one["status"], one["standing"]) for one in list_inbox(world.city.desk)]


def caps(world: World, warning: str, audience: Audience = Audience.PUBLIC) -> list[Any]:
    with world.embassy.desk.store.read() as tx:
        found = dict.fromkeys(one.cap for one in tx.cases.versions(warning) if one.audience is audience)
    return [read_alert(one) for one in found]


def test_an_update_goes_to_all_who_got_the_old_one_and_the_peer_sees_the_old_one_superseded(world: World) -> None:
    warning = world.issue()
    silence(world)
    change(world, Change.UPDATE, warning)
    world.embassy.expect_people(3)
    for hall in HALLS:
        world.embassy.expect(f"{hall}@venues.example", "Avoid concerts and stations")
    world.embassy.expect_nothing_more()
    assert inbox(world) == [("IN-1", "closed", "superseded"), ("IN-2", "live", "in_force")]
    shown = show_warning(world.embassy.desk, warning)
    assert (shown["version"], shown["status"], shown["closed_by"]) == (2, "live", None)


def test_every_version_names_all_unexpired_messages_of_its_own_audience(world: World) -> None:
    warning = world.issue()
    change(world, Change.UPDATE, warning)
    world.pass_time(hours=1)
    change(world, Change.EXTEND, warning)
    world.pass_time(hours=1)
    change(world, Change.CANCEL, warning)
    silence(world)
    for audience in Audience:
        first, second, third, last = caps(world, warning, audience)
        assert [one.msg_type for one in (first, second, third, last)] == [
            MsgType.ALERT,
            MsgType.UPDATE,
            MsgType.UPDATE,
            MsgType.CANCEL,
        ]
        named = {one.identifier for one in last.references}
        assert named == {first.identifier, second.identifier, third.identifier}
        assert all(one.endswith(first.identifier[-4:]) for one in named), "never one of another audience"


def test_an_expired_message_is_not_named_but_the_newest_always_is(world: World) -> None:
    warning = world.issue()
    world.pass_time(hours=47)
    change(world, Change.EXTEND, warning)
    world.pass_time(hours=3)
    change(world, Change.EASE, warning)
    silence(world)
    _, second, last = caps(world, warning)
    assert [one.identifier for one in last.references] == [second.identifier]


def test_leavers_get_the_update_too_and_newcomers(world: World) -> None:
    warning = world.issue()
    silence(world)
    import_register(world.embassy.desk, "people", (PEOPLE.replace("p0@", "moved@").replace("P3,", "P9,")).encode())
    newcomer = "id,language,zone,lat,lon,email\nP7,en,Europe/Moscow,55.75,37.6,p7@people.example\n"
    import_register(world.embassy.desk, "people", newcomer.encode())
    change(world, Change.UPDATE, warning)
    world.embassy.expect("p0@people.example", "Avoid concerts and stations")
    world.embassy.expect("p7@people.example", "Avoid concerts and stations")
    world.embassy.expect_people(2)
    silence(world)


def test_an_address_that_was_refused_gets_no_update(world: World) -> None:
    world.embassy.refused = frozenset({"p1@people.example"})
    warning = world.issue()
    silence(world)
    change(world, Change.UPDATE, warning)
    world.embassy.expect_people(2)
    silence(world)
    assert show_warning(world.embassy.desk, warning)["mail"]["refused"] == 1


def test_whoever_answered_the_old_one_is_asked_about_the_new_one(world: World) -> None:
    warning = world.issue()
    silence(world)
    answer_link(world.embassy.node, world.embassy.link("hall1-1@venues.example"), Answer.ACKNOWLEDGED)
    world.pass_time(minutes=5)
    change(world, Change.UPDATE, warning)
    silence(world)
    token = world.embassy.link("hall1-1@venues.example")
    assert show_link(world.embassy.desk, token)["answer"] is None
    world.pass_time(minutes=16)
    world.embassy.expect("hall1-1@venues.example", "notice 2")
    silence(world)
    assert answer_link(world.embassy.node, token, Answer.ACKNOWLEDGED)["ladder_ended"]
    world.pass_time(minutes=60)
    assert not [one for one in world.embassy.letters if "hall1" in one[0]]
    silence(world)


def test_an_extension_asks_nobody_again_who_answered(world: World) -> None:
    warning = world.issue()
    silence(world)
    answer_link(world.embassy.node, world.embassy.link("hall1-1@venues.example"), Answer.ACKNOWLEDGED)
    change(world, Change.EXTEND, warning)
    for hall in HALLS:
        world.embassy.expect(f"{hall}@venues.example", "for two more days")
    silence(world)
    world.pass_time(minutes=20)
    world.embassy.expect("hall2-1@venues.example", "notice 2")
    world.embassy.expect_nothing_more()


def test_a_late_answer_to_the_old_version_is_kept_and_moves_only_that_version(world: World) -> None:
    warning = world.issue()
    silence(world)
    world.embassy.network_up = False
    change(world, Change.UPDATE, warning)
    silence(world)
    respond(world.city.desk, "IN-1", Answer.ACKNOWLEDGED)
    world.settle()
    (peer,) = show_warning(world.embassy.desk, warning)["peers"]
    assert (peer["version"], peer["state"], peer["grade"]) == (2, "committed", "E0")
    assert "acknowledged" in [one["answer"] for one in show_warning(world.embassy.desk, warning)["answers"]]
    with world.embassy.desk.store.read() as tx:
        ladder = tx.chase.ladder(warning, "city.example")
    assert ladder is not None
    assert ladder.ended is None, "they have not said that they know the new version"


@pytest.mark.parametrize(("what", "closed_by"), [(Change.EASE, "eased"), (Change.CANCEL, "cancelled")])
def test_an_end_stops_all_asking_and_reaches_all_who_were_warned(world: World, what: Change, closed_by: str) -> None:
    warning = world.issue()
    world.pass_time(minutes=20)
    silence(world)
    change(world, what, warning)
    world.embassy.expect_people(3)
    for hall in (*HALLS, "hall1-2"):
        world.embassy.expect(f"{hall}@venues.example", ORDERS[what]["texts"]["public"]["headline"])
    world.embassy.expect_nothing_more()
    world.pass_time(hours=80)
    world.embassy.expect_nothing_more()
    shown = show_warning(world.embassy.desk, warning)
    assert (shown["status"], shown["closed_by"]) == ("closed", closed_by)
    assert all(one["ended"] is None for one in shown["asked"]), "nobody answered, and nothing says that they did"
    public = show_public(world.embassy.desk, warning)
    assert (public["closed_by"], public["number"]) == (closed_by, 2)


def test_an_eased_warning_says_all_clear_and_a_cancelled_one_does_not(world: World) -> None:
    eased, cancelled = world.issue(), world.issue()
    change(world, Change.EASE, eased)
    change(world, Change.CANCEL, cancelled)
    silence(world)
    assert caps(world, eased)[-1].infos[0].response_types == (ResponseType.ALL_CLEAR,)
    assert caps(world, cancelled)[-1].infos[0].response_types == (ResponseType.NONE,)


def test_what_still_waits_of_the_old_version_does_not_leave_after_the_end(world: World) -> None:
    first = draft_warning(world.embassy.desk, world.order())["draft"]
    warning = release_draft(world.embassy.releaser, first)["warning"]
    end = draft_revision(world.embassy.desk, Change.CANCEL, warning, ORDERS[Change.CANCEL])["draft"]
    release_draft(world.embassy.releaser, end)
    world.settle()
    assert [one[1] for one in world.embassy.letters if "Avoid" in one[1]] == []
    with world.embassy.desk.store.read() as tx:
        old = [one for one in tx.outbox.mail(warning) if one.number == 1]
    assert {one.state for one in old} == {MailState.EXPIRED}
    silence(world)


def test_l53_a_cancel_that_fits_several_live_alerts_names_them_and_cancels_none(world: World) -> None:
    one, two = world.issue(), world.issue()
    silence(world)
    for name in ("", "Avoid large gatherings"):
        with pytest.raises(StateError, match=f"2 warnings fit, expected one: {one} “.*{two} “") as caught:
            draft_revision(world.embassy.desk, Change.CANCEL, name, ORDERS[Change.CANCEL])
        assert caught.value.hint is not None
    assert [one["status"] for one in list_warnings(world.embassy.desk)] == ["live", "live"]
    change(world, Change.CANCEL, one)
    silence(world)
    assert [one["status"] for one in list_warnings(world.embassy.desk)] == ["closed", "live"]
    change(world, Change.CANCEL)
    silence(world)
    assert [one["status"] for one in list_warnings(world.embassy.desk)] == ["closed", "closed"]
    with pytest.raises(NotFoundError, match="live or on watch"):
        draft_revision(world.embassy.desk, Change.CANCEL, "", ORDERS[Change.CANCEL])


def test_a_closed_warning_takes_no_change(world: World) -> None:
    warning = world.issue()
    change(world, Change.EASE, warning)
    silence(world)
    for what in Change:
        with pytest.raises(StateError, match="closed already"):
            draft_revision(world.embassy.desk, what, warning, ORDERS[what])


def test_two_changes_of_one_version_are_not_both_released(world: World) -> None:
    warning = world.issue()
    silence(world)
    drafts = [draft_revision(world.embassy.desk, what, warning, ORDERS[what])["draft"] for what in Change][:2]
    release_draft(world.embassy.releaser, drafts[0])
    with pytest.raises(StateError, match="at version 2, this was written for version 1"):
        release_draft(world.embassy.releaser, drafts[1])
    world.settle()
    silence(world)


def test_nobody_releases_a_change_alone(world: World) -> None:
    warning = world.issue()
    draft = draft_revision(world.embassy.desk, Change.CANCEL, warning, ORDERS[Change.CANCEL])["draft"]
    with pytest.raises(PolicyError, match="nobody releases that alone"):
        release_alone(world.embassy.desk, draft)
    assert list_drafts(world.embassy.desk)[-1]["state"] == "waiting"
    world.settle()
    silence(world)


def test_a_phrase_held_back_at_issue_is_held_back_for_ever(world: World) -> None:
    warning = world.issue()
    silence(world)
    (held, *_) = world.order()["held_back"]
    bad = words("Avoid concerts in Moscow")
    bad["public"] = bad["public"] | {"description": f"We have it from {held['phrase']}."}
    with pytest.raises(LeakError):
        draft_revision(world.embassy.desk, Change.UPDATE, warning, {"texts": bad})
    world.settle()
    world.embassy.expect_nothing_more()
    assert show_warning(world.embassy.desk, warning)["version"] == 1


def test_l17_an_update_that_reverses_an_action_begins_with_changed(world: World) -> None:
    warning = world.issue(advice=["shelter_in_place"])
    silence(world)
    leave = {"texts": words("Leave Moscow now"), "advice": ["leave_area_now"]}
    with pytest.raises(PolicyError, match="reverses 'Shelter'"):
        draft_revision(world.embassy.desk, Change.UPDATE, warning, leave)
    change(world, Change.UPDATE, warning, texts=words("CHANGED: not stay, leave Moscow now"), advice=["leave_area_now"])
    world.embassy.expect("p0@people.example", "CHANGED: not stay")
    silence(world)


def test_l18_an_extension_says_what_is_new_or_that_nothing_is(world: World) -> None:
    warning = world.issue()
    silence(world)
    with pytest.raises(InputError, match="news is missing"):
        draft_revision(world.embassy.desk, Change.EXTEND, warning, ORDERS[Change.EXTEND] | {"news": " "})
    change(world, Change.EXTEND, warning)
    silence(world)
    for audience in Audience:
        assert caps(world, warning, audience)[-1].infos[0].description.startswith("Nothing new; still valid")


@pytest.mark.parametrize("texts", [{"public": words("x y")["public"]}, {}])
def test_each_audience_that_was_warned_hears_of_the_change(world: World, texts: dict[str, Any]) -> None:
    warning = world.issue()
    silence(world)
    with pytest.raises((PolicyError, InputError), match=r"audience|public"):
        draft_revision(world.embassy.desk, Change.UPDATE, warning, {"texts": texts})


def test_a_preview_stores_and_sends_nothing(world: World) -> None:
    warning = world.issue()
    silence(world)
    with world.embassy.desk.store.read() as tx:
        size = tx.log.size()
    found = preview_revision(world.embassy.desk, Change.CANCEL, warning, ORDERS[Change.CANCEL])
    assert (found["exposed"]["people"], found["status"], found["references"]) == (3, "closed", 1)
    world.settle()
    world.embassy.expect_nothing_more()
    with world.embassy.desk.store.read() as tx:
        assert tx.log.size() == size


def test_each_change_is_a_leaf_that_names_who_wrote_and_who_let_go(world: World) -> None:
    warning = world.issue()
    for what in (Change.UPDATE, Change.CANCEL):
        change(world, what, warning)
    silence(world)
    with world.embassy.desk.store.read() as tx:
        states = [read_claims(one.statement) for one in tx.log.entries(kind=Kind.STATE, subject=warning)]
    assert [(one.get("change"), one["state"]) for one in states] == [
        (None, "live"),
        ("update", "live"),
        ("cancel", "closed"),
    ]
    assert all(one["drafted_by"] != one["released_by"] for one in states)
    bundle = read_bundle(make_warning_bundle(world.embassy.desk, warning))
    assert len(bundle.cap) == 3, "every public version is in the proof"


class _Unreachable:
    """A signing key whose token was pulled out."""

    def __getattr__(self, name: str) -> Any:
        raise OSError("the key cannot be reached")


@pytest.mark.parametrize("key", ["node", "log"])
def test_defect_5_what_cannot_be_signed_is_neither_stored_nor_sent(world: World, key: str) -> None:
    warning = world.issue()
    silence(world)
    draft = draft_revision(world.embassy.desk, Change.CANCEL, warning, ORDERS[Change.CANCEL])["draft"]
    world.settle()
    silence(world)
    releaser = world.embassy.releaser
    pulled: dict[str, Any] = {key: _Unreachable()}
    broken = replace(releaser, keys=replace(releaser.keys, **pulled))
    with pytest.raises(OSError, match="cannot be reached"):
        release_draft(broken, draft)
    world.settle()
    world.embassy.expect_nothing_more()
    assert inbox(world) == [("IN-1", "live", "in_force")]
    shown = show_warning(world.embassy.desk, warning)
    assert (shown["version"], shown["status"]) == (1, "live")
    release_draft(releaser, draft)
    world.settle()
    assert inbox(world) == [("IN-1", "closed", "cancelled"), ("IN-2", "live", "ends")]
    silence(world)


ARRIVALS = list(itertools.permutations(range(3)))


@pytest.mark.parametrize("order", ARRIVALS, ids=lambda order: "".join(map(str, order)))
def test_the_peers_inbox_is_right_in_any_order_of_arrival(world: World, order: tuple[int, ...]) -> None:
    world.embassy.network_up = False
    warning = world.issue()
    for what in (Change.UPDATE, Change.CANCEL):
        world.pass_time(seconds=40)
        change(world, what, warning)
    silence(world)
    postings = _waiting(world)
    token = world.embassy.desk.agreements["city.example"].mailboxes["city.example"]
    for n in (*order, *order[:2]):
        receipt = receive_envelope(world.city.node, token, postings[n].raw)
        run_due(world.city.node)
        settle_posting(world.embassy.node, postings[n], receipt)
    assert sorted(inbox(world)) == [
        ("IN-1", "closed", "cancelled"),
        ("IN-2", "closed", "cancelled"),
        ("IN-3", "live", "ends"),
    ]
    assert [one["ended_by"] for one in list_inbox(world.city.desk)] == ["IN-3", "IN-3", None]
    world.embassy.network_up = True
    world.settle()
    silence(world)


def test_an_envelope_that_came_too_early_waits_two_minutes_and_is_then_given_to_a_person(world: World) -> None:
    world.embassy.network_up = False
    warning = world.issue()
    change(world, Change.UPDATE, warning)
    silence(world)
    first, second = _waiting(world)
    token = world.embassy.desk.agreements["city.example"].mailboxes["city.example"]
    receive_envelope(world.city.node, token, second.raw)
    run_due(world.city.node)
    assert (inbox(world), list_quarantine(world.city.desk)) == ([], [])
    world.pass_time(minutes=2)
    (kept,) = list_quarantine(world.city.desk)
    assert kept["reason"] == "pair"
    receive_envelope(world.city.node, token, first.raw)
    run_due(world.city.node)
    retry_quarantined(world.city.desk, kept["kept"])
    assert sorted(inbox(world)) == [("IN-1", "closed", "superseded"), ("IN-2", "live", "in_force")]
    silence(world)


def _waiting(world: World) -> tuple[Posting, ...]:
    """The envelopes that the embassy could not send so far, the oldest first."""
    for one in world.both:
        assert isinstance(one.desk.clock, MovableClock)
        one.desk.clock.move_to(one.desk.clock.now() + timedelta(hours=2))
    return claim_postings(world.embassy.node)
