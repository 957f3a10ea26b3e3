"""Who works at this desk: officers, their roles, and the tokens of their programs."""

import hashlib
from base64 import b32encode
from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from tocsin.core.expression import Expression
from tocsin.core.window import write_instant
from tocsin.desk.access import May
from tocsin.desk.act import Act, Outcome, begin, look
from tocsin.desk.house import Credential, CredentialKind, Officer, Role
from tocsin.desk.ports import Desk
from tocsin.desk.stores import HouseStore
from tocsin.errors import InputError, NotFoundError, SignInError, StateError
from tocsin.evidence.entry import Kind

FIRST_LASTS = timedelta(days=2)
TOKEN_LASTS = timedelta(days=365)
_NAME = Expression(r"[a-z0-9][a-z0-9.-]{0,63}")


def add_officer(desk: Desk, name: str, roles: Iterable[str], *, address: str = "", once: str = "") -> Outcome:
    """Add somebody, or take back somebody who left: the same name is the same person. Gives their one-time link.

    Raises InputError for a name or role that is not one, StateError if that name works here already.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"name {name!r} is not one that --as takes", hint="small letters, digits, '.' and '-'")
    if address and ("@" not in address or any(c.isspace() or c in ",<>" for c in address)):
        raise InputError(f"address of {name} is not an e-mail address")
    wanted = _roles(roles)
    with begin(desk, May.MANAGE_PEOPLE, once) as act:
        if act.earlier is not None:
            return act.earlier
        known = next((one for one in act.tx.house.officers() if one.name == name), None)
        if known is not None and known.left is None:
            raise StateError(f"{name} works here already", hint="change roles with `tocsin officer role`")
        if not act.tx.house.officers() and Role.ADMINISTRATOR not in wanted:
            raise StateError("the first officer must be an administrator", hint="--role administrator")
        officer = Officer(
            id=known.id if known else f"P-{act.tx.cases.next_number('officer')}",
            name=name,
            address=address,
            roles=wanted,
            password="",
            since=act.at,
        )
        act.tx.house.put_officer(officer)
        log_person(act, "add_officer", officer)
        link = make_secret(act, officer, CredentialKind.FIRST, "sign-in", FIRST_LASTS)
        return {**officer_as_json(officer), "link": f"{desk.settings.url}/first/{link}"}


def set_roles(desk: Desk, name: str, roles: Iterable[str], *, once: str = "") -> Outcome:
    """Give somebody these roles and no others. StateError if that would leave nobody who manages people."""
    wanted = _roles(roles)
    with begin(desk, May.MANAGE_PEOPLE, once) as act:
        if act.earlier is not None:
            return act.earlier
        changed = replace(working_officer(act.tx.house, name), roles=wanted)
        _check_administrators(act, changed)
        act.tx.house.put_officer(changed)
        log_person(act, "set_roles", changed)
        return act.result(officer_as_json(changed))


def retire_officer(desk: Desk, name: str, *, once: str = "") -> Outcome:
    """Somebody leaves: every session and token ends at once, the address is erased. What they did stays under their id."""
    with begin(desk, May.MANAGE_PEOPLE, once) as act:
        if act.earlier is not None:
            return act.earlier
        gone = replace(working_officer(act.tx.house, name), roles=frozenset(), address="", password="", left=act.at)
        _check_administrators(act, gone)
        act.tx.house.put_officer(gone)
        end_credentials(act, gone.id)
        log_person(act, "retire_officer", gone)
        return act.result(officer_as_json(gone))


def make_link(desk: Desk, name: str) -> Outcome:
    """A new one-time link for somebody who lost theirs or forgot their password. All their sessions end."""
    with begin(desk, May.MANAGE_PEOPLE) as act:
        officer = working_officer(act.tx.house, name)
        end_credentials(act, officer.id, but=CredentialKind.PROGRAM)
        log_person(act, "make_link", officer)
        link = make_secret(act, officer, CredentialKind.FIRST, "sign-in", FIRST_LASTS)
        return {**officer_as_json(officer), "link": f"{desk.settings.url}/first/{link}"}


def add_token(desk: Desk, name: str, label: str, *, lasts: timedelta = TOKEN_LASTS) -> Outcome:
    """A token with which a program acts as that person. It is shown once; only its SHA-256 is kept."""
    if not label.strip():
        raise InputError("a token needs a label", hint="say which program will use it")
    with begin(desk, May.MANAGE_PEOPLE) as act:
        officer = working_officer(act.tx.house, name)
        secret = make_secret(act, officer, CredentialKind.PROGRAM, label, lasts)
        log_person(act, "add_token", officer)
        return {"name": name, "label": label, "token": secret, "expires": write_instant(act.at + lasts)}


def revoke_token(desk: Desk, name: str, label: str) -> Outcome:
    """End every token of that person with that label. NotFoundError if there is none."""
    with begin(desk, May.MANAGE_PEOPLE) as act:
        officer = working_officer(act.tx.house, name)
        ended = [
            one
            for one in act.tx.house.credentials(officer.id)
            if one.kind is CredentialKind.PROGRAM and one.label == label and one.opens(act.at)
        ]
        if not ended:
            raise NotFoundError(f"{name} has no token {label!r}", hint="see `tocsin officer list`")
        for one in ended:
            act.tx.house.put_credential(replace(one, ended=act.at))
        log_person(act, "revoke_token", officer)
        return {"name": name, "label": label, "revoked": len(ended)}


def list_officers(desk: Desk) -> list[Outcome]:
    """Everybody, by name, with the labels of their tokens."""
    with look(desk, May.LOOK_AT_PEOPLE) as tx:
        now = desk.clock.now()
        return [
            officer_as_json(one)
            | {
                "tokens": [
                    c.label for c in tx.house.credentials(one.id) if c.kind is CredentialKind.PROGRAM and c.opens(now)
                ]
            }
            for one in tx.house.officers()
        ]


def officer_named(desk: Desk, name: str) -> Officer:
    """The officer of that name who works here. NotFoundError if there is none."""
    with desk.store.read() as tx:
        return working_officer(tx.house, name)


def desk_of(desk: Desk, secret: str, kind: CredentialKind) -> Desk:
    """The desk with whoever holds that session or token at it. SignInError if it opens nothing any more."""
    with desk.store.read() as tx:
        found = tx.house.credential(secret_digest(secret))
    if found is None or found.kind is not kind or not found.opens(desk.clock.now()):
        raise SignInError(f"this {kind.value} opens nothing here", hint="sign in again, or ask an administrator")
    return desk.acting(found.officer, kind.value)


def officer_as_json(officer: Officer) -> Outcome:
    """One officer as the CLI and the API show them: no address, no password."""
    return {
        "officer": officer.id,
        "name": officer.name,
        "roles": sorted(officer.roles),
        "since": write_instant(officer.since),
        "left": write_instant(officer.left) if officer.left else None,
    }


def _roles(roles: Iterable[str]) -> frozenset[Role]:
    found = set()
    for one in roles:
        try:
            found.add(Role(one))
        except ValueError:
            raise InputError(f"role {one!r} is not known", hint="one of " + ", ".join(Role)) from None
    if not found:
        raise InputError("no role is given", hint="one of " + ", ".join(Role))
    return frozenset(found)


def working_officer(house: HouseStore, name: str) -> Officer:
    """Who works here by that name. NotFoundError if nobody does."""
    found = next((one for one in house.officers() if one.name == name and one.left is None), None)
    if found is None:
        raise NotFoundError(f"nobody named {name!r} works here", hint="see `tocsin officer list`")
    return found


def _check_administrators(act: Act, changed: Officer) -> None:
    others = (one for one in act.tx.house.officers() if one.id != changed.id and one.left is None)
    if Role.ADMINISTRATOR not in changed.roles and not any(Role.ADMINISTRATOR in one.roles for one in others):
        raise StateError(f"{changed.name} is the last administrator", hint="make another one first")


def make_secret(act: Act, officer: Officer, kind: CredentialKind, label: str, lasts: timedelta) -> str:
    """A new credential of that officer; gives its secret, 160 bits in base 32, which is kept nowhere."""
    secret = b32encode(act.desk.entropy(20)).decode().lower()
    act.tx.house.put_credential(
        Credential(
            digest=secret_digest(secret),
            officer=officer.id,
            kind=kind,
            label=label,
            created=act.at,
            expires=act.at + lasts,
        )
    )
    return secret


def end_credentials(act: Act, officer: str, but: CredentialKind | None = None) -> None:
    """Nothing that the officer held works any more, `but` those of one kind."""
    for one in act.tx.house.credentials(officer):
        if one.opens(act.at) and one.kind is not but:
            act.tx.house.put_credential(replace(one, ended=act.at))


def secret_digest(secret: str) -> str:
    """What the store keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def log_person(act: Act, what: str, officer: Officer) -> None:
    """One leaf about an officer. Id and roles only: the log carries no name."""
    act.log(Kind.ACT, {"act": what, "officer": officer.id, "roles": sorted(officer.roles)}, subject=officer.id)
