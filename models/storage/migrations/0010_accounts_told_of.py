"""What finds at once whether the trail ever told of an account."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("CREATE INDEX accounts_made ON audit (seq) WHERE action = 'account.made'")
