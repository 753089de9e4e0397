"""Sales that are no bookings: cards and contracts, and the form by which two staffers and their
superiors change whose name stands on one."""

from datetime import date
from fractions import Fraction

from models.access.permissions import require
from models.access.scope import require_theirs
from models.access.session import Session
from models.guests.fact_writer import Fact, known, remove, write
from models.ledger.credits import Sale, require_readable_sale, rules_of, sale
from models.payroll.sale_corrections import correct_sales
from models.rules.guests.validation import format_shares
from models.storage.employment import Postings
from models.storage.numbering import next_number
from models.values.nights import month_of
from models.values.problems import Problem, Refused, problem, refused


def sell(
    session: Session,
    closer_no: str,
    guest_no: str | None,
    amount: int,
    *,
    user_no: str | None = None,
    kind: str = "new",
    buyers: int = 1,
    phone: str | None = None,
) -> str:
    """Records a sale of just now (`amount` in cents), and gives its number."""
    with session.change():
        require_theirs(session, "desk", closer_no)
        night = session.tonight()
        deal_no = next_number("deals", "deal_no", "D", night)
        write(
            session,
            "deals",
            {
                "deal_no": deal_no,
                "night": night,
                "at": session.now(),
                "closer_no": closer_no,
                "guest_no": guest_no or None,
                "user_no": user_no or None,
                "kind": kind,
                "buyers": buyers,
                "phone": phone or None,
                "amount": amount,
            },
            "deal.sold",
            night=night,
            staff_no=closer_no,
        )
    return deal_no


def note_same_person(session: Session, deal_no: str) -> Fact:
    """It is noted that the sale's number and the register's are one person's; gives the sale as it
    was, for `put_back`."""
    with session.change():
        require(session, "desk")
        require_readable_sale(session, sale(session, deal_no))
        held = known("deals", deal_no)
        noted = {**held, "same_person_note_at": session.now()}
        return write(session, "deals", noted, "deal.noted", night=held["night"])


def put_back(session: Session, before: Fact) -> None:
    """Undoes a change of a sale."""
    with session.change():
        require(session, "desk")
        require_readable_sale(session, sale(session, before["deal_no"]))
        write(session, "deals", before, "deal.put_back", night=before["night"])


def withdraw(session: Session, deal_no: str) -> None:
    """Takes a sale away that was recorded by mistake; undoes `sell`. Raises Refused where somebody
    claims it."""
    with session.change():
        require(session, "desk")
        held = sale(session, deal_no)
        require_readable_sale(session, held)
        if held.claims or held.credit.decision is not None:
            raise refused("deal_no", "it is claimed or decided: take that back first")
        remove(session, "deals", (deal_no,), "deal.withdrawn", night=held.deal.night)


SIGNERS = ("closer", "other", "other's supervisor", "director")


def change_closer(
    session: Session, deal_no: str, other_no: str, signed_by: tuple[str, ...]
) -> Fact:
    """The name on a sale is changed to another's by the form that the rulebook asks four signatures
    for: whoever closed it, the other, the other's supervisor, and a director. Gives what was
    decided before, for `claims.undecide`.

    Raises Refused in the month's last days for a sale of an earlier day, in another month, where
    the rulebook knows no such form, and for signatures that are missing.
    """
    with session.change():
        require(session, "desk.decide")
        held = sale(session, deal_no)
        director = _check(session, held, other_no, signed_by)
        before = write(
            session,
            "credit_decisions",
            {
                "deal_no": deal_no,
                "shares": format_shares({other_no: Fraction(1)}),
                "reason": " ".join(signed_by),
                "decided_by": director,
                "agreed_by": " ".join(dict.fromkeys(signed_by)),
            },
            "credit.changed_by_form",
            night=held.deal.night,
            staff_no=other_no,
        )
        correct_sales(session, [deal_no], None)
        return before


def form_is_late(session: Session, night: date) -> Problem | None:
    """Why a sale of that night can't be changed by the form tonight, or None."""
    rules, tonight = rules_of(session, night), session.tonight()
    if not rules.month_end.change_signed_by:
        return problem("deal_no", "the rulebook knows no form that changes whose a sale is")
    if month_of(tonight) != month_of(night):
        return problem("deal_no", "in another month the form changes nothing any more")
    if tonight != night and rules.month_end.is_near(tonight):
        return problem(
            "deal_no", "in the month's last %(days)s days only the day's own sales are changed",
            days=rules.month_end.last_days,
        )  # fmt: skip
    return None


def _check(session: Session, held: Sale, other_no: str, signed_by: tuple[str, ...]) -> str:
    """The director among those who signed."""
    if (late := form_is_late(session, held.deal.night)) is not None:
        raise Refused(late)
    wanted = rules_of(session, held.deal.night).month_end.change_signed_by
    tonight = session.tonight()
    postings = Postings(*signed_by, other_no).on(tonight)
    problems = []
    above = postings[other_no].supervisor_no if other_no in postings else None
    who = {
        "closer": held.deal.closer_no,
        "other": other_no,
        "other's supervisor": above,
    }
    for part, staff_no in who.items():
        if part in wanted and (staff_no is None or staff_no not in signed_by):
            problems.append(
                problem("signed_by", "the signature of %(who)s is missing", who=staff_no or part)
            )
    involved = {held.deal.closer_no, other_no}
    directors = [
        each
        for each in signed_by
        if each in postings and postings[each].position == "director" and each not in involved
    ]
    if not directors:
        problems.append(problem("signed_by", "a director must sign, and not one whose sale it is"))
    if problems:
        raise Refused(*problems)
    return directors[-1]
