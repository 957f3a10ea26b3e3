"""Proves a bundle step by step; only this makes a VerifiedBundle."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from tocsin.core.window import write_instant
from tocsin.errors import InputError, VerificationError
from tocsin.evidence.bundle import Bundle, BundleKey, DeriveFields, KeyUse, Policy
from tocsin.evidence.checkpoint import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    key_id,
    read_checkpoint,
    read_note,
    verify_checkpoint,
    verify_cosignature,
)
from tocsin.evidence.entry import Entry, Kind
from tocsin.evidence.receipt import Answer, Grade, read_answer
from tocsin.evidence.signing import VerifyKey
from tocsin.evidence.statement import Statement, verify_presentation_by
from tocsin.evidence.tree import verify_inclusion

STEPS = ("format", "keys", "checkpoint", "witness", "inclusion", "statement", "received", "cap", "links", "trust")
_ONLY_HERE = object()


class Proved(Struct, frozen=True, kw_only=True):
    """One thing that holds, in a sentence; by whom it was signed, when it says so, and how far it reaches."""

    text: str
    by: str
    at: datetime
    grade: Grade


class KeyTrust(Struct, frozen=True):
    """A key that was used, and whether the reader's policy knows it or only the bundle states it."""

    name: str
    fingerprint: str
    trust: str


class VerifiedBundle(Struct, frozen=True, kw_only=True):
    """What a bundle proves and what it does not. Made by verify_bundle alone."""

    proved: tuple[Proved, ...]
    not_proved: tuple[str, ...]
    keys: tuple[KeyTrust, ...]
    token: object

    def __post_init__(self) -> None:
        if self.token is not _ONLY_HERE:
            raise TypeError("a VerifiedBundle comes from verify_bundle only")


class _Head(Struct, frozen=True):
    checkpoint: Checkpoint
    witnesses: tuple[tuple[str, datetime], ...]


class _Keys:
    """The keys of a bundle; remembers which ones a step has used."""

    def __init__(self, keys: tuple[BundleKey, ...]) -> None:
        self._keys = keys
        self.used: set[BundleKey] = set()
        if len(set(keys)) != len(keys):
            raise VerificationError("keys", found="a key that stands twice", expected="each key once")

    def of(self, use: KeyUse) -> Iterator[BundleKey]:
        return (one for one in self._keys if one.use is use)

    def take(self, one: BundleKey) -> VerifyKey:
        self.used.add(one)
        return one.key

    def by_kid(self, kid: str) -> VerifyKey:
        for one in self._keys:
            if one.use in {KeyUse.NODE, KeyUse.ROLE} and one.key.kid == kid:
                if (one.use is KeyUse.ROLE) is not ("/" in one.key.name):
                    raise VerificationError("keys", found=f"{one.key.name} as {one.use.value}", expected="its own use")
                return self.take(one)
        raise VerificationError("keys", found=f"no key {kid}", expected="the key that the statement names")

    def check_all_used(self) -> None:
        for one in self._keys:
            if one not in self.used:
                raise VerificationError(
                    "keys", found=f"{one.key.name}, which nothing needs", expected="only keys in use"
                )


def verify_bundle(bundle: Bundle, *, derive_fields: DeriveFields, policy: Policy | None = None) -> VerifiedBundle:
    """Prove every byte of the bundle; VerificationError names the first step that does not hold.

    Without a policy the bundle's own keys are used, and `not_proved` says that nobody compared them.
    """
    keys = _Keys(bundle.keys)
    # 1-4. heads: signed by their log, cosigned by witnesses
    heads = [_verify_head(note, keys) for note in bundle.checkpoints]
    # 5-7. items: in the log, signed by the log's node; what they carry signed by whoever it names
    proved: list[Proved] = []
    statements: list[Statement] = []
    received: list[Statement] = []
    for item in bundle.items:
        if not 0 <= item.checkpoint < len(heads):
            raise VerificationError("inclusion", found=f"checkpoint {item.checkpoint}", expected=f"one of {len(heads)}")
        head = heads[item.checkpoint]
        statement = _verify_item(item.statement, item.blind, item.index, item.proof, head, keys)
        statements.append(statement)
        proved.append(_say_logged(statement, item.index, head))
        if isinstance(statement.claims.get("received"), str):
            foreign = _verify_received(statement, keys)
            received.append(foreign)
            proved.append(_say_received(foreign))
    for number in range(len(heads)):
        if all(item.checkpoint != number for item in bundle.items):
            raise VerificationError(
                "checkpoint", found=f"checkpoint {number}, which nothing needs", expected="only those in use"
            )
    # 8. the words are those of the CAP message
    _check_cap(bundle, [*statements, *received], derive_fields)
    # 9. receipts answer what is here
    missing = _check_links(statements, received)
    keys.check_all_used()
    # 10. the reader's own keys
    _check_policy(keys, heads, policy)
    trusted = set(policy.keys) if policy else set()
    return VerifiedBundle(
        proved=(*(p for head in heads for p in _say_witnessed(head)), *proved),
        not_proved=_say_not_proved(heads, received, missing, policy),
        keys=tuple(
            KeyTrust(one.key.name, one.key.fingerprint, "policy" if one in trusted else "stated") for one in bundle.keys
        ),
        token=_ONLY_HERE,
    )


def _verify_head(raw: bytes, keys: _Keys) -> _Head:
    try:
        note = read_note(raw)
        claimed = read_checkpoint(note.text)
        log = next((one for one in keys.of(KeyUse.LOG) if one.key.name == claimed.origin), None)
        if log is None:
            raise VerificationError("keys", found=f"no key of log {claimed.origin}", expected="the key of that log")
        checkpoint = verify_checkpoint(raw, keys.take(log))
        known = {(log.key.name, key_id(log.key, ED25519))}
        witnesses = []
        for one in keys.of(KeyUse.WITNESS):
            if any(s.name == one.key.name for s in note.signatures):
                witnesses.append((one.key.name, verify_cosignature(raw, keys.take(one))))
                known.add((one.key.name, key_id(one.key, COSIGNATURE)))
    except InputError as error:
        raise VerificationError("checkpoint", found=str(error), expected="a signed tree head") from None
    for line in note.signatures:
        if (line.name, line.key_id) not in known:
            raise VerificationError(
                "witness", found=f"a signature by {line.name} that no key fits", expected="only proved ones"
            )
    return _Head(checkpoint, tuple(witnesses))


def _verify_item(raw: bytes, blind: bytes, index: int, proof: tuple[bytes, ...], head: _Head, keys: _Keys) -> Statement:
    statement = _verify_statement("statement", raw, keys)
    node = head.checkpoint.origin.split("/", maxsplit=1)[0]
    if statement.issuer != node:
        raise VerificationError("statement", found=f"issuer {statement.issuer}", expected=f"the log's own node, {node}")
    if statement.serial != index:
        raise VerificationError(
            "statement", found=f"serial {statement.serial}", expected=f"its place in the log, {index}"
        )
    try:
        leaf = Entry(statement.raw, blind).leaf_hash
    except InputError as error:
        raise VerificationError("inclusion", found=str(error), expected="the blind of that leaf") from None
    verify_inclusion(leaf, index, head.checkpoint.size, proof, head.checkpoint.root)
    return statement


def _verify_received(outer: Statement, keys: _Keys) -> Statement:
    return _verify_statement("received", outer.claims["received"].encode("utf-8"), keys)


def _verify_statement(step: str, raw: bytes, keys: _Keys) -> Statement:
    try:
        return verify_presentation_by(raw, keys.by_kid)
    except InputError as error:
        raise VerificationError(step, found=str(error), expected="a signed statement") from None
    except VerificationError as error:
        if error.step in STEPS:
            raise
        raise VerificationError(step, found=f"{error.step}: {error.found}", expected=error.expected) from None


def _check_cap(bundle: Bundle, statements: list[Statement], derive_fields: DeriveFields) -> None:
    warnings = [one for one in statements if one.kind is Kind.WARNING]
    for digest, raw in bundle.cap.items():
        found = hashlib.sha256(raw).hexdigest()
        if found != digest:
            raise VerificationError("cap", found=f"SHA-256 {found[:16]}…", expected=f"{digest[:16]}…")
        tied = [one for one in warnings if one.claims.get("cap_sha256") == digest]
        if not tied:
            raise VerificationError("cap", found="a CAP message that no statement names", expected="only those in use")
        try:
            fields = derive_fields(raw)
        except InputError as error:
            raise VerificationError("cap", found=str(error), expected="a CAP message") from None
        for statement in tied:
            for name, value in statement.disclosed.items():
                if fields.get(name) != value:
                    raise VerificationError("cap", found=f"field {name} differs", expected="what the CAP message says")


def _check_links(statements: list[Statement], received: list[Statement]) -> tuple[str, ...]:
    """Receipts refer to warnings and envelopes by hash. Gives sentences on those whose other half is not here."""
    warnings = {one.digest for one in (*statements, *received) if one.kind is Kind.WARNING}
    envelopes = {
        str(one.claims.get("envelope")): str(one.claims.get("warning"))
        for one in statements
        if one.kind is Kind.ENVELOPE
    }
    unknown = "which warning the envelope carried: its statement is not in this file"
    missing = [unknown for digest in envelopes.values() if digest not in warnings]
    for one in received:
        if "answer" not in one.claims:
            continue
        try:
            receipt = read_answer(one)
        except InputError as error:
            raise VerificationError("links", found=str(error), expected="an answer") from None
        if receipt.envelope and receipt.envelope not in envelopes:
            missing.append(f"what was in the envelope that {receipt.issuer} answered: it is not in this file")
        if receipt.warning and receipt.warning not in warnings:
            missing.append(f"which words {receipt.issuer} answered: that statement is not in this file")
    return tuple(dict.fromkeys(missing))


def _check_policy(keys: _Keys, heads: list[_Head], policy: Policy | None) -> None:
    if policy is None:
        return
    for one in sorted(keys.used, key=lambda key: key.key.name):
        if one not in policy.keys:
            raise VerificationError("trust", found=f"{one.key.kid} as {one.use.value}", expected="a key of the policy")
    for head in heads:
        if len(head.witnesses) < policy.witnesses_needed:
            raise VerificationError(
                "trust", found=f"{len(head.witnesses)} witnesses", expected=f"at least {policy.witnesses_needed}"
            )


def _say_witnessed(head: _Head) -> list[Proved]:
    log, size = head.checkpoint.origin, head.checkpoint.size
    return [
        Proved(
            text=f"{name} signed at {write_instant(at)} that {log} had {size} entries with this root",
            by=name,
            at=at,
            grade=Grade.E1,
        )
        for name, at in head.witnesses
    ]


def _say_logged(statement: Statement, index: int, head: _Head) -> Proved:
    claims: dict[str, Any] = dict(statement.claims)
    what = {
        Kind.WARNING: f"warning {claims.get('warning')}, {claims.get('audience')} version {claims.get('version')}",
        Kind.ENVELOPE: f"the sealed envelope {str(claims.get('envelope'))[:16]}… for {claims.get('aud')}",
        Kind.STATE: f"that warning {claims.get('warning')} {_BECAME.get(str(claims.get('state')), 'changed state')}",
    }.get(statement.kind, f"a statement of kind {statement.kind.value}")
    place = f"as entry {index} of {head.checkpoint.size}"
    return Proved(
        text=f"{statement.issuer} logged {what} {place}, dated {write_instant(statement.at)}",
        by=statement.kid,
        at=statement.at,
        grade=Grade.E1 if head.witnesses else Grade.E0,
    )


_BECAME = {"live": "was issued", "on_watch": "went on watch", "closed": "was closed"}


def _say_received(statement: Statement) -> Proved:
    claims = statement.claims
    if claims.get("answer") in set(Answer):
        answer = Answer(claims["answer"])
        reason = f": {claims['reason']}" if isinstance(claims.get("reason"), str) and claims["reason"] else ""
        text = f"{statement.kid.split('#', maxsplit=1)[0]} signed “{answer.value}{reason}” at {write_instant(statement.at)}"
        return Proved(text=text, by=statement.kid, at=statement.at, grade=answer.grade)
    text = f"{statement.issuer} signed a statement of kind {statement.kind.value} at {write_instant(statement.at)}"
    return Proved(text=text, by=statement.kid, at=statement.at, grade=Grade.E3)


def _say_not_proved(
    heads: list[_Head], received: list[Statement], missing: tuple[str, ...], policy: Policy | None
) -> tuple[str, ...]:
    answers = [Answer(one.claims["answer"]) for one in received if one.claims.get("answer") in set(Answer)]
    said: list[str] = []
    if any("practice" in head.checkpoint.origin.split("/") for head in heads):
        said.append("that anybody was warned of anything: this is an exercise, signed with keys of practice nodes")
    if policy is None:
        said.append("that the keys belong to whom they name: they are this file's own and were not compared")
    if any(not head.witnesses for head in heads):
        said.append("that it existed at its date: no witness signed one of the heads")
    if not any(not answer.by_machine for answer in answers):
        said.append("that anybody read it")
    if Answer.ACKNOWLEDGED not in answers and Answer.ACTED not in answers:
        said.append("that anybody acknowledged it or acted on it")
    said.append("that anybody understood it")
    return (*said, *missing)
