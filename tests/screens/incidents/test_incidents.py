"""Incidents: raising by clause, waiving, withdrawing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from models.access.session import Session
from models.ledger import separations, waivers
from models.operations import incidents
from models.payroll import months
from tests.screens.office import NIGHTS, furnish
from tests.screens.pilot import asked, drawn, press, rows, said, toasts
from tests.screens.pilot import showing as showing_in
from venue_tui.app import VenueApp
from venue_tui.screens.incidents.forms import IncidentForm
from venue_tui.screens.incidents.screen import IncidentsScreen
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines

COMPLAINT = "7 Guest complaint about service"


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


@asynccontextmanager
async def showing(session: Session, month: str | None = "2026-09") -> AsyncIterator[Pilot]:
    app = VenueApp(session, language="en", first="incidents")
    app.person = "D2"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        screen = app.screen
        assert isinstance(screen, IncidentsScreen)
        if month:
            screen.show_month(month)
        await pilot.pause()
        yield pilot


def of(session: Session, number: int) -> incidents.Incident:
    return incidents.listing(session, NIGHTS[0], NIGHTS[-1])[number]


async def test_lists_the_month_latest_first(session: Session) -> None:
    async with showing(session) as pilot:
        assert rows(pilot, "incidents") == [
            ("09-03 22:00", "欧阳菲菲", "S2", COMPLAINT, "100.00", "standing"),
            ("09-02 23:10", "欧阳菲菲", "S2", "10 Causing a fight", "800.00", "standing"),
        ]
        heading = pilot.app.screen.query_one("#month", Lines).text
        assert "2026-09" in heading
        assert "2 incidents, 900.00 charged" in heading
        await pilot.press("down")
        assert "打烂了两只杯子 [b]x[/]" in said(pilot)
        assert "王总监" in said(pilot)
        await pilot.press("right_square_bracket")
        assert rows(pilot, "incidents") == []
        assert "No incidents in 2026-10" in said(pilot)
        await pilot.press("right_square_bracket")
        assert "Nothing is recorded after 2026-10." in toasts(pilot)


async def test_is_raised_by_clause_and_can_be_undone(session: Session) -> None:
    async with showing(session, None) as pilot:
        await pilot.press("n")
        chooser = pilot.app.screen
        assert isinstance(chooser, Chooser)
        rules = [row.cells for row in chooser.query_one(LineList).rows]
        assert rules[0] == ("5 Out without an approved slip", "100.00")
        assert ("10 Causing a fight", "500.00 to 1000.00") in rules
        assert [int(title.split()[0]) for title, _limits in rules] == sorted(
            int(title.split()[0]) for title, _limits in rules
        )
        await pilot.press(*"fight", "enter")
        form = pilot.app.screen
        assert isinstance(form, IncidentForm)
        await pilot.press(*"zx", "enter")
        form.control("occurred_at").value = "2026-10-04 23:30"
        form.control("amount").value = "1200"
        form.control("note").value = "threw a glass"
        await pilot.press("f2")
        problem = str(form.query_one("#problem-amount", Static).content)
        assert problem == "10 Causing a fight takes an amount from 500 to 1000"
        assert form.focused is form.control("amount")
        assert form.values()["note"] == "threw a glass"
        form.control("amount").value = "700"
        await pilot.press("f2")
        assert rows(pilot, "incidents") == [
            ("10-04 23:30", "曾小贤", "S1", "10 Causing a fight", "700.00", "standing")
        ]
        assert "reported by 何总监" in said(pilot)
        await pilot.press("u")
        assert rows(pilot, "incidents")[0][-1] == "withdrawn"
        assert any(each.startswith("Undone: Raised: I261004-01") for each in toasts(pilot))


async def test_a_figure_of_ones_choosing_needs_a_reason(session: Session) -> None:
    async with showing(session, None) as pilot:
        await pilot.press("n", *"fight", "enter", *"zx", "enter")
        form = pilot.app.screen
        assert isinstance(form, IncidentForm)
        verdict = str(form.query_one("#verdict", Static).content)
        assert "Night of 2026-10-05. Write 500.00 to 1000.00" in verdict
        form.control("amount").value = "700"
        form.control("occurred_at").value = "soon"
        await pilot.press("f2")
        assert form.focused is form.control("occurred_at")
        form.control("occurred_at").value = "13:30"
        await pilot.press("f2")
        problem = str(form.query_one("#problem-note", Static).content)
        assert problem == "say why this amount was chosen"


async def test_whose_sales_become_void_is_said_with_their_sum(session: Session) -> None:
    async with showing(session, None) as pilot:
        await pilot.press("n", *"fraud", "enter", *"oyff", "enter")
        form = pilot.app.screen
        assert isinstance(form, IncidentForm)
        form.control("occurred_at").value = "2026-09-05 23:00"
        await pilot.pause()
        verdict = str(form.query_one("#verdict", Static).content)
        assert "Their sales of 2026-09, which become void: 4280.50." in verdict


async def test_nobody_raises_their_own(session: Session) -> None:
    async with showing(session, None) as pilot:
        await pilot.press("n", *"service", "enter")
        form = pilot.app.screen
        assert isinstance(form, IncidentForm)
        form.control("staff_no").query_one(Input).value = "D2"
        await pilot.press("f2")
        assert "their own" in str(form.query_one("#problem-of-form", Static).content)


async def test_waiving_needs_a_reason_and_can_be_put_back(session: Session) -> None:
    async with showing(session) as pilot:
        await pilot.press("w", "enter")
        problem = pilot.app.screen.query_one("#problem-reason", Static)
        assert "a reason is needed" in str(problem.content)
        await pilot.press(*"first time", "enter")
        assert rows(pilot, "incidents")[0][-1] == "waived"
        assert "Waived by 何总监: first time" in said(pilot)
        heading = pilot.app.screen.query_one("#month", Lines).text
        assert "800.00 charged" in heading
        await pilot.press("u")
        assert rows(pilot, "incidents")[0][-1] == "standing"
        await pilot.press("w", *"again", "enter", "r", "y")
        assert rows(pilot, "incidents")[0][-1] == "standing"
        await pilot.press("u")
        each = of(session, 0)
        waiver = waivers.waiver(each.staff_no, each.night, each.rule, each.source)
        assert waiver == ("D2", "again")


async def test_all_that_are_listed_are_waived_for_one_reason_and_put_back(
    session: Session,
) -> None:
    async with showing(session) as pilot:
        await press(pilot, "W")
        assert "2 charges, 900.00" in "\n".join(drawn(pilot))
        await press(pilot, "enter")
        assert "say why" in asked(pilot, "problem-reason")
        await press(pilot, *"storm", "enter")
        assert [each[5] for each in rows(pilot, "incidents")] == ["waived", "waived"]
        assert toasts(pilot)[-1] == "Waived: 2 charges, 900.00"
        held = of(session, 0)
        waiver = waivers.waiver(held.staff_no, held.night, held.rule, held.source)
        assert waiver == ("D2", "storm")
        await press(pilot, "W")
        assert toasts(pilot)[-1] == "No charge that is listed here stands."
        await press(pilot, "u")
        assert [each[5] for each in rows(pilot, "incidents")] == ["standing", "standing"]
        await press(pilot, "slash", *"xyz", "enter", "W")
        assert toasts(pilot)[-1] == "No charge that is listed here stands."


async def test_of_a_closed_month_nothing_is_asked_that_would_be_refused(session: Session) -> None:
    for each in separations.undecided(session, "2026-09"):
        separations.decide(session, each, separations.KEPT, "D1")
    months.close(session, "2026-09")
    async with showing(session) as pilot:
        for key in ("w", "W", "e", "d"):
            await press(pilot, key)
            assert len(pilot.app.screen_stack) == 1
            assert toasts(pilot)[-1].startswith("2026-09 is closed")


async def test_withdrawing_takes_the_charge_back(session: Session) -> None:
    async with showing(session) as pilot:
        await pilot.press("d", *"mistaken", "enter")
        assert rows(pilot, "incidents")[0][-1] == "withdrawn"
        await pilot.press("r", "y")
        assert rows(pilot, "incidents")[0][-1] == "standing"
        await pilot.press("u")
        assert of(session, 0).status == "withdrawn"
        await pilot.press("u")
        assert of(session, 0).status == "recorded"


async def test_whoever_it_concerns_is_asked_again_who_they_are(session: Session) -> None:
    async with showing(session) as pilot:
        pilot.app.person = "S2"  # type: ignore[attr-defined]
        await pilot.press("w", *"mine", "enter")
        assert isinstance(pilot.app.screen, Chooser)
        await pilot.press(*"D1", "enter")
        assert rows(pilot, "incidents")[0][-1] == "waived"
        assert "Waived by 王总监: mine" in said(pilot)


async def test_a_long_note_is_read_as_a_whole(session: Session) -> None:
    note = "\n".join(f"line {n} [b]" for n in range(40))
    incidents.raise_incident(
        session, "S1", "service_complaint", session.now() - 60, note=note, by="D1"
    )
    async with showing(session, None) as pilot:
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ReadScreen)
        assert "line 39 [b]" in str(pilot.app.screen.query_one(Static).content)
        await pilot.press("pagedown", "enter")
        assert isinstance(pilot.app.screen, IncidentsScreen)


async def test_is_found_by_initials(session: Session) -> None:
    async with showing(session) as pilot:
        await pilot.press("slash", *"oyff")
        assert len(rows(pilot, "incidents")) == 2
        await pilot.press(*"x")
        assert rows(pilot, "incidents") == []


async def test_a_rule_is_found_by_its_pinyin_and_named_in_words_where_it_is_refused(
    demo: Session,
) -> None:
    async with showing_in(demo, "incidents", "D01", "zh-Hans") as pilot:
        await press(pilot, "n", *"dzct")
        chosen = pilot.app.screen.query_one(LineList)
        assert [row.key for row in chosen.rows] == ["insubordination"]
        await press(pilot, "enter", *"0021", "enter", *"20", "f2")
        assert "10 顶撞冲突" in str(pilot.app.screen.query_one("#problem-amount", Static).content)
