"""A place whose shape the officer gives: it is warned of by that shape, exactly, and by no other."""

import math
from typing import Any

import pytest
from tests.walks.conftest import World
from tests.walks.test_revision import change, silence

from tocsin.cap.check import check_cap
from tocsin.cap.codec import read_alert
from tocsin.cap.values import read_polygon
from tocsin.compose.revision import Change
from tocsin.core.marking import Audience
from tocsin.desk.drafts import draft_warning, list_drafts
from tocsin.desk.show_warning import show_one_warning
from tocsin.errors import TocsinError
from tocsin.web.maps import draw_warning, map_data

CENTRE: dict[str, Any] = {
    "polygons": ["55.73,37.55 55.73,37.70 55.80,37.70 55.80,37.55 55.73,37.55"],
    "geocodes": {"ISO3166-2": "RU-MOW"},
}


def issue(world: World, areas: dict[str, Any]) -> str:
    warning = world.issue(areas=areas)
    world.embassy.letters.clear()
    return warning


def messages(world: World, warning: str) -> list[bytes]:
    with world.embassy.node.store.read() as tx:
        return [one.cap for one in tx.cases.versions(warning) if one.audience is Audience.PUBLIC]


def test_what_is_drawn_is_written_and_passes_every_rule(world: World) -> None:
    warning = issue(world, {"Moscow": CENTRE})

    (raw,) = messages(world, warning)
    (area,) = read_alert(raw).infos[0].areas
    assert (len(area.area.polygons), area.area.circles) == (1, ())
    assert [(one.name, one.value) for one in area.area.geocodes] == [("ISO3166-2", "RU-MOW")]
    (checked,) = check_cap(raw)
    assert (checked.valid, [one for one in checked.findings if "polygon" in one.path]) == (True, [])


def test_only_those_within_the_shape_are_exposed(world: World) -> None:
    empty = {"circles": ["55.60,37.20 0.1"]}  # a field in which nobody is registered
    found = [
        draft_warning(world.embassy.desk, world.order(areas={"Moscow": shape}, because="a field"))["exposed"]
        for shape in (CENTRE, empty)
    ]
    assert [(one["people"] > 0, one["venues"] > 0) for one in found] == [(True, True), (False, False)]
    world.embassy.letters.clear()


def test_an_outline_of_six_thousand_corners_is_written_with_few_and_loses_nothing(world: World) -> None:
    turns = [math.tau * n / 6000 for n in range(6000)]
    ring = [(55.75 + 0.1 * math.sin(one), 37.62 + 0.2 * math.cos(one)) for one in turns]
    text = " ".join(f"{lat:.6f},{lon:.6f}" for lat, lon in (*ring, ring[0]))
    warning = issue(world, {"Moscow": {"polygons": [text]}})

    (raw,) = messages(world, warning)
    (checked,) = check_cap(raw)
    assert not [one for one in checked.findings if "polygon" in one.path]


def test_the_map_shows_the_outline(world: World) -> None:
    found = show_one_warning(world.embassy.desk, issue(world, {"Moscow": CENTRE}))
    assert 'class="map-area"' in draw_warning(found)
    assert "[[55.73, 37.55], [55.73, 37.7], [55.8, 37.7], [55.8, 37.55], [55.73, 37.55]]" in map_data(found)


def test_a_change_keeps_the_shape_unless_it_gives_another(world: World) -> None:
    warning = issue(world, {"Moscow": CENTRE})
    change(world, Change.UPDATE)
    other = {"polygons": ["55.70,37.50 55.70,37.80 55.85,37.80 55.85,37.50 55.70,37.50"]}
    change(world, Change.EXTEND, areas={"Moscow": other}, news="It may be in the suburbs, too.")
    change(world, Change.EASE)
    silence(world)

    shapes = [read_alert(raw).infos[0].areas[0].area.polygons for raw in messages(world, warning)]
    before, after = ((read_polygon(*one["polygons"]),) for one in (CENTRE, other))
    assert shapes == [before, before, after, after]


WRONG: dict[str, tuple[Any, str]] = {
    "another place": ({"Kursk": CENTRE}, "'Kursk' is no place of this threat"),
    "a list": ([CENTRE], "expected an object of places"),
    "a code alone": ({"Moscow": {"geocodes": {"ISO3166-2": "RU-MOW"}}}, "areas, Moscow: no shape"),
    "an open ring": ({"Moscow": {"polygons": ["55,37 56,37 56,38 55,38"]}}, "areas, Moscow: polygon of 4 points is not a closed ring"),
    "longitude first": ({"Moscow": {"polygons": ["137,55 137,56 138,56 137,55"]}}, "areas, Moscow: point .* is not on the globe"),
    "words": ({"Moscow": {"polygons": ["the centre"]}}, "areas, Moscow: "),
    "a circle without a radius": ({"Moscow": {"circles": ["55.75,37.62"]}}, "areas, Moscow: circle"),
    "a key of nobody": ({"Moscow": {"polygon": []}}, "areas, Moscow: unknown key 'polygon'"),
    "a code that is a number": ({"Moscow": CENTRE | {"geocodes": {"SAME": 6037}}}, "areas, Moscow, geocodes"),
    "a ring that crosses itself": ({"Moscow": {"polygons": ["55,37 56,38 56,37 55,38 55,37"]}}, "crosses itself"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_shape_that_is_none_is_refused_by_name_and_nothing_is_kept(world: World, name: str) -> None:
    areas, said = WRONG[name]
    with pytest.raises(TocsinError, match=said):
        draft_warning(world.embassy.desk, world.order(areas=areas))
    assert list_drafts(world.embassy.desk) == []
