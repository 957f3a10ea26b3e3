"""Words to our own people by e-mail: that something waits for them. Never the words of a report or a warning."""

from collections.abc import Iterable
from datetime import timedelta

from tocsin.core.marking import Audience
from tocsin.desk.act import Act
from tocsin.desk.house import Officer, Role
from tocsin.desk.outgoing import link_token, token_digest
from tocsin.desk.records import Mail

KEPT_FOR = timedelta(days=1)


def find_officers(act: Act, role: Role, *, but: str = "") -> tuple[Officer, ...]:
    """Who holds that role now and has an address, `but` one."""
    return tuple(
        one
        for one in act.tx.house.officers()
        if role in one.roles and one.left is None and one.address and one.id != but
    )


def notify(act: Act, to: Iterable[Officer], text: str, *, about: str) -> int:
    """Queue one e-mail to each. The first line of `text` becomes the subject; the same `about` is never sent twice.

    Mail is not sealed: `text` names identifiers and clocks, never a place, a person or a threat.
    """
    mail = [_mail(act, one, text, about) for one in to]
    act.tx.outbox.put_mail(mail)
    return len(mail)


def _mail(act: Act, to: Officer, text: str, about: str) -> Mail:
    key = f"house:{about}:{to.id}"
    return Mail(
        key=key,
        warning="",
        number=0,
        audience=Audience.INTERNAL,
        party="",
        recipient=to.id,
        address=to.address,
        text=text,
        step=0,
        token=token_digest(link_token(act.desk.keys.links, key)),
        created=act.at,
        not_after=act.at + KEPT_FOR,
        due=act.at,
    )
