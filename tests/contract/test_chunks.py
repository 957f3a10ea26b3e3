"""Long work that is stopped goes on where it was, and ends with the same pairs; chunks of other work are never taken for its own."""

from pathlib import Path

import numpy as np
import pytest

from tocsin.bench.scatter import scatter
from tocsin.errors import InputError, StateError
from tocsin.node import keep_chunks
from tocsin.review.chunks import digest_work, join_in_chunks
from tocsin.review.join import Pairs, SortedIncidents

AREAS, POINTS = scatter(2_000, 200_000, seed=7)
INDEX = SortedIncidents(POINTS)
SIZE = 300
WORK = digest_work(AREAS, POINTS, SIZE)
WHOLE = join_in_chunks(AREAS, INDEX)


class StoppedError(Exception):
    """Somebody pulls the plug."""


def same(one: Pairs, other: Pairs) -> bool:
    return np.array_equal(one.warning, other.warning) and np.array_equal(one.incident, other.incident)


def join(file: Path, *, stop_after: int | None = None) -> tuple[Pairs, list[int]]:
    """The pairs, and the numbers of the chunks that were joined in this run."""
    joined: list[int] = []

    class Counted:
        def pairs_of(self, number: int) -> Pairs | None:
            return chunks.pairs_of(number)

        def add(self, number: int, pairs: Pairs) -> None:
            chunks.add(number, pairs)
            joined.append(number)
            if len(joined) == stop_after:
                raise StoppedError

    with keep_chunks(file, WORK) as chunks:
        return join_in_chunks(AREAS, INDEX, finished=Counted(), size=SIZE), joined


def test_there_is_something_to_find() -> None:
    assert len(WHOLE) > 100


@pytest.mark.parametrize("size", [1, 299, 2_000, 50_000])
def test_the_size_of_a_chunk_changes_nothing(size: int) -> None:
    if size == 1:
        few = np.arange(40)
        assert same(join_in_chunks(AREAS.take(few), INDEX, size=1), join_in_chunks(AREAS.take(few), INDEX))
    else:
        assert same(join_in_chunks(AREAS, INDEX, size=size), WHOLE)


def test_progress_is_told_after_each_chunk_and_ends_with_all() -> None:
    told: list[tuple[int, int]] = []
    join_in_chunks(AREAS, INDEX, size=SIZE, tell=lambda done, of: told.append((done, of)))
    assert told == [(done, 7) for done in range(1, 8)]


@pytest.mark.parametrize("after", [1, 3, 7])
def test_stopped_between_chunks_it_goes_on_there(tmp_path: Path, after: int) -> None:
    with pytest.raises(StoppedError):
        join(tmp_path / "pairs", stop_after=after)
    pairs, joined = join(tmp_path / "pairs")
    assert same(pairs, WHOLE)
    assert joined == list(range(after, 7)), "what is finished is not joined again"


@pytest.mark.parametrize("torn", [1, 20, 200, 3_000])
def test_what_a_crash_tore_off_is_joined_again(tmp_path: Path, torn: int) -> None:
    file = tmp_path / "pairs"
    join(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-torn])
    pairs, joined = join(file)
    assert same(pairs, WHOLE)
    assert joined[-1:] == [6]
    assert file.read_bytes() == whole


def test_a_bit_that_fell_over_is_found_and_its_chunk_joined_again(tmp_path: Path) -> None:
    file = tmp_path / "pairs"
    join(file)
    whole = file.read_bytes()
    file.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    pairs, joined = join(file)
    assert (same(pairs, WHOLE), joined) == (True, [6])


def test_chunks_of_other_incidents_are_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "pairs"
    join(file)
    before = file.read_bytes()
    other = digest_work(AREAS, scatter(1, 200_000, seed=8)[1], SIZE)
    with pytest.raises(InputError, match="not of this work"), keep_chunks(file, other):
        pass
    assert file.read_bytes() == before


def test_a_file_that_is_something_else_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(b"Dear Sir")
    with pytest.raises(InputError, match="begins with b'Dear Sir'"), keep_chunks(file, WORK):
        pass
    assert file.read_bytes() == b"Dear Sir"


def test_two_at_once_do_not_mix_their_chunks(tmp_path: Path) -> None:
    file = tmp_path / "pairs"
    with keep_chunks(file, WORK), pytest.raises(StateError, match="another process"), keep_chunks(file, WORK):
        pass


def test_one_more_second_is_other_work() -> None:
    later = AREAS.take(np.arange(len(AREAS)))
    later.last[17] += 1
    assert digest_work(later, POINTS, SIZE) != WORK
    assert digest_work(AREAS, POINTS, SIZE + 1) != WORK
