"""Typed fields of a record that came from outside as JSON or YAML; InputError names the field, what was found, what was expected."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from msgspec import Struct

from tocsin.core.area import Point
from tocsin.errors import InputError, did_you_mean

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class Fields(Struct, frozen=True):
    """One mapping and the name by which an error calls it, such as `case 'x', warning w1`."""

    name: str
    found: Mapping[str, Any]

    @classmethod
    def of(cls, name: str, found: object) -> "Fields":
        """The fields of a mapping whose keys are texts."""
        if not isinstance(found, Mapping) or not all(isinstance(key, str) for key in found):
            raise InputError(f"{name} is {_show(found)}, expected an object with named fields")
        return cls(name, found)

    def allow(self, known: Sequence[str]) -> None:
        """Refuse every other key, naming the nearest known one."""
        for key in self.found:
            if key not in known:
                hint = did_you_mean(key, known, "known: " + ", ".join(known))
                raise InputError(f"{self.name}: unknown key {key!r}", hint=hint)

    def value(self, key: str) -> Any:
        """Whatever stands there; None is a value, a missing key is not."""
        if key not in self.found:
            raise InputError(f"{self.name}: {key!r} is missing")
        return self.found[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not be empty."""
        value = self.value(key) if default is None else self.found.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self._wrong(key, value, "a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, maybe empty."""
        return self.each(key, str, "texts")

    def records(self, key: str) -> tuple["Fields", ...]:
        """A list of mappings, maybe empty; each is called after this one and its number."""
        found = self.each(key, Mapping, "objects")
        return tuple(Fields.of(f"{self.name}, {key} {number}", one) for number, one in enumerate(found, 1))

    def record(self, key: str) -> "Fields":
        """A mapping."""
        return Fields.of(f"{self.name}, {key}", self.value(key))

    def each(self, key: str, kind: type[Any], words: str) -> tuple[Any, ...]:
        """A list whose members are all of that kind; null is an empty one: not stated."""
        value = [] if self.value(key) is None else self.value(key)
        if not isinstance(value, list) or not all(isinstance(one, kind) for one in value):
            raise self._wrong(key, value, f"a list of {words}")
        return tuple(value)

    def choice(self, key: str, kind: type[_E], default: _E | None = None) -> _E:
        """One word of a closed set."""
        value = self.value(key) if default is None else self.found.get(key, default)
        if not isinstance(value, str) or value not in set(kind):
            raise self._wrong(key, value, "one of " + ", ".join(kind))
        return kind(value)

    def point(self) -> Point | None:
        """`lat` and `lon` in degrees; None if both are null or absent."""
        if self.found.get("lat") is None and self.found.get("lon") is None:
            return None
        return Point(self._degrees("lat", 90), self._degrees("lon", 180))

    def check(self, make: Callable[..., _T], *args: Any, **kwargs: Any) -> _T:
        """`make(...)`, whose InputError is told with the name of this record."""
        try:
            return make(*args, **kwargs)
        except InputError as error:
            raise InputError(f"{self.name}: {error}", hint=error.hint) from None
        except OverflowError:
            raise InputError(
                f"{self.name}: {_show(args[0])} lies outside the years that can be computed with"
            ) from None

    def _degrees(self, key: str, most: int) -> float:
        value = self.found.get(key)
        # Not a number and infinity fail the comparison too.
        if isinstance(value, bool) or not isinstance(value, int | float) or not -most <= value <= most:
            raise self._wrong(key, value, f"degrees from -{most} to {most} (lat and lon, or neither)")
        return float(value)

    def _wrong(self, key: str, value: object, expected: str) -> InputError:
        return InputError(f"{self.name}: {key} is {_show(value)}, expected {expected}")


def _show(value: object) -> str:
    """The value as it would be written, cut to a length that fits a line."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}…"
