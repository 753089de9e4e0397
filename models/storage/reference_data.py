"""The people and places that facts refer to, as the database has them."""

from models.rules.employment import EmploymentRecord
from models.storage.database import Read, execute
from models.storage.employment import postings, rehires, stored_night

_PEOPLE = "SELECT staff_no, position, supervisor_no, hired_on, left_on, 1 FROM staff"
_SOME = (
    "SELECT staff_no, position, supervisor_no, hired_on, left_on,"
    " EXISTS (SELECT 1 FROM postings p WHERE p.staff_no = s.staff_no)"
    " OR EXISTS (SELECT 1 FROM rehires r WHERE r.staff_no = s.staff_no) FROM staff s"
    " WHERE staff_no IN "
)
"""Most of whom nothing ever changed: what did isn't read of them."""
PLACES: Read = ("SELECT place, kind FROM places", ())


def people_of(staff_nos: tuple[str, ...]) -> Read:
    """What `people` reads, to begin with."""
    if not staff_nos:
        return _PEOPLE, ()
    return f"{_SOME}({', '.join('?' * len(staff_nos))})", staff_nos


def people(*staff_nos: str) -> dict[str, EmploymentRecord]:
    """Everyone ever on the payroll, or only those named, as the database has them."""
    rows = execute(*people_of(staff_nos)).fetchall()
    found = {
        staff_no: EmploymentRecord(
            position, supervisor_no, stored_night(hired), left and stored_night(left)
        )
        for staff_no, position, supervisor_no, hired, left, _ in rows
    }
    if any(row[-1] for row in rows):
        for staff_no, spells in rehires(*staff_nos).items():
            found[staff_no] = found[staff_no]._replace(rehires=spells)
        for staff_no, changes in postings(*staff_nos).items():
            found[staff_no] = found[staff_no]._replace(postings=changes)
    return found


def places() -> dict[str, str]:
    """Kind by place."""
    return dict(execute(*PLACES).fetchall())
