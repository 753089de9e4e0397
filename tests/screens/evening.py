"""A department of 57 on the evening of 12 September 2026, 19:20, made by what the screens call."""

from datetime import date, timedelta

from models.access.session import Session
from models.operations import bookings, briefings, leave, outings, roll, roll_board
from models.values.nights import Instant
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import hire

NIGHT = date(2026, 9, 12)
TEAMS = ("牡丹组", "玫瑰组", "Tulip")
_SURNAMES = "单仇曾解查区翟王李张刘陈杨黄赵周吴"
_GIVEN = ("小美", "国强", "雪", "志明", "丽华")


def at(session: Session, clock: str, night: date = NIGHT) -> Instant:
    """When the clock shows so on the evening of a night."""
    return session.calendar.parse(f"{night.isoformat()}T{clock}")


def staff_the_evening() -> None:
    """The director D1, three supervisors S1 to S3, and 51 staffers 101 to 151; nobody else is on
    the roll but the supervisors."""
    hire("D1", "王芳", "director", team=None, wage="15000.00")
    hire("P1", "钱会计", "payroll", team=None)
    for n, team in enumerate(TEAMS, 1):
        hire(f"S{n}", f"主管{n}", "supervisor", team, "D1", wage="9000.00")
    for n in range(51):
        name = _SURNAMES[n % len(_SURNAMES)] + _GIVEN[n // 17 + n % 3]
        if n == 7:
            name = "[red]Ann[/]"
        hire(str(101 + n), name, team=TEAMS[n // 17], supervisor_no=f"S{n // 17 + 1}")


def furnish() -> None:
    from models.storage.database import execute

    for n in range(1, 9):
        row = (f"V{n}", "room", 120_000 if n < 5 else 288_000)
        execute("INSERT INTO places (place, kind, minimum_spend) VALUES (?, ?, ?)", row)
    for n in range(1, 13):
        execute("INSERT INTO places (place, kind) VALUES (?, ?)", (f"A{n}", "table"))


def past_nights(session: Session, clock: Clock) -> None:
    """Three nights of September, on each of which 151 was absent and 102 late."""
    for back in (3, 2, 1):
        night = NIGHT - timedelta(days=back)
        clock.now = at(session, "19:25", night)
        everybody = [row.staff_no for row in roll_board.board(session, night)]
        for staff_no in everybody:
            if staff_no not in ("102", "151"):
                roll.mark(session, staff_no)
        clock.now = at(session, "19:36", night)
        roll.mark(session, "102")
        clock.now = at(session, "19:45", night)
        briefings.close(session, director_no="D1")


@built_once
def open_evening(session: Session, clock: Clock) -> None:
    """All of it, as it stands at 19:20: rooms booked, two resting, requests waiting."""
    staff_the_evening()
    furnish()
    past_nights(session, clock)
    clock.now = at(session, "18:00", NIGHT - timedelta(days=1))
    for staff_no in ("120", "121"):
        rest = leave.ask(session, staff_no, "rest", NIGHT, NIGHT)
        leave.approve(session, rest, by="S2")
    clock.now = at(session, "18:05")
    bookings.book(session, NIGHT, "V1", "103", guest_name="林先生", guest_phone="13800001111")
    bookings.book(session, NIGHT, "V8", "104", guest_name="Mr [b]Lee")
    bookings.book(session, NIGHT, "A3", "105")
    leave.ask(session, "130", "personal", NIGHT + timedelta(days=1), NIGHT + timedelta(days=2))
    clock.now = at(session, "19:10")
    outings.ask(session, "106", "买药")
    outings.ask(session, "140", "接客人")
    clock.now = at(session, "19:20")
