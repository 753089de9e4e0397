"""Judging the nights that have ended since they were last judged."""

from datetime import date

from models.access.session import Session
from models.storage.database import Read, execute

# The clock may be set back into a night that was settled: then it is open again.
# Each half by its own index, so that the nights that were settled long ago are not looked at.
_UNSETTLED = (
    "SELECT min(night), max(night) FROM ("
    "SELECT night FROM briefings WHERE settled = FALSE AND night < ?"
    " UNION ALL SELECT night FROM briefings WHERE settled AND night >= ?) AS u"
)


def unsettled_read(session: Session) -> Read:
    """What `settle` reads where there is nothing to do."""
    return _UNSETTLED, (session.tonight().isoformat(),) * 2


def settle(session: Session) -> None:
    """Judges the nights that have ended since they were last judged, so that whoever gave no sign
    in them is absent. To be called before charges are read; cheap when there is nothing to do."""
    if execute(*unsettled_read(session)).fetchone()[0] is None:
        return
    with session.change():
        first, last = execute(*unsettled_read(session)).fetchone()
        if first is None:
            return
        from models.ledger.ledger import rejudge  # which what is settled doesn't wait for

        found = rejudge(session, date.fromisoformat(first), date.fromisoformat(last))
        session.record(
            "nights.settled", after={"first": first, "last": last, "charges": len(found)}
        )
