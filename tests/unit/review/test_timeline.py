"""A timeline stands on proof: what others signed comes from there, and nothing is ever out of order."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.evidence.verify import VerifiedBundle
from tocsin.review.timeline import Moment, build_timeline

T0 = datetime(2024, 3, 7, 15, tzinfo=UTC)


def moment(minutes: int, text: str = "something") -> Moment:
    return Moment(at=T0 + timedelta(minutes=minutes), text=text, by="state", grade="E0")


def test_an_answer_is_told_from_the_proof_with_its_grade(proof: VerifiedBundle) -> None:
    (told,) = build_timeline([], proof)
    assert "dismissed: provocation" in told.text
    assert told.grade == "E4"
    assert told.by.startswith("city.example/officer#")


def test_what_only_our_own_log_says_is_not_told_as_the_word_of_another(proof: VerifiedBundle) -> None:
    assert all(one.by.split("#")[0] != "embassy.example" for one in build_timeline([], proof))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.integers(-50_000, 50_000)))
def test_nothing_is_lost_and_nothing_out_of_order(proof: VerifiedBundle, minutes: list[int]) -> None:
    moments = [moment(one) for one in minutes]
    told = build_timeline(moments, proof)
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert len(told) == len(moments) + 1
    assert set(moments) <= set(told)


def test_of_one_instant_the_order_told_is_kept(proof: VerifiedBundle) -> None:
    told = build_timeline([moment(0, "first"), moment(0, "second"), moment(0, "third")], proof)
    assert [one.text for one in told[:3]] == ["first", "second", "third"]
