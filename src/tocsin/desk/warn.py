"""Issue one warning: compose, check for leaks, find who is exposed, and commit state, log and outbox together."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from tocsin.assess.duty import Determination
from tocsin.cap.alert import Certainty, Severity, Status, Urgency
from tocsin.compose.draft import draft_alert, make_identifier
from tocsin.compose.fields import warning_fields
from tocsin.compose.languages import Translation, speak
from tocsin.compose.leaks import HeldBack, find_leaks
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.lifecycle import Status as Life
from tocsin.compose.versions import Version, VersionText, make_versions
from tocsin.core.area import Area
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin, look
from tocsin.desk.chase import start_ladders
from tocsin.desk.held_back import held_back_as_json
from tocsin.desk.house import Draft, DraftState
from tocsin.desk.languages import Confirmed, Words, fill_words, find_translations, languages_claims
from tocsin.desk.outgoing import address_people, seal_for_peer, version_claims
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptVersion, Timer, TimerKind
from tocsin.desk.stores import Transaction
from tocsin.desk.withheld import Withheld, ask_to_tell, check_withheld
from tocsin.desk.wording import Wording, check_wording, tell_languages
from tocsin.errors import LeakError, PolicyError
from tocsin.evidence.entry import Kind
from tocsin.target.exposure import AddresseeCheck, Exposure, check_addressees, find_exposed


class Order(Struct, frozen=True, kw_only=True):
    """What the officer decided: the words per audience, what is held back, for how long, and to which peers."""

    determination: str
    texts: Mapping[Audience, VersionText]
    template: str = ""
    """Name of the template that the words come from; then `texts` is empty, the words are filled in at issue."""
    held_back: tuple[HeldBack, ...] = ()
    advice: tuple[str, ...] = ()
    valid_for: timedelta = timedelta(hours=48)
    urgency: Urgency = Urgency.EXPECTED
    severity: Severity = Severity.SEVERE
    certainty: Certainty = Certainty.POSSIBLE
    peers: tuple[str, ...] = ()
    language: str = "en"
    passes: Mapping[str, str] = field(default_factory=dict)
    """Rules of the lint whose errors do not stop it, each with the reason."""
    because: str = ""
    """Why it goes out although nobody who can act is addressed; needed only then."""
    translations: Mapping[str, VersionText] = field(default_factory=dict)
    """The public words in further languages; of a template it is the template that has them."""
    place_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By language: what the places of the threat are called there."""
    areas: Mapping[str, Area] = field(default_factory=dict)
    """By name of a place: the shapes that stand for it, in place of the circle round its point."""
    confirmed: Confirmed = field(default_factory=dict)
    """Who read which language of the draft by now; never from the order's JSON."""
    marks_withheld: Withheld | None = None

    @property
    def words(self) -> Words:
        """The words as the officer wrote them."""
        return Words(language=self.language, texts=self.texts, others=self.translations, places=self.place_names)


class Hands(Struct, frozen=True, kw_only=True):
    """Who wrote it and who let it go, by id: two persons, but in an exercise or within LESSONS L46."""

    drafted_by: str
    released_by: str


def preview_warning(desk: Desk, order: Order) -> Outcome:
    """What `issue_warning` would do, with nothing stored, logged or sent. Raises what it would raise."""
    with look(desk, May.LOOK) as tx:
        return prepare(desk, tx, order, "W-0", desk.clock.now()).summary | {"issued": False}


def issue_warning(desk: Desk, order: Order, *, once: str = "") -> Outcome:
    """Draft and release in one act, by one person: in an exercise only.

    Raises PolicyError on a live node: there a second person releases (`desk.drafts`); and what `issue` raises.
    """
    if not desk.settings.practice:
        raise PolicyError(
            "on a live node nobody releases their own draft",
            hint="`tocsin warning draft`, then another person releases it",
        )
    with refusals_logged(desk, May.ISSUE, order.determination, once), begin(desk, May.ISSUE, once) as act:
        if act.earlier is not None:
            return act.earlier
        hands = Hands(drafted_by=desk.actor, released_by=desk.actor)
        issued = issue(act, order, hands)
        _keep_held_back(act, order, issued["warning"])
        return act.result(issued)


def issue(act: Act, order: Order, hands: Hands) -> Outcome:
    """Inside an act: compose, check, target, and write all of it. Nothing leaves before this transaction is in the log.

    Raises LeakError if a version holds what its readers may not see, PolicyError if there is no duty or no geometry.
    """
    prepared = prepare(act.desk, act.tx, order, f"W-{act.tx.cases.next_number('warning')}", act.at)
    _commit(act, order, prepared, hands)
    return prepared.summary | {"issued": True}


def _keep_held_back(act: Act, order: Order, warning: str) -> None:
    """An account of the warning must know what to take out: kept where a draft by two persons has it."""
    found = {"determination": order.determination, "held_back": held_back_as_json(order.held_back)}
    act.tx.house.put_draft(
        Draft(
            id=f"DR-{act.tx.cases.next_number('draft')}",
            order=found,
            digest=hashlib.sha256(json.dumps(found, ensure_ascii=False, sort_keys=True).encode()).hexdigest(),
            by=act.desk.actor,
            at=act.at,
            asked=(),
            state=DraftState.RELEASED,
            decided_by=act.desk.actor,
            decided=act.at,
            warning=warning,
        )
    )


@contextmanager
def refusals_logged(desk: Desk, may: May, subject: str, once: str) -> Iterator[None]:
    """What is refused for a leak is an act of its own, logged without its text; the same request is one attempt."""
    try:
        yield
    except LeakError as error:
        with begin(desk, may, f"{once} refused" if once else "") as act:
            if act.earlier is None:
                act.log(Kind.REFUSED, {"act": may.name.lower(), "reason": "leak"}, subject=subject)
                act.result({"refused": "leak"})
        raise error from None


class Prepared(Struct, frozen=True, kw_only=True):
    """A warning as it would be issued now: composed, without a leak, targeted, and somebody who can act addressed."""

    warning: IssuedWarning
    versions: tuple[Version, ...]
    exposure: Exposure
    check: AddresseeCheck
    wording: Wording
    translations: tuple[Translation, ...]

    @property
    def summary(self) -> Outcome:
        """What a person has to see before it goes: versions, numbers, who can act."""
        return _summary(self)


def prepare(desk: Desk, tx: Transaction, order: Order, id_: str, at: datetime) -> Prepared:
    """Compose, check for leaks and wording, target. Raises LeakError and PolicyError; stores nothing."""
    determination = tx.cases.determination(order.determination)
    determination = replace(determination, threat=determination.threat.draw(order.areas))
    warning, versions, translations = _compose(desk, order, determination, id_, at)
    exposure = find_exposed(
        determination.threat,
        people=tx.register.people(),
        venues=tx.register.venues(),
        gatherings=tx.register.gatherings(),
    )
    check = _check(desk, order, exposure)
    check_withheld(order.marks_withheld, at, warning.expires)
    wording = check_wording(
        warning,
        order.passes,
        approved=desk.policy.is_approved(order.template),
        marks_withheld=order.marks_withheld is not None,
    )
    return Prepared(
        warning=warning,
        versions=versions,
        exposure=exposure,
        check=check,
        wording=wording,
        translations=translations,
    )


def _compose(
    desk: Desk, order: Order, determination: Determination, id_: str, at: datetime
) -> tuple[IssuedWarning, tuple[Version, ...], tuple[Translation, ...]]:
    settings = desk.settings
    check_duty(determination)
    unknown = [peer for peer in order.peers if peer not in desk.agreements]
    if unknown:
        raise PolicyError(f"no agreement with {unknown[0]!r}", hint="see `tocsin peer list`")
    expires = at + order.valid_for
    words = _words(desk, order, determination, at, expires)
    texts = words.texts
    public = texts[Audience.PUBLIC]
    status = Status.EXERCISE if settings.practice else Status.ACTUAL
    translations = find_translations(desk, determination.threat, words, order.confirmed, status=status, first={})
    alert = draft_alert(
        determination.threat,
        identifier=make_identifier(settings.name, at, id_, 1),
        sender=settings.mail_from or f"warnings@{settings.name}",
        sent=at,
        expires=expires,
        zone=determination.threat.window.zone,
        status=status,
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
    addresses = {Audience.INTERNAL: own, Audience.PARTNER: order.peers or own}
    # What waits is looked at too: it must not turn out to leak when it is confirmed and the rest is to go.
    versions = make_versions(speak(alert, translations), texts, addresses=addresses)
    check_leaks(versions, order.held_back)
    standing = [one for one in translations if one.stands]
    if len(standing) < len(translations):
        versions = make_versions(speak(alert, standing), texts, addresses=addresses)
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
    return warning, versions, translations


def check_duty(determination: Determination) -> None:
    """Refuse to warn on a determination that found no duty, or that was waived (PolicyError)."""
    if determination.outcome.proposed != "warn" and determination.outcome.outcome != "discretionary":
        raise PolicyError(
            f"determination {determination.id} came out {determination.outcome.outcome!r}",
            hint="a warning needs one that arises, is undecided, or is discretionary",
        )
    if determination.waived_by:
        raise PolicyError(
            f"{determination.id} was waived by {determination.waived_by}",
            hint="when something new comes in, determine it anew (RULES R13)",
        )


def check_leaks(versions: Sequence[Version], held_back: Sequence[HeldBack]) -> None:
    """Refuse versions of which one holds what its readers may not see (LeakError, which quotes nothing)."""
    leaks = find_leaks([(version.audience, version.alert) for version in versions], held_back)
    if leaks:
        raise LeakError(
            "; ".join(str(leak) for leak in leaks), hint="reword it, or release the phrase; nothing was stored or sent"
        )


def _words(desk: Desk, order: Order, determination: Determination, at: datetime, expires: datetime) -> Words:
    if not order.template:
        return order.words
    template = desk.policy.templates.get(order.template)
    if template is None:
        raise PolicyError(
            f"no template {order.template!r} here", hint="templates/*.json of the node; `tocsin policy show`"
        )
    return fill_words(desk, template, determination.threat, order.language, order.place_names, issued=at, until=expires)


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


def _commit(act: Act, order: Order, prepared: Prepared, hands: Hands) -> None:
    warning, exposure, check, tx = prepared.warning, prepared.exposure, prepared.check, act.tx
    withheld = order.marks_withheld
    tx.cases.put_warning(warning)
    for version in prepared.versions:
        if version.audience is Audience.PARTNER:
            continue  # signed once per peer, below: the recipient is named inside the signature
        log_version(act, warning, version)
    partner = next((v for v in prepared.versions if v.audience is Audience.PARTNER), None)
    if partner is None and order.peers:
        raise PolicyError("no partner version for the peers addressed", hint="give the words for audience 'partner'")
    # The reason is in the officer's own words: a bundle shows that there is one, and not which.
    act.log_disclosable(
        Kind.STATE,
        {
            "warning": warning.id,
            "state": warning.status.value,
            "determination": warning.determination,
            "drafted_by": hands.drafted_by,
            "released_by": hands.released_by,
            "addressed": len(check.addressed),
            "can_act": len(check.can_act),
            "lint_passed": list(prepared.wording.passed),
            **languages_claims(prepared.translations),
            **(withheld.claims if withheld else {}),
        },
        {"because": order.because}
        | prepared.wording.reasons
        | ({"marks withheld": withheld.reason} if withheld else {}),
        subject=warning.id,
    )
    if withheld:
        ask_to_tell(act, warning.id, withheld)
    for peer in order.peers:
        assert partner is not None
        seal_for_peer(act, warning, partner, peer)
    address_people(act, warning, exposure.people)
    start_ladders(act, warning, exposure.venues, order.peers)
    tx.timers.set(Timer(warning.expires + timedelta(seconds=1), TimerKind.LAPSE, warning.id))
    act.publish_checkpoint()


def log_version(act: Act, warning: IssuedWarning, version: Version) -> None:
    """Sign one version for whoever may read it, log it and keep it."""
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


def _summary(prepared: Prepared) -> Outcome:
    warning, exposure, check = prepared.warning, prepared.exposure, prepared.check
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
        **prepared.wording.summary,
        "languages": tell_languages(warning, prepared.translations),
    }
