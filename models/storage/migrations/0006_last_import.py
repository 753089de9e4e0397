"""What the last import replaced, so that it can be taken back as a whole."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(
        "CREATE TABLE last_import (id SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),"
        " seq BIGINT NOT NULL, content TEXT NOT NULL)"
    )
