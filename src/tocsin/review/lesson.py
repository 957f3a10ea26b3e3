"""A lesson of a review: what is to be done, by whom and until when, and what became of it (LESSONS L60)."""

from datetime import date, datetime

from msgspec import Struct

from tocsin.errors import InputError

MAX_LESSON = 2000


class Lesson(Struct, frozen=True, kw_only=True):
    """One item. `owner` and `by` are ids of officers; `due` is the last day. `outcome` says how it was closed."""

    id: str
    incident: str
    text: str
    owner: str
    due: date
    opened: datetime
    by: str
    closed: datetime | None = None
    closed_by: str = ""
    outcome: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.text.strip()) <= MAX_LESSON:
            raise InputError(
                f"lesson has {len(self.text.strip())} characters, expected 1 to {MAX_LESSON}",
                hint="say what is to be done",
            )
