"""Another process at a store: `python -m tests.faults.hand append|send|hold PLACE [NAME]`, told what to do by a test."""

import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace
from tests.contract.sample import AT, SEAL

from tocsin.adapters.store.postgresql import PostgresqlStore
from tocsin.adapters.store.sqlite import SqliteStore
from tocsin.desk.records import MailState
from tocsin.desk.stores import Store
from tocsin.evidence.entry import Entry, Kind

APPENDED = 60


def open_place(place: str) -> Store:
    """The store at that URL or in that file."""
    return PostgresqlStore(place, SEAL) if place.startswith("postgresql://") else SqliteStore(Path(place), SEAL)


def append(store: Store, name: str) -> None:
    """Add leaves to the log, one transaction each, every serial read before it is used."""
    for n in range(APPENDED):
        with store.write() as tx:
            entry = Entry(f"{tx.log.size()} {name} {n}".encode(), bytes(32))
            tx.log.append(entry, kind=Kind.ACT, at=AT, subject=name, disclosures={})


def send(store: Store) -> None:
    """Claim and settle until nothing is left; prints each key that this process sent."""
    while True:
        with store.write() as tx:
            batch = tx.outbox.claim_mail(AT, 7)
        if not batch:
            return
        for one in batch:
            print(one.key, flush=True)
        with store.write() as tx:
            tx.outbox.settle_mail([replace(one, state=MailState.HANDED_OVER, at=AT) for one in batch])


def hold(store: Store) -> None:
    """Claim all there is, print the keys on one line, and wait to be killed."""
    with store.write() as tx:
        batch = tx.outbox.claim_mail(AT, 1000)
    print(*(one.key for one in batch), flush=True)
    sys.stdin.read()


def main(words: Sequence[str]) -> None:
    """Do what the words say, after a line on stdin: all hands start together."""
    act, place, *rest = words
    store = open_place(place)
    print("ready", flush=True)
    sys.stdin.readline()
    if act == "append":
        append(store, rest[0])
    elif act == "send":
        send(store)
    else:
        hold(store)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
