"""Bytes to peers over real HTTP: what arrives is what was sent; nothing is followed, nothing is unbounded."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tocsin.adapters.https import MAX_ANSWER_BYTES, HttpsTransport
from tocsin.demo.stage import free_ports
from tocsin.errors import DeliveryError

SEEN: list[bytes] = []


class Peer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        SEEN.append(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/in/token")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"x" * (MAX_ANSWER_BYTES + 1) if self.path == "/flood" else b"receipt"
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def peer() -> Iterator[str]:
    SEEN.clear()
    server = HTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def post(url: str, body: bytes = b"\x00envelope\xff") -> tuple[int, bytes]:
    async def once() -> tuple[int, bytes]:
        transport = HttpsTransport()
        try:
            return await transport.post(url, body)
        finally:
            await transport.close()

    return asyncio.run(once())


def test_what_arrives_is_what_was_sent(peer: str) -> None:
    assert post(f"{peer}/in/token") == (200, b"receipt")
    assert SEEN == [b"\x00envelope\xff"]


def test_a_refusal_is_told_with_its_status(peer: str) -> None:
    assert post(f"{peer}/gone")[0] == 404


def test_a_redirect_is_not_followed(peer: str) -> None:
    assert post(f"{peer}/redirect")[0] == 302
    assert len(SEEN) == 1


def test_an_endless_answer_is_cut_off(peer: str) -> None:
    with pytest.raises(DeliveryError, match="more than"):
        post(f"{peer}/flood")


def test_nobody_there_is_an_error_that_does_not_tell_the_mailbox() -> None:
    (port,) = free_ports(1)
    with pytest.raises(DeliveryError) as caught:
        post(f"http://127.0.0.1:{port}/in/secret-token")
    assert "secret-token" not in str(caught.value)
