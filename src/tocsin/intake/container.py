"""What lies in the bytes that came: a text, a page, a mail, a feed, a CAP message, threat intelligence; told by the bytes, not by a name."""

import re
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tocsin.errors import InputError
from tocsin.intake.extract import read_alert_text
from tocsin.intake.feed_entries import cut_feed
from tocsin.intake.ports import Gazetteer
from tocsin.intake.read_feed import MOST_ENTRIES, read_feed
from tocsin.intake.read_html import read_html
from tocsin.intake.read_shared import read_shared
from tocsin.intake.read_text import MAX_BYTES as MAX_TEXT
from tocsin.intake.read_text import read_text
from tocsin.intake.report import Found, FoundClaim, FoundIncident, Reading
from tocsin.intake.shouting import calm
from tocsin.intake.status import status_conflict
from tocsin.intake.unwrap import Unwrapped, unwrap

if TYPE_CHECKING:
    from tocsin.cap.alert import Alert
    from tocsin.cap.finding import Finding
    from tocsin.intake.read_cap import CapEntry

MAX_BYTES = 25 * 1024 * 1024
"""Of what can be submitted; each kind has a narrower limit of its own."""
_HEAD = 4096
_MAIL = re.compile(
    rb"(?:(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to|reply-to|content-type|x-[a-z-]+|cc|dkim-signature):[^\n]*\n(?:[ \t][^\n]*\n)*){2,}",
    re.IGNORECASE,
)
_CAP = re.compile(rb"<(?:[\w.-]+:)?alert\b[^>]*(?:urn:oasis:names:tc:emergency:cap:|http://www\.incident\.com/cap/)")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How UTF-16 begins."""
_FEED = re.compile(rb"<(?:\w+:)?(?:feed|rss|rdf)\b", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype html|<html\b|<body\b|<article\b", re.IGNORECASE)


CONFLICT = "conflict"
"""Field of a reading that holds words which disagree with the status of the message: a person decides which is right."""
MOST_SHOWN = 80
FEED = "feed"
"""Kind of a part that is an entry of a feed."""


class Part(Struct, frozen=True):
    """One text to read. `kind` is that of what it came in, empty for plain text and pages: there the words decide."""

    text: str
    kind: str = ""
    dated: date | None = None
    attribution: tuple[str, ...] = ()
    status: str = ""
    """Of a CAP message: whether it means what it says."""
    unread: tuple[str, ...] = ()
    """What came with it and holds no text: attachments, by name; CAP messages that cannot be read, by number."""
    entry: int | None = None
    """From 0 in a feed or envelope."""
    forgiven: tuple["Finding", ...] = ()
    """Of a CAP message: what its reader let pass, and what it left out."""


def read_container(raw: bytes) -> tuple[Part, ...]:
    """The texts in these bytes, one but for a feed or an envelope of CAP messages. InputError says what could not be read, and nothing is read by halves."""
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"report has {len(raw)} bytes, at most {MAX_BYTES} expected", hint="submit the part that matters"
        )
    head = raw[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"{":
        kind, text = read_shared(raw)
        return (Part(text, kind),)
    if (head[:1] == b"<" or raw[:2] in _WIDE) and (found := _cap_parts(raw, head)):
        return found
    if head[:1] == b"<" and _FEED.search(head[:1024]):
        texts = [one for one in read_feed(raw) if one.text]
        return tuple(Part(one.text, FEED, one.dated, entry=entry) for entry, one in enumerate(texts))
    if head[:1] == b"<" and _PAGE.search(head):
        page = read_html(raw)
        title = "" if not page.title or page.title in page.text[:400] else f"\n{page.title}"
        return (Part(page.text + title, "", page.dated),)
    if _MAIL.match(head):
        from tocsin.intake.read_mail import read_mail  # the library of mail is larger than all the rest of the reading

        mail = read_mail(raw)
        return (Part(f"{mail.text}\n{mail.subject}".strip(), "mail", mail.dated, mail.attribution, unread=mail.unread),)
    return (Part(read_text(raw)),)


def split_reports(raw: bytes) -> tuple[bytes, ...]:
    """The reports in these bytes: each entry of a feed that says something, in bytes of its own; anything else is one.

    InputError if an entry alone would not read as it does in its feed: nothing is taken by halves.
    """
    parts = read_container(raw)
    if not parts or parts[0].kind != FEED:
        return (raw,)
    cut = tuple((one, found[0]) for one in cut_feed(raw) if (found := read_container(one)))
    if [replace(part, entry=None) for _, part in cut] != [replace(part, entry=None) for part in parts]:
        raise InputError(
            f"feed has {len(parts)} entries, {len(cut)} of them can be read alone",
            hint="submit the words of the entries that matter",
        )
    return tuple(one for one, _ in cut)


def _cap_parts(raw: bytes, head: bytes) -> tuple[Part, ...]:
    """One for each CAP message; none if there is none. InputError for one that cannot be opened, or if none can be read."""
    # What reads XML is loaded for XML alone.
    from tocsin.cap.contain import count_empty_entries
    from tocsin.cap.opening import RefusedError, open_xml
    from tocsin.intake.read_cap import each_alert

    try:
        root = open_xml(raw)
    except RefusedError as error:
        if _CAP.search(head.replace(b"\0", b"")):
            raise InputError(
                f"CAP message cannot be opened: {error}", hint=f"see {error.rule} in docs/cap.md"
            ) from None
        return ()
    entries = list(islice(each_alert(root, raw), MOST_ENTRIES + 1))
    read = [_cap_part(one, one.alert) for one in entries[:MOST_ENTRIES] if one.alert is not None]
    unread = [one.error if one.entry is None else f"entry {one.entry}, {one.error}" for one in entries if one.error]
    if unread and not read:
        raise InputError(f"CAP message cannot be read: {unread[0]}", hint="tocsin cap check says more")
    if len(entries) > MOST_ENTRIES:
        unread.append(f"CAP messages after the first {MOST_ENTRIES}")
    if read and (empty := count_empty_entries(root)):
        unread.append(f"entries that carry no CAP message: {empty}")
    return (replace(read[0], unread=tuple(unread)), *read[1:]) if unread else tuple(read)


def _cap_part(entry: "CapEntry", alert: "Alert") -> Part:
    from tocsin.intake.read_cap import alert_as_text

    text = alert_as_text(alert)
    if len(text) > MAX_TEXT:
        raise InputError(f"CAP message has {len(text)} characters of text, at most {MAX_TEXT} expected")
    return Part(text, "cap", status=alert.status.value, entry=entry.entry, forgiven=entry.forgiven)


def extract_parts(
    raw: bytes, *, gazetteer: Gazetteer, reference: date | None = None
) -> tuple[tuple[Part, Reading], ...]:
    """Each text with all that it states. Spans are offsets in the text of the part. InputError if the bytes hold no text."""
    found = tuple((part, extract_part(part, gazetteer=gazetteer, reference=reference)) for part in read_container(raw))
    if not found:
        raise InputError("feed has no entries", hint="there is nothing to read yet")
    return found


def extract_part(part: Part, *, gazetteer: Gazetteer, reference: date | None = None) -> Reading:
    """Read one text without what mail put around it; its spans stand in the text as it came."""
    plain = unwrap(part.text)
    reading = read_alert_text(calm(plain.text, gazetteer), gazetteer=gazetteer, reference=part.dated or reference)
    moved = _moved(reading, plain)
    conflict = status_conflict(part.status, part.text) if part.status else None
    if conflict is not None:
        start, end = conflict
        found = Found(" ".join(part.text[start:end].split())[:MOST_SHOWN], start, end, f"C-status-{part.status}")
        moved = replace(moved, spans={**moved.spans, CONFLICT: (found,)})
    return replace(moved, kind=part.kind) if part.kind else moved


Spanned = TypeVar("Spanned", Found, FoundClaim, FoundIncident)


def _moved(reading: Reading, plain: Unwrapped) -> Reading:
    if not plain.shifted:
        return reading

    def moved(one: Spanned) -> Spanned:
        start, end = plain.span(one.start, one.end)
        return replace(one, start=start, end=end)

    return replace(
        reading,
        spans={field: tuple(moved(one) for one in spans) for field, spans in reading.spans.items()},
        claims=tuple(moved(one) for one in reading.claims),
        incidents=tuple(moved(one) for one in reading.incidents),
    )
