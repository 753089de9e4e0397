"""Hears clocks that push their punches over HTTP, as ZKTeco's do ("ADMS", "cloud server").

The protocol has neither a password nor encryption: whoever knows a clock's serial number can speak
in its name. So only the serial numbers that are named are heard, and it belongs into a network of
the house's own. Only attendance is read; fingerprints, photographs and the clock's own operations
are acknowledged and thrown away, so that the clock doesn't send them for ever.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from models.values.problems import Refused, refused
from venue_tui.exchange.punches.punch import PunchFile
from venue_tui.exchange.punches.reader import read_punches

LARGEST_BODY = 4 * 2**20
"""Bytes of one push: a clock sends its whole memory in many."""
_SECONDS = 20.0
"""How long a clock may keep others waiting."""

_OPTIONS = (
    "GET OPTION FROM: {serial}\n"
    "Stamp=None\nATTLOGStamp=None\nOPERLOGStamp=None\nATTPHOTOStamp=None\n"
    "ErrorDelay=60\nDelay=30\nTransTimes=00:00;12:00\nTransInterval=1\n"
    "TransFlag=TransData AttLog\nRealtime=1\nEncrypt=None\n"
)
"""What a clock is to send: attendance alone, at once."""


class Pushed(NamedTuple):
    """What a clock pushed: its serial number, and what of it could be read."""

    serial: str
    read: PunchFile


Take = Callable[[Pushed], None]
"""Takes in what was pushed. Raises Refused where it can't be: the clock sends it again then."""


class ClockServer(HTTPServer):
    """Listens for clocks. One is heard after the other, in the thread that serves."""

    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        serials: Mapping[str, str],
        now: Callable[[], datetime],
        take: Take,
        say: Callable[[str], None],
    ) -> None:
        """`serials` gives the name of each clock that is heard; `now` the venue's wall clock.
        Raises Refused where nobody can listen there."""
        self.serials = serials
        self.now = now
        self.take = take
        self.say = say
        try:
            super().__init__(address, _Handler)
        except OSError as error:
            host, port = address
            raise refused(
                "port", "nobody can listen at %(host)s:%(port)s: %(why)s",
                host=host, port=port, why=error.strerror,
            ) from None  # fmt: skip

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is the clock's to make again."""


class _Handler(BaseHTTPRequestHandler):
    server: ClockServer
    timeout = _SECONDS
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        serial, path, _query = self._asked()
        if serial is None:
            self._answer(HTTPStatus.FORBIDDEN, "unknown clock")
        elif path == "/iclock/cdata":
            self._answer(HTTPStatus.OK, _OPTIONS.format(serial=serial))
        elif path in ("/iclock/getrequest", "/iclock/ping"):
            self._answer(HTTPStatus.OK, "OK")  # there is nothing for the clock to do
        else:
            self._answer(HTTPStatus.NOT_FOUND, "not found")

    def do_POST(self) -> None:
        serial, path, query = self._asked()
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
            return
        body = self.rfile.read(int(length))
        if serial is None:
            self._answer(HTTPStatus.FORBIDDEN, "unknown clock")
        elif path not in ("/iclock/cdata", "/iclock/devicecmd"):
            self._answer(HTTPStatus.NOT_FOUND, "not found")
        elif path == "/iclock/devicecmd" or query.get("table", [""])[0].upper() != "ATTLOG":
            self._answer(HTTPStatus.OK, "OK")
        else:
            self._take(serial, body)

    def _take(self, serial: str, body: bytes) -> None:
        try:
            read = read_punches(body, self.server.now())
        except Refused as refusal:
            # Sent again it would be no better.
            self.server.say(f"{serial}: {refusal}")
            self._answer(HTTPStatus.OK, "OK: 0")
            return
        try:
            self.server.take(Pushed(serial, read))
        except Refused as refusal:
            self.server.say(f"{serial}: {refusal}")
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, "later")
            return
        self._answer(HTTPStatus.OK, f"OK: {len(read.punches) + read.repeated}")

    def _asked(self) -> tuple[str | None, str, dict[str, list[str]]]:
        """Who asks, if they are heard; and for what."""
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        serial = query.get("SN", [""])[0]
        if not serial or serial not in self.server.serials:
            return None, parts.path, query
        return serial, parts.path, query

    def _answer(self, status: HTTPStatus, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def version_string(self) -> str:
        return "venue-tui"

    def log_message(self, format: str, *args: object) -> None:
        """What matters is said by `say`."""
