"""What another node sends us: taken in before it is opened, then opened, checked and put where it belongs."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tocsin.cap.codec import read_alert
from tocsin.compose.fields import warning_fields
from tocsin.compose.lifecycle import Status as Life
from tocsin.core.window import parse_instant
from tocsin.desk.act import Act, begin
from tocsin.desk.chase import end_ladder
from tocsin.desk.outgoing import pair_claims, post_statement
from tocsin.desk.ports import Desk
from tocsin.desk.records import Item, KeptAnswer, PairLink, Received, Timer, TimerKind
from tocsin.errors import InputError, NotFoundError, TocsinError, VerificationError
from tocsin.evidence.checkpoint import verify_checkpoint
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer, make_answer, read_answer
from tocsin.evidence.statement import Statement, peek, verify_presentation
from tocsin.evidence.tree import verify_inclusion
from tocsin.exchange.envelope import MAX_ENVELOPE_BYTES, Payload, open_envelope, read_payload
from tocsin.exchange.peers import Agreement
from tocsin.exchange.protocol import DeliveryState, PairHead, accept_statement, next_state

SECOND = timedelta(seconds=1)


def receive_envelope(desk: Desk, token: str, raw: bytes) -> bytes:
    """Keep the envelope, log its hash, and give the signed `delivered`: before anybody could know what is inside.

    The same bytes again get the same receipt again. Raises NotFoundError for a token that is no peer's mailbox.
    """
    peer = next(
        (name for name, agreement in desk.agreements.items() if agreement.is_mailbox(desk.settings.name, token)), None
    )
    if peer is None:
        raise NotFoundError("no such mailbox", hint="the address stands in the exchange agreement")
    if not raw or len(raw) > MAX_ENVELOPE_BYTES:
        raise InputError(f"envelope has {len(raw)} bytes, expected 1 to {MAX_ENVELOPE_BYTES}")
    digest = hashlib.sha256(raw).hexdigest()
    with begin(desk) as act:
        known = act.tx.inbox.received(digest)
        if known is not None:
            return known.receipt
        claims = make_answer(Answer.DELIVERED, aud=peer, envelope=digest, received=int(act.at.timestamp()))
        signed = act.log(Kind.RECEIPT, claims, subject=digest)
        act.tx.inbox.add_received(
            Received(digest=digest, peer=peer, raw=raw, received=act.at, receipt=signed.statement)
        )
        act.tx.timers.set(Timer(act.at, TimerKind.OPEN, digest))
        return signed.statement


def open_received(act: Act, digest: str) -> None:
    """Decrypt, check and place what came in under that digest. What fails is kept, said to the sender, never shown as true."""
    act.tx.timers.clear(TimerKind.OPEN, digest)
    received = act.tx.inbox.received(digest)
    if received is None or received.opened is not None:
        return
    agreement = act.desk.agreements[received.peer]
    is_answer = False
    try:
        payload = read_payload(open_envelope(received.raw, act.desk.keys.seal))
        statement = _verify(act, agreement, payload)
        is_answer = statement.kind is not Kind.WARNING
        if is_answer:
            _place_answer(act, received, statement)
        else:
            _place_warning(act, received, payload, statement)
    except TocsinError as error:
        act.tx.inbox.set_opened(digest, act.at, str(error))
        act.log(Kind.REFUSED, {"act": "open", "envelope": digest, "reason": type(error).__name__}, subject=digest)
        if not is_answer:  # an answer is never answered: two nodes would go on for ever
            _answer_unreadable(act, received, error)
        return
    act.tx.inbox.set_opened(digest, act.at, "")


def _verify(act: Act, agreement: Agreement, payload: Payload) -> Statement:
    """Signature, log proof and pair chain. Only keys of the agreement count, never keys from the message."""
    peer = agreement.other(act.desk.settings.name)
    # 1. signature of a key that the agreement gives to this peer
    claimed = peek(payload.statement)
    key = next((key for key in peer.signing_keys if key.kid == claimed.kid), None)
    if key is None:
        raise VerificationError(
            "signature", found=f"key {claimed.kid}", expected=f"a key of {peer.name} in the agreement"
        )
    statement = verify_presentation(payload.statement, key)
    # 2. the sender had logged it before it left
    checkpoint = verify_checkpoint(payload.checkpoint, peer.log)
    entry = Entry(statement.raw, payload.blind)
    verify_inclusion(entry.leaf_hash, payload.index, checkpoint.size, payload.proof, checkpoint.root)
    if statement.serial != payload.index:
        raise VerificationError(
            "serial", found=str(statement.serial), expected=f"its place in the log, {payload.index}"
        )
    # 3. for us, next in the chain with this peer, not seen before
    link = act.tx.inbox.link(peer.name, "in")
    accept_statement(
        statement.claims,
        us=act.desk.settings.name,
        at=act.at,
        last=PairHead(link.seq, link.digest) if link else None,
        seen=lambda jti: act.tx.inbox.saw_statement(jti, _exp(statement)),
    )
    act.tx.inbox.put_link(
        PairLink(peer=peer.name, direction="in", seq=statement.claims["seq"], digest=statement.digest)
    )
    return statement


def _place_warning(act: Act, received: Received, payload: Payload, statement: Statement) -> None:
    if payload.cap is None:
        raise VerificationError("cap", found="no CAP message", expected="the one that the statement is tied to")
    found = hashlib.sha256(payload.cap).hexdigest()
    if found != statement.claims.get("cap_sha256"):
        raise VerificationError(
            "cap", found=f"SHA-256 {found[:16]}…", expected=f"{statement.claims.get('cap_sha256')!s:.16}…"
        )
    alert = read_alert(payload.cap)
    fields = warning_fields(alert)
    for name, value in statement.disclosed.items():
        if fields.get(name) != value:
            raise VerificationError("cap", found=f"field {name} differs", expected="what the CAP message says")
    logged = act.log(
        Kind.ENVELOPE,
        {"direction": "in", "envelope": received.digest, "warning": statement.digest, "received": _text(statement)},
        subject=statement.digest,
    )
    response_clock = act.desk.agreements[received.peer].response_clock
    act.tx.inbox.put_item(
        Item(
            id=f"IN-{act.tx.cases.next_number('item')}",
            peer=received.peer,
            digest=statement.digest,
            envelope=received.digest,
            received=received.received,
            cap=payload.cap,
            statement=payload.statement,
            headline=alert.infos[0].headline or alert.infos[0].event,
            expires=parse_instant(str(statement.claims["valid_until"])),
            watch_until=parse_instant(str(statement.claims["watch_until"])),
            status=Life.LIVE,
            state=DeliveryState.DELIVERED,
            respond_by=received.received + response_clock,
            entry=logged.index,
        )
    )
    item = next(item for item in act.tx.inbox.items() if item.digest == statement.digest)
    act.tx.timers.set(Timer(item.expires + SECOND, TimerKind.LAPSE, item.id))


def _place_answer(act: Act, received: Received, statement: Statement) -> None:
    receipt = read_answer(statement)
    delivery = (
        act.tx.chase.peer_delivery_by(statement=receipt.warning)
        if receipt.warning
        else act.tx.chase.peer_delivery_by(envelope=receipt.envelope or "")
    )
    if delivery is None or delivery.peer != received.peer:
        raise VerificationError("answer", found="a warning that we did not send to this peer", expected="one of ours")
    record_answer(act, delivery.warning, received.peer, statement)


def record_answer(act: Act, warning: str, peer: str, statement: Statement) -> None:
    """Log a peer's signed answer inside our own statement, move the delivery's state, stop its ladder if it ends it."""
    receipt = read_answer(statement)
    logged = act.log(
        Kind.RECEIPT if receipt.kind is Answer.DELIVERED else Kind.RESPONSE,
        {"from": peer, "answer": receipt.kind.value, "received": _text(statement)},
        subject=warning,
    )
    act.tx.chase.add_answer(
        KeptAnswer(
            digest=statement.digest,
            warning=warning,
            party=peer,
            answer=receipt.kind,
            at=statement.at,
            by=statement.kid.split("#", maxsplit=1)[0],
            reason=receipt.reason or "",
            text=receipt.text or "",
            entry=logged.index,
        )
    )
    delivery = act.tx.chase.peer_delivery(warning, peer)
    assert delivery is not None
    act.tx.chase.put_peer_delivery(replace(delivery, state=next_state(delivery.state, receipt.kind), at=act.at))
    end_ladder(act, warning, peer, receipt.kind)


def _answer_unreadable(act: Act, received: Received, error: TocsinError) -> None:
    """Tell the sender that its envelope could not be used, so that it does not count as delivered for long."""
    exp = int(act.at.timestamp()) + 30 * 86400
    pair = pair_claims(act, received.peer, exp=exp)
    why = getattr(error, "step", type(error).__name__)
    claims = make_answer(Answer.UNREADABLE, envelope=received.digest, why=why) | pair
    signed = act.log(Kind.RECEIPT, claims, subject=received.digest)
    post_statement(act, received.peer, signed, purpose="answer", warning="", seq=pair["seq"], cap=None)


def _text(statement: Statement) -> str:
    return statement.raw.decode("ascii")


def _exp(statement: Statement) -> datetime:
    return datetime.fromtimestamp(statement.claims["exp"], UTC)
