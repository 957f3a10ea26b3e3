"""What a language model's server answers is data: proposals, or an error that says so, and never anything else."""

from collections.abc import Iterator

import pytest
from tests.contract.language_model import Model, chat

from tocsin.adapters.openai_reader import OpenAiReader
from tocsin.errors import DeliveryError
from tocsin.intake.ports import Proposal

GOOD = {"field": "targets", "value": "concert", "words": "concerts"}


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    found = Model()
    yield found
    found.close()


def test_its_proposals_come_as_they_are_and_what_is_none_is_left_out(model: Model) -> None:
    model.status = 200
    model.says(GOOD, {"field": "targets"}, {**GOOD, "value": ["concert"]}, "targets", None)
    assert OpenAiReader(model.url, "small-1", "").propose("a text", {}) == (Proposal("targets", "concert", "concerts"),)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(DeliveryError, match=r"reader at 127\.0\.0\.1:1 did not answer"):
        OpenAiReader("http://127.0.0.1:1/v1", "small-1", "").propose("a text", {})


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b"{}"),
        (302, b""),
        (200, b""),
        (200, b"\xff"),
        (200, b"[" * 100_000),
        (200, b"{}"),
        (200, chat("no JSON")),
        (200, chat('{"proposals": {}}')),
        (200, chat("[]")),
        (200, b" " * (1024 * 1024 + 1)),
    ],
)
def test_an_answer_that_is_none_is_refused(model: Model, status: int, answer: bytes) -> None:
    model.status, model.answer = status, answer
    with pytest.raises(DeliveryError, match="reader"):
        OpenAiReader(model.url, "small-1", "").propose("a text", {})
