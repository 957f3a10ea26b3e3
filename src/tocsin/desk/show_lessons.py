"""Lessons of reviews as a page shows them: who has to do what until when, what is late, and what became of the closed ones."""

from datetime import datetime

from msgspec import Struct

from tocsin.core.window import zone_of
from tocsin.desk.access import May
from tocsin.desk.act import look
from tocsin.desk.ports import Desk
from tocsin.review.lesson import Lesson


class ShownLesson(Struct, frozen=True, kw_only=True):
    """One lesson; `owner` and `closed_by` are names. `late` is said of an open one whose last day is over."""

    lesson: Lesson
    owner: str
    closed_by: str
    late: bool


class LessonsPage(Struct, frozen=True, kw_only=True):
    """All of them as of `at`, each kind by the day it is due."""

    at: datetime
    open: tuple[ShownLesson, ...]
    closed: tuple[ShownLesson, ...]

    @property
    def late(self) -> int:
        """How many open ones are late."""
        return sum(one.late for one in self.open)


def show_lessons(desk: Desk) -> LessonsPage:
    """For everybody within: what was found and not done is what the next incident is read against (LESSONS L60)."""
    with look(desk, May.LOOK) as tx:
        at = desk.clock.now()
        today = at.astimezone(zone_of(desk.settings.zone)).date()
        names = {one.id: one.name for one in tx.house.officers()}
        shown = [
            ShownLesson(
                lesson=one,
                owner=names.get(one.owner, one.owner),
                closed_by=names.get(one.closed_by, one.closed_by),
                late=one.closed is None and one.due < today,
            )
            for one in tx.lessons.lessons()
        ]
        return LessonsPage(
            at=at,
            open=tuple(one for one in shown if one.lesson.closed is None),
            closed=tuple(one for one in shown if one.lesson.closed is not None),
        )
