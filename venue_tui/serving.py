"""The web server of `serve`: one process of the program for every browser that visits."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from rich.console import Console
from textual_serve.server import Server

LOOPBACK = ("127.0.0.1", "localhost", "::1")

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class VenueServer(Server):
    """Serves `command`, and answers only pages of its own: any other page that is open in the same
    browser could otherwise reach the terminal at 127.0.0.1 and type into it."""

    def __init__(self, command: str, host: str, port: int, public_url: str | None) -> None:
        super().__init__(command, host, port, "venue-tui", public_url)
        self.console = Console(stderr=True)
        self._addresses = {urlsplit(self.public_url).netloc}
        if host in LOOPBACK:
            self._addresses |= {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._only_own_pages)
        return app

    @web.middleware
    async def _only_own_pages(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if request.host not in self._addresses or (
            origin is not None and urlsplit(origin).netloc not in self._addresses
        ):
            raise web.HTTPForbidden
        return await handler(request)
