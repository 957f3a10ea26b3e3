"""An alert's label and a casebook's tag are one thing, a slip is told, and a code of no country is refused with the right one."""

import json

import pycountry
import pytest
from tests.unit.review.test_casebook import CITY, EVENT, WARNING, changed, raw

from tocsin.core.data import read_data
from tocsin.core.fields import Fields
from tocsin.core.vocabulary import Facet
from tocsin.errors import InputError
from tocsin.review.casebook import case_as_json, read_case
from tocsin.review.facets import Verdict
from tocsin.review.incident import read_country, read_incident_file
from tocsin.review.tags import find_unknown_tags, tags_in


def test_a_label_of_alerts_is_the_tag_that_means_the_same() -> None:
    labelled = read_case(
        raw(
            warnings=[changed(WARNING, targets=["large_gathering"], methods=["missile_rocket"])],
            events=[changed(EVENT, targets=["concert", "large_gathering", "public_gathering"], methods=["rocket"])],
        )
    )
    assert labelled.warnings[0].threat.targets == ("public_gathering",)
    assert labelled.incidents[0].targets == ("concert", "public_gathering")
    (pair,) = case_as_json(labelled)["pairs"]
    assert (pair["target"], pair["method"]) == (Verdict.HIT, Verdict.HIT)


def test_an_incident_of_ours_has_the_same_tags() -> None:
    place = {"name": "a hall", "country": "RU", "level": "venue", "lat": 55.8, "lon": 37.4}
    found = {"start": "2024-03-22T17:00:00Z", "place": place, "targets": ["place_of_worship", "worship"]}
    assert read_incident_file(json.dumps(found).encode()).targets == ("worship",)


UNKNOWN: dict[str, tuple[Facet, list[str], list[tuple[str, str | None]]]] = {
    "a slip": ("target", ["concert", "conzert", "conzert"], [("conzert", "concert")]),
    "a word of somebody else": ("target", ["zebra_crossing"], [("zebra_crossing", None)]),
    "a slip in a method": ("method", ["stabing"], [("stabing", "stabbing")]),
    "a slip in a group": ("actor", ["al-quaeda"], [("al-quaeda", "al-qaeda")]),
    "a group that is in no family": ("actor", ["an-own-group", "some-extremists"], []),
    "tags of cases in no family": ("target", ["prison", "media", "worship", "government"], []),
    "an attack of no stated kind": ("method", ["unspecified_attack"], []),
    "nothing": ("target", [], []),
}


@pytest.mark.parametrize(("facet", "tags", "told"), list(UNKNOWN.values()), ids=list(UNKNOWN))
def test_what_no_list_knows_is_told(facet: Facet, tags: list[str], told: list[tuple[str, str | None]]) -> None:
    assert [(one.tag, one.near) for one in find_unknown_tags(facet, tags)] == told


def test_an_unknown_tag_is_told_and_changes_no_verdict() -> None:
    case = read_case(raw(events=[changed(EVENT, targets=["conzert"])]))
    found = case_as_json(case)
    assert found["unknown_tags"] == [{"facet": "target", "tag": "conzert", "near": "concert"}]
    assert found["pairs"][0]["target"] is Verdict.MISS.value
    assert case.incidents[0].targets == ("conzert",)


def test_a_list_of_tags_holds_texts_alone() -> None:
    with pytest.raises(InputError, match="targets is"):
        tags_in(Fields.of("case", {"targets": [{"concert": 1}]}), "targets")


COUNTRIES = {
    "UK": "'GB'",
    "EL": "'GR'",
    "gb": "'GB'",
    "uk": "'GB'",
    "SU": "withdrawn",
    "YU": "withdrawn",
    "ZZ": None,
    "RUS": None,
    "": None,
}


@pytest.mark.parametrize(("code", "hint"), list(COUNTRIES.items()))
def test_a_code_of_no_country_is_refused(code: str, hint: str | None) -> None:
    with pytest.raises(InputError, match="country") as caught:
        read_country(Fields.of("place", {"country": code}))
    if code:
        assert (caught.value.hint is None) is (hint is None)
        assert (hint or "") in (caught.value.hint or "")


@pytest.mark.parametrize("code", ["GB", "XX", "XK", "SS", "GE"])
def test_codes_of_today_are_taken(code: str) -> None:
    assert read_country(Fields.of("place", {"country": code})) == code


def test_a_case_names_the_place_of_a_wrong_code() -> None:
    with pytest.raises(InputError, match="warnings 1, places 1: country is 'UK'"):
        read_case(raw(warnings=[changed(WARNING, places=[CITY | {"country": "UK"}])]))


def test_the_codes_of_countries_are_those_of_iso_3166() -> None:
    assert sorted(read_data("core", "countries.json")) == sorted(one.alpha_2 for one in pycountry.countries)
