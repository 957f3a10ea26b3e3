"""One file that proves one thing offline: statements, their places in a log, signed heads, keys."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from enum import StrEnum
from json import dumps
from typing import Any

from msgspec import Struct

from tocsin.errors import InputError, VerificationError
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.statement import load_json

FORMAT = "tocsin-bundle/1"
MAX_BYTES = 16 * 1024 * 1024
MAX_POLICY_BYTES = 256 * 1024
MAX_WITNESSES = 100


class KeyUse(StrEnum):
    """What a key in a bundle or a policy is for."""

    NODE = "node"
    ROLE = "role"
    LOG = "log"
    WITNESS = "witness"


class BundleKey(Struct, frozen=True):
    """A public key with its use; the holder's name is inside the key."""

    use: KeyUse
    key: VerifyKey


class BundleItem(Struct, frozen=True, kw_only=True):
    """One leaf opened: the statement (with what is disclosed of it), its blind, its place and the path to a root."""

    statement: bytes
    blind: bytes
    index: int
    checkpoint: int
    proof: tuple[bytes, ...]


class Bundle(Struct, frozen=True, kw_only=True):
    """All of it, none of it proved yet. `cap` holds CAP messages by hex SHA-256."""

    keys: tuple[BundleKey, ...]
    checkpoints: tuple[bytes, ...]
    items: tuple[BundleItem, ...]
    cap: Mapping[str, bytes]


DeriveFields = Callable[[bytes], Mapping[str, Any]]
"""CAP bytes -> the fields that a warning statement discloses; evidence itself knows bytes only."""


def write_bundle(bundle: Bundle) -> bytes:
    """The one form of this bundle as bytes."""
    value = {
        "format": FORMAT,
        "keys": [{"use": k.use.value, "name": k.key.name, "public": _b64(k.key.public)} for k in bundle.keys],
        "checkpoints": [note.decode("utf-8") for note in bundle.checkpoints],
        "items": [
            {
                "statement": item.statement.decode("ascii"),
                "blind": _b64(item.blind),
                "index": item.index,
                "checkpoint": item.checkpoint,
                "proof": [_b64(one) for one in item.proof],
            }
            for item in bundle.items
        ],
        "cap": {digest: _b64(raw) for digest, raw in bundle.cap.items()},
    }
    return dumps(value, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def read_bundle(raw: bytes) -> Bundle:
    """The bundle in these bytes; VerificationError (step format) unless written again it is byte for byte the same."""
    if len(raw) > MAX_BYTES:
        raise _format(f"{len(raw)} bytes", f"at most {MAX_BYTES}")
    try:
        found = load_json(raw, "bundle")
        if found["format"] != FORMAT:
            raise _format(f"format {found['format']!r}", FORMAT)
        bundle = Bundle(
            keys=tuple(_read_key(one) for one in found["keys"]),
            checkpoints=tuple(note.encode("utf-8") for note in found["checkpoints"]),
            items=tuple(_read_item(one) for one in found["items"]),
            cap={digest: b64decode(one, validate=True) for digest, one in found["cap"].items()},
        )
        again = write_bundle(bundle)
    except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _format(f"bytes that are no bundle ({error})", FORMAT) from None
    if again != raw:
        raise _format("other bytes than Tocsin would write", "the bundle in its one form")
    if not bundle.items:
        raise _format("no item", "at least one")
    return bundle


class Policy(Struct, frozen=True):
    """The keys that the reader trusts, and how many witnesses each head needs."""

    keys: tuple[BundleKey, ...]
    witnesses_needed: int


def read_policy(raw: bytes) -> Policy:
    """The policy in this JSON: keys [{use, name, public}] and witnesses_needed; InputError for anything else."""
    if len(raw) > MAX_POLICY_BYTES:
        raise InputError(f"policy has {len(raw)} bytes, at most {MAX_POLICY_BYTES} expected")
    found = load_json(raw, "policy")
    if not isinstance(found, dict) or set(found) != {"keys", "witnesses_needed"}:
        raise InputError("policy must have keys and witnesses_needed, nothing else")
    needed = found["witnesses_needed"]
    if isinstance(needed, bool) or not isinstance(needed, int) or not 0 <= needed <= MAX_WITNESSES:
        raise InputError(f"policy: witnesses_needed is {str(needed)[:60]}, expected a number up to {MAX_WITNESSES}")
    try:
        return Policy(tuple(_read_key(one) for one in found["keys"]), needed)
    except (InputError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"policy: a key cannot be read: {error}") from None


def _read_key(found: Any) -> BundleKey:
    public = b64decode(found["public"], validate=True)
    if _b64(public) != found["public"]:
        raise InputError(f"key of {found['name']!r} is not base64 in its one form")
    return BundleKey(KeyUse(found["use"]), VerifyKey(found["name"], public))


def _read_item(found: Any) -> BundleItem:
    index, checkpoint = found["index"], found["checkpoint"]
    if type(index) is not int or type(checkpoint) is not int:
        raise InputError("index or checkpoint is no whole number")
    return BundleItem(
        statement=found["statement"].encode("ascii"),
        blind=b64decode(found["blind"], validate=True),
        index=index,
        checkpoint=checkpoint,
        proof=tuple(b64decode(one, validate=True) for one in found["proof"]),
    )


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode("ascii")


def _format(found: str, expected: str) -> VerificationError:
    return VerificationError("format", found=found, expected=expected)
