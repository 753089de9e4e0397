"""What became of somebody in a night, and what tells one charge from all others: values that are
read wherever charges are, without what judges them."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

ROLL = "roll"


class Outcome(StrEnum):
    """What became of a staffer on the roll of a night."""

    REST = "rest"
    PRESENT = "present"
    MADE_UP = "made_up"
    LATE = "late"
    MISSED = "missed"
    ABSENT = "absent"
    PENDING = "pending"


class Status(StrEnum):
    """What became of a charge. `REVERSED`: it no longer follows from the facts."""

    STANDING = "standing"
    WAIVED = "waived"
    REVERSED = "reversed"


class ChargeKey(NamedTuple):
    """What tells one charge from all others."""

    staff_no: str
    night: date
    rule: str
    source: str


Basis = tuple[str | int | None, ...]
"""The facts that a charge follows from: what happened, then the values that its sentence names."""
