"""The article in an HTML page: its words without navigation, scripts and banners, and the day the page gives itself."""

import json
from datetime import date

from msgspec import Struct

from tocsin.errors import InputError

MAX_BYTES = 8 * 1024 * 1024


class Page(Struct, frozen=True):
    """Title, words, and the day of the page; None where it gives none."""

    title: str | None
    text: str
    dated: date | None


def read_html(raw: bytes) -> Page:
    """The main text of a page (trafilatura). InputError if the page is too long or holds no text of its own."""
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"page has {len(raw)} bytes, at most {MAX_BYTES} expected", hint="submit the part that matters"
        )
    import trafilatura

    said = trafilatura.extract(
        raw, output_format="json", with_metadata=True, include_comments=False, favor_precision=True
    )
    found: dict[str, str | None] = json.loads(said) if said else {}
    text = (found.get("text") or "").strip()
    if not text:
        raise InputError("page holds no text of its own", hint="submit its words as plain text")
    return Page(found.get("title"), text, _day(found.get("date")))


def _day(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        return None
