"""Places in running text by the real gazetteer: which one is meant, in whatever script, and what is none."""

import pytest

from tocsin.gazetteer import open_gazetteer
from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer, place_key
from tocsin.intake.shouting import calm


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return open_gazetteer()


def read(text: str, gazetteer: Gazetteer) -> dict[str, tuple[str, str, str]]:
    return {one.place.name: (one.place.country, one.place.kind, one.place.role) for one in find_places(text, gazetteer)}


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("موسكو", "RU"),
        ("Москва", "RU"),
        ("Moscou", "RU"),
        ("Moscú", "RU"),
        ("Київ", "UA"),
        ("القاهرة", "EG"),
        ("Le Caire", "EG"),
    ],
)
def test_a_town_is_found_by_its_name_in_other_languages(name: str, country: str, gazetteer: Gazetteer) -> None:
    assert gazetteer.look_up(place_key(name))[0].country == country


def test_many_names_are_asked_for_at_once_and_unknown_ones_are_left_out(gazetteer: Gazetteer) -> None:
    found = gazetteer.look_up_all({"moscow", "nairobi", "no such place at all"})
    assert set(found) == {"moscow", "nairobi"}
    assert found["moscow"] == gazetteer.look_up("moscow")


def test_a_name_that_is_kept_in_memory_is_answered_as_from_the_file(
    gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {"moscow", "nairobi", "tripoli", "no such place at all"}
    expected = open_gazetteer().look_up_all(keys)
    monkeypatch.setattr("tocsin.adapters.gazetteer.MOST_KEPT", 3)
    few = open_gazetteer()
    assert [few.look_up_all({key}).get(key) for key in sorted(keys) * 2] == [expected.get(k) for k in sorted(keys)] * 2
    assert few.look_up_all(keys) == expected
    assert gazetteer.look_up_all(keys) == gazetteer.look_up_all(keys) == expected


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Militants may strike in Tripoli, Libya.", "Tripoli", ("LY", "city", "threatened")),
        ("Militants may strike in Tripoli, Lebanon.", "Tripoli", ("LB", "city", "threatened")),
        ("Do not travel to Borno State in Nigeria.", "Borno", ("NG", "admin", "threatened")),
        ("Stay away from the Serena Hotel in Kabul.", "Serena Hotel", ("AF", "landmark", "threatened")),
        ("Attacks are possible in the Masaki quarter of Dar es Salaam.", "Masaki", ("TZ", "district", "threatened")),
        ("There is a threat of attack across the Sahel.", "Sahel", ("", "region", "threatened")),
        ("An attack on Bali may come.", "Bali", ("ID", "island", "threatened")),
        (
            "Militants may strike in Nairobi. In 2013 a mall in Mombasa was attacked.",
            "Mombasa",
            ("KE", "city", "mentioned"),
        ),
    ],
)
def test_the_place_is_the_one_that_the_text_means(
    text: str, name: str, wanted: tuple[str, str, str], gazetteer: Gazetteer
) -> None:
    assert read(text, gazetteer)[name] == wanted


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Leave the Lion Gate, East Gate or North Gate in Kabul at once.", {"Lion Gate", "East Gate", "North Gate"}),
        ("Avoid the food street Oblo Tarin in Kuala Lumpur.", {"Oblo Tarin"}),
        ("An attack on the cathedral (Domkirka) in Oslo is possible.", {"Domkirka"}),
        ("Bombs may go off on beaches in Lombok, such as Ombolu.", {"Ombolu"}),
        ("Attacks are likely at the Tarwall shopping centre in Nairobi.", {"Tarwall"}),
        ("They may strike the Grand Hotel, the Palm Hotel and the Orbino Luxe in Abuja.", {"Orbino Luxe"}),
        ("Attacks are possible in Nairobi, Umbolo, Trenka and Vasholi.", {"Umbolo", "Trenka", "Vasholi"}),
        ("Attacks are possible in Umbolo, Trenka and Nairobi.", {"Umbolo", "Trenka"}),
        ("Avoid the Tolwani, Derrons and Baku Hill areas of Nairobi.", {"Tolwani", "Derrons"}),
        ("Keep away from Tolwani and Derrons in Nairobi.", {"Tolwani", "Derrons"}),
        ("Shootings near Tolwani are reported. Avoid Nairobi.", {"Tolwani"}),
        (
            "Attacks are feared on Plaza San Telmo and Rue des Oliviers in Geneva.",
            {"Plaza San Telmo", "Rue des Oliviers"},
        ),
        ("Keep away from Camp Walker and from the Al Dorra Air Base in Kuwait.", {"Camp Walker", "Al Dorra Air Base"}),
        ("Terrorists may strike the National Museum in Nairobi.", {"National Museum"}),
        ("Avoid travel to the Tolwani mountains in Kenya.", {"Tolwani"}),
    ],
)
def test_no_place_is_lost_because_no_list_has_it(text: str, names: set[str], gazetteer: Gazetteer) -> None:
    found = read(text, gazetteer)
    assert {name: found[name][2] for name in names if name in found} == dict.fromkeys(names, "threatened")


@pytest.mark.parametrize(
    "text",
    [
        "Avoid Buddhist temples and Kurdish areas in Nairobi.",
        "Keep away from Americans and Westerners. Avoid Nairobi.",
        "Avoid Nairobi near Christmas.",
        "The mayor of Nairobi, Omar Trenka, spoke of attacks.",
        "Attacks in Nairobi, The Morning Herald reported, are possible.",
        "British High Commission Nairobi. Be vigilant.",
        "Attacks on Acmeco in Nairobi are possible.",
        "Stay away from Windows. Avoid Hotels. Avoid Nairobi.",
    ],
)
def test_an_adjective_a_feast_or_a_person_beside_a_town_is_no_place(text: str, gazetteer: Gazetteer) -> None:
    assert set(read(text, gazetteer)) == {"Nairobi"}


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Attacks are possible in Djibouti City.", "Djibouti City", "DJ"),
        ("Avoid travel to the Sulu Archipelago in the Philippines.", "Sulu Archipelago", "PH"),
        ("Egypt: avoid travel to Sharm el Sheikh.", "Sharm el Sheikh", "EG"),
        ("British High Commission Port Moresby: avoid crowds.", "Port Moresby", "PG"),
        ("U.S. Consulate General Hermosillo: avoid crowds.", "Hermosillo", "MX"),
    ],
)
def test_a_name_is_read_whole(text: str, name: str, country: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name][0] == country


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "They made no non-essential trips to Nigeria the rule, after a blast killed ten people in Abuja in May.",
            "Nigeria",
        ),
        ("A plot was found, above all in Oslo, after a man was arrested for an attack in May.", "Oslo"),
        ("Travel advice for Indonesia. Visitors to Paris are many.", "Indonesia"),
        ("Notice of the ministry to our people in Thailand. Be vigilant.", "Thailand"),
        ("Local authorities in Palawan told of a risk of kidnapping.", "Palawan"),
        ("Shots were heard at Kabul airport yesterday. Avoid the airport.", "Kabul airport"),
        ("Officials in Indonesia have warned of an attack.", "Indonesia"),
        ("Be cautious; embassies in Morocco, Tunisia and Mali have passed this on.", "Tunisia"),
    ],
)
def test_a_place_that_people_are_warned_of_is_not_only_mentioned(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name][2] == "threatened"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Attacks are possible in Kyiv. Citizens in Ukraine should be ready to take shelter.", "Ukraine"),
        ("Attacks on United States government sites in Nairobi are possible.", "United States"),
        ("Given the recent tensions in the Middle East there is a risk of attack in Oslo.", "Middle East"),
        ("Attacks are possible in Oslo. The embassies in Madrid and Rome are open.", "Madrid"),
        ("Attacks are possible in Oslo. A blast killed ten people in Abuja in May.", "Abuja"),
    ],
)
def test_a_place_that_is_only_named_is_not_called_threatened(text: str, name: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer)[name][2] == "mentioned"


def test_a_venue_does_not_go_abroad_because_its_first_word_is_a_town_there(gazetteer: Gazetteer) -> None:
    text = "There are threats in Mogadishu, Somalia. Avoid Aden Barrow International Airport."
    assert read(text, gazetteer)["Aden Barrow International Airport"][0] == "SO"


def test_a_list_of_people_and_days_is_no_list_of_places(gazetteer: Gazetteer) -> None:
    text = "Avoid crowds on Monday, Tuesday and Friday. Militants, Boko Haram and extremists may strike in Lagos and Abuja."
    assert set(read(text, gazetteer)) == {"Lagos", "Abuja"}


@pytest.mark.parametrize(
    "text",
    [
        "Boko Haram and the Islamic State may strike.",
        "President Lincoln and Mr Jackson spoke.",
        "March and May are quiet. Police follow.",
        "Security Alert. Actions to take: Be vigilant. Avoid crowds. Monitor media.",
        "American citizens and Russian officials met.",
    ],
)
def test_what_is_no_place_is_none(text: str, gazetteer: Gazetteer) -> None:
    assert read(text, gazetteer) == {}


@pytest.mark.parametrize("text", ["A" * 50_000, "A B " * 10_000, "Moscow, " * 10_000, "St. " * 20_000, "(" * 50_000])
def test_a_hostile_text_is_read_to_its_end(text: str, gazetteer: Gazetteer) -> None:
    for one in find_places(text, gazetteer):
        assert text[one.start : one.end].strip()


@pytest.mark.parametrize(
    ("shouted", "name"),
    [
        ("THERE IS A THREAT OF ATTACK IN SAUDI ARABIA. AVOID CROWDS AND FOLLOW THE MEDIA.", "Saudi Arabia"),
        ("AN ATTACK IS FEARED IN THE DEMOCRATIC REPUBLIC OF THE CONGO.", "Democratic Republic Of The Congo"),
        ("KEEP AWAY FROM HAMID KARZAI INTERNATIONAL AIRPORT IN KABUL.", "Hamid Karzai international airport"),
        ("U.S. EMBASSY KUWAIT CITY. THERE IS A THREAT OF ATTACK IN KUWAIT CITY. AVOID CROWDS.", "Kuwait City"),
        ("KEEP AWAY FROM THE AL DORRA AIR BASE IN KUWAIT AND FOLLOW THE MEDIA.", "Al Dorra air base"),
        ("ATTACKS ARE FEARED IN ISTANBUL, IN THE GALATA, TAKSIM AND ISTIKLAL QUARTERS.", "Taksim"),
    ],
)
def test_a_name_in_capitals_is_not_cut_short(shouted: str, name: str, gazetteer: Gazetteer) -> None:
    assert read(calm(shouted, gazetteer), gazetteer)[name][2] == "threatened"
