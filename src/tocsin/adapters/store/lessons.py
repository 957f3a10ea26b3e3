"""Lessons of reviews, each one row."""

from datetime import date

from tocsin.adapters.store.columns import Columns, Form, put
from tocsin.adapters.store.connection import Connection
from tocsin.errors import NotFoundError
from tocsin.review.lesson import Lesson

LESSON = Columns(Lesson, due=Form(date.isoformat, date.fromisoformat))

_PUT_LESSON = put("lesson", LESSON.names, key=("id",))
_LESSON = LESSON.select("FROM lesson WHERE id = :id")
_LESSONS = LESSON.select("FROM lesson ORDER BY CASE WHEN closed IS NULL THEN 0 ELSE 1 END, due, id")


class SqlLessons:
    """Serves the desk's LessonStore."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put_lesson(self, lesson: Lesson) -> None:
        self._connection.run(_PUT_LESSON, **LESSON.cells(lesson))

    def lesson(self, lesson: str) -> Lesson:
        row = self._connection.row(_LESSON, id=lesson)
        if row is None:
            raise NotFoundError(f"no lesson {lesson!r} here", hint="see `tocsin lesson list`")
        return LESSON.record(row)

    def lessons(self) -> tuple[Lesson, ...]:
        return LESSON.records(self._connection.rows(_LESSONS))
