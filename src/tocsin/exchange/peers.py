"""The exchange agreement of two nodes: names, keys, mailboxes, response clock, and who is called when."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hmac import compare_digest
from json import dumps
from typing import Any

from tocsin.core.window import Entropy, parse_instant, write_instant
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.evidence.statement import load_json
from tocsin.exchange.envelope import SealPublic

FORMAT = "tocsin-agreement/1"
TOKEN_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class PeerKeys:
    """One party: where it is reached and with which keys it signs and opens."""

    name: str
    url: str
    node: VerifyKey
    roles: tuple[VerifyKey, ...]
    log: VerifyKey
    seal: SealPublic

    def __post_init__(self) -> None:
        for key in (self.node, self.log, *self.roles):
            if key.node != self.name:
                raise InputError(f"key {key.name!r} does not belong to {self.name!r}")

    @property
    def signing_keys(self) -> tuple[VerifyKey, ...]:
        """Keys whose statements count as this party's: the node's and its roles'."""
        return (self.node, *self.roles)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed beside the keys: how soon an answer is due, and whom to write to when none comes."""

    response_clock: timedelta
    duty: Mapping[str, str]
    """By party: the address of its duty desk."""
    liaison: Mapping[str, str]
    """By party: the address of the liaison who speaks for it."""


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two parties, a secret mailbox each (what the other posts to), terms, and both signatures over all of it."""

    parties: tuple[PeerKeys, PeerKeys]
    mailboxes: Mapping[str, str]
    terms: Terms
    since: datetime
    signatures: Mapping[str, bytes]

    @property
    def response_clock(self) -> timedelta:
        """How long the receiver has before it is asked again."""
        return self.terms.response_clock

    def keys_of(self, name: str) -> PeerKeys:
        """The party of that name."""
        for party in self.parties:
            if party.name == name:
                return party
        raise InputError(f"agreement is not with {name!r}")

    def other(self, name: str) -> PeerKeys:
        """The party that is not the one named."""
        self.keys_of(name)
        return next(party for party in self.parties if party.name != name)

    def mailbox_url(self, name: str) -> str:
        """Where envelopes for that party go. A secret: never logged."""
        return f"{self.keys_of(name).url}/in/{self.mailboxes[name]}"

    def is_mailbox(self, name: str, token: str) -> bool:
        """Is this the token of that party's mailbox? Compared in constant time."""
        return compare_digest(self.mailboxes[name].encode(), token.encode())


def make_agreement(parties: tuple[PeerKeys, PeerKeys], *, terms: Terms, since: datetime, entropy: Entropy) -> Agreement:
    """A new agreement with fresh mailboxes, not yet signed."""
    names = sorted(party.name for party in parties)
    if names[0] == names[1]:
        raise InputError(f"{names[0]!r} cannot agree with itself")
    mailboxes = {name: entropy(TOKEN_BYTES).hex() for name in names}
    return Agreement(parties=parties, mailboxes=mailboxes, terms=terms, since=since, signatures={})


def sign_agreement(agreement: Agreement, key: SigningKey) -> Agreement:
    """The agreement with this party's signature added."""
    if key.verify_key != agreement.keys_of(key.name).node:
        raise InputError(f"{key.name!r} would sign with another key than the agreement names")
    signatures = {**agreement.signatures, key.name: key.sign(_signed(agreement))}
    return replace(agreement, signatures=dict(sorted(signatures.items())))


def verify_agreement(agreement: Agreement) -> None:
    """VerificationError (step agreement) unless both parties signed exactly this."""
    for party in agreement.parties:
        signature = agreement.signatures.get(party.name)
        if signature is None:
            raise VerificationError("agreement", found=f"no signature by {party.name}", expected="one of each party")
        try:
            party.node.verify(_signed(agreement), signature)
        except VerificationError:
            raise VerificationError(
                "agreement", found=f"a signature by {party.name} that does not fit", expected="one over these terms"
            ) from None


def write_agreement(agreement: Agreement) -> bytes:
    """The one form of an agreement as bytes."""
    signatures = {name: b64encode(one).decode() for name, one in agreement.signatures.items()}
    return _dump({**_terms(agreement), "signatures": signatures})


def read_agreement(raw: bytes) -> Agreement:
    """The agreement in these bytes; InputError unless written again it is byte for byte the same. Not yet verified."""
    found: Any = load_json(raw)
    try:
        one, other = (_read_party(party) for party in found["parties"])
        agreement = Agreement(
            parties=(one, other),
            mailboxes={party.name: found["mailboxes"][party.name] for party in sorted((one, other), key=_name)},
            terms=Terms(
                response_clock=timedelta(seconds=found["response_clock"]),
                duty=found["duty"],
                liaison=found["liaison"],
            ),
            since=parse_instant(found["since"]),
            signatures={name: b64decode(one, validate=True) for name, one in found["signatures"].items()},
        )
        again = write_agreement(agreement)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(f"agreement cannot be read: {error}") from None
    if again != raw:
        raise InputError("agreement is not in its one form", hint="ask the other party for the file again")
    return agreement


def _signed(agreement: Agreement) -> bytes:
    return _dump(_terms(agreement))


def _terms(agreement: Agreement) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "since": write_instant(agreement.since),
        "parties": [_party(party) for party in agreement.parties],
        "mailboxes": dict(agreement.mailboxes),
        "response_clock": int(agreement.terms.response_clock.total_seconds()),
        "duty": dict(agreement.terms.duty),
        "liaison": dict(agreement.terms.liaison),
    }


def _party(party: PeerKeys) -> dict[str, Any]:
    return {
        "name": party.name,
        "url": party.url,
        "node": b64encode(party.node.public).decode(),
        "roles": {key.name: b64encode(key.public).decode() for key in party.roles},
        "log": {party.log.name: b64encode(party.log.public).decode()},
        "seal": {"mlkem768": b64encode(party.seal.mlkem).decode(), "x25519": b64encode(party.seal.x25519).decode()},
    }


def _read_party(found: Any) -> PeerKeys:
    def key(name: str, text: str) -> VerifyKey:
        return VerifyKey(name, b64decode(text, validate=True))

    ((log_name, log_key),) = found["log"].items()
    seal = found["seal"]
    return PeerKeys(
        name=found["name"],
        url=found["url"],
        node=key(found["name"], found["node"]),
        roles=tuple(key(name, text) for name, text in found["roles"].items()),
        log=key(log_name, log_key),
        seal=SealPublic(b64decode(seal["mlkem768"], validate=True), b64decode(seal["x25519"], validate=True)),
    )


def _name(party: PeerKeys) -> str:
    return party.name


def _dump(value: Any) -> bytes:
    return dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
