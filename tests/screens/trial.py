"""A screen that stands in for all others, and a form, so that the frame's tests need none of them."""

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import ClassVar

import pytest
from textual.app import ComposeResult

from models.values.problems import Refused, problem
from venue_tui.actions import PLACES
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.widgets.columns import Column
from venue_tui.widgets.controls import Choice
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row

STAFF = [Choice("S1", "张三", "S1", "zs"), Choice("S2", "李四", "S2", "ls"), Choice("S3", "李[/]")]
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


class AskForLeave(FormScreen[dict[str, str]]):
    def title_line(self) -> str:
        return "Leave [/]"

    def fields(self) -> Sequence[Field]:
        return [
            Field("staff_no", "Staffer", search=self.found, hint="name"),
            Field("kind", "Kind", "sick", options=[("rest", "rest"), ("sick", "sick")]),
            Field("night", "Night", "2026-09-02"),
            Field("reason", "Reason"),
        ]

    def found(self, text: str) -> list[Choice]:
        return [each for each in STAFF if text in each.title or text in each.also]

    def verdict(self, values: dict[str, str]) -> str:
        return f"for {values['staff_no']}: [late]"

    def save(self, values: dict[str, str]) -> dict[str, str]:
        if values["reason"] != "wedding":
            raise Refused(
                problem("reason", "%(what)s [/] won't do", what=values["reason"]),
                problem("kind", "must be one of %(choices)s", choices="rest"),
                problem("month", "is closed"),
            )
        return values


def stand_in(monkeypatch: pytest.MonkeyPatch, base: type[VenueScreen] = TrialScreen) -> None:
    """Makes every one of the program's screens such a screen."""
    for each in PLACES:
        module = ModuleType(each.module)
        setattr(module, each.cls, type(each.cls, (base,), {"where": each.name}))
        monkeypatch.setitem(sys.modules, each.module, module)
