"""A matter keeps who has it, ranks what nobody has first, and is found again by what its reports share."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.contract.sample import AT, LATER, MATTER, REPORT

from tocsin.desk.records import Matter
from tocsin.desk.stores import Store
from tocsin.errors import NotFoundError


def test_every_field_of_a_matter_comes_back(store: Store) -> None:
    owned = replace(MATTER, imminent=True, asked=2, owner="O-1", owned=LATER, reports=3)
    with store.write() as tx:
        tx.matters.put_matter(MATTER)
        tx.matters.put_matter(owned)
    with store.read() as tx:
        assert tx.matters.matter(MATTER.id) == owned
        with pytest.raises(NotFoundError):
            tx.matters.matter("R-0")
        with pytest.raises(NotFoundError):
            tx.matters.matter_of("R-0")


def test_what_is_imminent_and_nobody_has_comes_first_then_what_most_tell_then_what_came_first(store: Store) -> None:
    def matter(name: str, *, imminent: bool = False, owner: str = "", reports: int = 1, first: datetime = AT) -> Matter:
        return replace(MATTER, id=name, imminent=imminent, owner=owner, reports=reports, first=first)

    wanted = (
        matter("urgent", imminent=True),
        matter("owned", imminent=True, owner="O-1", reports=9),
        matter("told twice", reports=2, first=LATER),
        matter("first", first=AT - timedelta(days=1)),
        matter("last"),
    )
    with store.write() as tx:
        for one in reversed(wanted):
            tx.matters.put_matter(one)
    with store.read() as tx:
        assert tx.matters.ranked(10) == wanted
        assert tx.matters.ranked(2) == wanted[:2]


def test_reports_are_found_by_what_they_share_and_by_nothing_else(store: Store) -> None:
    with store.write() as tx:
        tx.cases.add_report(REPORT)
        tx.matters.put_matter(MATTER)
        tx.matters.join(REPORT.id, MATTER.id, ["a", "b"])
        tx.matters.join("R-2", MATTER.id, ["b"])
    with store.read() as tx:
        assert tx.matters.sharing(["a", "b"], 5) == (REPORT.id, "R-2")
        assert tx.matters.sharing(["a", "b"], 1) == (REPORT.id,)
        assert tx.matters.sharing(["c"], 5) == ()
        assert tx.matters.sharing([], 5) == ()
        assert tx.matters.reports_of(MATTER.id) == (REPORT.id,)
