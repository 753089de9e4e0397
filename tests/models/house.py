"""A small house to test in: who works there, and the facts of its nights, written straight into
the tables and judged."""

from datetime import date, time
from typing import Any

import pytest

from models.access.session import Actor, Session
from models.ledger.ledger import differences, rejudge
from models.storage.database import execute
from models.values.money import parse_money
from models.values.nights import FIRST_NIGHT, LAST_NIGHT, parse_night
from models.values.problems import Refused

NIGHT = date(2026, 9, 2)


def hire(
    staff_no: str,
    name: str | None = None,
    position: str = "staff",
    team: str | None = "A",
    supervisor_no: str | None = None,
    hired_on: str = "2026-01-01",
    left_on: str | None = None,
    wage: str = "8700.00",
) -> None:
    execute(
        "INSERT INTO staff (staff_no, name, team, supervisor_no, position, hired_on, left_on,"
        " monthly_wage) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(staff_no, name or staff_no, team, supervisor_no, position, hired_on, left_on),
            parse_money(wage),
        ),
    )


def put(table: str, **row: object) -> None:
    """A row written straight into a table: a night as its text, whatever it is a night of."""
    values = [each.isoformat() if isinstance(each, date) else each for each in row.values()]
    names = ", ".join(f'"{name}"' for name in row)
    holes = ", ".join("?" * len(row))
    execute(f"INSERT INTO {table} ({names}) VALUES ({holes})", values)


def staff_the_house() -> None:
    """Two directors D1 and D2, payroll P1, supervisor S1, and S1's staffers A1 to A3."""
    hire("D1", "何总监", "director", team=None)
    hire("D2", "梁总监", "director", team=None)
    hire("P1", "钱会计", "payroll", team=None)
    hire("S1", "区主管", "supervisor", supervisor_no="D1")
    for staff_no, name in (("A1", "曾小贤"), ("A2", "单雄"), ("A3", "解晓")):
        hire(staff_no, name, supervisor_no="S1")


def place(name: str, kind: str = "room", minimum_spend: int | None = None) -> None:
    execute(
        "INSERT INTO places (place, kind, minimum_spend) VALUES (?, ?, ?)",
        (name, kind, minimum_spend),
    )


def book(staff_no: str, status: str = "booked", place: str = "K1", turn: int = 1) -> None:
    """A staffer's booking of the night, written straight into the table."""
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, guest_phone, status)"
        " VALUES (?, ?, ?, ?, ?, '138', ?)",
        (f"{place}-{turn}", NIGHT.isoformat(), place, turn, staff_no, status),
    )


def at(session: Session, clock: str, night: date = NIGHT) -> int:
    """The instant of a time of day in a night."""
    return session.calendar.at(night, time.fromisoformat(clock))


def brief(session: Session, night: date = NIGHT, director_no: str | None = "D1") -> None:
    """Holds a briefing that is closed at 20:00."""
    execute(
        "INSERT INTO briefings (night, closed_at, director_no, settled) VALUES (?, ?, ?, ?)",
        (night.isoformat(), session.calendar.parse(f"{night}T20:00"), director_no, False),
    )
    rejudge(session, night, night)


def sign(session: Session, staff_no: str, night: date = NIGHT, **at: str) -> None:
    """Writes down when a staffer arrived, or signed the roll later: `arrived_at="19:40"`."""
    signs = {column: session.calendar.parse(f"{night}T{clock}") for column, clock in at.items()}
    execute(
        "INSERT INTO attendance (night, staff_no, arrived_at, made_up_at) VALUES (?, ?, ?, ?)",
        (night.isoformat(), staff_no, signs.get("arrived_at"), signs.get("made_up_at")),
    )
    rejudge(session, night, night)


def rest(staff_no: str, night: date = NIGHT) -> None:
    """A leave for that night, approved in time."""
    execute(
        "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status,"
        " decided_by, decided_at) VALUES (?, ?, 'rest', ?, ?, 0, 'approved', 'S1', 0)",
        (f"L{staff_no}", staff_no, night.isoformat(), night.isoformat()),
    )


def charges(staff_no: str, night: date | None = None) -> list[tuple[str, str, int, str]]:
    """(rule, source, cents, status) of what the ledger holds against a staffer."""
    rows = execute(
        "SELECT rule, source, amount, status, night FROM charges WHERE staff_no = ?"
        " ORDER BY night, rule, source",
        (staff_no,),
    ).fetchall()
    return [tuple(row[:4]) for row in rows if night is None or parse_night(row[4]) == night]


def in_step(session: Session) -> bool:
    """Whether the ledger holds what the facts give."""
    return not differences(session, FIRST_NIGHT, LAST_NIGHT)


def sign_in(session: Session, role: str, staff_no: str | None = None) -> None:
    """Signs in at the session with an account of that role, which is made where there is none."""
    session.actor = Actor(f"{role} {staff_no}", role, staff_no)
    execute(
        "INSERT INTO accounts (name, role, staff_no, secret, made_at, disabled, failures)"
        " VALUES (?, ?, ?, '', 0, ?, 0) ON CONFLICT DO NOTHING",
        (session.actor.name, role, staff_no, False),
    )


def facts_and_charges(*tables: str) -> list[list[tuple[Any, ...]]]:
    """All that these tables hold, and the charges that stand or are waived."""
    live = "SELECT * FROM charges WHERE status <> 'reversed' ORDER BY staff_no, night, source"
    every = (*(f"SELECT * FROM {table} ORDER BY 1, 2" for table in tables), live)
    return [[tuple(row) for row in execute(sql)] for sql in every]


def fields(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    """What was refused, problem by problem."""
    return [each.field for each in refusal.value.problems]


def one(sql: str, *values: Any) -> Any:
    return execute(sql, values).fetchone()[0]
