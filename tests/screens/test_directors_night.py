"""The director's whole night, by the keyboard, in each language: from 19:20, when the first slip
waits, to the closing of the night."""

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.ledger import separations
from models.operations import briefings, roll_board, slip_board
from models.rules.charges import Outcome
from models.storage import audit
from models.values.nights import month_of
from tests.clock import Clock, clock_of
from tests.conftest import MakeSession
from tests.models.house import charges, in_step
from tests.screens.evening import NIGHT, open_evening
from tests.screens.pilot import ticked, toasts
from venue_tui.app import VenueApp
from venue_tui.widgets.controls import LongText
from venue_tui.widgets.head_panel import HeadPanel
from venue_tui.widgets.line_list import LineList

SAID = {
    "en": {
        "waits": "Waiting · 3",
        "slip": "Approved: the slip of 区雪",
        "late": "briefing on for 1:00",
        "counts": "4 to call  2 no answer",
        "uncalled": "4 names have not been called yet.",
        "fines": "Fines: 2, 60.00",
        "absent": "Absent when the night ends, unless they come: 6, 9655.17",
        "closed": "The briefing is closed at 19:36: 2 fines, 60.00.",
        "told": "玫瑰组 has told its resting colleagues.",
        "room": "解小美: made up, covered by room V8.",
        "no_room": "missed, 50.00",
        "out": "12 min",
        "stays": "吴丽华 stays on",
        "ended": "The night is ended.",
    },
    "zh-Hans": {
        "waits": "待处理 · 3",
        "slip": "已批准：区雪 的放行条",
        "late": "班前会已开 1:00",
        "counts": "待点 4  未应 2",
        "uncalled": "还有 4 人没有点到。",
        "fines": "扣罚 2 笔，共 60.00",
        "absent": "到结束营业还不来就算旷工：6 人，共 9655.17",
        "closed": "班前会 19:36 散会：扣罚 2 笔，共 60.00。",
        "told": "玫瑰组 已转达给休息的同事。",
        "room": "解小美：补签有效，依据是房间 V8。",
        "no_room": "缺席，50.00",
        "out": "12 分",
        "stays": "吴丽华 留用",
        "ended": "已结束营业。",
    },
    "zh-Hant": {
        "waits": "待處理 · 3",
        "slip": "已批准：区雪 的放行條",
        "late": "班前會已開 1:00",
        "counts": "待點 4  未應 2",
        "uncalled": "還有 4 人沒有點到。",
        "fines": "扣罰 2 筆，共 60.00",
        "absent": "到結束營業還不來就算曠工：6 人，共 9655.17",
        "closed": "班前會 19:36 散會：扣罰 2 筆，共 60.00。",
        "told": "玫瑰组 已轉達給休息的同事。",
        "room": "解小美：補簽有效，依據是房間 V8。",
        "no_room": "缺席，50.00",
        "out": "12 分",
        "stays": "吴丽华 留用",
        "ended": "已結束營業。",
    },
}


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    session = make_session()
    open_evening(session, clock_of(session))
    return session


def header(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(HeadPanel).text


def fine(session: Session, staff_no: str) -> int:
    return next(row.fine for row in roll_board.board(session) if row.staff_no == staff_no)


@pytest.mark.parametrize("language", SAID)
async def test_a_directors_night(session: Session, clock: Clock, language: str) -> None:
    said = SAID[language]
    app = VenueApp(session, language=language)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        # 19:20: who stands at the door may go, once it is said who allows it.
        assert pilot.app.screen.query_one("#waiting", LineList).border_title == said["waits"]
        await pilot.press("a", *"wf", "enter")
        assert app.person == "D1"
        assert toasts(pilot)[-1] == said["slip"]

        # The roll: whose night it is, what is to be done, and everyone who is here on time.
        await pilot.press("2", "D", *"wf", "enter", "B")
        app.screen.query_one(LongText).text = "V8: 贵宾"
        await pilot.press("f2")
        assert "V8: 贵宾" in header(pilot)
        assert "王芳" in header(pilot)
        clock.set(f"{NIGHT}T19:25")
        await pilot.press(*["space"] * 18)  # Tulip
        await pilot.press("space", "space", "down", "down", *["space"] * 14)  # 103, 104 aren't here
        await pilot.press(*["space"] * 10)

        # 19:31: two come late. 19:36: enough.
        clock.set(f"{NIGHT}T19:31")
        await pilot.press("l", "l")
        await ticked(pilot)
        assert said["late"] in header(pilot)
        assert said["counts"] in header(pilot)
        clock.set(f"{NIGHT}T19:36")
        await pilot.press("C")
        titles = [row.cells[0] for row in app.screen.query_one(LineList).rows if row.group]
        assert titles == [said["uncalled"], said["fines"], said["absent"]]
        await pilot.press("y")
        assert toasts(pilot)[-1] == said["closed"]

        # The team tells those who rest; one comes too late; two sign because of their rooms.
        missing = [row.staff_no for row in roll_board.board(session) if row.unmarked]
        assert missing == ["103", "104", "132", "133", "134", "S2"]
        clock.set(f"{NIGHT}T19:50")
        await pilot.press("slash", *"132", "enter", "R")
        assert toasts(pilot)[-1] == said["told"]
        await pilot.press("space")
        assert fine(session, "132") == 5000
        clock.set(f"{NIGHT}T20:30")
        await pilot.press("slash", *"104", "enter", "m")
        assert toasts(pilot)[-1] == said["room"]
        await pilot.press("slash", *"133", "enter", "m", "y")
        assert said["no_room"] in toasts(pilot)[-1]
        await pilot.press("u")
        assert fine(session, "133") == 0

        # 21:00: the slip is used; the dashboard counts the minutes.
        clock.set(f"{NIGHT}T21:00")
        await pilot.press("4", "right", "o", "1")
        clock.set(f"{NIGHT}T21:12")
        await ticked(pilot)
        assert [row.cells[1] for row in app.screen.query_one("#out", LineList).rows] == [
            said["out"]
        ]
        await pilot.press("4", "right", "b")
        assert slip_board.board(session).out[0].back_at == clock.now

        # Whoever was absent three times stays on; then the night is ended.
        await pilot.press("1", "tab", "x", *"ill", "enter")
        assert toasts(pilot)[-1] == said["stays"]
        assert separations.undecided(session, month_of(NIGHT)) == []
        clock.set("2026-09-13T02:30")
        await pilot.press("2", "N", "y")
        assert toasts(pilot)[-1] == said["ended"]

    outcomes = {row.staff_no: row.outcome for row in roll_board.board(session)}
    assert [each for each, outcome in outcomes.items() if outcome is Outcome.LATE] == ["130", "131"]
    assert [each for each, outcome in outcomes.items() if outcome is Outcome.ABSENT] == [
        *("103", "133", "134", "S2")
    ]
    assert outcomes["104"] is Outcome.MADE_UP
    assert charges("132", NIGHT) == [("missed_briefing", "roll", 5000, "standing")]
    assert charges("S2", NIGHT) == [("absence", "roll", 165_517, "standing")]
    briefing = briefings.briefing(session, NIGHT)
    assert briefing is not None
    assert (briefing.director_no, briefing.night_closed) == ("D1", True)
    assert in_step(session)
    assert audit.broken_link() is None
