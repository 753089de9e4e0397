"""The web server of `serve`: one process of the program for every browser tab that visits."""

import asyncio
import json
import logging
import os
import secrets
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from rich.console import Console
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from venue_tui.locale import _, current_language, language_of
from venue_tui.web.forks import Parent
from venue_tui.web.input import InputFilter, clamped
from venue_tui.web.page import page

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TABS = 64
"""How many tabs may be open in all."""
TABS_OF_ONE = 24
"""How many of one address. Behind a proxy all have the proxy's, so there it isn't counted."""
FRAME_BYTES = 64 * 1024
FRAMES_A_SECOND = 200
"""How many messages a tab may send on the average; ten seconds' worth may come at once."""
RELOAD_SECONDS = 20
"""How long a tab's terminal waits for a page that is loaded again."""
STOP_SECONDS = 1.0
UNREAD_SECONDS = 5.0
"""How long a tab's program may leave unread what its page sends, which is more than anybody types:
then both are ended, since the page could be gone and nobody would know."""

_HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
        " img-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'"
    ),
}
_COOKIE = "venue_tui_launch"
_BROWSER = "venue_tui_browser"
"""What tells a browser from others for as long as it keeps it: it is a terminal of its own, so that
who guesses at passwords in one keeps nobody from signing in at theirs."""
_YEAR = 366 * 24 * 60 * 60
_OWN = Path(__file__).parent / "static"
_FOR_THE_PAGE = ("copy", "writing")
"""What the driver says to the page, and the server hands on."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Tab(AppService):
    """The program as one tab has it. It outlives its page for as long as a reload takes."""

    stopping = False
    """Whether it was asked to end."""
    program: Sequence[str] = ()
    arguments: Sequence[str] = ()
    """The program and its arguments."""
    parent: Parent | None = None
    """Who forks the program for it; where there is none, it is started."""
    swamped = False
    """Whether its program doesn't get through what its page sent."""
    address = ""
    browser = ""
    """What the program calls its terminal by."""
    ending: asyncio.TimerHandle | None = None
    socket: web.WebSocketResponse | None = None
    """The page's, which is another one after a reload."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        return environment | {
            "TEXTUAL_DRIVER": "venue_tui.web.driver:TabDriver",
            "VENUE_TUI_BROWSER": self.browser,
        }

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(width=width, height=height)
        process: Any = None
        if self.parent is not None:
            own = {name: environment[name] for name in ("COLUMNS", "ROWS", "VENUE_TUI_BROWSER")}
            process = await self.parent.fork(self.arguments, own)
        if process is None:
            # In a group of its own, so that nothing of it is left when it has to be killed.
            process = await create_subprocess_exec(
                *self.program, *self.arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE,
                env=environment, start_new_session=os.name != "nt",
            )  # fmt: skip
        self._process = process
        self._stdin = process.stdin
        return self._process

    async def attach(self, socket: web.WebSocketResponse, width: int, height: int) -> None:
        """Shows it on another socket, painted as a whole; the one before is closed."""
        before = self.socket
        self.show_on(socket)
        if before is not None:
            await before.close()
        await self.send_meta({"type": "attach", "width": width, "height": height})

    def show_on(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.remote_write_bytes = _unless_closed(socket, socket.send_bytes)
        self.remote_write_str = _unless_closed(socket, socket.send_str)
        self.remote_close = _closing(socket)

    async def on_meta(self, data: bytes) -> None:
        meta = json.loads(data)
        if meta["type"] in _FOR_THE_PAGE:
            await self.remote_write_str(json.dumps([meta.pop("type"), meta]))
        else:
            await super().on_meta(data)

    @property
    def ended(self) -> bool:
        return self._task is None or self._task.done()

    async def stop(self) -> None:
        """Asks the program to end, and kills it where it doesn't."""
        task, process = self._task, self._process
        if task is None or process is None or self.stopping:
            return
        self.stopping = True
        await self._download_manager.cancel_app_downloads(app_service_id=self.app_service_id)
        with suppress(Exception):  # it may have ended, or read nothing any more
            async with asyncio.timeout(STOP_SECONDS):
                await self.send_meta({"type": "quit"})
                await asyncio.wait({task})
        if not task.done():
            with suppress(ProcessLookupError):
                if os.name == "nt":
                    process.kill()
                else:
                    os.killpg(process.pid, signal.SIGKILL)
        task.cancel()
        await asyncio.wait({task})
        await process.wait()


async def _to_nobody(*_: Any) -> None:
    """Where a tab has no page."""


def _closing(socket: web.WebSocketResponse) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        await socket.close()

    return close


def _unless_closed(
    socket: web.WebSocketResponse, send: Callable[[Any], Awaitable[None]]
) -> Callable[[Any], Awaitable[None]]:
    async def unless_closed(data: Any) -> None:
        if not socket.closed:
            with suppress(ConnectionError):
                await send(data)

    return unless_closed


class VenueServer(Server):
    """Serves the program, and answers only pages of its own: any other page that is open in the
    same browser could otherwise reach the terminal at 127.0.0.1 and type into it.

    It speaks `language`, or else what each browser asks for. With a `token`, which a venue without
    accounts needs, only browsers that were opened by the address that names it are answered.
    `program` is another program to serve, without arguments.
    """

    def __init__(
        self,
        language: str | None,
        host: str,
        port: int,
        public_url: str | None,
        token: str | None = None,
        program: Sequence[str] | None = None,
    ) -> None:
        super().__init__("venue-tui", host, port, "venue-tui", public_url)
        self.console = Console(stderr=True)
        self.token = token
        self.language = language
        self.program = program or [sys.executable, "-m", "venue_tui"]
        self._own = program is None
        self._parent: Parent | None = None
        self._behind_proxy = public_url is not None
        self._addresses = {urlsplit(self.public_url).netloc}
        if host in LOOPBACK:
            self._addresses |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self._tabs: dict[str, Tab] = {}
        self._ending: set[asyncio.Future[None]] = set()

    @property
    def launch_url(self) -> str:
        """The address to open."""
        return f"{self.public_url}/?token={self.token}" if self.token else self.public_url

    def initialize_logging(self) -> None:
        # Requests would put the token into the log, and Rich's tracebacks what is in variables.
        logging.basicConfig(level=logging.WARNING, format="%(message)s")

    async def _make_app(self) -> web.Application:
        app = web.Application(client_max_size=FRAME_BYTES)
        app.add_routes(
            [
                web.get("/", self._index),
                web.get("/ws", self.handle_websocket),
                web.get("/ws/{tab}", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
                web.static("/own", _OWN),
            ]
        )
        app.middlewares.append(self._only_own_pages)
        app.on_startup.append(self.on_startup)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_startup(self, app: web.Application) -> None:
        if self._own and hasattr(os, "fork"):
            self._parent = Parent(self._new_tab()._build_environment())

    def serve(self, debug: bool = False) -> None:
        """Serves until it is told to end, by Ctrl+C or SIGTERM. Raises OSError where the port can't
        be had."""
        self.initialize_logging()
        web.run_app(
            self._make_app(), host=self.host, port=self.port,
            print=lambda *_: self._say_where(), loop=asyncio.new_event_loop(),
        )  # fmt: skip

    def _say_where(self) -> None:
        """Says the address, once it answers."""
        self.console.print(_("Open %s in a browser.") % self.launch_url, markup=False)
        self.console.print(_("Ctrl+C ends it."), markup=False)

    async def on_shutdown(self, app: web.Application) -> None:
        """Ends every tab's program, all at once."""
        for tab in self._tabs.values():
            if tab.ending is not None:
                tab.ending.cancel()
        await asyncio.gather(*self._ending, *(tab.stop() for tab in self._tabs.values()))
        if self._parent is not None:
            self._parent.end()

    @web.middleware
    async def _only_own_pages(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in self._addresses or (
            origin is not None and urlsplit(origin).netloc not in self._addresses
        ):
            raise web.HTTPForbidden
        if self.token is not None and not self._was_launched(request):
            raise web.HTTPForbidden(
                text=_("Open the address that was shown when the program was started: it has the"
                       " token without which nobody is let in.")
            )  # fmt: skip
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _was_launched(self, request: web.Request) -> bool:
        given = request.query.get("token") or request.cookies.get(_COOKIE) or ""
        return secrets.compare_digest(given.encode(), (self.token or "").encode())

    async def _index(self, request: web.Request) -> web.Response:
        if "token" in request.query:  # which is not to stay in the history
            found = web.HTTPSeeOther("/")
            found.set_cookie(_COOKIE, self.token or "", httponly=True, samesite="Strict")
            found.headers.update(_HEADERS)
            return found
        text = page(to_int(request.query.get("fontsize", "16"), 16), self._language_of(request))
        response = web.Response(text=text, content_type="text/html", charset="utf-8")
        kept = request.cookies.get(_BROWSER) or secrets.token_hex(16)
        response.set_cookie(_BROWSER, kept, max_age=_YEAR, httponly=True, samesite="Strict")
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Connects a page with the program of its tab, which is started where there is none."""
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=FRAME_BYTES)
        width, height = clamped(request.query.get("width"), request.query.get("height"))
        name = request.match_info.get("tab") or secrets.token_hex(16)
        tab = self._tabs.get(name)
        if tab is None:
            self._check_room(request)
        await socket.prepare(request)
        if tab is not None and not tab.ended and not tab.stopping:
            if tab.ending is not None:
                tab.ending.cancel()
            await tab.attach(socket, width, height)
        else:
            tab = await self._start(name, socket, request, width, height)
        try:
            await self._hand_on_messages(socket, tab)
        finally:
            # A page that is loaded again comes back within a moment; any other has gone.
            if tab.socket is not socket:
                pass  # it has come back already
            elif "tab" in request.match_info and not (tab.ended or tab.swamped):
                tab.ending = asyncio.get_running_loop().call_later(
                    RELOAD_SECONDS, self._end, name, tab
                )
            else:
                self._end(name, tab)
        return socket

    def _check_room(self, request: web.Request) -> None:
        mine = Counter(tab.address for tab in self._tabs.values())[request.remote or ""]
        if len(self._tabs) >= TABS or (not self._behind_proxy and mine >= TABS_OF_ONE):
            raise web.HTTPServiceUnavailable(text=_("Too many tabs are open: close one first."))

    async def _start(
        self, name: str, socket: web.WebSocketResponse, request: web.Request, width: int,
        height: int,
    ) -> Tab:  # fmt: skip
        tab = self._new_tab()
        tab.arguments = ["--lang", self._language_of(request)] if self._own else []
        tab.show_on(socket)
        tab.address = request.remote or ""
        kept = request.cookies.get(_BROWSER) or secrets.token_hex(16)
        tab.browser = sha256(kept.encode("utf-8", "replace")).hexdigest()[:12]
        self._tabs[name] = tab
        try:
            await tab.start(width, height)
        except BaseException:
            self._tabs.pop(name, None)
            raise
        return tab

    def _language_of(self, request: web.Request) -> str:
        """The first language that the browser asks for and the program speaks."""
        asked = request.headers.get("Accept-Language", "")[:200].split(",")
        spoken = (language_of(each.partition(";")[0].strip()) for each in asked)
        return self.language or next(filter(None, spoken), current_language())

    def _new_tab(self) -> Tab:
        tab = Tab(
            "venue-tui", write_bytes=_to_nobody, write_str=_to_nobody, close=_to_nobody,
            download_manager=self.download_manager,
        )  # fmt: skip
        tab.program, tab.parent = self.program, self._parent
        return tab

    def _end(self, name: str, tab: Tab) -> None:
        """Ends a tab's program, and frees its place once it has ended."""

        async def end() -> None:
            await tab.stop()
            if self._tabs.get(name) is tab:
                del self._tabs[name]

        task = asyncio.ensure_future(end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _hand_on_messages(self, websocket: web.WebSocketResponse, tab: Tab) -> None:
        """Hands on what a page sends: keys, clamped sizes, and nothing else; a page that sends what
        is no message, or too many, or more than its program gets through, is left."""
        typed = InputFilter()
        allowance, since = FRAMES_A_SECOND * 10.0, time.monotonic()
        async for message in websocket:
            now = time.monotonic()
            allowance = min(FRAMES_A_SECOND * 10.0, allowance + (now - since) * FRAMES_A_SECOND) - 1
            since = now
            if allowance < 0:
                break
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                async with asyncio.timeout(UNREAD_SECONDS):
                    await _hand_on(message.json(), typed, websocket, tab)
            except TimeoutError:
                tab.swamped = True
                break
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                break
        await websocket.close()


async def _hand_on(
    said: Any, typed: InputFilter, websocket: web.WebSocketResponse, tab: Tab
) -> None:
    """Hands one message of a page on to its program. Raises ValueError, TypeError, KeyError or
    AttributeError where it is none."""
    kind, data = [*said, None][:2]
    if kind == "stdin":
        # Nothing would be the end of it to Textual's parser, which reads no more then.
        if keys := typed.passed(data):
            await tab.send_bytes(keys.encode("utf-8", "replace"))
    elif kind == "resize":
        await tab.set_terminal_size(*clamped(data["width"], data["height"]))
    elif kind == "copied":
        await tab.send_meta({"type": "copied", "done": data is True})
    elif kind == "ping":
        await websocket.send_json(["pong", data])
    elif kind == "blur":
        await tab.blur()
    elif kind == "focus":
        await tab.focus()
