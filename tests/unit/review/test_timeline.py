"""A timeline stands on proof: what others signed comes from there, and nothing is ever out of order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tocsin.core.data import read_data, read_text_data
from tocsin.evidence.receipt import Grade
from tocsin.evidence.verify import VerifiedBundle
from tocsin.intake.claims import read_claims
from tocsin.review.timeline import SILENCE, Moment, Silence, build_timeline
from tocsin.review.told import ToldClaim

T0 = datetime(2024, 3, 7, 15, tzinfo=UTC)


def moment(minutes: int, text: str = "something") -> Moment:
    return Moment(at=T0 + timedelta(minutes=minutes), text=text, by="state", grade=Grade.E0)


def acts(line: Sequence[Moment | Silence]) -> list[Moment]:
    return [one for one in line if isinstance(one, Moment)]


def silences(line: Sequence[Moment | Silence]) -> list[Silence]:
    return [one for one in line if isinstance(one, Silence)]


def test_an_answer_is_told_from_the_proof_with_its_grade(proof: VerifiedBundle) -> None:
    (told,) = acts(build_timeline([], proof))
    assert "dismissed: provocation" in told.text
    assert told.grade is Grade.E4
    assert told.by.startswith("city.example/officer#")


def test_what_only_our_own_log_says_is_not_told_as_the_word_of_another(proof: VerifiedBundle) -> None:
    assert all(one.by.split("#")[0] != "embassy.example" for one in acts(build_timeline([], proof)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.integers(-50_000, 50_000)))
def test_nothing_is_lost_and_nothing_out_of_order(proof: VerifiedBundle, minutes: list[int]) -> None:
    moments = [moment(one) for one in minutes]
    line = build_timeline(moments, proof)
    told = acts(line)
    assert [one.at for one in line] == sorted(one.at for one in line)
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert len(told) == len(moments) + 1
    assert set(moments) <= set(told)


def test_of_one_instant_the_order_told_is_kept(proof: VerifiedBundle) -> None:
    told = acts(build_timeline([moment(0, "first"), moment(0, "second"), moment(0, "third")], proof))
    assert [one.text for one in told[:3]] == ["first", "second", "third"]


def test_a_call_that_was_entered_late_shows_both_times_and_rests_on_our_word(proof: VerifiedBundle) -> None:
    call = replace(moment(0, "a call"), logged=T0 + timedelta(minutes=40), grade=Grade.E1)
    told = acts(build_timeline([call], proof))[0]
    assert (told.at, told.logged, told.grade) == (T0, T0 + timedelta(minutes=40), Grade.E0)


def test_what_is_entered_at_once_is_not_said_to_be_late(proof: VerifiedBundle) -> None:
    at_once = replace(moment(0), logged=T0 + timedelta(seconds=5), grade=Grade.E1)
    told = acts(build_timeline([at_once], proof))[0]
    assert (told.logged, told.grade) == (None, Grade.E1)


def test_a_silence_longer_than_half_an_hour_is_a_line_of_its_own(proof: VerifiedBundle) -> None:
    line = build_timeline([moment(0), moment(31), moment(61)], proof)
    first, until_the_answer = silences(line)
    assert line[1] == first == Silence(T0, T0 + timedelta(minutes=31))
    assert until_the_answer.at == T0 + timedelta(minutes=61)


def test_a_claim_ends_no_silence(proof: VerifiedBundle) -> None:
    news = read_claims(read_text_data("demo", "news.txt"), read_data("demo", "claims.json"))
    told = [ToldClaim(claim=one, report="R-1", digest="a" * 64, number=1) for one in news]
    assert silences(build_timeline([moment(0)], proof, told)) == silences(build_timeline([moment(0)], proof))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.integers(-5_000, 5_000), min_size=1))
def test_every_gap_is_told_and_no_other(proof: VerifiedBundle, minutes: list[int]) -> None:
    line = build_timeline([moment(one) for one in minutes], proof)
    times = [one.at for one in acts(line)]
    gaps = [(one, two) for one, two in pairwise(times) if two - one > SILENCE]
    assert [(one.at, one.until) for one in silences(line)] == gaps
