"""What another node sends us: taken in before it is opened, then opened, checked and put where it belongs."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tocsin.cap.chain import triple
from tocsin.cap.codec import read_alert
from tocsin.cap.values import write_message
from tocsin.compose.fields import warning_fields
from tocsin.compose.lifecycle import Status as Life
from tocsin.core.window import parse_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, begin
from tocsin.desk.chase import end_ladder
from tocsin.desk.early import WAIT_FOR_THE_EARLIER, is_early, wake_the_later
from tocsin.desk.inbox_chain import place_item
from tocsin.desk.outgoing import pair_claims, post_statement
from tocsin.desk.peer_logs import peer_of, see_log
from tocsin.desk.ports import Desk
from tocsin.desk.records import Item, KeptAnswer, PairLink, PeerDelivery, Reader, Received, Timer, TimerKind, Unread
from tocsin.desk.unread import keep, reason_code, sha256
from tocsin.errors import InputError, StateError, TocsinError, VerificationError
from tocsin.evidence.checkpoint import verify_checkpoint
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer, make_answer, read_answer
from tocsin.evidence.statement import Statement, peek, verify_presentation
from tocsin.evidence.tree import verify_inclusion
from tocsin.exchange.envelope import MAX_ENVELOPE_BYTES, Payload, open_envelope, read_payload
from tocsin.exchange.peers import PeerKeys
from tocsin.exchange.protocol import DeliveryState, PairHead, accept_statement, next_state

SECOND = timedelta(seconds=1)
MAX_UNREAD_BYTES = 64 * 1024 * 1024
"""So many bytes of one peer may wait unread; then its mailbox is shut until somebody has looked."""


def receive_envelope(desk: Desk, token: str, raw: bytes) -> bytes:
    """Keep the envelope, log its hash, and give the signed `delivered`: before anybody could know what is inside.

    The same bytes again get the same receipt again. Raises NotFoundError for a token that is no peer's mailbox, InputError
    or StateError, with the hash logged and nothing kept, for what is too large or too much.
    """
    peer = peer_of(desk, token)
    digest = sha256(raw)
    with begin(desk, May.RECEIVE) as act:
        known = act.tx.inbox.received(digest)
        if known is not None:
            return known.receipt
        refused = _find_refusal(act, peer, raw)
        if refused is None:
            claims = make_answer(Answer.DELIVERED, aud=peer, envelope=digest, received=int(act.at.timestamp()))
            signed = act.log(Kind.RECEIPT, claims, subject=digest)
            act.tx.inbox.add_received(
                Received(digest=digest, peer=peer, raw=raw, received=act.at, receipt=signed.statement)
            )
            act.tx.timers.set(Timer(act.at, TimerKind.OPEN, digest))
            return signed.statement
        body = {"act": "receive", "sha256": digest, "size": len(raw), "reason": reason_code(refused)}
        act.log(Kind.REFUSED, body, subject=peer)
    raise refused


def _find_refusal(act: Act, peer: str, raw: bytes) -> TocsinError | None:
    """Why the envelope is not even kept: it would fill the disk. Its hash is logged, its sender gets no `delivered`."""
    if not raw or len(raw) > MAX_ENVELOPE_BYTES:
        return InputError(f"envelope has {len(raw)} bytes, expected 1 to {MAX_ENVELOPE_BYTES}")
    if act.tx.quarantine.waiting_bytes(envelopes_of=peer) + len(raw) > MAX_UNREAD_BYTES:
        return StateError(
            f"mailbox of {peer} is shut: {MAX_UNREAD_BYTES} bytes in it could not be opened",
            hint="its owner must look at the quarantine; send again later",
        )
    return None


class Opened(Struct, frozen=True):
    """What came of opening an envelope: what it became, or why not.

    `chained` says that its statement has its place in the pair's chain, `is_answer` that it answers something of ours,
    `early` that one before it is still on its way: then nothing was done.
    """

    became: str = ""
    error: TocsinError | None = None
    chained: bool = False
    is_answer: bool = False
    early: bool = False


def open_received(act: Act, digest: str, *, fault: TocsinError | None = None) -> None:
    """Decrypt, check and place what came in under that digest. What fails is kept, said to the sender, never shown as true.

    `fault` is why it could not be placed the first time: then it is not tried again, and only its place in the chain is taken.
    """
    act.tx.timers.clear(TimerKind.OPEN, digest)
    received = act.tx.inbox.received(digest)
    if received is None or received.opened is not None:
        return
    patient = act.at < received.received + WAIT_FOR_THE_EARLIER
    opened = _open(act, received, chained=False, patient=patient, fault=fault)
    if opened.early:
        act.tx.timers.set(Timer(received.received + WAIT_FOR_THE_EARLIER, TimerKind.OPEN, digest))
        return
    act.tx.inbox.set_opened(digest, act.at, _problem(opened))
    if opened.chained:
        wake_the_later(act, received.peer)
    if opened.error is None:
        return
    keep(
        act,
        Reader.ENVELOPE,
        digest,
        len(received.raw),
        opened.error,
        source=received.peer,
        raw=None,
        chained=opened.chained,
    )
    # An answer is never answered: two nodes would go on for ever.
    if not opened.is_answer and received.peer in act.desk.agreements:
        _answer_unreadable(act, received, opened.error)


def open_again(act: Act, unread: Unread) -> Opened:
    """Open the envelope that was kept, as of its arrival. The sender was told the first time and is not told again."""
    received = act.tx.inbox.received(unread.digest)
    assert received is not None, "an envelope is never thrown away"
    opened = _open(act, received, chained=unread.chained, patient=False)
    act.tx.inbox.set_opened(unread.digest, act.at, _problem(opened))
    if opened.chained:
        wake_the_later(act, received.peer)
    return opened


def _problem(opened: Opened) -> str:
    return reason_code(opened.error) if opened.error else ""


def _open(act: Act, received: Received, *, chained: bool, patient: bool, fault: TocsinError | None = None) -> Opened:
    """Everything is checked before anything is written, but the place in the chain: a gap would stop all that follows."""
    is_answer = False
    try:
        agreement = act.desk.agreements.get(received.peer)
        if agreement is None:
            raise VerificationError("agreement", found=f"none with {received.peer}", expected="one that is in force")
        payload = read_payload(open_envelope(received.raw, act.desk.keys.seal))
        peer = agreement.other(act.desk.settings.name)
        statement = _verify(peer, payload)
        is_answer = statement.kind is not Kind.WARNING
        if patient and not chained and is_early(act, peer, statement):
            return Opened(early=True)
        if not chained:
            _take_place(act, received, peer, statement, payload.checkpoint)
            chained = True
        if fault is not None:
            raise fault
        if is_answer:
            became = _place_answer(act, received, statement)
        else:
            became = _place_warning(act, received, payload, statement)
    except TocsinError as error:
        return Opened(error=error, chained=chained, is_answer=is_answer)
    return Opened(became=became, chained=chained, is_answer=is_answer)


def _verify(peer: PeerKeys, payload: Payload) -> Statement:
    """Signature and log proof. Only keys of the agreement count, never keys from the message."""
    # 1. signature of a key that the agreement gives to this peer
    claimed = peek(payload.statement)
    key = next((key for key in peer.signing_keys if key.kid == claimed.kid), None)
    if key is None:
        raise VerificationError(
            "signature", found=f"key {claimed.kid}", expected=f"a key of {peer.name} in the agreement"
        )
    statement = verify_presentation(payload.statement, key)
    practice = peer.practice
    if statement.claims.get("practice", False) is not practice:
        words = {True: "an exercise", False: "no exercise"}
        raise VerificationError("practice", found=words[not practice], expected=words[practice])
    # 2. the sender had logged it before it left
    checkpoint = verify_checkpoint(payload.checkpoint, peer.log)
    entry = Entry(statement.raw, payload.blind)
    verify_inclusion(entry.leaf_hash, payload.index, checkpoint.size, payload.proof, checkpoint.root)
    if statement.serial != payload.index:
        raise VerificationError(
            "serial", found=str(statement.serial), expected=f"its place in the log, {payload.index}"
        )
    return statement


def _take_place(act: Act, received: Received, peer: PeerKeys, statement: Statement, head: bytes) -> None:
    """For us, next in the chain with this peer, not seen before, and not void when it arrived.

    The first out of another log of the peer may leave a gap: what it sent out of the log that it lost is not known.
    """
    link = act.tx.inbox.link(received.peer, "in")
    if link is not None and act.tx.continuity.seen_of(peer.log.name) is None:
        link = replace(link, digest="")
    see_log(act, peer, statement, head=head)
    accept_statement(
        statement.claims,
        us=act.desk.settings.name,
        at=received.received,
        last=PairHead(link.seq, link.digest) if link else None,
        seen=lambda jti: act.tx.inbox.saw_statement(jti, _exp(statement)),
    )
    seq: int = statement.claims["seq"]
    if link is not None and seq != link.seq + 1:  # only after a log was retired, theirs or ours
        act.log(Kind.ACT, {"act": "gap", "peer": peer.name, "after": link.seq, "next": seq}, subject=peer.name)
    act.tx.inbox.put_link(PairLink(peer=peer.name, direction="in", seq=seq, digest=statement.digest))


def _place_warning(act: Act, received: Received, payload: Payload, statement: Statement) -> str:
    if payload.cap is None:
        raise VerificationError("cap", found="no CAP message", expected="the one that the statement is tied to")
    found = sha256(payload.cap)
    if found != statement.claims.get("cap_sha256"):
        raise VerificationError(
            "cap", found=f"SHA-256 {found[:16]}…", expected=f"{statement.claims.get('cap_sha256')!s:.16}…"
        )
    alert = read_alert(payload.cap)
    fields = warning_fields(alert)
    for name, value in statement.disclosed.items():
        if fields.get(name) != value:
            raise VerificationError("cap", found=f"field {name} differs", expected="what the CAP message says")
    expires, watch_until = (parse_instant(_claim(statement, name)) for name in ("valid_until", "watch_until"))
    logged = act.log(
        Kind.ENVELOPE,
        {"direction": "in", "envelope": received.digest, "warning": statement.digest, "received": _text(statement)},
        subject=statement.digest,
    )
    item = Item(
        id=f"IN-{act.tx.cases.next_number('item')}",
        peer=received.peer,
        digest=statement.digest,
        envelope=received.digest,
        received=received.received,
        cap=payload.cap,
        statement=payload.statement,
        headline=alert.infos[0].headline or alert.infos[0].event,
        expires=expires,
        watch_until=watch_until,
        status=Life.LIVE,
        state=DeliveryState.DELIVERED,
        respond_by=received.received + act.desk.agreements[received.peer].response_clock,
        entry=logged.index,
        message=write_message(triple(alert)),
    )
    act.tx.inbox.put_item(item)
    act.tx.timers.set(Timer(expires + SECOND, TimerKind.LAPSE, item.id))
    place_item(act, item, alert)
    return item.id


def _place_answer(act: Act, received: Received, statement: Statement) -> str:
    receipt = read_answer(statement)
    delivery = (
        act.tx.chase.peer_delivery_by(statement=receipt.warning)
        if receipt.warning
        else act.tx.chase.peer_delivery_by(envelope=receipt.envelope or "")
    )
    if delivery is None or delivery.peer != received.peer:
        raise VerificationError("answer", found="a warning that we did not send to this peer", expected="one of ours")
    record_answer(act, delivery, statement)
    return f"{receipt.kind.value} for {delivery.warning}"


def record_answer(act: Act, delivery: PeerDelivery, statement: Statement) -> None:
    """Log a peer's signed answer inside our own statement, move the state of the version that it answers, and stop its ladder
    if it ends it.
    """
    warning, peer = delivery.warning, delivery.peer
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
    act.tx.chase.put_peer_delivery(replace(delivery, state=next_state(delivery.state, receipt.kind), at=act.at))
    end_ladder(act, warning, peer, receipt.kind, delivery.number)


def _answer_unreadable(act: Act, received: Received, error: TocsinError) -> None:
    """Tell the sender that its envelope could not be used, so that it does not count as delivered for long."""
    exp = int(act.at.timestamp()) + 30 * 86400
    pair = pair_claims(act, received.peer, exp=exp)
    claims = make_answer(Answer.UNREADABLE, envelope=received.digest, why=reason_code(error)) | pair
    signed = act.log(Kind.RECEIPT, claims, subject=received.digest)
    post_statement(act, received.peer, signed, purpose="answer", warning="", seq=pair["seq"], cap=None)


def _claim(statement: Statement, name: str) -> str:
    value = statement.claims.get(name)
    if not isinstance(value, str):
        raise InputError(f"statement's claim {name!r} is {value!r}, expected a time")
    return value


def _text(statement: Statement) -> str:
    return statement.raw.decode("ascii")


def _exp(statement: Statement) -> datetime:
    return datetime.fromtimestamp(statement.claims["exp"], UTC)
