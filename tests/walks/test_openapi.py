"""The OpenAPI description is the contract: whatever is sent, the API answers as it says there, and never with a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.walks.conftest import START

from tocsin.desk.house import Role
from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.node import make_node, move_rehearsal_clock, open_node
from tocsin.service import make_service

AS_MANY = 12
"""Requests a route; the routes are read from the description, so a new one is tried from its first day."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A node with one person who holds every role."""
    folder = tmp_path_factory.mktemp("openapi") / "desk.example"
    make_node(folder, {"name": "desk.example", "practice": True, "exercise": "openapi"})
    move_rehearsal_clock(folder).move_to(START)
    node = open_node(folder, {})
    add_officer(node.desk, "ada", [role.value for role in Role])
    ada = node.desk.acting(officer_named(node.desk, "ada").id, "named")
    made = make_service(node)
    made.state.token = add_token(ada, "ada", "openapi")["token"]
    yield made
    node.desk.store.close()


def test_every_answer_is_one_that_the_description_names(app: FastAPI) -> None:
    """All routes but those that move the time of an exercise, which need the running worker."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", app).exclude(path_regex="^/rehearsal/")
    headers = {"Authorization": f"Bearer {app.state.token}"}
    # A description cannot say which bytes are an envelope or which word is a name: well-formed may still be refused.
    beyond = [positive_data_acceptance]
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)

        @given(case=found.ok().as_strategy())
        @settings(max_examples=AS_MANY, suppress_health_check=list(HealthCheck))
        def check(case: Any) -> None:
            case.call_and_validate(headers=headers, excluded_checks=beyond)

        check()
        tried += 1
    assert tried == sum(len(verbs) for path, verbs in app.openapi()["paths"].items() if "/rehearsal/" not in path)


def test_every_route_of_the_desk_wants_a_token(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    free = {path for path, verbs in paths.items() for verb in verbs.values() if not verb.get("security")}
    assert {path for path in free if path.startswith("/v1/")} == set()
    assert free == {
        "/add-checkpoint",
        "/checkpoint",
        "/healthz",
        "/in/{token}",
        "/in/{token}/seen",
        "/tile/{path}",
    }


def test_a_live_node_has_no_route_that_moves_time(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("live") / "live.example"
    make_node(folder, {"name": "live.example"})
    node = open_node(folder, {})
    assert not [path for path in make_service(node).openapi()["paths"] if "rehearsal" in path]
    node.desk.store.close()
