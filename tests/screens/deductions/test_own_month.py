"""The staffer's own window: their month, what they may ask for, and nothing of anybody else's."""

from models.access.session import Session
from models.payroll.explanation import explain
from tests.models.house import NIGHT, brief, hire, sign, sign_in
from venue_tui.actions import PLACES
from venue_tui.app import VenueApp
from venue_tui.screens.deductions.charges_pane import ChargesPane


async def test_a_staffer_sees_their_month_and_marks_a_charge_as_seen(session: Session) -> None:
    hire("D1", position="director", team=None)
    for number in ("A1", "A2"):
        hire(number, supervisor_no="D1")
    brief(session)
    for number in ("A1", "A2"):
        sign(session, number, arrived_at="19:40")
    sign_in(session, "staff", "A1")
    app = VenueApp(session, first="deductions")
    async with app.run_test(size=(120, 36)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        pane = app.screen.query_one(ChargesPane)
        assert pane.selected is not None
        assert pane.selected.staff_no == "A1"
        await pilot.press("exclamation_mark")
        await pilot.pause()
        await pilot.press("2", "8")
        await pilot.pause()
        assert app.current_mode == "deductions"
    [charge] = explain(session, "A1", f"{NIGHT:%Y-%m}").charges
    assert charge.seen_at == session.now()
    closed = {each.name for each in PLACES if each.permission == "house"}
    assert closed == {"tonight", "roll", "bookings", "incidents", "staff", "guests"}
