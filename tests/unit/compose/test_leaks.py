"""What would break if a held-back word could reach those who may not see it."""

import base64
import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.cap.alert import (
    Alert,
    AlertArea,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Scope,
    Severity,
    Status,
    Urgency,
)
from tocsin.compose.leaks import HeldBack, Leak, find_leaks
from tocsin.compose.versions import VersionText, make_versions
from tocsin.core.area import Area, Circle, Point
from tocsin.core.marking import Audience
from tocsin.errors import InputError

ALERT = Alert(
    identifier="e.1",
    sender="warnings@embassy.example",
    sent=datetime(2024, 3, 7, 15, tzinfo=UTC),
    status=Status.EXERCISE,
    msg_type=MsgType.ALERT,
    scope=Scope.PUBLIC,
    infos=(
        Info(
            categories=(Category.SECURITY,),
            event="Threat of attack",
            urgency=Urgency.IMMEDIATE,
            severity=Severity.EXTREME,
            certainty=Certainty.POSSIBLE,
            sender_name="Embassy of Example",
            headline="Avoid large gatherings",
            description="Stay away from concerts for 48 hours.",
            areas=(AlertArea(Area(description="Moscow", circles=(Circle(Point(55.75, 37.62), 8),))),),
        ),
    ),
)


def told(text: str, *phrases: str, audience: Audience = Audience.PUBLIC) -> tuple[Leak, ...]:
    alert = replace(ALERT, infos=(replace(ALERT.infos[0], description=text),))
    return find_leaks([(audience, alert)], [HeldBack(f"H{n}", phrase) for n, phrase in enumerate(phrases, 1)])


def random_name(seed: int) -> str:
    chance = random.Random(seed)
    syllables = ["ka", "lo", "mi", "ven", "tor", "shu", "dra", "bel", "no", "ri", "zhe", "pal"]
    return " ".join("".join(chance.choices(syllables, k=3)).capitalize() for _ in range(2))


FRAME = "The plan was told to us by {} two days ago.\nStay away from concerts."

DISGUISES = {
    "as it stands": lambda name: name,
    "other case": str.upper,
    "split over a line": lambda name: name.replace(" ", "\n"),
    "broken by a hyphen": lambda name: name[:4] + "-\n" + name[4:],
    "spaced out": " ".join,
    "zero-width characters": lambda name: "\u200b".join(name),
    "soft hyphens": lambda name: "\u00ad".join(name),
    "accents": lambda name: unicodedata.normalize("NFC", name.replace("a", "a\u0301").replace("o", "o\u0308")),
    "Cyrillic look-alikes": lambda name: name.translate(str.maketrans("aeopcx", "аеорсх")),
    "digits for letters": lambda name: name.replace("o", "0").replace("e", "3"),
    "possessive": lambda name: name + "'s cousin",
    "surname alone": lambda name: name.split()[1],
    "initial and surname": lambda name: name[0] + ". " + name.split()[1],
    "surname first": lambda name: ", ".join(reversed(name.split())),
    "reversed": lambda name: name[::-1],
    "base64": lambda name: base64.b64encode(name.encode()).decode(),
    "hex": lambda name: name.encode().hex(),
}  # fmt: skip


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
@pytest.mark.parametrize("seed", range(12))
def test_a_planted_name_is_found(disguise: Callable[[str], str], seed: int) -> None:
    name = random_name(seed)
    assert told(FRAME.format(disguise(name)), name), f"{name!r} got through"


def test_the_same_text_without_the_name_passes() -> None:
    for seed in range(40):
        assert told(FRAME.format("somebody else"), random_name(seed)) == ()


PARAPHRASES = {
    "other order": ("the brother of the cell's driver", "a driver for that cell, whose brother they trust"),
    "synonyms": ("our informant inside the cell", "a source in that group told us"),
    "inflected": ("intercepted telephone calls", "their phone call was intercepted"),
    "spread out": ("a safe house near the river", "we know of a house, said to be safe, which lies by the river"),
    "split over a line": ("the guest-house cook overheard them", "a cook who overheard\nthem in the guest house"),
}


@pytest.mark.parametrize(("phrase", "text"), PARAPHRASES.values(), ids=PARAPHRASES.keys())
def test_a_paraphrase_is_found(phrase: str, text: str) -> None:
    assert told(text, phrase)


HARMLESS = [
    ("our informant inside the cell", "Stay away from concerts and other large gatherings in Moscow for 48 hours."),
    ("graded B2", "Extremists have imminent plans against large gatherings."),
    (
        "Colonel Ali Vance of Station North",
        "Specialists advise to avance no plans; follow the local news north of the river.",
    ),
    ("a guest-house cook near the cell", "Guests of hotels are asked to keep phones charged."),
]


@pytest.mark.parametrize(("phrase", "text"), HARMLESS)
def test_harmless_words_do_not_fire(phrase: str, text: str) -> None:
    assert told(text, phrase) == ()


def test_every_string_of_the_message_is_looked_at() -> None:
    name = random_name(3)
    info = ALERT.infos[0]
    hidden = {
        "note": replace(ALERT, note=name),
        "code": replace(ALERT, codes=(name,)),
        "identifier": replace(ALERT, identifier=name.replace(" ", ".")),
        "parameter": replace(ALERT, infos=(replace(info, parameters=(NamedValue("x", name),)),)),
        "contact": replace(ALERT, infos=(replace(info, contact=name),)),
        "headline": replace(ALERT, infos=(replace(info, headline=name),)),
        "addresses": replace(ALERT, addresses=(name,)),
    }
    for field, alert in hidden.items():
        (leak,) = find_leaks([(Audience.PUBLIC, alert)], [HeldBack("H1", name)])
        assert leak.field == field


def test_a_leak_is_named_by_place_and_never_quoted() -> None:
    name = random_name(5)
    (leak,) = told("All is well.\nBut ask " + name + " first.", name)
    assert (
        str(leak)
        == "version for public, description, line 2, words 3-4: phrase H1, held back below TLP:AMBER+STRICT (exact)"
    )
    assert name.split()[0] not in str(leak)


def test_who_may_read_it_may_read_it() -> None:
    name = random_name(7)
    assert told(name, name, audience=Audience.INTERNAL) == ()
    assert told(name, name, audience=Audience.PARTNER)


def test_a_phrase_too_short_to_mean_anything_is_refused() -> None:
    with pytest.raises(InputError):
        HeldBack("H1", "a.")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from([" ", "\n", "  ", "\t", " \u200b"]))
def test_a_lower_version_never_gains_a_held_back_word(seed: int, upper: bool, gap: str) -> None:
    name = random_name(seed)
    planted = (name.upper() if upper else name).replace(" ", gap)
    texts = {
        Audience.INTERNAL: VersionText("h", f"said by {name}", "i"),
        Audience.PARTNER: VersionText("h", "said by a source we trust", "i"),
        Audience.PUBLIC: VersionText("h", f"said by {planted}", "i"),
    }
    versions = make_versions(ALERT, texts, addresses={Audience.INTERNAL: ("e",), Audience.PARTNER: ("c",)})
    leaks = find_leaks([(v.audience, v.alert) for v in versions], [HeldBack("H1", name)])
    assert {leak.audience for leak in leaks} == {Audience.PUBLIC}
