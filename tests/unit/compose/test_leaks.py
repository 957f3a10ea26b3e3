"""What would break if a held-back word could reach those who may not see it."""

import base64
import codecs
import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

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

DISGUISES: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "other case": str.upper,
    "split over a line": lambda name: name.replace(" ", "\n"),
    "split over two paragraphs": lambda name: name.replace(" ", "\n\n"),
    "broken by a hyphen": lambda name: name[:4] + "-\n" + name[4:],
    "surname broken by a hyphen": lambda name: name.split()[1][:3] + "-\n" + name.split()[1][3:],
    "spaced out": " ".join,
    "one letter a line": "\n".join,
    "dots between": ".".join,
    "underlined": "_".join,
    "zero-width characters": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "Hangul fillers": "\u3164".join,
    "no-break spaces": lambda name: name.replace(" ", "\u00a0"),
    "right-to-left marks": lambda name: "\u202e" + name + "\u202c",
    "accents": lambda name: unicodedata.normalize("NFC", name.replace("a", "a\u0301").replace("o", "o\u0308")),
    "strokes": lambda name: name.replace("o", "\u00f8").replace("l", "\u0142"),
    "Cyrillic look-alikes": lambda name: name.translate(str.maketrans("aeopcx", "аеорсх")),
    "Greek look-alikes": lambda name: name.translate(str.maketrans("KNTBMov", "ΚΝΤΒΜον")),
    "Cyrillic": lambda name: name.lower().replace("sh", "ш").replace("zh", "ж").translate(str.maketrans("kalomiventrudbps", "каломивентрудбпс")),
    "fullwidth": lambda name: name.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
    "mathematical bold": lambda name: "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else chr(0x1D41A + ord(c) - 97) if c.islower() else c for c in name),
    "circled": lambda name: "".join(chr(0x24D0 + ord(c) - 97) if c.isalpha() else c for c in name.lower()),
    "flag letters": lambda name: "".join(chr(0x1F1E6 + ord(c) - 97) if c.isalpha() else c for c in name.lower()),
    "digits for letters": lambda name: name.replace("o", "0").replace("e", "3").replace("l", "1"),
    "possessive": lambda name: name + "'s cousin",
    "plural": lambda name: "the " + name.split()[1] + "s",
    "surname alone": lambda name: name.split()[1],
    "surname in a mail address": lambda name: "j." + name.split()[1].lower() + "@mail.example",
    "surname with a year": lambda name: "@" + name.split()[1].lower() + "1984",
    "initial and surname": lambda name: name[0] + ". " + name.split()[1],
    "surname first": lambda name: ", ".join(reversed(name.split())),
    "run together": lambda name: "mr" + name.replace(" ", "") + "file",
    "reversed": lambda name: name[::-1],
    "each word reversed": lambda name: " ".join(word[::-1] for word in name.split()),
    "turned by 13 letters": lambda name: codecs.encode(name, "rot13"),
    "base64": lambda name: base64.b64encode(name.encode()).decode(),
    "base64 without padding": lambda name: base64.urlsafe_b64encode(f"it is {name}".encode()).decode().rstrip("="),
    "hex": lambda name: name.encode().hex(),
    "percent": lambda name: "".join(f"%{ord(c):02x}" for c in name),
    "character references": lambda name: "".join(f"&#{ord(c)};" for c in name),
}  # fmt: skip


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
@pytest.mark.parametrize("seed", range(6))
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


def test_a_phrase_told_half_in_the_headline_and_half_below_is_found() -> None:
    info = replace(ALERT.infos[0], headline="What a cook saw", description="He overheard two men in the guest house.")
    assert find_leaks(
        [(Audience.PUBLIC, replace(ALERT, infos=(info,)))], [HeldBack("H1", "the guest-house cook overheard two men")]
    )


@pytest.mark.parametrize("surname", ["Walker", "Parker", "Porter", "Smith"])
def test_a_surname_that_a_word_hides_in_is_found_alone(surname: str) -> None:
    assert told(f"Ask Mr {surname} about it.", f"Robin {surname}")


def test_numbers_are_the_same_in_words_and_digits() -> None:
    assert told("There are 14 fighters there.", "fourteen fighters")
    assert told("There are fourteen fighters there.", "14 fighters")


def test_a_name_of_another_script_is_found() -> None:
    assert told("王小明张伟说", "张伟")
    assert told("Об этом сказал Зоряну Мельниковым.", "Zoryan Melnikov")
    assert told("قال محمد الزهراني ذلك", "محمد الزهراني")


def test_every_place_is_told_and_each_once() -> None:
    name = random_name(11)
    leaks = told(f"{name} said so.\nAsk {name}.\nAsk {name.split()[1]}.", name)
    assert [(leak.line, leak.first_word, leak.last_word) for leak in leaks] == [(1, 1, 2), (2, 2, 3), (3, 2, 2)]


HARMLESS = [
    ("our informant inside the cell", "Stay away from concerts and other large gatherings in Moscow for 48 hours."),
    ("graded B2", "Extremists have imminent plans against large gatherings."),
    ("Colonel Ali Vance of Station North", "Specialists advise to avance no plans; follow the local news north of the river."),
    ("a guest-house cook near the cell", "Guests of hotels are asked to keep phones charged."),
    ("Asif", "Act as if it were true."),
    ("Inan", "Stay in an inner room."),
    ("Ivan Petrov", "Avoid the petrol stations of the Petrovka street; a van may be blocked."),
    ("concerted effort", "Avoid concerts."),
    ("concert", "Stay away from large crowds."),
    ("Source met Khalid in Ankara", "Sources say that crowds are at risk."),
    ("the strike on Moscow", "People in Moscow are asked to stay at home."),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "text"), HARMLESS)
def test_harmless_words_do_not_fire(phrase: str, text: str) -> None:
    assert told(text, phrase) == ()


def test_a_common_word_held_back_by_itself_fires_as_it_stands() -> None:
    assert told("Avoid concerts.", "concert")


ORDINARY = (
    "avoid large crowds stay home follow local news police hospital street tonight people visitors charged".split()
)


@given(st.integers(0, 10**6), st.lists(st.sampled_from(ORDINARY), max_size=40).map(" ".join))
def test_a_text_without_any_word_of_the_phrase_never_fires(seed: int, text: str) -> None:
    assert told(text or "nothing", f"the courier {random_name(seed)} knew it") == ()


def test_every_string_of_the_message_is_looked_at() -> None:
    name = random_name(3)
    info = ALERT.infos[0]
    hidden = {
        "note": replace(ALERT, note=name),
        "codes": replace(ALERT, codes=(name,)),
        "identifier": replace(ALERT, identifier=name.replace(" ", ".")),
        "parameters": replace(ALERT, infos=(replace(info, parameters=(NamedValue("x", name),)),)),
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


@settings(max_examples=60)
@given(
    st.integers(0, 10**6),
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from([" ", "\n", "  ", "\t", " \u200b", "-\n", ", "]),
    st.sampled_from(["headline", "description", "instruction"]),
)
def test_a_lower_version_never_gains_a_held_back_word(
    seed: int, case: Callable[[str], str], gap: str, field: str
) -> None:
    name = random_name(seed)
    clean = VersionText("h", "said by a source we trust", "i")
    texts = {
        Audience.INTERNAL: VersionText("h", f"said by {name}", "i"),
        Audience.PARTNER: clean,
        Audience.PUBLIC: replace(clean, **{field: "said by " + case(name).replace(" ", gap)}),
    }
    versions = make_versions(ALERT, texts, addresses={Audience.INTERNAL: ("e",), Audience.PARTNER: ("c",)})
    leaks = find_leaks([(v.audience, v.alert) for v in versions], [HeldBack("H1", name)])
    assert {(leak.audience, leak.field) for leak in leaks} == {(Audience.PUBLIC, field)}
