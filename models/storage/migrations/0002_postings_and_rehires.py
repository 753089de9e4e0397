"""Postings and rehires: a frozen copy of those tables. And rolls that nobody ended: nobody is
absent from one any more, but a month that was closed had taken them for ended."""

from typing import Any

from peewee import (
    BooleanField,
    Check,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    Model,
    TextField,
)

database = DatabaseProxy()


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Staff(Table):
    staff_no = TextField(primary_key=True)

    class Meta:
        table_name = "staff"


def staffer(column: str = "staff_no", **options: Any) -> Any:
    return ForeignKeyField(
        Staff, column_name=column, object_id_name=column, backref="+", index=False, **options
    )


class Posting(Table):
    staff = staffer()
    effective_from = TextField()
    team = TextField(null=True)
    supervisor = staffer("supervisor_no", null=True)
    position = TextField(
        constraints=[Check("position IN ('staff', 'supervisor', 'director', 'payroll')")]
    )
    on_roll = BooleanField(null=True)

    class Meta:
        table_name = "postings"
        primary_key = CompositeKey("staff", "effective_from")
        constraints = (Check("supervisor_no IS NULL OR supervisor_no <> staff_no"),)


class Rehire(Table):
    staff = staffer()
    hired_on = TextField()
    left_on = TextField(null=True)

    class Meta:
        table_name = "rehires"
        primary_key = CompositeKey("staff", "hired_on")
        constraints = (Check("left_on IS NULL OR left_on >= hired_on"),)


_OPEN = "closed_at IS NULL AND night_closed IS NOT TRUE"
_STATEMENTS = (
    f"UPDATE briefings SET night_closed = TRUE WHERE {_OPEN}"
    " AND substr(night, 1, 7) <= (SELECT max(month) FROM closed_months)",
    f"UPDATE briefings SET settled = FALSE WHERE {_OPEN}",
)


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    db.create_tables((Posting, Rehire), safe=False)
    for statement in _STATEMENTS:
        db.execute_sql(statement)
