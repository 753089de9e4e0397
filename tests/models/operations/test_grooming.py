"""Grooming and badge: ticked by the roll, in the person's month, and never a fine."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.grooming import Look, look, looks, of_month
from models.operations import grooming, roll_board
from models.payroll.explanation import explain
from models.values.problems import Refused
from tests.models.house import NIGHT, charges, in_step, put, sign_in, staff_the_house
from venue_tui.grooming_words import looks_line

NO_BADGE = Look(groomed=True, badge=False)


@pytest.fixture(autouse=True)
def house(session: Session) -> None:
    staff_the_house()


def test_one_press_after_another_goes_round() -> None:
    said: list[Look | None] = [None]
    while (new := grooming.after(said[-1])) is not None:
        said.append(new)
    assert tuple(said) == grooming.STEPS
    assert [each.in_order for each in said if each is not None] == [True, False, False, False]


def test_a_tick_stands_on_the_roll_and_in_the_month_and_fines_nobody(session: Session) -> None:
    assert grooming.tick(session, "A1", NIGHT, NO_BADGE) is None
    assert grooming.tick(session, "A1", NIGHT, NO_BADGE) == NO_BADGE
    assert looks(NIGHT) == {"A1": NO_BADGE}
    rows = {row.staff_no: row.look for row in roll_board.board(session, NIGHT)}
    assert (rows["A1"], rows["A2"]) == (NO_BADGE, None)
    assert of_month(session, "A1", "2026-09") == [(NIGHT, NO_BADGE)]
    told = explain(session, "A1", "2026-09")
    assert told.looks == ((NIGHT, NO_BADGE),)
    assert looks_line(told.looks) == (
        "Grooming and badge (clause 6): looked at on 1 night: 09-02 no badge. It fines nobody."
    )
    assert charges("A1") == []
    assert grooming.tick(session, "A1", NIGHT, None) == NO_BADGE
    assert look("A1", NIGHT) is None
    assert in_step(session)


def test_each_night_and_each_staffer_have_their_own(session: Session) -> None:
    fine, first, before = Look(groomed=True, badge=True), date(2026, 9, 1), date(2026, 8, 31)
    for night, staff_no, seen in (
        (before, "A1", fine), (first, "A1", fine), (NIGHT, "A1", NO_BADGE), (NIGHT, "A2", fine),
    ):  # fmt: skip
        put(
            "grooming", night=night, staff_no=staff_no, groomed=seen.groomed, badge=seen.badge,
            checked_by="D1",
        )  # fmt: skip
    assert [look(each, NIGHT) for each in ("A1", "A2", "A3")] == [NO_BADGE, fine, None]
    assert look("A2", first) is None
    assert of_month(session, "A1", "2026-09") == [(first, fine), (NIGHT, NO_BADGE)]


def test_nobody_ticks_themselves_or_who_is_not_there(session: Session) -> None:
    with pytest.raises(Refused) as refusal:
        grooming.tick(session, "A1", date(2020, 1, 1), NO_BADGE)
    assert [each.field for each in refusal.value.problems] == ["night"]
    sign_in(session, "director", "S1")
    with pytest.raises(Refused) as refusal:
        grooming.tick(session, "S1", NIGHT, NO_BADGE)
    assert [each.field for each in refusal.value.problems] == ["checked_by"]
    grooming.tick(session, "A1", NIGHT, NO_BADGE)
