"""What a review works with beside our own: incidents and warnings of others, and what people ruled on verdicts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from tocsin.desk.records import KeptRuling
from tocsin.review.incident import Incident
from tocsin.review.matching import ReviewedWarning


class ReviewStore(Protocol):
    """Kept apart from our own warnings: nothing here was ever sent by us, or ever will be."""

    def add_incidents(self, incidents: Sequence[Incident]) -> int:
        """Keep those that are not here yet; gives how many. StateError if one is here with other facts."""

    def add_foreign_warnings(self, warnings: Sequence[ReviewedWarning]) -> int:
        """Keep those that are not here yet; gives how many. StateError if one is here with other facts."""

    def imported_incident(self, incident: str) -> Incident:
        """NotFoundError if there is none."""

    def foreign_warning(self, warning: str) -> ReviewedWarning:
        """NotFoundError if there is none."""

    def imported_incidents(self, first: datetime, last: datetime) -> tuple[Incident, ...]:
        """Those that started from `first` up to but not at `last`, by time."""

    def foreign_warnings(self, first: datetime, last: datetime) -> tuple[ReviewedWarning, ...]:
        """Every version issued from `first` up to but not at `last`, by time."""

    def count_imported(self) -> tuple[tuple[str, str, int], ...]:
        """Kind (incident or warning), source, and how many are here."""

    def add_ruling(self, ruling: KeptRuling) -> None:
        """Keep what a person ruled; never changed afterwards."""

    def rulings(self, incident: str) -> tuple[KeptRuling, ...]:
        """All on the incident, by warning and number."""
