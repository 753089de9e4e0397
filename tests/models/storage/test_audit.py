"""The trail: what is on it, what never is, and that tampering shows."""

import json
from datetime import date

import pytest

from models.access.session import Session
from models.operations import bookings, places, staff
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused, refused
from tests.clock import Clock


@pytest.fixture
def trail(session: Session) -> Session:
    """A venue with five lines on its trail, the first of which made it."""
    for number in range(2, 6):
        with session.change():
            session.record(
                "test.change",
                staff_no=f"S{number % 2}",
                night=date(2026, 9, number),
                before={"n": number - 1},
                after={"n": number},
                reason=f"第{number}次",
            )
    return session


def test_a_line_says_who_when_where_what_it_was_became_and_why(
    trail: Session, clock: Clock
) -> None:
    [line] = audit.lines(last=1)
    assert line == (
        5, clock.now, trail.user, "test:1", "test.change", "S1", "2026-09-05",
        '{"n":4}', '{"n":5}', "第5次",
    )  # fmt: skip


def test_the_trail_is_narrowed(trail: Session) -> None:
    assert [line.seq for line in audit.lines(staff_no="S0")] == [2, 4]
    assert [line.seq for line in audit.lines(night=date(2026, 9, 3))] == [3]
    assert [line.seq for line in audit.lines(who="tester")] == [1]
    assert [line.seq for line in audit.lines(last=2)] == [4, 5]
    assert [line.seq for line in audit.lines(staff_no="S0", last=1)] == [4]
    assert audit.lines(who="nobody", staff_no="S0") == []


def test_an_empty_trail_is_whole(trail: Session) -> None:
    execute("DELETE FROM audit")
    assert (audit.broken_link(), audit.head()) == (None, (0, audit.GENESIS))


@pytest.mark.parametrize("column", [name for name in audit.Line._fields if name != "seq"])
def test_an_edited_line_is_found(trail: Session, column: str) -> None:
    assert audit.broken_link() is None
    value = 7 if column == "at" else "other"
    execute(f"UPDATE audit SET {column} = ? WHERE seq = 3", (value,))
    assert audit.broken_link() == 3


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 1", 1),
        ("UPDATE audit SET seq = 9 WHERE seq = 5", 5),
        ("UPDATE audit SET hash = 'x' WHERE seq = 2", 2),
        (
            "INSERT INTO audit (seq, at, who, terminal, action, hash)"
            " SELECT 6, at, who, terminal, action, hash FROM audit WHERE seq = 5",
            6,
        ),
    ],
)
def test_a_missing_moved_or_added_line_is_found(trail: Session, tampering: str, found: int) -> None:
    execute(tampering)
    assert audit.broken_link() == found


def test_a_line_made_to_fit_shows_in_the_next(trail: Session) -> None:
    """Whoever knows how the links are made has to make all the later ones anew, and then the
    heads that were printed meanwhile are gone."""
    head = audit.head()[1]
    lines = audit.lines()
    before = execute("SELECT hash FROM audit WHERE seq = 2").fetchone()[0]
    forged = lines[2]._replace(who="someone else")
    execute(
        "UPDATE audit SET who = ?, hash = ? WHERE seq = 3", (forged.who, audit.link(before, forged))
    )
    assert audit.broken_link() == 4
    previous = audit.link(before, forged)
    for line in lines[3:]:
        previous = audit.link(previous, line)
        execute("UPDATE audit SET hash = ? WHERE seq = ?", (previous, line.seq))
    assert audit.broken_link() is None
    assert audit.line_of(head) is None


def test_lines_cut_off_the_end_show_by_a_printed_head(trail: Session) -> None:
    lines, head = audit.head()
    assert audit.line_of(head) == lines
    execute("DELETE FROM audit WHERE seq > 3")
    assert audit.broken_link() is None
    assert audit.line_of(head) is None


def test_a_change_that_is_refused_leaves_no_line(trail: Session) -> None:
    head = audit.head()

    def refuse() -> None:
        with trail.change():
            trail.record("test.change")
            raise refused("field", "no")

    with pytest.raises(Refused):
        refuse()
    assert audit.head() == head


def test_guests_phones_stay_off_the_trail(session: Session) -> None:
    details = staff.Details("张三", "staff", date(2026, 1, 1), 600_000)
    staff.add(session, "S1", details)
    places.add_place(session, "V8", "room")
    bookings.book(
        session, session.tonight(), "V8", "S1", guest_name="李老板", guest_phone="13912345678"
    )
    assert all("13912345678" not in str(line) for line in audit.lines())
    assert "李老板" in str(audit.lines(last=1))


def test_what_it_was_and_became_is_readable_by_other_programs(trail: Session) -> None:
    with trail.change():
        trail.record("test.change", after={"night": date(2026, 9, 2), "amount": 1250, "none": None})
    [line] = audit.lines(last=1)
    assert json.loads(line.after or "") == {"night": "2026-09-02", "amount": 1250, "none": None}
