"""Four eyes: one person drafts, another releases. One bounded way round it, for when nobody else answers (LESSONS L46, L47)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tocsin.cap.alert import Severity, Urgency
from tocsin.core.area import area_km2
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin, look
from tocsin.desk.changes import kept_revision
from tocsin.desk.house import Draft, DraftState, Role, Task
from tocsin.desk.keep_draft import draft_as_json, keep_draft
from tocsin.desk.languages import ask_readers
from tocsin.desk.notices import find_officers, notify
from tocsin.desk.order import order_from_json
from tocsin.desk.ports import Desk
from tocsin.desk.revise import revise
from tocsin.desk.revision import PreparedRevision, Revision, prepare_revision
from tocsin.desk.stores import Transaction
from tocsin.desk.warn import Hands, Order, Prepared, issue, prepare, refusals_logged
from tocsin.errors import PolicyError, StateError
from tocsin.evidence.entry import Kind


def draft_warning(desk: Desk, found: Mapping[str, Any], *, once: str = "") -> Outcome:
    """Keep an order until a second person decides, and ask everybody who could. Checked as if it were issued now.

    Raises what issuing would raise: a draft that leaks or reaches nobody is refused before it waits.
    """
    order = order_from_json(found)
    with refusals_logged(desk, May.DRAFT, order.determination, once), begin(desk, May.DRAFT, once) as act:
        if act.earlier is not None:
            return act.earlier
        prepared = prepare(desk, act.tx, order, "W-0", act.at)
        kept = keep_draft(
            act,
            found,
            f"urgency {order.urgency.value}{ask_readers(prepared.translations)}",
            subject=order.determination,
            wording=prepared.wording,
        )
        return act.result({**prepared.summary, **kept, "issued": False})


def release_draft(desk: Desk, draft: str, *, people: int | None = None, once: str = "") -> Outcome:
    """The second person lets it go. `people` is the number they saw: another one now means look again.

    Raises PolicyError for one's own draft on a live node, StateError if it is not waiting or reaches others than was seen.
    """
    with refusals_logged(desk, May.RELEASE, draft, once), begin(desk, May.RELEASE, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = find_waiting_draft(act, draft)
        if found.by == desk.actor and not desk.settings.practice:
            raise PolicyError(
                f"{draft} is your own draft", hint="another person releases it; see LESSONS L47 in the docs"
            )
        return act.result(_release(act, found, people))


def hold_draft(desk: Desk, draft: str, reason: str, *, once: str = "") -> Outcome:
    """The second person says no, with a reason; then it cannot be released, alone neither."""
    if not reason.strip():
        raise PolicyError("a draft is held with a reason only", hint="--reason TEXT")
    with begin(desk, May.HOLD, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = find_waiting_draft(act, draft)
        held = replace(found, state=DraftState.HELD, decided_by=desk.actor, decided=act.at, reason=reason)
        act.tx.house.put_draft(held)
        act.log(Kind.ACT, {"act": "hold", "draft": draft}, subject=str(found.order["determination"]))
        return act.result(draft_as_json(held))


def release_alone(desk: Desk, draft: str, *, people: int | None = None, once: str = "") -> Outcome:
    """The drafter lets it go, because the second person was asked and is silent. The bounds are those of the policy.

    Raises PolicyError naming the first bound that does not hold. The second and the auditors are told, a review is due.
    """
    with refusals_logged(desk, May.RELEASE_ALONE, draft, once), begin(desk, May.RELEASE_ALONE, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = find_waiting_draft(act, draft)
        if "change" in found.order:
            raise PolicyError(
                f"{draft} changes a warning that is out: nobody releases that alone", hint="ask a second person"
            )
        order = _order(found)
        _check_bounds(act, found, order)
        outcome = _release(act, found, people)
        warning = outcome["warning"]
        task = Task(
            id=f"T-{act.tx.cases.next_number('task')}",
            what="review a warning that one person released alone",
            subject=warning,
            role=Role.AUDITOR,
            opened=act.at,
        )
        act.tx.house.put_task(task)
        told = {
            one.id: one for role in (Role.RELEASER, Role.AUDITOR) for one in find_officers(act, role, but=desk.actor)
        }
        text = f"Released by one person alone: {warning}\n\nDraft {draft}, by policy. The review is task {task.id}."
        notify(act, told.values(), text, about=f"{draft} alone")
        act.log(Kind.ACT, {"act": "release_alone", "draft": draft, "task": task.id}, subject=warning)
        return act.result({**outcome, "task": task.id})


def list_drafts(desk: Desk) -> list[Outcome]:
    """Every draft, oldest first."""
    with look(desk, May.LOOK) as tx:
        return [draft_as_json(one) for one in tx.house.drafts()]


def preview_draft(desk: Desk, draft: str) -> Outcome:
    """What releasing it now would do, with nothing stored or sent."""
    with look(desk, May.LOOK) as tx:
        found = tx.house.draft(draft)
        prepared = prepare_draft(desk, tx, found, desk.clock.now())
        return {**prepared.summary, **draft_as_json(found), "issued": False}


def find_waiting_draft(act: Act, draft: str) -> Draft:
    """The draft, if it still waits; StateError that says who decided, and when, if it does not."""
    found = act.tx.house.draft(draft)
    if found.state is not DraftState.WAITING:
        when = write_instant(found.decided) if found.decided else ""
        raise StateError(f"{draft} was {found.state.value} by {found.decided_by} at {when}", hint="write a new draft")
    return found


def _release(act: Act, draft: Draft, people: int | None) -> Outcome:
    hands = Hands(drafted_by=draft.by, released_by=act.desk.actor)
    if "change" in draft.order:
        outcome = revise(act, _revision(act.tx, draft), hands)
    else:
        outcome = issue(act, _order(draft), hands)
    now = outcome["exposed"]["people"]
    if people is not None and people != now:
        raise StateError(
            f"{draft.id} would go to {now} people, you read {people}", hint="the register has changed: look again"
        )
    act.tx.house.put_draft(
        replace(
            draft,
            state=DraftState.RELEASED,
            decided_by=act.desk.actor,
            decided=act.at,
            warning=outcome["warning"],
        )
    )
    return outcome | {"draft": draft.id}


def _check_bounds(act: Act, draft: Draft, order: Order) -> None:
    policy = act.desk.policy
    prepared = prepare(act.desk, act.tx, order, "W-0", act.at)
    area = area_km2(prepared.warning.threat.area)
    waited = act.at - draft.at
    asked = [one for one in find_officers(act, Role.RELEASER, but=draft.by) if one.id in draft.asked]
    bounds = (
        (draft.by == act.desk.actor, f"{draft.id} is not your draft: release it as the second person"),
        (policy.is_approved(order.template), "free text, or a template that nobody approved"),
        (order.urgency is Urgency.IMMEDIATE, f"urgency is {order.urgency.value}, expected Immediate"),
        (order.severity is Severity.EXTREME, f"severity is {order.severity.value}, expected Extreme"),
        (
            len(prepared.exposure.people) <= policy.alone.most_people,
            f"{len(prepared.exposure.people)} people, at most {policy.alone.most_people} alone",
        ),
        (
            area is not None and area <= policy.alone.most_area_km2,
            f"{area or 0:.0f} km², at most {policy.alone.most_area_km2:.0f} alone",
        ),
        (bool(asked), "no second person was asked: nobody else held the role releaser when it was drafted"),
        (
            waited >= policy.alone.after,
            f"the second was asked {waited.total_seconds():.0f} s ago, expected {policy.alone.after.total_seconds():.0f}",
        ),
    )
    for holds, why in bounds:
        if not holds:
            raise PolicyError(
                f"{draft.id} cannot be released alone: {why}", hint="ask a second person; `tocsin policy show`"
            )


def prepare_draft(desk: Desk, tx: Transaction, draft: Draft, at: datetime) -> Prepared | PreparedRevision:
    """A draft as it would go out now, with the languages that were confirmed by now."""
    if "change" in draft.order:
        return prepare_revision(desk, tx, _revision(tx, draft), at)
    return prepare(desk, tx, _order(draft), "W-0", at)


def _order(draft: Draft) -> Order:
    return replace(order_from_json(draft.order), confirmed=draft.confirmed)


def _revision(tx: Transaction, draft: Draft) -> Revision:
    return replace(kept_revision(tx, draft.order), confirmed=draft.confirmed)
