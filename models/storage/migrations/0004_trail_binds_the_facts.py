"""The audit trail carries the rows that each change wrote, and is found by whom they are about."""

from typing import Any

from peewee import (
    BigIntegerField,
    Check,
    CompositeKey,
    DatabaseProxy,
    Model,
    SqliteDatabase,
    TextField,
)

database = DatabaseProxy()


class AuditTouched(Model):
    kind = TextField(constraints=[Check("kind IN ('staff', 'night')")])
    value = TextField()
    seq = BigIntegerField()

    class Meta:
        database = database
        table_name = "audit_touched"
        primary_key = CompositeKey("kind", "value", "seq")
        without_rowid = True


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    db.execute_sql("ALTER TABLE audit RENAME COLUMN deed TO action")
    bytes_type = "BLOB" if isinstance(db, SqliteDatabase) else "BYTEA"
    db.execute_sql(f"ALTER TABLE audit ADD COLUMN changes {bytes_type}")
    AuditTouched._meta.without_rowid = isinstance(db, SqliteDatabase)
    db.create_tables((AuditTouched,), safe=False)
