"""What a terminal proved is proved by its digest, and can't be used to hide anything."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from models.access.session import Session
from models.operations import bookings, briefings, places, roll, staff
from models.payroll import months
from models.payroll.verification import Verification, verify
from models.storage import audit, proof_record, trail_proof, witness
from models.storage.database import database, execute
from tests.built_once import built_once
from tests.conftest import Clock

NIGHT = date(2026, 9, 2)


@built_once
def build(session: Session, clock: Clock) -> None:
    hired = date(2026, 1, 1)
    staff.add(session, "D1", staff.Details("D1", "director", hired, 870_000, None, None))
    for number in ("A1", "A2"):
        staff.add(session, number, staff.Details(number, "staff", hired, 870_000, None, "D1"))
    places.add_place(session, "V1", "room")
    places.add_place(session, "V2", "room")
    with session.change():
        briefings.open_briefing(session, NIGHT, "D1")
    roll.mark(session, "A1")
    clock.set("2026-09-02T20:00")
    roll.mark(session, "A2")
    briefings.close(session)
    booked = bookings.book(session, NIGHT, "V1", "A1", guest_name="李", guest_phone="13912345678")
    bookings.book(session, date(2026, 10, 5), "V2", "A1", guest_name="李")
    with session.change():
        execute(
            "INSERT INTO leave (leave_no, staff_no, kind, first_night, last_night, filed_at, status)"
            " VALUES ('L1', 'A1', 'rest', '2026-09-20', '2026-09-20', ?, 'withdrawn')",
            (session.now(),),
        )
    bookings.arrived(session, booked)
    bookings.left(session, booked, 188_000)
    clock.set("2026-10-02T19:25")
    months.close(session, "2026-09")
    with session.change():
        briefings.open_briefing(session, date(2026, 10, 2), "D1")
    roll.mark(session, "A1")


@pytest.fixture
def house(session: Session, clock: Clock) -> Session:
    """A venue with a closed month, proved at this terminal, and a night of the next."""
    build(session, clock)
    assert proved_before(session) is None
    assert proved_before(session) == "2026-09"
    return session


def proved_before(session: Session, anew: bool = False) -> str | None:
    found = verify(session, anew=anew)
    assert not found.problems, list(map(str, found.problems))
    return found.proved_before


def said(found: Verification) -> str:
    return "\n".join(map(str, found.problems))


def test_what_was_proved_is_not_replayed(house: Session) -> None:
    known = proof_record.known()
    assert known is not None
    assert known.seq == audit.head()[0]
    carried = execute("SELECT seq FROM audit WHERE changes IS NOT NULL ORDER BY seq").fetchall()
    assert set(known.live) < {seq for (seq,) in carried}
    assert trail_proof.differing(database.obj, known) == {}
    assert proved_before(house, anew=True) is None


def test_what_came_since_is_proved(house: Session, clock: Clock) -> None:
    roll.mark(house, "A2")
    staff.set_wage(house, "A1", date(2026, 10, 2), 900_000)
    assert proved_before(house) == "2026-09"
    execute("UPDATE attendance SET arrived_at = arrived_at - 60 WHERE night > '2026-10'")
    assert "attendance 2026-10-02 A1: the database holds" in said(verify(house))


TAMPERINGS: dict[str, str] = {
    "a fact of the closed month": "UPDATE attendance SET arrived_at = 1 WHERE night < '2026-10'",
    "one taken away": "DELETE FROM attendance WHERE night < '2026-10'",
    "one put in": "INSERT INTO attendance (night, staff_no) VALUES ('2026-09-02', 'D1')",
    "one moved into it": "UPDATE bookings SET night = '2026-09-03' WHERE night > '2026-10'",
    "one moved out of it": "UPDATE bookings SET night = '2026-10-03' WHERE night < '2026-10'",
    "a charge of it": "UPDATE charges SET amount = 1 WHERE night < '2026-10'",
    "a charge taken away": "DELETE FROM charges",
    "a leave of it": "UPDATE leave SET status = 'requested'",
    "what its fines came to": "UPDATE closed_fines SET amount = 1",
    "a month that is put in": "INSERT INTO closed_months SELECT '2026-08', closed_at, content,"
    " digest, audit_head FROM closed_months",
    "what was frozen": "UPDATE closed_months SET content = content || ' '",
    "a wage": "UPDATE staff SET monthly_wage = 1",
    "a line's author": "UPDATE audit SET who = 'x' WHERE seq = 3",
    "what a line tells": "UPDATE audit SET changes = NULL WHERE seq = 7",
    "how a line is found": "INSERT INTO audit_touched (kind, value, seq) VALUES ('staff', 'x', 3)",
    "a fact of the open month": "UPDATE bookings SET place = 'V1' WHERE night > '2026-10'",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_whatever_is_changed_shows_all_the_same(house: Session, what: str) -> None:
    before = execute(TAMPERINGS[what]).rowcount
    assert before
    by_digest = verify(house)
    assert by_digest.problems
    assert said(by_digest) == said(verify(house, anew=True))


def test_a_correction_of_the_closed_month_has_it_proved_anew(house: Session) -> None:
    with house.change():
        execute("UPDATE briefings SET assignment = 'x' WHERE night = ?", (NIGHT.isoformat(),))
        house.record("briefing.changed", night=NIGHT)
    assert proved_before(house) is None
    assert proved_before(house) == "2026-09"


def test_a_correction_that_is_taken_back_in_the_database_shows(house: Session) -> None:
    """The rows have the digest again that was kept; a line since says that they may not."""
    row = execute("SELECT assignment FROM briefings WHERE night = ?", (NIGHT.isoformat(),))
    assert row.fetchone() == (None,)
    with house.change():
        execute("UPDATE briefings SET assignment = 'x' WHERE night = ?", (NIGHT.isoformat(),))
        house.record("briefing.changed", night=NIGHT)
    execute("UPDATE briefings SET assignment = NULL WHERE night = ?", (NIGHT.isoformat(),))
    assert proof_record.known() is not None
    assert "briefings 2026-09-02: the database holds assignment -" in said(verify(house))


FORGERIES: dict[str, Callable[[dict[str, object]], None]] = {
    "another digest": lambda kept: kept["record"].__setitem__(4, "0" * 64),  # type: ignore[attr-defined]
    "another line": lambda kept: kept["record"].__setitem__(0, 3),  # type: ignore[attr-defined]
    "another month": lambda kept: kept["record"].__setitem__(2, "2026-10"),  # type: ignore[attr-defined]
    "no month": lambda kept: kept["record"].__setitem__(2, "x"),  # type: ignore[attr-defined]
    "no lines": lambda kept: kept["record"].__setitem__(3, ["x"]),  # type: ignore[attr-defined]
    "nothing": lambda kept: kept.clear(),
}


@pytest.mark.parametrize("how", FORGERIES)
def test_a_spoiled_record_proves_nothing(house: Session, how: str) -> None:
    kept = witness.kept("proved.json")
    FORGERIES[how](kept)
    witness.keep("proved.json", kept)
    assert proof_record.known() is None
    assert proved_before(house) is None


def test_a_record_is_sealed_where_there_is_a_key(house: Session) -> None:
    witness.make_key()
    assert proof_record.known() is None  # it was made without the key
    assert proved_before(house) is None
    assert proved_before(house) == "2026-09"
    kept = witness.kept("proved.json")
    record = proof_record.Proved(*kept["record"])
    assert kept["seal"] == witness.seal(json.dumps(record))
    witness.keep("proved.json", {**kept, "seal": None})
    assert proved_before(house) is None


def test_what_was_proved_elsewhere_is_proved_here(
    house: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    """Another terminal relies on nobody's word."""
    monkeypatch.setenv("XDG_STATE_HOME", f"{tmp_path}/another")
    assert proved_before(house) is None
