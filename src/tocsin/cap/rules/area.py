"""Rules of CAP 1.2 section 3.2.4 that speak of one area: shapes that can be drawn, codes, heights."""

import re
from collections.abc import Iterable

from lxml import etree

from tocsin.cap.block import Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.grammar import VERSIONS
from tocsin.cap.rings import CROSSING_POINTS, MAX_POINTS, Ring, crosses_itself

ADVISED_POINTS = 100
MAX_RADIUS_KM = 20_038
# Asked in one go: a message may have thousands of codes, and hardly ever one that is empty.
_HALF = {
    namespace: etree.XPath(
        "boolean(c:info/c:area/c:geocode[not(normalize-space(c:valueName) and normalize-space(c:value))])",
        namespaces={"c": namespace},
    )
    for namespace in VERSIONS.values()
}
_DEGREES = r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,40})?"
_CIRCLE = re.compile(rf"\s*({_DEGREES}),({_DEGREES})\s+([+-]?(?:[0-9]{{1,9}}(?:\.[0-9]{{0,40}})?|\.[0-9]{{1,40}}))\s*")


@rule(34, Level.ERROR, "3.2.4", on="area", needs="areaDesc")
def an_area_has_a_name(area: Block) -> Iterable[Fault]:
    """The description is what people read."""
    return NO_FAULTS if area.text("areaDesc") else (Fault(area.node_of("areaDesc"), "areaDesc is empty"),)


@rule(34, Level.ADVICE, "3.2.4", on="area")
def an_area_can_be_drawn_or_looked_up(area: Block) -> Iterable[Fault]:
    """Without polygon, circle and geocode nothing can be targeted by it."""
    if "polygon" in area.leaves or "circle" in area.leaves or area.pair_nodes("geocode"):
        return NO_FAULTS
    return (Fault(area.node, "area has neither polygon nor circle nor geocode"),)


@rule(35, Level.ERROR, "3.2.4", on="area", needs="polygon")
def a_polygon_is_a_closed_ring(area: Block) -> Iterable[Fault]:
    """Pairs lat,lon with space between, four at least, the last equal to the first."""
    faults: list[Fault] = []
    for ring, node in area.rings():
        if isinstance(ring, str):
            faults.append(Fault(node, ring))
        elif ring.points < 4:
            faults.append(Fault(node, f"polygon has {ring.points} points, at least 4 expected"))
        elif not ring.closed:
            faults.append(Fault(node, f"polygon is open: first {ring.first}, last {ring.last}"))
    return faults


@rule(36, Level.ERROR, "3.2.4", on="area", needs="polygon")
def a_polygon_lies_on_the_globe(area: Block) -> Iterable[Fault]:
    """Latitude first, -90 to 90, then longitude, -180 to 180."""
    return [
        Fault(node, "polygon leaves the globe: latitude -90..90 comes first, then longitude -180..180")
        for ring, node in area.rings()
        if isinstance(ring, Ring) and not ring.on_globe
    ]


@rule(36, Level.ADVICE, "3.2.4", on="area", needs="polygon")
def a_polygon_has_few_points(area: Block) -> Iterable[Fault]:
    """About a hundred are enough to warn by; more may not get through."""
    return [
        Fault(node, f"polygon has {ring.points} points, at most {ADVISED_POINTS} advised")
        for ring, node in area.rings()
        if isinstance(ring, Ring) and ring.points > ADVISED_POINTS
    ]


@rule(36, Level.WARNING, "3.2.4", on="area", needs="polygon")
def a_polygon_does_not_cross_itself(area: Block) -> Iterable[Fault]:
    """What is inside of a ring that crosses itself, each reader decides for itself. Looked for up to CROSSING_POINTS points."""
    return [
        Fault(node, "polygon crosses itself")
        for ring, node in area.rings()
        if isinstance(ring, Ring)
        and ring.closed
        and ring.on_globe
        and ring.flat
        and 4 <= ring.points <= CROSSING_POINTS
        and crosses_itself(ring)
    ]


@rule(48, Level.ERROR, "3.2.4", on="area", needs="polygon")
def a_polygon_is_no_flood(area: Block) -> Iterable[Fault]:
    """Far more points than any area has are an attack or a mistake."""
    return [
        Fault(node, f"polygon has {ring.points} points, at most {MAX_POINTS} taken")
        for ring, node in area.rings()
        if isinstance(ring, Ring) and ring.points > MAX_POINTS
    ]


@rule(37, Level.ERROR, "3.2.4", on="area", needs="circle")
def a_circle_has_a_centre_and_a_radius(area: Block) -> Iterable[Fault]:
    """lat,lon on the globe, a space, and a radius in km that is not negative."""
    faults: list[Fault] = []
    for text, node in area.texts("circle"):
        found = _CIRCLE.fullmatch(text)
        if found is None:
            faults.append(Fault(node, f"circle {text.strip()[:60]!r} is not 'lat,lon radius'"))
        elif abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            faults.append(Fault(node, f"circle {text.strip()[:60]!r} is not on the globe"))
        elif not 0 <= float(found[3]) <= MAX_RADIUS_KM:
            faults.append(Fault(node, f"circle radius {found[3][:30]} km is not between 0 and half the globe"))
    return faults


@rule(37, Level.WARNING, "3.2.4", on="area", needs="circle")
def a_circle_is_more_than_a_point(area: Block) -> Iterable[Fault]:
    """A radius of 0 gives nothing to show."""
    return [
        Fault(leaf.node, "circle has radius 0: there is nothing to show")
        for leaf in area.texts("circle")
        if (found := _CIRCLE.fullmatch(leaf.text)) and float(found[3]) == 0
    ]


@rule(38, Level.WARNING, "3.2.4", on="alert", needs="info")
def a_geocode_has_a_scheme_and_a_value(alert: Block) -> Iterable[Fault]:
    """Both valueName and value, as two elements; CAP 1.0's name=value is taken and told."""
    if not _HALF[alert.namespace](alert.node):
        return NO_FAULTS
    return [
        Fault(node, "geocode has no valueName or no value, as two elements")
        for info in alert.inner("info")
        for area in info.inner("area")
        for node in area.pair_nodes("geocode")
        if len(node) < 2 or "" in {(child.text or "").strip() for child in node}
    ]


@rule(38, Level.ADVICE, "3.2.4", on="area")
def a_geocode_comes_with_a_shape(area: Block) -> Iterable[Fault]:
    """Who does not know the scheme of a code can still draw a shape."""
    if "polygon" in area.leaves or "circle" in area.leaves or not area.pair_nodes("geocode"):
        return NO_FAULTS
    return (Fault(area.node, "geocode without polygon or circle"),)


@rule(39, Level.ERROR, "3.2.4", on="area", needs="ceiling")
def a_ceiling_is_above_an_altitude(area: Block) -> Iterable[Fault]:
    """Feet above mean sea level; ceiling only with altitude, and not below it."""
    node = area.node_of("ceiling")
    if "altitude" not in area.leaves:
        return (Fault(node, "ceiling without altitude"),)
    try:
        low, high = float(area.text("altitude")), float(area.text("ceiling"))
    except ValueError:
        return NO_FAULTS
    return NO_FAULTS if low <= high else (Fault(node, f"ceiling {high:g} is below altitude {low:g}"),)


RULES = (
    an_area_has_a_name,
    an_area_can_be_drawn_or_looked_up,
    a_polygon_is_a_closed_ring,
    a_polygon_lies_on_the_globe,
    a_polygon_has_few_points,
    a_polygon_does_not_cross_itself,
    a_polygon_is_no_flood,
    a_circle_has_a_centre_and_a_radius,
    a_circle_is_more_than_a_point,
    a_geocode_has_a_scheme_and_a_value,
    a_geocode_comes_with_a_shape,
    a_ceiling_is_above_an_altitude,
)
