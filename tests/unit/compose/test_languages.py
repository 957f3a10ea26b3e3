"""Languages of one message: equal facts or held back, nothing unread goes out, and the CAP that carries them is sound."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.cap.alert import Alert, Certainty, NamedValue, Severity, Status, Urgency
from tocsin.cap.check import check_cap
from tocsin.cap.codec import read_alert
from tocsin.cap.finding import Level as CapLevel
from tocsin.cap.profiles import PROFILES
from tocsin.compose.draft import draft_alert
from tocsin.compose.facts import FIELDS, find_differences
from tocsin.compose.languages import Translation, event_in, find_faults, in_language, speak, words_digest
from tocsin.compose.lint.check import find_faults as find_lint
from tocsin.compose.lint.finding import Said
from tocsin.compose.template import (
    SHIPPED,
    Filling,
    Template,
    fill_language,
    fill_template,
    read_template,
    shipped_templates,
)
from tocsin.compose.versions import VersionText, make_versions
from tocsin.core.area import Point
from tocsin.core.language import LANGUAGES
from tocsin.core.marking import Audience
from tocsin.core.threat import Level, Place, Threat
from tocsin.errors import InputError

SENT = datetime(2024, 3, 7, 15, tzinfo=UTC)
OTHERS = LANGUAGES[1:]
NAMES = {"fr": "Moscou", "es": "Moscú", "ar": "موسكو", "ru": "Москва", "uk": "Москва"}
THREAT = Threat(
    places=(Place(name="Moscow", country="RU", level=Level.CITY, point=Point(55.75, 37.62)),), actors=("extremists",)
)
TEMPLATES = shipped_templates()


def filling(at: datetime = SENT, hours: int = 48, names: Mapping[str, str] = NAMES) -> Filling:
    zone = ZoneInfo("Europe/Moscow")
    until = at + timedelta(hours=hours)
    return Filling(
        place="Moscow",
        places=names,
        until=until.astimezone(zone),
        issued=at.astimezone(zone),
        zone=zone.key,
        issuer="Embassy of Example",
    )


def spoken(template: Template, language: str, read_by: str = "P-1", filled: Filling | None = None) -> Translation:
    text = fill_language(template, filled or filling(), language)
    places = {"Moscow": NAMES[language]}
    return Translation(
        language=language,
        text=text,
        places=places,
        digest=words_digest(language, text, places),
        read_by=read_by,
    )


def alert_of(template: Template) -> tuple[Alert, dict[Audience, VersionText]]:
    texts = fill_template(template, filling(), "en")
    public = texts[Audience.PUBLIC]
    made = draft_alert(
        THREAT,
        identifier="embassy.example.W-1",
        sender="warnings@embassy.example",
        sent=SENT,
        expires=SENT + timedelta(hours=48),
        zone="Europe/Moscow",
        status=Status.ACTUAL,
        headline=public.headline,
        description=public.description,
        instruction=public.instruction,
        advice=("avoid_crowds",),
        language="en",
        sender_name="Embassy of Example",
        urgency=Urgency.IMMEDIATE,
        severity=Severity.EXTREME,
        certainty=Certainty.POSSIBLE,
        note=None,
    )
    return made, texts


@pytest.mark.parametrize("name", SHIPPED)
def test_cap_in_six_languages_passes_every_rule_and_reads_back_with_the_same_facts_in_each(name: str) -> None:
    alert, texts = alert_of(TEMPLATES[name])
    every = [spoken(TEMPLATES[name], language) for language in OTHERS]
    versions = make_versions(speak(alert, every), texts, addresses={Audience.PARTNER: ("city.example",)})
    public = next(one for one in versions if one.audience is Audience.PUBLIC)
    for version in versions:
        (found,) = check_cap(version.cap)
        assert (found.valid, found.schema_valid) == (True, True), found.findings
        assert [one for one in found.findings if one.level is not CapLevel.ADVICE] == []
    main, *others = read_alert(public.cap).infos
    assert [one.language for one in others] == list(OTHERS)
    for info, one in zip(others, every, strict=True):
        told = VersionText(info.headline or "", info.description or "", info.instruction or "")
        assert told == one.text
        assert find_differences(texts[Audience.PUBLIC], "en", told, info.language, one.places) == ()
        assert [area.area.description for area in info.areas] == [NAMES[info.language]]
        assert info.event == event_in(info.language) != main.event
        as_main = replace(
            info,
            **{field: getattr(main, field) for field in (*FIELDS, "language", "event", "areas")},
        )
        assert as_main == main, "nothing but words and names of places may differ"
        assert [replace(area.area, description="Moscow") for area in info.areas] == [area.area for area in main.areas]


def test_of_the_profiles_each_says_of_six_languages_what_it_says_of_one() -> None:
    alert, texts = alert_of(TEMPLATES["avoid-crowds"])
    said = speak(alert, [spoken(TEMPLATES["avoid-crowds"], language) for language in OTHERS])
    public = {Audience.PUBLIC: texts[Audience.PUBLIC]}
    alone, every = (make_versions(one, public, addresses={})[0].cap for one in (alert, said))
    for profile in PROFILES:
        ((one,), (more,)) = (check_cap(cap, profile=profile) for cap in (alone, every))
        assert {found.rule for found in more.findings} == {found.rule for found in one.findings}, profile


def test_only_the_public_version_speaks_other_languages_and_none_of_them_names_the_actor() -> None:
    alert, texts = alert_of(TEMPLATES["avoid-crowds"])
    said = speak(alert, [spoken(TEMPLATES["avoid-crowds"], "fr")])
    partner, public = make_versions(said, texts, addresses={Audience.PARTNER: ("city.example",)})
    assert [len(one.alert.infos) for one in (partner, public)] == [1, 2]
    assert NamedValue("tocsin:actor", "extremists") in partner.alert.infos[0].parameters
    assert all(one.name != "tocsin:actor" for info in public.alert.infos for one in info.parameters)
    with pytest.raises(InputError, match="expected one for each of its languages"):
        make_versions(speak(alert, [spoken(TEMPLATES["avoid-crowds"], "fr")] * 2), texts, addresses={})


@given(
    name=st.sampled_from(SHIPPED),
    language=st.sampled_from(OTHERS),
    at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    hours=st.integers(1, 744),
)
def test_a_template_tells_the_same_facts_in_every_language_at_any_time(
    name: str, language: str, at: datetime, hours: int
) -> None:
    filled = filling(at, hours)
    main = fill_template(TEMPLATES[name], filled, "en")[Audience.PUBLIC]
    one = spoken(TEMPLATES[name], language, filled=filled)
    assert find_faults(one, main, "en", places={"Moscow": "Moscow"}, status=Status.ACTUAL, first="") == ()


@given(name=st.sampled_from(SHIPPED), language=st.sampled_from(OTHERS), data=st.data())
def test_l11_one_digit_changed_in_one_language_of_a_template_is_refused(
    name: str, language: str, data: st.DataObject
) -> None:
    main = fill_template(TEMPLATES[name], filling(), "en")[Audience.PUBLIC]
    one = spoken(TEMPLATES[name], language)
    text = one.text.description
    place = data.draw(st.sampled_from([n for n, sign in enumerate(text) if sign.isdigit()]))
    digit = data.draw(st.sampled_from([sign for sign in "0123456789٣" if sign != text[place]]))
    changed = replace(one.text, description=text[:place] + digit + text[place + 1 :])
    if changed != one.text and int(digit) != int(text[place]):
        assert find_faults(
            replace(one, text=changed), main, "en", places={"Moscow": "Moscow"}, status=Status.ACTUAL, first=""
        )


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lint_finds_nothing_in_a_template_of_ours(name: str, language: str) -> None:
    template = TEMPLATES[name]
    main = fill_template(template, filling(), "en")[Audience.PUBLIC]
    text = main if language == "en" else fill_language(template, filling(), language)
    said = Said(
        headline=text.headline,
        description=text.description,
        instruction=text.instruction,
        language=language,
        issuer="Embassy of Example",
        urgency=Urgency.IMMEDIATE,
        certainty=Certainty.POSSIBLE,
        places=(NAMES.get(language, "Moscow"),),
        approved=True,
    )
    assert [str(one) for one in find_lint(said)] == []


def test_what_nobody_read_and_what_differs_does_not_stand() -> None:
    one = spoken(TEMPLATES["avoid-crowds"], "fr")
    assert one.stands
    assert not replace(one, read_by="").stands
    assert not replace(one, faults=("number 48 is missing",)).stands


def test_a_live_warning_that_says_in_one_language_that_it_is_a_test_has_a_fault_there() -> None:
    main = fill_template(TEMPLATES["avoid-crowds"], filling(), "en")[Audience.PUBLIC]
    one = spoken(TEMPLATES["avoid-crowds"], "fr")
    says = replace(one, text=replace(one.text, instruction=f"{one.text.instruction} Ceci est un exercice."))

    def faults(status: Status, first: str = "") -> tuple[str, ...]:
        return find_faults(says, main, "en", places={"Moscow": "Moscow"}, status=status, first=first)

    assert faults(Status.ACTUAL) == ("a real warning says “Ceci est un exercice”",)
    assert faults(Status.EXERCISE) == ()
    assert faults(Status.EXERCISE, "MODIFIÉ :") == ("the headline does not begin with 'MODIFIÉ :'",)


def test_a_place_is_compared_by_its_name_in_either_language() -> None:
    main = fill_language(TEMPLATES["avoid-crowds"], filling(), "ru")
    one = spoken(TEMPLATES["avoid-crowds"], "fr")
    for names, faults in (({"Moscow": "Москва"}, 0), ({"Moscow": "Moscow"}, 1)):
        found = find_faults(one, main, "ru", places=names, status=Status.ACTUAL, first="")
        assert len(found) == faults, found


def test_another_letter_or_another_name_of_a_place_is_another_text_to_confirm() -> None:
    text = VersionText("h", "d", "i")
    digests = {
        words_digest("fr", text, {}),
        words_digest("es", text, {}),
        words_digest("fr", replace(text, headline="H"), {}),
        words_digest("fr", VersionText("d", "h", "i"), {}),
        words_digest("fr", text, {"Moscow": "Moscou"}),
    }
    assert len(digests) == 5
    assert words_digest("fr", text, {"a": "b", "c": "d"}) == words_digest("fr", text, {"c": "d", "a": "b"})


def test_a_message_in_one_language_is_the_main_one_where_it_has_no_such_words() -> None:
    alert, _ = alert_of(TEMPLATES["avoid-crowds"])
    said = speak(alert, [spoken(TEMPLATES["avoid-crowds"], "fr")])
    assert [info.language for info in in_language(said, "fr").infos] == ["fr"]
    for none in ("uk", "", "fr-CA"):
        assert [info.language for info in in_language(said, none).infos] == ["en"]


WORDS = '{"headline": "%s", "description": "{place}", "instruction": "{until}"}'
BAD = {
    "a hole too few": (WORDS % "h").replace("{place}", "x"),
    "a hole too many": WORDS % "{place}",
    "an unknown hole": WORDS % "{number}",
    "an empty text": (WORDS % "h").replace('"{until}"', '" "'),
}


@pytest.mark.parametrize("case", BAD)
def test_a_template_that_leaves_open_another_thing_in_one_language_is_refused(case: str) -> None:
    made = '{"public": %s, "languages": {"fr": %s}}'
    assert set(read_template("good", (made % (WORDS % "h", WORDS % "t")).encode()).languages) == {"fr"}
    with pytest.raises(InputError, match="template bad"):
        read_template("bad", (made % (WORDS % "h", BAD[case])).encode())


@pytest.mark.parametrize("language", ["de", "en", "fr-CA", ""])
def test_a_template_has_only_languages_whose_facts_can_be_compared(language: str) -> None:
    words = json.loads(WORDS % "h")
    raw = json.dumps({"public": words, "languages": {language: words}})
    with pytest.raises(InputError, match="template bad has language"):
        read_template("bad", raw.encode())


def test_a_name_that_looks_like_a_hole_is_not_filled_in() -> None:
    template = read_template("one", ('{"public": %s}' % (WORDS % "{issuer}")).encode())
    filled = replace(filling(), issuer="{place}")
    assert fill_template(template, filled, "en")[Audience.PUBLIC].headline == "{place}"
