"""The two halves of each sending: claim what is due, and settle what came of it. Between them no transaction is open."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from tocsin.cap.alert import Alert
from tocsin.cap.codec import read_alert
from tocsin.compose.languages import in_language
from tocsin.core.window import zone_of
from tocsin.deliver.fanout import DeliveryResult, ResultState, retry_at, rows_root
from tocsin.deliver.message import render_mail, render_notice
from tocsin.desk.access import May
from tocsin.desk.act import Act, begin
from tocsin.desk.outgoing import link_token, row_salt
from tocsin.desk.peer_logs import see_log
from tocsin.desk.ports import Desk, MailResult
from tocsin.desk.receive import record_answer
from tocsin.desk.records import Mail, MailState, Posting
from tocsin.errors import TocsinError, VerificationError
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer, read_answer
from tocsin.evidence.statement import peek, verify_statement
from tocsin.exchange.protocol import DeliveryState

BATCH = 50


def claim_mail(desk: Desk) -> tuple[tuple[Mail, bytes], ...]:
    """The next batch of e-mail that is due, with the bytes to send. State and end are checked here, just before sending."""
    with begin(desk, May.SEND) as act:
        tx = act.tx
        tx.outbox.drop_expired(act.at)
        batch = tx.outbox.claim_mail(act.at, BATCH)
        alerts: dict[tuple[str, int], Alert] = {}
        for mail in batch:
            key = (mail.warning, mail.number)
            if mail.warning and key not in alerts:
                kept = (v for v in tx.cases.versions(mail.warning) if v.number == mail.number)
                alerts[key] = read_alert(next(v.cap for v in kept if v.audience is mail.audience and not v.peer))
    return tuple(
        (mail, _render(desk, mail, alerts[mail.warning, mail.number]) if mail.warning else _render_notice(desk, mail))
        for mail in batch
    )


def settle_mail(desk: Desk, batch: Sequence[Mail], results: Sequence[MailResult]) -> int:
    """Write down what the mail server said, one leaf for the whole batch. Gives how many are to be tried again."""
    with begin(desk, May.SEND) as act:
        settled = [_settled(mail, result, act.at) for mail, result in zip(batch, results, strict=True)]
        act.tx.outbox.settle_mail(settled)
        for warning in sorted({mail.warning for mail in settled}):
            _log_chunk(act, warning, [mail for mail in settled if mail.warning == warning])
    return sum(mail.state is MailState.QUEUED for mail in settled)


def claim_postings(desk: Desk) -> tuple[Posting, ...]:
    """The next envelopes that are due."""
    with begin(desk, May.SEND) as act:
        return act.tx.outbox.claim_postings(act.at, BATCH)


def settle_posting(desk: Desk, posting: Posting, answer: bytes | None) -> bool:
    """Write down the peer's receipt, or that there was none. True if the envelope arrived.

    A receipt counts only if the peer's node key signed it over this very envelope.
    """
    with begin(desk, May.SEND) as act:
        if answer is not None:
            try:
                _take_receipt(act, posting, answer)
            except TocsinError as error:
                act.log(
                    Kind.REFUSED,
                    {"act": "receipt", "envelope": posting.digest, "reason": type(error).__name__},
                    subject=posting.warning,
                )
            else:
                act.tx.outbox.settle_posting(replace(posting, delivered=act.at, attempts=posting.attempts + 1))
                return True
        attempts = posting.attempts + 1
        due = retry_at(attempts, act.at, posting.digest, not_after=None)
        assert due is not None
        act.tx.outbox.settle_posting(replace(posting, attempts=attempts, due=due))
        return False


def _take_receipt(act: Act, posting: Posting, answer: bytes) -> None:
    peer = act.desk.agreements[posting.peer].keys_of(posting.peer)
    peek(answer)
    statement = verify_statement(answer, peer.node)
    receipt = read_answer(statement)
    if receipt.kind is not Answer.DELIVERED or receipt.envelope != posting.digest:
        raise VerificationError("receipt", found=receipt.kind.value, expected="delivered, for this envelope")
    see_log(act, peer, statement)
    if posting.purpose == "warning":
        delivery = act.tx.chase.peer_delivery_by(envelope=posting.digest)
        assert delivery is not None, "written in the transaction that queued the envelope"
        if delivery.state is DeliveryState.COMMITTED:
            delivery = replace(delivery, state=DeliveryState.SENT, at=act.at)
        record_answer(act, delivery, statement)


def _render(desk: Desk, mail: Mail, alert: Alert) -> bytes:
    settings = desk.settings
    return render_mail(
        in_language(alert, mail.language),
        key=mail.key,
        node=settings.name,
        sender=settings.mail_from or f"warnings@{settings.name}",
        recipient=mail.address,
        at=mail.created,
        zone=zone_of(settings.zone).key,
        link=f"{settings.url}/k/{link_token(desk.keys.links, mail.key)}",
        notice=mail.step + 1,
    )


def _render_notice(desk: Desk, mail: Mail) -> bytes:
    settings = desk.settings
    return render_notice(
        mail.text,
        key=mail.key,
        node=settings.name,
        sender=settings.mail_from or f"warnings@{settings.name}",
        recipient=mail.address,
        at=mail.created,
        link=f"{settings.url}/now",
        exercise=settings.practice,
    )


def _settled(mail: Mail, result: MailResult, at: datetime) -> Mail:
    attempts = mail.attempts + 1
    if result.accepted:
        return replace(mail, state=MailState.HANDED_OVER, attempts=attempts, detail=result.detail, at=at)
    due = None if result.final else retry_at(attempts, at, mail.key, not_after=mail.not_after)
    if due is None:
        state = MailState.REFUSED if result.final else MailState.EXPIRED
        return replace(mail, state=state, attempts=attempts, detail=result.detail, at=at)
    return replace(mail, attempts=attempts, detail=result.detail, due=due)


def _log_chunk(act: Act, warning: str, mail: Sequence[Mail]) -> None:
    """One leaf for the batch: counts, and the root over salted rows, so that one can be shown without the others."""
    rows = [
        DeliveryResult(
            key=one.key,
            recipient=hashlib.sha256(one.recipient.encode()).hexdigest(),
            state=_STATES[one.state],
            at=act.at,
            detail=one.detail,
            attempts=one.attempts,
        )
        for one in mail
    ]
    salts = [row_salt(act.desk.keys.links, one.key, one.attempts) for one in mail]
    counts = {state.value: sum(one.state is state for one in mail) for state in MailState}
    act.log(
        Kind.CHUNK,
        {"warning": warning, "channel": "mail", "rows": len(rows), **counts, "root": rows_root(rows, salts).hex()},
        subject=warning or "house",
    )


_STATES = {
    MailState.HANDED_OVER: ResultState.HANDED_OVER,
    MailState.REFUSED: ResultState.REFUSED,
    MailState.EXPIRED: ResultState.FAILED,
    MailState.QUEUED: ResultState.FAILED,
}
