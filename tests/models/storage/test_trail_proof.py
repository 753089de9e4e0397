"""What the trail says every row became, and what shows where the database holds something else."""

import re
import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pytest

from models.access import accounts
from models.access.session import Session
from models.ledger import waivers
from models.operations import bookings, briefings, incidents, leave, places, roll, staff
from models.operations.venue import adopt
from models.payroll import months
from models.payroll.verification import verify
from models.rules import shipped
from models.storage import audit, trail_proof
from models.storage.change_coding import decode, encode
from models.storage.changes import Change
from models.storage.database import (
    database,
    execute,
    execute_many,
    is_sqlite,
    transaction,
    upsert,
)
from models.storage.tables import BaseModel, Place, Wage
from models.storage.trail_schema import UNBOUND_COLUMNS
from models.values.problems import refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import one

NIGHT = date(2026, 9, 2)


def found(session: Session) -> str:
    return "\n".join(str(each) for each in verify(session).problems)


@pytest.fixture
@built_once
def house(session: Session, clock: Clock) -> Session:
    """A venue with every kind of fact, September closed and corrected afterwards, and accounts."""
    hired = date(2026, 1, 1)
    for staff_no, position, above in (
        ("D1", "director", None), ("S1", "supervisor", "D1"), ("A1", "staff", "S1"),
        ("A2", "staff", "S1"),
    ):  # fmt: skip
        staff.add(session, staff_no, staff.Details(staff_no, position, hired, 870_000, None, above))
    staff.set_wage(session, "A1", date(2026, 9, 1), 900_000)
    places.add_place(session, "V1", "room")
    briefings.open_briefing(session, NIGHT, "D1")
    roll.mark(session, "A1")
    leave.ask(session, "A2", "rest", NIGHT, NIGHT, special_reason="病")
    booked = bookings.book(
        session, NIGHT, "V1", "A1", guest_name="李老板", guest_phone="13912345678"
    )
    clock.set("2026-09-02T20:00")
    briefings.close(session)
    clock.set("2026-09-02T22:00")
    bookings.arrived(session, booked)
    bookings.left(session, booked, 188_000)
    number = incidents.raise_incident(session, "A1", "service_complaint", session.now())
    waivers.waive(session, "A1", NIGHT, "service_complaint", f"incident:{number}", "误会", "D1")
    clock.set("2026-10-02T12:00")
    months.close(session, "2026-09")
    with session.change():
        execute("UPDATE wages SET monthly_wage = 960000 WHERE staff_no = 'A1'")
        session.record("wage.set", staff_no="A1")
        execute("UPDATE waivers SET reason = '误会了' WHERE staff_no = 'A1'")
        execute(
            "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
            " VALUES ('2026-10', 'A1', '2026-09', 0, '更正', 1)"
        )
        session.record("month.corrected", staff_no="A1")
    accounts.add(session, "boss", "admin", "correct horse")
    accounts.sign_in(session, "boss", "correct horse")
    assert found(session) == ""
    return session


TAMPERINGS = {
    "an attendance moved": "UPDATE attendance SET arrived_at = arrived_at - 60",
    "an attendance deleted": "DELETE FROM attendance",
    "an attendance made up": "INSERT INTO attendance (night, staff_no) VALUES ('2026-09-02', 'A2')",
    "an incident deleted": "DELETE FROM incidents",
    "a waiver deleted": "DELETE FROM waivers",
    "a waiver's reason": "UPDATE waivers SET reason = 'x'",
    "a night deleted": "DELETE FROM briefings",
    "the closing of a briefing": "UPDATE briefings SET closed_at = closed_at + 3600",
    "a leave": "UPDATE leave SET special_reason = NULL",
    "a wage": "UPDATE wages SET monthly_wage = 1",
    "a wage on the roster": "UPDATE staff SET monthly_wage = 1 WHERE staff_no = 'D1'",
    "a staffer's position": "UPDATE staff SET position = 'director' WHERE staff_no = 'A2'",
    "a booking's amount": "UPDATE bookings SET amount = 1",
    "a guest's phone": "UPDATE bookings SET guest_phone = '13912345679'",
    "a rulebook's amount": "UPDATE rulebook_version SET text = replace(text, '30', '31')",
    "an adjustment": "UPDATE adjustments SET amount = -50000",
    "an account's role": "UPDATE accounts SET role = 'payroll'",
    "an account's secret": "UPDATE accounts SET secret = 'x'",
    "the accounts deleted": "DELETE FROM accounts",
    "the venue": "UPDATE venue SET timezone = 'Asia/Tokyo'",
    "a place": "UPDATE places SET kind = 'table'",
    "a closed month deleted": "DELETE FROM closed_months",
}


class Undone(Exception):
    """So that the next is done to the same venue."""


def test_what_is_changed_in_the_database_shows(house: Session) -> None:
    for what, statement in TAMPERINGS.items():
        with suppress(Undone), database.atomic():
            execute(statement)
            shown = found(house)
            table = statement.split()[1 if statement.startswith("UPDATE") else 2]
            assert shown, what
            assert table in shown or "is gone" in shown, what
            raise Undone
    assert found(house) == ""


def test_a_closed_month_rewritten_with_its_digest_shows(house: Session) -> None:
    content = one("SELECT content FROM closed_months").replace("960000", "1")
    execute(
        "UPDATE closed_months SET content = ?, digest = ?", (content + " ", audit.digest(content))
    )
    assert "closed_months 2026-09: the database holds content" in found(house)


def test_what_is_held_and_what_is_told_is_said_as_people_write_it(house: Session) -> None:
    execute("UPDATE bookings SET amount = 1")
    execute("UPDATE accounts SET secret = 'x'")
    said = found(house)
    assert "the database holds amount 0.01, the audit trail says amount 1880.00" in said
    assert "the database holds secret #2d711642, the audit trail says secret #" in said


def test_thousands_of_rows_are_named_and_counted(house: Session) -> None:
    execute_many(
        "INSERT INTO places (place, kind) VALUES (?, 'room')", [(f"X{n}",) for n in range(200)]
    )
    problems = verify(house).problems
    assert len(problems) == 51
    assert str(problems[-1]) == "150 more rows are not what the audit trail says"


def test_changes_by_hand_and_by_query_are_noted(session: Session) -> None:
    """However a row is written, the line of that change carries it."""
    with session.change():
        Place.create(place="A", kind="room")
        Place.insert_many(
            [{"place": "B", "kind": "room"}, {"place": "C", "kind": "room"}]
        ).execute()
        Place.update(minimum_spend=100).where(Place.place == "B").execute()
        Place.delete().where(Place.place == "C").execute()
        execute("INSERT INTO places (place, kind) VALUES (?, ?)", ("D", "table"))
        execute("INSERT INTO places (place, kind) SELECT place || '2', kind FROM places")
        execute("UPDATE places SET kind = 'room' WHERE place LIKE ?", ("D%",))
        execute("DELETE FROM places WHERE place = ?", ("D2",))
        execute_many("INSERT INTO places (place, kind) VALUES (?, 'room')", [("E",), ("F",)])
        execute_many("DELETE FROM places WHERE place = ?", [("E",)])
        upsert("places", ("place", "kind"), ("place",), [("F", "table"), ("G", "table")])
        session.record("place.added")
    held = {place for (place,) in execute("SELECT place FROM places").fetchall()}
    assert held == {"A", "B", "D", "A2", "B2", "F", "G"}
    assert found(session) == ""


def test_what_a_statement_returns_reaches_who_asked(session: Session) -> None:
    with session.change():
        given = execute(
            "INSERT INTO places (place, kind) VALUES ('A', 'room') RETURNING kind, place"
        ).fetchall()
        assert given == [("room", "A")]
        assert execute("UPDATE places SET kind = 'table' WHERE place = 'A'").rowcount == 1
        assert execute("UPDATE places SET kind = 'table' WHERE place = 'Z'").rowcount == 0
        staffer = "INSERT INTO staff (staff_no, name, position, hired_on, monthly_wage) VALUES "
        execute(f"{staffer}('A1', 'x', 'staff', '2026-01-01', 1)")
        wage = Wage.create(staff="A1", effective_from=date(2026, 1, 2), monthly_wage=2)
        session.record("place.added")
    assert wage.monthly_wage == 2
    assert found(session) == ""


def test_what_is_rolled_back_is_on_no_line(session: Session) -> None:
    def fail() -> None:
        with session.change():
            execute("INSERT INTO places (place, kind) VALUES ('B', 'room')")
            raise refused("field", "no")

    with session.change():
        execute("INSERT INTO places (place, kind) VALUES ('A', 'room')")
        with pytest.raises(Exception, match="no"):
            fail()
        session.record("place.added")
    assert [change.now for change in audit.changes_of(audit.head()[0])] == [[["A", "room", None]]]
    assert found(session) == ""


def test_a_change_without_a_name_is_on_the_trail_all_the_same(session: Session) -> None:
    with session.change():
        execute("INSERT INTO places (place, kind) VALUES ('A', 'room')")
    assert audit.lines(last=1)[0].action == "facts.changed"
    assert found(session) == ""
    with transaction():
        execute("DELETE FROM places")
    places.add_place(session, "B", "room")
    assert found(session) == "places A is gone, and no line of the audit trail says so"


def test_every_change_of_the_program_has_a_name(house: Session) -> None:
    assert "facts.changed" not in {line.action for line in audit.lines()}


def test_a_line_is_found_by_everybody_and_every_night_it_is_about(house: Session) -> None:
    rows = [("2026-10-01", "A1", 1), ("2026-10-02", "A2", 2)]
    with house.change():
        upsert(
            "attendance", ("night", "staff_no", "arrived_at"), ("night", "staff_no"), rows,
            was=[None, ("2026-10-02", "A2", 1)],
        )  # fmt: skip
        house.record("import")
    seq = audit.head()[0]
    for sought in (
        {"staff_no": "A1"}, {"staff_no": "A2"}, {"night": date(2026, 10, 1)},
        {"staff_no": "A2", "night": date(2026, 10, 2)},
    ):  # fmt: skip
        assert audit.lines(**sought, last=1)[0].seq == seq  # type: ignore[arg-type]
    assert audit.lines(night=date(2026, 10, 3)) == []
    assert audit.rows_of(seq, staff_no="A2") == [
        audit.AuditedRow(
            "attendance",
            {"night": "2026-10-02", "staff_no": "A2", "arrived_at": 1},
            {"night": "2026-10-02", "staff_no": "A2", "arrived_at": 2},
        )
    ]
    assert audit.rows_of(seq, staff_no="A1", night=date(2026, 10, 2)) == []
    execute("DELETE FROM audit_touched WHERE value = 'A1'")
    assert f"line {seq} of the audit trail isn't found" in found(house)


@pytest.mark.parametrize("count", [1, 1000])
def test_changes_are_read_back_as_they_were_written(count: int) -> None:
    kept = encode(
        [
            Change(
                "bookings", ("booking_no", "guest_phone"), [(f"B{n}", "139") for n in range(count)]
            ),
            Change("leave", ("first_night", "on"), [(NIGHT, True)], [None]),
            Change("places", ("place",), None, [("V1",)]),
        ]
    )
    assert kept[:1] == (b"[" if count == 1 else b"x")
    assert b"139" not in kept
    booked, left, place = decode(kept)
    assert booked.now is not None
    assert (len(booked.now), len(booked.now[0][1])) == (count, 4)
    assert (left.now, left.was) == ([["2026-09-02", 1]], [None])
    assert (place.now, place.was) == (None, [["V1"]])


def test_a_line_cannot_lose_or_change_what_it_carries(house: Session) -> None:
    seq = one("SELECT max(seq) FROM audit WHERE changes IS NOT NULL")
    execute("UPDATE audit SET changes = NULL WHERE seq = ?", (seq,))
    assert audit.broken_link() == seq
    execute("UPDATE audit SET changes = ? WHERE seq = ?", (b"[]", seq))
    assert audit.broken_link() == seq


def test_a_clock_that_ran_backwards_is_told(session: Session, clock: Clock) -> None:
    places.add_place(session, "V1", "room")
    clock.set("2026-09-02T19:21")
    places.add_place(session, "V2", "room")
    assert verify(session).warnings == ()
    clock.set("2025-09-02T19:25")
    places.add_place(session, "V3", "room")
    places.add_place(session, "V4", "room")
    checked = verify(session)
    assert checked.problems == ()
    assert [str(each) for each in checked.warnings] == [
        "line 4 of the audit trail was written at 2025-09-02T19:25, when it had been"
        " 2026-09-02T19:25 already: a clock was wrong"
    ]


def test_an_older_venues_rows_are_bound_by_the_update(url: str, session: Session) -> None:
    """The trail of an older program tells of no rows: what they are is put on it once."""
    places.add_place(session, "V1", "room")
    execute("UPDATE audit SET changes = NULL")
    assert set(trail_proof.differing(database.obj)) >= {("venue", (1,)), ("places", ("V1",))}
    trail_proof.bind({})
    assert trail_proof.differing(database.obj) == {}
    assert audit.lines(last=1)[0].action == "trail.bound"


def test_what_was_wrong_before_an_update_stays_wrong(session: Session) -> None:
    places.add_place(session, "V1", "room")
    execute("UPDATE places SET kind = 'table'")
    unproved = trail_proof.differing(database.obj)
    execute("INSERT INTO places (place, kind) VALUES ('V2', 'room')")  # as a migration may
    execute("DELETE FROM venue")
    trail_proof.bind(unproved)
    assert set(trail_proof.differing(database.obj)) == {("places", ("V1",))}


def test_adopting_a_rulebook_is_proved(session: Session) -> None:
    adopt(session, shipped.load("club"), NIGHT)
    assert found(session) == ""


SWAPPED = {
    "a table that is a view": (
        "ALTER TABLE waivers RENAME TO put_away",
        "CREATE VIEW waivers AS SELECT * FROM put_away",
    ),
    "a table without its key": (
        "DROP TABLE waivers",
        "CREATE TABLE waivers (staff_no TEXT, night TEXT, rule TEXT, source TEXT, waived_by TEXT,"
        " reason TEXT)",
    ),
    "a table that is gone": ("DROP TABLE claims",),
}
ALIVE = {
    "sqlite": (
        "CREATE TRIGGER evil AFTER INSERT ON incidents BEGIN DELETE FROM incidents; END",
        "CREATE VIEW evil AS SELECT 1",
    ),
    "postgresql": (
        "CREATE RULE evil AS ON INSERT TO incidents DO INSTEAD NOTHING",
        "CREATE FUNCTION evil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        " CREATE TRIGGER evil BEFORE INSERT ON incidents FOR EACH ROW EXECUTE FUNCTION evil()",
        "ALTER TABLE incidents ENABLE ROW LEVEL SECURITY",
    ),
}


@pytest.mark.parametrize("how", SWAPPED)
def test_another_table_in_the_place_of_the_programs_shows(house: Session, how: str) -> None:
    for sql in SWAPPED[how]:
        execute(sql)
    table = SWAPPED[how][0].split()[2]
    assert re.search(f"the table {table} (is missing|isn't as this program made it)", found(house))


@pytest.mark.parametrize("which", range(3))
def test_what_works_inside_the_database_shows(house: Session, which: int) -> None:
    """It would change rows, or hide them, in the program's own transactions."""
    ways = ALIVE["sqlite" if is_sqlite() else "postgresql"]
    if which < len(ways):
        execute(ways[which])
        assert "works inside the database: it isn't this program's" in found(house)


def _columns() -> list[tuple[str, str]]:
    return [
        (model._meta.table_name, column)
        for model in BaseModel.__subclasses__()
        for column in model._meta.columns
        if column not in UNBOUND_COLUMNS.get(model._meta.table_name, ())
        and model._meta.table_name not in ("audit", "audit_touched", "sign_in_failures")
    ]


def test_no_column_of_any_table_can_be_changed_unseen(
    house: Session, sqlite_url: str, tmp_path: Path
) -> None:
    """Whatever is written into it, `check` says that something is wrong, and doesn't stumble."""
    if not is_sqlite():
        pytest.skip("what a column holds is the same there, and its type guards it too")
    whole = tmp_path / "whole.db"
    with closing(sqlite3.connect(whole)) as copy:
        database.connection().backup(copy)
    for table, column in _columns():
        if not execute(f'SELECT 1 FROM "{table}" WHERE "{column}" IS NOT NULL').fetchone():
            continue
        for odd in ("'x'", "-7", "NULL", "x'00ff'", "1e99"):
            with closing(sqlite3.connect(tmp_path / "venue.db")) as spoiled:
                with closing(sqlite3.connect(whole)) as copy:
                    copy.backup(spoiled)
                spoiled.execute("PRAGMA ignore_check_constraints = ON")
                spoiled.execute("PRAGMA foreign_keys = OFF")
                with suppress(sqlite3.IntegrityError):  # a key, or what may not be blank
                    spoiled.execute(f'UPDATE OR REPLACE "{table}" SET "{column}" = {odd}')
                    spoiled.commit()
                    assert verify(house).problems, (table, column, odd)
