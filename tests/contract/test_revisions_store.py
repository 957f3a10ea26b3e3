"""Every store keeps versions apart: what was sent to a peer, what waits, and which message of a peer names which."""

from datetime import timedelta

from msgspec.structs import replace
from tests.contract.sample import AT, DELIVERY, ITEM, MAIL, RECEIVED

from tocsin.cap.chain import Standing
from tocsin.desk.records import MailState
from tocsin.desk.stores import Store
from tocsin.exchange.protocol import DeliveryState

NEWER = replace(DELIVERY, number=2, statement="s2", envelope="e2", state=DeliveryState.COMMITTED)


def test_a_second_version_does_not_overwrite_how_far_the_first_came(store: Store) -> None:
    with store.write() as tx:
        tx.chase.put_peer_delivery(DELIVERY)
        tx.chase.put_peer_delivery(NEWER)
        tx.chase.put_peer_delivery(replace(DELIVERY, state=DeliveryState.ACKNOWLEDGED))
        tx.chase.put_peer_delivery(replace(DELIVERY, peer="other.example", statement="s3", envelope="e3"))
    with store.read() as tx:
        assert tx.chase.peer_delivery("W-1", "city.example") == NEWER
        assert [(one.peer, one.number) for one in tx.chase.peer_deliveries("W-1")] == [
            ("city.example", 2),
            ("other.example", 1),
        ]
        old = tx.chase.peer_delivery_by(statement="s1")
        assert old is not None
        assert (old.number, old.state) == (1, DeliveryState.ACKNOWLEDGED)
        assert tx.chase.peer_delivery_by(envelope="e2") == NEWER


def test_only_what_waits_of_older_versions_of_that_warning_is_withdrawn(store: Store) -> None:
    waiting = [
        MAIL,
        replace(MAIL, key="new", token="t-new", number=2),
        replace(MAIL, key="other", token="t-other", warning="W-2"),
        replace(MAIL, key="sent", token="t-sent", state=MailState.HANDED_OVER),
    ]
    with store.write() as tx:
        tx.outbox.put_mail(waiting)
        assert tx.outbox.withdraw_mail("W-1", 2, AT) == 1
        assert tx.outbox.withdraw_mail("W-1", 2, AT) == 0
    with store.read() as tx:
        found = {one.key: one for one in (*tx.outbox.mail("W-1"), *tx.outbox.mail("W-2"))}
    assert (found[MAIL.key].state, found[MAIL.key].detail) == (MailState.EXPIRED, "replaced by version 2")
    assert [found[key].state for key in ("new", "other")] == [MailState.QUEUED, MailState.QUEUED]
    assert found["sent"].state is MailState.HANDED_OVER


def test_what_is_being_sent_at_this_moment_is_not_withdrawn(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.put_mail([MAIL])
        assert len(tx.outbox.claim_mail(MAIL.due, 10)) == 1
        assert tx.outbox.withdraw_mail("W-1", 2, AT) == 0


def test_related_items_are_the_message_what_it_names_and_what_names_it_of_that_peer_alone(store: Store) -> None:
    def item(n: int, message: str, peer: str = "city.example") -> None:
        tx.inbox.put_item(
            replace(
                ITEM,
                id=f"IN-{n}",
                digest=f"d{n}",
                peer=peer,
                message=message,
                received=AT + timedelta(seconds=n),
                standing=Standing.SUPERSEDED,
                ended_by="IN-2",
            )
        )

    with store.write() as tx:
        item(1, "first")
        item(2, "second")
        item(3, "third")
        item(4, "apart")
        item(5, "second", peer="other.example")
        tx.inbox.add_references("IN-2", ["first", "never came"])
        tx.inbox.add_references("IN-3", ["second"])
        tx.inbox.add_references("IN-5", ["first"])
    with store.read() as tx:
        related = {
            message: [one.id for one in tx.inbox.related_items("city.example", message)]
            for message in ("first", "second", "third", "never came", "apart")
        }
        assert (tx.inbox.item("IN-1").standing, tx.inbox.item("IN-1").ended_by) == (Standing.SUPERSEDED, "IN-2")
    assert related == {
        "first": ["IN-1", "IN-2"],
        "second": ["IN-1", "IN-2", "IN-3"],
        "third": ["IN-2", "IN-3"],
        "never came": ["IN-2"],
        "apart": ["IN-4"],
    }


def test_unopened_envelopes_of_a_peer_are_those_that_still_wait(store: Store) -> None:
    early = replace(RECEIVED, digest="i9", opened=None)
    with store.write() as tx:
        tx.inbox.add_received(RECEIVED)
        tx.inbox.add_received(early)
        tx.inbox.add_received(replace(early, digest="i8", peer="other.example"))
    with store.read() as tx:
        assert tx.inbox.unopened("city.example") == (early,)
