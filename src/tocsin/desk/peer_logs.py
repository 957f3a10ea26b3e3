"""What we saw of the log of a peer, and telling the peer when it asks: it may have lost its memory."""

import json

from msgspec.structs import replace

from tocsin.desk.access import May
from tocsin.desk.act import FIRST_LOG, Act, look
from tocsin.desk.continuity import PeerSeen
from tocsin.desk.ports import Desk
from tocsin.errors import NotFoundError, VerificationError
from tocsin.evidence.checkpoint import Checkpoint, read_checkpoint, read_note
from tocsin.evidence.statement import Statement
from tocsin.exchange.peers import PeerKeys


def peer_of(desk: Desk, token: str) -> str:
    """Whose mailbox that token is. NotFoundError if it is nobody's."""
    for name, agreement in desk.agreements.items():
        if agreement.is_mailbox(desk.settings.name, token):
            return name
    raise NotFoundError("no such mailbox", hint="the address stands in the exchange agreement")


def see_log(act: Act, peer: PeerKeys, statement: Statement, *, head: bytes = b"") -> None:
    """Remember the most that this peer's signature has shown: the serial of a statement, and a head that was verified.

    Raises VerificationError (step checkpoint) for a second root of one size; the first head is kept, the second is in the
    envelope.
    """
    origin = peer.log.name
    seen = act.tx.continuity.seen_of(origin) or PeerSeen(origin=origin, peer=peer.name)
    if head:
        shown = _read(head)
        if shown.size == seen.size and seen.note and shown.root != _read(seen.note).root:
            raise VerificationError("checkpoint", found=f"another root for size {shown.size}", expected="the one seen")
        if shown.size > seen.size:
            seen = replace(seen, size=shown.size, note=head)
    # A statement names its log once the issuer's first one was retired: a serial counts within one log.
    if statement.claims.get("log", origin if origin.rpartition("/")[2] == FIRST_LOG else None) == origin:
        seen = replace(seen, serial=max(seen.serial, statement.serial))
    act.tx.continuity.put_seen(seen)


def tell_seen(desk: Desk, token: str) -> bytes:
    """The answer to `POST /in/{token}/seen`: the most that we saw of that peer's log, and its last statement to us.

    JSON: `checkpoint` (signed head or null), `serial` and `seq` (-1 for none), `digest` (of the statement `seq`).
    NotFoundError for a token that is no peer's mailbox.
    """
    peer = peer_of(desk, token)
    with look(desk, May.RECEIVE) as tx:
        origin = desk.agreements[peer].keys_of(peer).log.name
        seen = tx.continuity.seen_of(origin) or PeerSeen(origin=origin, peer=peer)
        link = tx.inbox.link(peer, "in")
    found = {
        "checkpoint": seen.note.decode("utf-8") or None,
        "serial": seen.serial,
        "seq": link.seq if link else -1,
        "digest": link.digest if link else "",
    }
    return json.dumps(found, ensure_ascii=False).encode("utf-8")


def _read(note: bytes) -> Checkpoint:
    return read_checkpoint(read_note(note).text)
