"""A supervisor between two guests: ten requests, cleared by the keyboard, in each language."""

from datetime import date

import pytest

from models.access.session import Session
from models.operations import leave, outings, slip_board
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import charges, hire, in_step, staff_the_house
from tests.screens.pilot import selected, toasts
from venue_tui.app import VenueApp
from venue_tui.locale import set_language
from venue_tui.widgets.line_list import LineList

SAID = {
    "en": {
        "who": "Who are you?",
        "approved": "Approved: 单雄, 2026-09-05 to 2026-09-07",
        "late": "Too late for 2026-09-02: staying away costs 1600.00. The rest is in time.",
        "left": "With this, off in A on 2026-09-05: 2 of 7.",
        "slip": "Approved: the slip of 乐正",
        "undone": "Undone: Approved: the slip of 乐正",
        "none": "Nothing waits for your decision",
    },
    "zh-Hans": {
        "who": "你是谁？",
        "approved": "已批准：单雄，2026-09-05 至 2026-09-07",
        "late": "2026-09-02 申请太迟：不到岗扣 1600.00。其余各晚及时。",
        "left": "批准后，A 在 2026-09-05 休息 2 人，共 7 人。",
        "slip": "已批准：乐正 的放行条",
        "undone": "已撤销：已批准：乐正 的放行条",
        "none": "没有等你审批的申请",
    },
    "zh-Hant": {
        "who": "你是誰？",
        "approved": "已批准：单雄，2026-09-05 至 2026-09-07",
        "late": "2026-09-02 申請太遲：不到崗扣 1600.00。其餘各晚及時。",
        "left": "批准後，A 在 2026-09-05 休息 2 人，共 7 人。",
        "slip": "已批准：乐正 的放行條",
        "undone": "已復原：已批准：乐正 的放行條",
        "none": "沒有等你審批的申請",
    },
}


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """22:30. A1 to A6 of S1's team ask for leave, and A3 to A6 to go out; B1 of another
    supervisor's does, too."""
    session = make_session("2026-09-02T22:00")
    staff_the_house()
    hire("S2", "仇主管", "supervisor", team="B", supervisor_no="D1")
    hire("B1", "查无", team="B", supervisor_no="S2")
    for staff_no, name in (("A4", "欧阳"), ("A5", "翟天"), ("A6", "乐正")):
        hire(staff_no, name, supervisor_no="S1")
    nights = {"A1": (2, 3), "A2": (5, 7), "A3": (5, 5), "B1": (4, 4), "A4": (5, 6), "A5": (9, 9)}
    for n, (staff_no, (first, last)) in enumerate(nights.items()):
        set_clock(session, f"22:{n:02}")
        leave.ask(session, staff_no, "rest", date(2026, 9, first), date(2026, 9, last))
    set_clock(session, "22:06")
    leave.ask(session, "A6", "sick", date(2026, 9, 2), date(2026, 9, 2), "发烧")
    for n, staff_no in enumerate(("A3", "A4", "A5", "A6")):
        set_clock(session, f"22:{10 + n}")
        outings.ask(session, staff_no, "接客人")
    set_clock(session, "22:30")
    return session


def set_clock(session: Session, time: str) -> None:
    clock_of(session).set(f"2026-09-02T{time}")


@pytest.mark.parametrize("language", SAID)
async def test_a_supervisor_clears_ten_requests(session: Session, language: str) -> None:
    said = SAID[language]
    app = VenueApp(session, language=language, first="tonight")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("3")
        # Whose name it is under is asked at the first decision, and never again.
        await pilot.press("a")
        assert app.screen._prompt == said["who"]  # type: ignore[attr-defined]
        await pilot.press("enter")
        assert app.person == "S1"
        assert said["late"] in toasts(pilot)[-1]

        # The others of the team follow each other; the colleague's of the other team are not asked.
        await pilot.press("a", "a")
        assert any(said["approved"] in each for each in toasts(pilot))
        assert said["left"] in toasts(pilot)[-1]
        assert selected(pilot, "leave") == "L260902-05"
        await pilot.press("x", *"full", "enter", "a", "a")
        rows = app.screen.query_one("#leave", LineList).rows
        assert rows[0].cells == (said["none"],)
        of = {row.leave_no: row for row in leave.listing(session)}
        assert [(of[f"L260902-{n:02}"].status) for n in range(1, 8)] == [
            *("approved", "approved", "approved", "requested", "rejected", "approved", "approved")
        ]
        assert of["L260902-05"].decision_reason == "full"
        assert {row.decided_by for row in of.values()} == {"S1", None}

        # Four slips: three approved, one undone and rejected, and two of them go.
        await pilot.press("4", "a", "a", "a", "a")
        assert toasts(pilot)[-1] == said["slip"]
        await pilot.press("u")
        assert toasts(pilot)[-1] == said["undone"]
        await pilot.press("x", *"no", "enter", "right")
        assert selected(pilot, "approved") == "S260902-03"
        await pilot.press("home", "o", "home", "o")
        board = slip_board.board(session)
        assert [row.staff_no for row in board.approved] == ["A5"]
        assert {row.staff_no for row in board.out} == {"A3", "A4"}
        assert [(row.staff_no, row.decision_reason) for row in board.dropped] == [("A6", "no")]
        assert board.asked == ()

        # Ten minutes later they are back, and nobody was fined.
        set_clock(session, "22:40")
        await pilot.press("right", "b", "b")
        assert [row.minutes(session.now()) for row in slip_board.board(session).out] == [10, 10]
        assert charges("A3") + charges("A4") == []
        assert in_step(session)
    set_language("en")
