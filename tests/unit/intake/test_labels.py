"""Targets, methods, actors and advice: what a text says of the threat, not every word that it uses."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.vocabulary import canonical
from tocsin.intake.actors import find_actors
from tocsin.intake.advice import find_advice
from tocsin.intake.certainty import band_of, find_certainty
from tocsin.intake.issuer import find_issuer
from tocsin.intake.methods import find_methods
from tocsin.intake.report import Found
from tocsin.intake.targets import find_targets


def labels(found: tuple[Found, ...]) -> set[str]:
    return {one.value for one in found}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Terrorists may strike hotels, churches and markets.", {"hotel", "place_of_worship", "market"}),
        ("Avoid shopping centres and night clubs.", {"shopping_mall", "bar_nightclub"}),
        ("There are threats against Americans in the capital.", {"us_citizens"}),
        ("Gunmen may attack embassies and international organisations.", {"embassy_diplomatic", "international_org"}),
        ("Demonstrations are planned and could turn violent.", {"demonstration_rally"}),
        ("Gunmen may attack diplomats.", {"embassy_diplomatic"}),
        (
            "Extremists may attack UN compounds, tankers and security installations.",
            {"international_org", "port_maritime", "police_security"},
        ),
        ("Terrorists continue to plot against air travel.", {"aviation"}),
        ("STADIUMS AND FAN ZONES MAY BE HIT.", {"sports_event"}),
        (
            "There may be attacks on police, trains and embassies.",
            {"police_security", "public_transport", "embassy_diplomatic"},
        ),
        ("Rebels may attack the army.", {"military"}),
        (
            "There is a risk of attacks, marches or hostile acts against U.S. nationals and facilities.",
            {"demonstration_rally", "us_citizens", "us_interests"},
        ),
        (
            "The potential for violent acts against American citizens and interests is high; be vigilant.",
            {"us_citizens", "us_interests"},
        ),
        ("The Embassy knows of calls for new protests on Friday.", {"demonstration_rally"}),
        ("Protests continue in the capital.", {"demonstration_rally"}),
        ("Avoid the square, where further rallies are expected.", {"demonstration_rally"}),
        ("Avoid the harbour on Sunday, when marches against the tax are foreseen.", {"demonstration_rally"}),
        ("Pickpockets and bombers may target the public.", {"general_public"}),
        ("The police warned the public of attacks on bars.", {"general_public", "bar_nightclub"}),
        ("The airport is closed because of a threat of attack on it.", {"airport"}),
    ],
)
def test_a_target_is_read(text: str, wanted: set[str]) -> None:
    assert labels(find_targets(text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Be alert in places where tourists and Westerners go.",
        "Avoid crowds.",
        "Avoid demonstrations.",
        "There is no information on a threat to hotels.",
        "U.S. Embassy Nairobi, Security Alert.",
        "In May a hotel was bombed and eight people died.",
        "Follow the media and the orders of the police.",
        "The Consulate is closed to the public.",
        "The Embassy cannot serve the public on Monday.",
        "The airport is closed and schools remain shut.",
        "The port may close without notice.",
        "Guards have been posted at airports and stations.",
        "The Embassy bars its staff from the old town.",
        "After the attack the police said that they had made arrests.",
        "Police said that they had made arrests.",
        "Stay out of political rallies and protest marches.",
        "Be careful where Americans live.",
    ],
)
def test_what_is_not_aimed_at_is_no_target(text: str) -> None:
    assert labels(find_targets(text)) == set()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Suicide bombings are possible.", {"suicide_bombing"}),
        ("Attackers could use car bombs or knives.", {"vehicle_bomb", "stabbing"}),
        ("A van bomb or a complex attack is possible.", {"vehicle_bomb", "armed_assault"}),
        ("Possible attacks and kidnappings.", {"kidnapping", "unspecified_attack"}),
        ("Kidnapping for ransom is a risk.", {"kidnapping"}),
        ("Extremists plan to strike concerts.", {"unspecified_attack"}),
        ("A Mumbai-style attack on hotels is feared.", {"armed_assault"}),
        ("Last week's bombing killed nine. New attacks may come.", {"unspecified_attack"}),
        ("Drones and missiles may hit the power grid.", {"drone", "missile_rocket"}),
        ("The library is closed for repairs.", set()),
        ("Rioters loot shops.", {"civil_unrest"}),
        ("Protests have spread to other towns.", {"civil_unrest"}),
        ("Gangs set cars alight and burn shops.", {"arson"}),
        ("Several buses have been torched.", {"arson"}),
        ("Shots are heard near the port.", {"armed_assault"}),
        ("Armed men hold the station.", {"armed_assault"}),
        ("Two suicide blasts shake the town.", {"suicide_bombing"}),
        ("A lorry drove into a crowd.", {"vehicle_ramming"}),
        ("Heavy fighting goes on in the north.", {"armed_conflict"}),
        ("Clashes between the army and rebels go on.", {"armed_conflict"}),
        ("Clashes between students and soldiers go on.", {"civil_unrest"}),
        ("Firefighters burn dry grass.", set()),
        ("Avoid protests and marches.", set()),
    ],
)
def test_a_method_is_that_of_the_threat(text: str, wanted: set[str]) -> None:
    assert labels(find_methods(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Boko Haram may strike.", ["Boko Haram"]),
        ("Islamic State and other terrorist groups plan attacks.", ["Islamic State", "other terrorist groups"]),
        ("Heavily armed gangs roam the port.", ["Heavily armed gangs"]),
        ("Persons of extremist mind may act.", ["Persons of extremist mind"]),
        ("Iran has raised its efforts.", ["Iran"]),
        ("A terrorist attack is possible.", []),
        ("Travel to Iran is not advised.", []),
        ("The militants struck. The militants fled.", ["militants"]),
        ("Attacks by Iran are possible.", ["Iran"]),
        ("Cells led by Iran plan to strike.", ["Iran"]),
        ("Iran has vowed to retaliate.", ["Iran"]),
        ("He was led by Russian guides.", []),
        ("A Russian airliner was bombed.", []),
        ("Russian air strikes go on.", ["Russian"]),
        ("The PKK and IS may attack.", ["PKK", "IS"]),
        ("The airport IS closed. It IS and remains dangerous.", []),
        ("The Omar ibn Zayd Brigade plans attacks; the fire brigade came.", ["Omar ibn Zayd Brigade"]),
        ("Al-Qaeda in the Islamic Maghreb may strike.", ["Al-Qaeda in the Islamic Maghreb"]),
    ],
)
def test_an_actor_is_named_once_in_the_words_of_the_text(text: str, wanted: list[str]) -> None:
    assert [one.value for one in find_actors(text)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Stay away from the stadium.", {"avoid_area"}),
        ("American staff are forbidden to go there.", {"mission_restricted"}),
        ("Know where the shelter is and go to the nearest shelter.", {"seek_cover"}),
        ("Keep inside your hotel; go to a safe place if told to.", {"shelter_in_place", "leave_area_now"}),
        ("Take care and keep abreast of the news.", {"be_vigilant", "monitor_media"}),
        ("Watch for anything odd and tell the police.", {"report_suspicious"}),
        ("Steer clear of crowds and keep a low profile.", {"avoid_crowds", "keep_low_profile"}),
        ("Do not travel to Somalia.", {"avoid_travel"}),
        ("Do not travel to the airport.", {"avoid_area"}),
        ("Make no trips that are not essential.", {"avoid_nonessential_travel"}),
        ("Leave the area at once.", {"leave_area_now"}),
        (
            "The FCDO advises against all travel to Zamfara, and against all but essential travel to Kano.",
            {"avoid_travel", "avoid_nonessential_travel"},
        ),
        ("We advise against all but essential travel to Kano.", {"avoid_nonessential_travel"}),
        ("All travel to the north is strongly advised against.", {"avoid_travel"}),
        ("The ministry advises against travel to Kano.", {"avoid_travel"}),
        ("Travel to Kano is not recommended.", {"avoid_travel"}),
        ("Embassy staff must not travel to Kano.", {"mission_restricted"}),
        (
            "Avoid crowded places, rallies and government buildings.",
            {"avoid_crowds", "avoid_demonstrations", "avoid_area"},
        ),
        ("Avoid large gatherings and places of worship.", {"avoid_crowds", "avoid_area"}),
        ("Avoid Rossio Avenue after dark.", {"avoid_area"}),
        ("Keep away from the army camps and from the air base.", {"avoid_area"}),
        ("Avoid crowds and political rallies.", {"avoid_crowds", "avoid_demonstrations"}),
        ("Alter your habits and do not follow a routine.", {"vary_routes"}),
        ("Have a plan.", {"emergency_plan"}),
        ("They have a plan to attack.", set()),
        ("Stay confined and do not go out.", {"shelter_in_place"}),
        ("Do not go out alone.", set()),
        ("Stay in a safe place.", {"shelter_in_place"}),
        ("Restock water.", {"stock_supplies"}),
        ("Stay calm and obtain information from the news.", {"monitor_media"}),
        ("Follow the Embassy on social media.", set()),
        ("Conceal Israeli marks.", {"hide_identity"}),
        ("Make yourself known to the consulate.", {"register_embassy"}),
        ("Report your safety to your relatives.", {"contact_family"}),
        ("The Embassy cannot serve the public today.", {"mission_closed"}),
        ("Keep your movements discreet and draw no attention.", {"keep_low_profile"}),
        ("Leave Sudan now.", {"leave_country"}),
        ("Embassy staff have been told not to visit hotels.", {"mission_restricted"}),
        ("The Consulate will be closed on Monday.", {"mission_closed"}),
        ("The Embassy received a report of a threat.", set()),
        ("A man avoided arrest.", set()),
    ],
)
def test_advice_is_what_people_are_told_to_do(text: str, wanted: set[str]) -> None:
    assert labels(find_advice(text)) == wanted


@pytest.mark.parametrize(
    ("text", "state", "kind"),
    [
        ("British High Commission Abuja: avoid markets.", "GB", "embassy"),
        ("The Consulate General asks American citizens to avoid malls.", "US", "consulate"),
        ("Global Affairs Canada advises against travel.", "CA", "foreign_ministry"),
        ("German Federal Foreign Office: travel notice.", "DE", "foreign_ministry"),
        ("The Ministry of Foreign Affairs of Japan asked its nationals to stay away.", "JP", "foreign_ministry"),
        ("Israel's National Security Council raised the level.", "IL", "security_council"),
        ("The police closed a road.", None, None),
    ],
)
def test_the_issuer_is_the_body_that_warns(text: str, state: str | None, kind: str | None) -> None:
    found, spans = find_issuer(text)
    assert (found["state"], found["kind"]) == (state, kind)
    assert bool(spans) is (state is not None)


def test_certainty_keeps_the_words_and_suggests_a_band_only_for_likelihood() -> None:
    assert [one.value for one in find_certainty("Credible reports: an attack is LIKELY.")] == ["Credible", "LIKELY"]
    assert band_of("LIKELY") == "likely"
    assert band_of("credible") is None


def test_every_label_that_reading_can_give_has_one_canonical_tag() -> None:
    for table in ("targets", "methods"):
        names = json.loads(files("tocsin.intake").joinpath("data", f"{table}.json").read_text(encoding="utf-8"))
        for label in names:
            assert canonical(canonical(label)) == canonical(label)


@given(st.text(max_size=400))
def test_no_text_breaks_a_reader_and_every_span_lies_in_it(text: str) -> None:
    for find in (find_targets, find_methods, find_actors, find_advice, find_certainty):
        for one in find("İ" + text):
            assert 0 <= one.start < one.end <= len(text) + 1
