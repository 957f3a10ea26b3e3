"""A warning in several languages: who gets which, what waits alone, and that nothing goes out that nobody has read."""

import io
import json
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from tests.cli.test_transcripts import run
from tests.walks.conftest import VENUES, World, named, staff
from tests.walks.leaves import read_claims, read_leaves

from tocsin.cap.alert import Alert
from tocsin.cap.check import check_cap
from tocsin.cap.codec import read_alert
from tocsin.compose.revision import Change
from tocsin.compose.template import read_template, shipped_templates
from tocsin.core.data import read_data, read_text_data
from tocsin.core.marking import Audience
from tocsin.desk import people, register, report
from tocsin.desk.changes import draft_revision
from tocsin.desk.confirming import confirm_language
from tocsin.desk.drafts import draft_warning, hold_draft, preview_draft, release_draft
from tocsin.desk.order import order_from_json
from tocsin.desk.policy import find_policy_faults, read_policy
from tocsin.desk.ports import Desk
from tocsin.desk.public import show_link, show_public
from tocsin.desk.register import import_register
from tocsin.desk.sending import claim_mail
from tocsin.desk.tasks import list_tasks
from tocsin.desk.warn import issue_warning, preview_warning
from tocsin.errors import ConfigError, InputError, LeakError, NotFoundError, PolicyError, StateError
from tocsin.evidence.entry import Kind
from tocsin.node import make_node, open_node

FRENCH = {
    "headline": "Évitez les grands rassemblements à Moscou pendant 48 heures",
    "description": "L'ambassade suit des informations, non confirmées, selon lesquelles des extrémistes préparent des "
    "attentats contre de grands rassemblements à Moscou. Émis jeudi 7 mars, 18 h 00, heure de Moscou.",
    "instruction": "Évitez les grands rassemblements jusqu'au samedi 9 mars, 18 h 00, heure de Moscou. Prochain message "
    "vendredi 8 mars, 18 h 00, heure de Moscou ; vérifiez sur la page de l'ambassade.",
}
RUSSIAN = {
    "headline": "Избегайте больших скоплений людей в Москве 48 часов",
    "description": "Посольство следит за сообщениями, они не подтверждены: экстремисты готовят нападения на скопления людей "
    "в Москве. Выпущено в четверг 7 марта, 18:00 по московскому времени.",
    "instruction": "Избегайте скоплений людей до субботы 9 марта, 18:00 по московскому времени. Следующее сообщение в пятницу "
    "8 марта, 18:00 по московскому времени; проверьте на странице посольства.",
}
PLACES = {"fr": {"Moscow": "Moscou"}, "ru": {"Moscow": "Москва"}}
TRANSLATED = {"translations": {"fr": FRENCH, "ru": RUSSIAN}, "place_names": PLACES, "peers": []}
SPEAKERS = "id,language,zone,lat,lon,email\n" + "".join(
    f"{name},{language},Europe/Moscow,55.75,37.6,{name.lower()}@people.example\n"
    for name, language in (("P0", "en"), ("P1", "fr"), ("P2", "ru-RU"), ("P4", "uk"))
)


@pytest.fixture
def speakers(world: World) -> World:
    import_register(world.embassy.desk, "people", SPEAKERS.encode())
    return world


def draft(world: World, **changes: Any) -> str:
    made: str = draft_warning(world.embassy.desk, world.order(**TRANSLATED | changes))["draft"]
    return made


def digest(world: World, made: str, language: str) -> str:
    (found,) = [one for one in preview_draft(world.embassy.desk, made)["languages"] if one["language"] == language]
    words: str = found["sha256"]
    return words


def confirm(world: World, made: str, language: str) -> dict[str, Any]:
    return confirm_language(world.embassy.releaser, made, language, digest(world, made, language))


def letters(world: World) -> dict[str, tuple[str, str]]:
    """Every letter to people that is due: address to language of its ledger row and headline."""
    found = {}
    for mail, raw in claim_mail(world.embassy.node):
        message = message_from_bytes(raw, policy=default)
        if mail.warning and not mail.party:
            found[mail.address.partition("@")[0]] = (mail.language, str(message["Subject"]))
    return found


def public_of(world: World, warning: str) -> Alert:
    with world.embassy.desk.store.read() as tx:
        kept = [one for one in tx.cases.versions(warning) if one.audience is Audience.PUBLIC][-1]
    (checked,) = check_cap(kept.cap)
    assert (checked.valid, checked.schema_valid) == (True, True)
    return read_alert(kept.cap)


def languages(world: World, warning: str) -> list[str]:
    return [info.language for info in public_of(world, warning).infos]


def test_each_gets_their_language_if_it_was_confirmed_else_the_main_one_and_the_ledger_says_which(
    speakers: World,
) -> None:
    made = draft(speakers)
    confirm(speakers, made, "fr")
    warning = release_draft(speakers.embassy.releaser, made)["warning"]
    assert languages(speakers, warning) == ["en", "fr"]
    sent = letters(speakers)
    english = "[EXERCISE] Avoid large gatherings in Moscow for 48 hours"
    assert sent == {
        "p0": ("en", english),
        "p1": ("fr", f"[EXERCICE] {FRENCH['headline']}"),
        "p2": ("en", english),
        "p4": ("en", english),
    }


def test_l11_one_digit_changed_in_one_language_holds_that_language_back_and_the_others_go_out(speakers: World) -> None:
    wrong = RUSSIAN | {"instruction": RUSSIAN["instruction"].replace("9 марта, 18:00", "9 марта, 19:00")}
    made = draft(speakers, translations={"fr": FRENCH, "ru": wrong})
    with pytest.raises(PolicyError, match=r"tell other facts.*instruction: time 18:00 is missing"):
        confirm(speakers, made, "ru")
    confirm(speakers, made, "fr")
    outcome = release_draft(speakers.embassy.releaser, made)
    assert {one["language"]: one["goes_out"] for one in outcome["languages"]} == {"fr": True, "ru": False}
    assert languages(speakers, outcome["warning"]) == ["en", "fr"]
    assert "19:00" not in str(public_of(speakers, outcome["warning"]))
    assert {language for language, _ in letters(speakers).values()} == {"en", "fr"}


def test_words_that_nobody_confirmed_leave_in_no_language_by_no_way(speakers: World) -> None:
    made = draft(speakers)
    outcome = release_draft(speakers.embassy.releaser, made)
    assert [one["goes_out"] for one in outcome["languages"]] == [False, False]
    assert languages(speakers, outcome["warning"]) == ["en"]
    assert {language for language, _ in letters(speakers).values()} == {"en"}
    exercise = speakers.order(**TRANSLATED)
    assert languages(speakers, issue_warning(speakers.embassy.desk, order_from_json(exercise))["warning"]) == ["en"]
    letters(speakers)


def test_an_order_cannot_say_that_its_words_were_confirmed(speakers: World) -> None:
    with pytest.raises(InputError, match="unknown key 'confirmed'"):
        draft(speakers, confirmed={"fr": {"by": "P-1", "sha256": "0" * 64}})


def test_the_log_says_who_confirmed_which_words_and_what_waited_and_holds_no_word_of_them(speakers: World) -> None:
    made = draft(speakers)
    said = confirm(speakers, made, "fr")
    release_draft(speakers.embassy.releaser, made)
    claims = [read_claims(one) for one in read_leaves(speakers.embassy.node)]
    (confirmed,) = [one for one in claims if one.get("act") == "confirm_language"]
    assert (confirmed["by"], confirmed["language"], confirmed["sha256"]) == (
        speakers.embassy.releaser.actor,
        "fr",
        said["sha256"],
    )
    (state,) = [one for one in claims if one["kind"] == Kind.STATE.value]
    assert state["languages"] == {"fr": speakers.embassy.releaser.actor}
    assert state["languages_held_back"] == ["ru"]
    assert all("rassemblements" not in str(one) for one in claims)
    letters(speakers)


def test_a_confirmation_is_of_the_words_that_were_read_once_and_of_a_draft_that_waits(speakers: World) -> None:
    made = draft(speakers)
    with pytest.raises(StateError, match="you read 000000000000"):
        confirm_language(speakers.embassy.releaser, made, "fr", "0" * 64)
    with pytest.raises(NotFoundError, match="has no words in 'uk'"):
        confirm_language(speakers.embassy.releaser, made, "uk", "0" * 64)
    words = digest(speakers, made, "fr")
    once = confirm_language(speakers.embassy.releaser, made, "fr", words, once="k")
    size = len(read_leaves(speakers.embassy.node))
    assert confirm_language(speakers.embassy.releaser, made, "fr", words, once="k") == once
    assert len(read_leaves(speakers.embassy.node)) == size
    hold_draft(speakers.embassy.releaser, made, "no")
    with pytest.raises(StateError, match="was held"):
        confirm_language(speakers.embassy.releaser, made, "ru", words)
    letters(speakers)


def test_words_that_wait_are_looked_at_for_leaks_before_anybody_confirms_them(speakers: World) -> None:
    leaky = FRENCH | {"description": FRENCH["description"] + " A guest-house cook near the cell."}
    with pytest.raises(LeakError):
        draft(speakers, translations={"fr": leaky})


ORDERS: dict[str, tuple[dict[str, Any], str]] = {
    "a language whose facts we cannot compare": ({"translations": {"de": FRENCH}}, "language 'de'"),
    "no tag of a language": ({"translations": {"French": FRENCH}}, "language 'French'"),
    "the main language again": ({"translations": {"en-GB": FRENCH}}, "'en-GB', which is the main language"),
    "one language twice": ({"translations": {"fr": FRENCH, "fr-CA": FRENCH}}, "'fr' a second time"),
    "a main language without a calendar": ({"language": "de"}, "'de' cannot be compared"),
    "words missing": ({"translations": {"fr": {"headline": "x"}}}, "must have headline"),
    "no object": ({"translations": []}, "expected an object"),
    "a place without a name": ({"place_names": {"fr": {"Moscow": " "}}}, "place_names, fr"),
    "a name that turns the text round": ({"place_names": {"fr": {"Moscow": "a\u202eb"}}}, "U\\+202E"),
    "a place that is not threatened": ({"place_names": {"fr": {"Moskow": "Moscou"}}}, "'Moskow' is no place"),
    "words beside a template": ({"template": "avoid-crowds"}, "both template and texts"),
}


@pytest.mark.parametrize("case", ORDERS)
def test_an_order_that_cannot_be_meant_so_is_refused_and_nothing_is_kept(world: World, case: str) -> None:
    changes, found = ORDERS[case]
    with pytest.raises(InputError, match=found):
        draft(world, **changes)


def test_a_template_is_not_issued_in_a_main_language_that_it_has_as_another(world: World) -> None:
    order = world.order(template="avoid-crowds", language="fr", peers=[], held_back=[])
    order.pop("texts")
    with pytest.raises(InputError, match="has 'fr', which is the main language"):
        draft_warning(world.embassy.desk, order)


def test_the_name_of_another_place_holds_its_language_back(speakers: World) -> None:
    wrong = {field: text.replace("Moscou", "Mourmansk") for field, text in FRENCH.items()}
    made = draft(speakers, translations={"fr": wrong}, place_names={"fr": {"Moscow": "Mourmansk"}})
    with pytest.raises(PolicyError, match="“Mourmansk” is another place than Moscow"):
        confirm(speakers, made, "fr")
    letters(speakers)


def test_the_end_goes_to_each_in_the_language_they_were_warned_in_if_it_was_confirmed_too(speakers: World) -> None:
    made = draft(speakers)
    confirm(speakers, made, "fr")
    warning = release_draft(speakers.embassy.releaser, made)["warning"]
    letters(speakers)
    moved = SPEAKERS.replace("P1,fr", "P9,fr").replace("p1@", "p9@")
    import_register(speakers.embassy.desk, "people", moved.encode())
    over = {
        "headline": "Cancelled: our warning about Moscow was an error",
        "description": "Our warning of Thursday 7 March was an error. You are safe.",
        "instruction": "You no longer need to stay away. Ask on the page of the Embassy.",
    }
    fini = {
        "headline": "Ambassade : notre alerte pour Moscou était une erreur",
        "description": "Notre alerte du jeudi 7 mars était une erreur. Vous êtes en sécurité.",
        "instruction": "Vous n'avez plus besoin d'éviter ces lieux. Demandez sur la page de l'ambassade.",
    }
    end = draft_revision(
        speakers.embassy.desk,
        Change.CANCEL,
        warning,
        {
            "texts": dict.fromkeys(("internal", "partner", "public"), over),
            "reason": "another city",
            "translations": {"fr": fini},
            "place_names": {"fr": {"Moscow": "Moscou"}},
        },
    )
    assert [one["rule"] for one in end["languages"][0]["lint"] if one["level"] != "advice"] == []
    confirm(speakers, end["draft"], "fr")
    release_draft(speakers.embassy.releaser, end["draft"])
    sent = letters(speakers)
    assert sent["p1"] == ("fr", f"[EXERCICE] {fini['headline']}"), "a leaver hears it as they were warned"
    assert {sent[name][0] for name in ("p0", "p2", "p4")} == {"en"}


def test_l17_a_reversal_in_one_language_that_does_not_begin_so_is_held_back_alone(speakers: World) -> None:
    stay = {
        "headline": "Stay inside in Moscow",
        "description": "Embassy: an attack may come.",
        "instruction": "Stay inside.",
    }
    reste = {"headline": "Restez à Moscou", "description": "Ambassade.", "instruction": "Restez à l'intérieur."}
    warning_draft = draft(
        speakers,
        texts=dict.fromkeys(("internal", "partner", "public"), stay),
        translations={"fr": reste},
        advice=["shelter_in_place"],
        **{"pass": dict.fromkeys(("TXT-C4", "TXT-C6"), "short")},
    )
    confirm(speakers, warning_draft, "fr")
    warning = release_draft(speakers.embassy.releaser, warning_draft)["warning"]
    letters(speakers)
    leave = stay | {"headline": "CHANGED: leave Moscow now", "instruction": "Leave."}
    pars = {"headline": "Quittez Moscou", "description": "Ambassade.", "instruction": "Partez."}

    def update(french: dict[str, str]) -> str:
        made: str = draft_revision(
            speakers.embassy.desk,
            Change.UPDATE,
            warning,
            {
                "texts": dict.fromkeys(("internal", "partner", "public"), leave),
                "advice": ["leave_area_now"],
                "translations": {"fr": french},
                "place_names": {"fr": {"Moscow": "Moscou"}},
            },
        )["draft"]
        return made

    with pytest.raises(PolicyError, match="does not begin with 'MODIFIÉ :'"):
        confirm(speakers, update(pars), "fr")
    right = update(pars | {"headline": "MODIFIÉ : quittez Moscou"})
    confirm(speakers, right, "fr")
    release_draft(speakers.embassy.releaser, right)
    assert languages(speakers, warning) == ["en", "fr"]
    letters(speakers)


def test_the_page_behind_a_link_and_the_open_page_speak_the_language_of_the_letter(speakers: World) -> None:
    made = draft(speakers)
    confirm(speakers, made, "fr")
    warning = release_draft(speakers.embassy.releaser, made)["warning"]
    speakers.settle()
    desk = speakers.embassy.desk
    assert show_link(desk, speakers.embassy.link("p1@people.example"))["headline"] == FRENCH["headline"]
    assert show_link(desk, speakers.embassy.link("p2@people.example"))["language"] == "en"
    assert (show_public(desk, warning)["language"], show_public(desk, warning)["languages"]) == ("en", ["en", "fr"])
    assert show_public(desk, warning, "fr")["instruction"] == FRENCH["instruction"]
    assert show_public(desk, warning, "ru")["language"] == "en", "what was held back is on no page either"
    speakers.embassy.letters.clear()


def with_policy(world: World, readers: str) -> Desk:
    """The officer's desk of a house that has approved a template of ours, and named who read which language of it."""
    templates = shipped_templates()
    approved = f'[template.avoid-crowds]\nsha256 = "{templates["avoid-crowds"].digest}"\napproved_by = "Rhea"\n'
    return replace(world.embassy.desk, policy=read_policy(f"{approved}readers = {readers}\n", templates))


def test_a_template_goes_out_at_once_in_the_languages_that_a_named_reader_has_read_before(speakers: World) -> None:
    order = speakers.order(template="avoid-crowds", place_names={"fr": {"Moscow": "Moscou"}}, peers=[], held_back=[])
    order.pop("texts")
    desk = with_policy(speakers, '{fr = "Anne"}')
    seen = {one["language"]: one["confirmed_by"] for one in preview_warning(desk, order_from_json(order))["languages"]}
    assert seen == {"fr": "policy", "es": None, "ar": None, "ru": None, "uk": None}
    warning = issue_warning(desk, order_from_json(order))["warning"]
    assert languages(speakers, warning) == ["en", "fr"]
    assert [area.area.description for area in public_of(speakers, warning).infos[1].areas] == ["Moscou"]
    letters(speakers)


def test_of_a_template_that_nobody_has_read_each_language_needs_a_reader_and_keeps_them_to_the_release(
    speakers: World,
) -> None:
    order = speakers.order(template="avoid-crowds", place_names=PLACES, peers=[], held_back=[])
    order.pop("texts")
    made = draft_warning(speakers.embassy.desk, order)["draft"]
    confirm(speakers, made, "ru")
    speakers.pass_time(minutes=1)
    warning = release_draft(speakers.embassy.releaser, made)["warning"]
    assert languages(speakers, warning) == ["en", "ru"], "the time that is filled in is no word that was confirmed"
    speakers.settle()
    speakers.embassy.letters.clear()


def test_a_template_that_was_changed_after_it_was_read_is_not_the_one_that_was_confirmed(speakers: World) -> None:
    order = speakers.order(template="avoid-crowds", place_names=PLACES, peers=[], held_back=[])
    order.pop("texts")
    made = draft_warning(speakers.embassy.desk, order)["draft"]
    confirm(speakers, made, "ru")
    templates = shipped_templates()
    raw = json.loads(read_text_data("compose", "template-avoid-crowds.json"))
    raw["languages"]["ru"]["instruction"] += " Ждите."
    changed = templates | {"avoid-crowds": read_template("avoid-crowds", json.dumps(raw).encode())}
    releaser = replace(speakers.embassy.releaser, policy=read_policy("", changed))
    assert languages(speakers, release_draft(releaser, made)["warning"]) == ["en"]
    letters(speakers)


def test_an_approval_of_another_file_has_read_nothing(speakers: World) -> None:
    templates = shipped_templates()
    approved = '[template.avoid-crowds]\nsha256 = "00"\napproved_by = "Rhea"\nreaders = {fr = "Anne"}\n'
    assert read_policy(approved, templates).read_languages("avoid-crowds") == frozenset()
    with pytest.raises(ConfigError, match="readers: unknown key 'de'"):
        read_policy(approved.replace("fr =", "de ="), templates)
    with pytest.raises(ConfigError, match="expected sha256 and approved_by"):
        read_policy(approved.replace('approved_by = "Rhea"\n', ""), templates)
    (fault,) = [
        one for one in find_policy_faults(read_policy(approved.replace("fr =", "en ="), templates)) if "reader" in one
    ]
    assert fault == "template avoid-crowds has a reader for 'en' and no words in it"


def test_the_command_shows_the_words_and_confirms_nothing_unless_the_reader_says_yes(
    speakers: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = draft(speakers)
    typed = f"tocsin warning confirm {made} fr --node {tmp_path / 'embassy.example'} --as releaser"
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    shown = run(typed, monkeypatch, capsys)
    for words in (
        *FRENCH.values(),
        "Avoid large gatherings in Moscow for 48 hours",
        "nobody has confirmed it",
        "[exit",
    ):
        assert words in shown
    assert [one["goes_out"] for one in preview_draft(speakers.embassy.desk, made)["languages"]] == [False, False]
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "[exit" not in run(typed, monkeypatch, capsys)
    assert [one["goes_out"] for one in preview_draft(speakers.embassy.desk, made)["languages"]] == [True, False]
    letters(speakers)


def test_a_name_that_nobody_knows_for_the_place_is_not_covered_by_the_reader_of_the_template(speakers: World) -> None:
    order = speakers.order(
        template="avoid-crowds", place_names={"fr": {"Moscow": "Xyzzyville"}}, peers=[], held_back=[]
    )
    order.pop("texts")
    seen = preview_warning(with_policy(speakers, '{fr = "Anne"}'), order_from_json(order))["languages"]
    assert [one["goes_out"] for one in seen if one["language"] == "fr"] == [False]


@pytest.fixture
def live(tmp_path: Any) -> Iterator[tuple[Desk, Desk, str]]:
    """Officer and releaser of a live node, and a determination there."""
    folder = tmp_path / "live.example"
    make_node(folder, {"name": "live.example", "zone": "Europe/Moscow"})
    desk = staff(open_node(folder).desk)
    register.import_register(desk.desk, "venues", VENUES.encode())
    today = desk.node.clock.now()
    text = read_text_data("demo", "report.txt").replace("March 7, 2024", f"{today:%B} {today.day}, {today.year}")
    known = report.submit_report(desk.desk, text.encode())["report"]
    found = report.determine_duty(desk.desk, known, reliability="B", credibility=2)["determination"]
    yield desk.desk, desk.releaser, found
    desk.node.store.close()


def test_on_a_live_node_nobody_confirms_the_words_that_they_drafted(live: tuple[Desk, Desk, str]) -> None:
    officer, releaser, determination = live
    order = dict(read_data("demo", "order.json")) | TRANSLATED | {"determination": determination}
    made = draft_warning(officer, order)
    words = {one["language"]: one["sha256"] for one in made["languages"]}
    with pytest.raises(PolicyError, match="your own draft"):
        confirm_language(officer, made["draft"], "fr", words["fr"])
    assert confirm_language(releaser, made["draft"], "fr", words["fr"])["goes_out"]
    people.add_officer(named(officer, "administrator"), "third", ["analyst"])
    assert confirm_language(named(officer, "third"), made["draft"], "ru", words["ru"])["goes_out"]


MARKED = "A man with a beard, white car, number plate A123BC, heard by a guest-house cook near the cell."


def marked(world: World, **changes: Any) -> dict[str, Any]:
    texts = dict(read_data("demo", "order.json"))["texts"]
    internal = texts["internal"] | {"description": MARKED}
    return world.order(texts=texts | {"internal": internal}, peers=[], **changes)


def test_l19_marks_dropped_below_the_tear_line_are_refused_until_told_or_withheld_by_name_with_an_end(
    world: World,
) -> None:
    with pytest.raises(PolicyError, match="TXT-C19"):
        draft_warning(world.embassy.desk, marked(world))
    with pytest.raises(InputError, match="TXT-C19 cannot be passed"):
        draft_warning(world.embassy.desk, marked(world, **{"pass": {"TXT-C19": "no"}}))
    withheld = {"until": "2024-03-08T12:00:00Z", "reason": "they would change the car"}
    for until in ("2024-03-07T14:00:00Z", "2024-03-10T00:00:00Z"):
        with pytest.raises(PolicyError, match="the marks are withheld until"):
            draft_warning(world.embassy.desk, marked(world, marks_withheld=withheld | {"until": until}))
    bad: object
    for bad in ({"until": "2024-03-08T12:00:00Z"}, {"until": "tomorrow", "reason": "x"}, []):
        with pytest.raises(InputError):
            draft_warning(world.embassy.desk, marked(world, marks_withheld=bad))
    made = draft_warning(world.embassy.desk, marked(world, marks_withheld=withheld))["draft"]
    assert list_tasks(world.embassy.desk) == []
    warning = release_draft(world.embassy.releaser, made)["warning"]
    (task,) = list_tasks(world.embassy.desk)
    assert (task["subject"], task["role"]) == (warning, "officer")
    assert withheld["until"] in task["what"]
    (state,) = [one for one in map(read_claims, read_leaves(world.embassy.node)) if one["kind"] == Kind.STATE.value]
    assert state["marks_withheld_until"] == withheld["until"]
    assert withheld["reason"] not in str(state)
    world.settle()
    world.embassy.letters.clear()


def test_l18_the_third_extension_in_the_same_words_is_refused_and_one_that_says_something_is_not(world: World) -> None:
    warning = world.issue()
    text = {
        "headline": "Avoid large gatherings in Moscow",
        "description": "Concerts are named.",
        "instruction": "Stay away until Monday 11 March, 18:00 Moscow time.",
    }

    def extend(hours: int, news: str, day: str = "Monday 11") -> None:
        words = text | {"instruction": text["instruction"].replace("Monday 11", day)}
        order = {"texts": dict.fromkeys(("internal", "partner", "public"), words), "news": news, "valid_hours": hours}
        made = draft_revision(world.embassy.desk, Change.EXTEND, warning, order)
        release_draft(world.embassy.releaser, made["draft"])
        world.pass_time(hours=1)

    extend(72, "Nothing new, still valid.")
    extend(96, "Nothing new, still valid.", "Tuesday 12")
    with pytest.raises(PolicyError, match="TXT-C17"):
        extend(120, "Nothing new, still valid.", "Wednesday 13")
    extend(120, "Two more calls of the same voice came in on Friday.", "Wednesday 13")
    extend(144, "Nothing new, still valid.", "Thursday 14")
    world.embassy.letters.clear()
    world.city.letters.clear()
