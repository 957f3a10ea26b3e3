"""What would break if a number, time or list in CAP could be written so that it reads back as another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cap import times
from tocsin.cap.values import (
    read_circle,
    read_number,
    read_point,
    read_size,
    read_time,
    read_words,
    write_circle,
    write_number,
    write_time,
    write_words,
)
from tocsin.core.area import Circle, Point
from tocsin.errors import InputError

finite = st.floats(-(10**9) + 1, 10**9 - 1)


@given(finite)
def test_a_number_reads_back_as_itself_to_the_last_bit(value: float) -> None:
    text = write_number(value)
    assert read_number(text) == value
    assert "e" not in text


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1e-6, 20000))
def test_a_circle_reads_back_as_itself(lat: float, lon: float, radius_km: float) -> None:
    circle = Circle(Point(lat, lon), radius_km)
    assert read_circle(write_circle(circle)) == circle


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_is_written_so_that_it_reads_back_or_not_at_all(at: object) -> None:
    try:
        text = write_time(at)  # type: ignore[arg-type]  # hypothesis does not say that these are aware
    except InputError:
        return
    assert write_time(read_time(text)) == text


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4).map(tuple))
def test_words_read_back_as_themselves_or_are_not_written(words: tuple[str, ...]) -> None:
    try:
        text = write_words(words)
    except InputError:
        return
    assert read_words(text) == words


NOT_NUMBERS = ["", "1e3", "nan", "inf", "1_0", "٤٢", " 1", "1,5", "--1", ".", "0x1", "1234567890"]


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_python_would_take_as_a_number_is_not_one_here(text: str) -> None:
    with pytest.raises(InputError):
        read_number(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e10])
def test_a_number_that_could_not_be_read_is_not_written(value: float) -> None:
    with pytest.raises(InputError):
        write_number(value)


@pytest.mark.parametrize("text", ["-1", "+1", "01", "1_0", "1.0", "", "1" * 16])
def test_a_size_is_a_plain_number_of_bytes(text: str) -> None:
    with pytest.raises(InputError):
        read_size(text)


@pytest.mark.parametrize("text", ["91,0", "0,181", "1", "1,2,3", "37.39;55.8", "a,b"])
def test_a_point_off_the_globe_or_in_other_form_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_point(text)


def test_what_is_too_long_for_a_time_is_not_kept() -> None:
    before = times._find.cache_info()
    assert times.find_instant("2024-03-07T18:00:00+03:00" + " " * 1_000_000) is None
    assert times._find.cache_info() == before
    assert times.find_instant("2024-03-07T18:00:00.123456789+03:00") is not None
