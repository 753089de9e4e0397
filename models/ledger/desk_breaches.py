"""What the guest desk's facts give of themselves: breaches that a rulebook may charge."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from models.access.session import Session
from models.ledger.credits import rules_of, sales_facts
from models.ledger.guest_facts import CONTACTS, VISITS, in_parts, night_of, read_contact, read_visit
from models.ledger.presence import presence_on
from models.rules.charges import Basis
from models.rules.guests.ownership import Circumstances
from models.rules.guests.register import phone_key
from models.rules.judgement import DeskBreach
from models.rules.rulebook import Origin, Rulebook
from models.storage.database import execute
from models.storage.employment import staffers

Breaches = dict[date, list[DeskBreach]]

_ASKED = ("asked_been", "asked_for_whom", "asked_appointment")


def desk_breaches(
    session: Session,
    first: date,
    last: date,
    staff_no: str | None = None,
    book: Rulebook | None = None,
) -> Breaches:
    """What the desk's facts of the nights from `first` to `last` give, by night; of one staffer,
    or of all. `book` is looked at in place of the rulebooks that were in force. Where none of them
    charges anything by itself, nothing is looked for."""
    books = [book] if book is not None else session.versions.between(first, last)
    codes = {r.code for book in books for r in book.rules if Origin.DESK in r.origins}
    if not codes:
        return {}
    found: Breaches = defaultdict(list)
    span = (first.isoformat(), last.isoformat())
    if codes & {"unregistered_visit", "unmatched_phone"}:
        _sales(session, first, last, found)
    if "unasked_visitor" in codes:
        _unasked(span, found)
    if "taken_client" in codes:
        _taken(session, span, found)
    for row in execute(
        f"{CONTACTS} WHERE night BETWEEN ? AND ? AND void IS NOT NULL", span
    ).fetchall():
        contact = read_contact(row)
        if contact.void in codes:
            source = f"contact:{contact.contact_no}"
            basis = ("desk_contact", contact.at, contact.guest_no)
            breach = DeskBreach(contact.staff_no, contact.void or "", source, basis)
            found[contact.night].append(breach)
    if staff_no is None:
        return dict(found)
    mine = {
        night: [each for each in breaches if each.staff_no == staff_no]
        for night, breaches in found.items()
    }
    return {night: breaches for night, breaches in mine.items() if breaches}


def _sales(session: Session, first: date, last: date, found: Breaches) -> None:
    """Sales of clients who never came through the register, and those whose number isn't the
    register's, without a note before the shift's end that it is the same person."""
    deals, around_of = sales_facts(session, first, last)
    for deal in deals:
        if deal.closer_no is None:
            continue
        known = around_of(deal)
        source = f"deal:{deal.deal_no}"
        it = Circumstances.of_sale(deal, known, rules_of(session, deal.night))
        if not it.registered:
            basis = ("desk_unregistered", deal.guest_no)
            breach = DeskBreach(deal.closer_no, "unregistered_visit", source, basis)
            found[deal.night].append(breach)
        guest = known.guests.get(deal.guest_no or "")
        given, registered = phone_key(deal.phone), phone_key(guest.phone if guest else None)
        if given is None or registered is None or given == registered:
            continue
        ends = session.calendar.at(deal.night, session.book(deal.night).shift_end)
        noted = deal.same_person_note_at
        if noted is None or noted > ends:
            phone: Basis = ("desk_phone", deal.guest_no, ends)
            breach = DeskBreach(deal.closer_no, "unmatched_phone", source, phone)
            found[deal.night].append(breach)


def _unasked(span: tuple[str, str], found: Breaches) -> None:
    """Guests who weren't asked what whoever receives them must ask: only where it is said so."""
    unasked = " OR ".join(f"NOT {column}" for column in _ASKED)
    rows = execute(f"{VISITS} WHERE night BETWEEN ? AND ? AND ({unasked})", span).fetchall()
    receivers = _receivers([row[0] for row in rows])
    for row in rows:
        visit = read_visit(row)
        receiver = visit.received_by or receivers.get(visit.visit_no)
        if receiver is not None:
            basis = ("desk_unasked", visit.at)
            breach = DeskBreach(receiver, "unasked_visitor", f"visit:{visit.visit_no}", basis)
            found[visit.night].append(breach)


def _taken(session: Session, span: tuple[str, str], found: Breaches) -> None:
    """Guests who named somebody who was free, and whom somebody else took by turn."""
    rows = execute(
        "SELECT turn_no, night, at, visit_no, staff_no FROM turns WHERE night BETWEEN ? AND ?"
        " AND how IN ('turn', 'made_up') AND staff_no IS NOT NULL AND visit_no IS NOT NULL",
        span,
    ).fetchall()
    visits = {
        row[0]: read_visit(row)
        for row in in_parts(
            f"{VISITS} WHERE asked_for IS NOT NULL AND visit_no IN", [r[3] for r in rows]
        )
    }
    if not visits:
        return
    presence = presence_on(session, sorted({night_of(row[1]) for row in rows}), staffers())
    for turn_no, of, at, visit_no, staff_no in rows:
        visit, night = visits.get(visit_no), night_of(of)
        naming = visit.naming if visit is not None else None
        if naming is None or naming[1] == staff_no:
            continue
        there = presence(naming[1], night)._replace(suspended=False)
        if there.why_away(at, visit_no) is None:
            basis = ("desk_taken", at, naming[1])
            found[night].append(DeskBreach(staff_no, "taken_client", f"turn:{turn_no}", basis))


def _receivers(visit_nos: Sequence[str]) -> dict[str, str]:
    sql = "SELECT visit_no, staff_no FROM turns WHERE staff_no IS NOT NULL AND visit_no IN"
    return dict(in_parts(sql, visit_nos))
