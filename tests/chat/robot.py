"""A stand-in for the servers of chats."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest


class Robot:
    """A stand-in for a chat's server: what it heard, and what it answers next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, bytes]] = []

    @property
    def texts(self) -> list[str]:
        return [(body.get("text") or body["content"]).get("content") or body["content"]["text"]
                for _path, body in self.heard]  # fmt: skip


@pytest.fixture
def robot() -> Iterator[Robot]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["Content-Length"]))
            standing.heard.append((self.path, json.loads(data)))
            status, answer = (
                standing.answers.pop(0) if standing.answers else (200, b'{"errcode":0}')
            )
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    standing = Robot(f"http://127.0.0.1:{server.server_port}/send?key=geheim")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield standing
    server.shutdown()
    thread.join()
    server.server_close()
