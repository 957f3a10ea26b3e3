"""How far a share may be off: Wilson for cases that know nothing of each other, resampled blocks for those that come together."""

from collections.abc import Callable, Sequence
from math import sqrt

from msgspec import Struct

from tocsin.errors import InputError

Z90 = 1.6448536269514722
"""Half-width of 90 % of a normal distribution, in standard deviations."""
DRAWS = 2_000
_AT_ONCE = 1_000_000
"""Numbers drawn at a time, which bounds the memory whatever the number of blocks."""


class Interval(Struct, frozen=True):
    """From `low` to `high`, with the method that gave it, in words."""

    low: float
    high: float
    method: str


class Share(Struct, frozen=True, kw_only=True):
    """`count` of `of`, never without its base. The intervals are 90 %; None where there is nothing to reckon with.

    `blocks` is how many blocks (days, campaigns) the cases lie in: the number that counts when they come together.
    """

    count: int
    of: int
    wilson: Interval | None
    bootstrap: Interval | None
    blocks: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None for none of none."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """The wider of the two (REVIEW 2 b)."""
        return find_wider(self.wilson, self.bootstrap)


def wilson(count: int, of: int, z: float = Z90) -> tuple[float, float] | None:
    """Wilson score interval of a share, 90 % by default; None for none of none (REVIEW 2 b).

    >>> [round(x, 2) for x in wilson(27, 30)]
    [0.77, 0.96]
    """
    if not 0 <= count <= of:
        raise InputError(f"share is {count} of {of}, expected a count between none and all")
    if of == 0:
        return None
    share, square = count / of, z * z
    middle = share + square / (2 * of)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    # The bounds of none and of all are exactly 0 and 1; rounding may step past them.
    return max(0.0, (middle - half) / (1 + square / of)), min(1.0, (middle + half) / (1 + square / of))


def find_wider(one: Interval | None, other: Interval | None) -> Interval | None:
    """The longer of two intervals; the first of two alike; the one there is, or None."""
    there = [each for each in (one, other) if each is not None]
    return max(there, key=lambda each: each.high - each.low, default=None)


def block_bootstrap(
    blocks: Sequence[Sequence[int]], read: Callable[[tuple[int, ...]], float | None], *, seed: int, by: str
) -> Interval | None:
    """90 % percentile interval of what `read` finds in the sums of as many blocks, drawn with replacement 2,000 times.

    A row holds the counts of what came together: one day, one campaign; `by` names it. None with fewer than two blocks,
    for one block says nothing of the next, or if a tenth of the draws have no cases. The same seed gives the same interval.
    Source: REVIEW 2 b; percentile method, Efron 1979.

    >>> block_bootstrap([(1, 2)] * 30, lambda row: row[0] / row[1], seed=1, by="day")
    Interval(low=0.5, high=0.5, method='bootstrap by day')
    """
    if len(blocks) < 2:
        return None
    if len({tuple(one) for one in blocks}) == 1:
        same = read(tuple(sum(column) for column in zip(*blocks, strict=True)))
        return None if same is None else Interval(float(same), float(same), f"bootstrap by {by}")
    import numpy as np

    table = np.asarray(blocks, dtype=np.int64)
    draw = np.random.default_rng(seed)
    found = []
    step = max(1, _AT_ONCE // len(table))
    for done in range(0, DRAWS, step):
        # How often each block is drawn, when as many as there are are drawn with replacement.
        times = draw.multinomial(len(table), np.full(len(table), 1 / len(table)), size=min(step, DRAWS - done))
        values = (read(tuple(row)) for row in (times @ table).tolist())
        found += [one for one in values if one is not None]
    if len(found) <= DRAWS * 0.9:
        return None
    low, high = np.quantile(found, (0.05, 0.95))
    return Interval(float(low), float(high), f"bootstrap by {by}")


def measure_share(blocks: Sequence[tuple[int, int]], *, seed: int, by: str) -> Share:
    """The share over blocks of (count, of), with both intervals. Blocks without cases are none."""
    filled = [one for one in blocks if one[1]]
    count, of = sum(one[0] for one in filled), sum(one[1] for one in filled)
    bounds = wilson(count, of)
    return Share(
        count=count,
        of=of,
        wilson=None if bounds is None else Interval(*bounds, "Wilson"),
        bootstrap=block_bootstrap(filled, lambda row: row[0] / row[1], seed=seed, by=by),
        blocks=len(filled),
    )
