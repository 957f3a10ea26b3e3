"""A rule is data: casebook/1 is frozen, every clause is reached, and what is no rule is refused with the line that is wrong."""

import hashlib
import json
from copy import deepcopy
from datetime import timedelta
from importlib.resources import files
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from tocsin.core.data import read_data
from tocsin.errors import InputError
from tocsin.review.rule import MatchRule, read_rule

FACETS = {
    "status": ["occurred", "foiled", "aborted"],
    "type": ["threat_warning", "person_lead"],
    "place": ["hit", "near", "miss", "unspecified"],
    "place_level": ["city", "country"],
    "time": ["early", "hit", "late", "miss", "unspecified"],
    "target": ["hit", "partial", "miss", "unspecified"],
    "actor": ["hit", "partial", "miss", "unspecified"],
    "method": ["hit", "partial", "miss", "unspecified"],
    "person": ["hit", "miss", "unspecified"],
}


def rule(**changed: Any) -> bytes:
    return json.dumps({**deepcopy(read_data("review", "casebook-1.json")), "id": "mine/1", **changed}).encode()


def test_casebook_1_is_frozen() -> None:
    """Scores were printed under its name: another rule needs another one."""
    raw = files("tocsin.review").joinpath("data", "casebook-1.json").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == "8816d38dee175fbbfb94824a09735e00b01dc7c8237e454bfa2ef4b2b8bc604c"


def test_a_rule_without_arguments_is_what_the_file_says() -> None:
    raw = files("tocsin.review").joinpath("data", "casebook-1.json").read_bytes()
    assert read_rule(raw) == MatchRule()


def test_every_combination_of_facets_has_a_verdict_and_every_clause_decides_some() -> None:
    found = MatchRule()
    decided = {id(found.decide(dict(zip(FACETS, words, strict=True)))) for words in product(*FACETS.values())}
    assert decided == {id(one) for one in found.clauses}


def test_a_file_that_calls_itself_casebook_1_and_differs_is_refused() -> None:
    with pytest.raises(InputError, match="differs from it"):
        read_rule(rule(id="casebook/1", near_km=31))


def test_a_rule_of_ones_own_is_what_it_says() -> None:
    found = read_rule(rule(near_km=5, max_late_hours=48, cap_worldwide=False))
    assert (found.id, found.near_km, found.max_late, found.cap_worldwide) == ("mine/1", 5, timedelta(days=2), False)
    assert replace(found, id="casebook/1", near_km=30.0, max_late=timedelta(0), cap_worldwide=True) == MatchRule()


CLAUSES = read_data("review", "casebook-1.json")["overall"]
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a key that nobody knows": ({"near": 3}, "unknown key 'near'"),
    "a name without a number": ({"id": "mine"}, "id is 'mine'"),
    "a distance below nothing": ({"near_km": -1}, "near_km"),
    "a distance that is true": ({"near_km": True}, "near_km"),
    "a distance in words": ({"near_km": "30"}, "near_km"),
    "a cap that is a number": ({"cap_worldwide": 1}, "cap_worldwide"),
    "evidence that nobody knows": ({"cap_evidence": ["rumour"]}, "rumour"),
    "no clause": ({"overall": []}, "0 clauses"),
    "no clause that always fits": ({"overall": CLAUSES[:-1]}, "the last one asking for nothing"),
    "a facet that nobody knows": ({"overall": [{"cites": "1", "when": {"colour": ["red"]}, "overall": "hit"}, CLAUSES[-1]]}, "colour"),
    "a word that the facet cannot have": ({"overall": [{"cites": "1", "when": {"person": ["near"]}, "overall": "hit"}, CLAUSES[-1]]}, "'near'"),
    "a facet with no word": ({"overall": [{"cites": "1", "when": {"person": []}, "overall": "hit"}, CLAUSES[-1]]}, "'none'"),
    "a verdict that no pair can have": ({"overall": [{"cites": "1", "when": {}, "overall": "false_alarm"}]}, "false_alarm"),
    "a clause that cites nothing": ({"overall": [{"cites": "", "when": {}, "overall": "hit"}]}, "cites"),
}  # fmt: skip


@pytest.mark.parametrize(("changed", "named"), list(WRONG.values()), ids=list(WRONG))
def test_what_is_no_rule_is_refused_by_name(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_rule(rule(**changed))


@pytest.mark.parametrize("gone", list(read_data("review", "casebook-1.json")))
def test_a_rule_leaves_nothing_to_somebody_else(gone: str) -> None:
    found = json.loads(rule())
    del found[gone]
    with pytest.raises(InputError, match=gone):
        read_rule(json.dumps(found).encode())
