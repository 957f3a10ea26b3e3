"""Plain text from bytes: strict, so that offsets mean what they say."""

from tocsin.core.expression import Expression
from tocsin.errors import InputError

MAX_BYTES = 1024 * 1024
_CONTROL = Expression(r"[\x00-\x08\x0b\x0e-\x1f]")
"""All below the space but tab, line feed, form feed and carriage return."""


def read_text(raw: bytes) -> str:
    """The text, in UTF-8 (or UTF-16 with its mark). Nothing is normalised: offsets refer to this text.

    Raises InputError for empty, binary, over-long or wrongly encoded bytes, and says at which byte; for markup with a
    DOCTYPE, which no text needs.
    """
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"text has {len(raw)} bytes, at most {MAX_BYTES} expected", hint="submit the part that matters"
        )
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"text is not {encoding.removesuffix('-sig').upper()} at byte {error.start}",
            hint="save it as plain text in UTF-8",
        ) from None
    if text.lstrip().startswith("<") and "<!doctype" in text.lower():
        raise InputError("text is markup with a DOCTYPE", hint="save its words as plain text in UTF-8")
    if not text.strip():
        raise InputError("text is empty", hint="expected the words of a report")
    if _CONTROL.search(text):
        raise InputError("text holds control characters: it is binary", hint="save it as plain text in UTF-8")
    return text
