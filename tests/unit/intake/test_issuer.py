"""Who warns: the body that speaks, by every style that states give their missions, and never another body that is named."""

import pytest

from tocsin.intake.issuer import find_issuer


@pytest.mark.parametrize(
    ("text", "state", "kind", "name"),
    [
        ("Embassy of Norway in Tehran: stay at home.", "NO", "embassy", "Embassy of Norway in Tehran"),
        ("Notice of the Embassy of Canada to Peru, Lima.", "CA", "embassy", "Embassy of Canada to Peru"),
        ("Embassy of the Kingdom of the Netherlands, Juba.", "NL", "embassy", None),
        ("Embassy of the Federal Republic of Germany, Accra.", "DE", "embassy", None),
        ("Embassy of the Republic of Korea, Manila.", "KR", "embassy", None),
        ("Embassy of the Russian Federation, Sofia.", "RU", "embassy", None),
        ("Consulate General of the United States of America in Lagos.", "US", "consulate", None),
        ("Consulate of the Slovak Republic, Izmir.", "SK", "consulate", None),
        ("High Commission of India, Dhaka. Take care.", "IN", "embassy", None),
        ("Indian Embassy Dhaka. Take care.", "IN", "embassy", "Indian Embassy Dhaka"),
        ("Ministry for Europe and Foreign Affairs. Mali.", "FR", "foreign_ministry", None),
        ("The Ministry of External Affairs asks Indians in Kyiv to leave.", "IN", "foreign_ministry", None),
        ("Sri Lanka. The Federal Department of Foreign Affairs advises care.", "CH", "foreign_ministry", None),
        ("Ministry for Foreign Affairs, Stockholm. Do not go.", "SE", "foreign_ministry", None),
        (
            "Shots fired near the French Embassy. U.S. Embassy Niamey: stay home.",
            "US",
            "embassy",
            "U.S. Embassy Niamey",
        ),
    ],
)
def test_a_mission_is_of_the_state_that_its_style_names(text: str, state: str, kind: str, name: str | None) -> None:
    found, spans = find_issuer(text)
    assert (found["state"], found["kind"]) == (state, kind)
    assert spans[0].value == text[spans[0].start : spans[0].end]
    assert name in {None, found["name"]}


@pytest.mark.parametrize(
    "text",
    [
        "Iran's Foreign Ministry did not answer. Americans were warned.",
        "The Iraqi Foreign Ministry was told that Americans may be attacked.",
        "The Embassy of Iran did not answer. Americans were warned.",
        "An attack on the Embassy of Spain failed.",
        "Embassy in France: lists of members.",
        "The Embassy of the Democratic People's Republic of Korea is shut.",
    ],
)
def test_a_body_of_another_state_or_one_that_is_attacked_does_not_warn(text: str) -> None:
    assert find_issuer(text) == ({"name": None, "state": None, "kind": None}, ())
