"""Whom one may read about: whoever signs in as a supervisor sees their own people alone, and as a
staffer themselves alone. What is read by everyone else, or without accounts, is all there is."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from models.access.permissions import require
from models.access.session import Session
from models.storage.employment import Postings
from models.values.problems import refused


class OfStaffer(Protocol):
    @property
    def staff_no(self) -> str: ...


T = TypeVar("T", bound=OfStaffer)


def readable(session: Session) -> frozenset[str] | None:
    """The staff numbers that whoever is signed in may read about; None: everybody's. A supervisor's
    own people are themselves and those who are posted under them tonight."""
    actor = session.actor
    if actor is None or actor.role not in ("supervisor", "staff"):
        return None
    own = frozenset({actor.staff_no} if actor.staff_no is not None else ())
    if actor.role == "staff" or actor.staff_no is None:
        return own
    posted = Postings().on(session.tonight()).items()
    return own | {number for number, posting in posted if posting.supervisor_no == actor.staff_no}


def require_readable(session: Session, staff_no: str) -> None:
    """Raises Refused where whoever is signed in may not read about a staffer."""
    allowed = readable(session)
    if allowed is not None and staff_no not in allowed:
        raise refused(
            "staff_no",
            "%(name)s sees their own people alone, and %(staff_no)s is not among them",
            name=session.actor.name if session.actor is not None else "-",
            staff_no=staff_no,
        )


def require_theirs(session: Session, permission: str, staff_no: str) -> None:
    """Raises Refused unless whoever is signed in may do this for that staffer: a supervisor for
    themselves and their own people, a staffer for themselves."""
    require(session, permission)
    allowed = readable(session)
    if session.actor is None or allowed is None or staff_no in allowed:
        return
    if Postings(staff_no).on(session.tonight()).get(staff_no) is None:
        return  # nobody's: what follows says that there is no such staffer
    raise refused(
        "staff_no",
        "%(name)s signed in as %(role)s, and %(staff_no)s is not of their team",
        name=session.actor.name,
        role=session.actor.role,
        staff_no=staff_no,
    )


def only_readable(session: Session, rows: Iterable[T]) -> list[T]:
    """The rows that are about somebody whom one may read about."""
    allowed = readable(session)
    return [row for row in rows if allowed is None or row.staff_no in allowed]
