"""What leaves the node: e-mail to people and sealed envelopes to peers, put into the outbox inside the act."""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tocsin.compose.fields import warning_fields
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.versions import Version
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.deliver.fanout import Addressee, choose_language, plan_deliveries
from tocsin.desk.act import Act, Signed
from tocsin.desk.records import KeptVersion, Mail, PairLink, PeerDelivery, Posting
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import Disclosable, present
from tocsin.evidence.tree import inclusion_proof
from tocsin.exchange.envelope import seal, write_payload
from tocsin.exchange.protocol import DeliveryState
from tocsin.target.register import Person

KEEP_AFTER_WATCH = timedelta(days=30)
"""A statement to a peer is void this long after the watch ended: replays are refused by date from then on."""


def link_token(secret: bytes, key: str) -> str:
    """The 130-bit token of a signed link, from the delivery's key: it can be made again for a second copy.

    The store keeps only its SHA-256 (`token_digest`), so a copy of the store opens nothing.
    """
    return b32encode(hmac.digest(secret, key.encode(), "sha256"))[:26].decode().lower()


def row_salt(secret: bytes, key: str, attempt: int) -> bytes:
    """Salt of one row of a chunk's leaf: made again to show that row, unguessable to everybody else."""
    return hmac.digest(secret, f"row {attempt} {key}".encode(), "sha256")[:16]


def token_digest(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def address(act: Act, warning: IssuedWarning, to: Sequence[Addressee], *, step: int) -> None:
    """Queue one e-mail of the public version to each addressee. Mail is not sealed: it never carries a stricter version."""
    planned = plan_deliveries(
        warning.id,
        warning.number,
        Audience.PUBLIC,
        to,
        channel="mail",
        step=step,
        token_for=lambda key: link_token(act.desk.keys.links, key),
    )
    act.tx.outbox.put_mail(
        [
            Mail(
                key=one.key,
                warning=one.warning,
                number=warning.number,
                audience=one.version,
                party=one.party or "",
                recipient=one.recipient,
                address=one.address,
                language=one.language,
                step=one.step,
                token=token_digest(one.token),
                created=act.at,
                not_after=warning.watch_until if one.party else warning.expires,
                due=act.at,
            )
            for one in planned
        ]
    )


def address_people(act: Act, warning: IssuedWarning, people: Sequence[Person]) -> None:
    """The exposed get the public version once, in their language if it went out; nobody chases them."""
    offered = languages_of(warning.versions)
    chosen = {one: choose_language(one, offered) for one in {person.language for person in people}}
    told = [Addressee(None, one.id, one.email, chosen[one.language]) for one in people]
    address(act, warning, told, step=0)


def languages_of(versions: Sequence[Version]) -> tuple[str, ...]:
    """The languages of the public version, the main one first."""
    public = next(version for version in versions if version.audience is Audience.PUBLIC)
    return tuple(info.language for info in public.alert.infos)


def version_claims(warning: IssuedWarning, version: Version) -> dict[str, Any]:
    """The always-open part of a warning statement (EXCHANGE 1): which warning, which version, which CAP bytes."""
    return {
        "warning": warning.id,
        "version": warning.number,
        "audience": version.audience.value,
        "tlp": version.tlp.value,
        "cap_sha256": hashlib.sha256(version.cap).hexdigest(),
        "valid_until": write_instant(warning.expires),
        "watch_until": write_instant(warning.watch_until),
    }


def pair_claims(act: Act, peer: str, *, exp: int) -> dict[str, Any]:
    """Claims that chain a statement to the last one sent to that peer."""
    last = act.tx.inbox.link(peer, "out")
    return {
        "aud": peer,
        "seq": last.seq + 1 if last else 0,
        "prev": last.digest if last else "",
        "exp": exp,
    }


def post_statement(
    act: Act, peer: str, signed: Signed, *, purpose: str, warning: str, seq: int, cap: bytes | None
) -> Posting:
    """Seal a logged statement with its proof for the peer and queue the envelope."""
    head = act.publish_checkpoint()
    logged = act.tx.log.entry(signed.index)
    payload = write_payload(
        statement=present(Disclosable(signed.statement, signed.disclosures), None)
        if signed.disclosures
        else signed.statement,
        cap=cap,
        blind=logged.blind,
        index=signed.index,
        proof=inclusion_proof(signed.index, head.size, act.tx.log.hash),
        checkpoint=head.note,
    )
    raw = seal(payload, act.desk.agreements[peer].keys_of(peer).seal)
    posting = Posting(
        digest=hashlib.sha256(raw).hexdigest(),
        peer=peer,
        purpose=purpose,
        warning=warning,
        raw=raw,
        created=act.at,
        due=act.at,
    )
    act.tx.outbox.put_posting(posting)
    act.tx.inbox.put_link(
        PairLink(peer=peer, direction="out", seq=seq, digest=hashlib.sha256(signed.statement).hexdigest())
    )
    return posting


def seal_for_peer(act: Act, warning: IssuedWarning, version: Version, peer: str) -> None:
    """Sign the partner version for this peer alone, seal it, and log which envelope carries it."""
    exp = int((warning.watch_until + KEEP_AFTER_WATCH).timestamp())
    pair: Mapping[str, Any] = pair_claims(act, peer, exp=exp)
    claims = version_claims(warning, version) | dict(pair)
    signed = act.log_disclosable(Kind.WARNING, claims, warning_fields(version.alert), subject=warning.id)
    act.tx.cases.add_version(
        KeptVersion(
            warning=warning.id,
            number=warning.number,
            audience=version.audience,
            peer=peer,
            cap=version.cap,
            statement=signed.statement,
            disclosures=signed.disclosures,
            entry=signed.index,
        )
    )
    digest = hashlib.sha256(signed.statement).hexdigest()
    posting = post_statement(act, peer, signed, purpose="warning", warning=warning.id, seq=pair["seq"], cap=version.cap)
    act.log(
        Kind.ENVELOPE,
        {"direction": "out", "warning": digest, "envelope": posting.digest, "aud": peer},
        subject=warning.id,
    )
    act.tx.chase.put_peer_delivery(
        PeerDelivery(
            warning=warning.id,
            peer=peer,
            statement=digest,
            envelope=posting.digest,
            state=DeliveryState.COMMITTED,
            at=act.at,
            number=warning.number,
        )
    )
