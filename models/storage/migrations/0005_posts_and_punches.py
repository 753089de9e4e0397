"""Who was put where for a night, and what punch clocks tell: a frozen copy of those tables."""

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
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


def staffer(**options: Any) -> Any:
    return ForeignKeyField(Staff, column_name="staff_no", object_id_name="staff_no", **options)


class Post(Table):
    night = TextField()
    staff = staffer(index=True)
    duty = TextField(null=True)
    area = TextField(null=True)

    class Meta:
        table_name = "posts"
        primary_key = CompositeKey("night", "staff")


class Punch(Table):
    clock = TextField()
    number = TextField()
    told_at = TextField(index=True)
    note = TextField(null=True)
    batch = IntegerField(index=True)

    class Meta:
        table_name = "punches"
        primary_key = CompositeKey("clock", "number", "told_at")


class ClockNumber(Table):
    clock = TextField()
    number = TextField()
    shown = TextField()
    name = TextField(null=True)
    staff = staffer(index=True, null=True)
    ignored = BooleanField(default=False)

    class Meta:
        table_name = "clock_numbers"
        primary_key = CompositeKey("clock", "number")


class ClockOffset(Table):
    clock = TextField()
    since = TextField()
    seconds = IntegerField()

    class Meta:
        table_name = "clock_offsets"
        primary_key = CompositeKey("clock", "since")


class PunchArrival(Table):
    night = TextField()
    staff = staffer(index=False)
    arrived_at = BigIntegerField()
    batch = IntegerField(index=True)

    class Meta:
        table_name = "punch_arrivals"
        primary_key = CompositeKey("night", "staff")


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    db.create_tables((Post, Punch, ClockNumber, ClockOffset, PunchArrival), safe=False)
