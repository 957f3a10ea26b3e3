"""Over HTTP nothing that was sent is lost to a content type, and hostile bytes come back as a file only."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.intake import read_text
from tocsin.node import make_node, open_node
from tocsin.service import make_service

NO_TEXT = b"<script>alert(1)</script>\xff"
Ask = Callable[..., tuple[int, bytes, dict[str, str]]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """A running node, asked by its officer: method, path, body, content type -> status, body, headers."""
    make_node(tmp_path / "node", {"name": "desk.example", "practice": True, "exercise": "walk"})
    node = open_node(tmp_path / "node", {})
    add_officer(node.desk, "anna", ["administrator", "officer"])
    token = add_token(node.desk.acting(officer_named(node.desk, "anna").id, "named"), "anna", "walk")["token"]
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(make_service(node), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()

    def call(method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, bytes, dict[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1])
        headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
        connection.request(method, f"/v1{path}", body, headers)
        answer = connection.getresponse()
        found = (answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})
        connection.close()
        return found

    yield call
    server.should_exit = True
    thread.join()


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", "nonsense", ""])
@pytest.mark.parametrize("path", ["/reports", "/incidents", "/register/people"])
def test_whatever_its_content_type_says_it_is_kept_as_it_came(ask: Ask, path: str, kind: str) -> None:
    status, answer, _ = ask("POST", path, NO_TEXT, kind)

    assert status == 422
    assert json.loads(answer)["hint"].endswith("kept as Q-1: `tocsin quarantine show Q-1`")
    assert ask("GET", "/quarantine/Q-1/raw")[1] == NO_TEXT


def test_the_bytes_come_back_as_a_file_that_no_browser_opens(ask: Ask) -> None:
    ask("POST", "/reports", NO_TEXT)
    _, _, headers = ask("GET", "/quarantine/Q-1/raw")

    assert headers["content-type"] == "application/octet-stream"
    assert (headers["content-disposition"], headers["x-content-type-options"]) == ("attachment", "nosniff")


def test_it_is_listed_shown_and_read_again(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(read_text, "MAX_BYTES", 10)
        ask("POST", "/reports", b"Avoid the hall tonight.")

    status, answer, _ = ask("POST", "/quarantine/Q-1/retry")

    assert (status, json.loads(answer)["became"][:2]) == (200, "R-")
    assert json.loads(ask("GET", "/quarantine/Q-1")[1])["closed"] is not None
    assert [one["kept"] for one in json.loads(ask("GET", "/quarantine")[1])] == ["Q-1"]


def test_what_is_not_there_is_404_and_a_retry_that_fails_422(ask: Ask) -> None:
    ask("POST", "/reports", NO_TEXT)

    assert ask("GET", "/quarantine/Q-9")[0] == 404
    assert ask("POST", "/quarantine/Q-9/retry")[0] == 404
    assert ask("POST", "/quarantine/Q-1/retry")[0] == 422
