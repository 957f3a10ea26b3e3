"""Four eyes: on a live node nobody releases their own draft; what somebody did stays theirs (LESSONS L47)."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.walks.conftest import VENUES, World, named, staff
from tests.walks.leaves import read_claims, read_leaves

from tocsin.core.data import read_data, read_text_data
from tocsin.desk import (
    drafts,
    people,
    register,
    report,
    show,
    warn,
)
from tocsin.desk.house import Role
from tocsin.desk.order import order_from_json
from tocsin.desk.ports import Desk
from tocsin.errors import AccessError, PolicyError, StateError
from tocsin.evidence.entry import Kind
from tocsin.node import make_node, open_node

ORDER = dict(read_data("demo", "order.json")) | {"peers": []}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "draft", "release", "alone", "issue"]),
        st.sampled_from(["one", "two"]),
        st.sets(st.sampled_from([role.value for role in Role]), min_size=1),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    folder = tmp_path_factory.mktemp("live") / "live.example"
    make_node(folder, {"name": "live.example", "zone": "Europe/Moscow"})
    desk = staff(open_node(folder).desk)
    register.import_register(desk.desk, "venues", VENUES.encode())
    for name in ("one", "two"):
        people.add_officer(named(desk.node, "administrator"), name, ["officer"])
    today = desk.node.clock.now()
    text = read_text_data("demo", "report.txt").replace("March 7, 2024", f"{today:%B} {today.day}, {today.year}")
    raw = text.encode()
    known = report.submit_report(desk.desk, raw)["report"]
    yield desk.node, report.determine_duty(desk.desk, known, reliability="B", credibility=2)["determination"]
    desk.node.store.close()


@given(steps=STEPS)
def test_on_a_live_node_no_role_and_no_order_of_grants_releases_ones_own_draft(
    live: tuple[Desk, str], steps: list[tuple[str, str, set[str]]]
) -> None:
    node, determination = live
    order = ORDER | {"determination": determination}
    waiting = ""
    for what, name, roles in steps:
        desk = named(node, name)
        try:
            if what == "grant":
                people.set_roles(named(node, "administrator"), name, roles)
            elif what == "draft":
                waiting = drafts.draft_warning(desk, order)["draft"]
            elif what == "issue":
                warn.issue_warning(desk, order_from_json(order))
            elif waiting:
                (drafts.release_draft if what == "release" else drafts.release_alone)(desk, waiting)
        except (PolicyError, StateError):
            continue
    with node.store.read() as tx:
        issued = [read_claims(one.statement) for one in tx.log.entries(kind=Kind.STATE)]
    assert all(one["drafted_by"] != one["released_by"] for one in issued)


def test_on_a_live_node_another_person_releases(live: tuple[Desk, str]) -> None:
    node, determination = live
    draft = drafts.draft_warning(named(node, "officer"), ORDER | {"determination": determination})
    with pytest.raises(PolicyError, match="nobody releases their own draft"):
        warn.issue_warning(named(node, "officer"), order_from_json(ORDER | {"determination": determination}))
    assert drafts.release_draft(named(node, "releaser"), draft["draft"])["issued"] is True


def test_on_a_practice_node_one_person_may_play_both(world: World) -> None:
    administrator = named(world.embassy.node, "administrator")
    people.set_roles(administrator, "officer", ["officer", "releaser"])
    draft = drafts.draft_warning(world.embassy.desk, world.order())["draft"]
    assert drafts.release_draft(world.embassy.desk, draft)["issued"] is True
    world.embassy.letters.clear()
    world.settle()
    world.embassy.letters.clear()


def test_what_somebody_did_stays_theirs_when_they_left_and_their_name_is_in_no_leaf(world: World) -> None:
    draft: dict[str, Any] = drafts.draft_warning(world.embassy.desk, world.order())
    people.retire_officer(named(world.embassy.node, "administrator"), "officer")
    world.settle()
    world.embassy.expect("releaser@embassy.example", "A draft waits")
    (kept,) = drafts.list_drafts(world.embassy.node)
    assert kept["by"] == draft["by"] == world.embassy.desk.actor
    with pytest.raises(AccessError, match="does not work here"):
        world.order()
    log = b"".join(read_leaves(world.embassy.node))
    assert b"officer@embassy.example" not in log


def test_a_release_that_reaches_others_than_was_read_is_refused(world: World) -> None:
    draft = drafts.draft_warning(world.embassy.desk, world.order())
    register.import_register(
        world.embassy.desk,
        "people",
        b"id,language,zone,lat,lon,email\nP9,en,Europe/Moscow,55.75,37.6,p9@people.example\n",
    )
    with pytest.raises(StateError, match="would go to 4 people, you read 3"):
        drafts.release_draft(world.embassy.releaser, draft["draft"], people=draft["exposed"]["people"])
    world.settle()
    world.embassy.expect("releaser@embassy.example", "A draft waits")
    assert show.list_warnings(world.embassy.node) == []
