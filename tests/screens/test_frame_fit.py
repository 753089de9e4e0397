"""Every screen, in each language, on the smallest terminal: nothing breaks, nothing is cut off."""

import pytest
from textual.widget import Widget

from models.access.session import Session
from venue_tui.actions import ACTIONS, SCREENS, key_name
from venue_tui.app import VenueApp
from venue_tui.locale import LANGUAGES, _
from venue_tui.screens.shared.help import HelpScreen
from venue_tui.widgets.frame import KeyBar, ScreenBar
from venue_tui.widgets.line_list import LineList


def cut_off(widget: Widget) -> bool:
    """Whether a part of the widget lies outside of what holds it, where nothing scrolls to it."""
    parents = [each for each in widget.ancestors if isinstance(each, Widget)]
    if any(each.is_scrollable and each.allow_vertical_scroll for each in parents):
        return False
    return not widget.screen.region.contains_region(widget.region)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [each.name for each in SCREENS])
async def test_fits_80_by_24(demo: Session, name: str, language: str) -> None:
    app = VenueApp(demo, language=language, first=name)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        screen = app.screen
        assert [each.message for each in app.said] == []
        for widget in screen.walk_children(Widget):
            if widget.display and widget.region:
                assert not cut_off(widget), widget
        for line_list in screen.query(LineList):
            if line_list.display and line_list.region:
                assert "…" not in line_list.render_line(0).text, line_list
        places = screen.query_one(ScreenBar).render_line(0).text
        assert all(
            _(each.title) in places or _(each.short or each.title) in places for each in SCREENS
        )
        bar = screen.query_one(KeyBar)
        keys = "".join(bar.render_line(y).text for y in range(bar.size.height))
        for _node, binding, _enabled, _tooltip in screen.active_bindings.values():
            if binding.show and binding.id in ACTIONS:
                title = _(ACTIONS[binding.id].title)
                assert f"{key_name(binding.key)} {title}" in keys, binding.id
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
