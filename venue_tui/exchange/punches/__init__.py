"""Reads what punch clocks and attendance programs export."""

from venue_tui.exchange.punches.punch import Damage, Punch, PunchFile, PunchKind, presses
from venue_tui.exchange.punches.reader import read_punches

__all__ = ["Damage", "Punch", "PunchFile", "PunchKind", "presses", "read_punches"]
