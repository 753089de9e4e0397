"""Payroll profiles: a month's deductions in the columns that another payroll program takes.

A profile is a TOML file. These come with the program; a venue's own is written like them.
"""

from venue_tui.exchange.payroll_profiles.profile import Profile, load, shipped
from venue_tui.exchange.payroll_profiles.rows import ROWS, profile_rows

__all__ = ["ROWS", "Profile", "load", "profile_rows", "shipped"]
