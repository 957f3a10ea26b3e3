"""What a change or the end of a warning would be: which warning is meant, its new version, and who gets it."""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from tocsin.cap.alert import Alert, Certainty, Info, ResponseType, Severity, Status, Urgency
from tocsin.cap.codec import read_alert
from tocsin.compose.draft import draft_alert, make_identifier, response_types
from tocsin.compose.languages import Translation, speak
from tocsin.compose.leaks import HeldBack
from tocsin.compose.lifecycle import IssuedWarning, close, pass_time, renew
from tocsin.compose.lifecycle import Status as Life
from tocsin.compose.repeats import check_repeats, count_repeats
from tocsin.compose.revision import CHANGED, Change, check_changed, find_reversals, references_to
from tocsin.compose.versions import Version, VersionText, make_versions
from tocsin.core.area import Area
from tocsin.core.language import primary
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.deliver.fanout import Addressee, choose_language
from tocsin.desk.act import Outcome
from tocsin.desk.languages import Confirmed, Words, find_translations
from tocsin.desk.outgoing import languages_of
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptVersion, MailState
from tocsin.desk.stores import Transaction
from tocsin.desk.warn import check_duty, check_leaks
from tocsin.desk.wording import Wording, tell_languages, tell_wording
from tocsin.errors import NotFoundError, PolicyError, StateError
from tocsin.target.exposure import Exposure, find_exposed

NOTICE_KEPT_FOR = timedelta(hours=24)
"""How long the message that ends a warning counts and is tried to be delivered: near, for it warns of nothing (CAP-27)."""


class Revision(Struct, frozen=True, kw_only=True):
    """What the officer decided about a warning that is out. What is None stays as it was in the newest version."""

    change: Change
    warning: str
    number: int
    """The newest version that the officer knew; another one by now means look again."""
    texts: Mapping[Audience, VersionText]
    determination: str
    reason: str = ""
    news: str = ""
    valid_for: timedelta | None = None
    advice: tuple[str, ...] | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    held_back: tuple[HeldBack, ...] = ()
    translations: Mapping[str, VersionText] = field(default_factory=dict)
    place_names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)
    """By name of a place: its shape from now on; what is not named keeps the one that it has."""
    confirmed: Confirmed = field(default_factory=dict)
    """Who read which language of the draft by now; never from the order's JSON."""


class PreparedRevision(Struct, frozen=True, kw_only=True):
    """A new version as it would go out now. `warning` is as it is kept then, `notice` as its messages count.

    `told` are all who got an older version, whether or not they are still on the register, and who is exposed now.
    """

    warning: IssuedWarning
    notice: IssuedWarning
    versions: tuple[Version, ...]
    told: tuple[Addressee, ...]
    exposure: Exposure
    peers: tuple[str, ...]
    unreachable: tuple[str, ...]
    wording: Wording
    translations: tuple[Translation, ...]

    @property
    def summary(self) -> Outcome:
        """What a person has to see before it goes."""
        people = sum(one.party is None for one in self.told)
        return {
            "warning": self.warning.id,
            "headline": self.warning.headline,
            "version": self.notice.number,
            "status": self.warning.status.value,
            "issued_at": write_instant(self.versions[-1].alert.sent),
            "expires": write_instant(self.notice.expires),
            "watch_until": write_instant(self.notice.watch_until),
            "versions": [
                {"audience": v.audience.value, "tlp": v.tlp.value, "sha256": hashlib.sha256(v.cap).hexdigest()}
                for v in self.versions
            ],
            "references": len(self.versions[-1].alert.references),
            "exposed": {
                "people": people,
                "venues": len(self.exposure.venues),
                "gatherings": len(self.exposure.gatherings),
            },
            "can_act": [
                {"id": one, "name": one, "kind": "party"}
                for one in sorted({one.party for one in self.told if one.party} | set(self.peers))
            ],
            "not_addressed": list(self.unreachable),
            "leaks": 0,
            **self.wording.summary,
            "languages": tell_languages(
                replace(self.notice, versions=self.versions),
                self.translations,
                ending=self.warning.status is Life.CLOSED,
            ),
        }


def find_meant(tx: Transaction, name: str, at: datetime) -> IssuedWarning:
    """The warning of that number, or the one that is not over and whose headline holds these words; no words fit all.

    StateError names every one if several fit: none of them is chosen for the officer (LESSONS L53). NotFoundError if none.
    """
    if re.fullmatch(r"W-[0-9]+", name):
        return tx.cases.warning(name)
    counts = tx.cases.count_warnings()
    kept = (
        one for status in (Life.LIVE, Life.ON_WATCH) for one in tx.cases.newest_warnings(counts[status], status=status)
    )
    live = (one for one in kept if pass_time(one, at).status is not Life.CLOSED)
    fits = [one for one in live if name.casefold() in one.headline.casefold()]
    if not fits:
        said = f" {name!r}" if name else ""
        raise NotFoundError(f"no warning{said} is live or on watch here", hint="see `tocsin warning list`")
    if len(fits) > 1:
        listed = ", ".join(f"{one.id} “{one.headline}”" for one in sorted(fits, key=lambda one: (one.issued, one.id)))
        raise StateError(
            f"{len(fits)} warnings fit, expected one: {listed}", hint="say which by its number; none was touched"
        )
    return fits[0]


def prepare_revision(desk: Desk, tx: Transaction, revision: Revision, at: datetime) -> PreparedRevision:
    """Compose the new version, check it, find who gets it. Raises LeakError, PolicyError, StateError; stores nothing."""
    kept = tx.cases.warning(revision.warning)
    if kept.number != revision.number:
        raise StateError(
            f"{kept.id} is at version {kept.number}, this was written for version {revision.number}",
            hint="somebody has changed it since: look again",
        )
    warning, notice = _next(desk, tx, kept, revision, at)
    versions, translations = _compose(desk, tx, kept, notice, revision, at)
    closes = revision.change.closes_by is not None
    exposure = _exposure(tx, warning) if not closes else Exposure(people=(), venues=(), gatherings=())
    peers = sorted({one.peer for one in tx.chase.peer_deliveries(kept.id)})
    chain = _chain(tx.cases.versions(kept.id), Audience.PUBLIC)
    before = chain[-1].infos[0].response_types
    repeats = count_repeats(chain, versions[-1].alert)
    if revision.change is Change.EXTEND:
        check_repeats(repeats)
    wording = tell_wording(
        replace(notice, versions=versions),
        ending=closes,
        reverses=not closes and bool(find_reversals(before, _actions(revision, before))),
        repeats=repeats,
    )
    return PreparedRevision(
        warning=replace(warning, headline=versions[-1].alert.infos[0].headline or warning.headline),
        notice=notice,
        versions=versions,
        told=_told(tx, kept.id, exposure, languages_of(versions)),
        exposure=exposure,
        peers=tuple(one for one in peers if one in desk.agreements),
        unreachable=tuple(one for one in peers if one not in desk.agreements),
        wording=wording,
        translations=translations,
    )


def _next(
    desk: Desk, tx: Transaction, kept: IssuedWarning, revision: Revision, at: datetime
) -> tuple[IssuedWarning, IssuedWarning]:
    """The warning as it is kept afterwards, and as its new messages count."""
    by = revision.change.closes_by
    if by is not None:
        closed = replace(close(kept, by, at), number=kept.number + 1)
        ends = at + NOTICE_KEPT_FOR
        return closed, replace(closed, issued=at, expires=ends, watch_until=ends)
    expires = kept.expires if revision.valid_for is None else at + revision.valid_for
    if expires <= at:
        raise PolicyError(
            f"{kept.id} expired {write_instant(kept.expires)}", hint="say for how long it holds now: valid_hours"
        )
    if revision.change is Change.EXTEND and expires <= kept.expires:
        raise PolicyError(
            f"{kept.id} would end {write_instant(expires)}, not after {write_instant(kept.expires)}",
            hint="valid_hours counts from now; to end it earlier: `tocsin warning update` or `ease`",
        )
    determination = tx.cases.determination(revision.determination)
    check_duty(determination)
    made = replace(
        renew(kept, expires, desk.settings.watch_for, at),
        determination=determination.id,
        threat=determination.threat.draw_like(kept.threat).draw(revision.areas),
    )
    return made, made


def _compose(
    desk: Desk, tx: Transaction, kept: IssuedWarning, notice: IssuedWarning, revision: Revision, at: datetime
) -> tuple[tuple[Version, ...], tuple[Translation, ...]]:
    settings, issued = desk.settings, tx.cases.versions(kept.id)
    chains = {audience: _chain(issued, audience) for audience in Audience}
    had = {audience for audience, chain in chains.items() if chain}
    _check_audiences(revision, had)
    before = chains[Audience.PUBLIC][-1].infos[0]
    actions = _actions(revision, before.response_types)
    # Words for an audience that nobody belonged to, such as partners without a peer, are for nobody now either.
    texts = {audience: _with_news(text, revision.news) for audience, text in revision.texts.items() if audience in had}
    if revision.change is Change.UPDATE:
        check_changed(before, actions, texts)
    public = texts[Audience.PUBLIC]
    over = revision.change.closes_by is not None
    status = Status.EXERCISE if settings.practice else Status.ACTUAL
    translations = find_translations(
        desk,
        notice.threat,
        Words(language=before.language, texts=texts, others=revision.translations, places=revision.place_names),
        revision.confirmed,
        status=status,
        first=_first_words(revision, before, actions),
    )
    alert = draft_alert(
        notice.threat,
        identifier=make_identifier(settings.name, at, kept.id, notice.number),
        sender=chains[Audience.PUBLIC][-1].sender,
        sent=at,
        expires=notice.expires,
        zone=notice.threat.window.zone,
        status=status,
        headline=public.headline,
        description=public.description,
        instruction=public.instruction,
        advice=(),
        language=before.language,
        sender_name=settings.sender_name or settings.name,
        urgency=Urgency.PAST if over else revision.urgency or before.urgency,
        severity=revision.severity or before.severity,
        certainty=revision.certainty or before.certainty,
        note=settings.exercise if settings.practice else None,
    )
    alert = replace(alert, msg_type=revision.change.msg_type, infos=(replace(alert.infos[0], response_types=actions),))
    own = (settings.name,)
    peers = tuple(sorted({one.peer for one in issued if one.peer})) or own
    addresses = {Audience.INTERNAL: own, Audience.PARTNER: peers}
    references = {audience: references_to(chain, at) for audience, chain in chains.items()}
    versions = make_versions(speak(alert, translations), texts, addresses=addresses, references=references)
    check_leaks(versions, revision.held_back)
    standing = [one for one in translations if one.stands]
    if len(standing) < len(translations):
        versions = make_versions(speak(alert, standing), texts, addresses=addresses, references=references)
    return versions, translations


def _first_words(revision: Revision, before: Info, actions: tuple[ResponseType, ...]) -> Mapping[str, str]:
    """By language, what a headline begins with where the update reverses an action (LESSONS L17)."""
    if revision.change is not Change.UPDATE or not find_reversals(before.response_types, actions):
        return {}
    return {language: CHANGED[primary(language)] for language in revision.translations}


def _actions(revision: Revision, before: tuple[ResponseType, ...]) -> tuple[ResponseType, ...]:
    if revision.change is Change.EASE:
        return (ResponseType.ALL_CLEAR,)
    if revision.change is Change.CANCEL:
        return (ResponseType.NONE,)
    return before if revision.advice is None else response_types(revision.advice)


def _check_audiences(revision: Revision, had: Collection[Audience]) -> None:
    """Each audience that was warned hears of the change."""
    for audience in Audience:
        if audience in had and audience not in revision.texts:
            raise PolicyError(
                f"no words for audience {audience.value!r}, which has a version of {revision.warning}",
                hint="who was warned must hear of the change",
            )


def _chain(issued: Iterable[KeptVersion], audience: Audience) -> list[Alert]:
    """The messages of one audience in the order of issue; a partner's version is one message, however many it was sealed for."""
    caps = dict.fromkeys(one.cap for one in issued if one.audience is audience)
    return [read_alert(cap) for cap in caps]


def _with_news(text: VersionText, news: str) -> VersionText:
    return replace(text, description=f"{news}\n\n{text.description}") if news else text


def _exposure(tx: Transaction, warning: IssuedWarning) -> Exposure:
    return find_exposed(
        warning.threat,
        people=tx.register.people(),
        venues=tx.register.venues(),
        gatherings=tx.register.gatherings(),
    )


def _told(tx: Transaction, warning: str, exposure: Exposure, offered: Sequence[str]) -> tuple[Addressee, ...]:
    """Everybody to whom an older version went, leavers included, and whoever is exposed by now (LESSONS L17).

    An address that was refused for good is left out: nothing reached it. The language is that of whoever is exposed now; all
    others hear it in that of the last message to them.
    """
    spoken = {person.id: person.language for person in exposure.people}
    told = {
        one.recipient: Addressee(
            one.party or None,
            one.recipient,
            one.address,
            choose_language(one.language if one.party else spoken.get(one.recipient, one.language), offered),
        )
        for one in tx.outbox.mail(warning)
        if one.state is not MailState.REFUSED
    }
    refused = {one.recipient for one in tx.outbox.mail(warning)} - set(told)
    for person in exposure.people:
        if person.id not in refused:
            told.setdefault(
                person.id, Addressee(None, person.id, person.email, choose_language(person.language, offered))
            )
    return tuple(told.values())
