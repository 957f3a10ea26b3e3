"""What is feared, or happened: place, window, target, actor, method. A warning and an incident both say it so."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from tocsin.core.area import Area, Circle, Point
from tocsin.core.window import NOT_STATED, Window
from tocsin.errors import InputError


class Level(StrEnum):
    """How fine a place is, finest first (casebook/SCHEMA.md, "Place"); airport stands between district and city."""

    VENUE = "venue"
    STREET = "street"
    ROUTE = "route"
    DISTRICT = "district"
    AIRPORT = "airport"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"

    @property
    def radius_km(self) -> float | None:
        """Radius that a point of this level stands for; None where only a code or polygon can say."""
        return _RADIUS_KM.get(self)


_RADIUS_KM = {
    Level.VENUE: 2.0,
    Level.STREET: 2.0,
    Level.ROUTE: 2.0,
    Level.DISTRICT: 2.0,
    Level.AIRPORT: 3.0,
    Level.CITY: 8.0,
}


class Place(Struct, frozen=True, kw_only=True):
    """A named place. `country` is ISO 3166-1 alpha-2, or XX for several or none; `admin1` ISO 3166-2 or None.

    `stops` are the points of a route in their order, two or more; empty if it is known as one point, or is no route. `drawn` are
    the shapes that an officer gave for it, in place of the circle of its level.
    """

    name: str
    country: str
    level: Level
    point: Point | None = None
    admin1: str | None = None
    stops: tuple[Point, ...] = ()
    drawn: Area | None = None

    def __post_init__(self) -> None:
        if self.stops and (self.level is not Level.ROUTE or len(self.stops) < 2):
            raise InputError(
                f"place {self.name!r} is a {self.level.value} with {len(self.stops)} stops, expected a route with two"
            )

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point that it names."""
        return (*((self.point,) if self.point else ()), *self.stops)

    @property
    def area(self) -> Area:
        """The area the place stands for: as it was drawn, else its circle by level, else a description without geometry."""
        if self.drawn is not None:
            return self.drawn
        radius = self.level.radius_km
        circles = tuple(Circle(one, radius) for one in self.points) if radius else ()
        return Area(description=self.name, circles=circles)


class Threat(Struct, frozen=True, kw_only=True):
    """Who, what, where, when, how. An empty tuple means "not stated", which is a value, not a gap.

    Targets, actors and methods are canonical tags of core.vocabulary; `persons` are names and never leave the strictest
    version.
    """

    places: tuple[Place, ...] = ()
    window: Window = NOT_STATED
    targets: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()

    @property
    def area(self) -> Area:
        """Union of the areas of all places."""
        areas = [place.area for place in self.places]
        return Area(
            description="; ".join(place.name for place in self.places) or "not stated",
            polygons=tuple(shape for one in areas for shape in one.polygons),
            circles=tuple(shape for one in areas for shape in one.circles),
            geocodes=tuple(code for one in areas for code in one.geocodes),
        )

    def draw(self, areas: Mapping[str, Area]) -> "Threat":
        """The same with the shapes of those places, by name; InputError for a place that it does not have."""
        names = [place.name for place in self.places]
        for name in areas:
            if name not in names:
                raise InputError(f"{name!r} is no place of this threat", hint="its places: " + ", ".join(names))
        return replace(self, places=tuple(replace(one, drawn=areas.get(one.name, one.drawn)) for one in self.places))

    def draw_like(self, other: "Threat") -> "Threat":
        """The same with the shapes that places of these names have in the other."""
        names = {place.name for place in self.places}
        return self.draw({one.name: one.drawn for one in other.places if one.drawn is not None and one.name in names})
