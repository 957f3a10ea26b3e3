"""How good a reading is against the answers that people gave for the same texts: right, found and wanted, field by field."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tocsin.bench.sameness import same_actor, same_party
from tocsin.errors import InputError
from tocsin.intake.ports import place_key

Answer = Mapping[str, Any]
Read = Mapping[str, Any]
"""The JSON of `tocsin report read`."""


class Counts(Struct, frozen=True):
    """`right` of what was `found`, and of what was `wanted`. They add up over texts (micro average)."""

    right: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.found + other.found, self.wanted + other.wanted)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall: the share of all named things, found or wanted, that agree."""
        return 2 * self.right / (self.found + self.wanted) if self.found + self.wanted else 1.0

    @property
    def share(self) -> float:
        """Right of wanted: recall, or the share of texts answered as a person did."""
        return self.right / self.wanted if self.wanted else 1.0


class GoldText(Struct, frozen=True):
    """A reference text and its answer."""

    id: str
    text: str
    answer: Answer


def gold_texts(folder: Path) -> tuple[GoldText, ...]:
    """The texts and answers in a folder that holds `gold.jsonl` and `text/ID.txt`; InputError names what is missing."""
    try:
        lines = (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
        answers = [json.loads(line) for line in lines if line.strip()]
        return tuple(
            GoldText(one["id"], (folder / "text" / f"{one['id']}.txt").read_text(encoding="utf-8"), one)
            for one in answers
        )
    except OSError as error:
        raise InputError(
            f"{error.filename} cannot be read", hint="expected a folder with gold.jsonl and text/ID.txt"
        ) from None
    except (json.JSONDecodeError, KeyError) as error:
        raise InputError(f"gold.jsonl in {folder} is not the answers to texts: {error}") from None


def score(answer: Answer, read: Read) -> dict[str, Counts]:
    """The counts of one text, by field of INTAKE 2."""
    return {
        "place names": _sets(_names(answer["places"] + answer["other_places"]), _names(read["places"])),
        "threatened places": _sets(
            _keys(answer["places"]), _keys(one for one in read["places"] if one["role"] == "threatened")
        ),
        "country of a place": _countries(answer, read),
        "date of issue": _equal(answer["issued"], read["issued"]),
        "window": _equal(
            (answer["window_start"], answer["window_end"]), (read["window"]["start"], read["window"]["end"])
        ),
        "methods": _sets(set(answer["methods"]), set(read["methods"])),
        "targets": _sets(set(answer["targets"]), set(read["targets"])),
        "advice": _sets(set(answer["actions"]), set(read["advice"])),
        "actors": _paired(answer["actors"], read["actors"], same_actor),
        "issuer": _equal(
            (answer["issuer_country"], answer["issuer_kind"]), (read["issuer"]["state"], read["issuer"]["kind"])
        ),
        **score_claims(answer, read),
    }


def score_claims(answer: Answer, read: Read) -> dict[str, Counts]:
    """The counts of the claims of one text: its speakers, and its speakers with whom they address."""
    wanted, found = _claims(answer), _claims(read)
    return {
        "claims: who": _paired(wanted, found, lambda one, other: same_party(one[0], other[0])),
        "claims: who and to": _paired(
            wanted, found, lambda one, other: same_party(one[0], other[0]) and same_party(one[1], other[1])
        ),
    }


def _names(places: Iterable[Mapping[str, Any]]) -> set[str]:
    return {place_key(one["name"]) for one in places}


def _keys(places: Iterable[Mapping[str, Any]]) -> set[tuple[str, str | None]]:
    return {(place_key(one["name"]), one["country"]) for one in places}


def _countries(answer: Answer, read: Read) -> Counts:
    """Of the places that both name: how many are in the same country. Places of no one country are left out."""
    wanted = {place_key(one["name"]): one["country"] for one in answer["places"] + answer["other_places"]}
    found = {place_key(one["name"]): one["country"] for one in read["places"]}
    both = [name for name in wanted if wanted[name] and found.get(name)]
    right = sum(wanted[name] == found[name] for name in both)
    return Counts(right, len(both), len(both))


def _claims(one: Mapping[str, Any]) -> list[tuple[str | None, str | None]]:
    return [(claim["who"], claim["to"]) for claim in one.get("claims", ())]


def _equal(wanted: object, found: object) -> Counts:
    return Counts(int(wanted == found), 1, 1)


def _sets(wanted: set[Any], found: set[Any]) -> Counts:
    return Counts(len(wanted & found), len(found), len(wanted))


def _paired(wanted: Sequence[Any], found: Sequence[Any], same: Callable[[Any, Any], bool]) -> Counts:
    """Each wanted one takes at most one found one, as many as can be paired (Kuhn's algorithm)."""
    holder: dict[int, int] = {}

    def take(one: int, tried: set[int]) -> bool:
        for other in range(len(found)):
            if other not in tried and same(wanted[one], found[other]):
                tried.add(other)
                if other not in holder or take(holder[other], tried):
                    holder[other] = one
                    return True
        return False

    return Counts(sum(take(one, set()) for one in range(len(wanted))), len(found), len(wanted))
