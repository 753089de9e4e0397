"""Requests that wait: slips, leave and proposed separations, approved at once or rejected with a
reason."""

from datetime import date
from typing import TYPE_CHECKING

from models.access.permissions import require_other
from models.ledger import separations
from models.ledger.separations import ABSENCES, CONFIRMED, KEPT, Proposal
from models.operations import leave, outings
from models.operations.leave import LeaveRow
from models.operations.slip_board import OutingRow
from models.values.money import format_money
from venue_tui.locale import _
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.sentences import fines, short_span, span
from venue_tui.screens.tonight.decision import Done, PendingRequest
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.screens.shared.charge_preview import Doubts


class PendingSlip(PendingRequest):
    """Someone stands at the door."""

    where = "outings"

    def __init__(self, slip: OutingRow) -> None:
        self.slip = slip

    @property
    def key(self) -> str:
        return f"slip {self.slip.slip_no}"

    @property
    def staff_no(self) -> str:
        return self.slip.staff_no

    @property
    def rejection(self) -> str:
        return _("Reject this slip: why?")

    def row(self, session: "Session") -> Row:
        note = f"{clock(session, self.slip.requested_at)} {self.slip.reason or ''}"
        return Row(self.key, (_("slip"), self.slip.name, note, ""), "warning")

    def detail(self, session: "Session") -> list[Line]:
        words = {"time": clock(session, self.slip.requested_at), "team": self.slip.team or ""}
        return [
            line(_("Asks to go out since %(time)s  %(team)s") % words),
            line(self.slip.reason or _("without a reason"), "muted"),
        ]

    def approve(self, session: "Session", by: str | None) -> Done:
        done = outings.approve(session, self.slip.slip_no, by)
        return self._done(session, _("Approved: the slip of %s"), done)

    def reject(self, session: "Session", by: str | None, reason: str) -> Done:
        done = outings.reject(session, self.slip.slip_no, by, reason)
        return self._done(session, _("Rejected: the slip of %s"), done)

    def _done(self, session: "Session", sentence: str, done: outings.DecidedOuting) -> Done:
        said = [sentence % self.slip.name, *fines(session, done.changes)]
        return Done(said, (lambda: outings.undo(session, done)) if done.changed else None)


class PendingLeave(PendingRequest):
    """Someone asks for nights off."""

    where = "leave"

    def __init__(self, asked: LeaveRow, verdict: leave.LeaveVerdict | None) -> None:
        """`verdict`: how it would be judged, once approved; None where it couldn't be asked for any
        more."""
        self.asked = asked
        self.verdict = verdict

    @property
    def key(self) -> str:
        return f"leave {self.asked.leave_no}"

    @property
    def staff_no(self) -> str:
        return self.asked.staff_no

    @property
    def rejection(self) -> str:
        return _("Reject this leave: why?")

    @property
    def since(self) -> date | None:
        return self.asked.first_night

    def row(self, session: "Session") -> Row:
        nights = short_span(
            self.asked.first_night, self.asked.last_night, session.tonight()
        ).replace(" - ", "~")
        note = f"{nights} {word(self.asked.kind)}"
        verdict = self.verdict
        cost = format_money(verdict.cost) if verdict is not None and verdict.cost else ""
        return Row(self.key, (_("leave"), self.asked.name, note, cost), "warning")

    def detail(self, session: "Session") -> list[Line]:
        from venue_tui.screens.leave.forms import notice

        row = self.asked
        lines = [line(f"{span(row.first_night, row.last_night)}  {row.special_reason or ''}")]
        verdict = self.verdict
        if verdict is None:
            return lines
        return [*lines, line(notice(verdict), "" if verdict.in_time else "bad")]

    def doubts(self, session: "Session") -> "Doubts | None":
        from venue_tui.screens.shared.charge_preview import Doubts  # forms: no start waits for them

        emptied = [
            _("Nobody of %(team)s would be left on %(night)s.")
            % {"team": self.asked.team, "night": each.night}
            for each in leave.team_off(session, self.asked.leave_no)
            if each.off >= each.of
        ]
        title = _("Nobody of the team would be left. Approve all the same?")
        return Doubts(title, emptied, _("Approve")) if emptied else None

    def approve(self, session: "Session", by: str | None) -> Done:
        done = leave.approve(session, self.asked.leave_no, by)
        return self._done(session, _("Approved: %(name)s, %(nights)s"), done)

    def reject(self, session: "Session", by: str | None, reason: str) -> Done:
        done = leave.reject(session, self.asked.leave_no, by, reason)
        return self._done(session, _("Rejected: %(name)s, %(nights)s"), done)

    def _done(self, session: "Session", sentence: str, done: leave.DecidedLeave) -> Done:
        from venue_tui.screens.leave.forms import notice

        row = self.asked
        nights = span(row.first_night, row.last_night)
        said = [sentence % {"name": row.name, "nights": nights}, *fines(session, done.changes)]
        if done.fewest is not None and done.status == "approved":
            words = {"off": done.fewest.off, "of": done.fewest.of, "night": done.fewest.night}
            said.append(_("%(off)d of %(of)d in the team are off on %(night)s.") % words)
        verdict = self.verdict
        if verdict is not None and not verdict.in_time and done.status == "approved":
            said.append(notice(verdict))
        return Done(said, (lambda: leave.undo(session, done)) if done.changed else None)


class PendingSeparation(PendingRequest):
    """The house rules deem somebody resigned or dismissed, unless they are kept on."""

    where = "staff"

    def __init__(self, proposal: Proposal) -> None:
        self.proposal = proposal

    @property
    def key(self) -> str:
        return f"separation {self.proposal.staff_no} {self.proposal.cause} {self.proposal.span}"

    @property
    def staff_no(self) -> str:
        return self.proposal.staff_no

    @property
    def rejection(self) -> str:
        return _("Keep %(name)s on: why?") % {"name": self.proposal.name}

    @property
    def since(self) -> date | None:
        return self.proposal.night

    def row(self, session: "Session") -> Row:
        night = self.proposal.night
        note = (
            _("resigned %(night)s") if self.proposal.cause == ABSENCES else _("dismissed %(night)s")
        )
        words = {"night": f"{night:%m-%d}"}
        return Row(self.key, (_("leaver"), self.proposal.name, note % words, ""), "bad")

    def detail(self, session: "Session") -> list[Line]:
        words = {"night": self.proposal.night}
        if self.proposal.cause == ABSENCES:
            why = _("Too many absences, the last on %(night)s: deemed resigned.")
        else:
            why = _("Dismissed without pay for what happened on %(night)s.")
        return [line(why % words, "bad"), line(_("Approved, they have left; rejected, they stay."))]

    def doubts(self, session: "Session") -> "Doubts | None":
        from venue_tui.screens.shared.charge_preview import Doubts

        said = ["".join(text for text, _style in each) for each in self.detail(session)[:1]]
        said.append(_("Confirmed, %s has left, and this ends their job.") % self.proposal.name)
        return Doubts(_("Confirm that they leave?"), said, _("Confirm"))

    def require_decider(self, session: "Session", by: str | None) -> None:
        require_other(session, by, self.staff_no)

    def approve(self, session: "Session", by: str | None) -> Done:
        return self._decide(session, by, CONFIRMED, None, _("%(name)s has left as of %(night)s"))

    def reject(self, session: "Session", by: str | None, reason: str) -> Done:
        return self._decide(session, by, KEPT, reason, _("%(name)s stays on"))

    def _decide(
        self, session: "Session", by: str | None, decision: str, reason: str | None, sentence: str
    ) -> Done:
        separations.decide(session, self.proposal, decision, by, reason or None)
        words = {"name": self.proposal.name, "night": self.proposal.night}
        return Done([sentence % words], lambda: separations.reconsider(session, self.proposal))
