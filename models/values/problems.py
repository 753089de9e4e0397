"""Problems with what a person gave: values to be collected and shown, never tracebacks."""

from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """What a problem is, where something else is decided by it than what is shown."""

    OTHER = ""
    UNKNOWN = "unknown"
    """It names something that isn't there."""
    REASON_NEEDED = "reason needed"
    """A closed month's facts are corrected, and nobody said why."""
    DAMAGED = "damaged"
    """The database can't be worked with as it is, and won't come right by itself."""


class Problem(NamedTuple):
    """One thing that is wrong. `message` is English with `%(name)s` holes for `values`, so that a
    screen can show it in its own language; `field` names the column or form field."""

    field: str
    message: str
    values: tuple[tuple[str, str], ...] = ()
    code: Code = Code.OTHER

    def coded(self, code: Code) -> "Problem":
        """The same problem, known by a code."""
        return self._replace(code=code)

    def __str__(self) -> str:
        return self.message % dict(self.values) if self.values else self.message


def problem(field: str, message: str, **values: object) -> Problem:
    return Problem(field, message, tuple((name, str(value)) for name, value in values.items()))


class Refused(Exception):
    """What was asked can't be done; nothing was changed. Carries every reason at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(each) for each in problems))
        self.problems = problems


class NoVenue(Refused):
    """There is no venue in the database yet, or not even a database."""


def refused(field: str, message: str, **values: object) -> Refused:
    """A refusal for one reason."""
    return Refused(problem(field, message, **values))


def needs_extra(field: str, extra: str) -> Refused:
    """A refusal of what only an extra of the program can do, with the command that adds it to a
    program that was installed as the README says."""
    return refused(
        field,
        'this needs an extra: in the clone, pipx install --force ".[%(extra)s]"'
        ' (or uv tool install --force ".[%(extra)s]")',
        extra=extra,
    )
