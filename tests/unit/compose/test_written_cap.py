"""What would break if a message of ours did not pass the rules that we hold others to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.cap.alert import Certainty, MsgType, ResponseType, Scope, Severity, Status, Urgency
from tocsin.cap.chain import ChainPolicy, Standing, place, triple
from tocsin.cap.check import check_cap
from tocsin.cap.codec import read_alert
from tocsin.cap.finding import Level
from tocsin.compose.draft import draft_alert, make_identifier
from tocsin.compose.revision import CHANGED, Change, check_changed, find_reversals, references_to
from tocsin.compose.versions import Version, VersionText, make_versions
from tocsin.core.area import Point
from tocsin.core.marking import Audience
from tocsin.core.threat import Level as PlaceLevel
from tocsin.core.threat import Place, Threat
from tocsin.errors import PolicyError

SENT = datetime(2024, 3, 7, 15, tzinfo=UTC)
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs", "S"]), min_size=1, max_size=120).filter(
    lambda text: text.strip()
)
ADDRESSES = {Audience.INTERNAL: ("embassy.example",), Audience.PARTNER: ("city.example", "venue desk")}


def write(
    number: int = 1,
    change: Change | None = None,
    chain: tuple[tuple[Version, ...], ...] = (),
    *,
    words: VersionText | None = None,
    lat: float = 55.75,
    lon: float = 37.62,
    status: Status = Status.ACTUAL,
) -> tuple[Version, ...]:
    """One version after those of `chain`, as the desk composes it."""
    text = words or VersionText("Avoid large gatherings", "Concerts are named.", "Stay away from them.")
    at = SENT + timedelta(minutes=number - 1)
    alert = draft_alert(
        Threat(places=(Place(name="Moscow", country="RU", level=PlaceLevel.CITY, point=Point(lat, lon)),)),
        identifier=make_identifier("embassy.example", at, "W-1", number),
        sender="warnings@embassy.example",
        sent=at,
        expires=at + timedelta(hours=48),
        zone="Europe/Moscow",
        status=status,
        headline=text.headline,
        description=text.description,
        instruction=text.instruction,
        advice=("avoid_crowds",),
        language="en",
        sender_name="Embassy of Example",
        urgency=Urgency.EXPECTED,
        severity=Severity.SEVERE,
        certainty=Certainty.POSSIBLE,
        note="walk" if status is Status.EXERCISE else None,
    )
    references = {
        audience: references_to([one.alert for made in chain for one in made if one.audience is audience], at)
        for audience in Audience
    }
    made = replace(alert, msg_type=change.msg_type if change else MsgType.ALERT)
    return make_versions(
        made, dict.fromkeys(Audience, text), addresses=ADDRESSES, references=references if change else None
    )


@settings(max_examples=60)
@given(
    words=st.builds(VersionText, TEXT, TEXT, TEXT),
    changes=st.lists(st.sampled_from(Change), max_size=4),
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
)
def test_whatever_we_write_passes_every_rule(words: VersionText, changes: list[Change], lat: float, lon: float) -> None:
    chain: tuple[tuple[Version, ...], ...] = ()
    for number, change in enumerate([None, *changes], 1):
        made = write(number, change, chain, words=words, lat=lat, lon=lon, status=Status.EXERCISE)
        chain = (*chain, made)
        for version in made:
            (found,) = check_cap(version.cap)
            assert (found.valid, found.schema_valid, found.version) == (True, True, "1.2"), found.findings
            assert [one for one in found.findings if one.level is not Level.ADVICE] == []


@given(changes=st.lists(st.sampled_from(Change), max_size=5), audience=st.sampled_from(Audience))
def test_of_our_own_chain_the_newest_alone_is_in_force(changes: list[Change], audience: Audience) -> None:
    chain: tuple[tuple[Version, ...], ...] = ()
    for number, change in enumerate([None, *changes], 1):
        chain = (*chain, write(number, change, chain))
    messages = [one.alert for made in chain for one in made if one.audience is audience]
    placed = {one.message: one.standing for one in place(messages, ChainPolicy(), SENT)}
    last = placed.pop(triple(messages[-1]))
    assert last is (Standing.ENDS if changes and changes[-1] is Change.CANCEL else Standing.IN_FORCE)
    assert set(placed.values()) <= {Standing.SUPERSEDED, Standing.CANCELLED}


@given(
    messages=st.sets(
        st.tuples(st.integers(1, 10**6), st.integers(1, 500), st.sampled_from([0, 1, 59, 60])), max_size=40
    )
)
def test_defect_4_identifiers_never_collide_not_even_within_one_second(messages: set[tuple[int, int, int]]) -> None:
    made = [
        make_identifier("embassy.example", SENT + timedelta(seconds=late), f"W-{warning}", number)
        for warning, number, late in messages
    ]
    assert len(set(made)) == len(messages)


def test_defect_4_the_audiences_of_one_version_have_identifiers_of_their_own() -> None:
    made = [one.alert.identifier for number in (1, 2) for one in write(number)]
    assert len(set(made)) == 6


def test_cap_20_only_the_public_version_is_public() -> None:
    for version in write():
        scope = read_alert(version.cap).scope
        assert (scope is Scope.PUBLIC) is (version.audience is Audience.PUBLIC)


def test_l17_only_the_opposite_of_what_was_told_is_a_reversal() -> None:
    shelter, leave, avoid = ResponseType.SHELTER, ResponseType.EVACUATE, ResponseType.AVOID
    assert find_reversals([shelter], [leave]) == (shelter,)
    assert find_reversals([leave, avoid], [shelter]) == (leave,)
    for before, after in (([shelter], [avoid]), ([], [leave]), ([shelter], [shelter, leave]), ([avoid], [])):
        assert find_reversals(before, after) == ()


@pytest.mark.parametrize("language", [*CHANGED, "en-GB", "xx"])
def test_l17_the_first_words_are_those_of_the_language(language: str) -> None:
    before = replace(write()[0].alert.infos[0], language=language, response_types=(ResponseType.SHELTER,))
    first = CHANGED.get(language[:2], CHANGED["en"])
    after = (ResponseType.EVACUATE,)
    check_changed(before, after, {Audience.PUBLIC: VersionText(f"{first} leave now", "x", "y")})
    for wrong in ("Leave now", f"Leave now. {first}", f"({first})"):
        with pytest.raises(PolicyError, match="does not begin"):
            check_changed(before, after, {Audience.PUBLIC: VersionText(wrong, "x", "y")})
