"""Reports, determinations, warnings, incidents; who is exposed and who can act."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from tocsin.assess.duty import Determination
from tocsin.compose.lifecycle import IssuedWarning, Status
from tocsin.desk.records import (
    KeptClaim,
    KeptReport,
    KeptVersion,
)
from tocsin.review.incident import Incident
from tocsin.target.register import Gathering, Person, Venue


class CaseStore(Protocol):
    """Reports, determinations, warnings with their versions, incidents."""

    def next_number(self, noun: str) -> int:
        """1, 2, 3, … for each noun; a number is never given twice."""

    def skip_numbers(self, count: int) -> None:
        """Leave out the next `count` numbers of every noun: a node whose memory is gone may have given them."""

    def add_report(self, report: KeptReport) -> None:
        """Keep a report as it came."""

    def report(self, report: str) -> KeptReport:
        """NotFoundError if there is none."""

    def find_report(self, report: str) -> KeptReport | None:
        """None if there is none."""

    def reports(self) -> tuple[KeptReport, ...]:
        """All, oldest first."""

    def add_determination(self, determination: Determination) -> None:
        """Keep a determination."""

    def determination(self, determination: str) -> Determination:
        """NotFoundError if there is none."""

    def determinations(self) -> tuple[Determination, ...]:
        """All, by number."""

    def put_warning(self, warning: IssuedWarning) -> None:
        """Keep a warning, or its new state. Its versions are kept apart."""

    def warning(self, warning: str) -> IssuedWarning:
        """Without its versions. NotFoundError if there is none."""

    def warnings(self) -> tuple[IssuedWarning, ...]:
        """All, by number, without their versions."""

    def newest_warnings(
        self, count: int, *, before: str = "", status: Status | None = None, until: datetime | None = None
    ) -> tuple[IssuedWarning, ...]:
        """At most `count`, newest first, without their versions: those issued before that warning, all or in that state.

        With `until` only those issued before that instant.
        """

    def count_warnings(self) -> Mapping[Status, int]:
        """How many are in each state."""

    def add_version(self, version: KeptVersion) -> None:
        """Keep a version as it was signed; never changed afterwards."""

    def versions(self, warning: str) -> tuple[KeptVersion, ...]:
        """All versions of a warning, in the order in which they were logged."""

    def add_incident(self, incident: Incident) -> None:
        """Keep an incident."""

    def incident(self, incident: str) -> Incident:
        """NotFoundError if there is none."""

    def incidents(self) -> tuple[Incident, ...]:
        """All, by number."""

    def add_claim(self, claim: KeptClaim) -> None:
        """Keep a claim; one that is there already is an error, for it would be told twice."""

    def claims(self, incident: str) -> tuple[KeptClaim, ...]:
        """All about an incident, in the order in which they were recorded."""


class RegisterStore(Protocol):
    """Who is exposed and who can act."""

    def put_people(self, people: Iterable[Person]) -> int:
        """Add or replace by id. Gives how many."""

    def put_venues(self, venues: Iterable[Venue]) -> int:
        """Add or replace by id. Gives how many."""

    def put_gatherings(self, gatherings: Iterable[Gathering]) -> int:
        """Add or replace by id. Gives how many."""

    def people(self) -> tuple[Person, ...]:
        """All, by id."""

    def venues(self) -> tuple[Venue, ...]:
        """All, by id."""

    def gatherings(self) -> tuple[Gathering, ...]:
        """All, by id."""
