"""Issue one warning: compose, check for leaks, find who is exposed, and commit state, log and outbox together."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tocsin.assess.duty import Determination
from tocsin.cap.alert import Certainty, Severity, Status, Urgency
from tocsin.compose.draft import draft_alert
from tocsin.compose.fields import warning_fields
from tocsin.compose.leaks import HeldBack, find_leaks
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.lifecycle import Status as Life
from tocsin.compose.versions import Version, VersionText, make_versions
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.desk.act import Act, Outcome, begin
from tocsin.desk.chase import start_ladders
from tocsin.desk.outgoing import address_people, seal_for_peer, version_claims
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptVersion, Timer, TimerKind
from tocsin.desk.stores import RegisterStore
from tocsin.errors import LeakError, PolicyError
from tocsin.evidence.entry import Kind
from tocsin.target.exposure import AddresseeCheck, Exposure, check_addressees, find_exposed


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the officer decided: the words per audience, what is held back, for how long, and to which peers."""

    determination: str
    texts: Mapping[Audience, VersionText]
    held_back: tuple[HeldBack, ...] = ()
    advice: tuple[str, ...] = ()
    valid_for: timedelta = timedelta(hours=48)
    urgency: Urgency = Urgency.EXPECTED
    severity: Severity = Severity.SEVERE
    certainty: Certainty = Certainty.POSSIBLE
    peers: tuple[str, ...] = ()
    language: str = "en"
    officer: str = ""
    releaser: str = ""
    because: str = field(default="")
    """Why it goes out although nobody who can act is addressed; needed only then."""


def preview_warning(desk: Desk, order: Order) -> Outcome:
    """What `issue_warning` would do, with nothing stored, logged or sent. Raises what it would raise."""
    with desk.store.read() as tx:
        determination = tx.cases.determination(order.determination)
        prepared = _prepare(desk, order, determination, "W-0", desk.clock.now())
        exposure = _exposure(desk, determination, tx.register)
        check = _check(desk, order, exposure)
    return {**_summary(prepared, exposure, check), "issued": False}


def issue_warning(desk: Desk, order: Order, *, once: str = "") -> Outcome:
    """Compose, check, target and commit. Nothing leaves before this transaction is in the log.

    Raises LeakError (with the refused attempt logged, without its text) if a version holds what its readers may not see;
    PolicyError if there is no duty, no geometry, or one person drafted and released.
    """
    try:
        with begin(desk, once) as act:
            if act.earlier is not None:
                return act.earlier
            determination = act.tx.cases.determination(order.determination)
            number = act.tx.cases.next_number("warning")
            prepared = _prepare(desk, order, determination, f"W-{number}", act.at)
            exposure = _exposure(desk, determination, act.tx.register)
            check = _check(desk, order, exposure)
            _commit(act, order, prepared, exposure, check)
            return act.result({**_summary(prepared, exposure, check), "issued": True})
    except LeakError as error:
        _log_refused(desk, order, once)
        raise error from None


def _log_refused(desk: Desk, order: Order, once: str) -> None:
    """A refused attempt is an act of its own, logged without its text; the same request is one attempt."""
    with begin(desk, f"{once} refused" if once else "") as act:
        if act.earlier is None:
            act.log(Kind.REFUSED, {"act": "issue", "reason": "leak"}, subject=order.determination)
            act.result({"refused": "leak"})


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    warning: IssuedWarning
    versions: tuple[Version, ...]


def _prepare(desk: Desk, order: Order, determination: Determination, id_: str, at: datetime) -> _Prepared:
    settings = desk.settings
    officer, releaser = order.officer or settings.officer, order.releaser or settings.releaser
    if officer == releaser:
        raise PolicyError(f"{officer!r} drafted and would release", hint="another person releases (--releaser NAME)")
    if determination.outcome.proposed != "warn" and determination.outcome.outcome != "discretionary":
        raise PolicyError(
            f"determination {determination.id} came out {determination.outcome.outcome!r}",
            hint="a warning needs one that arises, is undecided, or is discretionary",
        )
    unknown = [peer for peer in order.peers if peer not in desk.agreements]
    if unknown:
        raise PolicyError(f"no agreement with {unknown[0]!r}", hint="see `tocsin peer list`")
    expires = at + order.valid_for
    public = order.texts[Audience.PUBLIC]
    alert = draft_alert(
        determination.threat,
        identifier=f"{settings.name}.{at:%Y%m%dT%H%M%S}.{id_}",
        sender=settings.mail_from or f"warnings@{settings.name}",
        sent=at,
        expires=expires,
        zone=determination.threat.window.zone,
        status=Status.EXERCISE if settings.practice else Status.ACTUAL,
        headline=public.headline,
        description=public.description,
        instruction=public.instruction,
        advice=order.advice,
        language=order.language,
        sender_name=settings.sender_name or settings.name,
        urgency=order.urgency,
        severity=order.severity,
        certainty=order.certainty,
        note=settings.exercise if settings.practice else None,
    )
    own = (settings.name,)
    versions = make_versions(
        alert, order.texts, addresses={Audience.INTERNAL: own, Audience.PARTNER: order.peers or own}
    )
    leaks = find_leaks([(version.audience, version.alert) for version in versions], order.held_back)
    if leaks:
        raise LeakError(
            "; ".join(str(leak) for leak in leaks), hint="reword it, or release the phrase; nothing was stored or sent"
        )
    warning = IssuedWarning(
        id=id_,
        determination=determination.id,
        headline=public.headline,
        threat=determination.threat,
        issued=at,
        expires=expires,
        watch_until=expires + settings.watch_for,
        versions=versions,
        status=Life.LIVE,
        closed_by=None,
        number=1,
    )
    return _Prepared(warning=warning, versions=versions)


def _exposure(desk: Desk, determination: Determination, register: RegisterStore) -> Exposure:
    del desk
    return find_exposed(
        determination.threat,
        people=register.people(),
        venues=register.venues(),
        gatherings=register.gatherings(),
    )


def _check(desk: Desk, order: Order, exposure: Exposure) -> AddresseeCheck:
    """Every exposed venue with a contact is addressed by default; protectors are the peers that the order names."""
    addressed = {venue.id for venue in exposure.venues if venue.contacts} | set(order.peers)
    check = check_addressees(exposure, addressed, tuple(desk.agreements))
    if check.nobody_who_can_act_is_addressed and not order.because:
        raise PolicyError(
            "nobody who can act on this is addressed",
            hint="name a peer or register a venue's contacts; or say why it goes out all the same (--because TEXT)",
        )
    return check


def _commit(act: Act, order: Order, prepared: _Prepared, exposure: Exposure, check: AddresseeCheck) -> None:
    warning, tx = prepared.warning, act.tx
    tx.cases.put_warning(warning)
    for version in prepared.versions:
        if version.audience is Audience.PARTNER:
            continue  # signed once per peer, below: the recipient is named inside the signature
        _log_version(act, warning, version)
    partner = next((v for v in prepared.versions if v.audience is Audience.PARTNER), None)
    if partner is None and order.peers:
        raise PolicyError("no partner version for the peers addressed", hint="give the words for audience 'partner'")
    act.log(
        Kind.STATE,
        {
            "warning": warning.id,
            "state": warning.status.value,
            "determination": warning.determination,
            "officer": order.officer or act.desk.settings.officer,
            "released_by": order.releaser or act.desk.settings.releaser,
            "addressed": len(check.addressed),
            "can_act": len(check.can_act),
            "because": order.because,
        },
        subject=warning.id,
    )
    for peer in order.peers:
        assert partner is not None
        seal_for_peer(act, warning, partner, peer)
    address_people(act, warning, exposure.people)
    start_ladders(act, warning, exposure.venues, order.peers)
    tx.timers.set(Timer(warning.expires + timedelta(seconds=1), TimerKind.LAPSE, warning.id))
    act.publish_checkpoint()


def _log_version(act: Act, warning: IssuedWarning, version: Version) -> None:
    signed = act.log_disclosable(
        Kind.WARNING, version_claims(warning, version), warning_fields(version.alert), subject=warning.id
    )
    act.tx.cases.add_version(
        KeptVersion(
            warning=warning.id,
            number=warning.number,
            audience=version.audience,
            peer="",
            cap=version.cap,
            statement=signed.statement,
            disclosures=signed.disclosures,
            entry=signed.index,
        )
    )


def _summary(prepared: _Prepared, exposure: Exposure, check: AddresseeCheck) -> Outcome:
    warning = prepared.warning
    return {
        "warning": warning.id,
        "headline": warning.headline,
        "issued_at": write_instant(warning.issued),
        "expires": write_instant(warning.expires),
        "watch_until": write_instant(warning.watch_until),
        "versions": [
            {"audience": v.audience.value, "tlp": v.tlp.value, "sha256": hashlib.sha256(v.cap).hexdigest()}
            for v in prepared.versions
        ],
        "exposed": {
            "people": len(exposure.people),
            "venues": len(exposure.venues),
            "gatherings": len(exposure.gatherings),
        },
        "can_act": [{"id": party.id, "name": party.name, "kind": party.kind} for party in check.can_act],
        "not_addressed": [party.name for party in check.not_addressed],
        "leaks": 0,
    }
