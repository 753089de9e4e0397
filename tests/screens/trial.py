"""A screen that stands in for all others, so that the frame's tests need none of them."""

import sys
from types import ModuleType
from typing import ClassVar

import pytest
from textual.app import ComposeResult

from venue_tui.actions import PLACES
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import Column, LineList, Row

GUESTS = ["张三丰", "欧阳菲菲 [red]", "Ann [/]", "李\x1b[31m"]


class TrialScreen(VenueScreen):
    """A list of `names` with a finder; `space` marks and can be undone."""

    where = "roll"
    about = "What this screen is for."
    BINDINGS: ClassVar = bindings("roll")
    names: ClassVar[list[str]] = GUESTS

    def __init__(self) -> None:
        super().__init__()
        self.marked: set[str] = set()
        self.times_read = 0

    def body(self) -> ComposeResult:
        yield LineList(Column(_("Staff"), 20, share=1), Column(_("Roll"), 8), id="list")
        yield Finder()

    def refresh_data(self) -> None:
        self.times_read += 1
        sought = self.query_one(Finder).sought
        self.query_one(LineList).set_rows(
            self.row(name) for name in self.names if sought.lower() in name.lower()
        )

    def row(self, name: str) -> Row:
        marked = name in self.marked
        return Row(name, (name, "present" if marked else "-"), "good" if marked else "")

    def on_finder_sought(self) -> None:
        self.refresh_data()

    def action_mark(self) -> None:
        line_list = self.query_one(LineList)
        name = line_list.cursor_key
        assert name is not None
        self.marked.add(name)
        line_list.update_row(self.row(name))
        self.did(f"{name} is present", lambda: self.marked.discard(name))


def stand_in(monkeypatch: pytest.MonkeyPatch, base: type[VenueScreen] = TrialScreen) -> None:
    """Makes every one of the program's screens such a screen."""
    for each in PLACES:
        module = ModuleType(each.module)
        setattr(module, each.cls, type(each.cls, (base,), {"where": each.name}))
        monkeypatch.setitem(sys.modules, each.module, module)
