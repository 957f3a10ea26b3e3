"""What time it is: from the system, or from a file that a rehearsal moves forward."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tocsin.core.window import parse_instant, write_instant
from tocsin.errors import ClockError, ConfigError, InputError

REHEARSAL_FILE = "rehearsal.clock"


class SystemClock:
    """Serves the desk's Clock on a live node."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class RehearsalClock:
    """Serves the desk's Clock on a practice node: stands still until somebody moves it, never goes back, survives a crash.

    It is a file in the node's folder, so that every process of the node reads the same time.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / REHEARSAL_FILE

    def now(self) -> datetime:
        try:
            return parse_instant(self._file.read_text(encoding="ascii").strip())
        except (OSError, UnicodeDecodeError, InputError) as error:
            raise ConfigError(
                f"rehearsal clock {self._file.name} cannot be read: {error}", hint="write one RFC 3339 time into it"
            ) from None

    def move_to(self, at: datetime) -> None:
        """Set the clock forward, to the second. ClockError if `at` is earlier than now."""
        if self._file.exists() and at < self.now():
            raise ClockError(
                f"rehearsal clock reads {write_instant(self.now())}, {write_instant(at)} is earlier",
                hint="time in a rehearsal goes forward only; start a new one",
            )
        new = self._file.with_suffix(".new")
        new.write_text(write_instant(at) + "\n", encoding="ascii")
        os.replace(new, self._file)  # noqa: PTH105  # one atomic step: a reader sees the old or the new time
