"""Signed statements: JWS with Ed25519 (RFC 9864), and SD-JWT (RFC 9901) where fields may be shown one by one."""

import hashlib
import json
import math
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from tocsin.core.window import Entropy
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.entry import Kind
from tocsin.evidence.signing import SigningKey, VerifyKey

MAX_BYTES = 1024 * 1024
SALT_BYTES = 16
TYPE = "tocsin+jwt"
_KNOWN_HEADER = 512
"""Up to so many bytes a header is remembered: longer ones would fill the memory of a node that is sent many."""
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")


class Unverified(Struct, frozen=True):
    """What a statement claims before anybody checked it: enough to choose the key, no more."""

    kid: str
    issuer: str


class Statement(Struct, frozen=True):
    """A statement whose signature holds. `raw` is the JWS without disclosures, `disclosed` the fields that were shown."""

    raw: bytes
    kid: str
    claims: Mapping[str, Any]
    disclosed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return Kind(self.claims["kind"])

    @property
    def issuer(self) -> str:
        """Name of the node that made it."""
        return str(self.claims["iss"])

    @property
    def at(self) -> datetime:
        """When its issuer says it was made; only a witness can say that it existed by then."""
        return datetime.fromtimestamp(self.claims["iat"], UTC)

    @property
    def serial(self) -> int:
        """Its place in the issuer's log: consecutive, so that none can be left out unseen."""
        return int(self.claims["serial"])

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the JWS: how other statements refer to it."""
        return hashlib.sha256(self.raw).hexdigest()


class Disclosable(Struct, frozen=True):
    """An SD-JWT with all its disclosures, by field name; what is handed on is chosen by `present`."""

    jws: bytes
    disclosures: Mapping[str, str]


def sign_statement(claims: Mapping[str, Any], key: SigningKey) -> bytes:
    """Compact JWS over these claims. No canonical JSON is needed: the bytes as sent are what is signed."""
    header = {"alg": "Ed25519", "kid": key.verify_key.kid, "typ": TYPE}
    signed = f"{_b64(_dump(header))}.{_b64(_dump(claims))}".encode("ascii")
    return signed + b"." + _b64(key.sign(signed)).encode("ascii")


def verify_statement(raw: bytes, key: VerifyKey) -> Statement:
    """The statement, if this key signed it and belongs to the node that it names.

    Raises InputError for what is no statement, VerificationError (steps signature, issuer) for what does not hold.
    """
    return _verify(raw, lambda _kid: key)


def peek(raw: bytes) -> Unverified:
    """Who the statement says it is by, unverified: to choose the key that it is then checked with."""
    kid, claims = _parse(raw.split(b"~", maxsplit=1)[0])
    return Unverified(kid, claims["iss"])


def peek_received(raw: bytes) -> bytes | None:
    """The foreign statement that stands inside this one, unverified; None if there is none."""
    _, claims = _parse(raw)
    found = claims.get("received")
    return found.encode("ascii", "replace") if isinstance(found, str) else None


def peek_claims(raw: bytes) -> Mapping[str, Any]:
    """The open claims, unverified: to show what this node signed itself and kept in its own log."""
    return _parse(raw)[1]


def sign_disclosable(
    claims: Mapping[str, Any], fields: Mapping[str, Any], key: SigningKey, entropy: Entropy, decoys: int = 4
) -> Disclosable:
    """The open claims, and each field behind a salted digest; decoys hide how many fields there are (RFC 9901 4.2)."""
    disclosures = {name: _b64(_dump([_b64(entropy(SALT_BYTES)), name, value])) for name, value in fields.items()}
    digests = [_digest(one) for one in disclosures.values()]
    digests += [_b64(hashlib.sha256(entropy(32)).digest()) for _ in range(decoys)]
    jws = sign_statement({**claims, "_sd": sorted(digests), "_sd_alg": "sha-256"}, key)
    return Disclosable(jws, disclosures)


def present(made: Disclosable, names: Iterable[str] | None = None) -> bytes:
    """The statement with the named fields shown, the others hidden; None shows all. NotFound fields raise InputError."""
    chosen = list(made.disclosures) if names is None else list(names)
    missing = [name for name in chosen if name not in made.disclosures]
    if missing:
        raise InputError(f"statement has no field {missing[0]!r}", hint="fields: " + ", ".join(made.disclosures))
    return b"~".join([made.jws, *(made.disclosures[name].encode("ascii") for name in chosen), b""])


def disclosed_values(disclosures: Mapping[str, str]) -> dict[str, Any]:
    """Name to value of the fields that these disclosures of our own hide from everybody who has them not."""
    return {name: _read_disclosure(one.encode("ascii"))[1] for name, one in disclosures.items()}


def verify_presentation(raw: bytes, key: VerifyKey) -> Statement:
    """A statement with or without disclosures; each one shown must match a digest that was signed.

    Raises as `verify_statement`, and VerificationError (step disclosure) for a field that was not signed.
    """
    return verify_presentation_by(raw, lambda _kid: key)


def verify_presentation_by(raw: bytes, key_of: Callable[[str], VerifyKey]) -> Statement:
    """The same with the key that `key_of` gives for the statement's kid; what it raises is raised."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"statement has {len(raw)} bytes, at most {MAX_BYTES} expected")
    jws, *shown = raw.split(b"~")
    statement = _verify(jws, key_of)
    if not shown:
        return statement
    if shown.pop() != b"":
        raise InputError("presentation does not end with '~'")
    signed = _signed_digests(statement)
    fields: dict[str, Any] = {}
    for disclosure in shown:
        digest = _digest(disclosure.decode("ascii", "replace"))
        if digest not in signed:
            raise VerificationError(
                "disclosure", found="a field that was not signed", expected="one of the signed digests"
            )
        signed.remove(digest)
        name, value = _read_disclosure(disclosure)
        if name in fields or name in statement.claims:
            raise VerificationError("disclosure", found=f"field {name!r} twice", expected="each field once")
        fields[name] = value
    return Statement(jws, statement.kid, statement.claims, fields)


def load_json(raw: bytes, what: str = "input") -> Any:
    """JSON in UTF-8, strict: no duplicate keys, no NaN or infinity, no half of a surrogate pair.

    InputError otherwise, which calls it `what`.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in found}) != len(found):
            raise ValueError("a key stands twice")
        return dict(found)

    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is not JSON")

    def finite(text: str) -> float:
        if math.isinf(value := float(text)):
            raise ValueError(f"{text} is no number that can be computed with")
        return value

    try:
        found = json.loads(raw.decode("utf-8"), object_pairs_hook=pairs, parse_constant=refuse, parse_float=finite)
        if _SURROGATE.search(raw):
            json.dumps(found, ensure_ascii=False).encode("utf-8")  # fails where a half has no other half
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is not JSON in UTF-8: {error}") from None
    return found


def _verify(raw: bytes, key_of: Callable[[str], VerifyKey]) -> Statement:
    kid, claims = _parse(raw)
    key = key_of(kid)
    if kid != key.kid:
        raise VerificationError("signature", found=f"key {kid}", expected=f"key {key.kid}")
    signed, _, signature = raw.rpartition(b".")
    key.verify(signed, _unb64(signature))
    if claims["iss"] != key.node:
        raise VerificationError("issuer", found=str(claims["iss"]), expected=key.node)
    return Statement(raw, kid, claims)


def _parse(raw: bytes) -> tuple[str, dict[str, Any]]:
    """Key and claims, checked for form only."""
    if len(raw) > MAX_BYTES:
        raise InputError(f"statement has {len(raw)} bytes, at most {MAX_BYTES} expected")
    if not _COMPACT.fullmatch(raw):
        raise InputError("statement is not three base64url parts", hint="a compact JWS is expected")
    first, second, signature = raw.split(b".")
    kid = _known_kid(first) if len(first) <= _KNOWN_HEADER else _kid_in(first)
    claims = _read_part(second, "statement")
    _unb64(signature)
    for name, kind in (("iss", str), ("kind", str), ("jti", str), ("iat", int), ("serial", int)):
        if not isinstance(claims.get(name), kind) or isinstance(claims[name], bool):
            raise InputError(f"statement's claim {name!r} is {claims.get(name)!r}, expected {kind.__name__}")
    if claims["kind"] not in set(Kind) or not 0 <= claims["iat"] < 2**35 or claims["serial"] < 0:
        raise InputError(f"statement's kind, iat or serial is out of range: {claims['kind']!r}")
    return kid, claims


def _kid_in(header: bytes) -> str:
    found = _read_part(header, "statement's header")
    kid = found.get("kid")
    if not isinstance(kid, str) or found != {"alg": "Ed25519", "kid": kid, "typ": TYPE}:
        raise InputError(f"statement's header is {found!r}", hint=f"expected alg Ed25519, kid, typ {TYPE}")
    return kid


_known_kid = lru_cache(maxsize=256)(_kid_in)
"""It is the same in all statements by one key."""


def _read_part(text: bytes, what: str) -> dict[str, Any]:
    """An object. Written again and compared: nothing that we would not write is read."""
    raw = _unb64(text)
    found = load_json(raw, what)
    if not isinstance(found, dict):
        raise InputError(f"{what} is no object")
    if _dump(found) != raw:
        raise InputError(f"{what} is not in the form of JSON that Tocsin writes")
    return found


def _signed_digests(statement: Statement) -> set[str]:
    found = statement.claims.get("_sd", [])
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InputError("statement's claim '_sd' is no list of digests")
    return set(found)


def _read_disclosure(raw: bytes) -> tuple[str, Any]:
    found = load_json(_unb64(raw, "disclosure"), "disclosure")
    if not isinstance(found, list) or len(found) != 3 or not isinstance(found[1], str):
        raise InputError("disclosure is not [salt, name, value]")
    if not isinstance(found[0], str) or len(_unb64(found[0].encode("ascii", "replace"), "disclosure")) < SALT_BYTES:
        raise InputError(f"disclosure of {found[1]!r} has a salt under {SALT_BYTES * 8} bits")
    return found[1], found[2]


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")


def _digest(disclosure: str) -> str:
    return _b64(hashlib.sha256(disclosure.encode("ascii", "replace")).digest())


def _b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unb64(text: bytes, what: str = "statement") -> bytes:
    """Strict base64url without padding: written again it must be the same text."""
    try:
        raw = urlsafe_b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        raise InputError(f"{what}'s base64url is broken") from None
    if _b64(raw).encode("ascii") != text:
        raise InputError(f"{what}'s base64url is not in its one form")
    return raw
