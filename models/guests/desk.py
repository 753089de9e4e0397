"""The desk at the door: who is there, whose turn they are, and who can't take a guest just now."""

from datetime import date
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.guests.fact_writer import Fact, known, remove, write
from models.ledger.guest_facts import VISITS, read_visit
from models.ledger.turns import Standing, judged_turns, standing, whose_turn
from models.rules.guests.facts import Visit
from models.rules.guests.register import masked_phone
from models.rules.guests.rotation import Given
from models.storage.database import execute
from models.storage.numbering import next_number
from models.values.nights import Instant
from models.values.problems import refused

AWAY = ("telephone", "duty", "private")


class AtDoor(NamedTuple):
    """A visit of the night: the guest, their number masked, and who has them. `turn_no` is the
    turn by which they were given, `how` how."""

    visit: Visit
    name: str
    phone: str
    turn_no: str | None
    staff_no: str | None
    how: str | None

    @property
    def waits(self) -> bool:
        """Whether nobody has them yet."""
        return self.turn_no is None and self.visit.received_by is None and not self.visit.left_at


class DeskBoard(NamedTuple):
    """The desk as it stands: who waits, who was given, who left, and the order of turns."""

    waiting: tuple[AtDoor, ...]
    given: tuple[AtDoor, ...]
    left: tuple[AtDoor, ...]
    order: Standing


def board(session: Session, night: date) -> DeskBoard:
    """The desk's night as it stands now: the whole house's, which takes turns. Raises Refused for
    staffers."""
    require(session, "house")
    at = min(session.now(), session.calendar.end(night) - 1)
    rows = execute(
        "SELECT v.visit_no, g.name, g.phone, t.turn_no, t.staff_no, t.how FROM visits v"
        " LEFT JOIN guests g ON g.guest_no = v.guest_no"
        " LEFT JOIN turns t ON t.visit_no = v.visit_no WHERE v.night = ?",
        (night.isoformat(),),
    ).fetchall()
    more = {row[0]: row[1:] for row in rows}
    visits = [
        read_visit(row)
        for row in execute(f"{VISITS} WHERE night = ?", (night.isoformat(),)).fetchall()
    ]
    found = [
        AtDoor(visit, name or "", masked_phone(phone), turn_no, visit.received_by or staff_no, how)
        for visit in sorted(visits, key=lambda each: (each.at, each.visit_no))
        for name, phone, turn_no, staff_no, how in [more[visit.visit_no]]
    ]
    return DeskBoard(
        tuple(each for each in found if each.waits),
        tuple(each for each in found if not each.waits and each.visit.left_at is None),
        tuple(each for each in found if each.visit.left_at is not None),
        standing(session, night, at),
    )


def arrive(
    session: Session,
    guest_no: str | None = None,
    *,
    party_no: str | None = None,
    asked_for: str | None = None,
    asked_member: str | None = None,
    voucher_of: str | None = None,
    asked: bool = True,
) -> str:
    """Records who is at the door now, and gives the visit's number. `asked`: the guest was asked
    whether they had been here, whom they came for, and whether they had an appointment."""
    with session.change():
        require(session, "desk")
        night = session.tonight()
        visit_no = next_number("visits", "visit_no", "V", night)
        write(
            session,
            "visits",
            {
                "visit_no": visit_no,
                "night": night,
                "at": session.now(),
                "guest_no": guest_no,
                "party_no": party_no or None,
                "asked_been": asked,
                "asked_for_whom": asked,
                "asked_appointment": asked,
                "asked_for": asked_for or None,
                "asked_member": asked_member or None,
                "asked_before_tour": True if asked_for or asked_member else None,
                "voucher_of": voucher_of or None,
            },
            "visit.arrived",
            night=night,
        )
    return visit_no


def visit(session: Session, visit_no: str) -> Visit:
    """The visit of that number. Raises Refused where there is none, and for staffers."""
    require(session, "house")
    row = execute(f"{VISITS} WHERE visit_no = ?", (visit_no,)).fetchone()
    if row is None:
        raise refused("visit_no", "there is no %(key)s", key=visit_no)
    return read_visit(row)


def visits_before(session: Session, guest_no: str, at: Instant, most: int) -> list[Visit]:
    """A guest's visits before an instant, the latest first and no more than so many. Raises Refused
    for staffers."""
    require(session, "house")
    rows = execute(
        f"{VISITS} WHERE guest_no = ? AND at < ? ORDER BY at DESC LIMIT ?", (guest_no, at, most)
    ).fetchall()
    return [read_visit(row) for row in rows]


def suggested(session: Session, visit_no: str) -> Given:
    """Whose turn a guest who waits is now. Raises Refused for staffers."""
    return whose_turn(session, visit(session, visit_no)._replace(at=session.now()))


def give(session: Session, visit_no: str, staff_no: str | None = None) -> tuple[str, Given]:
    """Gives a guest to whose turn it is, or to `staff_no`; gives the turn's number and who the
    order says. Raises Refused where the guest was given already, or the order names nobody."""
    with session.change():
        require(session, "desk")
        held = visit(session, visit_no)
        if execute("SELECT 1 FROM turns WHERE visit_no = ?", (visit_no,)).fetchone():
            raise refused("visit_no", "this guest was given to somebody already")
        should = whose_turn(session, held._replace(at=session.now()))
        receiver = staff_no or should.staff_no
        if receiver is None and should.how != "office":
            raise refused("staff_no", "nobody's turn it is: choose who receives the guest")
        how = should.how if receiver == should.staff_no else "turn"
        turn_no = next_number("turns", "turn_no", "T", held.night)
        write(
            session,
            "turns",
            {
                "turn_no": turn_no,
                "night": held.night,
                "at": session.now(),
                "visit_no": visit_no,
                "staff_no": receiver,
                "how": how,
            },
            "turn.given",
            night=held.night,
            staff_no=receiver,
        )
    return turn_no, should


class TakenBack(NamedTuple):
    """What was taken back of a visit: itself, its turn, or both."""

    visit: Fact | None
    turn: Fact | None


def take_back(session: Session, turn_no: str) -> TakenBack:
    """Takes a turn back: the guest waits again; also the undoing of `give`."""
    with session.change():
        require(session, "desk")
        night = _night_of("turns", "turn_no", turn_no)
        turn = remove(session, "turns", (turn_no,), "turn.taken_back", night=night)
    return TakenBack(None, turn)


def gone(session: Session, visit_no: str) -> None:
    """The guest of a visit left now."""
    _edit_visit(session, visit_no, "visit.left", left_at=session.now())


def still_here(session: Session, visit_no: str) -> None:
    """Undoes `gone`."""
    _edit_visit(session, visit_no, "visit.still_here", left_at=None)


def asked_for(session: Session, visit_no: str, staff_no: str | None) -> str | None:
    """The guest names a staffer (None: nobody after all), and gives whom they had named."""
    with session.change():
        require(session, "desk")
        before: str | None = known("visits", visit_no)["asked_for"]
        _edit_visit(
            session,
            visit_no,
            "visit.asked_for",
            asked_for=staff_no,
            asked_before_tour=True if staff_no else None,
        )
    return before


def withdraw(session: Session, visit_no: str) -> TakenBack:
    """Takes a visit that was recorded by mistake away, with its turn; undoes `arrive`."""
    with session.change():
        require(session, "desk")
        night = _night_of("visits", "visit_no", visit_no)
        row = execute("SELECT turn_no FROM turns WHERE visit_no = ?", (visit_no,)).fetchone()
        turn = None
        if row is not None:
            turn = remove(session, "turns", (row[0],), "turn.taken_back", night=night)
        visit = remove(session, "visits", (visit_no,), "visit.withdrawn", night=night)
    return TakenBack(visit, turn)


def put_back(session: Session, taken: TakenBack) -> None:
    """Undoes `take_back` and `withdraw`."""
    with session.change():
        require(session, "desk")
        if (visit := taken.visit) is not None:
            write(session, "visits", visit, "visit.arrived", night=visit["night"])
        if (turn := taken.turn) is not None:
            if execute("SELECT 1 FROM turns WHERE visit_no = ?", (turn["visit_no"],)).fetchone():
                raise refused("visit_no", "this guest was given to somebody already")
            who = turn["staff_no"]
            write(session, "turns", turn, "turn.given", night=turn["night"], staff_no=who)


def _edit_visit(session: Session, visit_no: str, action: str, **changes: object) -> None:
    with session.change():
        require(session, "desk")
        fact = known("visits", visit_no)
        write(session, "visits", {**fact, **changes}, action, night=fact["night"])


def _night_of(table: str, column: str, key: str) -> date:
    row = execute(f"SELECT night FROM {table} WHERE {column} = ?", (key,)).fetchone()
    if row is None:
        raise refused(column, "there is no %(key)s", key=key)
    return date.fromisoformat(row[0])


# Who can't take a guest just now


def step_away(session: Session, staff_no: str, reason: str) -> Instant:
    """Somebody is on the telephone, on duty, or privately away, from now on; gives since when.
    Raises Refused where they are away already."""
    with session.change():
        require(session, "desk")
        night, now = session.tonight(), session.now()
        if _away_since(staff_no, night) is not None:
            raise refused("staff_no", "they are away already")
        write(
            session,
            "away",
            {"night": night, "staff_no": staff_no, "from": now, "reason": reason},
            "away.began",
            night=night,
            staff_no=staff_no,
        )
    return now


def is_back(session: Session, staff_no: str) -> Instant:
    """They can take a guest again; gives since when they were away. Raises Refused where they
    aren't."""
    with session.change():
        require(session, "desk")
        night = session.tonight()
        since = _away_since(staff_no, night)
        if since is None:
            raise refused("staff_no", "they are not away")
        fact = known("away", night.isoformat(), staff_no, since)
        write(
            session,
            "away",
            {**fact, "until": session.now()},
            "away.ended",
            night=night,
            staff_no=staff_no,
        )
    return since


def undo_away(session: Session, staff_no: str, since: Instant, *, ended: bool) -> None:
    """Undoes `step_away` (takes it away), or `is_back` (`ended`: they are away still)."""
    with session.change():
        require(session, "desk")
        night = session.calendar.night(since)
        key = (night.isoformat(), staff_no, since)
        if not ended:
            remove(session, "away", key, "away.taken_back", night=night)
            return
        fact = known("away", *key)
        write(
            session, "away", {**fact, "until": None}, "away.began", night=night, staff_no=staff_no
        )


def _away_since(staff_no: str, night: date) -> Instant | None:
    row = execute(
        'SELECT max("from") FROM away WHERE night = ? AND staff_no = ? AND until IS NULL',
        (night.isoformat(), staff_no),
    ).fetchone()
    since: Instant | None = row[0]
    return since


# The order


def order(session: Session, night: date) -> tuple[str, ...]:
    """The order of turns in force on a night. Raises Refused for staffers."""
    require(session, "house")
    rows = execute(
        "SELECT staff_no FROM rotation WHERE from_night ="
        " (SELECT max(from_night) FROM rotation WHERE from_night <= ?) ORDER BY position",
        (night.isoformat(),),
    ).fetchall()
    return tuple(staff_no for (staff_no,) in rows)


def make_order(session: Session, night: date, staff_nos: tuple[str, ...]) -> tuple[str, ...]:
    """Makes the list anew from a night on, and gives the one that began that night before (empty:
    none did). A new list ends what the old one owed."""
    with session.change():
        require(session, "desk.order")
        before = execute(
            "SELECT staff_no FROM rotation WHERE from_night = ? ORDER BY position",
            (night.isoformat(),),
        ).fetchall()
        execute("DELETE FROM rotation WHERE from_night = ?", (night.isoformat(),))
        for position, staff_no in enumerate(staff_nos, 1):
            write(
                session,
                "rotation",
                {"from_night": night, "position": position, "staff_no": staff_no},
                "rotation.made",
                night=night,
                staff_no=staff_no,
            )
    return tuple(staff_no for (staff_no,) in before)


def given_otherwise(session: Session, night: date) -> dict[str, str]:
    """The turns of a night that went to somebody whose turn it wasn't: whose it was, by turn_no
    (`office`: the office's). Raises Refused for staffers."""
    require(session, "house")
    return {
        each.turn.turn_no: each.right or "office"
        for each in judged_turns(session, night, night)
        if not each.is_right
    }
