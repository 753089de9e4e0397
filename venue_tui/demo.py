"""A fictional venue to try the program on, with a month that was recorded once and is shipped."""

import gzip
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage.opening import is_of_now
from models.values.nights import Instant

OPENS_AT = "2026-11-30T19:25"
READY = Path(__file__).with_name("demo.db.gz")
"""The venue's database with its month, made by `python -m venue_tui.demo_month`; a test holds it to
what that makes. Recording the month takes 20 times as long as unpacking it."""


def make_demo(folder: Path, *, ticking: bool = True) -> Session:
    """Puts the venue's database into `folder` and gives a session there whose clock starts at 19:25
    of the month's last night, and goes on from there or stands still."""
    file = folder / "demo.db"
    file.write_bytes(gzip.decompress(READY.read_bytes()))
    if not is_of_now(file):  # a schema that is being worked on
        from venue_tui.demo_month import record

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
