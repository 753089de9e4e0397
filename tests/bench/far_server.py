"""A server that is far away: `python -m tests.bench.far_server HOST PORT MILLISECONDS` hands on what
it gets on a port of its own, which it says on standard output, half of a round trip later."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

FAR = 2.4
"""Milliseconds there and back."""


@contextmanager
def away(url: str, milliseconds: float) -> Iterator[str]:
    """The URL of the same database, so many milliseconds away there and back."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 5432
    arguments = ["-m", "tests.bench.far_server", host, str(port), str(milliseconds)]
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        here = int(process.stdout.readline())
        login = parts.netloc.rpartition("@")
        yield urlunsplit(parts._replace(netloc=f"{login[0]}{login[1]}127.0.0.1:{here}"))
    finally:
        process.kill()
        process.wait()


def _hand_on(source: socket.socket, target: socket.socket, seconds: float) -> None:
    """Each piece as late as the others, however many there are under way."""
    under_way: SimpleQueue[tuple[float, bytes]] = SimpleQueue()

    def deliver() -> None:
        while True:
            due, piece = under_way.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                if not piece:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(piece)
            except OSError:
                return

    Thread(target=deliver, daemon=True).start()
    while True:
        try:
            piece = source.recv(1 << 16)
        except OSError:
            piece = b""
        under_way.put((time.monotonic() + seconds, piece))
        if not piece:
            return


def main(host: str, port: str, milliseconds: str) -> None:
    """Hands on until it is killed."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)
    seconds = float(milliseconds) / 2000
    while True:
        here, _ = listener.accept()
        there = socket.create_connection((host, int(port)))
        for each in (here, there):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pair in ((here, there), (there, here)):
            Thread(target=_hand_on, args=(*pair, seconds), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
