"""What leaves the node, who was asked, and what they answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from tocsin.desk.records import (
    KeptAnswer,
    Mail,
    MailState,
    PartyLadder,
    PeerDelivery,
    Posting,
)
from tocsin.evidence.receipt import Answer


class OutboxStore(Protocol):
    """What is to leave the node, and what became of it. A claim is its holder's until it is settled or the holder is gone."""

    def put_mail(self, mail: Sequence[Mail]) -> None:
        """Queue these; a key that is there already is an error, for it would be sent twice."""

    def claim_mail(self, at: datetime, limit: int) -> tuple[Mail, ...]:
        """At most `limit` that are due and that nobody holds, now held by this process, by key."""

    def settle_mail(self, mail: Sequence[Mail]) -> None:
        """Write down what became of them and let go of them."""

    def withdraw_mail(self, warning: str, number: int, at: datetime) -> int:
        """Mark what is queued of versions older than `number` and held by nobody as over. Gives how many."""

    def mark_answered(self, key: str, at: datetime) -> None:
        """The link in that e-mail was used to answer."""

    def mail(self, warning: str) -> tuple[Mail, ...]:
        """All e-mail of a warning, oldest first."""

    def mail_by_token(self, token: str) -> Mail | None:
        """The e-mail whose link has this digest; None if there is none."""

    def count_mail(self, warning: str) -> Mapping[MailState, int]:
        """How many of a warning are in which state."""

    def mail_to_parties(self, warning: str) -> tuple[Mail, ...]:
        """E-mail of a warning to those who can act on it, oldest first."""

    def count_people(self, warning: str) -> Mapping[MailState, tuple[int, int]]:
        """For each state: how many e-mails of a warning to people, and how many of them were answered."""

    def first_times(self, warning: str) -> tuple[tuple[datetime | None, datetime | None], ...]:
        """Per recipient of e-mail: when the first one was handed over, and the first one answered; None if none was."""

    def put_posting(self, posting: Posting) -> None:
        """Queue an envelope for a peer."""

    def claim_postings(self, at: datetime, limit: int) -> tuple[Posting, ...]:
        """At most `limit` that are due and that nobody holds, now held by this process, oldest first."""

    def settle_posting(self, posting: Posting) -> None:
        """Write down what became of it and let go of it."""

    def drop_expired(self, at: datetime) -> int:
        """Mark what is queued, past its end and held by nobody. Gives how many."""

    def release_claims(self) -> int:
        """Let go of what processes hold that are gone; each claim does it first. Gives how many. StateError if another
        process is the only one that may send.
        """

    def next_due(self) -> datetime | None:
        """When something queued is due next; None if nothing is."""


class ChaseStore(Protocol):
    """Who was asked, how far the asking has come, and what they answered."""

    def put_ladder(self, ladder: PartyLadder) -> None:
        """Keep how far the asking of one party has come."""

    def ladder(self, warning: str, party: str) -> PartyLadder | None:
        """None if that party is not asked."""

    def ladders(self, warning: str) -> tuple[PartyLadder, ...]:
        """All of a warning, by party."""

    def open_ladders(self, count: int) -> tuple[PartyLadder, ...]:
        """At most `count` parties that have not answered a warning which is not over, the longest asked first."""

    def count_open_ladders(self) -> int:
        """How many such parties there are, each counted once for each warning."""

    def count_ladders(self, warnings: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """For each of these warnings: how many parties are asked, and how many of them have answered."""

    def put_peer_delivery(self, delivery: PeerDelivery) -> None:
        """Keep the state of one version of a warning with a peer."""

    def peer_delivery(self, warning: str, peer: str) -> PeerDelivery | None:
        """That of the newest version sent to that peer; None if none was."""

    def peer_delivery_by(self, *, statement: str = "", envelope: str = "") -> PeerDelivery | None:
        """By hex digest of the statement or of the envelope; None if neither is ours."""

    def peer_deliveries(self, warning: str) -> tuple[PeerDelivery, ...]:
        """That of the newest version sent to each peer, by peer."""

    def add_answer(self, answer: KeptAnswer) -> bool:
        """Keep an answer; False if it was here already."""

    def answers_of_parties(self, warning: str) -> tuple[KeptAnswer, ...]:
        """Those of venues and peers, oldest first: as many as there are parties, however many people were mailed."""

    def count_answers_of_people(self, warning: str) -> Mapping[Answer, int]:
        """How many of the exposed gave which answer."""

    def last_answer(self, warning: str, by: str) -> KeptAnswer | None:
        """The newest of a warning by that link or key; None if it has given none."""
