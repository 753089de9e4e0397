"""Incidents: what somebody saw that the rulebook fines, raised, waived and withdrawn."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from models.ledger import waivers
from models.operations import directory, incidents
from models.operations.incidents import Incident
from models.rules.charges import ChargeKey
from models.rules.rulebook import Rule
from models.values.money import format_money
from models.values.nights import first_night, last_night
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.deductions import charge_actions
from venue_tui.screens.incidents.forms import IncidentForm, rule_choices
from venue_tui.screens.rules.rule_words import clause
from venue_tui.screens.shared.charge_preview import are_open, once_named_as
from venue_tui.screens.shared.month import MonthScreen
from venue_tui.screens.shared.people import anybody, as_person, as_somebody
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.columns import Column
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Lines, line
from venue_tui.widgets.night_chart import NightChart
from venue_tui.widgets.split import Split
from venue_tui.words import listed, word

_STYLES = {"waived": "good", "withdrawn": "muted", "reversed": "muted"}


class IncidentsScreen(MonthScreen):
    where = "incidents"
    about = N_(
        "What somebody saw that the rulebook fines, and that neither the roll nor a slip tells: a"
        " guest's complaint, a fight, a booking that was made up. The list holds the incidents of"
        " one month, the latest first; [ and ] show another month.\n\n"
        "A new one begins with the rule, picked by its clause, which says what may be charged."
        " Where the amount is yours to choose it must lie within the rule's limits, and the note"
        " says why it is so much. Nobody raises, waives or withdraws anything of their own.\n\n"
        "A waiver lets the charge go and keeps the incident; withdrawing takes back both, as if it"
        " had not been raised. Either needs a reason, and can be put back. W waives every charge"
        " of the list for one reason; / narrows the list to one person's first."
    )
    BINDINGS: ClassVar = bindings("incidents")
    WHY_NOT: ClassVar = {
        "read_whole": N_("There is no incident here: n raises one."),
        "edit": N_("There is no incident here: n raises one."),
        "waive": N_("Only a charge that stands can be waived."),
        "waive_many": N_("No charge that is listed here stands."),
        "withdraw": N_("Only an incident that counts can be withdrawn."),
        "restore": N_("Only what was waived or withdrawn can be taken back into force."),
    }

    def __init__(self) -> None:
        super().__init__()
        self._incidents: dict[str, Incident] = {}

    def body(self) -> ComposeResult:
        yield self.heading()
        with Split():
            with Vertical(classes="list"):
                yield LineList(
                    Column(_("When"), 11),
                    Column(_("Staff"), 10, share=1),
                    Column(_("Number"), 6, spare=2),
                    Column(_("Rule"), 18, share=3, spare=3),
                    Column(_("Amount"), 9, right=True),
                    Column(_("State"), 9, tinted=True, spare=1),
                    opens=False,
                    id="incidents",
                    classes="panel",
                )
                yield NightChart(self._show_chart, id="chart", classes="-loss")
            yield Lines(id="detail", wraps=True, classes="detail")
        yield Finder()

    @property
    def _list(self) -> LineList:
        return self.query_one("#incidents", LineList)

    def refresh_data(self) -> None:
        month = self.month
        found = incidents.listing(self.session, first_night(month), last_night(month))
        self._incidents = {each.incident_no: each for each in found}
        self._show()

    def _show(self) -> None:
        found = list(self._incidents.values())
        if sought := self.query_one(Finder).sought:
            numbers = directory.found(sought)
            found = [each for each in found if each.staff_no in numbers]
        self._list.set_rows(map(self._row, found))
        standing = self._standing()
        count = ngettext("%(n)s incident", "%(n)s incidents", len(found)) % {"n": len(found)}
        charged = format_money(sum(each.charged or 0 for each in standing))
        about = _("%(count)s, %(charged)s charged") % {"count": count, "charged": charged}
        self.show_heading(about)
        self.entitle("#incidents", _("Incidents"), len(found))
        self.entitle("#detail", _("Incident"))
        self._show_chart()
        self._show_detail()

    def _show_chart(self) -> None:
        charged: dict[date, int] = {}
        for each in self._standing():
            charged[each.night] = charged.get(each.night, 0) + (each.charged or 0)
        chart = self.query_one(NightChart)
        chart.show(_("Charged by night"), self.month, charged, format_money, self._night())

    def _night(self) -> date | None:
        return self._selected.night if self._selected else None

    def _row(self, each: Incident) -> Row:
        state = self._state(each)
        return Row(
            each.incident_no,
            (
                self.session.calendar.local(each.occurred_at).strftime("%m-%d %H:%M"),
                each.name,
                each.staff_no,
                self._rule(each.night, each.rule),
                "" if each.charged is None else format_money(each.charged),
                word(state),
            ),
            _STYLES.get(state, ""),
        )

    @staticmethod
    def _state(each: Incident) -> str:
        return each.status if each.status == "withdrawn" else each.charge_status or each.status

    def _rule(self, night: date, code: str) -> str:
        rule = self.session.book(night).rule(code)
        return clause(rule) if rule else code

    def _show_detail(self) -> None:
        each = self._selected
        none = _("No incidents in %s. n raises one.") % self.month
        said = self._detail(each).split("\n") if each else [none]
        self.query_one("#detail", Lines).set_lines(
            line(text, "strong" if at == 0 and each else "") for at, text in enumerate(said)
        )
        self.refresh_bindings()

    def _detail(self, each: Incident) -> str:
        reported = _("reported by %s") % (
            directory.name_of(each.reported_by) if each.reported_by else _("nobody named")
        )
        lines = [
            self._named(each),
            "  ".join((_("night of %s") % each.night, reported)),
            each.note or _("No note."),
        ]
        waiver = waivers.waiver(each.staff_no, each.night, each.rule, each.source)
        if waiver is not None:
            who = directory.name_of(waiver.waived_by)
            sentence = _("Waived by %(name)s: %(reason)s")
            lines.append(sentence % {"name": who, "reason": waiver.reason})
        return "\n".join((*lines, *self._others(each)))

    def _others(self, of: Incident) -> Iterator[str]:
        """What else of theirs is listed in the month."""
        others = [
            other
            for other in self._incidents.values()
            if other.staff_no == of.staff_no and other is not of
        ]
        if others:
            said = (f"{each.night:%m-%d} {self._rule(each.night, each.rule)}" for each in others)
            yield _("Others of theirs: %s") % listed(said)

    def _standing(self) -> list[Incident]:
        """Those listed, of everybody or of whoever is looked for, whose charge stands."""
        listed = (self._incidents[row.key] for row in self._list.rows)
        return [each for each in listed if self._state(each) == "standing"]

    @property
    def _selected(self) -> Incident | None:
        return self._incidents.get(self._list.cursor_key or "")

    def on_line_list_highlighted(self) -> None:
        self.query_one(NightChart).light(self._night())
        self._show_detail()

    def on_finder_sought(self) -> None:
        self._show()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        each = self._selected
        state = self._state(each) if each else ""
        if action in ("read_whole", "edit"):
            return each is not None or None
        if action == "waive":
            return state == "standing" or None
        if action == "waive_many":
            return bool(self._standing()) or None
        if action == "withdraw":
            return state not in ("", "withdrawn") or None
        if action == "restore":
            return state in ("waived", "withdrawn") or None
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        rules = incidents.pickable(self.session, self.session.tonight())
        by_code = {rule.code: rule for rule in rules}
        if not by_code:
            self.say(_("The rulebook in force has no rule for incidents."))
            return
        if not anybody(self):
            return

        chooser = Chooser(_("Which rule was broken?"), rule_choices(rules))
        self.program.begin(self, self._raise(chooser, by_code))

    async def _raise(self, chooser: Chooser, by_code: dict[str, Rule]) -> None:
        ask = self.program.push_screen_wait
        code: str | None = await ask(chooser)
        if code is None:
            return
        form = await as_somebody(self, partial(IncidentForm, self.session, by_code[code]))
        incident_no: str | None = await ask(form) if form is not None else None
        if incident_no is None:
            return
        each = incidents.incident(incident_no)
        self.show_month(f"{each.night:%Y-%m}")
        self._list.move_to(incident_no)
        self.did(
            _("Raised: %s") % self._named(each),
            undo=lambda: incidents.withdraw(self.session, incident_no),
        )

    def action_edit(self) -> None:
        each = self._selected
        rule = self.session.book(each.night).rule(each.rule) if each is not None else None
        if each is None or rule is None or not are_open(self, each.night):
            return

        def edited(incident_no: str | None) -> None:
            if incident_no is None:
                return
            now = incidents.incident(incident_no)
            self.show_month(f"{now.night:%Y-%m}")
            self._list.move_to(incident_no)
            if now == each:
                self.say(_("%s is as it was; nothing changed.") % incident_no)
                return
            self.did(
                _("Corrected: %s") % self._named(now),
                undo=lambda: incidents.edit(
                    self.session,
                    incident_no,
                    rule=each.rule,
                    occurred_at=each.occurred_at,
                    amount=each.amount,
                    note=each.note,
                ),
            )

        as_person(
            self,
            lambda by: self.app.push_screen(IncidentForm(self.session, rule, by, each), edited),
            each.staff_no,
        )

    def action_waive(self) -> None:
        if each := self._selected:
            charge_actions.waive(self, _charge(each), self._named(each))

    def action_waive_many(self) -> None:
        charges = [
            charge_actions.Waivable(_charge(each), each.name, each.charged or 0)
            for each in self._standing()
        ]
        if charges:
            charge_actions.waive_many(self, charges)

    def action_withdraw(self) -> None:
        each = self._selected
        if each is None or not are_open(self, each.night):
            return

        def withdraw(by: str | None, reason: str) -> None:
            if incidents.withdraw(self.session, each.incident_no, reason, by):
                self.did(
                    _("Withdrawn: %s") % self._named(each),
                    undo=lambda: incidents.restore(self.session, each.incident_no, by),
                )
            else:
                self.say(_("It was withdrawn already."))

        title, lines = _("Take this incident back?"), [self._named(each)]
        charge_actions.ask_reason(self, title, lines, withdraw, each.staff_no)

    def action_restore(self) -> None:
        each = self._selected
        if each is None:
            return

        if self._state(each) == "withdrawn":
            self.program.begin(self, self._restore(each))
        else:
            charge_actions.unwaive(self, _charge(each), self._named(each))

    async def _restore(self, each: Incident) -> None:
        def restore(by: str | None) -> tuple[bool, str | None]:
            return incidents.restore(self.session, each.incident_no, by), by

        done = await once_named_as(self, restore, each.staff_no, each.night)
        if done is None:
            return
        changed, by = done
        if changed:
            self.did(
                _("It counts again: %s") % self._named(each),
                undo=lambda: incidents.withdraw(self.session, each.incident_no, None, by),
            )
        else:
            self.say(_("It counted already."))
        self.refresh_data()

    def _named(self, each: Incident) -> str:
        parts = [each.incident_no, each.name, self._rule(each.night, each.rule)]
        if each.charged:
            parts.append(format_money(each.charged))
        return "  ".join(parts)


def _charge(each: Incident) -> ChargeKey:
    return ChargeKey(each.staff_no, each.night, each.rule, each.source)
