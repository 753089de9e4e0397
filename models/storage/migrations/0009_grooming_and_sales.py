"""How somebody looked as the night began, and what was decided of sales of closed months: a frozen
copy of those tables."""

from typing import Any

from peewee import (
    BigAutoField,
    BigIntegerField,
    BooleanField,
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


class Grooming(Table):
    night = TextField()
    staff = ForeignKeyField(Staff, column_name="staff_no", object_id_name="staff_no", index=True)
    groomed = BooleanField()
    badge = BooleanField()
    checker = ForeignKeyField(
        Staff, column_name="checked_by", object_id_name="checked_by", backref="+", index=False,
        null=True,
    )  # fmt: skip
    note = TextField(null=True)

    class Meta:
        table_name = "grooming"
        primary_key = CompositeKey("night", "staff")


class SaleAdjustment(Table):
    id = BigAutoField()
    month = TextField(index=True)
    staff = ForeignKeyField(
        Staff, column_name="staff_no", object_id_name="staff_no", index=True, null=True
    )
    corrects = TextField()
    deal_no = TextField(index=True)
    amount = BigIntegerField()
    reason = TextField()
    made_at = BigIntegerField()

    class Meta:
        table_name = "sale_adjustments"


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    db.create_tables((Grooming, SaleAdjustment), safe=False)
