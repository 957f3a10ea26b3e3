"""Places in running text by the real gazetteer: which one is meant, in whatever script, and what is none."""

import pytest

from tocsin.intake.places import find_places
from tocsin.intake.ports import Gazetteer, place_key
from tocsin.node import open_gazetteer


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
