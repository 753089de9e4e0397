"""A clock that a test sets."""

from models.access.session import Session
from models.values.nights import Calendar, Instant


class Clock:
    """Shows what a test sets it to, in the venue's local time."""

    def __init__(self, calendar: Calendar, text: str) -> None:
        self.calendar = calendar
        self.set(text)

    def set(self, text: str) -> None:
        self.now = self.calendar.parse(text)

    def __call__(self) -> Instant:
        return self.now


def clock_of(session: Session) -> Clock:
    """The clock of a session that the fixtures made."""
    assert isinstance(session.clock, Clock)
    return session.clock
