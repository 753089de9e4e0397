"""Who works here: adding, editing, wages over time, and what that does to charges."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.ledger import separations
from models.operations import bookings, incidents, staff, staff_record
from models.operations.charge_preview import ChargeChange, foresee
from models.operations.staff import Details
from models.payroll import months
from models.rules.charges import ChargeKey
from models.rules.employment import Spell
from models.storage import audit
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    brief,
    charges,
    hire,
    in_step,
    one,
    place,
    sign,
    sign_in,
    staff_the_house,
)

NEW = Details("新来的", "staff", date(2026, 9, 1), 500_000, team="A", supervisor_no="S1")


@pytest.fixture(autouse=True)
def house(session: Session) -> Iterator[None]:
    staff_the_house()
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def wrong_fields(change: object, *arguments: object) -> list[str]:
    assert callable(change)
    with pytest.raises(Refused) as refusal:
        change(*arguments)
    return sorted(each.field for each in refusal.value.problems)


def absent(session: Session, clock: Clock, *nights: date) -> None:
    """Lets nights pass on which nobody came."""
    for night in nights:
        brief(session, night)
    clock.set("2026-09-10T15:00")
    staff.roster(session)


def test_adding_reading_and_removing(session: Session) -> None:
    staff.add(session, "N1", NEW._replace(on_roll=False, left_on=NIGHT, initials="xld"))
    assert staff.details("N1") == NEW._replace(on_roll=False, left_on=NIGHT, initials="xld")
    staff.remove(session, "N1")
    assert wrong_fields(staff.details, "N1") == ["staff_no"]
    assert [line.action for line in audit.lines(staff_no="N1")] == ["staff.added", "staff.removed"]


def test_everything_wrong_with_a_staffer_is_said_at_once(session: Session) -> None:
    bad = Details(" ", "boss", NIGHT, 1, "\t", "X9", None, date(2026, 9, 1), "\u202e")
    assert wrong_fields(staff.add, session, "A1", bad) == [
        *("initials", "left_on", "name", "position", "staff_no", "supervisor_no", "team")
    ]
    assert wrong_fields(staff.add, session, " N1", NEW) == ["staff_no"]
    assert wrong_fields(staff.add, session, "N1", NEW._replace(supervisor_no="N1")) == [
        "supervisor_no"
    ]


def test_supervisors_may_not_go_in_a_circle(session: Session) -> None:
    circle = staff.details("S1")._replace(supervisor_no="A1")
    assert wrong_fields(staff.edit, session, "S1", circle) == ["supervisor_no"]
    assert staff.supervisor_chain("A1", NIGHT) == [("S1", "区主管"), ("D1", "何总监")]
    assert staff.supervisor_chain("D1", NIGHT) == []


def test_an_edit_says_what_changed_and_is_undone_by_editing_back(session: Session) -> None:
    old = staff.details("A1")
    assert not staff.edit(session, "A1", old)
    assert staff.edit(session, "A1", old._replace(name="曾小贤[red]", team=None))
    assert staff.set_initials(session, "A1", "zxx cxx")
    assert not staff.set_initials(session, "A1", "zxx cxx")
    assert staff.edit(session, "A1", old)
    assert staff.details("A1") == old
    line = audit.lines(staff_no="A1")[0]
    assert line.before == '{"name":"曾小贤","team":"A"}'
    assert line.after == '{"name":"曾小贤[red]","team":null}'


def test_who_is_not_on_the_roll_is_not_fined_for_it(session: Session, clock: Clock) -> None:
    absent(session, clock, NIGHT)
    old = staff.details("A1")
    assert charges("A1")[0][3] == "standing"
    staff.edit(session, "A1", old._replace(on_roll=False))
    assert charges("A1")[0][3] == "reversed"
    staff.edit(session, "A1", old._replace(left_on=date(2026, 9, 1)))
    assert charges("A1")[0][3] == "reversed"
    staff.edit(session, "A1", old)
    assert charges("A1")[0][3] == "standing"
    assert charges("A2")[0][3] == "standing"


def test_hired_earlier_one_was_absent_then_and_hired_later_one_was_not(
    session: Session, clock: Clock
) -> None:
    absent(session, clock, NIGHT)
    staff.add(session, "N1", NEW._replace(hired_on=date(2026, 9, 3)))
    assert charges("N1") == []
    staff.edit(session, "N1", NEW)
    assert [each[3] for each in charges("N1")] == ["standing"]
    staff.edit(session, "N1", NEW._replace(hired_on=date(2026, 9, 3)))
    assert [each[3] for each in charges("N1")] == ["reversed"]
    assert wrong_fields(staff.remove, session, "N1") == ["staff_no"]


@pytest.mark.parametrize("what", ["attendance", "booking", "incident", "wage"])
def test_nobody_is_hired_after_what_they_did(session: Session, what: str) -> None:
    if what == "attendance":
        brief(session)
        sign(session, "A1", arrived_at="19:20")
    elif what == "booking":
        place("K1")
        bookings.book(session, NIGHT, "K1", "A1")
    elif what == "incident":
        incidents.raise_incident(session, "A1", "theft", session.calendar.parse(f"{NIGHT}T19:00"))
    else:
        staff.set_wage(session, "A1", NIGHT, 1)
    old = staff.details("A1")
    with pytest.raises(Refused, match="2026-09-02") as refusal:
        staff.edit(session, "A1", old._replace(hired_on=date(2026, 9, 3)))
    assert [each.field for each in refusal.value.problems] == ["hired_on"]
    assert staff.edit(session, "A1", old._replace(hired_on=NIGHT))


def test_wages_over_time_and_what_an_absence_costs_by_them(session: Session, clock: Clock) -> None:
    absent(session, clock, NIGHT)
    assert charges("A1") == [("absence", "roll", 160_000, "standing")]
    assert staff.set_wage(session, "A1", date(2026, 9, 1), 435_000)
    assert charges("A1")[0][2] == 80_000
    assert not staff.set_wage(session, "A1", date(2026, 9, 1), 435_000)
    assert staff.set_wage(session, "A1", date(2026, 9, 3), 1_000_000)
    assert charges("A1")[0][2] == 80_000
    assert staff.wages("A1") == [
        (date(2026, 1, 1), 870_000),
        (date(2026, 9, 1), 435_000),
        (date(2026, 9, 3), 1_000_000),
    ]
    assert staff.set_wage(session, "A1", date(2026, 1, 1), 217_500)
    assert staff.wages("A1")[0] == (date(2026, 1, 1), 217_500)
    assert staff.remove_wage(session, "A1", date(2026, 9, 1))
    assert not staff.remove_wage(session, "A1", date(2026, 9, 1))
    assert charges("A1")[0][2] == 40_000
    assert wrong_fields(staff.set_wage, session, "A1", date(2025, 12, 31), 1) == ["effective_from"]
    assert wrong_fields(staff.set_wage, session, "X9", NIGHT, 1) == ["staff_no"]


def test_the_roster_by_team_with_the_months_figures(session: Session, clock: Clock) -> None:
    hire("B1", team="B", left_on="2026-09-05")
    place("K1")
    bookings.left(session, bookings.book(session, NIGHT, "K1", "A2"), 88_800)
    staff.set_wage(session, "A2", date(2026, 9, 10), 900_000)
    absent(session, clock, NIGHT, date(2026, 9, 3))
    found = {each.staff_no: each for each in staff.roster(session)}
    assert list(found) == ["A1", "A2", "A3", "S1", "B1", "D1", "D2", "P1"]
    member = found["A2"]
    assert (member.charges, member.charged, member.sales) == (2, 320_000, 88_800)
    assert (member.wage, member.on_roll, found["D1"].on_roll) == (900_000, True, False)
    assert member.employed(NIGHT)
    assert not found["B1"].employed(date(2026, 9, 6))
    august = {each.staff_no: each for each in staff.roster(session, "2026-08")}
    assert (august["A2"].charges, august["A2"].charged, august["A2"].sales) == (0, 0, 0)


def test_nobody_who_is_named_elsewhere_is_removed(session: Session) -> None:
    brief(session, director_no="D2")
    for staff_no in ("S1", "D2"):
        assert wrong_fields(staff.remove, session, staff_no) == ["staff_no"]
    staff.set_wage(session, "A3", NIGHT, 5)
    assert wrong_fields(staff.remove, session, "A3") == ["staff_no"]
    staff.remove_wage(session, "A3", NIGHT)
    staff.remove(session, "A3")
    assert one("SELECT count(*) FROM staff WHERE staff_no = 'A3'") == 0


@pytest.mark.parametrize("role", ROLES)
def test_who_may_change_whom(session: Session, role: str) -> None:
    sign_in(session, role)
    old = staff.details("A1")
    if role in ("director", "admin"):
        staff.add(session, "N1", NEW)
        staff.remove(session, "N1")
        staff.edit(session, "A1", old._replace(team="B"))
        paid = old._replace(team="B", monthly_wage=1)
        if role == "admin":
            assert staff.edit(session, "A1", paid)
        else:
            assert wrong_fields(staff.edit, session, "A1", paid) == ["actor"]
    else:
        assert wrong_fields(staff.add, session, "N1", NEW) == ["actor"]
        assert wrong_fields(staff.edit, session, "A1", old._replace(team="B")) == ["actor"]
        assert wrong_fields(staff.remove, session, "A1") == ["actor"]
    if role in ("payroll", "admin"):
        assert staff.set_wage(session, "A1", NIGHT, 5)
        assert staff.remove_wage(session, "A1", NIGHT)
    else:
        assert wrong_fields(staff.set_wage, session, "A1", NIGHT, 5) == ["actor"]
        assert wrong_fields(staff.remove_wage, session, "A1", NIGHT) == ["actor"]


def test_nobody_changes_their_own_record(session: Session) -> None:
    sign_in(session, "director", "D1")
    own = staff.details("D1")
    assert wrong_fields(staff.edit, session, "D1", own._replace(on_roll=False)) == ["actor"]
    sign_in(session, "payroll", "P1")
    assert wrong_fields(staff.set_wage, session, "P1", NIGHT, 99_999_999) == ["actor"]


def test_what_would_change_a_closed_month_is_refused(session: Session, clock: Clock) -> None:
    absent(session, clock, NIGHT)
    clock.set("2026-10-01T12:00")
    months.close(session, "2026-09")
    old = staff.details("A1")
    before = charges("A1")
    for change, *arguments in (
        (staff.set_wage, NIGHT, 100),
        (staff.edit, old._replace(on_roll=False)),
    ):
        with pytest.raises(Refused, match="2026-09 is closed"):
            change(session, "A1", *arguments)
    assert charges("A1") == before
    assert staff.set_wage(session, "A1", date(2026, 10, 1), 100)
    assert staff.edit(session, "A1", old._replace(name="曾贤"))


def test_a_posting_holds_from_a_night_on_and_is_put_back(session: Session, clock: Clock) -> None:
    absent(session, clock, NIGHT, date(2026, 9, 3))
    before = staff_record.require("A1")
    old = staff.details("A1", date(2026, 9, 3))
    assert staff.edit(session, "A1", old._replace(team="B", on_roll=False), date(2026, 9, 3))
    assert [status for *_, status in charges("A1")] == ["standing", "reversed"]
    assert staff.details("A1", NIGHT) == old
    assert staff.details("A1", date(2026, 9, 3)).team == "B"
    assert not staff.edit(session, "A1", staff.details("A1", date(2026, 9, 3)), date(2026, 9, 3))
    [member] = [each for each in staff.roster(session) if each.staff_no == "A1"]
    assert (member.team, member.on_roll) == ("B", False)
    now = staff_record.require("A1")
    staff.restore(session, now, before)
    assert staff_record.require("A1") == before
    assert {status for *_, status in charges("A1")} == {"standing"}
    with pytest.raises(Refused, match="changed meanwhile"):
        staff.restore(session, now, before)
    # a wage in the same form holds from that night on, too, and re-prices nothing before it
    assert staff.edit(session, "A1", old._replace(monthly_wage=435_000), date(2026, 9, 3))
    assert [amount for _, _, amount, _ in charges("A1")] == [160_000, 80_000]
    assert wrong_fields(staff.edit, session, "A1", old._replace(team="C"), date(2025, 12, 31)) == [
        "effective_from"
    ]
    assert wrong_fields(staff.edit, session, "A1", old._replace(supervisor_no="A1"), NIGHT) == [
        "supervisor_no"
    ]


def test_what_is_foreseen_is_what_comes_and_nothing_is_written(
    session: Session, clock: Clock
) -> None:
    absent(session, clock, NIGHT, date(2026, 9, 3), date(2026, 9, 4))
    old = staff.details("A1")
    lines = audit.head()
    gone = foresee(
        session, lambda: staff.edit(session, "A1", old._replace(on_roll=False), NIGHT), "A1"
    )
    assert [(each.key.night, each.key.rule, each.was, each.now) for each in gone] == [
        (night, "absence", 160_000, None) for night in (NIGHT, date(2026, 9, 3), date(2026, 9, 4))
    ]
    assert sum(each.difference for each in gone) == -480_000
    paid = foresee(session, lambda: staff.set_wage(session, "A1", date(2026, 9, 4), 435_000))
    key = ChargeKey("A1", date(2026, 9, 4), "absence", "roll")
    assert paid == [ChargeChange(key, 160_000, 80_000)]
    new = NEW._replace(hired_on=date(2026, 9, 4), monthly_wage=870_000)
    come = foresee(session, lambda: staff.add(session, "N1", new), "N1")
    assert come == [ChargeChange(key._replace(staff_no="N1"), None, 160_000)]
    with pytest.raises(Refused):
        foresee(session, lambda: staff.edit(session, "A1", old._replace(name=" ")), "A1")
    assert audit.head() == lines
    assert staff.details("A1") == old


def test_somebody_is_hired_again_under_their_number(session: Session, clock: Clock) -> None:
    absent(session, clock, NIGHT, date(2026, 9, 3), date(2026, 9, 4), date(2026, 9, 5))
    old = staff.details("A1")
    again = old._replace(hired_on=date(2026, 9, 5), team="B", monthly_wage=435_000)
    assert wrong_fields(staff.rehire, session, "A1", again) == ["hired_on"]  # still here
    staff.edit(session, "A1", old._replace(left_on=NIGHT))
    before = staff_record.require("A1")
    assert wrong_fields(staff.rehire, session, "A1", again._replace(hired_on=NIGHT)) == ["hired_on"]
    assert staff.rehire(session, "A1", again)
    assert not staff.rehire(session, "A1", again)
    standing = [amount for _, _, amount, status in charges("A1") if status == "standing"]
    assert standing == [160_000, 80_000]
    [member] = [each for each in staff.roster(session) if each.staff_no == "A1"]
    assert (member.hired_on, member.left_on, member.team) == (date(2026, 9, 5), None, "B")
    # the last time of employment is the one that an edit is about
    staff.edit(
        session, "A1", staff.details("A1", date(2026, 9, 6))._replace(left_on=date(2026, 9, 9)),
        date(2026, 9, 6),
    )  # fmt: skip
    assert staff_record.require("A1").spells == (
        Spell(date(2026, 1, 1), NIGHT),
        Spell(date(2026, 9, 5), date(2026, 9, 9)),
    )
    staff.restore(session, staff_record.require("A1"), before)
    assert staff_record.require("A1") == before


def test_a_confirmed_separation_ends_the_spell_that_holds_its_night(
    session: Session, clock: Clock
) -> None:
    staff.edit(session, "A1", staff.details("A1")._replace(left_on=date(2026, 8, 1)))
    staff.rehire(session, "A1", staff.details("A1")._replace(hired_on=NIGHT, left_on=None))
    absent(session, clock, NIGHT, date(2026, 9, 3), date(2026, 9, 4), date(2026, 9, 5))
    [proposal] = [
        each for each in separations.undecided(session, "2026-09") if each.staff_no == "A1"
    ]
    separations.decide(session, proposal, separations.CONFIRMED, "D1")
    assert staff_record.require("A1").spells[1] == Spell(NIGHT, date(2026, 9, 4))
    assert [status for *_, status in charges("A1")] == ["standing"] * 3 + ["reversed"]
    staff.rehire(
        session, "A1", staff.details("A1")._replace(hired_on=date(2026, 9, 5), left_on=None)
    )
    with pytest.raises(Refused, match="hired again on 2026-09-05"):
        separations.reconsider(session, proposal)
