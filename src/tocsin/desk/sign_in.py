"""How a person gets in: a one-time link, then name and password, then a session. No password is ever built in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError as WrongPassword
from msgspec.structs import replace

from tocsin.desk.access import May
from tocsin.desk.act import begin, look
from tocsin.desk.house import Credential, CredentialKind, Officer
from tocsin.desk.people import end_credentials, log_person, make_secret, secret_digest
from tocsin.desk.ports import Desk
from tocsin.desk.stores import HouseStore, Transaction
from tocsin.errors import InputError, SignInError
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import peek_claims

SESSION_LASTS = timedelta(hours=12)
LEAST_PASSWORD = 12
MOST_PASSWORD = 256
MOST_WRONG = 10
WRONG_WITHIN = timedelta(minutes=15)
MOST_AT_ONCE = 4
_places = BoundedSemaphore(MOST_AT_ONCE)


def show_link(desk: Desk, link: str) -> str:
    """Name of the person for whom that one-time link is. SignInError if it is used up."""
    with desk.store.read() as tx:
        return _first(tx.house, link, desk.clock.now())[1].name


def set_password(desk: Desk, link: str, password: str) -> str:
    """Use up the one-time link: the password is set, other sessions end, and this gives the first session's secret.

    Raises InputError for a password that is too short, SignInError for a link that is used up.
    """
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise InputError(
            f"password has {len(password)} characters, expected {LEAST_PASSWORD} to {MOST_PASSWORD}",
            hint="a few words that only you would put together",
        )
    with look(desk, May.SIGN_IN) as tx:
        _first(tx.house, link, desk.clock.now())  # a hash takes 64 MiB: none is made for a link that opens nothing
    with _place():
        hashed = _hasher().hash(password)
    with begin(desk, May.SIGN_IN) as act:
        credential, officer = _first(act.tx.house, link, act.at)
        act.tx.house.put_credential(replace(credential, ended=act.at))
        end_credentials(act, officer.id, but=CredentialKind.PROGRAM)
        act.tx.house.put_officer(replace(officer, password=hashed))
        log_person(act, "set_password", officer)
        return make_secret(act, officer, CredentialKind.SESSION, "browser", SESSION_LASTS)


def sign_in(desk: Desk, name: str, password: str) -> str:
    """Gives a session's secret. SignInError, the same for a wrong name and a wrong password, logged without either.

    Tries are bounded twice. For each name, and for all names together that nobody here has: after MOST_WRONG wrong ones
    within WRONG_WITHIN the right password opens nothing either, and no further try is logged, so that a flood fills no
    log. A one-time link and the node's own command line stay open, so nobody can be kept from the desk by a stranger's
    tries. In all: as many at a time as MOST_AT_ONCE, for each takes 64 MiB, which the sender needs.
    """
    with look(desk, May.SIGN_IN) as tx:
        found = next((one for one in tx.house.officers() if one.name == name and one.left is None), None)
        about = found.id if found else "node"
        exhausted = _is_exhausted(tx, about, desk.clock.now())
    known = found is not None and bool(found.password)
    # Compared even where it cannot open: how long the answer takes must not tell which names work here.
    right = _matches(found.password if found and known else _nobody(), password) and known and not exhausted
    if right or not exhausted:
        with begin(desk, May.SIGN_IN) as act:
            if right:
                assert found is not None
                return make_secret(act, found, CredentialKind.SESSION, "browser", SESSION_LASTS)
            act.log(Kind.REFUSED, {"act": "sign_in", "reason": "access"}, subject=about)
    raise SignInError(
        "name or password is wrong, or was wrong too often",
        hint=f"after {MOST_WRONG} wrong tries a name waits {WRONG_WITHIN.seconds // 60} minutes; an administrator can make "
        "you a one-time link at once",
    )


def sign_out(desk: Desk, session: str) -> None:
    """End that session; nothing happens if it has ended."""
    with begin(desk, May.SIGN_IN) as act:
        found = act.tx.house.credential(secret_digest(session))
        if found is not None and found.ended is None:
            act.tx.house.put_credential(replace(found, ended=act.at))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Checked for names that do not exist, so that they take as long as those that do."""
    return _hasher().hash("nobody has this password")


def _matches(hashed: str, password: str) -> bool:
    with _place():
        try:
            _hasher().verify(hashed, password[: MOST_PASSWORD + 1])
        except (WrongPassword, InvalidHashError):
            return False
        return True


@contextmanager
def _place() -> Iterator[None]:
    """Room for one password hash. Nobody waits for it: waiting requests would hold up the rest of the node."""
    if not _places.acquire(blocking=False):
        raise SignInError("too many people sign in at this moment", hint="try again in a few seconds")
    try:
        yield
    finally:
        _places.release()


def _is_exhausted(tx: Transaction, about: str, at: datetime) -> bool:
    """Whether the last MOST_WRONG leaves about that person are wrong tries, all of them recent."""
    last = tx.log.newest_entries(MOST_WRONG, subject=about)
    recent = [one for one in last if one.kind is Kind.REFUSED and one.at > at - WRONG_WITHIN]
    wrong = [one for one in recent if peek_claims(one.statement).get("act") == "sign_in"]
    return len(wrong) == MOST_WRONG


def _first(house: HouseStore, link: str, at: datetime) -> tuple[Credential, Officer]:
    found = house.credential(secret_digest(link))
    officer = house.officer(found.officer) if found else None
    if found is None or officer is None or found.kind is not CredentialKind.FIRST or not found.opens(at):
        raise SignInError("this link is used up or was never made", hint="ask an administrator for a new one")
    return found, officer
