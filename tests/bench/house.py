"""A made-up house of any size, as files: who works there, and one month of thirty nights in which
everyone collects about five charges."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

MONTH = "2025-09"
NIGHTS = [date(2025, 9, 1) + timedelta(days=i) for i in range(30)]
TIMEZONE = "Asia/Shanghai"
PLACES = 200

_TEAM = 50  # staffers to a supervisor
_LATE, _MISSED, _ABSENT, _REST = 0.11, 0.02, 0.025, 0.06

Row = Sequence[object]


def write_house(folder: Path, staffers: int) -> None:
    """Writes everything but the month itself to `folder`/before, and the month's briefings and
    attendance to `folder`/month."""
    random = Random(staffers)
    before, month = folder / "before", folder / "month"
    before.mkdir(parents=True)
    month.mkdir()
    numbers = [f"{i + 1:05d}" for i in range(staffers)]
    _write(before / "staff.csv", _STAFF, _staff(numbers, random))
    _write(before / "places.csv", ("place", "kind", "minimum_spend"), _places())
    resting = {(night, number) for number in numbers for night in NIGHTS if random.random() < _REST}
    _write(before / "leave.csv", _LEAVE, _leave(resting))
    _write(before / "outings.csv", _OUTINGS, _outings(numbers, random))
    _write(before / "bookings.csv", _BOOKINGS, _bookings(numbers, random))
    _write(before / "incidents.csv", _INCIDENTS, _incidents(numbers, random))
    _write(month / "briefings.csv", ("night", "closed_at", "director_no"), _briefings())
    _write(month / "attendance.csv", _ATTENDANCE, _attendance(numbers, resting, random))


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
    yield "D01", "林国栋", "", "", "director", "2024-01-01", "18000"
    for team in range(-(-len(numbers) // _TEAM)):
        yield f"S{team:03d}", "区主管", f"{team + 1}组", "D01", "supervisor", "2024-01-01", "9500"
    for i, number in enumerate(numbers):
        team, wage = i // _TEAM, random.choice(("3800", "4500.50", "5200"))
        yield number, f"曾小贤{i}", f"{team + 1}组", f"S{team:03d}", "staff", "2024-06-01", wage


def _places() -> Iterator[Row]:
    for i in range(PLACES):
        yield f"V{i:03d}", "room" if i % 2 else "table", "1880"


def _briefings() -> Iterator[Row]:
    for night in NIGHTS:
        yield night, _at(night, 19, 50), "D01"


def _leave(resting: set[tuple[date, str]]) -> Iterator[Row]:
    for i, (night, number) in enumerate(sorted(resting)):
        filed, decided = (
            _at(night - timedelta(days=2), 21, 0),
            _at(night - timedelta(days=2), 22, 0),
        )
        yield f"L{i:06d}", number, "rest", night, night, filed, "approved", "D01", decided


def _outings(numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(numbers):
        night = random.choice(NIGHTS)
        asked, out, back = _at(night, 21, 30), _at(night, 21, 40), _at(night, 22, 30)
        if i % 5:
            yield f"O{i}", number, "送客", asked, "approved", "D01", _at(night, 21, 35), out, back
        else:
            yield f"O{i}", number, "", "", "none", "", "", out, back


def _bookings(numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(number for number in numbers for _ in range(3)):
        night, place = random.choice(NIGHTS), f"V{random.randrange(PLACES):03d}"
        status, amount = (
            ("left", f"{random.randrange(1880, 9000)}.50") if i % 4 else ("cancelled", "")
        )
        booked_at = _at(night, 15, i % 60)
        yield f"B{i}", night, place, 1, number, "胡先生", "17000000331", booked_at, status, amount


def _incidents(numbers: Sequence[str], random: Random) -> Iterator[Row]:
    for i, number in enumerate(numbers[::3]):
        at = _at(random.choice(NIGHTS), 23, 15)
        rule, amount = ("service_complaint", "") if i % 3 else ("insubordination", "350")
        yield f"I{i}", number, at, rule, amount, "客人投诉服务态度", "D01"


def _attendance(
    numbers: Sequence[str], resting: set[tuple[date, str]], random: Random
) -> Iterator[Row]:
    for night in NIGHTS:
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
