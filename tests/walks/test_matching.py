"""What others wrote is kept apart and never sent; a verdict and what a person ruled on it both stay, with name and reason."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.unit.readers.reviews import INCIDENTS, SIRENS
from tests.unit.review.test_files_of_others import STORY, archive
from tests.walks.conftest import World
from tests.walks.leaves import read_claims

from tocsin.core.data import read_data
from tocsin.desk.imports import import_incidents, import_warnings, list_imported
from tocsin.desk.matching import confirm_match, override_match, show_matches
from tocsin.desk.ports import Desk
from tocsin.desk.quarantine import list_quarantine, retry_quarantined
from tocsin.desk.review import record_incident, review_incident
from tocsin.desk.show import list_incidents, list_warnings
from tocsin.errors import ConfigError, InputError, NotFoundError, StateError
from tocsin.node import open_node
from tocsin.review.facets import Verdict

INCIDENT = json.dumps(read_data("demo", "incident.json")).encode()
REASON = "the embassy named concerts, says Mr Otto Zweiter"


def leaves(desk: Desk) -> int:
    with desk.store.read() as tx:
        return tx.log.size()


def happened(world: World) -> str:
    incident: str = record_incident(world.embassy.desk, INCIDENT)["incident"]
    return incident


def public_match(desk: Desk, incident: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [one for one in show_matches(desk, incident)["matches"] if one["told"] == "public"]
    (match,) = found
    return match


def test_the_same_file_twice_adds_nothing_and_logs_nothing(world: World) -> None:
    world.pass_time(days=30)
    desk = world.embassy.desk
    assert import_incidents(desk, INCIDENTS) == {"imported": "incidents", "format": "table", "rows": 1, "new": 1}
    size = leaves(desk)
    assert import_incidents(desk, INCIDENTS)["new"] == 0
    assert leaves(desk) == size


def test_a_row_that_is_here_with_other_facts_is_refused_and_so_is_its_file(world: World) -> None:
    world.pass_time(days=30)
    desk = world.embassy.desk
    import_incidents(desk, INCIDENTS)
    other = INCIDENTS.replace(b"concert", b"hotel") + b"2,a paper,2024-03-23,Moscow,RU,city,55.7,37.6,7,\n"
    with pytest.raises(StateError, match="a paper:1 is here with other facts"):
        import_incidents(desk, other)
    assert list_imported(desk) == [{"kind": "incident", "source": "a paper", "count": 1}]


def test_a_file_with_a_bad_row_is_kept_whole_and_nothing_of_it_is_imported(world: World) -> None:
    world.pass_time(days=30)
    desk = world.embassy.desk
    with pytest.raises(InputError, match="line 3: lat") as caught:
        import_incidents(desk, INCIDENTS + b"2,a paper,2024-03-23,Moscow,RU,city,x,37.6,7,\n")
    assert caught.value.hint is not None
    assert "tocsin quarantine show" in caught.value.hint
    assert list_imported(desk) == []
    (kept,) = list_quarantine(desk)
    assert kept["reader"] == "incidents"
    with pytest.raises(InputError, match="line 3: lat"):
        retry_quarantined(desk, kept["kept"])


def test_warnings_of_others_are_never_ours_and_never_sent(world: World) -> None:
    world.pass_time(days=30)
    desk = world.embassy.desk
    assert import_warnings(desk, SIRENS)["new"] == 1
    assert import_warnings(desk, archive(*STORY)) == {"imported": "warnings", "format": "cap", "rows": 3, "new": 3, "left_out": 1}  # fmt: skip
    assert list_warnings(desk) == []
    assert list_incidents(desk) == []
    with desk.store.read() as tx:
        assert tx.outbox.next_due() is None
    world.embassy.expect_nothing_more()


def test_an_incident_is_held_against_our_warning_and_those_of_others_in_force(later: World) -> None:
    incident = happened(later)
    import_warnings(later.embassy.desk, archive(*STORY))
    found = show_matches(later.embassy.desk, incident)
    names = {one["warning"]: one for one in found["matches"]}
    assert sorted(names) == ["W-1", "W-1/partner", "cap:w.example/c"], "of the chain of three messages one is in force"
    foreign = names["cap:w.example/c"]
    assert (foreign["place"], foreign["issuer"], foreign["told"]) == ("near", "w.example", "public")
    assert all(one["ruled"] == [] and one["decided_by"] for one in found["matches"])


def test_warnings_of_others_of_any_time_are_held_against_it_if_somebody_asks(later: World) -> None:
    incident = happened(later)
    old = [one.replace(b"2024-03-", b"2023-01-") for one in STORY]
    import_warnings(later.embassy.desk, archive(*old))
    desk = later.embassy.desk
    assert "cap:w.example/c" not in {one["warning"] for one in show_matches(desk, incident)["matches"]}
    found = show_matches(desk, incident, since=datetime(2023, 1, 1, tzinfo=UTC))
    assert found["foreign_since"] == "2023-01-01T00:00:00Z"
    (old_one,) = (one for one in found["matches"] if one["warning"].startswith("cap:"))
    assert (old_one["warning"], old_one["time"], old_one["class"]) == ("cap:w.example/c", "miss", None)


def test_what_was_issued_later_is_never_held_against_it(later: World) -> None:
    incident = happened(later)
    import_warnings(later.embassy.desk, archive(*STORY))
    found = show_matches(later.embassy.desk, incident, since=datetime(2030, 1, 1, tzinfo=UTC))
    assert [one["warning"] for one in found["matches"]] == ["W-1", "W-1/partner"]


def test_an_incident_of_others_is_held_against_our_warning(later: World) -> None:
    incident = happened(later)
    ours = review_incident(later.embassy.desk, incident)["matches"][0]
    import_incidents(later.embassy.desk, INCIDENTS.replace(b"42,37.39", b"55.826,37.39"))
    match = public_match(later.embassy.desk, "a paper:1")
    assert (match["warning"], match["place"], match["time_is_sure"]) == (ours["warning"], "near", True)


def test_a_verdict_and_what_a_person_ruled_on_it_both_stay(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    match = public_match(desk, incident)
    override_match(desk, incident, match["warning"], Verdict.HIT, REASON)
    confirm_match(desk, incident, match["warning"], "on reflection")
    after = public_match(desk, incident)
    assert after["overall"] == match["overall"] == "partial"
    assert [(one["by"], one["judged"], one["ruled"], one["reason"]) for one in after["ruled"]] == [
        (desk.actor, "partial", "hit", REASON),
        (desk.actor, "partial", "partial", "on reflection"),
    ]


def test_a_ruling_is_logged_without_its_words(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    match = public_match(desk, incident)
    override_match(desk, incident, match["warning"], Verdict.HIT, REASON)
    with desk.store.read() as tx:
        (logged,) = [one for one in map(_claims, tx.log.entries(subject=incident)) if one.get("act") == "override"]
    assert (logged["judged"], logged["ruled"], logged["by"]) == ("partial", "hit", desk.actor)
    assert "Zweiter" not in json.dumps(logged)


def _claims(entry: object) -> dict[str, object]:
    found: dict[str, object] = dict(read_claims(entry.statement))  # type: ignore[attr-defined]  # a kept entry
    return found


def test_what_is_no_ruling_is_refused_and_nothing_is_kept(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    match = public_match(desk, incident)
    size = leaves(desk)
    with pytest.raises(StateError, match="the rule says partial too"):
        override_match(desk, incident, match["warning"], Verdict.PARTIAL, REASON)
    for reason in ("", " \n", "x" * 2001):
        with pytest.raises(InputError, match="reason has"):
            confirm_match(desk, incident, match["warning"], reason)
    with pytest.raises(InputError, match="verdict is 'near'"):
        override_match(desk, incident, match["warning"], Verdict.NEAR, REASON)
    nobodys = ((incident, "W-99"), ("I-99", match["warning"]), (incident, "cap:x/y"), ("x:1", match["warning"]))
    for one, other in nobodys:
        with pytest.raises(NotFoundError):
            confirm_match(desk, one, other, REASON)
    assert leaves(desk) == size
    assert show_matches(desk, incident)["matches"][0]["ruled"] == []


def test_a_repeated_request_rules_once(later: World) -> None:
    incident = happened(later)
    desk = later.embassy.desk
    match = public_match(desk, incident)
    first = confirm_match(desk, incident, match["warning"], REASON, once="k")
    assert confirm_match(desk, incident, match["warning"], REASON, once="k") == first
    assert len(show_matches(desk, incident)["matches"][0]["ruled"]) == 1


def test_a_regions_file_that_is_not_there_is_named(tmp_path: Path, world: World) -> None:
    folder = tmp_path / "embassy.example"
    desk = open_node(folder, {"TOCSIN_REGIONS": "nowhere.geojson"}).desk
    with pytest.raises(ConfigError, match=r"key regions: .*nowhere\.geojson"):
        desk.outlines()
