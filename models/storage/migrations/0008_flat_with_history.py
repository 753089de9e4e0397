"""What keeps long histories from being read again: what each closed month's fines came to, and
indexes for what is looked for among all months."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from peewee import SqliteDatabase

_TABLE = (
    "CREATE TABLE closed_fines (month TEXT NOT NULL,"
    " rule TEXT NOT NULL, status TEXT NOT NULL CHECK (status IN ('standing', 'waived')),"
    " number BIGINT NOT NULL, amount BIGINT NOT NULL, PRIMARY KEY (month, rule, status))"
)
_STATEMENTS = (
    "CREATE INDEX closings_without_content ON closed_months (month, closed_at, digest, audit_head)",
    # All that sums of charges are made of, so that they are not looked up one by one.
    "DROP INDEX IF EXISTS charges_night",
    "CREATE INDEX charges_of_nights ON charges (night, staff_no, rule, source, status, amount)",
    # Most leave asked for is past: the nights that it lasts to are the narrower way to it.
    "DROP INDEX IF EXISTS leave_first_night",
    "CREATE INDEX leave_last_night ON leave (last_night)",
    "CREATE INDEX leave_requested ON leave (leave_no) WHERE status = 'requested'",
    "CREATE INDEX undecided_appeals ON appeals (id) WHERE decision IS NULL",
)


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(f"{_TABLE} WITHOUT ROWID" if isinstance(db, SqliteDatabase) else _TABLE)
    hole = "?" if isinstance(db, SqliteDatabase) else "%s"
    for month, content in db.execute_sql("SELECT month, content FROM closed_months").fetchall():
        number: Counter[tuple[str, str]] = Counter()
        cents: Counter[tuple[str, str]] = Counter()
        for row in json.loads(content)["charges"]:
            key = (row[4], row[8])
            number[key] += 1
            cents[key] += int(Decimal(row[7]) * 100)
        for key, count in sorted(number.items()):
            db.execute_sql(
                "INSERT INTO closed_fines (month, rule, status, number, amount)"
                f" VALUES ({', '.join([hole] * 5)})",
                (month, *key, count, cents[key]),
            )
    for statement in _STATEMENTS:
        db.execute_sql(statement)
