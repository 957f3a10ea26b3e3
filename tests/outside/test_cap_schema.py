"""The OASIS schema as judge: what our rules call schema-valid it takes, and what they do not it refuses."""

import csv
import random
from pathlib import Path

import pytest
from lxml import etree
from tests.fuzz.mutate import mutate_tree

from tocsin.cap.check import check_cap
from tocsin.cap.opening import UNKNOWN, open_xml

EACH = 60
"""Changed copies of each message of the corpus."""


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "cap-corpus/xsd/CAP-v1.2.xsd")))


@pytest.fixture(scope="module")
def messages(shared: Path) -> dict[str, bytes]:
    """Name to bytes, of every CAP 1.2 message that may be opened."""
    folder = shared / "cap-corpus"
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t") if row["kind"] == "CAP 1.2"]
    return {row["file"]: (folder / row["file"]).read_bytes() for row in rows if "DOCTYPE" not in row["findings"]}


def test_each_message_of_the_corpus_is_judged_as_the_schema_judges_it(
    messages: dict[str, bytes], schema: etree.XMLSchema
) -> None:
    assert len(messages) >= 110
    judged = {name: check_cap(raw)[0].schema_valid for name, raw in messages.items()}
    assert judged == {name: schema.validate(open_xml(raw)) for name, raw in messages.items()}


def test_messages_that_are_nearly_right_are_judged_as_the_schema_judges_them(
    messages: dict[str, bytes], schema: etree.XMLSchema
) -> None:
    verdicts = {True: 0, False: 0}
    for name, raw in messages.items():
        if len(raw) > 65536:
            continue
        dice = random.Random(name)
        root = open_xml(raw)
        for _ in range(EACH):
            made = etree.tostring(mutate_tree(root, dice))
            changed = open_xml(made)
            theirs = schema.validate(changed)
            ours = check_cap(made)[0].schema_valid
            assert ours == theirs, made.decode()
            verdicts[theirs] += 1
    assert min(verdicts.values()) > 500


def test_the_fast_way_and_the_long_way_say_the_same(
    messages: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = {name: check_cap(raw) for name, raw in messages.items()}
    monkeypatch.setattr("tocsin.cap.check.find_traits", lambda _: UNKNOWN)
    assert {name: check_cap(raw) for name, raw in messages.items()} == fast
