"""Briefings that were not held: opened by mistake, and taken back with every sign under them."""

from datetime import date
from typing import Any, NamedTuple

from peewee import ForeignKeyField

from models.access.permissions import require, require_not_own
from models.access.session import Session
from models.ledger.closings import require_open
from models.ledger.ledger import Difference, rejudge
from models.rules.charges import ROLL
from models.storage.tables import Attendance, BaseModel, Briefing, Charge, PassedName, Relay
from models.values.problems import refused

_KEPT = (Briefing, Attendance, Relay, PassedName)
"""What goes with a briefing that was not held."""

_UNSETTLED: dict[type[BaseModel], dict[str, Any]] = {Briefing: {"settled": False}}

Row = dict[str, Any]


class NotHeld(NamedTuple):
    """A briefing that was taken back, with every sign under it, and how the ledger changed. `rows`
    are those that were deleted, by table, each by column."""

    night: date
    rows: dict[str, list[Row]]
    changes: list[Difference]

    @property
    def signs(self) -> int:
        """How many staffers had given a sign."""
        return sum(
            row["arrived_at"] is not None or row["made_up_at"] is not None
            for row in self.rows["attendance"]
        )


def not_held(session: Session, night: date, reason: str | None = None) -> NotHeld:
    """Says that no briefing was held on a night: takes it back with every sign under it, and with
    both what they cost. What else is recorded of the night stays.

    Raises Refused where there is no briefing to take back, where the night's month is closed, or
    where that would take back a charge of whoever signed in.
    """
    with session.change():
        require(session, "roll")
        require_open(night)
        rows = {table._meta.table_name: _rows(table, night) for table in _KEPT}
        if not rows["briefings"]:
            raise refused("night", "no briefing was held on %(night)s", night=night)
        fined = Charge.select(Charge.staff).where(
            Charge.night == night, Charge.source == ROLL, Charge.status == "standing"
        )
        for charge in fined:
            require_not_own(session, charge.staff_no)
        for table in reversed(_KEPT):
            table.delete().where(table.night == night).execute()
        changes = rejudge(session, night, night)
        session.record("briefing.not_held", night=night, before=_told(session, rows), reason=reason)
    return NotHeld(night, rows, changes)


def undo_not_held(session: Session, taken: NotHeld) -> list[Difference]:
    """Puts back the briefing that `not_held` took, and every sign; gives how the ledger changed.
    Raises Refused where a briefing was opened for that night since, or its month was closed."""
    with session.change():
        require(session, "roll")
        night = taken.night
        require_open(night)
        if _rows(Briefing, night):
            raise refused("night", "the briefing was changed meanwhile at another terminal")
        for table in _KEPT:
            rows = taken.rows.get(table._meta.table_name)
            if rows:
                table.insert_many([{**row, **_UNSETTLED.get(table, {})} for row in rows]).execute()
        changes = rejudge(session, night, night)
        session.record("briefing.held", night=night, after=_told(session, taken.rows))
    return changes


def _rows(table: type[BaseModel], night: date) -> list[Row]:
    fields = table._meta.sorted_fields
    of_night = table._meta.fields["night"] == night
    rows: Any = table.select(*fields).where(of_night).tuples()
    return [
        {field.object_id_name if isinstance(field, ForeignKeyField) else field.name: value
         for field, value in zip(fields, row, strict=True)}
        for row in rows
    ]  # fmt: skip


def _told(session: Session, rows: dict[str, list[Row]]) -> dict[str, object]:
    """What was taken back as the audit trail tells it."""
    [briefing] = rows["briefings"]
    signs = {
        str(row["staff_no"]): {
            name: session.calendar.format(at) for name, at in row.items() if isinstance(at, int)
        }
        for row in rows["attendance"]
    }
    return {
        **{
            name: session.calendar.format(value) if name.endswith("_at") and value else value
            for name, value in briefing.items()
            if name not in ("night", "settled")
        },
        "signs": signs,
    }
