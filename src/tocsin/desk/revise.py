"""Change or end a warning that is out: a new version signed, logged and sent to all who got the old one, in one act."""

from tocsin.compose.lifecycle import Status as Life
from tocsin.compose.revision import Change
from tocsin.core.marking import Audience
from tocsin.desk.act import Act, Outcome
from tocsin.desk.chase import ask_anew, ask_longer, ask_no_more, start_ladders
from tocsin.desk.languages import languages_claims
from tocsin.desk.outgoing import address, seal_for_peer
from tocsin.desk.receive import SECOND
from tocsin.desk.records import Timer, TimerKind
from tocsin.desk.revision import PreparedRevision, Revision, prepare_revision
from tocsin.desk.warn import Hands, log_version
from tocsin.evidence.entry import Kind


def revise(act: Act, revision: Revision, hands: Hands) -> Outcome:
    """Inside an act: the new version and all that follows from it. Nothing leaves before this transaction is in the log."""
    prepared = prepare_revision(act.desk, act.tx, revision, act.at)
    warning, notice, tx = prepared.warning, prepared.notice, act.tx
    tx.cases.put_warning(warning)
    for version in prepared.versions:
        if version.audience is not Audience.PARTNER:
            log_version(act, notice, version)
    act.log_disclosable(
        Kind.STATE,
        {
            "warning": warning.id,
            "state": warning.status.value,
            "change": revision.change.value,
            "version": notice.number,
            "determination": warning.determination,
            "drafted_by": hands.drafted_by,
            "released_by": hands.released_by,
            "addressed": len(prepared.told) + len(prepared.peers),
            **languages_claims(prepared.translations),
        },
        {"because": revision.reason or revision.news},
        subject=warning.id,
    )
    for version in prepared.versions:
        if version.audience is Audience.PARTNER:
            for peer in prepared.peers:
                seal_for_peer(act, notice, version, peer)
    tx.outbox.withdraw_mail(warning.id, notice.number, act.at)
    address(act, notice, prepared.told, step=0)
    _ask(act, revision.change, prepared)
    act.publish_checkpoint()
    return prepared.summary | {"change": revision.change.value, "issued": True}


def _ask(act: Act, change: Change, prepared: PreparedRevision) -> None:
    """What becomes of the asking: it begins again, goes on, or ends (DELIVERY 5.6)."""
    warning = prepared.warning
    if warning.status is Life.CLOSED:
        ask_no_more(act, warning)
        act.tx.timers.clear(TimerKind.LAPSE, warning.id)
        return
    act.tx.timers.set(Timer(warning.expires + SECOND, TimerKind.LAPSE, warning.id))
    asked = {one.party for one in act.tx.chase.ladders(warning.id)}
    if change is Change.UPDATE:
        ask_anew(act, warning, {one.party for one in prepared.told if one.party})
    else:
        ask_longer(act, warning)
    start_ladders(act, warning, [one for one in prepared.exposure.venues if one.id not in asked], ())
