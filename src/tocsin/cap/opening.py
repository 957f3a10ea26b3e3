"""Opens bytes as XML without ever asking a file or a host, and says which of CAP-47 and CAP-48 forbids it."""

import re
from functools import lru_cache

from lxml import etree
from msgspec import Struct

from tocsin.errors import InputError

MAX_BYTES = 32 * 1024 * 1024
"""Of one file; a feed of a whole country has a few."""
MAX_TAGS = 1_000_000
"""Of one file: the densest messages have as many in 16 MB. An element takes a kilobyte of memory."""
SMALL = 64 * 1024
"""Bytes up to which no file holds enough elements to slow a schema down."""
_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|ascii|iso[-_]?8859[-_]([1-9]|1[0-6])|latin1|(?:windows-|cp)125[0-8]|utf-16(?:be|le)?",
    re.IGNORECASE,
)
_HEAD = 200
"""Bytes in which a declaration ends; what it says is kept up to here, for senders always say the same."""
_DECLARED = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"'>]{0,60})")
_DOCTYPE = re.compile(rb"\s*+(?:(?><\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL)
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=False, remove_pis=True, remove_comments=True
)
# Kept, for making one takes as long as reading a message with it; it carries nothing from one message to the next.
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WIDE = {b"<\0?\0": "utf-16-le", b"\0<\0?": "utf-16-be"}
"""How a declaration begins in two bytes a letter, where no mark stands before it."""


class RefusedError(InputError):
    """The bytes are not opened; `rule` is CAP-47 (no XML, encoding) or CAP-48 (DOCTYPE, limits), `line` where that was seen."""

    def __init__(self, message: str, *, rule: str, line: int = 0) -> None:
        super().__init__(message)
        self.rule = rule
        self.line = line


def open_xml(raw: bytes) -> etree._Element:
    """The root element; RefusedError for all that is not well-formed, has a DOCTYPE, or is over a limit.

    The encoding is that of the mark or the declaration, UTF-8 without either. Comments and instructions are dropped.
    """
    if len(raw) > MAX_BYTES:
        raise RefusedError(
            f"file has {len(raw)} bytes, at most {MAX_BYTES} expected; a feed can be divided", rule="CAP-48"
        )
    # No tag is shorter than three characters: nearly all files need no count.
    if len(raw) > 3 * MAX_TAGS and (tags := raw.count(b"<")) > MAX_TAGS:
        raise RefusedError(f"file has {tags} tags, at most {MAX_TAGS} expected; a feed can be divided", rule="CAP-48")
    _check_encoding(raw)
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        told = str(error).removesuffix(" (<string>, line 0)")
        raise RefusedError(f"no well-formed XML: {told[:200]}", rule="CAP-47", line=error.lineno or 0) from None
    except ValueError as error:
        raise RefusedError(f"no well-formed XML: {error}", rule="CAP-47") from None


class Traits(Struct, frozen=True):
    """What may be in a file, by a look at its bytes; all of it where nobody looked.

    `located`: a schemaLocation, which is never followed, whatever it says. `marked`: a character that is written in another way
    than as itself; without that no text has a `<` or an `&`. `large`: over SMALL bytes.
    """

    located: bool = True
    marked: bool = True
    large: bool = True


UNKNOWN = Traits()


def find_traits(raw: bytes) -> Traits:
    """Those of the file with these bytes."""
    wide = raw[:2] in _MARKS or raw[:4] in _WIDE
    return Traits(
        located=wide or b"chemaLocation" in raw,
        marked=wide or b"&" in raw or b"[" in raw,  # the second of <![CDATA[
        large=len(raw) > SMALL,
    )


def _check_encoding(raw: bytes) -> None:
    wide = _MARKS.get(raw[:2]) or _WIDE.get(raw[:4])
    if wide is not None:
        # The DOCTYPE is looked for in one form only: what hides behind two bytes a letter is turned into it.
        raw = raw.decode(wide, "replace").removeprefix("\ufeff").encode()
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if not raw or raw.isspace():
        raise RefusedError("file is empty", rule="CAP-47")
    if b"\0" in raw[:4]:
        raise RefusedError("encoding without a mark or a declaration in ASCII", rule="CAP-47")
    if doctype := _DOCTYPE.match(raw):
        said = "a DOCTYPE stands before the message: it can name files and bombs"
        raise RefusedError(said, rule="CAP-48", line=1 + doctype[0].count(b"\n"))
    end = raw.find(b">", 0, _HEAD) + 1
    refused = _find_kept(raw[:end]) if end else _find_refused(raw)
    if refused is not None:
        said = f"encoding {refused!r}, expected UTF-8, UTF-16, ISO-8859 or Windows"
        raise RefusedError(said, rule="CAP-47", line=1)


def _find_refused(raw: bytes) -> str | None:
    """The encoding that a declaration at the start of it says, if that is none to be read."""
    declared = _DECLARED.match(raw)
    said = declared[1].decode("latin-1") if declared else None
    return None if said is None or _ENCODINGS.fullmatch(said) else said


_find_kept = lru_cache(maxsize=16)(_find_refused)
