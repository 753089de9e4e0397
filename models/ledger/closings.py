"""Which months are closed."""

from datetime import date
from typing import NamedTuple

from models.storage.database import execute
from models.values.nights import Instant, Month, month_of
from models.values.problems import refused


class Closing(NamedTuple):
    """A month that is closed: when, the SHA-256 of what was frozen, and the head of the audit
    trail at that time."""

    month: Month
    closed_at: Instant
    digest: str
    audit_head: str


def closings() -> list[Closing]:
    """The closed months in order."""
    rows = execute("SELECT month, closed_at, digest, audit_head FROM closed_months ORDER BY month")
    return [Closing(*row) for row in rows.fetchall()]


def first_closed() -> Month | None:
    month: Month | None = execute("SELECT min(month) FROM closed_months").fetchone()[0]
    return month


def last_closed() -> Month | None:
    month: Month | None = execute("SELECT max(month) FROM closed_months").fetchone()[0]
    return month


def require_open(night: date) -> None:
    """Raises Refused where the night's month is closed."""
    closed = last_closed()
    if closed is not None and month_of(night) <= closed:
        raise refused(
            "night",
            "%(month)s is closed: what was recorded in it is corrected by import --reason",
            month=month_of(night),
        )
