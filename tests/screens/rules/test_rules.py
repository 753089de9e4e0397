"""Rules: the rulebook in force, its versions, and another one tried before it is adopted."""

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import Static

from models.access.session import Session
from models.operations import venue
from models.rules import shipped
from models.storage.database import execute
from tests.screens.office import NIGHTS, furnish
from tests.screens.pilot import lines, press, said, showing, toasts
from venue_tui.screens.rules.forms import AdoptForm, AmendForm, RulebookFileForm
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


@pytest.fixture
def dearer(tmp_path: Path) -> Path:
    """The default rulebook with lateness at 80."""
    source = shipped.load("nightlife").source
    path = tmp_path / "dearer.toml"
    path.write_text(source.replace('amount = "30"', 'amount = "80"'), encoding="utf-8")
    return path


async def test_shows_clauses_settings_and_cautions_with_sources(session: Session) -> None:
    async with showing(session, "rules", "D2") as pilot:
        book = lines(pilot, "book")
        assert book["rule late"] == ("2", "Late for the briefing", "30.00", "the roll")
        assert book["rule absence"][2] == "4 days' wages"
        assert book["owner booked"] == ("9", "a booking", "→ who booked", "a booking: staff")
        assert book["promise called_back"][2] == "left → called back, 3 nights"
        assert book["rule fighting"][2] == "500.00 to 1000.00"
        values = {cells[1]: cells[2] for key, cells in book.items() if key.startswith("setting")}
        assert values["Briefing at"] == "19:30"
        assert values["Deemed resigned by"] == "3 absences in a calendar month"
        assert values["Most that a month deducts"] == "no cap"
        assert "Nightlife venue (nightlife)  from the beginning" in said(pilot, "heading")
        pilot.app.screen.query_one("#book", LineList).move_to("caution cn_monthly_fifth")
        await pilot.pause()
        assert "no more than 20% of the month's wage" in said(pilot, "about")
        assert "Source: Provisional Regulations on Wage Payment" in said(pilot, "about")


async def test_a_caution_is_read_as_a_whole(session: Session) -> None:
    async with showing(session, "rules", "D2") as pilot:
        pilot.app.screen.query_one("#book", LineList).move_to("caution cn_minimum_wage")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ReadScreen)
        assert "art. 16" in str(pilot.app.screen.query_one(Static).content)


async def test_versions_are_paged_through(session: Session, dearer: Path) -> None:
    venue.adopt(session, shipped.load(str(dearer)), date(2026, 11, 1))
    async with showing(session, "rules", "D2") as pilot:
        assert "from the beginning  until 2026-11-01  version 1 of 2" in said(pilot, "heading")
        await press(pilot, "right_square_bracket")
        assert "from 2026-11-01  version 2 of 2" in said(pilot, "heading")
        assert lines(pilot, "book")["rule late"][2] == "80.00"
        await press(pilot, "right_square_bracket", "left_square_bracket")
        assert lines(pilot, "book")["rule late"][2] == "30.00"


async def test_a_file_is_tried_then_adopted_then_taken_back(session: Session, dearer: Path) -> None:
    async with showing(session, "rules", "D2") as pilot:
        await press(pilot, "t", *"file", "enter")
        form = pilot.app.screen
        assert isinstance(form, RulebookFileForm)
        form.control("file").value = "/nowhere.toml"
        await press(pilot, "enter")
        assert "it can't be read" in str(form.query_one("#problem-file", Static).content)
        form.control("file").value = str(dearer)
        await press(pilot, "enter")
        tried = lines(pilot, "whatif")
        assert tried[" all"][:5] == ("All", "4", "3460.00", "3560.00", "+100.00")
        assert tried["S1"][:5] == ("S1", "曾小贤", "60.00", "160.00", "+100.00")
        assert tried["S2"][4] == "0.00"
        assert "2026-09  differs for 1 staffer" in said(pilot, "heading")
        assert "7 cautions" in said(pilot, "about")
        await press(pilot, "v")
        assert lines(pilot, "book")["rule late"][2] == "80.00"
        assert "tried, not adopted" in said(pilot, "heading")
        await press(pilot, "escape", "right_square_bracket")
        assert "2026-10  differs for 0 staffers" in said(pilot, "heading")
        assert len(session.versions.adopted) == 1
        await press(pilot, "A")
        form = pilot.app.screen
        assert isinstance(form, AdoptForm)
        assert form.values()["from"] == "2026-10-06"
        form.control("from").value = "2026-11-01"
        await press(pilot, "f2")
        assert session.book(date(2026, 11, 1)).rule("late").amount == 8000
        assert session.book(date(2026, 10, 31)).rule("late").amount == 3000
        assert "until 2026-11-01" in said(pilot, "heading")
        await press(pilot, "u")
        assert session.book(date(2026, 11, 1)).rule("late").amount == 3000
        assert any(each.startswith("Undone:") for each in toasts(pilot))


async def test_who_is_charged_otherwise_is_named_before_a_rulebook_is_adopted(
    session: Session, dearer: Path
) -> None:
    """Of the nights from the chosen one on, with the sums before and after; and of none before."""

    def charged() -> list[tuple[date, int]]:
        rows = execute("SELECT night, amount FROM charges WHERE rule = 'late' ORDER BY night")
        return [(date.fromisoformat(night), cents) for night, cents in rows.fetchall()]

    before = [(NIGHTS[0], 3000), (NIGHTS[2], 3000)]
    assert charged() == before
    async with showing(session, "rules", "D2") as pilot:
        await press(pilot, "t", *"file", "enter")
        pilot.app.screen.control("file").value = str(dearer)
        await press(pilot, "enter", "A")
        form = pilot.app.screen
        form.control("from").value = NIGHTS[1].isoformat()  # S1 was late before it and after it
        await press(pilot, "f2")
        question = pilot.app.screen
        assert isinstance(question, Confirm)
        assert [str(each.content) for each in question.query(Static)][:2] == [
            "2026-09, 1 staffer: charged 60.00 → 110.00",
            "  S1 曾小贤: charged 60.00 → 110.00",
        ]
        await press(pilot, "n")
        assert pilot.app.screen is form
        assert charged() == before
        await press(pilot, "f2", "y")
        assert charged() == [(NIGHTS[0], 3000), (NIGHTS[2], 8000)]
        await press(pilot, "u")
        assert charged() == before


async def test_what_it_has_no_rule_for_is_named_and_not_adopted(session: Session) -> None:
    async with showing(session, "rules", "D2") as pilot:
        await press(pilot, "t", *"club", "enter")
        assert "Left out: 2 incidents that it has no such rule for" in said(pilot, "about")
        await press(pilot, "A")
        form = pilot.app.screen
        assert isinstance(form, AdoptForm)
        form.control("from").value = "2026-09-01"
        await press(pilot, "f2")
        problem = str(form.query_one("#problem-of-form", Static).content)
        assert "has no rule" in problem
        await press(pilot, "escape", "y", "escape")
        assert "Nightlife venue" in said(pilot, "heading")


async def test_a_broken_file_says_everything_that_is_wrong(
    session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text('name = "x"\nbriefing = "25:00"\n', encoding="utf-8")
    async with showing(session, "rules", "D2") as pilot:
        await press(pilot, "t", *"file", "enter")
        form = pilot.app.screen
        assert isinstance(form, RulebookFileForm)
        form.control("file").value = str(path)
        await press(pilot, "enter")
        problem = str(form.query_one("#problem-file", Static).content)
        assert 'briefing: it must be a time of day such as "19:30"' in problem
        assert "rules: a rulebook has at least one rule" in problem


async def test_other_amounts_are_tried_and_then_adopted(session: Session) -> None:
    async with showing(session, "rules", "D2") as pilot:
        await press(pilot, "e")
        form = pilot.app.screen
        assert isinstance(form, AmendForm)
        form.control("late-amount").value = "-4"
        await press(pilot, "f2")
        assert "plain number" in str(form.query_one("#problem-late-amount", Static).content)
        form.control("late-amount").value = "40"
        form.control("grace_minutes").value = "5"
        await press(pilot, "f2", "A", "f2")
        first = date(2026, 10, 6)
        book = session.book(first)
        late = book.rule("late")
        assert late is not None
        assert (book.grace_minutes, late.amount) == (5, 4_000)
        await press(pilot, "u")
        assert session.book(first).grace_minutes == 0
