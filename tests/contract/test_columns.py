"""A record that was kept is the same record when it is read, whatever stands in its fields; a new kind of field is noticed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from tocsin.adapters.store.columns import AS_IT_IS, Columns, expanded, put
from tocsin.core.area import Point
from tocsin.desk.house import Role
from tocsin.desk.records import MailState


class Everything(Struct, frozen=True, kw_only=True):
    """One field of each kind that a record of the desk has."""

    text: str
    number: int
    raw: bytes
    truth: bool
    at: datetime
    span: timedelta
    state: MailState
    names: tuple[str, ...]
    roles: frozenset[Role]
    order: Mapping[str, Any]
    point: Point
    ended: datetime | None
    left: bytes | None


EVERYTHING = Columns(Everything)

instants = st.datetimes(timezones=st.just(UTC))
plain = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one, max_size=3))
records = st.builds(
    Everything,
    text=st.text(),
    number=st.integers(),
    raw=st.binary(),
    truth=st.booleans(),
    at=instants,
    span=st.timedeltas(),
    state=st.sampled_from(MailState),
    names=st.lists(st.text(), max_size=3).map(tuple),
    roles=st.frozensets(st.sampled_from(Role)),
    order=st.dictionaries(st.text(), plain, max_size=3),
    point=st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)),
    ended=st.none() | instants,
    left=st.none() | st.binary(),
)


@given(records)
def test_a_record_read_from_its_row_is_the_same_record(record: Everything) -> None:
    cells = EVERYTHING.cells(record)
    assert {type(cell) for cell in cells.values()} <= {str, int, bytes, bool, type(None)}
    assert EVERYTHING.record([cells[name] for name in EVERYTHING.names]) == record


def test_instants_keep_every_microsecond_and_are_utc() -> None:
    class One(Struct, frozen=True):
        at: datetime

    columns = Columns(One)
    for at in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)):
        found = columns.record(list(columns.cells(One(at)).values()))
        assert (found.at, found.at.tzinfo) == (at, UTC)


def test_a_row_with_too_few_columns_is_never_read_as_a_record() -> None:
    with pytest.raises(ValueError, match="zip"):
        EVERYTHING.record(["text", 1])


def test_a_word_that_is_none_of_a_closed_set_is_not_read() -> None:
    class One(Struct, frozen=True):
        state: MailState

    with pytest.raises(ValueError, match="'lost' is not a valid MailState"):
        Columns(One).record(["lost"])


def test_a_field_of_a_kind_that_no_column_holds_is_refused_before_anything_is_kept() -> None:
    class One(Struct, frozen=True):
        share: float

    with pytest.raises(TypeError, match="no column holds"):
        Columns(One)
    assert Columns(One, share=AS_IT_IS).names == ("share",)


def test_an_upsert_changes_every_column_but_the_key() -> None:
    assert put("timer", ("due", "kind", "key"), key=("kind", "key")) == (
        'INSERT INTO timer (due, kind, "key") VALUES (:due, :kind, :key)'
        ' ON CONFLICT (kind, "key") DO UPDATE SET due = excluded.due'
    )


def test_a_list_stands_in_a_statement_as_places_never_as_values() -> None:
    statement, values = expanded("WHERE kind IN (:kinds) AND kinds = :kinds_of", kinds=["a", "'b'"])
    assert statement == "WHERE kind IN (:kinds_0, :kinds_1) AND kinds = :kinds_of"
    assert values == {"kinds_0": "a", "kinds_1": "'b'"}
    with pytest.raises(AssertionError):
        expanded("WHERE kind IN (:kinds)", kinds=[])
