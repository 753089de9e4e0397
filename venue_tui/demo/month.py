"""A fictional venue's month, made up and always the same. `python -m venue_tui.demo.month` writes
the database in which `demo` opens it, anew."""

import gzip
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from models.access.session import Session, zone
from models.backup.opening import open_venue
from models.imports.importer import intake
from models.operations.venue import make_venue
from models.rules import shipped
from models.storage.database import close_database
from models.values.datasets import DATASETS
from models.values.nights import Calendar
from venue_tui.demo import OPENS_AT, READY
from venue_tui.demo.guest_desk import add_guest_desk
from venue_tui.exchange.imports import read
from venue_tui.exchange.table_writer import write_table

NAME = "金麒麟 KTV"
TIMEZONE = "Asia/Shanghai"
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)

_TEAMS = ("一组", "二组", "三组", "四组", "五组")
_SURNAMES = (
    "曾单解查区翟仇王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"
)
_GIVEN = tuple(
    "小贤雄信晓东文轩桂香一帆佳怡丽娜建华志强秀珍海燕雅琴子涵俊杰美玲浩然欣怡国栋"
    "玉兰天佑思远春梅嘉豪静雯伟明晓彤振宇慧敏永康若曦家辉雪晴德胜巧云"[i : i + 2]
    for i in range(0, 70, 2)
)
_GUESTS = ("胡先生", "李总", "陈小姐", "王先生", "周总", "林小姐", "何先生", "徐总")
_REASONS = ("送客", "取物料", "接客人", "买烟", "家里急事")

Rows = dict[str, list[list[str | None]]]


class _Staffer(NamedTuple):
    number: str
    superior: str
    hired: date


def record(folder: Path) -> Path:
    """Makes the venue in a database in `folder` and takes its month in, as of 19:25 of its last
    night; gives the file, whatever is open being closed."""
    file = folder / "demo.db"
    open_venue(f"sqlite:///{file}", create=True)
    calendar = Calendar(zone(TIMEZONE), [(FIRST, time(12))])
    made_at = calendar.parse("2026-10-25T15:00")
    make_venue(NAME, TIMEZONE, shipped.load("nightlife"), made_at, "demo", "demo")
    opens_at = calendar.parse(OPENS_AT)
    session = Session(clock=lambda: opens_at, terminal="demo")
    session.user = "demo"
    with tempfile.TemporaryDirectory(dir=folder) as files:
        for name, rows in demo_month().items():
            write_table(rows, DATASETS[name].columns, Path(files) / f"{name}.csv")
        intake(session, read([Path(files)], session.calendar).tables)
    close_database()
    return file


def packed(file: Path) -> bytes:
    """The database as it is shipped: without free pages, written ahead, compressed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.db"
        with closing(sqlite3.connect(file)) as original:
            original.execute("VACUUM INTO ?", (str(copy),))
        with closing(sqlite3.connect(copy)) as ready:
            ready.execute("PRAGMA journal_mode = wal")
        return gzip.compress(copy.read_bytes(), mtime=0)


def demo_month(last: date = LAST) -> Rows:
    """The month's rows by dataset, every cell as it stands in a file; `last` is its last night, at
    whose briefing it ends."""
    return _Month(Random(20261130), last).rows


class _Month:
    """Makes up what happened, night by night."""

    def __init__(self, random: Random, last: date) -> None:
        self.random = random
        self.last = last
        self.rows: Rows = {name: [] for name in DATASETS}
        self.staff: list[_Staffer] = []
        self._roster()
        self._places()
        night = self.last.replace(day=1)
        while night < self.last:
            self._night(night)
            night += timedelta(days=1)
        self._tonight()
        add_guest_desk(self._add, self.rows, self.last - timedelta(days=1), self.last, _at)

    def _add(self, dataset: str, **cells: str | None) -> None:
        self.rows[dataset].append([cells.get(name) for name in DATASETS[dataset].column])

    def _roster(self) -> None:
        self._hire("D01", "林国栋", "director", 18000, date(2024, 3, 1))
        self._hire("P01", "沈秀英", "payroll", 8000, date(2024, 3, 1))
        given = [*_GIVEN, *_GIVEN]
        self.random.shuffle(given)
        names = iter([_SURNAMES[i % len(_SURNAMES)] + given[i] for i in range(60)])
        for i, team in enumerate(_TEAMS, 1):
            number, hired = f"S{i:02d}", date(2024, 6, 1)
            self._hire(number, next(names), "supervisor", 9500, hired, team, "D01")
            self.staff.append(_Staffer(number, "D01", hired))
        for i in range(45):
            number, superior = f"{i + 1:04d}", f"S{i % 5 + 1:02d}"
            hired = date(2025, 1, 1) if i < 42 else self.last - timedelta(days=14)
            wage = self.random.choice((3800, 4500, 5200, 6000))
            self._hire(number, next(names), "staff", wage, hired, _TEAMS[i % 5], superior)
            self.staff.append(_Staffer(number, superior, hired))
        self._add(
            "wages",
            staff_no="0003",
            effective_from=(self.last - timedelta(days=15)).isoformat(),
            monthly_wage="5000.00",
        )

    def _hire(
        self,
        number: str,
        name: str,
        position: str,
        wage: int,
        hired: date,
        team: str | None = None,
        superior: str | None = None,
    ) -> None:
        self._add(
            "staff",
            staff_no=number,
            name=name,
            team=team,
            supervisor_no=superior,
            position=position,
            hired_on=str(hired),
            monthly_wage=f"{wage}.00",
        )

    def _places(self) -> None:
        for letter, kind, spend in (("V", "room", 1880), ("K", "room", 880), ("A", "table", 380)):
            for i in range(1, 9):
                self._add(
                    "places", place=f"{letter}{i:02d}", kind=kind, minimum_spend=f"{spend}.00"
                )

    def _night(self, night: date) -> None:
        self._add(
            "briefings",
            night=str(night),
            closed_at=_at(night, 19, 50),
            director_no="D01",
            assignment="各组主推存酒活动，九点前清台",
        )
        rooms = self._bookings(night, ("left", "cancelled", "no_show"), (80, 15, 5))
        for staffer in self.staff:
            if staffer.hired <= night and not self._rests(night, staffer):
                self._attendance(night, staffer, staffer.number in rooms)
                self._outing(night, staffer)
        self._incident(night)

    def _rests(self, night: date, staffer: "_Staffer") -> bool:
        if self.random.random() > 0.08:
            return False
        asked = night - timedelta(days=self.random.choice((1, 1, 2)))
        self._add(
            "leave",
            leave_no=f"L{night:%m%d}-{staffer.number}",
            staff_no=staffer.number,
            kind="rest",
            first_night=str(night),
            last_night=str(night),
            filed_at=_at(asked, 21, 0),
            status="approved",
            decided_by=staffer.superior,
            decided_at=_at(asked, 22, 0),
        )
        return True

    def _bookings(self, night: date, states: Sequence[str], weights: Sequence[int]) -> set[str]:
        """Gives the staffers who have a standing room of their own."""
        rooms = set()
        places = [f"{letter}{i:02d}" for letter in "VKA" for i in range(1, 9)]
        staff = [staffer.number for staffer in self.staff if staffer.hired <= night]
        self.random.shuffle(places)
        for i, place in enumerate(places[:13], 1):
            number, state = self.random.choice(staff), self.random.choices(states, weights)[0]
            if place[0] != "A" and state in ("left", "booked", "arrived"):
                rooms.add(number)
            self._add(
                "bookings",
                booking_no=f"B{night:%m%d}-{i:02d}",
                night=str(night),
                place=place,
                staff_no=number,
                guest_name=self.random.choice(_GUESTS),
                guest_phone=f"1700000{self.random.randrange(10**4):04d}",
                booked_at=_at(night, 15, self.random.randrange(60)),
                status=state,
                amount=f"{self.random.randrange(400, 5200)}.00" if state == "left" else None,
            )
        return rooms

    def _attendance(self, night: date, staffer: "_Staffer", room: bool) -> None:
        chance = self.random.random()
        arrived = made_up = None
        if chance < 0.88:
            arrived = _at(night, 18, 48 + self.random.randrange(42))
        elif chance < 0.95:
            arrived = _at(night, 19, 31 + self.random.randrange(18))
        elif room or chance < 0.965:
            made_up = _at(night, 20, self.random.randrange(60))
        elif chance < 0.985:
            arrived = _at(night, 20, 5 + self.random.randrange(40))
        if arrived or made_up:
            self._add(
                "attendance",
                night=str(night),
                staff_no=staffer.number,
                arrived_at=arrived,
                made_up_at=made_up,
                departed_at=_at(night, 26, 5),
            )

    def _outing(self, night: date, staffer: "_Staffer") -> None:
        if self.random.random() > 0.03:
            return
        slip: dict[str, str | None] = {"status": "none"}
        if self.random.random() < 0.7:
            slip = {
                "status": "approved",
                "requested_at": _at(night, 21, 30),
                "decided_by": staffer.superior,
                "decided_at": _at(night, 21, 35),
            }
        self._add(
            "outings",
            slip_no=f"O{night:%m%d}-{staffer.number}",
            staff_no=staffer.number,
            reason=self.random.choice(_REASONS),
            out_at=_at(night, 21, 40),
            back_at=_at(night, 22, self.random.randrange(50)),
            **slip,
        )

    def _incident(self, night: date) -> None:
        if self.random.random() > 0.3:
            return
        fine: dict[str, str | None] = {"rule": "service_complaint", "note": "客人投诉服务态度"}
        if night.day % 13 == 0:
            fine = {
                "rule": "insubordination",
                "amount": "350.00",
                "note": "顶撞主管，当场道歉，取下限以上",
            }
        self._add(
            "incidents",
            incident_no=f"I{night:%m%d}",
            staff_no=self.random.choice(self.staff[5:47]).number,
            occurred_at=_at(night, 23, 15),
            reported_by="D01",
            **fine,
        )

    def _tonight(self) -> None:
        """What is known, and what waits for a decision, when the program opens."""
        self._bookings(self.last, ("booked", "arrived", "cancelled"), (70, 15, 15))
        for staffer in self.staff:
            self._rests(self.last, staffer)
        tomorrow = self.last + timedelta(days=1)
        for i, (number, first) in enumerate(
            (("0007", tomorrow), ("0018", tomorrow), ("0029", self.last)), 1
        ):
            self._add(
                "leave",
                leave_no=f"L1130-{i}",
                staff_no=number,
                kind="personal",
                first_night=str(first),
                last_night=str(tomorrow),
                filed_at=_at(self.last, 17, 10 * i),
                status="requested",
            )
        for i, number in enumerate(("0011", "0022"), 1):
            self._add(
                "outings",
                slip_no=f"O1130-{i}",
                staff_no=number,
                reason=_REASONS[i],
                requested_at=_at(self.last, 19, 10 + 5 * i),
                status="requested",
            )
        self._add(
            "outings",
            slip_no="O1130-3",
            staff_no="0033",
            reason=_REASONS[0],
            requested_at=_at(self.last, 18, 40),
            status="approved",
            decided_by="S03",
            decided_at=_at(self.last, 18, 45),
            out_at=_at(self.last, 18, 50),
        )


def _at(night: date, hour: int, minute: int) -> str:
    """A local time of the night; hours from 24 on are after midnight."""
    wall = datetime.combine(night, time()) + timedelta(hours=hour, minutes=minute)
    return wall.isoformat(timespec="minutes")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        READY.write_bytes(packed(record(Path(made))))
