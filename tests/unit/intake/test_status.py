"""A message that says two things at once is held for a person: never acted on, never dropped."""

from time import perf_counter

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


SAID = {
    "en": [
        "TEST TEST TEST Tsunami warning",
        "TEST - Tsunami warning",
        "Routine test of the public alert system. Tsunami Warning for Hawaii.",
        "System test of the emergency network. Evacuate now.",
        "A routine test. Evacuate.",
        "Weekly routine test in progress: flash flood warning",
        "The monthly system test takes place now: tornado warning",
        "Esto solo es una prueba",
        "TEST...TSUNAMI WARNING...TEST",
        "Tsunami warning\nTEST\nLeave the beach",
        "Tsunami warning [exercise]",
        "WARNING: TEST Leave the beach",
        "*** EXERCISE *** evacuate",
        "EXERCISE: evacuate",
        "drill drill drill",
        "This message is a test",
        "This was a test",
        "This is just a drill",
        "This is only an exercise",
        "This is a required monthly test of the sirens",
        "Monthly test of the warning system",
        "ADR Test Message",
        "Test message from the city",
        "THIS IS\nA TEST",
        "This is not a real emergency. This is a test.",
        "Real? No – this is a test",
    ],
    "fr": [
        "Ceci n'est qu'un test",
        "Ceci n’est qu’un exercice",
        "Exercice : évacuez",
        "TEST Alerte",
        "Message de test",
    ],
    "es": ["Simulacro: evacúe", "Esto es solo un simulacro", "Esto no es más que una prueba", "SIMULACRO Evacúe"],
    "ru": ["Это всего лишь учения", "Это — тест", "УЧЕНИЯ: эвакуация", "Внимание! Учебная тревога"],
    "uk": ["Це лише навчання", "Це — тест", "Тренування: евакуація", "Увага! Навчальна тривога"],
    "ar": ["هذا مجرد تمرين", "تمرين: أخلوا المبنى", "اختبار اختبار اختبار", "هذه ليست حالة حقيقية. هذا اختبار"],
}
MEANT = {
    "en": [
        "This is not a test message. A bomb exploded.",
        "This is NOT a drill. Run.",
        "THIS IS NOT A\nTEST. RUN.",
        "Do not believe that this is a drill: it is real",
        "A bomb exploded during a routine test of the metro",
        "A bomb exploded during a\ntest. Five people died.",
        "A system test at the plant led to an explosion",
        "First test message from attackers",
        "Five people died during the exercise. Exercise caution.",
        "Level 2: EXERCISE INCREASED CAUTION",
        "EXERCISE CAUTION DUE TO CRIME",
        "EXERCISE A HIGH DEGREE OF CAUTION",
        "EXERCISE SITUATIONAL AWARENESS",
        "Level 3: EXERCISE GREATER CAUTION",
        "DRILL HALL attacked; avoid the area",
        'Attack on the "TEST" nightclub',
        "Навчання. Школи закрито через загрозу обстрілу",
        "Тренировка: команды под угрозой",
        "Проверка: документов на улицах больше, чем обычно",
        "The cricket Test: bomb at the stadium",
        "Avoid the nuclear test site",
    ],
    "fr": [
        "Ceci n'est pas un test",
        "Ce n’est pas un exercice",
        "Ceci n'est pas un message de test",
        "Tirs à l'exercice",
    ],
    "es": ["Esto no es un simulacro", "No se trata de una prueba", "Una bomba explotó durante un simulacro"],
    "ru": ["Это не учения", "Это не учебная тревога", "Взрыв во время учений", "По факту взрыва проводится проверка"],
    "uk": ["Це не навчання", "Це не навчальна тривога", "Вибух під час навчань"],
    "ar": ["هذا ليس تمرين", "ليس هذا تمرينا", "هذه ليست رسالة اختبار", "وقع انفجار خلال تمرين في المدرسة"],
}


@pytest.mark.parametrize("text", [text for texts in SAID.values() for text in texts])
def test_a_test_that_is_sent_as_actual_is_never_acted_on(text: str) -> None:
    assert status_conflict("Actual", text) is not None


@pytest.mark.parametrize("text", [text for texts in MEANT.values() for text in texts])
def test_a_real_warning_that_denies_a_test_or_tells_of_one_is_not_held(text: str) -> None:
    assert status_conflict("Actual", text) is None


@pytest.mark.parametrize(
    "unit", ["this is ", "not a a a a test only ", "\n", "* ", "- ", "[ ", "(test", "это ", "not ", "x"]
)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    started = perf_counter()
    assert status_conflict("Actual", unit * (200_000 // len(unit))) is None
    assert perf_counter() - started < 2  # 0.1 s; were it quadratic, minutes
