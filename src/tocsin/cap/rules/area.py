"""Rules of CAP 1.2 section 3.2.4 that speak of one area: shapes that can be drawn, codes, heights."""

import re
from collections.abc import Sequence

from tocsin.cap.block import WITH_ODD_PAIRS, Block
from tocsin.cap.finding import NO_FAULTS, Fault, Level, rule
from tocsin.cap.rings import ADVISED_POINTS, MAX_POINTS, Outline, Ring

MAX_RADIUS_KM = 20_038
_BENT = {
    Outline.CROSSES: "polygon crosses itself",
    Outline.FLAT: "polygon lies on a line: it encloses nothing",
    Outline.TANGLED: "polygon meets itself so often that nobody can say what it encloses",
    Outline.TOUCHES: "polygon touches itself: two of its edges meet and do not cross",
}
_NUMBER = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)"
"""As in a polygon."""
_CIRCLE = re.compile(rf"\s*({_NUMBER}),({_NUMBER})\s+({_NUMBER})\s*")


@rule(34, Level.WARNING, "3.2.4", on="area", needs="areaDesc")
def an_area_has_a_name(area: Block) -> Sequence[Fault]:
    """The description is what people read."""
    return NO_FAULTS if area.text("areaDesc") else (Fault(area.at("areaDesc"), "areaDesc is empty"),)


@rule(34, Level.ADVICE, "3.2.4", on="area", lacks=("polygon", "circle", "geocode"))
def an_area_can_be_drawn_or_looked_up(area: Block) -> Sequence[Fault]:
    """Without polygon, circle and geocode nothing can be targeted by it."""
    return (Fault(area.at(), "area has neither polygon nor circle nor geocode"),)


@rule(35, Level.ERROR, "3.2.4", on="area", needs="polygon", when=Block.odd_rings)
def a_polygon_is_a_closed_ring(area: Block) -> Sequence[Fault]:
    """Pairs lat,lon with space between, four at least, the last equal to the first."""
    faults: list[Fault] = []
    for number, ring in area.odd_rings():
        if isinstance(ring, str):
            faults.append(Fault(area.at("polygon", number), ring))
        elif ring.points < 4:
            faults.append(Fault(area.at("polygon", number), f"polygon has {ring.points} points, at least 4 expected"))
        elif not ring.closed:
            faults.append(Fault(area.at("polygon", number), f"polygon is open: first {ring.first}, last {ring.last}"))
    return faults


@rule(36, Level.ERROR, "3.2.4", on="area", needs="polygon", when=Block.odd_rings)
def a_polygon_lies_on_the_globe(area: Block) -> Sequence[Fault]:
    """Latitude first, -90 to 90, then longitude, -180 to 180."""
    return [
        Fault(
            area.at("polygon", number),
            "polygon leaves the globe: latitude -90..90 comes first, then longitude -180..180",
        )
        for number, ring in area.odd_rings()
        if isinstance(ring, Ring) and not ring.on_globe
    ]


@rule(36, Level.ADVICE, "3.2.4", on="area", needs="polygon", when=Block.odd_rings)
def a_polygon_has_few_points(area: Block) -> Sequence[Fault]:
    """About a hundred are enough to warn by; more may not get through."""
    return [
        Fault(area.at("polygon", number), f"polygon has {ring.points} points, at most {ADVISED_POINTS} advised")
        for number, ring in area.odd_rings()
        if isinstance(ring, Ring) and ring.points > ADVISED_POINTS
    ]


@rule(36, Level.WARNING, "3.2.4", on="area", needs="polygon", when=Block.bent_rings)
def a_polygon_encloses_one_area(area: Block) -> Sequence[Fault]:
    """What is inside of a ring that crosses itself, each reader decides for itself; on a line there is no inside.

    Looked for up to CROSSING_POINTS points.
    """
    return [
        Fault(area.at("polygon", number), _BENT[outline])
        for number, outline in area.bent_rings()
        if outline is not Outline.TOUCHES
    ]


@rule(36, Level.ADVICE, "3.2.4", on="area", needs="polygon", when=Block.bent_rings)
def a_polygon_does_not_meet_itself(area: Block) -> Sequence[Fault]:
    """A spike, a bridge to a hole, a corner met twice: it can be drawn, and some programs refuse it."""
    return [
        Fault(area.at("polygon", number), _BENT[outline])
        for number, outline in area.bent_rings()
        if outline is Outline.TOUCHES
    ]


@rule(48, Level.ERROR, "3.2.4", on="area", needs="polygon", when=Block.odd_rings)
def a_polygon_is_no_flood(area: Block) -> Sequence[Fault]:
    """Far more points than any area has are an attack or a mistake."""
    return [
        Fault(area.at("polygon", number), f"polygon has {ring.points} points, at most {MAX_POINTS} taken")
        for number, ring in area.odd_rings()
        if isinstance(ring, Ring) and ring.points > MAX_POINTS
    ]


@rule(37, Level.ERROR, "3.2.4", on="area", needs="circle")
def a_circle_has_a_centre_and_a_radius(area: Block) -> Sequence[Fault]:
    """lat,lon on the globe, a space, and a radius in km that is not negative."""
    faults: list[Fault] = []
    for number, text in enumerate(area.texts("circle")):
        found = _CIRCLE.fullmatch(text)
        if found is None:
            faults.append(Fault(area.at("circle", number), f"circle {text.strip()[:60]!r} is not 'lat,lon radius'"))
        elif abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            faults.append(Fault(area.at("circle", number), f"circle {text.strip()[:60]!r} is not on the globe"))
        elif not 0 <= float(found[3]) <= MAX_RADIUS_KM:
            faults.append(
                Fault(
                    area.at("circle", number), f"circle radius {found[3][:30]} km is not between 0 and half the globe"
                )
            )
    return faults


@rule(37, Level.WARNING, "3.2.4", on="area", needs="circle")
def a_circle_is_more_than_a_point(area: Block) -> Sequence[Fault]:
    """A radius of 0 gives nothing to show."""
    return [
        Fault(area.at("circle", number), "circle has radius 0: there is nothing to show")
        for number, text in enumerate(area.texts("circle"))
        if (found := _CIRCLE.fullmatch(text)) and float(found[3]) == 0
    ]


@rule(38, Level.WARNING, "3.2.4", on="area", needs="geocode", when=WITH_ODD_PAIRS)
def a_geocode_has_a_scheme_and_a_value(area: Block) -> Sequence[Fault]:
    """Both valueName and value, as two elements; CAP 1.0's name=value is taken and told."""
    return [
        Fault(area.at_pair("geocode", number), "geocode has no valueName or no value, as two elements")
        for number, node in enumerate(area.paired["geocode"])
        if len(node) < 2 or "" in {(child.text or "").strip() for child in node}
    ]


@rule(38, Level.ADVICE, "3.2.4", on="area", needs="geocode", lacks=("polygon", "circle"))
def a_geocode_comes_with_a_shape(area: Block) -> Sequence[Fault]:
    """Who does not know the scheme of a code can still draw a shape."""
    return (Fault(area.at(), "geocode without polygon or circle"),)


@rule(39, Level.ERROR, "3.2.4", on="area", needs="ceiling")
def a_ceiling_is_above_an_altitude(area: Block) -> Sequence[Fault]:
    """Feet above mean sea level; ceiling only with altitude, and not below it."""
    spot = area.at("ceiling")
    if "altitude" not in area.leaves:
        return (Fault(spot, "ceiling without altitude"),)
    try:
        low, high = float(area.text("altitude")), float(area.text("ceiling"))
    except ValueError:
        return NO_FAULTS
    return NO_FAULTS if low <= high else (Fault(spot, f"ceiling {high:g} is below altitude {low:g}"),)


RULES = (
    an_area_has_a_name,
    an_area_can_be_drawn_or_looked_up,
    a_polygon_is_a_closed_ring,
    a_polygon_lies_on_the_globe,
    a_polygon_has_few_points,
    a_polygon_encloses_one_area,
    a_polygon_does_not_meet_itself,
    a_polygon_is_no_flood,
    a_circle_has_a_centre_and_a_radius,
    a_circle_is_more_than_a_point,
    a_geocode_has_a_scheme_and_a_value,
    a_geocode_comes_with_a_shape,
    a_ceiling_is_above_an_altitude,
)
