"""The form in which an incident is raised and corrected."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from models.operations import incidents, sales
from models.operations.incidents import Incident
from models.rules.rulebook import Rule, RuleKind
from models.values import pinyin
from models.values.money import format_money
from models.values.nights import Month, month_of
from models.values.problems import Problem, Refused
from venue_tui.locale import _
from venue_tui.screens.rules.rule_words import clause, how_to_fill, limits, title
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.parsing import typed_time, understood_time
from venue_tui.screens.shared.people import staff_search
from venue_tui.screens.shared.sentences import moment
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import shown_name

if TYPE_CHECKING:
    from models.access.session import Session


def rule_choices(rules: Iterable[Rule]) -> list[Choice]:
    """The rules as they are picked from: by clause, each with its limits."""
    return [Choice(rule.code, clause(rule), limits(rule), rule.code) for rule in rules]


class IncidentForm(FormScreen[str]):
    """Raises an incident, under the rule that was picked before, or corrects the one that is
    `held`; dismissed with its number."""

    def __init__(
        self, session: "Session", rule: Rule, by: str | None, held: Incident | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._rule = rule
        self._by = by
        self._held = held
        self._tonight = session.tonight()
        self._sales: dict[Month, dict[str, int]] = {}

    def title_line(self) -> str:
        if self._held is None:
            return _("Raise an incident")
        who = shown_name(self._held.staff_no, self._held.name)
        return _("Correct %(number)s of %(who)s") % {"number": self._held.incident_no, "who": who}

    def fields(self) -> Sequence[Field]:
        session, rule, held = self._session, self._rule, self._held
        at = session.now() if held is None else held.occurred_at
        amount = "" if held is None or held.amount is None else format_money(held.amount)
        who = Field("staff_no", _("Who"), hint=_("name, number or initials"),
                    search=staff_search(session))  # fmt: skip
        choices = rule_choices(incidents.pickable(session, self._tonight))

        def rules(text: str) -> Iterable[Choice]:
            return (
                each
                for each in choices
                if pinyin.matches(text, each.title, each.key, pinyin.initials(each.title))
            )

        return [
            *([who] if held is None else []),
            Field("amount", _("How much"), amount, hint=_("blank where the rule sets it")),
            Field("note", _("Note"), (held and held.note) or "",
                  hint=_("what happened, and why this amount")),
            # Filled in as they mostly are: what has to be written stands above.
            Field("occurred_at", _("When"), moment(session, at),
                  hint=_("21:40 of tonight, or 2026-09-02 21:40"),
                  understood=understood_time(session, self._tonight)),
            Field("rule", _("Rule"), rule.code, search=rules,
                  start=f"{rule.clause} {title(rule)}  {limits(rule)}"),
        ]  # fmt: skip

    def verdict(self, values: dict[str, str]) -> str:
        session = self._session
        try:
            occurred_at = typed_time("occurred_at", values["occurred_at"], session, self._tonight)
        except Refused:
            return ""
        night = session.calendar.night(occurred_at)
        rule = session.book(night).rule(values["rule"])
        if rule is None:
            return _("The rulebook of that night has no such rule.")
        said = _("Night of %(night)s. %(amount)s") % {"night": night, "amount": how_to_fill(rule)}
        staff_no = self._held.staff_no if self._held is not None else values["staff_no"]
        if rule.kind is not RuleKind.VOID_SALES or not staff_no:
            return said
        month = month_of(night)
        if month not in self._sales:  # asked for at each letter that is written
            self._sales[month] = sales.of_month(session, month)
        words = {"month": month, "sum": format_money(self._sales[month].get(staff_no, 0))}
        return f"{said}\n" + _("Their sales of %(month)s, which become void: %(sum)s.") % words

    def show_problems(self, problems: Sequence[Problem]) -> None:
        book = self._session.book(self._session.tonight())

        def named(name: str, value: str) -> tuple[str, str]:
            rule = book.rule(value) if name == "rule" else None
            return name, value if rule is None else clause(rule)

        super().show_problems(
            [
                each._replace(values=tuple(named(name, value) for name, value in each.values))
                for each in problems
            ]
        )

    def save(self, values: dict[str, str]) -> str:
        filled = Filled(self._session, values, self._tonight)
        filled.need(*(["staff_no"] if self._held is None else []), "rule", "occurred_at")
        occurred_at, amount = filled.instant("occurred_at"), filled.money("amount")
        filled.done()
        assert occurred_at is not None
        if self._held is not None:
            incidents.edit(
                self._session,
                self._held.incident_no,
                rule=values["rule"],
                occurred_at=occurred_at,
                amount=amount,
                note=filled.text("note"),
                by=self._by,
            )
            return self._held.incident_no
        return incidents.raise_incident(
            self._session,
            values["staff_no"],
            values["rule"],
            occurred_at,
            amount,
            filled.text("note"),
            self._by,
        )
