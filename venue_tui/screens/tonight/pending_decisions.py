"""What waits: slips, leave, appeals, promises that are due, rolls that nobody ended, and proposed
separations, each decided in its own way."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from models.access.permissions import may, require_superior
from models.ledger import promises, separations
from models.ledger.unended_rolls import unended
from models.operations import briefings, leave, roll_board
from models.operations.leave import LeaveRow, LeaveVerdict
from models.operations.slip_board import OutingRow
from models.payroll import appeals, months
from models.payroll.appeals import Appeal
from models.rules.guests.promises import TOLD, Promise, State
from models.storage.database import ask
from models.values.money import format_money
from models.values.nights import first_night, month_of
from models.values.problems import Refused
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.clock import rule_title
from venue_tui.screens.shared.sentences import fines, moment
from venue_tui.screens.tonight.decision import DecidingScreen, Done, PendingDecision
from venue_tui.screens.tonight.pending_requests import PendingLeave, PendingSeparation, PendingSlip
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session


class PendingAppeal(PendingDecision):
    """Someone contests a charge."""

    where = "deductions"

    def __init__(self, held: Appeal) -> None:
        self.held = held

    @property
    def key(self) -> str:
        return f"appeal {self.held.appeal_id}"

    @property
    def staff_no(self) -> str:
        return self.held.staff_no

    def row(self, session: "Session") -> Row:
        late = self.held.late(session.calendar, session.now())
        due = _("overdue") if late else _("by %(night)s") % {"night": f"{self.held.due:%m-%d}"}
        cells = (_("appeal"), self.held.name, f"{due} {self.held.words}",
                 format_money(self.held.amount))  # fmt: skip
        return Row(self.key, cells, "bad" if late else "warning")

    def detail(self, session: "Session") -> list[Line]:
        return [
            line(self._charge(session), "bad"),
            line(_("They say: %s") % self.held.words),
            line(_("Accepted, the charge is let go; rejected, it stands."), "muted"),
        ]

    def _charge(self, session: "Session") -> str:
        title = rule_title(session, self.held.night, self.held.rule)
        return f"{self.held.night.isoformat()} {title} {format_money(self.held.amount)}"

    def decide(self, screen: DecidingScreen, accept: bool) -> None:
        from venue_tui.screens.deductions import charge_actions

        decision = appeals.WAIVED if accept else appeals.UPHELD
        shown = f"{self.held.name}, {self._charge(screen.session)}"
        charge_actions.decide(screen, self.held, decision, shown)


class PendingRoll(PendingDecision):
    """A roll was opened on a night that is over, and nobody ended it."""

    where = "roll"

    def __init__(self, night: date) -> None:
        self.night = night

    @property
    def key(self) -> str:
        return f"roll {self.night.isoformat()}"

    @property
    def staff_no(self) -> str:
        return ""

    def row(self, session: "Session") -> Row:
        closing = briefings.closing(session, self.night)
        n = len(closing.absences)
        missing = ngettext("%(n)d absent", "%(n)d absent", n) % {"n": n}
        note = _("not ended") + f"  {missing}"
        cells = (_("roll"), f"{self.night:%m-%d}", note, format_money(closing.absent))
        return Row(self.key, cells, "warning")

    def detail(self, session: "Session") -> list[Line]:
        return [
            line(_("Nobody ended the roll of %(night)s.") % {"night": self.night.isoformat()}),
            line(_("a ends it, and whoever gave no sign is absent; x: no briefing was held."),
                 "muted"),
        ]  # fmt: skip

    def decide(self, screen: DecidingScreen, accept: bool) -> None:
        from models.operations import unheld_briefings
        from venue_tui.screens.roll.closing import not_held_screen, roll_ending_screen

        session, night = screen.session, self.night

        def do(sure: bool | None) -> None:
            if not sure:
                return
            with screen.refusals_shown():
                if accept:
                    briefings.close_night(session, night)
                    said = _("The roll of %(night)s is ended.") % {"night": night.isoformat()}
                    undo = partial(briefings.reopen_night, session, night)
                    screen.decided(Done([said], undo))
                else:
                    taken = unheld_briefings.not_held(session, night)
                    said = _("No briefing was held on %(night)s.") % {"night": night.isoformat()}
                    put_back = partial(unheld_briefings.undo_not_held, session, taken)
                    screen.decided(Done([said, *fines(session, taken.changes)], put_back))

        if accept:
            question = roll_ending_screen(session, briefings.closing(session, night))
        else:
            question = not_held_screen(session, night, roll_board.board(session, night))
        screen.app.push_screen(question, do)


class PendingPromise(PendingDecision):
    """Something that was promised and is still to be kept."""

    where = "guests"

    def __init__(self, held: Promise) -> None:
        self.held = held

    @property
    def key(self) -> str:
        return f"promise {self.held.code} {self.held.about}"

    @property
    def staff_no(self) -> str:
        return ""

    def row(self, session: "Session") -> Row:
        from venue_tui.desk_words import promise_name  # where promises are few

        overdue = self.held.state is State.OVERDUE
        due = session.calendar.local(self.held.due_at).strftime("%m-%d %H:%M")
        note = f"{due}  {promise_name(self.held.code)}"
        cells = (_("due"), promises.whom(self.held.about), note, _("overdue") if overdue else "")
        return Row(self.key, cells, "bad" if overdue else "warning")

    def detail(self, session: "Session") -> list[Line]:
        from venue_tui.desk_words import promise_name

        level = self.held.with_whom(session.now())
        lines = [
            line(
                f"{promise_name(self.held.code)}  {promises.whom(self.held.about)}"
                f"  {self.held.about}",
                "strong",
            ),
            line(
                _("Since %(since)s, due by %(due)s.")
                % {
                    "since": moment(session, self.held.starts_at),
                    "due": moment(session, self.held.due_at),
                }
            ),
        ]
        if level is not None:
            lines.append(line(_("Now a matter for: %s") % word(level), "bad"))
        return lines

    def decide(self, screen: DecidingScreen, accept: bool) -> None:
        session, code, about = screen.session, self.held.code, self.held.about
        if not accept:
            screen.complain(_("What is due stays due until it is kept."))
            return
        with screen.refusals_shown():
            before = self._kept(session)
            if before is None:
                screen.complain(_("Keep it at the guest desk (0)."))
                return
            from models.guests import complaints, handovers
            from venue_tui.desk_words import promise_name

            undo = handovers.put_back if code == TOLD else complaints.put_back
            said = [_("Kept: %(what)s  %(about)s")
                    % {"what": promise_name(code), "about": promises.whom(about)}]  # fmt: skip
            screen.decided(Done(said, partial(undo, session, before)))

    def _kept(self, session: "Session") -> dict[str, Any] | None:
        """What stood before it was kept now; None where the desk has to."""
        from models.guests import complaints, handovers

        rules = session.book(session.calendar.night(self.held.starts_at)).guests
        ends = {rule.code: rule.ends for rule in (rules.promises if rules is not None else ())}
        about = self.held.about
        if self.held.code == TOLD:
            return handovers.keep(session, about)
        match ends.get(self.held.code):
            case "answered":
                return complaints.answer(session, about, "")
            case "solved":
                return complaints.solve(session, about)
            case "asked":
                return complaints.asked(session, about, satisfied=True)
        return None


def waiting(session: "Session", slips: tuple[OutingRow, ...]) -> Iterator[PendingDecision]:
    """All that waits for whoever works here but separations: who stands at the door (`slips`),
    leave, appeals and rolls that nobody ended, of each kind the oldest first."""
    if may(session, "outing.decide"):
        yield from (PendingSlip(each) for each in slips if _theirs(session, each.staff_no))
    if may(session, "leave.decide"):
        found = leave.listing(session, requested=True)
        theirs = [each for each in found if _theirs(session, each.staff_no)]
        ask(leave.verdict_reads(each.staff_no for each in theirs))
        yield from (PendingLeave(each, _verdict(session, each)) for each in theirs)
    if may(session, "appeal.decide"):
        raised = sorted(appeals.open_appeals(session), key=lambda each: each.raised_at)
        own = session.actor.staff_no if session.actor is not None else None
        yield from (PendingAppeal(each) for each in raised if each.staff_no != own)
    if may(session, "complaint"):
        due = promises.readable_promises(session, promises.waiting(session))
        yield from map(PendingPromise, due)
    if may(session, "roll"):
        first = first_night(months.first_open(session))
        yield from map(PendingRoll, unended(session, first, session.tonight()))


def leavers(session: "Session") -> Iterator[PendingSeparation]:
    """The proposed separations of the months that are open, each of which ends a job."""
    if may(session, "separation"):
        opens, until = months.first_open(session), month_of(session.tonight())
        if opens <= until:
            yield from map(PendingSeparation, separations.undecided(session, opens, until))


def _theirs(session: "Session", staff_no: str) -> bool:
    """Whether whoever works here decides on that staffer's requests."""
    if session.actor is None:
        return True
    try:
        require_superior(session, None, staff_no)
    except Refused:
        return False
    return True


def _verdict(session: "Session", row: LeaveRow) -> LeaveVerdict | None:
    nights = (row.first_night, row.last_night)
    try:
        return leave.verdict(session, row.staff_no, *nights, row.special_reason, row.filed_at)
    except Refused:
        return None
