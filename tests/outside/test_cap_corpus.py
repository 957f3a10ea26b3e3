"""Real CAP messages whose faults others have listed: each is found under its rule, and nothing that is right is called wrong."""

import csv
from pathlib import Path

import pytest

from tocsin.cap.check import Checked, check_cap
from tocsin.cap.codec import read_alert
from tocsin.cap.finding import Level
from tocsin.cap.opening import open_xml
from tocsin.core.data import read_data
from tocsin.errors import InputError
from tocsin.intake.container import read_container
from tocsin.intake.read_cap import each_alert

CLEAN = ("valid", "XSD-valid, unsigned", "XSD-valid, signature must fail")
"""How the manifest begins what it expects of a message without an error; signatures are not verified here."""


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, tuple[dict[str, str], tuple[Checked, ...]]]:
    """Name to row of the manifest and what was found."""
    folder = shared / "cap-corpus"
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t"))
    return {row["file"]: (row, check_cap((folder / row["file"]).read_bytes())) for row in rows}


def words(row: dict[str, str]) -> list[str]:
    """The words of a row's findings; what only tells the schema's text or the parser's place is none."""
    parts = [part.strip() for part in row["findings"].split(" | ")]
    parts = [part for part in parts if part and not part.startswith(("XSD:", "embedded_alerts="))]
    return [word for part in parts for word in part.split(",") if not word.strip().startswith(("line ", "column "))]


def test_every_listed_fault_is_found_under_its_rule_at_its_level(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]],
) -> None:
    rules = read_data("cap", "fault_words.json")
    missed, met = [], set()
    for name, (row, checked) in corpus.items():
        found = {(one.rule, one.level.value) for message in checked for one in message.findings}
        for word in words(row):
            met.add(word)
            # What the schema itself demands is an error in CAP 1.2, and a warning where an older version is read by mapping.
            if tuple(rules[word]) not in found:
                missed.append((name, word))
    assert missed == []
    assert met == set(rules)


def test_what_the_schema_refuses_is_told_as_refused_by_it(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]],
) -> None:
    told = {"yes": True, "no": False, "n/a": None}
    for name, (row, checked) in corpus.items():
        if row["kind"] in {"CAP 1.0", "CAP 1.1", "CAP 1.2", "unparsable"}:
            assert [one.schema_valid for one in checked] == [told[row["xsd12_valid"]]], name


def test_nothing_that_is_marked_clean_gets_an_error(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]],
) -> None:
    clean = {name: checked for name, (row, checked) in corpus.items() if row["expected"].startswith(CLEAN)}
    assert len(clean) >= 80
    errors = [
        (name, one)
        for name, checked in clean.items()
        for m in checked
        for one in m.findings
        if one.level is Level.ERROR
    ]
    assert errors == []


def test_every_message_that_is_carried_is_an_entry(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]],
) -> None:
    counted = 0
    for name, (row, checked) in corpus.items():
        for part in row["findings"].split(" | "):
            if part.strip().startswith("embedded_alerts="):
                entries = [one.entry for one in checked if one.entry is not None]
                assert entries == list(range(int(part.partition("=")[2]))), name
                counted += 1
    assert counted >= 19


def test_a_hostile_file_says_nothing_but_that_it_was_not_opened(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]],
) -> None:
    for row, checked in corpus.values():
        if "DOCTYPE" in row["findings"]:
            assert [[one.rule for one in message.findings] for message in checked] == [["CAP-48"]]
            assert [(one.version, one.schema_valid, one.valid) for one in checked] == [(None, False, False)]


def test_a_message_is_found_the_same_after_any_other(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]], shared: Path
) -> None:
    """A checker in use keeps categories from one message to the next and fails from then on (defect 7)."""
    for name, (_, checked) in reversed(corpus.items()):
        assert check_cap((shared / "cap-corpus" / name).read_bytes()) == checked, name


def test_every_message_without_an_error_is_read_and_what_is_read_strictly_says_the_same(
    corpus: dict[str, tuple[dict[str, str], tuple[Checked, ...]]], shared: Path
) -> None:
    read, alike = 0, 0
    for name, (_, checked) in corpus.items():
        raw = (shared / "cap-corpus" / name).read_bytes()
        if not checked or not all(one.valid for one in checked):
            continue
        entries = list(each_alert(open_xml(raw), raw))
        assert [(one.entry, one.error) for one in entries] == [(one.entry, "") for one in checked], name
        assert [one.kind for one in read_container(raw)] == ["cap"] * len(checked), name
        read += len(entries)
        try:
            strict = read_alert(raw)
        except InputError:
            continue
        alike += 1
        assert [one.alert for one in entries] == [strict], name
    assert read >= 110
    assert alike >= 25
