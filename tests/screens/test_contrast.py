"""Words are readable in every theme that can be chosen."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from models.access.session import Session
from tests.screens.pilot import showing
from venue_tui.contrast import GROUNDS, LEAST, WORDS, contrast


def test_contrast_is_that_of_wcag() -> None:
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert contrast(black, white) == contrast(white, black) == 21
    assert contrast(white, white) == 1
    assert round(contrast(Color(118, 118, 118), white), 2) == 4.54


@pytest.mark.usefixtures("stand_ins")
async def test_words_are_readable_in_every_theme(demo: Session) -> None:
    async with showing(demo, "staff") as pilot:
        for name, theme in BUILTIN_THEMES.items():
            if theme.ansi:
                continue
            pilot.app.theme = name
            await pilot.pause()
            variables = pilot.app.get_css_variables()
            for word in WORDS:
                for ground in GROUNDS:
                    ratio = contrast(Color.parse(variables[word]), Color.parse(variables[ground]))
                    assert ratio >= LEAST, (name, word, ground, ratio)


@pytest.mark.usefixtures("stand_ins")
async def test_nothing_vanishes_in_sixteen_colours(demo: Session) -> None:
    async with showing(demo, "staff") as pilot:
        pilot.app.theme = "ansi-dark"
        await pilot.pause()
        assert not {"ansi_blue", "ansi_red"} & set(pilot.app.get_css_variables().values())
        title = pilot.app.screen.query_one("LineList").get_component_styles("line-list--group")
        assert title.color.ansi == Color.parse("ansi_cyan").ansi
        pilot.app.theme = "ansi-light"
        await pilot.pause()
        assert pilot.app.get_css_variables()["text-primary"] == "ansi_blue"
