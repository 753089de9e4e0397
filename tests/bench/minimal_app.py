"""The yardstick: the least Textual program that shows a filled table.

`python -m tests.bench.minimal_app ROWS`; space changes a cell, y copies something.
"""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = ("name", "no", "roll", "time", "room", "fine")
SEEN = 30
"""Rows that are on the screen from the start."""


class MinimalApp(App[None]):
    """One table of so many people."""

    BINDINGS: ClassVar = [("space", "mark", "Mark"), ("y", "copy", "Copy")]

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.marked = 0

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for column in COLUMNS:
            table.add_column(column, key=column)
        for i in range(self.rows):
            number = f"{i + 1:05d}"
            table.add_row(f"曾小贤{i}", number, "pending", "", "", "0.00", key=number)

    def action_mark(self) -> None:
        table = self.query_one(DataTable)
        self.marked += 1
        row = self.marked % SEEN + 1
        table.update_cell(f"{row:05d}", "roll", f"late{self.marked:03d}")

    def action_copy(self) -> None:
        self.copy_to_clipboard("copied")


if __name__ == "__main__":
    MinimalApp(int(sys.argv[1])).run()
