"""What the desk needs of the world, in the desk's words; node.py fills it. The store has a folder of its own, stores."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from tocsin.config import Settings
from tocsin.core.window import Entropy
from tocsin.desk.access import NODE
from tocsin.desk.policy import Policy
from tocsin.desk.records import Mail
from tocsin.desk.stores import Store
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.exchange.envelope import SealKey
from tocsin.exchange.peers import Agreement
from tocsin.intake.ports import Gazetteer, Reader
from tocsin.review.outlines import Outlines


class Clock(Protocol):
    """What time it is, aware UTC."""

    def now(self) -> datetime:
        """What time it is."""


@runtime_checkable
class MovableClock(Clock, Protocol):
    """The clock of a rehearsal: somebody moves it, forward only."""

    def move_to(self, at: datetime) -> None:
        """Set the time. ClockError if `at` is earlier than now."""


class MailResult(Struct, frozen=True):
    """What the mail server said of one message: accepted, refused for good (5xx), or try again."""

    key: str
    accepted: bool
    final: bool
    detail: str


class Channel(Protocol):
    """One way to people. Takes a batch of (mail, message bytes), gives one result per item, in the same order."""

    async def send(self, batch: Sequence[tuple[Mail, bytes]]) -> tuple[MailResult, ...]:
        """Hand over a batch; what fails is in the results, never an exception."""


class Transport(Protocol):
    """One way to peers and witnesses."""

    async def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; DeliveryError if nobody answered."""

    async def close(self) -> None:
        """Let go of all connections."""


class NodeKeys(Struct, frozen=True, kw_only=True):
    """The keys of a node, each for one purpose (EXCHANGE 1)."""

    node: SigningKey
    log: SigningKey
    witness: SigningKey
    roles: Mapping[str, SigningKey]
    seal: SealKey
    links: bytes
    """Secret from which the tokens of signed links are derived."""


class WitnessAddress(Struct, frozen=True):
    """A witness of our log: where it is asked and the key its cosignatures are checked with."""

    url: str
    key: VerifyKey


class Desk(Struct, frozen=True, kw_only=True):
    """One desk at one node: the ports and keys that every act works with."""

    settings: Settings
    store: Store
    clock: Clock
    keys: NodeKeys
    agreements: Mapping[str, Agreement]
    """By the name of the peer."""
    witnesses: Mapping[str, WitnessAddress]
    """Who cosigns our log, by name."""
    witnessed_logs: Mapping[str, VerifyKey]
    """Whose logs we cosign, by origin."""
    entropy: Entropy
    gazetteer: Callable[[], Gazetteer]
    outlines: Callable[[], Outlines]
    """Where countries and regions end, for reviews."""
    reader: Reader | None
    """Another reader beside the rules; None where the house has none."""
    policy: Policy
    actor: str = NODE
    """Id of the officer who acts; NODE where no person does."""
    via: str = ""
    """How we know that it is them: `session`, `token`, or `named` on the node's own command line."""

    def acting(self, actor: str, via: str) -> "Desk":
        """The same desk with that officer at it."""
        return replace(self, actor=actor, via=via)
