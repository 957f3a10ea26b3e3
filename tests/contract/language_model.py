"""A server in the form of OpenAI's chat completions, on loopback, that says what a test tells it to say."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

_POLL_SECONDS = 0.01
"""How soon it sees that it is to close."""


class Model:
    """A server in the form of OpenAI's, on loopback; says what it is told to say and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: bytes = b""
        self.status = 200
        self.asked: list[Any] = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that the library calls
                model.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(model.status)
                self.send_header("Content-Length", str(len(model.answer)))
                self.end_headers()
                self.wfile.write(model.answer)

            def log_message(self, *_: object) -> None:
                """Not on the terminal."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    def says(self, *proposals: object) -> None:
        self.answer = chat(json.dumps({"proposals": proposals}))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def chat(content: str) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
