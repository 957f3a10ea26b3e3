"""What `tocsin duty check` reads is exactly what the contract says, and nothing else."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.duty import ELEMENTS, Ground, Waiver, check_duty, read_ruleset
from tocsin.assess.duty_json import MAX_BYTES, outcome_as_json, read_duty_facts
from tocsin.errors import InputError, TocsinError, WaiverError

GOOD: dict[str, Any] = dict.fromkeys(ELEMENTS, True)


def raw(**changes: Any) -> bytes:
    return json.dumps(GOOD | changes).encode()


def without(key: str) -> bytes:
    return json.dumps({name: value for name, value in GOOD.items() if name != key}).encode()


def test_the_five_keys_are_read_as_they_stand() -> None:
    found = read_duty_facts(raw(harm=False, specific="uncertain"))
    assert [getattr(found, name) for name in ELEMENTS] == [False, True, True, "uncertain", True]
    assert found.waiver is None


def test_a_waiver_is_read_with_its_evidence() -> None:
    waiver = {"ground": "W1", "text": "they told us", "evidence": "R-7"}
    assert read_duty_facts(raw(waiver=waiver)).waiver == Waiver(Ground.W1, "they told us", "R-7")


@pytest.mark.parametrize("key", ELEMENTS)
def test_a_missing_element_is_never_taken_for_granted(key: str) -> None:
    with pytest.raises(InputError, match=f"{key!r} is missing"):
        read_duty_facts(without(key))


@pytest.mark.parametrize("value", [None, 0, 1, "true", "Uncertain", "", [], {}, ["uncertain"], 0.0])
def test_what_only_looks_like_a_truth_is_refused(value: Any) -> None:
    with pytest.raises(InputError, match="facts: credible is"):
        read_duty_facts(raw(credible=value))


BAD_FACTS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "facts are empty"),
    "blanks": (b" \n", "facts are empty"),
    "cut short": (raw()[:-5], "not JSON in UTF-8"),
    "not UTF-8": (raw().replace(b"harm", b"h\xe4rm"), "not JSON in UTF-8"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "not JSON in UTF-8"),
    "a list": (b"[]", "facts are list"),
    "a word": (b'"warn"', "facts are str"),
    "a key twice": (raw()[:-1] + b', "harm": false}', "a key stands twice"),
    "not a number": (raw()[:-1] + b', "waiver": NaN}', "NaN is not JSON"),
    "a number without end": (raw()[:-1] + b', "waiver": ' + b"9" * 5000 + b"}", "not JSON in UTF-8"),
    "nested without end": (b"[" * 100_000, "not JSON in UTF-8"),
    "too long": (raw() + b" " * MAX_BYTES, f"at most {MAX_BYTES} expected"),
    "a key of another spelling": (raw(Harm=True), "unknown key 'Harm'"),
    "a key nobody knows": (raw(colour="red"), "unknown key 'colour'"),
}


@pytest.mark.parametrize(("bad", "says"), list(BAD_FACTS.values()), ids=list(BAD_FACTS))
def test_bad_facts_are_refused_with_what_was_found(bad: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_duty_facts(bad)


BAD_WAIVERS: dict[str, tuple[Any, str]] = {
    "a word": ("W1", "expected an object"),
    "a list": ([], "expected an object"),
    "no ground": ({"text": "x"}, "ground is None"),
    "a ground that is not there": ({"ground": "W7", "text": "x"}, "ground is 'W7'"),
    "a ground that is no word": ({"ground": ["W1"], "text": "x"}, "ground is"),
    "no words": ({"ground": "W2"}, "has no text"),
    "words that are none": ({"ground": "W2", "text": 7}, "text is 7"),
    "evidence that is none": ({"ground": "W1", "text": "x", "evidence": True}, "evidence is True"),
    "no evidence that they know": ({"ground": "W1", "text": "x"}, "has no evidence"),
}


@pytest.mark.parametrize(("waiver", "says"), list(BAD_WAIVERS.values()), ids=list(BAD_WAIVERS))
def test_a_waiver_that_lacks_anything_is_refused(waiver: Any, says: str) -> None:
    with pytest.raises(WaiverError, match=says):
        read_duty_facts(raw(waiver=waiver))


def test_an_unknown_key_of_a_waiver_is_refused() -> None:
    with pytest.raises(InputError, match="unknown key 'grounds'") as caught:
        read_duty_facts(raw(waiver={"grounds": "W1", "text": "x"}))
    assert caught.value.hint == "did you mean 'ground'?"


def test_the_nearest_known_key_is_the_hint() -> None:
    with pytest.raises(InputError) as caught:
        read_duty_facts(raw(directed_to=True))
    assert caught.value.hint == "did you mean 'directed_at'?"


@given(st.binary(max_size=200))
def test_junk_raises_nothing_but_our_own_errors(junk: bytes) -> None:
    with pytest.raises(TocsinError):
        read_duty_facts(junk)


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=5)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*ELEMENTS, "waiver"]), JSON | st.just("uncertain")))
def test_any_object_is_read_or_refused_and_never_breaks(found: dict[str, Any]) -> None:
    with contextlib.suppress(TocsinError):
        assert read_duty_facts(json.dumps(found).encode())


def test_the_outcome_is_written_with_the_keys_that_others_script_against() -> None:
    outcome = outcome_as_json(check_duty(read_duty_facts(raw()), read_ruleset("icd191-2015")))
    assert list(outcome) == ["outcome", "proposed", "failed", "uncertain", "ruleset", "clauses", "clocks"]
    assert outcome["clocks"] == {"review": 3600, "determination": 14400, "dispatch": 7200}
    json.dumps(outcome)
