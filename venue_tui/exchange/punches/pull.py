"""Asks a ZKTeco clock for its punches over TCP, port 4370, by pyzk, which is an extra.

The protocol is the maker's own, undocumented and without encryption; its key is a number of at most
six digits. Only attendance and names are asked for, and the clock goes on working meanwhile. A
clock of another maker's, or one that only pushes, answers nothing that can be read.
"""

import contextlib
import io
import struct
from datetime import datetime
from typing import Any

from models.values.problems import needs_extra, problem, refused
from venue_tui.exchange.punches.punch import AHEAD, Collector, Punch, PunchFile, PunchKind

PORT = 4370
_SECONDS = 20
"""How long a clock may be silent."""
_MOST = 1_000_000
"""Punches that no clock has the memory for."""
_ATTENDANCE = 13
"""The protocol's command for what lies in its memory."""


def pull(host: str, port: int, key: int, now: datetime) -> PunchFile:
    """The punches in the clock's memory. `key` is its communication key, 0 for none; `now` the
    venue's wall clock, past which by a day no punch is believed. What can't have happened is
    counted as damage, by its place in the memory.

    Raises Refused where the extra is missing, the clock isn't reached, or says what can't be read.
    """
    try:
        from zk import ZK
        from zk.exception import ZKError, ZKNetworkError
    except ModuleNotFoundError:
        raise needs_extra("clocks", "clocks") from None
    clock = ZK(host, port, timeout=_SECONDS, password=key, ommit_ping=True)
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # to which it writes warnings
            try:
                clock.connect()
            except (OSError, ZKNetworkError) as error:
                # What went wrong with the connection stands behind pyzk's own error.
                if not isinstance(error, OSError) and not isinstance(error.__context__, OSError):
                    raise
                raise refused(
                    "clock",
                    "nothing answers at %(host)s:%(port)s: is the clock on, and is that its"
                    " address?",
                    host=host, port=port,
                ) from None  # fmt: skip
            return _read(clock, Collector(PunchKind.PULLED, now + AHEAD))
    except (ZKError, OSError, struct.error, ValueError, TypeError, IndexError) as error:
        raise refused(
            "clock",
            "the clock at %(host)s:%(port)s gave no punches: %(why)s",
            host=host, port=port, why=str(error) or type(error).__name__,
        ) from None  # fmt: skip
    finally:
        with contextlib.suppress(Exception):
            clock.disconnect()


def _read(clock: Any, found: Collector) -> PunchFile:
    clock.read_sizes()
    count: int = clock.records
    if not 0 <= count <= _MOST:
        raise ValueError(f"{count} punches")
    if count == 0:
        return found.file
    names = {}
    numbers = {}
    for user in clock.get_users():
        numbers[user.uid] = user.user_id
        # Where the clock has none, pyzk makes one up.
        names[user.user_id] = "" if user.name == f"NN-{user.user_id}" else user.name
    # Not by `get_attendance`, which a single time that can't be ends.
    data, _size = clock.read_with_buffer(_ATTENDANCE)
    length = struct.unpack("<I", data[:4])[0] // count
    if length not in (8, 16, 40):
        raise ValueError(f"{length} bytes a punch")
    records = memoryview(data)[4:]
    for line in range(1, min(count, len(records) // length) + 1):
        record = records[(line - 1) * length : line * length]
        if length == 8:
            uid, _how, seconds = struct.unpack_from("<HBI", record)
            number = numbers.get(uid, str(uid))
        elif length == 16:
            user, seconds = struct.unpack_from("<II", record)
            number = str(user)
        else:
            raw, _how, seconds = struct.unpack_from("<24sBI", record, 2)
            number = raw.partition(b"\0")[0].decode(errors="replace")
        at = _moment(seconds)
        if at is None or not number.strip():
            found.damage(line, problem("at", "the clock was wrong: it says %(time)s", time=seconds))
        else:
            found.punch(Punch("", number, names.get(number, ""), at, line))
    return found.file


def _moment(seconds: int) -> datetime | None:
    """The wall time that the number stands for, in months of 31 days; None for one that isn't."""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    months, day = divmod(days, 31)
    years, month = divmod(months, 12)
    try:
        return datetime(2000 + years, month + 1, day + 1, hour, minute, second)
    except ValueError:
        return None
