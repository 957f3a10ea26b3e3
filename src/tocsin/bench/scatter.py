"""Warnings and incidents made by a seeded generator, alike in shape to those of REVIEW 6: short warnings, incidents in clusters."""

import numpy as np

from tocsin.review.columns import IncidentPoints, WarnedAreas, make_areas, make_points

SECONDS = 3 * 365 * 86400
CLUSTERS = 36
CLUSTERED = 0.7
CORNERS = 10
MEDIAN_SECONDS = 2 * 3600
MAX_SECONDS = 72 * 3600
MEAN_DEG2 = 0.24
WEST, SOUTH, EAST, NORTH = 22.0, 44.0, 52.0, 56.0


def scatter(warnings: int, incidents: int, *, seed: int) -> tuple[WarnedAreas, IncidentPoints]:
    """So many warnings (ten corners, mean 0.24 square degrees, median 2 h, at most 72 h) and incidents over three years.

    Seventy in a hundred of either lie about 36 centres, the others anywhere in a field of 30 by 12 degrees. The same seed
    gives the same values.
    """
    draw = np.random.default_rng(seed)
    centres = np.column_stack([draw.uniform(WEST, EAST, CLUSTERS), draw.uniform(SOUTH, NORTH, CLUSTERS)])
    middle, place = _places(draw, centres, warnings), _places(draw, centres, incidents)
    angle = np.sort(draw.uniform(0, 2 * np.pi, (warnings, CORNERS)), axis=1)
    # Ten sorted angles on a circle of radius r enclose 0.757 of its area on average (measured over these rings).
    radius = np.sqrt(draw.gamma(2.0, MEAN_DEG2 / 2, warnings) / (0.757 * np.pi))
    ring = middle[:, None] + radius[:, None, None] * np.stack([np.cos(angle), np.sin(angle)], axis=2)
    first = draw.integers(0, SECONDS, warnings)
    length = np.minimum(draw.lognormal(np.log(MEDIAN_SECONDS), 1.2, warnings), MAX_SECONDS).astype(np.int64)
    areas = make_areas(
        first=first,
        last=first + length,
        corners=np.concatenate([ring, ring[:, :1]], axis=1).reshape(-1, 2),
        starts=np.arange(warnings + 1, dtype=np.int64) * (CORNERS + 1),
    )
    return areas, make_points(at=draw.integers(0, SECONDS, incidents), lon=place[:, 0], lat=place[:, 1])


def _places(draw: np.random.Generator, centres: np.ndarray, count: int) -> np.ndarray:
    anywhere = np.column_stack([draw.uniform(WEST, EAST, count), draw.uniform(SOUTH, NORTH, count)])
    near = centres[draw.integers(0, len(centres), count)] + draw.normal(0, 0.3, (count, 2))
    return np.where((draw.random(count) < CLUSTERED)[:, None], near, anywhere)
