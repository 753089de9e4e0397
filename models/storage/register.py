"""The people and places that facts refer to, as the database has them."""

from datetime import date

from models.rules.validation import Person
from models.storage.database import execute

_PEOPLE = "SELECT staff_no, position, supervisor_no, hired_on, left_on FROM staff"


def people(*staff_nos: str) -> dict[str, Person]:
    """Everyone ever on the payroll, or only those named, as the database has them."""
    wanted = f" WHERE staff_no IN ({', '.join('?' * len(staff_nos))})" if staff_nos else ""
    rows = execute(_PEOPLE + wanted, staff_nos)
    return {
        staff_no: Person(
            position,
            supervisor_no,
            date.fromisoformat(hired_on),
            date.fromisoformat(left_on) if left_on else None,
        )
        for staff_no, position, supervisor_no, hired_on, left_on in rows
    }


def places() -> dict[str, str]:
    """Kind by place."""
    return dict(execute("SELECT place, kind FROM places").fetchall())
