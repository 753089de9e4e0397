"""Modules that are imported while nobody presses a key."""

import asyncio
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual import events
from textual.app import App

from models.values.nights import utc_now
from venue_tui import imports_ahead
from venue_tui.imports_ahead import ImportsAhead
from venue_tui.keystrokes import Keystrokes

_NAMES = ("imported_first", "imported_second")


class Idle(App[None]):
    """An app that imports these once it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = Keystrokes(
            self,
            hand_on=super().on_event,
            failed=self._handle_exception,
            asking=(),
            waits=lambda: False,
            now=utc_now,
            as_of=lambda _came_at: nullcontext(),
        )

        self.ahead = ImportsAhead(self, self.keys, _NAMES)

    def on_mount(self) -> None:
        self.ahead.begin()


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _NAMES:
        (tmp_path / f"{name}.py").write_text("")
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)


def imported() -> list[str]:
    return [name for name in _NAMES if name in sys.modules]


@pytest.mark.usefixtures("modules")
async def test_all_are_imported_one_after_the_other() -> None:
    async with Idle().run_test():
        seen = [imported()]
        for _ in range(1000):
            await asyncio.sleep(0.001)
            if imported() != seen[-1]:
                seen.append(imported())
    assert seen == [[], ["imported_first"], [*_NAMES]]


@pytest.mark.usefixtures("modules")
async def test_what_is_to_be_done_soon_is_done_first_and_also_later() -> None:
    app, done = Idle(), list[list[str]]()
    app.ahead.soon(lambda: done.append(imported()))
    async with app.run_test():
        while len(imported()) < len(_NAMES):
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)  # there is nothing left to be done
        app.ahead.soon(lambda: done.append(imported()))
        while len(done) < 2:
            await asyncio.sleep(0.01)
    assert done == [[], [*_NAMES]]


@pytest.mark.usefixtures("modules")
async def test_none_is_imported_while_keys_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports_ahead, "QUIET", 0.5)
    app = Idle()
    async with app.run_test():
        for _ in range(20):
            app.keys.take(events.Key("x", "x"))
            await asyncio.sleep(0.05)
        assert imported() == []
