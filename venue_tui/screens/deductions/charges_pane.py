"""The charges of a month, of everybody or of one staffer, and all there is to say of each."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical

from models.operations import directory
from models.payroll import charge_list
from models.payroll.appeals import Appeal
from models.payroll.charge_list import ChargeDetail, ListedCharge
from models.payroll.explanation import ExplainedAdjustment, Explanation, explain
from models.rules.charges import Status
from models.values.money import format_money
from models.values.nights import Month
from models.values.text import displayable
from venue_tui.grooming_words import looks_line
from venue_tui.locale import _, current_language
from venue_tui.screens.rules.rule_words import clause, limits
from venue_tui.screens.shared.sentences import moment
from venue_tui.widgets.columns import Column
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.split import Split
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session

_STYLES = {Status.WAIVED: "good", Status.REVERSED: "muted"}


class MonthCharges(NamedTuple):
    """What the pane shows: the charges, and where they are one staffer's, what they come to."""

    month: Month
    charges: list[ListedCharge]
    explanation: Explanation | None

    @property
    def subject(self) -> tuple[Month, str | None]:
        """Which month and whose."""
        return self.month, self.explanation.staff_no if self.explanation else None


def read_charges(session: "Session", month: Month, staff_no: str | None) -> MonthCharges:
    """The charges of a month, of one staffer or of all (None). Raises Refused where there is no
    such staffer."""
    charges = charge_list.listing(session, month, staff_no)
    return MonthCharges(month, charges, explain(session, staff_no, month) if staff_no else None)


class ChargesPane(Vertical):
    """A list of charges, with the reason, the facts and the fate of the selected one below."""

    DEFAULT_CSS = """
    ChargesPane #sums { height: auto; max-height: 5; padding: 0 1; background: $boost; }
    .-usual ChargesPane #charge, .-narrow ChargesPane #charge { height: 7; }
    """

    def __init__(self, session: "Session", *, id: str) -> None:
        super().__init__(id=id)
        self._session = session
        self._read: MonthCharges | None = None
        self._rows: list[Row] = []
        self._shown: dict[str, ListedCharge] = {}
        self._adjusted: dict[str, ExplainedAdjustment] = {}
        self.told = ""
        """What is said of the selected charge, more of which may be than there is room for."""
        self._titles: dict[tuple[str, str], str] = {}

    def compose(self) -> ComposeResult:
        yield Lines(id="sums", wraps=True)
        with Split():
            yield LineList(opens=False, id="charges", classes="panel list")
            yield Lines(id="charge", wraps=True, classes="detail")

    @property
    def list(self) -> LineList:
        return self.query_one("#charges", LineList)

    @property
    def selected(self) -> ListedCharge | None:
        """The charge under the cursor; None on an adjustment or where there is nothing."""
        return self._shown.get(self.list.cursor_key or "")

    def standing(self) -> Sequence[ListedCharge]:
        """The listed charges that stand: of everybody, or of whoever is looked for."""
        listed = (self._shown.get(row.key) for row in self.list.rows)
        return [each for each in listed if each is not None and each.status == "standing"]

    def show(self, read: MonthCharges, numbers: set[str] | None = None) -> None:
        """Shows these charges, of the staffers of those `numbers` alone if any are given."""
        alone = read.explanation is not None
        columns = tuple(_columns(alone))
        if columns != self.list.columns:
            self.list.set_columns(*columns)
        anew = self._read is None or self._read.subject != read.subject
        if read is not self._read:
            self._read = read
            self._shown = {"|".join(each[0:1] + each[2:5]): each for each in read.charges}
            self._rows = [self._row(key, each, alone) for key, each in self._shown.items()]
        rows = self._rows
        if numbers is not None:
            charges = zip(rows, read.charges, strict=True)
            rows = [row for row, each in charges if each.staff_no in numbers]
        self._adjusted = {}
        sums: list[Line] = []
        if read.explanation is not None:
            sums = list(_sums(read.explanation))
            rows = [*rows, *self._adjustments(read.explanation)]
        self.query_one("#sums", Lines).set_lines(sums)
        self.list.set_rows(rows)
        if anew:
            self.list.action_first()
        self.show_detail()

    def _row(self, key: str, each: ListedCharge, alone: bool) -> Row:
        state = _("contested") if each.contested else word(each.status)
        style = "warning" if each.contested else _STYLES.get(Status(each.status), "")
        whose = (_source(each.source),) if alone else (each.staff_no, each.name)
        amount = format_money(each.amount)
        return Row(key, (each.night[5:], *whose, self._title(each), amount, state), style)

    def _title(self, each: ListedCharge) -> str:
        place = (each.night, each.rule)
        if place not in self._titles:
            rule = self._session.book(each.key.night).rule(each.rule)
            self._titles[place] = clause(rule) if rule else each.rule
        return self._titles[place]

    def _adjustments(self, explanation: Explanation) -> Iterator[Row]:
        made = (
            (_("Corrections of closed months"), explanation.adjustments),
            (_("Corrected later"), explanation.corrections),
        )
        for heading, adjustments in made:
            if adjustments:
                yield Row(f" {heading}", (heading,), group=True)
            for at, each in enumerate(adjustments):
                key = f" {heading}{at}"
                self._adjusted[key] = each
                amount = format_money(each.amount)
                cells = (each.corrects[2:], each.month, each.reason, amount, _("adjusted"))
                yield Row(key, cells, "warning")

    def show_detail(self) -> None:
        """Says all there is to say of the selected charge."""
        key = self.list.cursor_key or ""
        lines = [_("Nothing was charged.")]
        if key in self._shown:
            each = self._shown[key]
            lines = list(self._detail(each, charge_list.detail(self._session, each)))
        elif key in self._adjusted:
            adjusted = self._adjusted[key]
            sentence = _("%(amount)s in %(month)s, correcting %(corrects)s: %(reason)s")
            amount = format_money(adjusted.amount)
            lines = [
                sentence
                % {
                    "amount": amount,
                    "month": adjusted.month,
                    "corrects": adjusted.corrects,
                    "reason": adjusted.reason,
                }
            ]
        self.told = "\n".join(map(displayable, lines))
        self.query_one("#charge", Lines).set_lines(
            line(each, "" if at or key not in self._shown else "strong")
            for at, each in enumerate(self.told.split("\n"))
        )

    def _detail(self, each: ListedCharge, detail: ChargeDetail) -> Iterator[str]:
        rule = detail.rule
        title = clause(rule) if rule else each.rule
        yield f"{each.night}  {each.name}  {title}  {format_money(each.amount)}"
        yield _("Why: %s") % detail.reasons[current_language()]
        if rule is not None:
            sentence = _("Clause %(clause)s takes: %(limits)s. From: %(source)s")
            values = {"clause": rule.clause, "limits": limits(rule), "source": _source(each.source)}
            yield sentence % values
        if detail.now != (each.amount, each.status):
            amount, status = detail.now
            sentence = _("Corrected since it was closed: now %(status)s, %(amount)s")
            yield sentence % {"status": word(status), "amount": format_money(amount)}
        if detail.waiver is not None:
            name = directory.name_of(detail.waiver.waived_by)
            sentence = _("Waived by %(name)s: %(reason)s")
            yield sentence % {"name": name, "reason": detail.waiver.reason}
        if detail.seen_at is not None:
            yield _("Seen by the staffer %s") % moment(self._session, detail.seen_at)
        for appeal in detail.appeals:
            yield from self._appeal(appeal)

    def _appeal(self, appeal: Appeal) -> Iterator[str]:
        session = self._session
        sentence = _("Contested %(when)s: %(words)s")
        yield sentence % {"when": moment(session, appeal.raised_at), "words": appeal.words}
        if appeal.decision is None:
            late = appeal.late(session.calendar, session.now())
            due = _("Overdue since %s") if late else _("To be decided by %s")
            yield due % appeal.due
            return
        decided = _("Upheld by %(name)s: %(reason)s")
        if appeal.decision == "waived":
            decided = _("Waived on appeal by %(name)s: %(reason)s")
        name = directory.name_of(appeal.decided_by) if appeal.decided_by else "-"
        yield decided % {"name": name, "reason": appeal.reason}


def _source(source: str) -> str:
    """What a charge comes from, as people know it: a number, or the roll."""
    return source.partition(":")[2] or _("the roll")


def _columns(alone: bool) -> Iterator[Column]:
    """Of one staffer's charges where they come from, of everybody's whose they are."""
    yield Column(_("Night"), 6)
    if alone:
        yield Column(_("Source"), 8, share=1, spare=2)
    else:
        yield Column(_("Number"), 6, spare=2)
        yield Column(_("Name"), 8, share=1)
    yield Column(_("Rule"), 12, share=2)
    yield Column(_("Amount"), 9, right=True)
    yield Column(_("State"), 10, tinted=True, spare=1)


def _sums(each: Explanation) -> Iterator[Line]:
    who = f"{each.staff_no} {displayable(each.name)}"
    row = each.deduction
    if row is None:
        yield line(who, "strong")
        return
    charged = _("charged") + " " + format_money(row.charges_total)
    deducted = _("deducted") + " " + format_money(row.deducted)
    yield line(f"{who}  {charged}  {deducted}", "strong")
    others = (
        (_("adjusted"), row.adjustments),
        (_("carried in"), row.carried_in),
        (_("carried out"), row.carried_out),
    )
    said = [f"{label} {format_money(cents)}" for label, cents in others if cents]
    if said:
        yield line("  ".join(said))
    if each.looks:
        yield line(looks_line(each.looks), "muted")
