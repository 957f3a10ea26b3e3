"""What would break if another library read or wrote our statements in another way: held against joserfc."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import SigningKey
from tocsin.evidence.statement import TYPE, sign_statement, verify_statement

SEED = b"k" * 32
KEY = SigningKey.from_seed("embassy.example", SEED)
THEIRS = OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(SEED))
ED25519 = JWSRegistry(algorithms=["Ed25519"])
CLAIMS = {"iss": "embassy.example", "kind": "report", "iat": 1709823600, "jti": "1", "serial": 0}

words = st.dictionaries(st.text(min_size=1).filter(lambda key: key not in CLAIMS), st.text(), max_size=4)


@given(words)
def test_another_library_reads_what_we_sign(more: dict[str, str]) -> None:
    found = jws.deserialize_compact(sign_statement({**CLAIMS, **more}, KEY), THEIRS, registry=ED25519)
    assert json.loads(found.payload) == {**CLAIMS, **more}
    assert found.protected == {"alg": "Ed25519", "kid": KEY.verify_key.kid, "typ": TYPE}


@given(words)
def test_another_library_signs_the_very_bytes_that_we_sign(more: dict[str, str]) -> None:
    payload = json.dumps({**CLAIMS, **more}, ensure_ascii=False, separators=(",", ":")).encode()
    header = {"alg": "Ed25519", "kid": KEY.verify_key.kid, "typ": TYPE}
    theirs = jws.serialize_compact(header, payload, THEIRS, registry=ED25519).encode()
    assert theirs == sign_statement({**CLAIMS, **more}, KEY)
    assert verify_statement(theirs, KEY.verify_key).claims == {**CLAIMS, **more}


@given(st.integers(0, 10_000), st.integers(0, 7))
def test_what_another_library_refuses_we_refuse(place: int, bit: int) -> None:
    raw = bytearray(sign_statement(CLAIMS, KEY))
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(bytes(raw), THEIRS, registry=ED25519)
    with pytest.raises((InputError, VerificationError)):
        verify_statement(bytes(raw), KEY.verify_key)
