"""One digit, one day, one place that differs between two languages is found; the same facts in other words are not."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.compose.facts import FIELDS, Fact, FactKind, find_differences, find_facts, names_place, without_moments
from tocsin.compose.versions import VersionText
from tocsin.core.language import LANGUAGES, find_dated, tell_moment

MAIN = VersionText(
    "Avoid concerts in Moscow for 48 hours",
    "Issued Thursday 7 March 2024, 18:00 Moscow time. About 2,000 people. See https://embassy.example/a/W-7.",
    "Stay away until Saturday 9 March, 18:00 Moscow time. Call +7 495 123-45-67.",
)
FRENCH = VersionText(
    "Évitez les concerts à Moscou pendant 48 heures",
    "Émis jeudi 7 mars 2024, 18 h, heure de Moscou. Environ 2 000 personnes. Voir https://embassy.example/a/W-7.",
    "Restez à distance jusqu’au samedi 9 mars, 18 h 00, heure de Moscou. Appelez le +7 (495) 1234567.",
)
ARABIC = VersionText(
    "تجنبوا الحفلات في موسكو لمدة ٤٨ ساعة",
    "صدر الخميس ٧ مارس ٢٠٢٤، ١٨:٠٠ بتوقيت موسكو. نحو ٢٠٠٠ شخص. https://embassy.example/a/W-7",
    "ابتعدوا حتى السبت ٩ آذار، ١٨:٠٠ بتوقيت موسكو. اتصلوا على ‎+7 495 123 45 67.",
)
RUSSIAN = VersionText(
    "Избегайте концертов в Москве 48 часов",
    "Выпущено в четверг 7 марта 2024 г., 18:00 по московскому времени. Около 2000 человек. https://embassy.example/a/W-7",
    "Не подходите до субботы 9 марта, 18:00 по московскому времени. Звоните +74951234567.",
)
TOLD = {"fr": (FRENCH, "Moscou"), "ar": (ARABIC, "موسكو"), "ru": (RUSSIAN, "Москва")}


def differences(language: str, text: VersionText) -> tuple[str, ...]:
    return find_differences(MAIN, "en", text, language, {"Moscow": TOLD[language][1]})


@pytest.mark.parametrize("language", TOLD)
def test_the_same_facts_in_the_words_and_digits_of_another_language_are_the_same(language: str) -> None:
    assert differences(language, TOLD[language][0]) == ()


CHANGED = {
    "one digit of an hour": ("fr", "description", "18 h", "19 h", "time 18:00 is missing"),
    "one digit of the minutes": ("ru", "instruction", "18:00", "18:30", "time 18:00 is missing"),
    "a number of hours": ("fr", "headline", "48", "24", "number 48 is missing"),
    "an Arabic digit": ("ar", "headline", "٤٨", "٤٩", "number 48 is missing"),
    "a thousand less": ("fr", "description", "2 000", "1 000", "number 2000 is missing"),
    "another day of the week": ("ru", "instruction", "субботы", "пятницы", "day Saturday is missing"),
    "another month": ("ar", "instruction", "آذار", "نيسان", "month March is missing"),
    "another date": ("fr", "instruction", "9 mars", "8 mars", "number 9 is missing"),
    "no zone": ("fr", "instruction", ", heure de Moscou", "", "zone Moscow is missing"),
    "another telephone": ("ru", "instruction", "+74951234567", "+74951234568", "telephone +74951234567 is missing"),
    "another page": ("ar", "description", "W-7", "W-1", "link https://embassy.example/a/W-7 is missing"),
    "a page more": ("fr", "headline", "48 heures", "48 heures www.evil.example", "link www.evil.example is not in"),
    "a number more": ("fr", "instruction", "Restez", "3 fois. Restez", "number 3 is not in the main text"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_one_fact_that_is_changed_in_one_language_is_found(case: str) -> None:
    language, field, old, new, found = CHANGED[case]
    text = TOLD[language][0]
    changed = {name: getattr(text, name) for name in FIELDS}
    assert old in changed[field]
    changed[field] = changed[field].replace(old, new)
    assert any(f"{field}: {found}" in one for one in differences(language, VersionText(**changed)))


def test_a_place_that_is_not_named_or_named_too_much_is_found() -> None:
    bare = VersionText("Évitez les concerts", "Émis", "Partez")
    plain = VersionText("Avoid concerts", "Issued", "Leave")
    assert find_differences(MAIN, "en", FRENCH, "fr", {"Moscow": "Kazan"}) == (
        "place Moscow is missing, looked for as “Kazan”",
    )
    said_too_much = find_differences(plain, "en", VersionText("Moscou", "Émis", "Partez"), "fr", {"Moscow": "Moscou"})
    assert said_too_much == ("place Moscou is not in the main text",)
    assert find_differences(plain, "en", bare, "fr", {"Moscow": "Moscou"}) == ()


def test_a_zone_or_a_link_with_its_name_does_not_name_a_place() -> None:
    main = VersionText("Avoid concerts in Moscow", "18:00 (Europe/Moscow), www.moscow.example", "Leave")
    told = VersionText("Évitez les concerts", "18:00 (Europe/Moscow), www.moscow.example", "Partez")
    assert find_differences(main, "en", told, "fr", {"Moscow": "Moscow"}) == (
        "place Moscow is missing, looked for as “Moscow”",
    )


def test_a_place_is_a_whole_word_inflected_or_after_an_arabic_prefix() -> None:
    assert names_place("Опасность в Москве", "Москва")
    assert names_place("خطر بموسكو", "موسكو")
    assert names_place("near Nizhny Novgorod", "Nizhny Novgorod")
    for text, name in (("Romeo is here", "Rome"), ("", "Rome"), ("Novgorod Nizhny", "Nizhny Novgorod"), ("Rome", "")):
        assert not names_place(text, name)


@pytest.mark.parametrize("language", LANGUAGES)
@given(at=st.datetimes())
def test_every_moment_is_told_in_every_language_with_the_same_facts(language: str, at: datetime) -> None:
    assert find_facts(tell_moment(at, language), language) == find_facts(tell_moment(at, "en"), "en")
    assert {one.kind for one in find_dated(tell_moment(at, language), language)} == {"day", "month"}


@given(hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_an_hour_is_the_same_however_it_is_written(hour: int, minute: int) -> None:
    half = f"{hour % 12 or 12}:{minute:02} {'p' if hour >= 12 else 'a'}.m. there"
    for text, language in (
        (f"{hour}:{minute:02}", "en"),
        (half, "en"),
        (f"{hour} h {minute:02}", "fr"),
        (f"{hour:02}.{minute:02}", "ru"),
    ):
        assert find_facts(text, language) == {Fact(FactKind.TIME, f"{hour:02}:{minute:02}"): 1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("18:00-20:00", "18:00 – 20:00", True),
        ("18:00-20:00", "18:00-21:00", False),
        ("2024-03-07T18:00:00+03:00", "2024-03-07T18:00:00+03:00", True),
        ("2024-03-07T18:00:00-05:00", "2024-03-07T18:00:00-06:00", False),
        ("09 March", "9 March", True),
        ("2.5 km", "2,5 km", True),
        ("10,000", "10.000", False),
        ("10,000,000", "10.000.000", True),
        ("0.500", "0,500", True),
        ("10,000", "1,000", False),
        ("UTC+3", "UTC+4", False),
        ("UTC+3", "UTC+03:00", True),
        ("UTC+3", "GMT +3", True),
        ("UTC-3", "UTC\u22123", True),
        ("UTC-3", "UTC+3", False),
        ("UTC+5:30", "UTC+5", False),
        ("18:00 GMT-20:00 GMT", "18:00 GMT – 20:00 GMT", True),
        ("112", "0112", False),
        ("٢٫٥ ٢٬٠٠٠", "2.5 2,000", True),
    ],
)
def test_what_is_written_otherwise_is_the_same_and_what_differs_is_not(one: str, other: str, same: bool) -> None:
    assert (find_facts(one, "en") == find_facts(other, "en")) is same


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "de", "", "x"]))
def test_no_text_makes_it_fail_and_a_text_differs_in_nothing_from_itself(text: str, language: str) -> None:
    words = VersionText(text, text, text)
    assert find_differences(words, language, words, language, {}) == ()
    assert len(without_moments(text, language)) == len(text)


@given(st.sampled_from(["1", "1 ", "+1", "18:00 ", "http://", "1,000", "9 May ", "h", "Europe/", "1 h "]))
def test_a_text_as_long_as_an_order_may_be_is_read_to_its_end(unit: str) -> None:
    assert Fact(FactKind.LINK, "www.end.example") in find_facts(unit * (50_000 // len(unit)) + " www.end.example", "en")


def test_without_its_moments_a_text_with_another_end_is_the_same_and_one_with_another_number_is_not() -> None:
    told = "Three men, 48 cars. Stay away until Saturday 9 March 2024, 18:00 Moscow time."
    later = told.replace("Saturday 9 March 2024, 18:00", "Monday 11 March 2024, 09:30")
    assert without_moments(told, "en").split() == without_moments(later, "en").split()
    assert without_moments(told, "en").split() != without_moments(told.replace("48", "49"), "en").split()


ALIKE = {
    "a third time, and no zone": ("The third time in London.", "La troisième fois à Londres.", "fr"),
    "at this time, and no zone": ("At this time London is calm.", "A esta hora Londres está en calma.", "es"),
    "hours that last": ("for 12 hours", "pendant 12 h", "fr"),
    "hours that last, in Spanish": ("for the next 12 hours", "durante las próximas 12 h", "es"),
    "a day": ("for 24 hours", "pendant 24 h", "fr"),
    "the end of a day": ("until 24:00", "jusqu’à 24 h", "fr"),
    "noon": ("at 12:00", "à 12 h", "fr"),
    "the evening": ("at 6 pm", "à 6 heures du soir", "fr"),
    "the afternoon": ("at 18:00", "a las 6 de la tarde", "es"),
    "the evening, in Russian": ("at 18:00", "в 6 часов вечера", "ru"),
    "the day, in Russian": ("at 14:00", "в 2 часа дня", "ru"),
    "two days, in Russian": ("for 2 days", "2 дня", "ru"),
    "the night": ("at 2:00", "о 2 годині ночі", "uk"),
    "the morning, in Arabic": ("at 6 am", "الساعة 6 صباحا", "ar"),
    "a zone": ("18:00 Moscow time", "18 h, heure de Moscou", "fr"),
    "a zone in front": ("18:00 Kyiv time", "за київським часом 18:00", "uk"),
    "a zone behind two times": (
        "18:00 on Monday to 20:00 on Friday Moscow time",
        "de 18 h lundi à 20 h vendredi heure de Moscou",
        "fr",
    ),
    "a zone that we do not know": ("18:00 to 20:00 Bamako time", "18 h – 20 h heure de Bamako", "fr"),
    "a zone in letters": ("18:00 Moscow time", "18:00 (МСК)", "ru"),
    "local time": ("18:00 local time", "18:00 بالتوقيت المحلي", "ar"),
    "thousands": ("1,500 people", "1.500 personas", "es"),
    "thousands in Mexico": ("1,500 people", "1,500 personas", "es-MX"),
    "a fraction": ("1.500 km", "1,500 km", "fr"),
}
APART = {
    "another zone": ("18:00 Moscow time", "18 h heure de Paris", "fr", "zone Moscow is missing"),
    "another zone, in Russian": ("18:00 Moscow time", "18:00 по киевскому времени", "ru", "zone Kyiv is not in"),
    "a zone for the local one": ("18:00 local time", "18:00 hora de Madrid", "es", "zone of the place is missing"),
    "how long for when": ("at 12:00", "pendant 12 h", "fr", "time 12:00 is missing"),
    "the evening for the morning": ("at 6 am", "à 6 h du soir", "fr", "time 06:00 is missing"),
    "the evening for the morning, in Arabic": ("at 6:00", "الساعة 6:00 مساء", "ar", "time 06:00 is missing"),
    "many for one and a half": ("1.500 km", "1500 km", "fr", "number 1.500 is missing"),
}


@pytest.mark.parametrize("case", ALIKE)
def test_what_two_languages_write_in_their_own_way_silences_neither(case: str) -> None:
    main, told, language = ALIKE[case]
    assert find_facts(main, "en") == find_facts(told, language)


@pytest.mark.parametrize("case", APART)
def test_a_zone_a_half_of_the_day_or_a_duration_that_is_told_otherwise_is_found(case: str) -> None:
    main, told, language, found = APART[case]
    differences = find_differences(VersionText("", main, ""), "en", VersionText("", told, ""), language, {})
    assert any(found in one for one in differences)
