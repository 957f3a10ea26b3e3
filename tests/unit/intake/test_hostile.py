"""A text made to be expensive is read to its end by every finder: what takes its square would never come back."""

from collections.abc import Callable
from datetime import date

import pytest

from tocsin.intake.actors import find_actors
from tocsin.intake.advice import find_advice
from tocsin.intake.certainty import find_certainty
from tocsin.intake.issuer import find_issuer
from tocsin.intake.kind import is_article
from tocsin.intake.methods import find_methods
from tocsin.intake.targets import find_targets
from tocsin.intake.times import find_date, find_windows
from tocsin.intake.unwrap import unwrap

LENGTH = 60_000
UNITS = {
    "letters": "a ",
    "capitals": "A",
    "digits": "1",
    "brackets": "(",
    "quotes": '"',
    "marks": "> ",
    "lines": "\n",
    "semicolons": "; ",
    "attacks": "attack on ",
    "advice": "avoid the ",
    "people": "american ",
    "staff": "embassy staff ",
    "groups": "terrorist ",
    "speech": "he said ",
}
FINDERS: dict[str, Callable[[str], object]] = {
    "actors": find_actors,
    "advice": find_advice,
    "certainty": find_certainty,
    "issuer": find_issuer,
    "kind": is_article,
    "methods": find_methods,
    "targets": find_targets,
    "date": find_date,
    "windows": lambda text: find_windows(text, date(2024, 3, 7)),
    "unwrap": unwrap,
}


@pytest.mark.parametrize("finder", FINDERS)
@pytest.mark.parametrize("unit", UNITS)
def test_a_finder_comes_back_from_a_hostile_text(unit: str, finder: str) -> None:
    text = UNITS[unit] * (LENGTH // len(UNITS[unit]))
    FINDERS[finder](text)
