"""The form in which an incident is raised."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from models.operations import incidents
from models.rules.rulebook import Rule
from models.values.problems import Refused
from venue_tui.locale import _
from venue_tui.screens.rules.rule_words import clause, how_to_fill, limits, title
from venue_tui.screens.shared.form_values import Filled
from venue_tui.screens.shared.parsing import typed_time
from venue_tui.screens.shared.people import staff_search
from venue_tui.screens.shared.wording import moment
from venue_tui.widgets.chooser import Choice
from venue_tui.widgets.form import Field, FormScreen

if TYPE_CHECKING:
    from models.access.session import Session


def rule_choices(rules: Iterable[Rule]) -> list[Choice]:
    """The rules as they are picked from: by clause, each with its limits."""
    return [Choice(rule.code, clause(rule), limits(rule), rule.code) for rule in rules]


class IncidentForm(FormScreen[str]):
    """Raises an incident, under the rule that was picked before; gives its number."""

    def __init__(self, session: "Session", rule: Rule, by: str | None) -> None:
        super().__init__()
        self._session = session
        self._rule = rule
        self._by = by

    def title_line(self) -> str:
        return _("Raise an incident")

    def fields(self) -> Sequence[Field]:
        session, rule = self._session, self._rule
        choices = rule_choices(incidents.pickable(session, session.tonight()))

        def rules(text: str) -> Iterable[Choice]:
            wanted = text.casefold()
            return (each for each in choices if wanted in f"{each.title} {each.key}".casefold())

        return [
            Field("staff_no", _("Who"), hint=_("name, number or initials"),
                  search=staff_search(session)),
            Field("rule", _("Rule"), rule.code, search=rules,
                  start=f"{rule.clause} {title(rule)}  {limits(rule)}"),
            Field("occurred_at", _("When"), moment(session, session.now()),
                  hint=_("21:40 of tonight, or 2026-09-02 21:40")),
            Field("amount", _("How much"), hint=_("blank where the rule sets it")),
            Field("note", _("Note"), hint=_("what happened, and why this amount")),
        ]  # fmt: skip

    def verdict(self, values: dict[str, str]) -> str:
        session = self._session
        try:
            occurred_at = typed_time(
                "occurred_at", values["occurred_at"], session, session.tonight()
            )
        except Refused:
            return ""
        night = session.calendar.night(occurred_at)
        rule = session.book(night).rule(values["rule"])
        if rule is None:
            return _("The rulebook of that night has no such rule.")
        return _("Night of %(night)s. %(amount)s") % {"night": night, "amount": how_to_fill(rule)}

    def save(self, values: dict[str, str]) -> str:
        filled = Filled(self._session, values)
        filled.need("staff_no", "rule", "occurred_at")
        occurred_at, amount = filled.instant("occurred_at"), filled.money("amount")
        filled.done()
        assert occurred_at is not None
        return incidents.raise_incident(
            self._session,
            values["staff_no"],
            values["rule"],
            occurred_at,
            amount,
            filled.text("note"),
            self._by,
        )
