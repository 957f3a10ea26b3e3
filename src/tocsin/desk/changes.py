"""Draft a change or the end of a warning that is out: the same four eyes as for a new one (LESSONS L47)."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tocsin.compose.revision import Change
from tocsin.desk.access import May
from tocsin.desk.act import Outcome, begin, look
from tocsin.desk.held_back import held_back_of
from tocsin.desk.house import DraftState
from tocsin.desk.keep_draft import keep_draft
from tocsin.desk.languages import ask_readers
from tocsin.desk.order import revision_from_json
from tocsin.desk.ports import Desk
from tocsin.desk.revision import Revision, find_meant, prepare_revision
from tocsin.desk.stores import Transaction
from tocsin.desk.warn import refusals_logged


def draft_revision(desk: Desk, change: Change, warning: str, found: Mapping[str, Any], *, once: str = "") -> Outcome:
    """Keep an update, an extension or an end of a warning until a second person decides, as for a new warning (L47).

    `warning` is its number, or words of its headline if one alone is meant (`find_meant`). Raises what releasing would raise.
    """
    with refusals_logged(desk, May.REVISE, warning, once), begin(desk, May.REVISE, once) as act:
        if act.earlier is not None:
            return act.earlier
        meant = find_meant(act.tx, warning, act.at)
        revision = revision_from_json(found, change, meant)
        order = {
            **found,
            "change": change.value,
            "revises": meant.id,
            "number": meant.number,
            "determination": revision.determination,
        }
        prepared = prepare_revision(desk, act.tx, kept_revision(act.tx, order), act.at)
        what = f"{change.value} of {meant.id}{ask_readers(prepared.translations)}"
        kept = keep_draft(act, order, what, subject=meant.id, wording=prepared.wording)
        return act.result({**prepared.summary, **kept, "issued": False})


def preview_revision(desk: Desk, change: Change, warning: str, found: Mapping[str, Any]) -> Outcome:
    """What `draft_revision` and its release would do now, with nothing stored, logged or sent."""
    with look(desk, May.LOOK) as tx:
        at = desk.clock.now()
        meant = find_meant(tx, warning, at)
        revision_from_json(found, change, meant)
        order = {**found, "change": change.value, "revises": meant.id, "number": meant.number}
        return prepare_revision(desk, tx, kept_revision(tx, order), at).summary | {
            "change": change.value,
            "issued": False,
        }


def kept_revision(tx: Transaction, order: Mapping[str, Any]) -> Revision:
    """The change that a draft holds, with every phrase that was held back from any version of that warning before."""
    written = {key: value for key, value in order.items() if key not in _OF_THE_DRAFT}
    change = Change(order["change"])
    if change.closes_by is not None:
        written.pop("determination", None)
    warning = tx.cases.warning(order["revises"])
    revision = revision_from_json(written, change, warning)
    earlier = [
        one
        for draft in tx.house.drafts(DraftState.RELEASED)
        if draft.warning == warning.id
        for one in held_back_of(draft.order)
    ]
    held_back = tuple(dict.fromkeys((*revision.held_back, *earlier)))
    return replace(revision, number=order["number"], held_back=held_back)


_OF_THE_DRAFT = ("change", "revises", "number")
