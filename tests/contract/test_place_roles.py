"""Which places a text warns of: those where attacks and unrest are under way, not those of the body that warns."""

import pytest

from tocsin.gazetteer import open_gazetteer
from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return open_gazetteer()


def threatened(text: str, gazetteer: Gazetteer) -> set[str]:
    return {one.place.name for one in find_places(text, gazetteer) if one.place.role == "threatened"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("There are reports of gunfire in Ambato, Loja and Cuenca.", {"Ambato", "Loja", "Cuenca"}),
        ("Clashes between police and miners continue in Ambato.", {"Ambato"}),
        ("Explosions are reported in Ambato.", {"Ambato"}),
        ("Heavy shelling goes on around Ambato and Loja.", {"Ambato", "Loja"}),
        ("Hostages are held in a bank in Cuenca.", {"Cuenca"}),
        ("A state of exception is in force in Loja.", {"Loja"}),
        ("A festival is held in Ambato.", {"Ambato"}),
        ("There are no reports of gunfire in Ambato. Terrorists may attack in Loja.", {"Loja"}),
    ],
)
def test_a_town_under_attack_is_warned_of_and_the_one_in_the_issuers_name_is_not(
    text: str, wanted: set[str], gazetteer: Gazetteer
) -> None:
    assert threatened(f"U.S. Embassy Quito, 3 March 2021. {text}", gazetteer) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("British High Commission Accra. Be vigilant.", {"Accra"}),
        ("Consulate General of Japan in Karachi. Be careful.", {"Karachi"}),
        ("Embassy of Japan in Fiji. Be vigilant.", {"Fiji"}),
        ("Ministry of Foreign Affairs of Sweden: avoid all travel to Chad because of attacks.", {"Chad"}),
        ("Norway's Ministry of Foreign Affairs warned Norwegians of attacks in Chad.", {"Chad"}),
        ("Ministry for Europe and Foreign Affairs: attacks are possible in Bamako.", {"Bamako"}),
        ("Global Affairs Canada: there is a high risk of attack in Chad.", {"Chad"}),
        ("The Netherlands and Belgium have warned their citizens of attacks in Chad.", {"Chad"}),
        ("Attacks by Iran on Bahrain are possible.", {"Bahrain"}),
        ("Foreign and Commonwealth Office: attacks are possible in Chad.", {"Chad"}),
        ("U.S. Embassy Lome, Security Message, 4 May 2016. Be vigilant.", {"Lome"}),
        ("PARIS (Agency) - Attacks are possible at the Grand Museum in Lyon.", {"Lyon", "Grand Museum"}),
    ],
)
def test_who_warns_is_not_what_is_warned_of(text: str, wanted: set[str], gazetteer: Gazetteer) -> None:
    assert threatened(text, gazetteer) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Attacks on Chad are possible.", {"Chad"}),
        ("Chad has become a target of extremists.", {"Chad"}),
        ("The threat level in Norway has risen.", {"Norway"}),
        ("Following today's explosions in Lome, avoid the area.", {"Lome"}),
        ("There was an explosion outside Lome. Staff are safe.", {"Lome"}),
    ],
)
def test_a_place_that_is_warned_of_is_not_taken_for_a_party_or_a_model(
    text: str, wanted: set[str], gazetteer: Gazetteer
) -> None:
    assert threatened(text, gazetteer) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Following the bombings in Lome and Kara, terrorists may attack in Accra.", {"Accra"}),
        ("After the shootings in Paris, attacks are possible in Lyon.", {"Lyon"}),
        ("Attacks similar to those in Nice are possible in Lyon.", {"Lyon"}),
        ("Extremists plan attacks in Accra like those on the beach in Kara.", {"Accra"}),
        ("Avoid all travel to Chad except the capital Abeche.", {"Chad"}),
        ("U.S. Embassy Beirut. Staff may not travel outside Beirut and Jounieh until further notice.", set()),
        (
            "Personnel are restricted from travel outside of the greater Jounieh area. Avoid Tripoli, Lebanon.",
            {"Tripoli"},
        ),
    ],
)
def test_the_site_of_an_earlier_attack_and_where_people_may_be_are_not_warned_of(
    text: str, wanted: set[str], gazetteer: Gazetteer
) -> None:
    assert threatened(text, gazetteer) - {"Lebanon"} == wanted


def test_a_group_that_bears_the_name_of_a_region_is_no_place(gazetteer: Gazetteer) -> None:
    groups = (
        "Al-Qaeda in the Islamic Maghreb",
        "Islamic State in the Greater Sahara",
        "Movement for Unity and Jihad in West Africa",
    )
    for group in groups:
        assert {one.place.name for one in find_places(f"{group} may attack in Mali.", gazetteer)} == {"Mali"}


@pytest.mark.parametrize(
    "name", ["Emergency Message", "Health Alert", "Weather Alert", "Australian High Commission", "Travel Advisory"]
)
def test_a_heading_beside_a_town_is_no_place(name: str, gazetteer: Gazetteer) -> None:
    found = find_places(f"U.S. Embassy Lome, {name}, Kara and Lome. Be vigilant.", gazetteer)
    assert name not in {one.place.name for one in found}
