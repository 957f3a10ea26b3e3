"""Lessons of reviews, open and closed."""

from typing import Protocol

from tocsin.review.lesson import Lesson


class LessonStore(Protocol):
    """What reviews found that has to be done."""

    def put_lesson(self, lesson: Lesson) -> None:
        """Add a lesson, or its new state."""

    def lesson(self, lesson: str) -> Lesson:
        """NotFoundError if there is none."""

    def lessons(self) -> tuple[Lesson, ...]:
        """All, the open ones first, then by the day they are due."""
