"""What reports are about, who has it in hand, and which reports may repeat one origin."""

from collections.abc import Collection
from typing import Protocol

from tocsin.desk.records import Matter


class MatterStore(Protocol):
    """Matters with the reports that joined them."""

    def put_matter(self, matter: Matter) -> None:
        """Keep a matter, or its new state."""

    def matter(self, matter: str) -> Matter:
        """NotFoundError if there is none."""

    def join(self, report: str, matter: str, keys: Collection[str]) -> None:
        """The report belongs to the matter; `keys` are those by which later ones are held against it."""

    def matter_of(self, report: str) -> Matter:
        """NotFoundError if there is no such report."""

    def reports_of(self, matter: str) -> tuple[str, ...]:
        """All that joined, in the order in which they came."""

    def sharing(self, keys: Collection[str], most: int) -> tuple[str, ...]:
        """At most that many reports with one of the keys, those that share the most first."""

    def ranked(self, most: int) -> tuple[Matter, ...]:
        """At most that many: what is imminent and nobody has first, then what most reports tell, then what came first."""
