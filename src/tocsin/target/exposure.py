"""Who lies inside a threat's place and time, and whether one who can act is among the addressed."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from tocsin.core.area import Point, distance_to_area_km
from tocsin.core.threat import Threat
from tocsin.core.vocabulary import covers
from tocsin.core.window import Window
from tocsin.errors import PolicyError
from tocsin.target.register import Gathering, Person, Venue


class Exposure(Struct, frozen=True):
    """Everybody and everything that the threat covers."""

    people: tuple[Person, ...]
    venues: tuple[Venue, ...]
    gatherings: tuple[Gathering, ...]


class Party(Struct, frozen=True):
    """Somebody who can act: a venue, or a protector (a peer that answers for the area)."""

    id: str
    name: str
    kind: str


class AddresseeCheck(Struct, frozen=True):
    """Who can act, who of them is addressed, who is not (DESIGN F3)."""

    can_act: tuple[Party, ...]
    addressed: tuple[Party, ...]
    not_addressed: tuple[Party, ...]

    @property
    def nobody_who_can_act_is_addressed(self) -> bool:
        """The alarm: the warning would reach nobody who could do something about it."""
        return not self.addressed


def find_exposed(
    threat: Threat,
    *,
    people: Sequence[Person],
    venues: Sequence[Venue],
    gatherings: Sequence[Gathering],
    margin_km: float = 0,
) -> Exposure:
    """By place (its shapes, widened by `margin_km`), time and kind.

    Raises PolicyError for a threat without geometry: nothing falls back to a wider area.

    A gathering counts if it overlaps the window and is of a kind warned of. A venue counts if it is of such a kind, or if
    it hosts a gathering that counts: then wherever the register puts it, for its host can act. Not stated never excludes:
    a window without an end goes on, so does a gathering; no target means every kind.
    """
    area = threat.area
    if not area.has_geometry:
        raise PolicyError(
            f"place {area.description!r} has no geometry, so nobody can be targeted by it",
            hint="choose a place that resolves to a point; nothing was sent to a wider area instead",
        )

    def inside(point: Point) -> bool:
        distance = distance_to_area_km(area, point)
        return distance is not None and distance <= margin_km

    exposed_gatherings = tuple(
        one
        for one in gatherings
        if _overlaps(threat.window, one) and _is_target(threat, one.kind) and inside(one.point)
    )
    hosts = {one.venue for one in exposed_gatherings}
    return Exposure(
        people=tuple(one for one in people if inside(one.point)),
        venues=tuple(one for one in venues if one.id in hosts or (_is_target(threat, one.kind) and inside(one.point))),
        gatherings=exposed_gatherings,
    )


def check_addressees(exposure: Exposure, addressed: Collection[str], protectors: Sequence[str]) -> AddresseeCheck:
    """Who could act on this (RULES R3): the exposed venues and those who protect them; `addressed` are ids and peer names."""
    can_act = (
        *(Party(venue.id, venue.name, "venue") for venue in exposure.venues),
        *(Party(name, name, "protector") for name in protectors),
    )
    return AddresseeCheck(
        can_act=can_act,
        addressed=tuple(one for one in can_act if one.id in addressed),
        not_addressed=tuple(one for one in can_act if one.id not in addressed),
    )


def _overlaps(window: Window, gathering: Gathering) -> bool:
    """Do they share an instant? Both are half-open, and an end that is not stated is after everything."""
    begins_before_it_ends = window.end is None or gathering.start < window.end
    ends_after_it_begins = window.start is None or gathering.end is None or gathering.end > window.start
    return begins_before_it_ends and ends_after_it_begins


def _is_target(threat: Threat, kind: str | None) -> bool:
    return not threat.targets or kind is None or any(covers("target", target, kind) for target in threat.targets)
