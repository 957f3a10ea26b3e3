"""Over HTTP nothing that was sent is lost to a content type, and hostile bytes come back as a file only."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn

from tocsin.desk.people import add_officer, add_token, officer_named
from tocsin.intake import read_text
from tocsin.node import make_node, open_node
from tocsin.service import make_service

NO_TEXT = b"<script>alert(1)</script>\xff"
Ask = Callable[..., tuple[int, bytes, dict[str, str]]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """A running node, asked by its officer: method, path, body, content type -> status, body, headers."""
    folder = tmp_path_factory.mktemp("quarantine") / "node"
    make_node(folder, {"name": "desk.example", "practice": True, "exercise": "walk"})
    node = open_node(folder, {})
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


def keep(ask: Ask, path: str, body: bytes, kind: str = "") -> str:
    """Send what cannot be read; gives the name under which the answer says that it was kept, as the newest of all."""
    before = json.loads(ask("GET", "/quarantine")[1])
    status, answer, _ = ask("POST", path, body, kind)
    name = f"Q-{len(before) + 1}"
    assert status == 422
    assert json.loads(answer)["hint"].endswith(f"kept as {name}: `tocsin quarantine show {name}`")
    return name


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", "nonsense", ""])
@pytest.mark.parametrize("path", ["/reports", "/incidents", "/register/people"])
def test_whatever_its_content_type_says_it_is_kept_as_it_came(ask: Ask, path: str, kind: str) -> None:
    sent = NO_TEXT + f"{path} {kind}".encode()

    assert ask("GET", f"/quarantine/{keep(ask, path, sent, kind)}/raw")[1] == sent


def test_the_bytes_come_back_as_a_file_that_no_browser_opens(ask: Ask) -> None:
    name = keep(ask, "/reports", NO_TEXT)

    _, _, headers = ask("GET", f"/quarantine/{name}/raw")

    assert headers["content-type"] == "application/octet-stream"
    assert (headers["content-disposition"], headers["x-content-type-options"]) == ("attachment", "nosniff")


def test_it_is_listed_shown_and_read_again(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [one["kept"] for one in json.loads(ask("GET", "/quarantine")[1])]
    with monkeypatch.context() as older:
        older.setattr(read_text, "MAX_BYTES", 10)
        name = keep(ask, "/reports", b"Avoid the hall tonight.")

    status, answer, _ = ask("POST", f"/quarantine/{name}/retry")

    assert (status, json.loads(answer)["became"][:2]) == (200, "R-")
    assert json.loads(ask("GET", f"/quarantine/{name}")[1])["closed"] is not None
    assert sorted(one["kept"] for one in json.loads(ask("GET", "/quarantine")[1])) == sorted([*before, name])


def test_what_is_not_there_is_404_and_a_retry_that_fails_422(ask: Ask) -> None:
    name = keep(ask, "/reports", NO_TEXT + b"retried")

    assert ask("GET", "/quarantine/Q-99")[0] == 404
    assert ask("POST", "/quarantine/Q-99/retry")[0] == 404
    assert ask("POST", f"/quarantine/{name}/retry")[0] == 422
