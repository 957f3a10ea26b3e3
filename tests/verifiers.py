"""Who else judges us: which of the outside verifiers ran, as numbered lines of the test report."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

LIST = Path(__file__).with_name("verifiers.txt")


@dataclass(frozen=True)
class Verifier:
    """One verifier and the file of tests in which it judges."""

    name: str
    file: str


@dataclass
class Ran:
    """How many tests of each file ran to their end, and how many were left out."""

    ended: Counter[str] = field(default_factory=Counter)

    def count(self, nodeid: str, *, skipped: bool) -> None:
        """One test that was called."""
        if not skipped:
            self.ended[nodeid.split("::", maxsplit=1)[0]] += 1

    def lines(self) -> list[str]:
        """A numbered line for each verifier."""
        return [
            f"outside verifier {number}: {one.name}: " + (f"ran ({count} tests)" if count else "not run")
            for number, one in enumerate(verifiers(), 1)
            for count in (self.ended[one.file],)
        ]

    def missing(self) -> list[str]:
        """Names of those that did not run."""
        return [one.name for one in verifiers() if not self.ended[one.file]]


def verifiers() -> tuple[Verifier, ...]:
    """The committed list, in its order."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return tuple(Verifier(*(part.strip() for part in line.rsplit(":", 1))) for line in lines)
