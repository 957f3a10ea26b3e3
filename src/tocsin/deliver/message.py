"""One e-mail: what, where, when, what to do, who says so, and how to answer. The same inputs give the same bytes."""

import textwrap
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from tocsin.cap.alert import Alert, Info, Status
from tocsin.compose.revision import is_ending
from tocsin.core.data import read_data
from tocsin.core.language import FALLBACK, primary, tell_moment
from tocsin.core.window import write_instant, zone_of

EXERCISE = "EXERCISE"
LINE_WIDTH = 78
"""Characters (RFC 5322 section 2.1.1, SHOULD); a longer word, such as a link, stays whole on a line of its own."""


class _Headers(HeaderRegistry):
    """Makes the class of each kind of header once, where the library makes it anew for each header of each message."""

    __getitem__ = cache(HeaderRegistry.__getitem__)


# No folding inside the body: 998 is the MUST of the same section, beyond it the library turns to quoted-printable.
_POLICY = SMTP.clone(max_line_length=998, cte_type="8bit", header_factory=_Headers())


def render_mail(
    alert: Alert,
    *,
    key: str,
    node: str,
    sender: str,
    recipient: str,
    at: datetime,
    zone: str,
    link: str,
    notice: int = 1,
) -> bytes:
    """RFC 5322 bytes of one message; `notice` counts how often this party was asked, from 1.

    The Message-ID is the delivery's key, so that a second copy on the wire is the same message to every mail program.
    Times are told in `zone` (IANA) and in UTC. Nothing in it loads or reports anything: plain text, one link. Our own words
    are in the language of the first info block, in English where we have none.
    """
    info = alert.infos[0]
    say = _words(info.language)
    exercise = alert.status is not Status.ACTUAL
    headline = _one_line(info.headline or info.event)
    issuer = _one_line(info.sender_name or alert.sender)
    prefix = f"[{say['exercise']}] " if exercise else ""
    again = f" {say['again'].format(number=notice)}" if notice > 1 else ""
    # An Address, not a formatted text: a comma in the issuer's name must not make a second sender.
    sent_by = Address(display_name=issuer, addr_spec=sender)
    message = _start(key=key, node=node, sender=sent_by, recipient=recipient, at=at)
    message["Subject"] = f"{prefix}{headline}{again}"
    paragraphs = [
        *([say["exercise"]] if exercise else []),
        headline,
        *([say["do"].format(words=info.instruction)] if info.instruction else []),
        *([info.description] if info.description else []),
        "\n".join(_where_and_when(alert, info, zone_of(zone))),
        say["who"].format(words=issuer),
        f"{say['ask_nothing' if is_ending(alert) else 'ask']}\n{link}",
        *([say["exercise"]] if exercise else []),
    ]
    message.set_content("\n\n".join(_wrap(one) for one in paragraphs) + "\n")
    return message.as_bytes()


def render_notice(
    text: str, *, key: str, node: str, sender: str, recipient: str, at: datetime, link: str, exercise: bool
) -> bytes:
    """RFC 5322 bytes of a message to our own people; the first line of `text` is its subject."""
    subject = text.split("\n", maxsplit=1)[0]
    prefix = f"[{EXERCISE}] " if exercise else ""
    message = _start(
        key=key, node=node, sender=Address(display_name=node, addr_spec=sender), recipient=recipient, at=at
    )
    message["Subject"] = f"{prefix}{_one_line(subject)}"
    paragraphs = [*([EXERCISE] if exercise else []), *text.split("\n\n"), link]
    message.set_content("\n\n".join(_wrap(one) for one in paragraphs) + "\n")
    return message.as_bytes()


def _start(*, key: str, node: str, sender: Address, recipient: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = at
    # ':' may not stand in a Message-ID (RFC 5322 section 3.6.4).
    message["Message-ID"] = f"<{key.replace(':', '.')}@{node}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Tocsin-Key"] = key
    return message


def _where_and_when(alert: Alert, info: Info, zone: ZoneInfo) -> list[str]:
    """Place and window; the window's end is said not to be an all-clear wherever it is named (DESK 7)."""
    areas = "; ".join(area.area.description for area in info.areas)
    say = _words(info.language)

    def tell(what: str, at: datetime | None) -> str:
        told = f"{tell_moment(at.astimezone(zone), info.language)} ({zone.key}), {write_instant(at)}" if at else ""
        return say[what].format(words=told or say["not_stated"])

    if is_ending(alert):
        return [say["where"].format(words=areas), tell("ended", alert.sent)]
    return [
        say["where"].format(words=areas or say["not_stated"]),
        tell("issued", alert.sent),
        *([tell("begins", info.onset)] if info.onset else []),
        tell("until", info.expires),
        say["no_all_clear"],
    ]


def _words(language: str) -> Mapping[str, str]:
    """Our own words of a message in that language, or in English."""
    found: Mapping[str, Mapping[str, str]] = read_data("deliver", "mail.json")
    return found.get(primary(language), found[FALLBACK])


@lru_cache(maxsize=256)
def _wrap(text: str) -> str:
    """Each line of the text on lines of at most 78 characters; words, dates and links are never broken."""
    return "\n".join(
        textwrap.fill(line, LINE_WIDTH, break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )


def _one_line(text: str) -> str:
    """For a header: runs of white space, line ends among them, become one space."""
    return " ".join(text.split())
