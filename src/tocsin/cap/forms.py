"""The plain form of each kind of block as one expression, made from the grammar."""

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from tocsin.cap.grammar import MODELS, PAIRS, Model, Place

S = "[ \t\n]*+"
"""White space between elements, in a text with one kind of line end."""


class Form(NamedTuple):
    """One kind of block: its start tag, its texts by name in their order, and which of them stand several times or are pairs.

    `pattern` takes the block up to its first inner block, with a group for each name; `closing` takes what follows the last.
    `checks` is what no expression says.
    """

    name: str
    opening: str
    names: tuple[str, ...]
    repeated: tuple[tuple[str, re.Pattern[str]], ...]
    pairs: tuple[str, ...]
    checks: tuple[tuple[str, Callable[[str], object]], ...]
    pattern: re.Pattern[str]
    inner: "tuple[Form, ...]"
    closing: re.Pattern[str]


@cache
def form_of(namespace: str) -> Form:
    """That of an alert of the version with that namespace; built once for each (defect 3)."""
    _, model = MODELS[f"{{{namespace}}}alert"]
    return _make_form(model)


def _make_form(model: Model) -> Form:
    places = dict(zip(model.content.split(), model.places.values(), strict=True))
    leaves = {word: place for word, place in places.items() if place.model is None or place.name in PAIRS}
    pairs = tuple(place.name for place in leaves.values() if place.model is not None)
    repeated = [place.name for word, place in leaves.items() if word[-1] in "*+" and place.model is None]
    start = "" if model.name == "alert" else f"<{model.name}>"
    return Form(
        name=model.name,
        opening=start,
        names=tuple(place.name for place in leaves.values()),
        repeated=tuple((name, re.compile(f"<{name}>([^<]*+)")) for name in repeated),
        pairs=pairs,
        checks=tuple((p.name, p.accepts) for p in leaves.values() if p.accepts is not None and not p.pattern),
        pattern=re.compile(start + S + "".join(_expression(word, place) for word, place in leaves.items())),
        inner=tuple(_make_form(p.model) for p in places.values() if p.model is not None and p.name not in PAIRS),
        closing=re.compile(f"</{model.name}>{S}"),
    )


def _expression(word: str, place: Place) -> str:
    """One child as it may stand there, its text as a group; all of them as one group where there may be several."""
    if word[-1] in "*+":
        return f"((?:{_element(place)})++)" + ("?" if word[-1] == "*" else "")
    one = _element(place, group="(")
    return f"(?:{one})?" if word[-1] == "?" else one


def _element(place: Place, *, group: str = "(?:") -> str:
    inside = f"{group}{place.pattern or '[^<]*+'})"
    if place.model is not None:
        inside = S + "".join(_element(one) for one in place.model.places.values())
    return f"<{place.name}>{inside}</{place.name}>{S}"
