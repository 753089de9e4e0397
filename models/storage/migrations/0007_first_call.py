"""The first call of a briefing: that it ended, and whose names were passed in it."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    "ALTER TABLE briefings ADD COLUMN first_call_ended_at BIGINT",
    "CREATE TABLE passed_names (night TEXT NOT NULL,"
    " staff_no TEXT NOT NULL REFERENCES staff (staff_no), passed_at BIGINT NOT NULL,"
    " PRIMARY KEY (night, staff_no))",
)


def up(migrator: Any, db: Any) -> None:
    for statement in _STATEMENTS:
        at_once = isinstance(db, SqliteDatabase) and statement.startswith("CREATE")
        db.execute_sql(f"{statement} WITHOUT ROWID" if at_once else statement)
