"""What anybody may read without signing in: the public version of a warning, and what is behind a signed link."""

import hashlib
from typing import Any

from tocsin.cap.codec import read_alert
from tocsin.compose.fields import warning_fields
from tocsin.compose.languages import in_language
from tocsin.compose.lifecycle import IssuedWarning, Status, pass_time
from tocsin.compose.revision import is_ending
from tocsin.core.marking import Audience
from tocsin.core.window import write_instant
from tocsin.desk.act import Outcome
from tocsin.desk.outgoing import token_digest
from tocsin.desk.ports import Desk
from tocsin.desk.records import KeptAnswer, KeptVersion, Mail
from tocsin.desk.stores import Transaction
from tocsin.errors import NotFoundError

_SHOWN = ("headline", "description", "instruction", "event", "area", "language", "severity", "certainty", "onset")


def show_public(desk: Desk, warning: str, language: str = "") -> Outcome:
    """One warning as everybody may know it: words of its public version, its state now, and where its proof stands.

    `languages` are those it went out in, the main one first; the words are in `language` if it is one of them.

    No access is asked, for none is needed (TLP:CLEAR). NotFoundError if there is no such warning.
    """
    with desk.store.read() as tx:
        found = pass_time(tx.cases.warning(warning), desk.clock.now())
        return _facts(desk, found, find_public(tx, warning), language)


def read_public_cap(desk: Desk, warning: str) -> bytes:
    """The CAP message of the public version, byte for byte as it was issued. NotFoundError if there is no such warning."""
    with desk.store.read() as tx:
        return find_public(tx, warning).cap


def show_link(desk: Desk, token: str) -> Outcome:
    """What is behind a signed link: the public facts, whom it was sent to, what was answered by it.

    Reading it records nothing: mail scanners open links too. NotFoundError for a token that opens nothing.
    """
    with desk.store.read() as tx:
        mail = find_mail(tx, token)
        warning = pass_time(tx.cases.warning(mail.warning), desk.clock.now())
        last = find_answer(tx, mail)
        return {
            **_facts(desk, warning, find_public(tx, mail.warning), mail.language),
            "party": mail.party,
            "name": _name(tx, mail),
            "sent": write_instant(mail.created),
            "open": warning.status is not Status.CLOSED,
            "answer": {"answer": last.answer.value, "at": write_instant(last.at), "reason": last.reason}
            if last
            else None,
        }


def find_mail(tx: Transaction, token: str) -> Mail:
    """The e-mail about a warning whose link this token is. NotFoundError if it opens nothing."""
    mail = tx.outbox.mail_by_token(token_digest(token))
    if mail is None or not mail.warning:
        raise NotFoundError("this link opens nothing here", hint="open the link as it stands in the message")
    return mail


def answered_by(mail: Mail) -> str:
    """How an answer by that link names who gave it: whoever holds the link, nobody more exactly."""
    return f"link:{mail.recipient}"


def find_answer(tx: Transaction, mail: Mail) -> KeptAnswer | None:
    """The last answer by that link to what it asks about now; one to a version before the last change is none to this."""
    last = tx.chase.last_answer(mail.warning, answered_by(mail))
    ladder = tx.chase.ladder(mail.warning, mail.party)
    asked = max(mail.created, ladder.started) if ladder else mail.created
    return last if last is not None and last.at >= asked else None


def find_public(tx: Transaction, warning: str) -> KeptVersion:
    """The newest public version of a warning. NotFoundError if there is no such warning."""
    found = [one for one in tx.cases.versions(warning) if one.audience is Audience.PUBLIC]
    if not found:
        raise NotFoundError(f"no warning {warning!r} here", hint="the number stands in the message, such as W-7")
    return found[-1]


def _facts(desk: Desk, warning: IssuedWarning, version: KeptVersion, language: str = "") -> dict[str, Any]:
    """In that language if this version has it, else in its main one."""
    every = read_alert(version.cap)
    alert = in_language(every, language)
    fields = warning_fields(alert)
    return {
        "warning": warning.id,
        "number": version.number,
        **{name: fields[name] for name in _SHOWN},
        "targets": fields["targets"],
        "methods": fields["methods"],
        "zone": warning.threat.window.zone or desk.settings.zone,
        "issued": write_instant(warning.issued),
        "expires": write_instant(warning.expires),
        "watch_until": write_instant(warning.watch_until),
        "status": warning.status.value,
        "closed_by": warning.closed_by.value if warning.closed_by else None,
        "says_end": is_ending(alert),
        "languages": [info.language for info in every.infos],
        "sender": alert.infos[0].sender_name or desk.settings.name,
        "node": desk.settings.name,
        "url": f"{desk.settings.url}/a/{warning.id}",
        "exercise": desk.settings.exercise if desk.settings.practice else "",
        "entry": version.entry,
        "cap_sha256": hashlib.sha256(version.cap).hexdigest(),
    }


def _name(tx: Transaction, mail: Mail) -> str:
    """What the party is called in the register; a peer by its node's name; empty for a person, who is not named."""
    venue = next((one for one in tx.register.venues() if one.id == mail.party), None)
    return venue.name if venue else mail.party
