"""Tabs of a browser at one `serve`: how long each is in opening, what a key takes there, and what
it holds of the machine's memory."""

import asyncio
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple
from unittest.mock import patch

from aiohttp import ClientSession

from tests.bench.files import command
from tests.bench.measure import Seconds, say, shown, title
from tests.bench.pseudo_terminal import SIZE, environment
from tests.bench.terminal import OURS_SHOWN, OUTCOME, PERSON, make_evening
from tests.web.tabs import Tab, held, serving

OPENED = 0.5
A_MARK = 0.030
MEGABYTES = 25

_SIGN_IN = b"Sign in"
_SCREENS = "34581"
_SECRET = "seven candles 7"


class Tabs(NamedTuple):
    """What was measured of the tabs after the first, one after the other."""

    opened: list[Seconds]
    """From asking for the socket until the sign-in is painted."""
    signed_in: list[Seconds]
    """From Enter until Tonight is."""
    marks: list[Seconds]
    megabytes: float
    """What each holds as it was opened, what it shares with others divided among them."""
    toured: float
    """What each holds after it was signed in to, the roll was called and five screens opened."""


def measure() -> None:
    """The whole of it."""
    measure_tabs(20, marks=4)


def measure_quickly() -> None:
    """A few tabs."""
    measure_tabs(5, marks=4)


def measure_tabs(count: int, marks: int) -> None:
    """Prints what so many tabs beyond the first cost."""
    title(f"{count} tabs of a browser beyond the first, 100 staffers")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        found = tabs(Path(name), 100, count, marks)
    opened, mark = median(found.opened), median(found.marks)
    measured = f"{shown(opened)}, {shown(max(found.opened))} at most (at most {shown(OPENED)})"
    say("a tab, until the sign-in is painted", measured, opened <= OPENED)
    say("signing in, until Tonight is painted", shown(median(found.signed_in)))
    measured = f"{shown(mark)}, {shown(max(found.marks))} at most (at most {shown(A_MARK)})"
    say("a mark, until it is painted", measured, mark <= A_MARK)
    measured = f"{found.megabytes:.1f} MB (at most {MEGABYTES})"
    say("memory of each, as opened", measured, found.megabytes <= MEGABYTES)
    say("memory of each, after five screens", f"{found.toured:.1f} MB")


def tabs(folder: Path, staffers: int, count: int, marks: int) -> Tabs:
    """Measures so many tabs beyond the first at a venue that has so many staffers."""
    house = make_evening(folder / "house", staffers)
    with patch.dict(os.environ, VENUE_TUI_SECRET=_SECRET, VENUE_TUI_NEW_SECRET=_SECRET):
        command(house.after, "accounts", "add", "amy", "--role", "admin")
        lin = ("accounts", "add", "lin", "--role", "director", "--staff", "D01")
        command(house.after, "--as", "amy", *lin)
    return asyncio.run(_served(f"sqlite:///{house.after}", folder, count, marks))


async def _served(database: str, folder: Path, count: int, marks: int) -> Tabs:
    async with (
        serving(database, environment(folder)) as served,
        ClientSession() as client,
    ):
        rows, columns = SIZE

        async def opened() -> tuple[Tab, Seconds]:
            tab = await Tab.open(client, served.url, columns, rows)
            taken = await tab.until(_SIGN_IN)
            await tab.settle()
            return tab, taken

        await opened()  # from the process it was forked from, which is shared by all
        least = held(served)
        begun = [await opened() for _ in range(count)]
        fresh = held(served)
        signed_in, marked = [], []
        for tab, _ in begun:
            await tab.press(f"lin\t{_SECRET}")
            await tab.settle()
            await tab.press("\r")
            signed_in.append(await tab.until(OURS_SHOWN))
            await tab.settle()
            await tab.press("2")
            await tab.until(PERSON)
            await tab.settle()
            for _ in range(marks):
                await tab.press(" ")
                marked.append(await tab.until(OUTCOME))
                await tab.settle()
            for key in _SCREENS:
                await tab.press(key)
                await tab.settle()
        toured = held(served)
        return Tabs(
            [taken for _, taken in begun],
            signed_in,
            marked,
            (fresh - least) / count,
            (toured - least) / count,
        )
