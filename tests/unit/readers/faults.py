"""Every fault that strictness in reading (STYLE 6) is held to: how it is made out of something valid."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "c">]>\n'
DEEP = 100_000


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One public reader with something valid for it. Empty tokens mean that it reads nothing of that sort.

    `names` is a pattern for the thing: each refusal must name it. `takes` says which faults it takes on purpose, and why.
    """

    name: str
    read: Callable[[bytes], object]
    valid: bytes
    names: str
    limit: int = 0
    format: str = ""
    number: bytes = b""
    text: bytes = b""
    base64: bytes = b""
    twice: bytes = b""
    takes: Mapping[str, str] = field(default_factory=dict)


def read_word(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """A reader of text as one of bytes; bytes that are no UTF-8 reach it as lone surrogates."""
    return lambda raw: read(raw.decode("utf-8", "surrogateescape"))


def as_json(value: object) -> bytes:
    """Something valid for a reader of JSON, one value a line."""
    return json.dumps(value, indent=1, ensure_ascii=False).encode()


def _number(text: str) -> Callable[[Reader], bytes | None]:
    return lambda one: one.valid.replace(one.number, text.encode(), 1) if one.number else None


def _base64(change: Callable[[bytes], bytes]) -> Callable[[Reader], bytes | None]:
    return lambda one: one.valid.replace(one.base64, change(one.base64), 1) if one.base64 else None


def _within(junk: bytes) -> Callable[[Reader], bytes | None]:
    return lambda one: one.valid[: len(one.valid) // 2] + junk + one.valid[len(one.valid) // 2 :]


def _other_last_bits(token: bytes) -> bytes:
    """The same bytes in base64 whose unused last bits are not zero: decoders take both."""
    body = token.rstrip(b"=")
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = alphabet[alphabet.index(body[-1:]) + 1 : alphabet.index(body[-1:]) + 2]
    return body[:-1] + last + token[len(body) :]


def _deep(one: Reader) -> bytes | None:
    return {
        "json": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        "yaml": b"[" * 1000 + b"]" * 1000,
        "toml": b"a = " + b"[" * DEEP + b"]" * DEEP,
        "xml": b"<a>" * DEEP + b"</a>" * DEEP,
        "ical": b"BEGIN:VEVENT\r\n" * DEEP + b"END:VEVENT\r\n" * DEEP,
    }.get(one.format)


def _too_long(one: Reader) -> bytes | None:
    return one.valid + b" " * (one.limit + 1 - len(one.valid)) if one.limit else None


def _twice(one: Reader) -> bytes | None:
    return one.valid.replace(one.twice, one.twice * 2, 1) if one.twice else None


def _escaped_surrogate(one: Reader) -> bytes | None:
    return one.valid.replace(one.text, one.text + b"\\ud800", 1) if one.text and one.format == "json" else None


FAULTS: Mapping[str, Callable[[Reader], bytes | None]] = {
    "empty": lambda _: b"",
    "only white space": lambda _: b" \n\t ",
    "cut off in the middle": lambda one: one.valid[: len(one.valid) // 2],
    "in UTF-16": lambda one: one.valid.decode("latin-1").encode("utf-16"),
    "a byte that is no UTF-8": _within(b"\xff"),
    "a surrogate as UTF-8": _within(b"\xed\xa0\x80"),
    "a NUL byte": _within(b"\0"),
    "a byte order mark": lambda one: b"\xef\xbb\xbf" + one.valid,
    "a DOCTYPE": lambda one: DOCTYPE + one.valid,
    "too long": _too_long,
    "nested deep": _deep,
    "a key twice": _twice,
    "a lone surrogate, escaped": _escaped_surrogate,
    "number 4_2": _number("4_2"),
    "number +42": _number("+42"),
    "number in spaces": _number(" 42 "),
    "number in other digits": _number("٤٢"),
    "number with 400 digits": _number("9" * 400),
    "number with 5000 digits": _number("9" * 5000),
    "number NaN": _number("NaN"),
    "number nan": _number("nan"),
    "number Infinity": _number("Infinity"),
    "number inf": _number("inf"),
    "number 1e999": _number("1e999"),
    "base64 with junk": _base64(lambda token: token[:4] + b"!" + token[4:]),
    "base64 with a line break": _base64(lambda token: token[:4] + b"\n" + token[4:]),
    "base64 without padding": _base64(lambda token: token.rstrip(b"=")),
    "base64 with other last bits": _base64(_other_last_bits),
}
"""What it is called, and how it is made; None where the format has nothing of the sort."""
