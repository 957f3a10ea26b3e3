"""A message that says two things at once is held for a person: never acted on, never dropped."""

import pytest

from tocsin.intake.status import status_conflict

TESTS = {
    "en": "This is a test. Tsunami warning for the coast.",
    "fr": "Ceci est un exercice. Alerte au tsunami.",
    "es": "Esto es un simulacro. Aviso de tsunami.",
    "ru": "Это учения. Угроза цунами.",
    "uk": "Це навчання. Загроза цунамі.",
    "ar": "هذا تمرين. تحذير من تسونامي.",
}
REAL = {
    "en": "Tsunami warning for the coast. Leave the beach. Blood test centres are closed.",
    "fr": "Alerte au tsunami. Quittez la plage.",
    "es": "Aviso de tsunami. Salga de la playa.",
    "ru": "Угроза цунами. Покиньте пляж.",
    "uk": "Загроза цунамі. Залиште пляж.",
    "ar": "تحذير من تسونامي. غادروا الشاطئ.",
}


@pytest.mark.parametrize("language", TESTS)
@pytest.mark.parametrize(
    ("status", "of_test", "of_real"),
    [
        ("Actual", True, False),
        ("Test", False, True),
        ("Exercise", False, True),
        ("System", False, False),
        ("Draft", False, False),
    ],
)
def test_status_and_words_agree_or_are_told_apart(status: str, of_test: bool, of_real: bool, language: str) -> None:
    assert (status_conflict(status, TESTS[language]) is not None) is of_test
    assert (status_conflict(status, REAL[language]) is not None) is of_real


def test_the_words_that_disagree_are_shown() -> None:
    text = "Warning. THIS IS A TEST. Leave the beach."
    found = status_conflict("Actual", text)
    assert found is not None
    assert text[slice(*found)] == "THIS IS A TEST"
