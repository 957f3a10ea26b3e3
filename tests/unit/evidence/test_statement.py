"""What would break if a statement could be read in two ways."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.window import Entropy
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.statement import (
    peek,
    present,
    sign_disclosable,
    sign_statement,
    verify_presentation,
    verify_statement,
)

KEY = SigningKey.from_seed("embassy.example", b"k" * 32)
OTHER = SigningKey.from_seed("city.example", b"o" * 32)
CLAIMS = {"iss": "embassy.example", "kind": "report", "iat": 1709823600, "jti": "1", "serial": 0}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(min_size=1).filter(lambda k: k not in CLAIMS), values, max_size=4))
def test_what_is_read_is_what_was_signed(more: dict[str, object]) -> None:
    statement = verify_statement(sign_statement({**CLAIMS, **more}, KEY), KEY.verify_key)
    assert dict(statement.claims) == {**CLAIMS, **more}


def test_a_statement_by_another_key_is_refused() -> None:
    with pytest.raises(VerificationError) as caught:
        verify_statement(sign_statement(CLAIMS, KEY), OTHER.verify_key)
    assert caught.value.step == "signature"


def test_a_node_cannot_speak_for_another() -> None:
    with pytest.raises(VerificationError) as caught:
        verify_statement(sign_statement({**CLAIMS, "iss": "city.example"}, KEY), KEY.verify_key)
    assert caught.value.step == "issuer"


def test_a_role_speaks_for_its_node() -> None:
    role = SigningKey.from_seed("embassy.example/officer", b"r" * 32)
    assert verify_statement(sign_statement(CLAIMS, role), role.verify_key).issuer == "embassy.example"


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_one_bit_changed_is_never_the_same_statement(place: int, bit: int) -> None:
    raw = bytearray(sign_statement(CLAIMS, KEY))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises((InputError, VerificationError)):
        verify_statement(bytes(raw), KEY.verify_key)


def part(text: str) -> bytes:
    return urlsafe_b64encode(text.encode()).rstrip(b"=")


HEADER = json.dumps({"alg": "Ed25519", "kid": KEY.verify_key.kid, "typ": "tocsin+jwt"}, separators=(",", ":"))
BODY = json.dumps(CLAIMS, separators=(",", ":"))
SIGNATURE = b"A" * 85 + b"A"

BAD = {
    "empty": b"",
    "two parts": part(HEADER) + b"." + part(BODY),
    "alg none": part(HEADER.replace("Ed25519", "none")) + b"." + part(BODY) + b"." + SIGNATURE,
    "other header": part(HEADER[:-1] + ',"crit":["b64"]}') + b"." + part(BODY) + b"." + SIGNATURE,
    "claims are a list": part(HEADER) + b"." + part("[]") + b"." + SIGNATURE,
    "a claim twice": part(HEADER) + b"." + part(BODY[:-1] + ',"serial":1}') + b"." + SIGNATURE,
    "NaN": part(HEADER) + b"." + part(BODY[:-1] + ',"x":NaN}') + b"." + SIGNATURE,
    "spaces in the JSON": part(HEADER) + b"." + part(BODY.replace(":", ": ")) + b"." + SIGNATURE,
    "no serial": part(HEADER) + b"." + part(BODY.replace("serial", "cereal")) + b"." + SIGNATURE,
    "kind unknown": part(HEADER) + b"." + part(BODY.replace('"report"', '"rumour"')) + b"." + SIGNATURE,
    "not UTF-8": part(HEADER) + b"." + urlsafe_b64encode(b"\xff\xfe") .rstrip(b"=") + b"." + SIGNATURE,
    "nested too deep": part(HEADER) + b"." + part('{"a":' * 50_000) + b"." + SIGNATURE,
    "over-long": b"A" * (1024 * 1024 + 1),
}  # fmt: skip


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_what_is_no_statement_gets_a_clear_error(raw: bytes) -> None:
    with pytest.raises((InputError, VerificationError)):
        verify_statement(raw, KEY.verify_key)
    with pytest.raises((InputError, VerificationError)):
        verify_presentation(raw + b"~", KEY.verify_key)


def test_fields_are_shown_one_by_one_and_the_rest_stays_hidden(entropy: Entropy) -> None:
    made = sign_disclosable(CLAIMS, {"headline": "avoid", "source": "hidden"}, KEY, entropy)
    shown = present(made, ["headline"])
    statement = verify_presentation(shown, KEY.verify_key)
    assert dict(statement.disclosed) == {"headline": "avoid"}
    assert b"hidden" not in shown


def test_a_field_that_was_not_signed_is_refused(entropy: Entropy) -> None:
    made = sign_disclosable(CLAIMS, {"headline": "avoid"}, KEY, entropy)
    forged = sign_disclosable(CLAIMS, {"headline": "stay"}, KEY, entropy)
    raw = made.jws + b"~" + forged.disclosures["headline"].encode() + b"~"
    with pytest.raises(VerificationError) as caught:
        verify_presentation(raw, KEY.verify_key)
    assert caught.value.step == "disclosure"


def test_a_field_shown_twice_is_refused(entropy: Entropy) -> None:
    made = sign_disclosable(CLAIMS, {"headline": "avoid"}, KEY, entropy)
    twice = present(made) + made.disclosures["headline"].encode() + b"~"
    with pytest.raises(VerificationError):
        verify_presentation(twice, KEY.verify_key)


def test_the_number_of_hidden_fields_does_not_show(entropy: Entropy) -> None:
    made = sign_disclosable(CLAIMS, {"headline": "avoid"}, KEY, entropy, decoys=4)
    assert len(verify_presentation(present(made, []), KEY.verify_key).claims["_sd"]) == 5


def test_peeking_gives_a_name_and_nothing_that_could_pass_for_verified() -> None:
    seen = peek(sign_statement(CLAIMS, KEY))
    assert (seen.issuer, seen.kid) == ("embassy.example", KEY.verify_key.kid)
    assert not hasattr(seen, "claims")


@pytest.mark.parametrize("digests", [7, {"a": 1}, [["x"]], "x", None])
def test_signed_digests_that_are_no_list_of_texts_are_refused(digests: object, entropy: Entropy) -> None:
    shown = present(sign_disclosable(CLAIMS, {"area": "Moscow"}, KEY, entropy)).partition(b"~")[2]
    raw = sign_statement({**CLAIMS, "_sd": digests}, KEY) + b"~" + shown
    with pytest.raises((InputError, VerificationError)):
        verify_presentation(raw, KEY.verify_key)
