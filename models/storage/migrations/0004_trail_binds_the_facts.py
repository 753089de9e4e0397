"""The audit trail carries the rows that each change wrote, and is found by whom they are about;
accounts of staffers, recovery codes, and notices that were seen."""

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

database = DatabaseProxy()
ROLES = "role IN ('director', 'supervisor', 'payroll', 'admin', 'staff')"


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Staff(Table):
    staff_no = TextField(primary_key=True)

    class Meta:
        table_name = "staff"


class Account(Table):
    name = TextField(primary_key=True)
    role = TextField(constraints=[Check(ROLES)])
    staff = ForeignKeyField(
        Staff, null=True, unique=True, column_name="staff_no", object_id_name="staff_no"
    )
    secret = TextField()
    recovery = TextField(null=True)
    made_at = BigIntegerField()
    disabled = BooleanField(default=False)
    failures = IntegerField(default=0)
    locked_until = BigIntegerField(null=True)

    class Meta:
        table_name = "accounts"


class SignInFailure(Table):
    account = TextField()
    terminal = TextField()
    failures = IntegerField()
    locked_until = BigIntegerField(null=True)

    class Meta:
        table_name = "sign_in_failures"
        primary_key = CompositeKey("account", "terminal")


class NoticeSeen(Table):
    staff = ForeignKeyField(
        Staff, column_name="staff_no", object_id_name="staff_no", index=False, backref="+"
    )
    night = TextField()
    rule = TextField()
    source = TextField()
    amount = BigIntegerField()
    seen_at = BigIntegerField()

    class Meta:
        table_name = "notices_seen"
        primary_key = CompositeKey("staff", "night", "rule", "source")


class AuditTouched(Table):
    kind = TextField(constraints=[Check("kind IN ('staff', 'night')")])
    value = TextField()
    seq = BigIntegerField()

    class Meta:
        table_name = "audit_touched"
        primary_key = CompositeKey("kind", "value", "seq")
        without_rowid = True


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    sqlite = isinstance(db, SqliteDatabase)
    db.execute_sql("ALTER TABLE audit RENAME COLUMN deed TO action")
    db.execute_sql(f"ALTER TABLE audit ADD COLUMN changes {'BLOB' if sqlite else 'BYTEA'}")
    AuditTouched._meta.without_rowid = sqlite
    db.create_tables((AuditTouched, SignInFailure, NoticeSeen), safe=False)
    if sqlite:  # which changes no constraint of a table that is there
        db.execute_sql("ALTER TABLE accounts RENAME TO accounts_before")
        db.execute_sql("DROP INDEX accounts_staff_no")
        db.create_tables((Account,), safe=False)
        columns = "name, role, staff_no, secret, made_at, disabled, failures, locked_until"
        db.execute_sql(f"INSERT INTO accounts ({columns}) SELECT {columns} FROM accounts_before")
        db.execute_sql("DROP TABLE accounts_before")
    else:
        db.execute_sql("ALTER TABLE accounts ADD COLUMN recovery TEXT")
        db.execute_sql("ALTER TABLE accounts DROP CONSTRAINT accounts_role_check")
        db.execute_sql(f"ALTER TABLE accounts ADD CONSTRAINT accounts_role_check CHECK ({ROLES})")
