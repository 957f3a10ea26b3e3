"""Every store keeps in which language a mail goes out, and who confirmed which language of a draft."""

from msgspec.structs import replace
from tests.contract.sample import DRAFT, MAIL

from tocsin.desk.stores import Store

CONFIRMED = {
    "fr": {"by": "P-3", "at": "2024-03-07T15:00:00Z", "sha256": "0" * 64},
    "ar": {"by": "P-4", "at": "2024-03-07T15:01:00Z", "sha256": "1" * 64},
}


def test_a_mail_is_claimed_and_settled_in_the_language_it_was_planned_in(store: Store) -> None:
    arabic = replace(MAIL, key="ar", token="t-ar", language="ar")
    with store.write() as tx:
        tx.outbox.put_mail([MAIL, arabic])
    with store.write() as tx:
        claimed = tx.outbox.claim_mail(MAIL.due, 10)
        assert {one.key: one.language for one in claimed} == {MAIL.key: "", "ar": "ar"}
        tx.outbox.settle_mail(claimed)
    with store.read() as tx:
        assert {one.key: one.language for one in tx.outbox.mail("W-1")} == {MAIL.key: "", "ar": "ar"}


def test_a_confirmation_stays_with_its_draft_and_no_other(store: Store) -> None:
    other = replace(DRAFT, id="D-2")
    with store.write() as tx:
        tx.house.put_draft(replace(DRAFT, confirmed={"fr": CONFIRMED["fr"]}))
        tx.house.put_draft(other)
        tx.house.put_draft(replace(DRAFT, confirmed=CONFIRMED))
    with store.read() as tx:
        assert tx.house.draft(DRAFT.id).confirmed == CONFIRMED
        assert tx.house.draft(other.id) == other
