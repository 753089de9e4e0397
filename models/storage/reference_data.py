"""The people and places that facts refer to, as the database has them."""

from datetime import date

from models.rules.employment import EmploymentRecord
from models.storage.database import Read, execute
from models.storage.employment import postings, rehires

_PEOPLE = (
    "SELECT staff_no, position, supervisor_no, hired_on, left_on,"
    " EXISTS (SELECT 1 FROM postings p WHERE p.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM rehires r WHERE r.staff_no = s.staff_no) FROM staff s"
)
PLACES: Read = ("SELECT place, kind FROM places", ())


def people_of(staff_nos: tuple[str, ...]) -> Read:
    """What `people` reads, to begin with."""
    wanted = f" WHERE staff_no IN ({', '.join('?' * len(staff_nos))})" if staff_nos else ""
    return _PEOPLE + wanted, staff_nos


def people(*staff_nos: str) -> dict[str, EmploymentRecord]:
    """Everyone ever on the payroll, or only those named, as the database has them."""
    rows = execute(*people_of(staff_nos)).fetchall()
    changed = any(row[-1] for row in rows)
    later = rehires(*staff_nos) if changed else {}
    changes = postings(*staff_nos) if changed else {}
    return {
        staff_no: EmploymentRecord(
            position,
            supervisor_no,
            date.fromisoformat(hired_on),
            date.fromisoformat(left_on) if left_on else None,
            later.get(staff_no, ()),
            changes.get(staff_no, ()),
        )
        for staff_no, position, supervisor_no, hired_on, left_on, _ in rows
    }


def places() -> dict[str, str]:
    """Kind by place."""
    return dict(execute(*PLACES).fetchall())
