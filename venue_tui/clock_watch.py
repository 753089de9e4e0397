"""Noticing that the computer's clock was put back, or jumped ahead, while the program runs."""

from models.values.nights import Instant
from venue_tui.locale import _

_A_DAY = 86_400


class ClockWatch:
    """Sees the clock once in a while, and how it went on since."""

    def __init__(self) -> None:
        self._latest: Instant = 0

    def warning(self, now: Instant) -> str | None:
        """The sentence that warns of how it went on, if it went wrong. Said once."""
        latest, self._latest = self._latest, max(self._latest, now)
        if now < latest - 60:
            self._latest = now
            warning = _("The computer's clock was put back by %d minutes. What is recorded now "
                        "gets the time that it shows.")  # fmt: skip
            return warning % ((latest - now) // 60)
        if latest and (days := (now - latest) // _A_DAY) >= 2:
            # Or the computer slept as long, which is no harm to say.
            warning = _("The computer's clock is %d days on from a moment ago: is its date right?"
                        " What is recorded now gets that date.")  # fmt: skip
            return warning % days
        return None
