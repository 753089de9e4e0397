"""A made-up house of any size, as files: who works there, and months in which everyone collects
about five charges each."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from models.values.nights import Month, first_night, last_night, previous_month

MONTH = "2025-09"
TIMEZONE = "Asia/Shanghai"
PLACES = 200
MONTHLY = ("briefings", "attendance", "leave", "outings", "bookings", "incidents")
"""The datasets of which every month has a file."""

_TEAM = 50  # staffers to a supervisor
_LATE, _MISSED, _ABSENT, _REST = 0.11, 0.02, 0.025, 0.06
_FOUNDED, _HIRED = "2010-01-01", "2010-06-01"

Row = Sequence[object]


def nights_of(month: Month) -> list[date]:
    """The nights of a month."""
    first, last = first_night(month), last_night(month)
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


NIGHTS = nights_of(MONTH)


def write_house(folder: Path, staffers: int) -> None:
    """Writes everything but the month itself to `folder`/before, and the month's briefings and
    attendance to `folder`/month."""
    before, month = folder / "before", folder / "month"
    write_people(before, staffers)
    write_month(month, staffers, MONTH)
    for name in MONTHLY[2:]:
        (month / f"{name}.csv").rename(before / f"{name}.csv")


def write_people(folder: Path, staffers: int) -> None:
    """Writes who works there, and the places."""
    folder.mkdir(parents=True)
    _write(folder / "staff.csv", _STAFF, _staff(_numbers(staffers), Random(staffers)))
    _write(folder / "places.csv", ("place", "kind", "minimum_spend"), _places())


def write_month(folder: Path, staffers: int, month: Month) -> None:
    """Writes all that happened in a month."""
    folder.mkdir(parents=True)
    # Every month has as much in it as any other.
    random, numbers, nights = Random(staffers), _numbers(staffers), nights_of(month)[:28]
    if month == MONTH:
        nights = NIGHTS
    resting = {(night, number) for night in nights for number in numbers if random.random() < _REST}
    for name, header, rows in (
        ("leave", _LEAVE, _leave(resting)),
        ("outings", _OUTINGS, _outings(nights, numbers, random)),
        ("bookings", _BOOKINGS, _bookings(nights, numbers, random)),
        ("incidents", _INCIDENTS, _incidents(nights, numbers, random)),
        ("briefings", ("night", "closed_at", "director_no"), _briefings(nights)),
        ("attendance", _ATTENDANCE, _attendance(nights, _called(staffers), resting, random)),
    ):
        _write(folder / f"{name}.csv", header, rows)


def write_tonight(folder: Path, staffers: int, now: datetime) -> None:
    """Writes what is known of the night that it is at `now`, by the venue's clock: who is off, what
    is booked, who asks for leave and for a slip, and who is out."""
    folder.mkdir(parents=True)
    numbers = _numbers(staffers)
    night = (now - timedelta(hours=12)).date()
    asked = now.isoformat(timespec="minutes")
    off, asking, slips, out = (numbers[i : i + 5] for i in range(0, 20, 5))
    yesterday = _at(night - timedelta(days=1), 21, 0)
    leave: list[Row] = [
        (f"LT{number}", number, "rest", night, night, yesterday, "approved", "D01", yesterday)
        for number in off
    ]
    tomorrow = night + timedelta(days=1)
    leave += [
        (f"LT{number}", number, "personal", tomorrow, tomorrow, asked, "requested", "", "")
        for number in asking
    ]
    outings: list[Row] = [
        (f"OT{number}", number, "送客", asked, "requested", "", "", "", "") for number in slips
    ]
    outings += [
        (f"OT{number}", number, "送客", asked, "approved", "D01", asked, asked, "")
        for number in out
    ]
    bookings: list[Row] = [
        (f"BT{i}", night, f"V{i:03d}", 1, numbers[i % staffers], "胡先生", "17000000331", asked,
         "booked", "")
        for i in range(PLACES // 4)
    ]  # fmt: skip
    for name, header, rows in (
        ("leave", _LEAVE, leave),
        ("outings", _OUTINGS, outings),
        ("bookings", _BOOKINGS, bookings),
    ):
        _write(folder / f"{name}.csv", header, rows)


def months_before(month: Month, number: int) -> list[Month]:
    """So many months before one, in order."""
    found = [month]
    for _ in range(number):
        found.append(previous_month(found[-1]))
    return found[:0:-1]


def _called(staffers: int) -> list[str]:
    """Everyone on the roll."""
    return [*_numbers(staffers), *(f"S{team:03d}" for team in range(-(-staffers // _TEAM)))]


def _numbers(staffers: int) -> list[str]:
    return [f"{i + 1:05d}" for i in range(staffers)]


_STAFF = ("staff_no", "name", "team", "supervisor_no", "position", "hired_on", "monthly_wage")
_LEAVE = ("leave_no", "staff_no", "kind", "first_night", "last_night", "filed_at", "status",
          "decided_by", "decided_at")  # fmt: skip
_OUTINGS = ("slip_no", "staff_no", "reason", "requested_at", "status", "decided_by", "decided_at",
            "out_at", "back_at")  # fmt: skip
_BOOKINGS = ("booking_no", "night", "place", "turn", "staff_no", "guest_name", "guest_phone",
             "booked_at", "status", "amount")  # fmt: skip
_INCIDENTS = ("incident_no", "staff_no", "occurred_at", "rule", "amount", "note", "reported_by")
_ATTENDANCE = ("night", "staff_no", "arrived_at", "made_up_at", "departed_at")


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _at(night: date, hour: int, minute: int, second: int = 0) -> str:
    """A time of the night; hours from 24 on are the small ones."""
    at = datetime(night.year, night.month, night.day) + timedelta(hours=hour, minutes=minute)
    return (at + timedelta(seconds=second)).isoformat(timespec="seconds" if second else "minutes")


def _staff(numbers: Sequence[str], random: Random) -> Iterator[Row]:
    yield "D01", "林国栋", "", "", "director", _FOUNDED, "18000"
    for team in range(-(-len(numbers) // _TEAM)):
        yield f"S{team:03d}", "区主管", f"{team + 1}组", "D01", "supervisor", _FOUNDED, "9500"
    for i, number in enumerate(numbers):
        team, wage = i // _TEAM, random.choice(("3800", "4500.50", "5200"))
        yield number, f"曾小贤{i}", f"{team + 1}组", f"S{team:03d}", "staff", _HIRED, wage


def _places() -> Iterator[Row]:
    for i in range(PLACES):
        yield f"V{i:03d}", "room" if i % 2 else "table", "1880"


def _briefings(nights: Sequence[date]) -> Iterator[Row]:
    for night in nights:
        yield night, _at(night, 19, 50), "D01"


def _leave(resting: set[tuple[date, str]]) -> Iterator[Row]:
    for i, (night, number) in enumerate(sorted(resting)):
        filed, decided = (
            _at(night - timedelta(days=2), 21, 0),
            _at(night - timedelta(days=2), 22, 0),
        )
        yield (
            f"L{night:%y%m}{i:06d}",
            number,
            "rest",
            night,
            night,
            filed,
            "approved",
            "D01",
            decided,
        )


def _outings(nights: Sequence[date], numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(numbers):
        night = random.choice(nights)
        slip = f"O{night:%y%m}{i}"
        asked, out, back = _at(night, 21, 30), _at(night, 21, 40), _at(night, 22, 30)
        if i % 5:
            approved = _at(night, 21, 35)
            yield slip, number, "送客", asked, "approved", "D01", approved, out, back
        else:
            yield slip, number, "", "", "none", "", "", out, back


def _bookings(nights: Sequence[date], numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(number for number in numbers for _ in range(3)):
        night, place = random.choice(nights), f"V{random.randrange(PLACES):03d}"
        status, amount = (
            ("left", f"{random.randrange(1880, 9000)}.50") if i % 4 else ("cancelled", "")
        )
        booked_at = _at(night, 15, i % 60)
        booking = f"B{night:%y%m}{i}"
        yield booking, night, place, 1, number, "胡先生", "17000000331", booked_at, status, amount


def _incidents(nights: Sequence[date], numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(numbers[::3]):
        night = random.choice(nights)
        at = _at(night, 23, 15)
        rule, amount = ("service_complaint", "") if i % 3 else ("insubordination", "350")
        yield f"I{night:%y%m}{i}", number, at, rule, amount, "客人投诉服务态度", "D01"


def _attendance(
    nights: Sequence[date],
    numbers: Sequence[str],
    resting: set[tuple[date, str]],
    random: Random,
) -> Iterator[Row]:
    for night in nights:
        for number in numbers:
            if (night, number) in resting:
                continue
            chance = random.random()
            if chance < _ABSENT:
                yield night, number, "", "", ""
                continue
            made_up, left = "", _at(night, 26, random.randrange(30), random.randrange(60))
            if chance < _ABSENT + _MISSED:
                minute, made_up = 55, _at(night, 20, 30)
            elif chance < _ABSENT + _MISSED + _LATE:
                minute = random.randrange(31, 49)
            else:
                minute = random.randrange(-30, 30)
            yield night, number, _at(night, 19, minute, random.randrange(60)), made_up, left
