"""A region is found by its name with or without the word of its kind, and no name finds a region that it may not mean."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.review.region_names import NamedRegion, index_names, stem


def region(code: str, name: str, english: str = "", *others: str) -> NamedRegion:
    return NamedRegion(code=code, country=code[:2], name=name, english=english or name, others=others)


NAMES = index_names(
    [
        region("RU-BEL", "Belgorod", "", "Belgorodskaya Oblast"),
        region("RU-KDA", "Krasnodar", "Krasnodar Krai"),
        region("RU-DA", "Dagestan", "Republic of Dagestan"),
        region("RU-CHU", "Chukchi Autonomous Okrug", "Chukotka Autonomous Okrug"),
        region("RU-SA", "Sakha (Yakutia)", "Sakha Republic", "Chukotka"),
        region("RU-CITY", "Moskva", "Moscow", "Moscow", "Moskovskaya"),
        region("RU-ROUND", "Moskovskaya", "Moscow"),
        region("RU-ALT", "Altay", "Altai Republic", "Altayskiy Kray"),
        region("RU-AL", "Gorno-Altay", "Altai Republic"),
        region("CN-XJ", "Xinjiang", "", "Xinjiang Uygur", "新疆维吾尔自治区"),
        region("CN-NM", "Inner Mongol", "Inner Mongolia"),
        region("IN-JK", "Jammu and Kashmir"),
        region("US-TX", "Texas", "", "TX"),
        region("US-WA", "Washington"),
        region("US-DC", "District of Columbia", "Washington"),
        region("ZA-WC", "Western Cape"),
        region("ZA-EC", "Eastern Cape"),
    ]
)

FOUND = {
    "its own name": ("RU", "Belgorod", "RU-BEL"),
    "with the word of its kind": ("RU", "Belgorod Oblast", "RU-BEL"),
    "with that word in another language": ("RU", "Belgorod region", "RU-BEL"),
    "with a kind that it is not": ("RU", "Krasnodar region", "RU-KDA"),
    "the word of its kind first": ("US", "State of Texas", "US-TX"),
    "its kind in the file alone": ("RU", "Dagestan", "RU-DA"),
    "two words of its own": ("ZA", "Western Cape Province", "ZA-WC"),
    "an ampersand": ("IN", "Jammu & Kashmir", "IN-JK"),
    "the people of an autonomous region": ("CN", "Xinjiang Uyghur Autonomous Region", "CN-XJ"),
    "an autonomous region without a people": ("CN", "Inner Mongolia Autonomous Region", "CN-NM"),
    "what stands in brackets in the file": ("RU", "Sakha", "RU-SA"),
    "in its own letters": ("CN", "新疆维吾尔自治区", "CN-XJ"),
    "a name that the file gives its neighbour too": ("RU", "Chukotka", "RU-CHU"),
    "its first name, though it is another's second": ("RU", "Moskovskaya", "RU-ROUND"),
    "its first name, though a city has it": ("US", "Washington", "US-WA"),
}


@pytest.mark.parametrize(("country", "name", "code"), list(FOUND.values()), ids=list(FOUND))
def test_a_region_is_found_by(country: str, name: str, code: str) -> None:
    assert NAMES.find(country, name) == code


UNFOUND = {
    "a stem of two": ("RU", "Altai"),
    "a stem of two, with one's kind": ("RU", "Altai Krai"),
    "a city and the land around it": ("RU", "Moscow"),
    "a city and the land around it, with a kind": ("RU", "Moscow Oblast"),
    "a state and a capital, with a kind": ("US", "Washington State"),
    "half a name": ("ZA", "Cape"),
    "a longer name": ("ZA", "Western Cape Winelands"),
    "in another country": ("KZ", "Belgorod Oblast"),
    "a kind alone": ("RU", "Oblast"),
    "the people alone": ("CN", "Uyghur Autonomous Region"),
    "no letter": ("RU", "–"),
    "nothing": ("RU", ""),
}


@pytest.mark.parametrize(("country", "name"), list(UNFOUND.values()), ids=list(UNFOUND))
def test_no_region_is_found_by(country: str, name: str) -> None:
    assert NAMES.find(country, name) is None


@given(st.text(max_size=40))
@example("\N{SQUARE HZ}")
def test_a_stem_has_no_stem_of_its_own_to_lose(name: str) -> None:
    assert stem(stem(name)) == stem(name)


@given(
    st.lists(
        st.tuples(st.sampled_from(["North", "South", "Altai"]), st.sampled_from(["", " Oblast", " Krai"])), max_size=6
    )
)
def test_a_stem_finds_a_region_only_if_it_is_the_only_one(given_names: list[tuple[str, str]]) -> None:
    regions = [region(f"RU-{n}", name + kind) for n, (name, kind) in enumerate(given_names)]
    names = index_names(regions)
    for name in ("North", "South", "Altai"):
        bearers = {one.code for one in regions if stem(one.name) == name.lower()}
        found = names.find("RU", f"{name} Republic")
        assert found == (bearers.pop() if len(bearers) == 1 else None)
