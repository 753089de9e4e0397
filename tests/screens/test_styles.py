"""Styles are computed when a widget is made and when they change, and at no other time; a screen is
painted as a whole once."""

from collections.abc import Iterable

import pytest
from textual._compositor import Compositor
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from models.access.session import Session
from tests.screens.pilot import settled
from venue_tui.actions import SCREENS
from venue_tui.app import VenueApp
from venue_tui.widgets.frame import FactLine

_OF_WHAT_CHANGES = 12


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
