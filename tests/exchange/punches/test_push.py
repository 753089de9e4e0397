"""Clocks that push: a stand-in that speaks as ZKTeco's do, and whoever else knocks."""

import http.client
import socket
from collections.abc import Iterator
from datetime import datetime
from threading import Thread

import pytest

from models.values.problems import Refused, refused
from venue_tui.exchange.punches.push import LARGEST_BODY, ClockServer, Pushed

NOW = datetime(2026, 9, 2, 19, 30)
BODY = "7\t2026-09-02 19:28:11\t0\t1\t0\t0\t0\n8\t2026-09-02 19:29:00\t255\t15\t0\t0\t0\n"


class House:
    def __init__(self) -> None:
        self.taken: list[Pushed] = []
        self.said: list[str] = []
        self.refuses = False
        self.server = ClockServer(
            ("127.0.0.1", 0), {"CJDE1": "门口"}, lambda: NOW, self.take, self.said.append
        )
        self.port = self.server.server_port

    def take(self, pushed: Pushed) -> None:
        if self.refuses:
            raise refused("database", "the server is lost")
        self.taken.append(pushed)

    def ask(self, method: str, path: str, body: str | bytes | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        data = body.encode() if isinstance(body, str) else body
        connection.request(method, path, data)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text


@pytest.fixture
def house() -> Iterator[House]:
    found = House()
    thread = Thread(target=found.server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


def test_a_clock_says_hello_and_pushes(house: House) -> None:
    status, text = house.ask("GET", "/iclock/cdata?SN=CJDE1&options=all&pushver=2.4.1")
    assert (status, text.splitlines()[0]) == (200, "GET OPTION FROM: CJDE1")
    assert "Realtime=1" in text
    assert house.ask("GET", "/iclock/getrequest?SN=CJDE1") == (200, "OK")
    assert house.ask("POST", "/iclock/cdata?SN=CJDE1&table=ATTLOG&Stamp=9999", BODY) == (
        200,
        "OK: 2",
    )
    [pushed] = house.taken
    assert pushed.serial == "CJDE1"
    assert [(p.number, p.at) for p in pushed.read.punches] == [
        ("7", datetime(2026, 9, 2, 19, 28, 11)), ("8", datetime(2026, 9, 2, 19, 29))]  # fmt: skip


@pytest.mark.parametrize("table", ["OPERLOG", "ATTPHOTO", "BIODATA", ""])
def test_what_is_no_attendance_is_acknowledged_and_dropped(house: House, table: str) -> None:
    assert house.ask("POST", f"/iclock/cdata?SN=CJDE1&table={table}", "USER PIN=7\tName=x") == (
        200,
        "OK",
    )
    assert house.ask("POST", "/iclock/devicecmd?SN=CJDE1", "ID=1&Return=0") == (200, "OK")
    assert house.taken == []


def test_a_clock_that_is_not_named_is_not_heard(house: House) -> None:
    for path in (
        "/iclock/cdata?SN=OTHER&table=ATTLOG",
        "/iclock/cdata?table=ATTLOG",
        "/iclock/cdata",
    ):
        assert house.ask("POST", path, BODY)[0] == 403
        assert house.ask("GET", path)[0] == 403
    assert house.taken == []


def test_what_cannot_be_recorded_now_is_sent_again(house: House) -> None:
    house.refuses = True
    assert house.ask("POST", "/iclock/cdata?SN=CJDE1&table=ATTLOG", BODY) == (503, "later")
    assert house.said == ["CJDE1: the server is lost"]
    house.refuses = False
    assert house.ask("POST", "/iclock/cdata?SN=CJDE1&table=ATTLOG", BODY)[0] == 200


def test_what_can_never_be_read_is_not_asked_for_again(house: House) -> None:
    for body in (b"", b"\0" * 50, b"\xff\xfe\xfd", b"<html>"):
        assert house.ask("POST", "/iclock/cdata?SN=CJDE1&table=ATTLOG", body) == (200, "OK: 0")
    assert len(house.said) == 4


def test_too_much_or_nonsense_ends_nothing(house: House) -> None:
    for request in (
        f"POST /iclock/cdata?SN=CJDE1 HTTP/1.1\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n",
        "POST /iclock/cdata?SN=CJDE1 HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        "POST /iclock/cdata?SN=CJDE1 HTTP/1.1\r\n\r\n",
        "POST /iclock/cdata?SN=CJDE1 HTTP/1.1\r\nContent-Length: ²\r\n\r\n",
        "nonsense\r\n\r\n",
        "\0" * 100,
    ):
        with socket.create_connection(("127.0.0.1", house.port), 5) as connection:
            connection.sendall(request.encode("latin-1"))
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(5)
            while connection.recv(4096):
                pass
    assert house.ask("GET", "/../../etc/passwd?SN=CJDE1")[0] == 404
    assert house.ask("GET", "/iclock/getrequest?SN=CJDE1") == (200, "OK")


def test_a_port_that_is_taken_is_said(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Refused, match="nobody can listen"):
            ClockServer(("127.0.0.1", port), {}, lambda: NOW, house.take, print)
