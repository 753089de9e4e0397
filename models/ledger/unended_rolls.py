"""Rolls that were opened and never ended. Nobody is absent from one until somebody decides, by
closing its briefing or by saying that none was held."""

from datetime import date

from models.access.session import Session
from models.storage.database import execute

_UNENDED = (
    "SELECT night FROM briefings WHERE closed_at IS NULL AND night_closed IS NOT TRUE"
    " AND night < ? AND night BETWEEN ? AND ? ORDER BY night"
)


def unended(session: Session, first: date, last: date) -> list[date]:
    """The nights from `first` to `last` that are over and whose roll nobody ended, in order."""
    span = (session.tonight().isoformat(), first.isoformat(), last.isoformat())
    return [date.fromisoformat(night) for (night,) in execute(_UNENDED, span).fetchall()]
