"""An envelope opens for one key, unchanged, and tells nobody else who sent it or how long it is."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core.window import Entropy
from tocsin.errors import InputError, TocsinError, VerificationError
from tocsin.exchange.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_PAYLOAD_BYTES,
    Payload,
    SealKey,
    SealPublic,
    _suite,
    open_envelope,
    read_payload,
    seal,
    write_payload,
)


def seal_key(number: int = 1) -> SealKey:
    return SealKey.from_secret(bytes([number]) * 96)


KEY = seal_key()
RAW = seal(b"stay away from concerts", KEY.public)


def payload(**changed: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "statement": b"aaa.bbb.ccc~",
        "cap": b"<alert/>",
        "blind": bytes(32),
        "index": 3,
        "proof": (bytes(32), b"\1" * 32),
        "checkpoint": "embassy.example/log\n4\nабв\n".encode(),
    }
    return facts | changed


@settings(max_examples=20)
@given(st.binary(max_size=20_000))
def test_what_was_sealed_is_what_is_opened(content: bytes) -> None:
    assert open_envelope(seal(content, KEY.public), KEY) == content


def test_the_same_words_sealed_twice_are_not_known_to_be_the_same() -> None:
    assert seal(b"x", KEY.public) != seal(b"x", KEY.public)


def test_the_outside_names_the_recipients_key_and_a_size_class_and_nothing_else() -> None:
    header = json.loads(RAW.partition(b"\n")[0])

    assert header == {"format": "tocsin-envelope/1", "to": KEY.public.key_id, "size": 4096}
    assert b"concert" not in RAW


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, 4096), (4092, 4096), (4093, 16384), (16380, 16384), (16381, 65536), (65532, 65536), (65533, 131072)],
)
def test_lengths_within_one_class_cannot_be_told_apart(length: int, size: int) -> None:
    raw, smallest = seal(b"x" * length, KEY.public), seal(b"", KEY.public)

    assert json.loads(raw.partition(b"\n")[0])["size"] == size
    assert len(raw) - len(smallest) == size - 4096 + len(str(size)) - 4
    assert open_envelope(raw, KEY) == b"x" * length


def test_the_largest_payload_fits_and_one_byte_more_is_refused_before_it_is_sealed() -> None:
    assert len(seal(bytes(MAX_PAYLOAD_BYTES), KEY.public)) <= MAX_ENVELOPE_BYTES
    with pytest.raises(InputError, match="at most 983036"):
        seal(bytes(MAX_PAYLOAD_BYTES + 1), KEY.public)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(VerificationError, match=r"envelope: found recipient") as refused:
        open_envelope(RAW, seal_key(2))
    assert refused.value.step == "envelope"


def test_an_envelope_readdressed_to_us_does_not_open() -> None:
    other = seal_key(2)
    moved = RAW.replace(KEY.public.key_id.encode(), other.public.key_id.encode())

    with pytest.raises(VerificationError, match="do not open"):
        open_envelope(moved, other)


@settings(max_examples=60)
@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, change: int) -> None:
    changed = bytearray(RAW)
    changed[place] ^= change

    with pytest.raises((InputError, VerificationError)):
        open_envelope(bytes(changed), KEY)


@settings(max_examples=30)
@given(st.integers(0, len(RAW) - 1))
def test_no_envelope_cut_short_opens(length: int) -> None:
    with pytest.raises((InputError, VerificationError)):
        open_envelope(RAW[:length], KEY)


HEADER, BODY = RAW.split(b"\n", 1)
BAD_ENVELOPES = {
    "empty": b"",
    "no line end": HEADER,
    "binary": bytes(range(256)) * 20,
    "header longer than any": b" " * 300 + RAW,
    "a space more": HEADER.replace(b'":', b'": ', 1) + b"\n" + BODY,
    "another order": json.dumps({"to": KEY.public.key_id, "format": "tocsin-envelope/1", "size": 4096}).encode()
    + b"\n"
    + BODY,
    "a sender named": HEADER[:-1] + b',"from":"embassy.example"}\n' + BODY,
    "a key twice": HEADER[:-1] + b',"size":4096}\n' + BODY,
    "size as text": HEADER.replace(b"4096", b'"4096"') + b"\n" + BODY,
    "size as truth": HEADER.replace(b"4096", b"true") + b"\n" + BODY,
    "size with a point": HEADER.replace(b"4096", b"4096.0") + b"\n" + BODY,
    "another size": HEADER.replace(b"4096", b"8192") + b"\n" + BODY,
    "size below zero": HEADER.replace(b"4096", b"-4096") + b"\n" + BODY,
    "another format": HEADER.replace(b"/1", b"/2") + b"\n" + BODY,
    "no object": b"[]\n" + BODY,
    "CR before LF": HEADER + b"\r\n" + BODY,
    "something behind": RAW + b"\n",
    "nothing sealed": HEADER + b"\n",
    "over a MiB": RAW + bytes(MAX_ENVELOPE_BYTES),
}


@pytest.mark.parametrize("raw", BAD_ENVELOPES.values(), ids=BAD_ENVELOPES)
def test_what_we_would_not_write_is_not_opened(raw: bytes) -> None:
    with pytest.raises((InputError, VerificationError)):
        open_envelope(raw, KEY)


def test_a_header_of_another_form_is_refused_though_it_was_sealed_under_it() -> None:
    padded = bytes(4096)
    for header in (
        HEADER.replace(b'":', b'": ', 1) + b"\n",
        HEADER[:-1] + b',"from":"embassy.example"}\n',
        HEADER.replace(b"/1", b"/2") + b"\n",
    ):
        with pytest.raises(InputError, match="header"):
            open_envelope(header + _suite().encrypt(padded, KEY.public.kem_key, info=header), KEY)


def test_padding_that_carries_something_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {
        "words in the padding": (2).to_bytes(4, "big") + b"ab" + b"c" * 4090,
        "longer than it is": (5000).to_bytes(4, "big") + bytes(4092),
        "not a full class": (2).to_bytes(4, "big") + b"ab" + bytes(10),
        "empty": b"",
    }
    for content in contents.values():
        monkeypatch.setattr(SealKey, "decrypt", lambda *_, content=content: content)
        with pytest.raises(VerificationError, match="padding"):
            open_envelope(RAW, KEY)


def test_a_key_is_stored_as_96_bytes_and_comes_back_the_same(entropy: Entropy) -> None:
    key = SealKey.generate(entropy)

    assert len(key.secret) == 96
    assert SealKey.from_secret(key.secret).public == key.public
    for wrong in (b"", bytes(95), bytes(97)):
        with pytest.raises(InputError, match="expected 96"):
            SealKey.from_secret(wrong)


def test_a_public_key_that_nothing_can_be_sealed_to_is_refused_when_it_is_read_not_when_it_is_needed() -> None:
    good = KEY.public
    bad = {
        "ML-KEM too short": (good.mlkem[:-1], good.x25519),
        "X25519 too long": (good.mlkem, good.x25519 + b"\0"),
        "ML-KEM out of range": (b"\xff" * 1184, good.x25519),
        "X25519 of small order": (good.mlkem, bytes(32)),
        "X25519 of small order, one": (good.mlkem, b"\1" + bytes(31)),
    }
    for mlkem, x25519 in bad.values():
        with pytest.raises(InputError, match="seal key"):
            SealPublic(mlkem, x25519)


@given(
    st.from_regex(r"[A-Za-z0-9_.~-]{0,50}", fullmatch=True),
    st.none() | st.binary(max_size=50),
    st.integers(0, 2**40),
    st.lists(st.binary(max_size=32), max_size=4),
    st.text(max_size=30),
)
def test_a_payload_written_is_the_payload_read(
    statement: str, cap: bytes | None, index: int, proof: list[bytes], checkpoint: str
) -> None:
    facts = payload(
        statement=statement.encode(), cap=cap, index=index, proof=tuple(proof), checkpoint=checkpoint.encode()
    )

    assert read_payload(write_payload(**facts)) == Payload(**facts)


def bad_payload(name: str, value: Any) -> bytes:
    good = json.loads(write_payload(**payload()))
    return json.dumps(good | {name: value}, ensure_ascii=False, separators=(",", ":")).encode()


GOOD = write_payload(**payload())
BAD_PAYLOADS = {
    "empty": b"",
    "not UTF-8": b"\xff",
    "no object": b"[]",
    "null": b"null",
    "a number": b"1",
    "truncated": GOOD[:-1],
    "line end behind": GOOD + b"\n",
    "a field more": bad_payload("more", 1),
    "a field twice": GOOD[:-1] + b',"index":3}',
    "a field missing": GOOD.replace(b'"index":3,', b""),
    "other format": bad_payload("format", "tocsin-payload/2"),
    "statement no text": bad_payload("statement", 1),
    "statement not ASCII": bad_payload("statement", "абв"),
    "index true": bad_payload("index", True),
    "index below zero": bad_payload("index", -1),
    "index a text": bad_payload("index", "3"),
    "index with a point": bad_payload("index", 3.0),
    "base64 with junk": bad_payload("blind", "AA!AA=="),
    "base64 without padding": bad_payload("blind", "AAA"),
    "base64 with other last bits": bad_payload("blind", "AB=="),
    "blind null": bad_payload("blind", None),
    "proof a text": bad_payload("proof", b64encode(bytes(32)).decode()),
    "proof of numbers": bad_payload("proof", [1]),
    "checkpoint null": bad_payload("checkpoint", None),
    "half a character": GOOD.replace("абв".encode(), b"\\ud800"),
    "deep": b"[" * 100_000,
    "a number without end": b'{"index":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("raw", BAD_PAYLOADS.values(), ids=BAD_PAYLOADS)
def test_a_payload_in_any_other_form_is_refused_as_input(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_payload(raw)


@given(st.binary(max_size=80))
def test_junk_is_refused_and_nothing_else_leaks(junk: bytes) -> None:
    with pytest.raises(TocsinError):
        open_envelope(junk, KEY)
    with pytest.raises(InputError):
        read_payload(junk)
