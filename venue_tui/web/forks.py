"""The parent of the tabs: a process that imports the program once, and forks for each tab, so that
what is imported lies in memory once for all of them. Where there is no fork, as on Windows, each
tab starts the program for itself.

The server sends it, over a socket, one end of another for each tab; it answers with the number of
the process that has it. When the server is gone, so is the parent.
"""

import asyncio
import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module


class Forked:
    """A tab's process, as far as the server deals with it; what it says on standard error goes to
    the server's."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, stdin: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stdin = stdin
        self.stderr = asyncio.StreamReader()
        self.stderr.feed_eof()

    async def wait(self) -> None:
        """Returns once it has ended."""
        with suppress(ConnectionError):
            while await self.stdout.read(1 << 16):
                pass
        self.stdin.close()


class Parent:
    """The parent's process, begun at once: what it imports is there when the first tab comes."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "venue_tui.web.forks"],
                stdin=theirs.fileno(), stdout=theirs.fileno(), env=environment,
                start_new_session=True,
            )  # fmt: skip
        self._turn = asyncio.Lock()

    async def fork(self, arguments: Sequence[str], environment: dict[str, str]) -> Forked | None:
        """The program in a process of its own, with `arguments`, and `environment` beside the
        parent's; None where the parent is no more."""
        request = json.dumps([list(arguments), environment]).encode()
        ours, theirs = socket.socketpair()
        with theirs:
            async with self._turn:
                try:
                    socket.send_fds(self._ours, [request], [theirs.fileno()])
                    answer = await asyncio.get_running_loop().sock_recv(self._ours, 64)
                except OSError:
                    answer = b""
        if not answer:
            ours.close()
            return None
        return Forked(int(answer), *await asyncio.open_unix_connection(sock=ours))

    def end(self) -> None:
        self._ours.close()
        try:
            self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _import_program() -> None:
    """Imports whatever a terminal may come to use, but not what writes files."""
    from venue_tui.commands.invocation import spare_drivers

    spare_drivers(os.environ.get("VENUE_TUI_DATABASE"))
    import models
    import venue_tui

    for package in (models, venue_tui):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            parts = each.name.split(".")
            if parts[1] in _NOT_WANTED or "migrations" in parts or parts[-1] == "__main__":
                continue
            import_module(each.name)


_NOT_WANTED = ("chat", "commands", "demo", "exchange", "locale", "web")


def main() -> None:
    """Runs the parent, whose standard input is the server; in each tab's process it runs the
    program, and raises SystemExit."""
    from venue_tui import models_origin, startup

    startup.begin()
    models_origin.load()
    _import_program()
    import_module("venue_tui.web.driver")
    import_module("venue_tui.commands.terminal")
    _rehearse()
    gc.freeze()  # or looking for garbage would write to what the tabs have in common
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is not waited for
    server = socket.socket(fileno=os.dup(0))
    while True:
        request, [*tabs], _flags, _address = socket.recv_fds(server, 1 << 16, 1)
        if not request:
            return
        pid = os.fork()
        if pid == 0:
            server.close()
            _run(tabs[0], *json.loads(request))
        os.close(tabs[0])
        server.sendall(b"%d" % pid)


def _rehearse() -> None:
    """Paints a screen that nobody sees: what Textual imports and remembers by the way is there for
    all then, and its code in the shape that it takes when it has been run a few times."""
    from textual.app import App, ComposeResult
    from textual.containers import Horizontal, VerticalScroll
    from textual.widgets import Button, Input, Static

    class Rehearsal(App[None]):
        def compose(self) -> ComposeResult:
            with VerticalScroll(), Horizontal():
                yield Static("点名\n" * 99)
                yield Input("点名")
                yield Button("点名")

        def on_mount(self) -> None:
            self.set_timer(0.05, self.exit)

    asyncio.run(Rehearsal().run_async(headless=True, size=(80, 24)))


def _run(tab: int, arguments: list[str], environment: dict[str, str]) -> None:
    from venue_tui import startup
    from venue_tui.__main__ import main as program

    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(tab, 0)
    os.dup2(tab, 1)
    os.close(tab)
    os.environ.update(environment)
    sys.argv = ["venue-tui", *arguments]
    startup.keeps_what_opening_leaves = False
    program()


if __name__ == "__main__":
    main()
