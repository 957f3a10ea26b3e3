"""What waits for somebody of a role, until they say that it is done."""

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.house import Task
from tocsin.desk.ports import Desk
from tocsin.errors import PolicyError, StateError
from tocsin.evidence.entry import Kind


def list_tasks(desk: Desk) -> list[Outcome]:
    """Everything that is not done, oldest first."""
    with look(desk, May.LOOK) as tx:
        return [task_as_json(one) for one in tx.house.open_tasks()]


def finish_task(desk: Desk, task: str, *, once: str = "") -> Outcome:
    """Done. Raises PolicyError if it waits for another role, StateError if it was done before."""
    with begin(desk, May.FINISH_TASK, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = act.tx.house.task(task)
        if found.done is not None:
            raise StateError(f"{task} was done by {found.done_by} at {write_instant(found.done)}")
        officer = act.tx.house.officer(desk.actor)
        if officer is None or found.role not in officer.roles:
            raise PolicyError(f"{task} waits for somebody with the role {found.role.value}")
        finished = replace(found, done=act.at, done_by=desk.actor)
        act.tx.house.put_task(finished)
        act.log(Kind.ACT, {"act": "finish_task", "task": task}, subject=found.subject)
        return act.result(task_as_json(finished))


def task_as_json(task: Task) -> Outcome:
    """One task as the CLI and the API show it."""
    return {
        "task": task.id,
        "what": task.what,
        "subject": task.subject,
        "role": task.role.value,
        "opened": write_instant(task.opened),
        "done": write_instant(task.done) if task.done else None,
        "done_by": task.done_by or None,
    }
