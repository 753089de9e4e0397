"""What finds at once which months the trail says were closed."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("CREATE INDEX months_closed ON audit (seq) WHERE action = 'month.closed'")
