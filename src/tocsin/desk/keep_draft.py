"""Keeps what one person wrote until a second decides, and asks everybody who could."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tocsin.core.window import write_instant
from tocsin.desk.act import Act, Outcome
from tocsin.desk.house import Draft, DraftState, Role
from tocsin.desk.notices import find_officers, notify
from tocsin.desk.wording import Wording
from tocsin.evidence.entry import Kind


def keep_draft(act: Act, order: Mapping[str, Any], what: str, *, subject: str, wording: Wording) -> Outcome:
    """Keep the draft, ask everybody who could release it, and log both; and which errors of its words were passed, and why."""
    text = json.dumps(order, ensure_ascii=False, sort_keys=True)
    seconds = find_officers(act, Role.RELEASER, but=act.desk.actor)
    draft = Draft(
        id=f"DR-{act.tx.cases.next_number('draft')}",
        order=order,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        by=act.desk.actor,
        at=act.at,
        asked=tuple(one.id for one in seconds),
        state=DraftState.WAITING,
    )
    act.tx.house.put_draft(draft)
    asked = notify(
        act,
        seconds,
        f"A draft waits for your release: {draft.id}\n\nDrafted at {write_instant(act.at)}, {what}. "
        "Read it on the desk and release it, or hold it with a reason.",
        about=draft.id,
    )
    act.log_disclosable(
        Kind.ACT,
        {
            "act": "draft",
            "draft": draft.id,
            "sha256": draft.digest,
            "asked": asked,
            "lint_passed": list(wording.passed),
        },
        wording.reasons,
        subject=subject,
    )
    return {**draft_as_json(draft), "asked": asked}


def draft_as_json(draft: Draft) -> Outcome:
    """One draft as the CLI and the API show it."""
    decided: datetime | None = draft.decided
    return {
        "draft": draft.id,
        "determination": draft.order["determination"],
        "change": draft.order.get("change"),
        "revises": draft.order.get("revises"),
        "state": draft.state.value,
        "by": draft.by,
        "at": write_instant(draft.at),
        "sha256": draft.digest,
        "decided_by": draft.decided_by,
        "decided": write_instant(decided) if decided else None,
        "reason": draft.reason,
        "warning_issued": draft.warning or None,
    }
