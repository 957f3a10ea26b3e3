"""Lessons of a review: what somebody has to do until when; open ones stand in the next account and in `node check`."""

from datetime import date

from msgspec.structs import replace

from tocsin.core.window import write_instant, zone_of
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.ports import Desk
from tocsin.errors import InputError, NotFoundError, StateError
from tocsin.evidence.entry import Kind
from tocsin.review.lesson import MAX_LESSON, Lesson


def add_lesson(desk: Desk, incident: str, text: str, *, owner: str, due: date, once: str = "") -> Outcome:
    """Open a lesson of this incident; `owner` is the name of an officer, `due` the last day.

    Raises, with nothing stored: NotFoundError for an incident or an officer that is not here, InputError for no words or
    a day that is over. The log carries who, when and until when, never the words.
    """
    with begin(desk, May.KEEP_LESSONS, once) as act:
        if act.earlier is not None:
            return act.earlier
        act.tx.cases.incident(incident)
        keeper = next((one for one in act.tx.house.officers() if one.name == owner and one.left is None), None)
        if keeper is None:
            raise NotFoundError(f"no officer {owner!r} here", hint="see `tocsin officer list`")
        today = act.at.astimezone(zone_of(desk.settings.zone)).date()
        if due < today:
            raise InputError(f"lesson is due {due}, today is {today} in {desk.settings.zone}")
        lesson = Lesson(
            id=f"L-{act.tx.cases.next_number('lesson')}",
            incident=incident,
            text=text.strip(),
            owner=keeper.id,
            due=due,
            opened=act.at,
            by=desk.actor,
        )
        act.tx.lessons.put_lesson(lesson)
        body = {"act": "add_lesson", "lesson": lesson.id, "owner": lesson.owner, "due": due.isoformat()}
        act.log(Kind.ACT, body, subject=incident)
        return act.result(lesson_as_json(lesson))


def close_lesson(desk: Desk, lesson: str, outcome: str, *, once: str = "") -> Outcome:
    """Close it, saying what was done. NotFoundError if there is none, StateError if it is closed, InputError for no words."""
    with begin(desk, May.KEEP_LESSONS, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = act.tx.lessons.lesson(lesson)
        if found.closed is not None:
            raise StateError(f"{lesson} was closed by {found.closed_by} at {write_instant(found.closed)}")
        words = outcome.strip()
        if not 0 < len(words) <= MAX_LESSON:
            raise InputError(f"outcome of {lesson} has {len(words)} characters, expected 1 to {MAX_LESSON}")
        closed = replace(found, closed=act.at, closed_by=desk.actor, outcome=words)
        act.tx.lessons.put_lesson(closed)
        act.log(Kind.ACT, {"act": "close_lesson", "lesson": lesson}, subject=found.incident)
        return act.result(lesson_as_json(closed))


def list_lessons(desk: Desk) -> list[Outcome]:
    """All, the open ones first, then by the day they are due."""
    with look(desk, May.LOOK) as tx:
        return [lesson_as_json(one) for one in tx.lessons.lessons()]


def lesson_as_json(lesson: Lesson) -> Outcome:
    """One lesson as the CLI and the API show it."""
    return {
        "lesson": lesson.id,
        "incident": lesson.incident,
        "text": lesson.text,
        "owner": lesson.owner,
        "due": lesson.due.isoformat(),
        "opened": write_instant(lesson.opened),
        "closed": write_instant(lesson.closed) if lesson.closed else None,
        "closed_by": lesson.closed_by or None,
        "outcome": lesson.outcome or None,
    }
