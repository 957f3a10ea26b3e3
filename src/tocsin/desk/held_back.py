"""The phrases that an order, or a change, holds back: as JSON and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.compose.leaks import HeldBack
from tocsin.core.fields import Fields
from tocsin.core.marking import Audience


def held_back_of(order: Mapping[str, Any]) -> tuple[HeldBack, ...]:
    """Those of the order; none if it holds nothing back. InputError names the phrase by its number."""
    found = Fields.of("order", {"held_back": order.get("held_back", [])}).records("held_back")
    return tuple(_read(number, one) for number, one in enumerate(found, 1))


def held_back_as_json(held_back: Sequence[HeldBack]) -> list[dict[str, str]]:
    """What `held_back_of` reads."""
    return [{"id": one.id, "phrase": one.phrase, "readable_by": one.readable_by.value} for one in held_back]


def _read(number: int, found: Fields) -> HeldBack:
    found.allow(("id", "phrase", "readable_by"))
    return HeldBack(
        id=found.text("id", "") or f"H{number}",
        phrase=found.text("phrase"),
        readable_by=found.choice("readable_by", Audience, Audience.INTERNAL),
    )
