"""Claims come out of the store as they went in, each once, and its migration makes the table that the code expects."""

import sqlite3
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from msgspec.structs import replace

from tocsin.core.data import read_data, read_text_data
from tocsin.desk.records import KeptClaim
from tocsin.desk.stores import Store
from tocsin.intake.claims import read_claims

AT = datetime(2024, 3, 24, 9, tzinfo=UTC)
CLAIMS = tuple(
    KeptClaim(incident="I-1", report="R-1", number=number, recorded=AT, claim=one)
    for number, one in enumerate(read_claims(read_text_data("demo", "news.txt"), read_data("demo", "claims.json")), 1)
)


def test_a_claim_comes_back_as_it_went_in(store: Store) -> None:
    with store.write() as tx:
        for one in CLAIMS:
            tx.cases.add_claim(one)
    with store.read() as tx:
        assert tx.cases.claims("I-1") == CLAIMS


def test_claims_are_told_in_the_order_in_which_they_were_recorded(store: Store) -> None:
    later = replace(CLAIMS[0], report="R-0", recorded=AT + timedelta(hours=1))
    many = tuple(replace(CLAIMS[0], number=number) for number in range(1, 13))
    with store.write() as tx:
        for one in (later, *reversed(many)):
            tx.cases.add_claim(one)
    with store.read() as tx:
        assert tx.cases.claims("I-1") == (*many, later)


def test_claims_of_another_incident_are_not_told(store: Store) -> None:
    with store.write() as tx:
        tx.cases.add_claim(CLAIMS[0])
    with store.read() as tx:
        assert tx.cases.claims("I-2") == ()


def test_a_claim_is_never_overwritten(store: Store) -> None:
    with store.write() as tx:
        tx.cases.add_claim(CLAIMS[0])
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)), store.write() as tx:
        tx.cases.add_claim(replace(CLAIMS[0], claim=CLAIMS[1].claim))
    with store.read() as tx:
        assert tx.cases.claims("I-1") == CLAIMS[:1]
