"""A tab of `serve` as its page has it: what is typed goes in, and what the program paints is timed;
and what the processes behind the tabs hold."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Self

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import unused_port

from tests.bench.measure import Seconds
from tests.bench.pseudo_terminal import without_escapes
from tests.processes import end


class Served(NamedTuple):
    process: Process
    url: str

    @property
    def parent(self) -> int:
        """The process from which the tabs' are forked."""
        [parent] = children(self.process.pid)
        return parent


@asynccontextmanager
async def serving(database: str, environ: Mapping[str, str] | None = None) -> AsyncIterator[Served]:
    """A server that runs as somebody starts it; it must end when it is told to."""
    port = unused_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "venue_tui", "--database", database, "serve", "--port", str(port),
        stderr=PIPE, env=environ,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        said = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
        address = re.search(r"http://\S+", said)
        assert address, said
        yield Served(process, address[0])
    finally:
        ended = await end(process)
    assert ended, "the server doesn't end when it is told to"


class Tab:
    """One that is open, and is read all the time, as a page does."""

    def __init__(self, socket: ClientWebSocketResponse, begun: Seconds) -> None:
        self.socket = socket
        self._begun = self._latest = begun
        self._said = b""
        self._more = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, client: ClientSession, url: str, width: int = 80, height: int = 24) -> Self:
        begun = perf_counter()
        return cls(await client.ws_connect(f"{url}/ws?width={width}&height={height}"), begun)

    async def press(self, keys: str) -> None:
        """Types, and forgets what was painted before."""
        self._said = b""
        self._begun = self._latest = perf_counter()
        await self.socket.send_str(json.dumps(["stdin", keys]))

    async def until(self, pattern: bytes, patience: Seconds = 60) -> Seconds:
        """How long since the last keys (or since it was opened) until this was painted."""
        async with asyncio.timeout(patience):
            while not re.search(pattern, without_escapes(self._said)):
                assert not self.socket.closed, f"closed before {pattern!r} was painted"
                self._more.clear()
                await self._more.wait()
        return self._latest - self._begun

    async def settle(self, quiet: Seconds = 0.2) -> Seconds:
        """Waits until nothing has been painted for so long; how long since the last keys until the
        last of it was."""
        while perf_counter() - self._latest < quiet:
            await asyncio.sleep(quiet / 4)
        return self._latest - self._begun

    async def _read(self) -> None:
        async for message in self.socket:
            self._latest = perf_counter()
            if message.type is WSMsgType.BINARY:
                self._said += message.data
            self._more.set()
        self._more.set()


def children(pid: int) -> set[int]:
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def share(pid: int) -> float:
    """What a process holds of the machine's memory, in MB, its part of what it shares included."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def held(served: Served) -> float:
    """What all tabs hold together, in MB, with what they share."""
    parent = served.parent
    return share(parent) + sum(map(share, children(parent)))
