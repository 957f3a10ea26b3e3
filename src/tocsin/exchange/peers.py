"""The exchange agreement of two nodes: names, keys, mailboxes, response clock, and who is called when."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from json import dumps
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.expression import Expression
from tocsin.core.window import Entropy, parse_instant, write_instant
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.evidence.statement import load_json
from tocsin.exchange.envelope import SealPublic
from tocsin.target.register import read_address

FORMAT = "tocsin-agreement/1"
TOKEN_BYTES = 16
MAX_BYTES = 256 * 1024
LONGEST_CLOCK = timedelta(days=30)
# A name becomes part of a file's name and of a Message-ID; an address gets "/in/…" put behind it.
_NAME = Expression(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_URL = Expression(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*")
_TOKEN = Expression(r"[0-9a-f]{32}")


class PeerKeys(Struct, frozen=True, kw_only=True):
    """One party: where it is reached and with which keys it signs and opens."""

    name: str
    url: str
    node: VerifyKey
    roles: tuple[VerifyKey, ...]
    log: VerifyKey
    seal: SealPublic

    def __post_init__(self) -> None:
        if len(self.name) > 253 or not _NAME.fullmatch(self.name):
            raise InputError(f"party {self.name!r} is not a host name in small letters")
        if len(self.url) > 512 or not _URL.fullmatch(self.url):
            raise InputError(f"address {self.url!r} of {self.name} is not http(s)://HOST without query or last '/'")
        for key in (self.node, self.log, *self.roles):
            if key.node != self.name:
                raise InputError(f"key {key.name!r} does not belong to {self.name!r}")
        if len({key.practice for key in (self.log, *self.roles)}) != 1:
            raise InputError(f"party {self.name!r} mixes keys of a practice node with keys of a live one")

    @property
    def practice(self) -> bool:
        """Whether this is a practice node."""
        return self.log.practice

    @property
    def signing_keys(self) -> tuple[VerifyKey, ...]:
        """Keys whose statements count as this party's: the node's and its roles'."""
        return (self.node, *self.roles)


class Terms(Struct, frozen=True, kw_only=True):
    """What was agreed beside the keys: how soon an answer is due, and whom to write to when none comes."""

    response_clock: timedelta
    duty: Mapping[str, str]
    """By party: the address of its duty desk."""
    liaison: Mapping[str, str]
    """By party: the address of the liaison who speaks for it."""

    def __post_init__(self) -> None:
        clock = self.response_clock
        if not timedelta(0) < clock <= LONGEST_CLOCK or clock % timedelta(seconds=1):
            raise InputError(
                f"response clock {clock} is not whole seconds, above zero and at most {LONGEST_CLOCK.days} days"
            )
        for what, addresses in (("duty desk", self.duty), ("liaison", self.liaison)):
            for name, address in addresses.items():
                read_address(address, f"{what} of {name}")


class Agreement(Struct, frozen=True, kw_only=True):
    """Two parties, a secret mailbox each (what the other posts to), terms, and both signatures over all of it."""

    parties: tuple[PeerKeys, PeerKeys]
    mailboxes: Mapping[str, str]
    terms: Terms
    since: datetime
    signatures: Mapping[str, bytes]

    def __post_init__(self) -> None:
        names = {party.name for party in self.parties}
        if len(names) != len(self.parties):
            raise InputError(f"{self.parties[0].name!r} cannot agree with itself")
        if self.parties[0].practice is not self.parties[1].practice:
            raise InputError("a practice node and a live one cannot agree", hint="make a practice node at both sides")
        if set(self.mailboxes) != names or not all(map(_TOKEN.fullmatch, self.mailboxes.values())):
            raise InputError("agreement does not give each party one mailbox of 32 hex digits")
        if len(set(self.mailboxes.values())) != len(names):
            raise InputError("agreement gives both parties the same mailbox")
        strangers = {*self.signatures, *self.terms.duty, *self.terms.liaison} - names
        if strangers:
            raise InputError(f"agreement speaks for {min(strangers)!r}, who is no party to it")

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
        return compare_digest(self.mailboxes[name].encode(), token.encode("utf-8", "replace"))


def make_agreement(parties: tuple[PeerKeys, PeerKeys], *, terms: Terms, since: datetime, entropy: Entropy) -> Agreement:
    """A new agreement with fresh mailboxes, not yet signed."""
    mailboxes = {name: entropy(TOKEN_BYTES).hex() for name in sorted(party.name for party in parties)}
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
    if len(raw) > MAX_BYTES:
        raise InputError(f"agreement has {len(raw)} bytes, at most {MAX_BYTES} expected")
    found: Any = load_json(raw, "agreement")
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
