"""An e-mail: subject, day, the words of its body, of what it carries and has attached, and through whose hands they came."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError
from tocsin.intake.read_html import read_html

MAX_BYTES = 25 * 1024 * 1024
MOST_PARTS = 100
MOST_CHARACTERS = 1024 * 1024
MOST_NAMED = 100
"""Characters of an attachment's name that are shown."""
_FORWARDED_FROM = Expression(r"^[> ]*From:\s*(?P<who>[^\n]{1,200})$", re.MULTILINE)


class MailText(Struct, frozen=True):
    """`attribution` names who sent it on, the first writer first; `unread` are attachments that hold no text, by name."""

    subject: str
    text: str
    dated: date | None
    attribution: tuple[str, ...]
    unread: tuple[str, ...] = ()


def read_mail(raw: bytes) -> MailText:
    """Body, attached texts and carried messages as one text, the newest first. InputError for too many parts, too many bytes
    or no text.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"mail has {len(raw)} bytes, at most {MAX_BYTES} expected", hint="submit the part that matters"
        )
    nested = raw.lower().count(b"boundary=") + raw.lower().count(b"message/rfc822")
    if nested > MOST_PARTS:
        raise InputError(
            f"mail has {nested} parts within parts, at most {MOST_PARTS} expected", hint="submit its text alone"
        )
    message = message_from_bytes(raw, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise InputError("mail cannot be read as one message", hint="submit its text alone")
    attached = {one: tuple(_attached(one)) for one in _messages(message)}
    texts = [words for one, parts in attached.items() for words in (_body(one), *(text for _, text in parts))]
    text = "\n".join(words for words in texts if words.strip())[:MOST_CHARACTERS]
    if not text.strip():
        raise InputError("mail holds no text", hint="expected a text/plain or text/html part")
    carried = [_who(str(one["from"] or "")) for one in _messages(message)]
    quoted = [_who(found["who"]) for found in _FORWARDED_FROM.finditer(text)]
    hops = [who for who in reversed([*carried, *quoted]) if who]
    unread = [name for parts in attached.values() for name, words in parts if not words.strip()]
    return MailText(
        str(message["subject"] or ""), text, _day(message), tuple(dict.fromkeys(hops)), tuple(dict.fromkeys(unread))
    )


def _messages(message: EmailMessage) -> Iterator[EmailMessage]:
    """The message, then those it carries, the outermost first."""
    yield message
    for part in message.walk():
        if part.get_content_type() == "message/rfc822" and isinstance(inner := part.get_payload(0), EmailMessage):
            yield inner


def _body(message: EmailMessage) -> str:
    """The plain text of the message, else what its HTML says; empty if it has neither."""
    body = message.get_body(("plain", "html"))
    return "" if body is None else _words(body)


def _attached(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Each attachment by name with its words, empty if it has none that can be read; a carried message is read as one."""
    for part in message.iter_attachments():
        if part.get_content_type() == "message/rfc822":
            continue
        words = ""
        if isinstance(part, MIMEPart) and part.get_content_maintype() == "text":
            with suppress(InputError):
                words = _words(part)
        yield f"{(part.get_filename() or 'without a name')[:MOST_NAMED]} ({part.get_content_type()})", words


def _words(part: MIMEPart) -> str:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part.get_content_type() == "text/html":
        return read_html(content.encode("utf-8", "replace")).text
    return str(content)


def _who(header: str) -> str:
    name, address = parseaddr(header.replace("\n", " "))
    return name or address


def _day(message: EmailMessage) -> date | None:
    try:
        return parsedate_to_datetime(str(message["date"])).date() if message["date"] else None
    except (ValueError, TypeError):
        return None
