"""The entries of an Atom or RSS feed: each a text with its title and day."""

import io
from datetime import date

from msgspec import Struct

from tocsin.core.expression import Expression
from tocsin.errors import InputError

MAX_BYTES = 10 * 1024 * 1024
MOST_ENTRIES = 1_000
_TAG = Expression(r"<[^<>]{0,2000}>")


class FeedEntry(Struct, frozen=True):
    """One entry; `dated` None where it gives no day."""

    title: str
    text: str
    dated: date | None


def read_feed(raw: bytes) -> tuple[FeedEntry, ...]:
    """Every entry in the order of the feed (feedparser), from the bytes alone. InputError for a DOCTYPE, or if it is no feed."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"feed has {len(raw)} bytes, at most {MAX_BYTES} expected")
    if b"<!doctype" in raw[:4096].lower() or b"<!entity" in raw.lower():
        raise InputError("feed has a DOCTYPE", hint="no feed needs one")
    import feedparser

    found = feedparser.parse(io.BytesIO(raw), sanitize_html=True, resolve_relative_uris=False)
    if not found.get("version"):
        raise InputError("this is no Atom or RSS feed", hint=str(found.get("bozo_exception", ""))[:200] or None)
    return tuple(_entry(one) for one in found.entries[:MOST_ENTRIES])


def _entry(one: dict[str, object]) -> FeedEntry:
    contents = one.get("content")
    body = contents[0].get("value", "") if isinstance(contents, list) and contents else one.get("summary", "")
    title = " ".join(_TAG.sub(" ", str(one.get("title", ""))).split())
    words = _TAG.sub(" ", str(body)).strip()
    return FeedEntry(title, f"{title}\n{words}".strip(), _day(one))


def _day(one: dict[str, object]) -> date | None:
    at = one.get("published_parsed") or one.get("updated_parsed")
    try:
        return date(at[0], at[1], at[2]) if at else None  # type: ignore[index]  # feedparser's struct_time
    except (ValueError, TypeError):
        return None
