"""Opens the demo's venue."""

import gzip
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage.opening import is_of_now
from models.values.nights import Instant
from venue_tui.demo import OPENS_AT, READY


def make_demo(folder: Path, *, ticking: bool = True) -> Session:
    """Puts the venue's database into `folder` and gives a session there whose clock starts at 19:25
    of the month's last night, and goes on from there or stands still."""
    file = folder / "demo.db"
    file.write_bytes(gzip.decompress(READY.read_bytes()))
    if not is_of_now(file):  # a schema that is being worked on
        from venue_tui.demo.month import record

        file.unlink()
        record(folder)
    open_venue(f"sqlite:///{file}")
    session = Session(terminal="demo")
    opens_at = session.calendar.parse(OPENS_AT)
    session.clock = _ticking(opens_at) if ticking else lambda: opens_at
    return session


def _ticking(start: Instant) -> Callable[[], Instant]:
    begun = monotonic()
    return lambda: start + int(monotonic() - begun)
