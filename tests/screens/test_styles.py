"""Styles are computed when a widget is made and when they change, and at no other time; a screen is
painted as a whole once, and no part of it before all of it is there."""

import asyncio
from collections.abc import Iterable
from threading import Event
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.screen import Screen

from models.access.session import Session
from tests.screens.pilot import settled
from venue_tui import textual_internals
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp
from venue_tui.screens.staff.screen import StaffScreen
from venue_tui.widgets.frame import FactLine
from venue_tui.widgets.line_list import LineList

_OF_WHAT_CHANGES = 12
_LOOKS_AT_THE_KEYS = 9


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 36)])
async def test_opening_and_coming_back_compute_none_anew(
    demo: Session, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    computed: list[DOMNode] = []
    update_nodes = Stylesheet.update_nodes

    def counted(self: Stylesheet, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        found = list(nodes)
        computed.extend(found)
        update_nodes(self, found, animate=animate)

    app = VenueApp(demo, language="en")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        monkeypatch.setattr(Stylesheet, "update_nodes", counted)
        for each in (*SCREENS, *SCREENS):
            computed.clear()
            app.go(each.name)
            await settled(pilot)
            assert len(computed) <= _OF_WHAT_CHANGES, each.name


async def test_opening_and_coming_back_paint_the_whole_once(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[Compositor] = []
    render = Compositor.render_full_update

    def counted(self: Compositor, simplify: bool = False) -> object:
        painted.append(self)
        return render(self, simplify)

    app = VenueApp(demo, language="en")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        monkeypatch.setattr(Compositor, "render_full_update", counted)
        for each in (*SCREENS[1:], *SCREENS):
            painted.clear()
            app.go(each.name)
            await settled(pilot)
            assert len(painted) == 1, each.name


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 36)])
async def test_a_screen_that_opens_is_painted_once_when_all_of_it_is_there(
    demo: Session, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setattr(textual_internals, "LONGEST_HELD", 60.0)
    painted: list[Compositor] = []
    render = Compositor.render_update

    def counted(self: Compositor, *args: Any, **options: Any) -> object:
        if (found := render(self, *args, **options)) is not None:
            painted.append(self)
        return found

    app = VenueApp(demo, language="en")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        monkeypatch.setattr(Compositor, "render_update", counted)
        for each in SCREENS[2:]:  # the roll reads on beside, whom the light is on
            painted.clear()
            app.go(each.name)
            await settled(pilot)
            assert len(painted) == 1, each.name


async def test_a_screen_whose_reading_takes_long_is_seen_meanwhile(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = Event()
    monkeypatch.setattr(StaffScreen, "_undecided", lambda _screen: answered.wait(60) and [])
    app = VenueApp(demo, language="en")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.go("staff")
        try:
            await asyncio.sleep(10 * textual_internals.LONGEST_HELD)
            await pilot.pause()
            assert not app.screen.unpainted  # type: ignore[attr-defined]
        finally:
            answered.set()


async def test_the_keys_of_a_screen_that_opens_are_worked_out_a_few_times(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(textual_internals, "LONGEST_HELD", 60.0)  # whatever else this machine does
    asked: list[object] = []
    working_out = Screen.active_bindings.fget
    assert working_out is not None

    def counted(self: Screen[None]) -> object:
        asked.append(self)
        return working_out(self)

    app = VenueApp(demo, language="en")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        monkeypatch.setattr(Screen, "active_bindings", property(counted))
        for each in SCREENS[1:]:
            asked.clear()
            app.go(each.name)
            await settled(pilot)
            assert len(asked) <= _LOOKS_AT_THE_KEYS, each.name


async def test_parts_of_a_widget_take_the_colours_that_were_chosen(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="leave")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        found = app.screen.query_one(LineList)
        before = found.get_component_rich_style("line-list--titles")
        app.theme = "gruvbox"
        await settled(pilot)
        assert found.get_component_rich_style("line-list--titles") != before


async def test_a_part_that_no_widget_has_is_not_made_up(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="leave")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        with pytest.raises(KeyError):
            app.screen.query_one(LineList).get_component_styles("line-list--unheard-of")


async def test_a_screen_out_of_sight_takes_the_colours_that_were_chosen_meanwhile(
    demo: Session,
) -> None:
    app = VenueApp(demo, language="en", first="roll")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        before = app.screen.query_one(FactLine).styles.background
        app.go("leave")
        await settled(pilot)
        app.theme = "gruvbox"
        await settled(pilot)
        chosen = app.screen.query_one(FactLine).styles.background
        app.go("roll")
        await settled(pilot)
        assert app.screen.query_one(FactLine).styles.background == chosen != before


async def test_a_screen_out_of_sight_is_laid_out_for_the_size_of_now(demo: Session) -> None:
    app = VenueApp(demo, language="en", first="roll")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.go("leave")
        await settled(pilot)
        await pilot.resize_terminal(120, 36)
        await settled(pilot)
        app.go("roll")
        await settled(pilot)
        assert app.screen.has_class("-wide")
