"""Problems with what a person gave: values to be collected and shown, never tracebacks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `message` is English with `%(name)s` holes for `values`, so that a
    screen can show it in its own language; `field` names the column or form field."""

    field: str
    message: str
    values: tuple[tuple[str, str], ...] = ()

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
