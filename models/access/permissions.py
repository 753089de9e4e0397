"""Who may do what. Every function that changes a fact asks here first.

A venue without accounts is open: whoever reaches its database may do everything but what nobody
may do, such as approving their own slip.
"""

from models.access.session import Session
from models.rules.employment import APPROVERS
from models.storage.database import execute
from models.storage.employment import Postings
from models.values.problems import refused

ROLES = ("director", "supervisor", "payroll", "admin", "staff")

ALLOWED: dict[str, frozenset[str]] = {
    permission: frozenset(roles.split())
    for permission, roles in {
        "house": "director supervisor payroll admin",
        "roll": "director",
        "night.close": "director",
        "assignment": "director supervisor",
        "leave.ask": "director supervisor staff",
        "leave.decide": "director supervisor",
        "outing.ask": "director supervisor staff",
        "outing.record": "director supervisor",
        "outing.decide": "director supervisor",
        "booking": "director supervisor",
        "desk": "director supervisor",
        "desk.order": "director supervisor",
        "desk.decide": "director",
        "complaint": "director supervisor",
        "phone": "director supervisor",
        "incident": "director",
        "waive": "director",
        "appeal.raise": "director supervisor staff",
        "notice.see": "staff",
        "appeal.decide": "director payroll",
        "separation": "director",
        "staff": "director admin",
        "wages": "payroll admin",
        "places": "director admin",
        "import": "director admin",
        "export": "director payroll admin",
        "month.close": "payroll",
        "rulebook": "admin",
        "venue": "admin",
        "accounts": "admin",
        "backup": "admin",
        "audit": "director payroll admin",
    }.items()
}
"""Which roles each permission is open to."""


def may(session: Session, permission: str) -> bool:
    """Whether whoever is signed in may do such a permission at all."""
    return session.actor is None or session.actor.role in ALLOWED[permission]


def require(session: Session, permission: str) -> None:
    """Raises Refused unless whoever is signed in may do such a permission."""
    require_account(session)
    if session.actor is not None and session.actor.role not in ALLOWED[permission]:
        raise refused(
            "actor",
            "%(name)s signed in as %(role)s, who may not do this (%(roles)s may)",
            name=session.actor.name,
            role=session.actor.role,
            roles=", ".join(each for each in ROLES if each in ALLOWED[permission]),
        )


def require_account(session: Session) -> None:
    """Raises Refused unless whoever is signed in may still do so at all. Accounts change at
    other terminals while this one is open: the first one may have been made since, and the one that
    signed in here may have been disabled."""
    row = execute(*session.account).fetchone()
    if session.actor is None:
        if row is not None:
            raise refused("actor", "this venue has accounts now: sign in first")
        return
    name, role, staff_no = session.actor.name, session.actor.role, session.actor.staff_no
    if row is None or row[0] or (row[1], row[2]) != (role, staff_no):
        raise refused(
            "actor", "the account %(name)s was changed meanwhile: sign in again", name=name
        )


def acting(session: Session, by: str | None) -> str:
    """The staffer in whose name something is decided: `by`, or whoever signed in.

    Raises Refused where that is nobody, or where someone signed in acts in another's name.
    """
    if session.actor is not None:
        if session.actor.staff_no is None:
            raise refused(
                "by", "the account %(name)s belongs to no staffer", name=session.actor.name
            )
        if by not in (None, session.actor.staff_no):
            raise refused("by", "%(name)s can't act in another's name", name=session.actor.name)
        return session.actor.staff_no
    if not by:
        raise refused("by", "say who decides: a staff number")
    return by


def require_superior(session: Session, by: str | None, staff_no: str) -> str:
    """The staffer who decides on a slip or leave of `staff_no`'s.

    Raises Refused unless they are the direct supervisor or a director tonight, and someone else.
    """
    decider = acting(session, by)
    if decider == staff_no:
        raise refused("by", "nobody approves or rejects their own")
    postings = Postings(decider, staff_no).on(session.tonight())
    if decider not in postings:
        raise refused("by", "there is no staffer %(staff_no)s", staff_no=decider)
    position = postings[decider].position
    superior = postings[staff_no].supervisor_no if staff_no in postings else None
    direct = superior == decider and position in APPROVERS
    if position != "director" and not direct:
        raise refused(
            "by",
            "only the direct supervisor (%(superior)s) or a director decides this",
            superior=superior or "-",
        )
    return decider


def require_other(session: Session, by: str | None, staff_no: str) -> str:
    """The staffer who raises or waives something of `staff_no`'s: anyone but themselves."""
    doer = acting(session, by)
    if doer == staff_no:
        raise refused("by", "nobody raises, waives or decides anything of their own")
    if execute("SELECT 1 FROM staff WHERE staff_no = ?", (doer,)).fetchone() is None:
        raise refused("by", "there is no staffer %(staff_no)s", staff_no=doer)
    return doer


def require_not_own(session: Session, staff_no: str) -> None:
    """Raises Refused where whoever signed in would take back what was decided on themselves."""
    if session.actor is not None and session.actor.staff_no == staff_no:
        raise refused("by", "nobody raises, waives or decides anything of their own")
