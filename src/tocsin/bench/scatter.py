"""Warnings and incidents made by a seeded generator, alike in shape to those of REVIEW 6: short warnings, both in outbreaks."""

import numpy as np

from tocsin.review.columns import Floats, IncidentPoints, WarnedAreas, make_areas, make_points

SEED = 1884
SECONDS = 3 * 365 * 86400
OUTBREAKS = 2_000
CLUSTERED = 0.7
CORNERS = 10
MEDIAN_SECONDS = 2 * 3600
MAX_SECONDS = 72 * 3600
MEAN_DEG2 = 0.24
OUTBREAK_DEGREES = 0.5
OUTBREAK_SECONDS = 36 * 3600
WEST, SOUTH, EAST, NORTH = 22.0, 44.0, 122.0, 62.0


def scatter(warnings: int, incidents: int, *, seed: int) -> tuple[WarnedAreas, IncidentPoints]:
    """So many warnings (ten corners, mean 0.24 square degrees, median 2 h, at most 72 h) and incidents over three years.

    Seventy in a hundred of either lie about 2,000 outbreaks, near in place and in time, the others anywhere in a field of 100
    by 18 degrees. The same seed gives the same values.
    """
    draw = np.random.default_rng(seed)
    outbreaks = _anywhere(draw, OUTBREAKS)
    middle, place = _places(draw, outbreaks, warnings), _places(draw, outbreaks, incidents)
    angle = np.sort(draw.uniform(0, 2 * np.pi, (warnings, CORNERS)), axis=1)
    # Ten sorted angles on a circle of radius r enclose 0.757 of its area on average (measured over these rings).
    radius = np.sqrt(draw.gamma(2.0, MEAN_DEG2 / 2, warnings) / (0.757 * np.pi))
    ring = middle[:, None, :2] + radius[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], axis=2)
    first = middle[:, 2].astype(np.int64)
    length = np.minimum(draw.lognormal(np.log(MEDIAN_SECONDS), 1.2, warnings), MAX_SECONDS).astype(np.int64)
    areas = make_areas(
        first=first,
        last=first + length,
        corners=np.concatenate([ring, ring[:, :1]], axis=1).reshape(-1, 2),
        starts=np.arange(warnings + 1, dtype=np.int64) * (CORNERS + 1),
    )
    return areas, make_points(at=place[:, 2].astype(np.int64), lon=place[:, 0].copy(), lat=place[:, 1].copy())


def _places(draw: np.random.Generator, outbreaks: Floats, count: int) -> Floats:
    """Longitude, latitude and second of each: shape (count, 3)."""
    spread = (OUTBREAK_DEGREES, OUTBREAK_DEGREES, OUTBREAK_SECONDS)
    near = outbreaks[draw.integers(0, len(outbreaks), count)] + draw.normal(0, spread, (count, 3))
    return np.where((draw.random(count) < CLUSTERED)[:, None], near, _anywhere(draw, count))


def _anywhere(draw: np.random.Generator, count: int) -> Floats:
    return draw.uniform((WEST, SOUTH, 0), (EAST, NORTH, SECONDS), (count, 3))
