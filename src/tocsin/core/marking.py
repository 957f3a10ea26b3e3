"""Who may read: TLP 2.0 markings and the audiences of a warning's versions."""

from enum import StrEnum

from tocsin.errors import InputError


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST, August 2022), strictest first."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"

    @property
    def strictness(self) -> int:
        """0 for CLEAR up to 4 for RED."""
        return len(Tlp) - 1 - list(Tlp).index(self)


def parse_tlp(text: str) -> Tlp:
    """The marking of that exact spelling; WHITE is read as CLEAR (RULES R38, R41).

    >>> parse_tlp("TLP:WHITE").value
    'TLP:CLEAR'
    """
    if text == "TLP:WHITE":
        return Tlp.CLEAR
    try:
        return Tlp(text)
    except ValueError:
        raise InputError(f"marking {text!r} is not TLP 2.0", hint="one of " + ", ".join(Tlp)) from None


class Audience(StrEnum):
    """For whom a version is written, strictest first; each sees what the later ones see."""

    INTERNAL = "internal"
    PARTNER = "partner"
    PUBLIC = "public"

    @property
    def default_tlp(self) -> Tlp:
        """The marking a version of this audience carries unless its owner chose a stricter one."""
        return {
            Audience.INTERNAL: Tlp.AMBER_STRICT,
            Audience.PARTNER: Tlp.AMBER,
            Audience.PUBLIC: Tlp.CLEAR,
        }[self]

    def sees_less_than(self, other: "Audience") -> bool:
        """Is this audience further from the source than the other?"""
        order = list(Audience)
        return order.index(self) > order.index(other)
