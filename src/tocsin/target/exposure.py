"""Who lies inside a threat's place and time, and whether one who can act is among the addressed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tocsin.core.area import contains
from tocsin.core.threat import Threat
from tocsin.core.vocabulary import covers
from tocsin.errors import PolicyError
from tocsin.target.register import Gathering, Person, Venue


@dataclass(frozen=True)
class Exposure:
    """Everybody and everything that the threat covers."""

    people: tuple[Person, ...]
    venues: tuple[Venue, ...]
    gatherings: tuple[Gathering, ...]


@dataclass(frozen=True)
class Party:
    """Somebody who can act: a venue, or a protector (a peer that answers for the area)."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True)
class AddresseeCheck:
    """Who can act, who of them is addressed, who is not (DESIGN F3)."""

    can_act: tuple[Party, ...]
    addressed: tuple[Party, ...]
    not_addressed: tuple[Party, ...]

    @property
    def nobody_who_can_act_is_addressed(self) -> bool:
        """The alarm: the warning would reach nobody who could do something about it."""
        return not self.addressed


def find_exposed(
    threat: Threat, *, people: Sequence[Person], venues: Sequence[Venue], gatherings: Sequence[Gathering]
) -> Exposure:
    """By place, time and kind. Raises PolicyError for a threat without geometry: nothing falls back to a wider area.

    A gathering counts if it overlaps the window; a window without an end goes on. A venue counts if its kind is one of
    the threat's targets (no target stated: every kind), or if it hosts a gathering that counts.
    """
    area, window = threat.area, threat.window
    if not area.has_geometry:
        raise PolicyError(
            f"place {area.description!r} has no geometry, so nobody can be targeted by it",
            hint="choose a place that resolves to a point; nothing was sent to a wider area instead",
        )
    exposed_gatherings = tuple(
        one
        for one in gatherings
        if contains(area, one.point)
        and (window.end is None or one.start < window.end)
        and (window.start is None or one.end > window.start)
    )
    hosts = {one.venue for one in exposed_gatherings}
    return Exposure(
        people=tuple(one for one in people if contains(area, one.point)),
        venues=tuple(
            one for one in venues if contains(area, one.point) and (_is_target(threat, one.kind) or one.id in hosts)
        ),
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


def _is_target(threat: Threat, kind: str) -> bool:
    return not threat.targets or any(covers("target", target, kind) for target in threat.targets)
