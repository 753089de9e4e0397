"""The staffer's own window: their month, what they may ask for, and nothing of anybody else's."""

from datetime import date

from models.access.session import Session
from models.operations import bookings, leave, outings
from models.payroll.explanation import explain
from tests.models.house import NIGHT, brief, hire, place, sign, sign_in
from venue_tui.actions import PLACES
from venue_tui.app import VenueApp
from venue_tui.screens.deductions.charges_pane import ChargesPane
from venue_tui.screens.shared.people import pickable
from venue_tui.widgets.form import FormScreen


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
    assert closed == {"tonight", "roll", "incidents", "staff", "guests"}


async def test_a_staffer_has_their_own_leave_slips_and_bookings_and_asks(session: Session) -> None:
    """By the keys alone, and nobody else's name is on any of the screens."""
    hire("D1", "总监", "director", team=None)
    hire("A1", "曾小贤", supervisor_no="D1")
    hire("A2", "单雄信", supervisor_no="D1")
    for at, number in enumerate(("A1", "A2")):
        place(f"V{at}")
        bookings.book(session, NIGHT, f"V{at}", number, guest_name=f"{number}的客人")
        leave.ask(session, number, "rest", date(2026, 9, 20), date(2026, 9, 20))
        outings.ask(session, number, f"{number}买烟")
    sign_in(session, "staff", "A1")
    assert [each.name for each in pickable(session)] == ["曾小贤"]
    app = VenueApp(session, first="deductions")
    async with app.run_test(size=(120, 36)) as pilot:
        for key, own in (("5", "A1的客人"), ("3", "曾小贤"), ("4", "A1买烟")):
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
            shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert own in shown
            assert "单雄信" not in shown
            assert "A2" not in shown
        await pilot.press("5", "n")
        await pilot.pause()
        assert app.screen is app.screen_stack[0]  # who books for a guest is another
        await pilot.press("3", "n")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FormScreen)
        form.control("first_night").value = "2026-09-25"
        await pilot.press("f2")
        await app.workers.wait_for_complete()
        await pilot.pause()
    assert {each.staff_no for each in leave.listing(session)} == {"A1"}
    assert date(2026, 9, 25) in {each.first_night for each in leave.listing(session)}
