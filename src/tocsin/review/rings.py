"""A ring of degrees that encloses a circle on the globe: what a join by squares can look up before the distance decides."""

import numpy as np

from tocsin.core.area import Circle
from tocsin.review.columns import Bools, Floats

_CORNERS = 32
_ROOM = 1.02
"""A chord of 32 cuts half a per cent off a circle, and a sphere differs from WGS 84 by 0.6 %: a ring this much wider holds it."""
_EARTH_KM = 6371.0088
_POLE = 75.0
"""Beyond this latitude, and round circles of more than 1,000 km, a chord in degrees may cut the circle: a whole band is taken."""
_WIDE_KM = 1000.0


def ring_about(circle: Circle) -> Floats:
    """Corners of a closed ring, longitude first, shape (k, 2), with every point of the circle inside."""
    reach = np.degrees(circle.radius_km * _ROOM / _EARTH_KM)
    south, north = circle.centre.lat - reach, circle.centre.lat + reach
    if max(north, -south) > _POLE or circle.radius_km > _WIDE_KM:
        low, high = max(south, -90.0), min(north, 90.0)
        return np.array([(-180.0, low), (180.0, low), (180.0, high), (-180.0, high), (-180.0, low)])
    angle = np.linspace(0, 2 * np.pi, _CORNERS + 1)
    lat0, arc = np.radians(circle.centre.lat), np.radians(reach)
    lat = np.arcsin(np.sin(lat0) * np.cos(arc) + np.cos(lat0) * np.sin(arc) * np.cos(angle))
    turn = np.arctan2(np.sin(angle) * np.sin(arc) * np.cos(lat0), np.cos(arc) - np.sin(lat0) * np.sin(lat))
    lon = (circle.centre.lon + np.degrees(turn) + 180) % 360 - 180
    ring = np.column_stack([lon, np.degrees(lat)])
    ring[-1] = ring[0]
    return ring


def lie_within(circle: Floats, lat: Floats, lon: Floats) -> Bools:
    """Whether each point lies in the circle of its row: latitude, longitude, km; shape (p, 3). True where that is no number.

    On a sphere first; only what lies within a hundredth of the border is measured on WGS 84, with the same geodesic as
    `distance_km`.
    """
    from geographiclib.geodesic import Geodesic

    north, south, km = np.radians(lat), np.radians(circle[:, 0]), circle[:, 2]
    half = (
        np.sin((north - south) / 2) ** 2
        + np.cos(north) * np.cos(south) * np.sin(np.radians(lon - circle[:, 1]) / 2) ** 2
    )
    away = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    inside: Bools = ~(away > km)
    for row in np.flatnonzero(np.abs(away - km) <= 0.01 * km):
        line = Geodesic.WGS84.Inverse(circle[row, 0], circle[row, 1], lat[row], lon[row], Geodesic.DISTANCE)
        inside[row] = line["s12"] / 1000 <= km[row]
    return inside
