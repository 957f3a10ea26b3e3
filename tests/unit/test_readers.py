"""Whatever comes from outside is refused with an error of ours that names the thing, or it is exactly what it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.readers.containers import CONTAINERS
from tests.unit.readers.exchange import EXCHANGE
from tests.unit.readers.faults import FAULTS, Reader
from tests.unit.readers.files import FILES
from tests.unit.readers.proofs import PROOFS
from tests.unit.readers.reviews import REVIEWS
from tests.unit.readers.words import WORDS

from tocsin.errors import ConfigError, InputError, VerificationError, WaiverError

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tocsin"
OURS = (InputError, ConfigError, VerificationError, WaiverError)
READERS = {one.name: one for one in (*FILES, *PROOFS, *EXCHANGE, *WORDS, *CONTAINERS, *REVIEWS)}
MATRIX: dict[str, tuple[Reader, str, bytes]] = {
    f"{one.name}: {fault}": (one, fault, made)
    for one in READERS.values()
    for fault, make in FAULTS.items()
    if (made := make(one)) is not None and made != one.valid
}
READS = re.compile(
    r"(read|parse|load|peek|open)_\w+|peek|\w+_from_json|verify_(statement|presentation|checkpoint|cosignature)"
)
NO_READERS = {
    "core.data.read_data": "the package's own files",
    "core.data.read_text_data": "the package's own files",
    "intake.extract.read_alert_text": "any text is a text: what it finds is a proposal with the words it stands on",
    "desk.proofs.read_tile": "the path goes through read_tile_path",
    "desk.respond.open_item": "an item that is stored here",
    "desk.receive.open_received": "the envelope goes through open_envelope; the walks of quarantine hold it to that",
    "desk.receive.open_again": "as open_received",
    "desk.unread.open_task": "a task of our own",
    "review.rows.read_each": "read_incidents and read_warnings say what stands in a row",
    "target.table.read_rows": "read_people and read_venues say what stands in a row",
    "node.open_node": "the node's own folder: its files go through the readers here",
    "node.open_policy": "as open_node",
    "node.open_empty_store": "makes it; what goes in comes from open_backup",
    "keyfiles.read_keys": "each goes through read_secret",
    "trusted.read_agreements": "each file goes through read_agreement",
    "desk.public.read_public_cap": "our own bytes, as they were issued",
    "desk.continuity.read_finding": "what our own store keeps",
    "node.open_outlines": "the file goes through read_regions",
    "gazetteer.open_gazetteer": "the compiled index of the package",
}
"""Public functions that are called like a reader and read nothing from outside by themselves, with what they read."""


def public_functions() -> Iterator[str]:
    """Dotted names of what the stages, the desk and the node offer; adapters serve ports, the edges call one function each."""
    for file in sorted(SOURCE.rglob("*.py")):
        place = file.relative_to(SOURCE).with_suffix("").parts
        if place[0] in {"adapters", "api", "cli", "demo", "web"}:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield ".".join((*place, node.name))


def test_no_public_reader_is_outside_of_the_matrix() -> None:
    called_so = {name for name in public_functions() if READS.fullmatch(name.rpartition(".")[2])}
    assert called_so - set(READERS) - set(NO_READERS) == set(), "give it a Reader in tests/unit/readers"
    assert (set(NO_READERS) | set(READERS)) - set(public_functions()) == set(), "it is gone"


def test_every_fault_is_made_for_some_reader_and_every_exception_is_one_that_is_made() -> None:
    assert {fault for _, fault, _ in MATRIX.values()} == set(FAULTS)
    for one in READERS.values():
        assert [fault for fault in one.takes if f"{one.name}: {fault}" not in MATRIX] == []


@pytest.mark.parametrize("name", READERS)
def test_a_reader_takes_what_is_valid(name: str) -> None:
    READERS[name].read(READERS[name].valid)


@pytest.mark.parametrize("name", MATRIX)
def test_a_reader_refuses_every_fault_with_an_error_that_names_the_thing(name: str) -> None:
    reader, fault, raw = MATRIX[name]
    if fault in reader.takes:
        reader.read(raw)
        return
    with pytest.raises(OURS) as caught:
        reader.read(raw)
    assert re.search(reader.names, str(caught.value))
