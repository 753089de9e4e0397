"""The forms of the rulebook: a file to try, and from which night on one is adopted."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from models.ledger.closings import last_closed
from models.operations import venue
from models.operations.charge_preview import foresee_adoption
from models.rules import shipped
from models.rules.rulebook import Rule, Rulebook
from models.rules.rulebook_amendment import GRACE, amended, figures
from models.values.money import format_money
from models.values.nights import ONE_NIGHT, last_night
from models.values.problems import Problem, Refused, problem, refused
from venue_tui.locale import N_, _, current_language
from venue_tui.month_words import adoption_lines
from venue_tui.problem_words import in_words
from venue_tui.screens.rules.rule_words import clause
from venue_tui.screens.shared.charge_preview import ForeseeingForm
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.parsing import WIDE, understood_night
from venue_tui.widgets.form import Field, FormScreen

if TYPE_CHECKING:
    from models.access.session import Session


def load_rulebook(name_or_path: str, field: str) -> Rulebook:
    """The rulebook of that name or file. Raises Refused with everything that is wrong with it, said
    beside `field` with its place in the file."""
    try:
        return shipped.load(name_or_path)
    except Refused as refusal:
        raise Refused(
            *(
                problem(field, "%(where)s: %(what)s", where=each.field, what=in_words(each))
                for each in refusal.problems
            )
        ) from None


class RulebookFileForm(FormScreen[Rulebook]):
    """Reads a rulebook from a file; what is wrong with it is said here."""

    def title_line(self) -> str:
        return _("Try a rulebook of a file")

    def fields(self) -> Sequence[Field]:
        return [Field("file", _("File"), hint=_("a TOML file, such as ours.toml"))]

    def save(self, values: dict[str, str]) -> Rulebook:
        if not values["file"]:
            raise refused("file", "may not be blank")
        return load_rulebook(values["file"], "file")


class AmendForm(FormScreen[Rulebook]):
    """Changes the figures of a rulebook; dismissed with what it would then be, which nobody is
    bound by before it is adopted."""

    def __init__(self, book: Rulebook) -> None:
        super().__init__()
        self._book = book

    def title_line(self) -> str:
        return _("Other amounts than in force")

    def introduction(self) -> Sequence[str]:
        return [_("What a month would have cost under them comes next; nothing is adopted yet.")]

    def fields(self) -> Sequence[Field]:
        grace = str(self._book.grace_minutes)
        return [
            Field(
                GRACE,
                _("Grace, minutes"),
                grace,
                _("minutes after the briefing's beginning"),
            ),
            *(
                Field(_field(rule, figure), _label(rule, figure), _figure(rule, figure))
                for rule in self._book.rules
                for figure in figures(rule)
            ),
        ]

    def save(self, values: dict[str, str]) -> Rulebook:
        named = {
            f"{rule.code}.{figure}": values[_field(rule, figure)].translate(WIDE)
            for rule in self._book.rules
            for figure in figures(rule)
        }
        grace = values[GRACE].translate(WIDE)
        try:
            return amended(self._book, {GRACE: grace, **named})
        except Refused as refusal:
            raise Refused(*map(self._beside, refusal.problems)) from None

    def _beside(self, found: Problem) -> Problem:
        """The problem beside the field that it is about, where it names a rule's figure."""
        for rule in self._book.rules:
            for figure in figures(rule):
                if found.field == f"rules.{rule.code}.{figure}":
                    return problem(_field(rule, figure), "%(what)s", what=in_words(found))
        return found


def _field(rule: Rule, figure: str) -> str:
    return f"{rule.code}-{figure}"


def _label(rule: Rule, figure: str) -> str:
    what = {
        "amount": N_("%s"), "min": N_("%s, at least"), "max": N_("%s, at most"),
        "days": N_("%s, days' wages"),
    }[figure]  # fmt: skip
    return _(what) % clause(rule)


def _figure(rule: Rule, figure: str) -> str:
    if figure == "days":
        return str(rule.days)
    cents = {"amount": rule.amount, "min": rule.minimum, "max": rule.maximum}[figure]
    return format_money(cents or 0)


class Adopted(NamedTuple):
    """From which night on a rulebook was adopted, and how that is undone."""

    first: date
    undo: Callable[[], object]


class AdoptForm(ForeseeingForm[Adopted]):
    """Puts a rulebook in force from a night on, once it is named for whom that makes a month come
    to something else."""

    def __init__(self, session: "Session", book: Rulebook) -> None:
        super().__init__()
        self._session = session
        self._book = book
        self._tonight = session.tonight()

    def title_line(self) -> str:
        return _("Adopt the rulebook: %s") % self._book.titles[current_language()]

    def fields(self) -> Sequence[Field]:
        first = self._tonight + ONE_NIGHT
        closed = last_closed()
        if closed is not None:
            first = max(first, last_night(closed) + ONE_NIGHT)
        return [
            Field(
                "from",
                _("From the night"),
                first.isoformat(),
                understood=understood_night(self._tonight),
            ),
            Field("reason", _("Reason"), hint=_("for the audit trail; may be blank")),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        return _(
            "Nights from then on are judged by it, also those already recorded. Earlier nights"
            " keep the rulebook that they had."
        )

    def _first(self, values: dict[str, str]) -> date:
        filled = Filled(self._session, values, self._tonight)
        filled.need("from")
        first = filled.night("from")
        filled.done()
        assert first is not None
        return first

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        return list(
            adoption_lines(foresee_adoption(self._session, self._book, self._first(values)))
        )

    def save(self, values: dict[str, str]) -> Adopted:
        first, reason = self._first(values), values["reason"] or None
        before = self._session.book(first)
        venue.adopt(self._session, self._book, first, reason)
        return Adopted(first, lambda: venue.adopt(self._session, before, first, _("undone")))
