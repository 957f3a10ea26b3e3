"""Real files of others are read whole: as many rows as they have, and what their makers say of them."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from tocsin.core.area import Point, contains
from tocsin.core.threat import Level, Place
from tocsin.review.chains import find_in_force
from tocsin.review.facets import Verdict
from tocsin.review.incident_files import ReadIncidents, read_incidents
from tocsin.review.matching import MatchRule, find_matches
from tocsin.review.outlines import Outlines, read_regions
from tocsin.review.warning_files import ReadWarnings, read_warnings

AT = datetime(2026, 1, 1, tzinfo=UTC)


def incidents(shared: Path, name: str) -> ReadIncidents:
    return read_incidents((shared / "data" / name).read_bytes(), AT)


def warnings(shared: Path, name: str) -> ReadWarnings:
    return read_warnings((shared / "data" / name).read_bytes(), AT)


INCIDENTS = {
    "ucdp_ged191_syria.csv.gz": ("ucdp-ged", 16566),
    "viina_targets_2022.csv.gz": ("viina", 2060),
    "viina_targets_2023.csv.gz": ("viina", 650),
    "nws_postgis_lsrs.sql.gz": ("nws-lsr", 244),
}
WARNINGS = {
    "ua_sirens_official.csv.gz": ("ua-sirens", 43031),
    "il_alerts_city_2014_2024.csv.gz": ("il-alerts", 42002),
    "nws_postgis_sbw.sql.gz": ("nws-sbw", 545),
}


@pytest.mark.parametrize("name", INCIDENTS)
def test_every_row_of_a_file_of_incidents_is_one(shared: Path, name: str) -> None:
    found = incidents(shared, name)
    assert (found.format, len(found.incidents)) == INCIDENTS[name]


@pytest.mark.parametrize("name", WARNINGS)
def test_every_row_of_a_file_of_warnings_is_one_and_a_message_is_one(shared: Path, name: str) -> None:
    found = warnings(shared, name)
    assert (found.format, len(found.warnings), found.left_out) == (*WARNINGS[name], 0)


def test_the_oblast_sirens_of_nineteen_months_are_counted(shared: Path) -> None:
    """REVIEW 4.1: 26,305 from 1 October 2022 to 21 April 2024, both included, by days of UTC."""
    found = warnings(shared, "ua_sirens_official.csv.gz").warnings
    oblast = [one for one in found if one.threat.places[0].level is Level.REGION]
    first, after = datetime(2022, 10, 1, tzinfo=UTC), datetime(2024, 4, 22, tzinfo=UTC)
    assert len(oblast) == 36537
    assert sum(first <= one.issued < after for one in oblast) == 26305


def test_all_but_a_handful_of_oblasts_have_their_code(shared: Path) -> None:
    places = {one.threat.places[0] for one in warnings(shared, "ua_sirens_official.csv.gz").warnings}
    regions = {one.name: one.admin1 for one in places if one.level is Level.REGION}
    assert {name for name, code in regions.items() if code is None} <= {"Lubenskyi raion"}
    assert (regions["Kyiv City"], regions["Kyivska oblast"]) == ("UA-30", "UA-32")


def test_israels_alerts_name_every_row_that_is_no_repeat(shared: Path) -> None:
    found = warnings(shared, "il_alerts_city_2014_2024.csv.gz").warnings
    assert sum(len(one.threat.places) for one in found) == 47860


def test_a_storm_warning_of_greenfield_is_in_force_where_its_last_polygon_was(shared: Path) -> None:
    """21 May 2024, 15:37 local: the tornado was in Greenfield, Iowa, and a tornado warning of Des Moines held the town."""
    found = warnings(shared, "nws_postgis_sbw.sql.gz").warnings
    at, town = datetime(2024, 5, 21, 20, 37, tzinfo=UTC), Point(41.305, -94.461)
    in_force = [one for one in find_in_force(found, at) if one.window.end is not None and one.window.end >= at]
    assert len({one.chain for one in found}) < len(found)
    assert any(
        one.area is not None and contains(one.area, town) and one.threat.methods == ("tornado",) for one in in_force
    )


def test_storm_reports_keep_their_kinds(shared: Path) -> None:
    kinds = Counter(one.methods[0] for one in incidents(shared, "nws_postgis_lsrs.sql.gz").incidents)
    assert (kinds["tornado"], kinds["hail"], kinds["tstm_wnd_dmg"], kinds["flash_flood"]) == (27, 25, 57, 38)


def test_regions_of_natural_earth_hold_what_lies_in_them(shared: Path) -> None:
    """Its file has the codes of Moscow and of the oblast around it the wrong way round, and calls both "Moscow" in English."""
    regions = read_regions((shared / "data/ne_50m_admin_1.geojson.gz").read_bytes())
    assert regions.doubtful == ("RU-ALT", "RU-MOS", "RU-MOW")
    assert len(regions.regions) == 293, "the three are known too, by name alone"
    kremlin, posad, hall = Point(55.752, 37.617), Point(56.3, 38.13), Point(55.826, 37.39)
    assert (_beyond(regions, "Moskva", kremlin), _beyond(regions, "Moskovskaya oblast", posad)) == (0.0, 0.0)
    assert 0 < _beyond(regions, "Moskva", hall) < 1, "the hall stands just outside of the city, also at 1:50 million"
    assert _beyond(regions, "Moskovskaya", kremlin) > 5
    coded = Place(name="x", country="RU", level=Level.REGION, admin1="RU-MOW")
    assert regions.beyond_km(coded, kremlin) is None, "a code that may be wrong says nothing"
    both = Place(name="Moscow", country="RU", level=Level.REGION)
    assert regions.beyond_km(both, kremlin) is None, "nor does a name that two have"


def _beyond(outlines: Outlines, name: str, point: Point) -> float:
    found = outlines.beyond_km(Place(name=name, country="RU", level=Level.REGION), point)
    assert found is not None
    return found


def test_every_event_of_viina_in_ukraine_has_the_oblast_that_the_file_names(shared: Path) -> None:
    found = incidents(shared, "viina_targets_2022.csv.gz").incidents
    found += incidents(shared, "viina_targets_2023.csv.gz").incidents
    named = {one.place.admin1 for one in found if one.place.country == "UA" and "," in one.place.name}
    assert None not in named
    assert sum(one.place.admin1 == "UA-63" for one in found) == 117
    assert sum(one.place.country == "RU" for one in found) == 4


def test_an_event_of_viina_is_held_against_the_sirens_of_its_oblast(shared: Path) -> None:
    sirens = warnings(shared, "ua_sirens_official.csv.gz").warnings
    event = next(one for one in incidents(shared, "viina_targets_2022.csv.gz").incidents if one.place.admin1 == "UA-63")
    later = replace(event, start=datetime(2022, 10, 10, 9, tzinfo=UTC))
    matches = find_matches(later, find_in_force(sirens[:20000], later.start), MatchRule())
    hits = {one.warning for one in matches if one.place is Verdict.HIT}
    assert hits
    assert all("Kharkivska oblast" in one for one in hits)
