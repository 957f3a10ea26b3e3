"""What others wrote is kept once, as it was, and told apart by kind; a ruling is never changed."""

import sqlite3
from datetime import timedelta

import psycopg
import pytest
from msgspec.structs import replace
from tests.contract.sample import AT, FOREIGN_INCIDENT, FOREIGN_WARNING, LATER, RULING

from tocsin.desk.stores import Store
from tocsin.errors import NotFoundError, StateError
from tocsin.review.facets import Verdict

SECOND = replace(FOREIGN_WARNING, id="cap:w.example/2", issued=LATER)
OTHER = replace(FOREIGN_WARNING, id="ua-sirens:x@y", issued=AT + timedelta(microseconds=1))


def test_what_is_here_already_is_not_added_again(store: Store) -> None:
    with store.write() as tx:
        assert tx.review.add_foreign_warnings([FOREIGN_WARNING, SECOND]) == 2
    with store.write() as tx:
        assert tx.review.add_foreign_warnings([SECOND, OTHER, FOREIGN_WARNING]) == 1
        assert tx.review.add_foreign_warnings([]) == 0
    with store.read() as tx:
        assert tx.review.count_imported() == (("warning", "cap", 2), ("warning", "ua-sirens", 1))


def test_other_facts_under_a_known_id_are_refused_and_the_file_with_them(store: Store) -> None:
    with store.write() as tx:
        tx.review.add_incidents([FOREIGN_INCIDENT])
    changed = replace(FOREIGN_INCIDENT, methods=("bombing",))
    with pytest.raises(StateError, match=FOREIGN_INCIDENT.id), store.write() as tx:
        tx.review.add_incidents([replace(FOREIGN_INCIDENT, id="table:2"), changed])
    with store.read() as tx:
        assert tx.review.imported_incident(FOREIGN_INCIDENT.id) == FOREIGN_INCIDENT
        assert tx.review.count_imported() == (("incident", "table", 1),)


def test_what_is_asked_for_by_time_begins_at_the_first_instant_and_ends_before_the_last(store: Store) -> None:
    with store.write() as tx:
        tx.review.add_foreign_warnings([SECOND, OTHER, FOREIGN_WARNING])
    with store.read() as tx:
        assert tx.review.foreign_warnings(AT, LATER) == (FOREIGN_WARNING, OTHER)
        assert tx.review.foreign_warnings(LATER, LATER + timedelta(seconds=1)) == (SECOND,)
        assert tx.review.foreign_warnings(AT, AT) == ()


def test_an_incident_and_a_warning_of_one_id_are_two_things(store: Store) -> None:
    with store.write() as tx:
        tx.review.add_incidents([replace(FOREIGN_INCIDENT, id=FOREIGN_WARNING.id)])
    with store.read() as tx:
        with pytest.raises(NotFoundError):
            tx.review.foreign_warning(FOREIGN_WARNING.id)
        assert tx.review.foreign_warnings(AT, LATER + timedelta(days=99)) == ()


def test_ours_and_theirs_are_never_mixed(store: Store) -> None:
    with store.write() as tx:
        tx.review.add_incidents([FOREIGN_INCIDENT])
        tx.review.add_foreign_warnings([FOREIGN_WARNING])
    with store.read() as tx:
        assert (tx.cases.incidents(), tx.cases.warnings()) == ((), ())


def test_a_ruling_is_never_overwritten(store: Store) -> None:
    with store.write() as tx:
        tx.review.add_ruling(RULING)
        tx.review.add_ruling(replace(RULING, number=2, ruled=Verdict.HIT))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)), store.write() as tx:
        tx.review.add_ruling(replace(RULING, ruled=Verdict.HIT))
    with store.read() as tx:
        assert [(one.number, one.ruled) for one in tx.review.rulings(RULING.incident)] == [
            (1, Verdict.PARTIAL),
            (2, Verdict.HIT),
        ]
        assert tx.review.rulings("I-2") == ()
