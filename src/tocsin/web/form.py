"""A form as a browser posts it (application/x-www-form-urlencoded): each field once, in UTF-8, of a size that forms have."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from tocsin.errors import InputError

MAX_FORM_BYTES = 8 * 1024
MAX_FIELDS = 8


def read_form(raw: bytes) -> Mapping[str, str]:
    """Its fields by name; InputError if it is too long, not UTF-8, or says a field twice.

    >>> read_form(b"answer=acted&reason=doors%20closed")["reason"]
    'doors closed'
    """
    if len(raw) > MAX_FORM_BYTES:
        raise InputError(f"form has {len(raw)} bytes, at most {MAX_FORM_BYTES} expected")
    try:
        found = parse_qs(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InputError("form is not a browser's: not UTF-8, or too many fields") from None
    twice = next((name for name, values in found.items() if len(values) > 1), None)
    if twice is not None:
        raise InputError(f"form says {twice!r} twice, expected once")
    return {name: values[0] for name, values in found.items()}
