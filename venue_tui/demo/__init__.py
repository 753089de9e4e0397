"""A fictional venue to try the program on, with a month that was recorded once and is shipped."""

from pathlib import Path

OPENS_AT = "2026-11-30T19:25"
READY = Path(__file__).with_name("demo.db.gz")
"""The venue's database with its month, made by `python -m venue_tui.demo.month`; a test holds it to
what that makes. Recording the month takes 20 times as long as unpacking it."""
