"""The database is lost at random moments of a roll: no key acts on a screen that nobody sees, and
of what was acknowledged nothing is lost or done twice.

A PostgreSQL server ends the terminal's connection; a SQLite file is moved away for a moment.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from textual.pilot import Pilot

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage import audit
from models.storage.database import Read, close_database, execute
from models.storage.opening import sqlite_path
from tests.trust import house
from venue_tui.app import VenueApp
from venue_tui.screens.shared.base import VenueScreen

KEYS = ("space", "space", "space", "down", "x", "u", "2", "1", "3", "4")
"""What is pressed: mostly marks, and other screens between them."""


@dataclass
class Seen:
    """What a trial came to. `acts` counts by screen and action what was recorded, `unseen` what was
    recorded while its screen was not to be seen."""

    losses: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    recorded: list[tuple[str, str | None]] = field(default_factory=list)

    def report(self) -> str:
        return (
            f"the connection lost {self.losses} times, {sum(self.acts.values())} acts"
            f" ({', '.join(f'{n} {name}' for name, n in sorted(self.acts.items()))}),"
            f" {len(self.unseen)} of them unseen"
        )


def run(url: str, losses: int, seed: int = 1) -> Seen:
    """A roll in which the database is lost so often. Raises AssertionError where an act was lost,
    done twice or done unseen."""
    house.make(url)
    open_venue(url)
    try:
        # Each night has a roll of its own, so that there is always somebody to mark.
        seen = asyncio.run(_roll(url, losses, random.Random(seed)))
        told = [
            (line.action, line.staff_no) for line in audit.lines() if line.action[:5] == "roll."
        ]
        # What was said to have failed may have been recorded in the moment of the loss, and then it
        # is on the trail once; nothing that was said to be done is not.
        lost = Counter(seen.recorded) - Counter(told)
        assert not lost, lost
        marked = {number for (number,) in execute("SELECT staff_no FROM attendance").fetchall()}
        assert marked <= set(house.STAFF) | set(house.SUPERVISORS)
        assert not seen.unseen, seen.unseen
    finally:
        close_database()
    assert house.problems(url) == []
    return seen


async def _roll(url: str, losses: int, dice: random.Random) -> Seen:
    seen = Seen()
    session = house.session_at(house.NIGHT)
    app = VenueApp(session, first="roll")
    with _watched(app, seen):
        async with app.run_test(size=(120, 36)) as pilot:
            for _loss in range(losses):
                for key in ("space", *dice.choices(KEYS, k=dice.randrange(3))):
                    await pilot.press(key)
                with _lost(url):
                    for key in dice.choices(KEYS, k=dice.randrange(1, 4)):
                        await pilot.press(key)
                    await asyncio.sleep(dice.random() / 50)
                seen.losses += 1
                await _recovered(app, pilot)
    return seen


@contextmanager
def _watched(app: VenueApp, seen: Seen) -> Iterator[None]:
    """Notes each act that is recorded, and what could be seen when it was."""
    record = Session.record

    def noting(session: Session, action: str, **values: Any) -> None:
        record(session, action, **values)
        if not action.startswith("roll."):
            return
        base = app.screen_stack[0]
        visible = isinstance(base, VenueScreen) and base.opened and base.where == "roll"
        if not visible:
            seen.unseen.append(f"{action} {values.get('staff_no')} on {app.current_mode}")
        pending.append((action, values.get("staff_no")))

    change = Session.change
    pending: list[tuple[str, str | None]] = []

    @contextmanager
    def changing(session: Session, ahead: Iterable[Read] = ()) -> Iterator[None]:
        pending.clear()
        with change(session, ahead):
            yield
        for action, staff_no in pending:
            seen.acts[action] += 1
            seen.recorded.append((action, staff_no))
        pending.clear()

    Session.record, Session.change = noting, changing  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Session.record, Session.change = record, change  # type: ignore[method-assign]


@contextmanager
def _lost(url: str) -> Iterator[None]:
    file = sqlite_path(url)
    if file is not None:
        away = file.with_suffix(".away")
        file.rename(away)
        try:
            yield
        finally:
            away.rename(file)
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    yield


async def _recovered(app: VenueApp, pilot: Pilot[None]) -> None:
    """Waits until the program has come to itself, and stands on the roll."""
    for _try in range(20):
        app.call_later(app._tick)
        await pilot.pause()
        await pilot.pause()
        base = app.screen_stack[0]
        if isinstance(base, VenueScreen) and base.opened and base.where == "roll":
            return
        while len(app.screen_stack) > 1:
            await pilot.press("escape")
        await pilot.press("2")
    raise AssertionError(f"it does not come back to the roll: {app.current_mode}")
