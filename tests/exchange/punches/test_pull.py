"""Clocks that are asked over TCP: a stand-in that speaks ZKTeco's protocol, and what answers
something else."""

import socket
import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Thread

import pytest

from models.values.problems import Refused
from venue_tui.exchange.punches.pull import pull

NOW = datetime(2026, 9, 2, 19, 40)
CONNECT, EXIT, AUTH, SIZES, READ = 1000, 1001, 1102, 50, 1503
OK, UNAUTH, DATA = 2000, 2005, 1501
USERS, ATTENDANCE = 9, 13


def seconds(at: datetime) -> int:
    days = ((at.year - 2000) * 12 + at.month - 1) * 31 + at.day - 1
    return ((days * 24 + at.hour) * 60 + at.minute) * 60 + at.second


def punch40(number: str, moment: int) -> bytes:
    return struct.pack("<H24sBIB8s", 1, number.encode(), 1, moment, 0, b"")


def user72(uid: int, number: str, name: str) -> bytes:
    return struct.pack("<HB8s24sIx7sx24s", uid, 0, b"", name.encode(), 0, b"", number.encode())


class Clock:
    """A clock with these users and punches, which wants a key or none."""

    def __init__(self, users: list[bytes], punches: list[bytes], key: bool = False) -> None:
        self.users, self.punches, self.key = users, punches, key
        self.asked: list[int] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self._serve(connection)
                except OSError:
                    continue

    def _serve(self, connection: socket.socket) -> None:
        known = not self.key
        while head := connection.recv(8):
            length = struct.unpack("<HHI", head)[2]
            packet = connection.recv(length)
            command, _sum, _session, reply = struct.unpack("<4H", packet[:8])
            self.asked.append(command)
            answer, data = OK, b""
            if command == AUTH:
                known = True
            elif not known:
                answer = UNAUTH
            elif command == SIZES:
                fields = [0] * 20
                fields[4], fields[8] = len(self.users), len(self.punches)
                data = struct.pack("<20i", *fields)
            elif command == READ:
                wanted = struct.unpack("<bhii", packet[8:19])[1]
                rows = b"".join(self.users if wanted == USERS else self.punches)
                answer, data = DATA, struct.pack("<I", len(rows)) + rows
            body = struct.pack("<4H", answer, 0, 77, reply) + data
            connection.sendall(struct.pack("<HHI", 0x5050, 0x7D82, len(body)) + body)
            if command == EXIT:
                return

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def clock() -> Iterator[Callable[..., Clock]]:
    made: list[Clock] = []

    def make(*args: object, **more: object) -> Clock:
        made.append(Clock(*args, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_its_punches_come_with_numbers_and_names(clock: Callable[..., Clock]) -> None:
    at = datetime(2026, 9, 2, 19, 28, 11)
    door = clock(
        [user72(1, "0007", "曾小贤"), user72(2, "8", "")],
        [punch40("0007", seconds(at)), punch40("8", seconds(at)), punch40("0007", seconds(at))],
    )
    read = pull("127.0.0.1", door.port, 0, NOW)
    assert [(p.number, p.name, p.at) for p in read.punches] == [
        ("0007", "曾小贤", at),
        ("8", "", at),
    ]
    assert (read.repeated, read.damage) == (1, [])
    assert EXIT in door.asked
    assert set(door.asked) <= {CONNECT, EXIT, SIZES, READ}  # it is neither locked nor changed


def test_more_than_a_packet_of_them(clock: Callable[..., Clock]) -> None:
    first = seconds(datetime(2026, 8, 1))
    door = clock([user72(1, "7", "")], [punch40("7", first + 60 * i) for i in range(5_000)])
    assert len(pull("127.0.0.1", door.port, 0, NOW).punches) == 5_000


def test_a_time_that_cannot_be_is_damage_and_ends_nothing(clock: Callable[..., Clock]) -> None:
    good = seconds(datetime(2026, 9, 2, 19, 0))
    thirtieth_of_february = ((26 * 12 + 1) * 31 + 29) * 86_400
    rows = [thirtieth_of_february, seconds(datetime(2000, 1, 1)), good, 2**32 - 1]
    door = clock([], [punch40("7", each) for each in rows])
    read = pull("127.0.0.1", door.port, 0, NOW)
    assert [p.line for p in read.punches] == [3]
    assert [each.line for each in read.damage] == [1, 2, 4]


def test_older_clocks_write_eight_or_sixteen_bytes(clock: Callable[..., Clock]) -> None:
    at = seconds(datetime(2026, 9, 2, 19, 0))
    small = clock([user72(3, "0007", "")], [struct.pack("<HBIB", 3, 1, at, 0)])
    assert [p.number for p in pull("127.0.0.1", small.port, 0, NOW).punches] == ["0007"]
    middle = clock([], [struct.pack("<IIBB2sI", 7, at, 1, 0, b"", 0)])
    assert [p.number for p in pull("127.0.0.1", middle.port, 0, NOW).punches] == ["7"]


def test_a_key_is_given_where_it_is_asked_for(clock: Callable[..., Clock]) -> None:
    door = clock([], [punch40("7", seconds(datetime(2026, 9, 2, 19, 0)))], key=True)
    assert len(pull("127.0.0.1", door.port, 123456, NOW).punches) == 1
    assert AUTH in door.asked


def test_an_empty_memory_is_no_punches(clock: Callable[..., Clock]) -> None:
    assert pull("127.0.0.1", clock([], []).port, 0, NOW).punches == []


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\0" * 200])
def test_what_is_no_clock_is_said(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            while True:
                try:
                    connection, _ = other.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(said)

        Thread(target=answer, daemon=True).start()
        with pytest.raises(Refused, match=r"gave no punches|nothing answers"):
            pull("127.0.0.1", other.getsockname()[1], 0, NOW)


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with pytest.raises(Refused, match=f"nothing answers at 127.0.0.1:{port}"):
        pull("127.0.0.1", port, 0, NOW)
