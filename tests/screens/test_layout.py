"""How screens use the room there is: columns that give way, what stands at the right, bars."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import ColorSystem
from textual.widgets import Digits

from models.access.session import Session
from models.storage.database import close_database
from tests.screens.pilot import drawn, lines, press, said, settled, showing
from venue_tui.actions import PLACES, SCREENS
from venue_tui.app import VenueApp
from venue_tui.demo.venue import make_demo
from venue_tui.locale import _, set_language
from venue_tui.widgets.frame import ScreenBar
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines
from venue_tui.widgets.scroll_bar import LYING, UPRIGHT, QuietScrollBar


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    yield make_demo(tmp_path, ticking=False)
    close_database()
    set_language("en")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("first", ["tonight", "outings", "guests"])
async def test_every_screen_has_its_key_in_the_bar(
    demo: Session, width: int, language: str, first: str
) -> None:
    app = VenueApp(demo, language=language, first=first)
    async with app.run_test(size=(width, 24)) as pilot:
        await settled(pilot)
        said = drawn(pilot)[1]
        # Nothing but a blank or a bracket stands before a key, so that no two names run together.
        assert re.findall(r"(?<=[\[\] ])\d", f" {said}") == [*"1234567890"]
        bar = app.screen.query_one(ScreenBar)
        assert [name for _start, _end, name in bar._spans] == [each.name for each in SCREENS]
        assert bar._spans[-1][1] <= width
        for each in SCREENS if width >= 80 else ():
            assert _(each.title) in said or _(each.short or each.title) in said


@pytest.mark.parametrize("name", ["leave", "incidents", "deductions", "audit"])
async def test_on_two_lines_of_keys_those_of_every_screen_stand_by_themselves(
    demo: Session, name: str
) -> None:
    async with showing(demo, name, "D01", size=(80, 24)) as pilot:
        own, shared = drawn(pilot)[-2:]
        assert "Find" not in own
        assert shared.split()[:2] == ["/", "Find"]
        assert "^q Quit" in shared


@pytest.mark.parametrize("width", [40, 60, 80, 120, 160])
async def test_night_and_clock_are_never_cut(demo: Session, width: int) -> None:
    demo.venue = "金麒麟国际娱乐会所有限公司旗舰店"
    app = VenueApp(demo, language="en")
    async with app.run_test(size=(width, 24)) as pilot:
        await settled(pilot)
        said = drawn(pilot)[0]
        assert "11-30" in said
        assert "19:25" in said


NIGHTS = ("tonight", "roll", "leave")
"""Those whose head is no line of words."""

WITH_DETAIL = {
    "leave": "detail",
    "outings": "detail",
    "bookings": "detail",
    "incidents": "detail",
    "deductions": "staffer",
    "staff": "member",
    "rules": "about",
    "audit": "line",
}


@pytest.mark.parametrize("width", [120, 160])
@pytest.mark.parametrize("name", WITH_DETAIL)
async def test_what_is_selected_stands_at_the_right(demo: Session, name: str, width: int) -> None:
    app = VenueApp(demo, language="en", first=name)
    async with app.run_test(size=(width, 40)) as pilot:
        await settled(pilot)
        detail = app.screen.query_one(f"#{WITH_DETAIL[name]}", Lines)
        assert detail.region.x > width // 2
        assert detail.region.right == width
        assert detail.text.strip()
        shown = "".join(detail.render_line(y).text for y in range(detail.size.height))
        assert shown.count("…") == detail.text.count("…")  # a long line goes on in the next
        keys = app.screen.query_one("#row-keys", Lines)
        if name != "leave":
            assert keys.region.x == detail.region.x
            assert keys.text


@pytest.mark.parametrize(("name", "number"), [("incidents", "0010"), ("leave", "0007")])
async def test_what_else_there_is_of_theirs_is_told(demo: Session, name: str, number: str) -> None:
    async with showing(demo, name, "D01", size=(120, 36)) as pilot:
        screen = pilot.app.screen_stack[0]
        records = {"incidents": "_incidents", "leave": "_rows"}[name]
        of_theirs = [
            key
            for key, each in getattr(screen, records).items()
            if each.staff_no == number and each.status in ("recorded", "requested", "approved")
        ]
        assert len(of_theirs) > 1
        screen.query_one(f"#{name}", LineList).move_to(of_theirs[0])
        await settled(pilot)
        others = said(pilot).partition("Others of theirs: ")[2]
        assert len(others.split(", ")) == len(of_theirs) - 1


async def test_what_can_be_done_follows_the_cursor(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="incidents")
    app.person = "D01"
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        before = app.screen.query_one("#row-keys", Lines).text
        assert "Let the" in before or "w  " in before
        await pilot.press("d", *"seen wrongly", "enter")
        await settled(pilot)
        after = app.screen.query_one("#row-keys", Lines).text
        assert "w  " not in after
        assert "r  " in after


@pytest.mark.parametrize("name", ["leave", "incidents", "staff", "audit", "rules"])
async def test_on_a_phone_columns_give_way_and_nothing_scrolls(demo: Session, name: str) -> None:
    app = VenueApp(demo, language="zh-Hans", first=name)
    async with app.run_test(size=(44, 30)) as pilot:
        await settled(pilot)
        listed = app.screen.query("LineList.list, .list LineList").first(LineList)
        assert listed.max_scroll_x == 0
        titles = [column.title for column in listed.columns]
        assert 0 < sum(width > 0 for width in listed.widths) <= len(titles)


async def test_panels_are_named_on_a_phone(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="outings")
    async with app.run_test(size=(40, 24)) as pilot:
        await settled(pilot)
        said = "\n".join(drawn(pilot))
        for title in ("Asked · 2", "Approved · 0", "Out · 1"):
            assert title in said


async def test_the_countdown_is_large_where_there_is_room(demo: Session) -> None:
    app = VenueApp(demo, language="en")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        digits = app.screen.query_one("#countdown", Digits)
        assert digits.region.height == 5
        assert (str(digits.border_title), digits.value) == ("Briefing in", "5:00")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert not digits.region


def _bar(size: int, virtual: int, window: int, position: float, *, vertical: bool) -> str:
    drawn = QuietScrollBar.render_bar(size, virtual, window, position, vertical=vertical)
    return "".join(segment.text.rstrip("\n") for segment in drawn.segments)


def test_a_scrollbar_is_a_line_as_long_as_what_is_seen() -> None:
    assert _bar(10, 100, 50, 0, vertical=True) == UPRIGHT * 5 + " " * 5
    assert _bar(10, 100, 50, 50, vertical=True) == " " * 5 + UPRIGHT * 5
    assert _bar(10, 10_000, 10, 9_990, vertical=False) == " " * 9 + LYING
    assert _bar(4, 4, 4, 0, vertical=True) == " " * 4


async def test_what_is_due_is_said_of_people(demo: Session) -> None:
    async with showing(demo, "tonight", "D01", size=(120, 36)) as pilot:
        due = [cells for cells in lines(pilot, "waiting").values() if cells[0] == "due"]
        assert len(due) > 3
        assert not [cells[1] for cells in due if any(each.isdigit() for each in cells[1])]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("tonight", "8 opens the roster"),
        ("roll", "8 opens the roster"),
        ("leave", "n asks for some"),
        ("outings", "n asks for a slip"),
        ("bookings", "V01-V16"),
        ("incidents", "n raises one"),
        ("deductions", "Nobody works here"),
        ("staff", "n"),
        ("accounts", "n makes the first account"),
    ],
)
async def test_an_empty_screen_says_how_to_begin(make_session, name: str, word: str) -> None:
    async with showing(make_session(), name, size=(100, 30)) as pilot:
        assert word in " ".join(" ".join(drawn(pilot)).split())


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light"])
@pytest.mark.parametrize("name", [each.name for each in SCREENS])
async def test_nothing_vanishes_in_sixteen_colours(demo: Session, name: str, theme: str) -> None:
    async with showing(demo, name, "D01", size=(120, 36)) as pilot:
        pilot.app.theme = theme
        await settled(pilot)
        for strip in pilot.app.screen._compositor.render_strips():
            for text, style, _control in strip:
                if text.strip() and style is not None and style.color and style.bgcolor:
                    front, ground = (
                        each.downgrade(ColorSystem.STANDARD)
                        for each in (style.color, style.bgcolor)
                    )
                    assert front.is_default or ground.is_default or front != ground, text


@pytest.mark.parametrize("width", [40, 60, 80])
@pytest.mark.parametrize("name", [each.name for each in PLACES if each.name not in NIGHTS])
async def test_the_head_of_a_screen_is_never_cut(demo: Session, name: str, width: int) -> None:
    async with showing(demo, name, "D01", size=(width, 24)) as pilot:
        head = pilot.app.screen.query_one(".heading", Lines)
        shown = "".join(head.render_line(y).text for y in range(head.size.height))
        assert "".join(shown.split()) == "".join(head.text.split())
        assert head.text.strip()


async def test_a_charge_is_told_at_the_right_as_high_as_the_list(demo: Session) -> None:
    async with showing(demo, "deductions", "D01", size=(120, 36)) as pilot:
        await press(pilot, "enter")
        screen = pilot.app.screen
        told, listed = screen.query_one("#charge"), screen.query_one("#charges")
        keys = screen.query_one("#pane-charges #row-keys")
        assert told.region.y == listed.region.y
        assert told.region.bottom == keys.region.y
        assert str(told.border_title) == "Charge"
        await press(pilot, "escape", "c")
        chart = screen.query_one("#chart", LineList)
        assert "…" not in "".join(chart.render_line(y).text for y in range(chart.size.height))
