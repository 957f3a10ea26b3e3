"""A named reader confirms the words of one language of a draft; until then that language goes to nobody (LESSONS L11)."""

from msgspec.structs import replace

from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.drafts import find_waiting_draft, prepare_draft
from tocsin.desk.ports import Desk
from tocsin.errors import NotFoundError, PolicyError, StateError
from tocsin.evidence.entry import Kind


def confirm_language(desk: Desk, draft: str, language: str, sha256: str, *, once: str = "") -> Outcome:
    """Somebody who reads that language has read these words, and stands for them by name. `sha256` says which words.

    Gives the language as `preview_draft` shows it then. Raises PolicyError for one's own draft on a live node and for words
    with other facts than the main ones, StateError for other words than those, NotFoundError for a language it has not.
    """
    with begin(desk, May.CONFIRM_LANGUAGE, once) as act:
        if act.earlier is not None:
            return act.earlier
        found = find_waiting_draft(act, draft)
        if found.by == desk.actor and not desk.settings.practice:
            raise PolicyError(f"{draft} is your own draft", hint="somebody else who reads the language confirms it")
        _check_words(act, draft, language, sha256)
        reading = {"by": desk.actor, "at": write_instant(act.at), "sha256": sha256}
        confirmed = replace(found, confirmed={**found.confirmed, language: reading})
        act.tx.house.put_draft(confirmed)
        act.log(
            Kind.ACT,
            {"act": "confirm_language", "draft": draft, "language": language, "sha256": sha256},
            subject=str(found.order["determination"]),
        )
        return act.result({"draft": draft, **_language(act, draft, language)})


def _check_words(act: Act, draft: str, language: str, sha256: str) -> None:
    told = _language(act, draft, language)
    if told["sha256"] != sha256:
        raise StateError(
            f"the words in {language!r} are {told['sha256'][:12]}…, you read {sha256[:12]}…", hint="read them again"
        )
    faults = [one["found"] for one in told["lint"] if one["rule"] == "TXT-C14"]
    if faults:
        raise PolicyError(
            f"the words in {language!r} tell other facts than the main ones: {'; '.join(faults)}",
            hint="write a new draft with these corrected; the other languages do not wait for it",
        )


def _language(act: Act, draft: str, language: str) -> Outcome:
    found: list[Outcome] = prepare_draft(act.desk, act.tx, act.tx.house.draft(draft), act.at).summary["languages"]
    for one in found:
        if one["language"] == language:
            return one
    spoken = ", ".join(one["language"] for one in found) or "no other language"
    raise NotFoundError(f"{draft} has no words in {language!r}", hint=f"it has {spoken}")
