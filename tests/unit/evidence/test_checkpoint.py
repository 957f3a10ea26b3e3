"""What would break if a tree head could be forged or read loosely."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.checkpoint import (
    Checkpoint,
    add_signatures,
    cosign,
    read_checkpoint,
    read_note,
    read_vkey,
    sign_checkpoint,
    verify_checkpoint,
    verify_cosignature,
    write_vkey,
)
from tocsin.evidence.signing import SigningKey

LOG = SigningKey.from_seed("embassy.example/log", b"l" * 32)
WITNESS = SigningKey.from_seed("witness.example/witness", b"w" * 32)
HEAD = Checkpoint("embassy.example/log", 42, b"\x07" * 32)
AT = datetime(2024, 3, 7, 15, 0, tzinfo=UTC)


def test_a_checkpoint_reads_back_as_it_was_signed() -> None:
    assert verify_checkpoint(sign_checkpoint(HEAD, LOG), LOG.verify_key) == HEAD


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_one_bit_changed_is_refused(place: int, bit: int) -> None:
    raw = bytearray(sign_checkpoint(HEAD, LOG))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises((InputError, VerificationError)):
        verify_checkpoint(bytes(raw), LOG.verify_key)


def test_a_witness_says_when_it_saw_the_head() -> None:
    note = sign_checkpoint(HEAD, LOG)
    note = add_signatures(note, [cosign(note, WITNESS, AT)])
    assert verify_cosignature(note, WITNESS.verify_key) == AT
    assert verify_checkpoint(note, LOG.verify_key) == HEAD


def test_a_cosignature_of_another_head_does_not_count() -> None:
    other = cosign(sign_checkpoint(Checkpoint(HEAD.origin, 43, HEAD.root), LOG), WITNESS, AT)
    with pytest.raises(VerificationError):
        verify_cosignature(add_signatures(sign_checkpoint(HEAD, LOG), [other]), WITNESS.verify_key)


def test_a_log_cannot_sign_for_another_origin() -> None:
    other = sign_checkpoint(Checkpoint("city.example/log", 1, b"\0" * 32), LOG)
    with pytest.raises(VerificationError):
        verify_checkpoint(other, LOG.verify_key)


def test_a_vkey_reads_back_and_a_wrong_id_is_refused() -> None:
    assert read_vkey(write_vkey(LOG.verify_key)) == LOG.verify_key
    assert read_vkey(write_vkey(WITNESS.verify_key, cosigner=True)) == WITNESS.verify_key
    name, key_id, key = write_vkey(LOG.verify_key).split("+", 2)
    with pytest.raises(InputError):
        read_vkey(f"{name}+{'0' * len(key_id)}+{key}")


SIZES = ["4_2", "+42", "-1", "٤٢", " 42 ", "042", "", "1e3", "9" * 20]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_that_python_would_read_but_the_standard_does_not(size: str) -> None:
    with pytest.raises(InputError):
        read_checkpoint(f"origin\n{size}\n{'A' * 43}=\n".encode())


NOTES = {
    "empty": b"",
    "no blank line": b"origin\n1\n\xe2\x80\x94 a AAAAAAA=\n",
    "no signature": b"origin\n1\nroot\n\n",
    "hyphen for dash": b"origin\n1\nroot\n\n- a AAAAAAAA\n",
    "junk in base64": "origin\n1\nroot\n\n— a AAA!AAAA\n".encode(),
    "carriage return": "origin\r\n1\nroot\n\n— a AAAAAAAA\n".encode(),
    "not UTF-8": b"\xff\xfe\n\n\n",
    "over-long": b"a" * 70_000,
}


@pytest.mark.parametrize("raw", NOTES.values(), ids=NOTES.keys())
def test_what_is_no_note_gets_a_clear_error(raw: bytes) -> None:
    with pytest.raises(InputError):
        read_note(raw)


def test_a_root_of_three_bytes_is_refused() -> None:
    with pytest.raises(InputError, match="root hash"):
        read_checkpoint(b"origin\n1\nAAAA\n")
