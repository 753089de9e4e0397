"""What waits: slips, leave, appeals, promises that are due, rolls that nobody ended, and proposed
separations, each decided in its own way."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from models.access.permissions import may, require_other, require_superior
from models.ledger import promises, separations
from models.ledger.separations import ABSENCES, CONFIRMED, KEPT, Proposal
from models.ledger.unended import unended
from models.operations import briefings, leave, outings, roll, unheld_briefings
from models.operations.leave import LeaveRow
from models.operations.outings import OutingRow
from models.payroll import appeals, months
from models.payroll.appeals import Appeal
from models.rules.guests.promises import TOLD, Promise, State
from models.values.money import format_money
from models.values.nights import first_night, month_of
from models.values.problems import Refused
from venue_tui.locale import _, ngettext
from venue_tui.screens.shared.clock import clock, rule_title
from venue_tui.screens.shared.people import as_person
from venue_tui.screens.shared.wording import fines, moment, short_span, span
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line, line
from venue_tui.words import word

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.screens.tonight.screen import TonightScreen


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that was made: what to say of it, and how to undo it. `undo` is None where it was
    so already."""

    said: list[str]
    undo: Callable[[], object] | None


class Waiting(ABC):
    """One thing to decide. `where` is the screen that tells all about it."""

    where: ClassVar[str]

    @property
    @abstractmethod
    def key(self) -> str: ...

    @property
    @abstractmethod
    def staff_no(self) -> str: ...

    @abstractmethod
    def row(self, session: "Session") -> Row:
        """Its line: what, who, what for, and what it costs."""

    @abstractmethod
    def detail(self, session: "Session") -> list[Line]:
        """What there is to know before deciding."""

    @abstractmethod
    def decide(self, screen: "TonightScreen", accept: bool) -> None:
        """Asks what there is to be asked, and decides."""


class WaitingRequest(Waiting):
    """What a superior approves at once, or rejects with a reason."""

    @abstractmethod
    def approve(self, session: "Session", by: str | None) -> Done: ...

    @abstractmethod
    def reject(self, session: "Session", by: str | None, reason: str) -> Done: ...

    @property
    @abstractmethod
    def rejection(self) -> str:
        """The question that a rejection asks its reason with."""

    def doubts(self, session: "Session") -> list[str]:
        """What to ask about before it is approved; mostly nothing."""
        return []

    def require_decider(self, session: "Session", by: str | None) -> None:
        """Raises Refused where it isn't theirs to decide, before they write why."""
        require_superior(session, by, self.staff_no)

    def decide(self, screen: "TonightScreen", accept: bool) -> None:
        if not accept:
            as_person(screen, lambda by: self._ask_why(screen, by), about=self.staff_no)
            return

        def answered(sure: bool | None = True) -> None:
            if sure:
                as_person(
                    screen,
                    lambda by: screen.decided(self.approve(screen.session, by)),
                    about=self.staff_no,
                )

        if doubts := self.doubts(screen.session):
            from venue_tui.widgets.dialogs import Confirm  # forms, which no start waits for

            question = Confirm(_("Approve all the same?"), doubts, yes=_("Approve"))
            screen.app.push_screen(question, answered)
        else:
            answered()

    def _ask_why(self, screen: "TonightScreen", by: str | None) -> None:
        from venue_tui.widgets.dialogs import ReasonPrompt

        self.require_decider(screen.session, by)
        done: list[Done] = []

        def do(reason: str) -> None:
            done.append(self.reject(screen.session, by, reason))

        def answered(reason: str | None) -> None:
            if reason is not None:
                screen.decided(done[-1])

        _what, name, note, _cost = self.row(screen.session).cells
        prompt = ReasonPrompt(self.rejection, [f"{name}  {note}"], do=do)
        screen.app.push_screen(prompt, answered)


@dataclass(frozen=True, slots=True)
class WaitingSlip(WaitingRequest):
    """Someone stands at the door."""

    slip: OutingRow
    where: ClassVar[str] = "outings"

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


@dataclass(frozen=True, slots=True)
class WaitingLeave(WaitingRequest):
    """Someone asks for nights off."""

    asked: LeaveRow
    where: ClassVar[str] = "leave"

    @property
    def key(self) -> str:
        return f"leave {self.asked.leave_no}"

    @property
    def staff_no(self) -> str:
        return self.asked.staff_no

    @property
    def rejection(self) -> str:
        return _("Reject this leave: why?")

    def row(self, session: "Session") -> Row:
        nights = short_span(
            self.asked.first_night, self.asked.last_night, session.tonight()
        ).replace(" - ", "~")
        note = f"{nights} {word(self.asked.kind)}"
        verdict = self._verdict(session)
        cost = format_money(verdict.cost) if verdict is not None and verdict.cost else ""
        return Row(self.key, (_("leave"), self.asked.name, note, cost), "warning")

    def detail(self, session: "Session") -> list[Line]:
        from venue_tui.screens.leave.forms import notice

        row = self.asked
        lines = [line(f"{span(row.first_night, row.last_night)}  {row.special_reason or ''}")]
        verdict = self._verdict(session)
        if verdict is None:
            return lines
        return [*lines, line(notice(verdict), "" if verdict.in_time else "bad")]

    def _verdict(self, session: "Session") -> leave.Verdict | None:
        row = self.asked
        span_ = (row.first_night, row.last_night)
        try:
            return leave.verdict(session, row.staff_no, *span_, row.special_reason, row.filed_at)
        except Refused:
            return None

    def doubts(self, session: "Session") -> list[str]:
        return [
            _("Nobody of %(team)s would be left on %(night)s.")
            % {"team": self.asked.team, "night": each.night}
            for each in leave.team_off(session, self.asked.leave_no)
            if each.off >= each.of
        ]

    def approve(self, session: "Session", by: str | None) -> Done:
        done = leave.approve(session, self.asked.leave_no, by)
        return self._done(session, _("Approved: %(name)s, %(nights)s"), done)

    def reject(self, session: "Session", by: str | None, reason: str) -> Done:
        done = leave.reject(session, self.asked.leave_no, by, reason)
        return self._done(session, _("Rejected: %(name)s, %(nights)s"), done)

    def _done(self, session: "Session", sentence: str, done: leave.DecidedLeave) -> Done:
        row = self.asked
        nights = span(row.first_night, row.last_night)
        said = [sentence % {"name": row.name, "nights": nights}, *fines(session, done.changes)]
        if done.fewest is not None and done.status == "approved":
            words = {"off": done.fewest.off, "of": done.fewest.of, "night": done.fewest.night}
            said.append(_("%(off)d of %(of)d in the team are off on %(night)s.") % words)
        return Done(said, (lambda: leave.undo(session, done)) if done.changed else None)


@dataclass(frozen=True, slots=True)
class WaitingSeparation(WaitingRequest):
    """The house rules deem somebody resigned or dismissed, unless they are kept on."""

    proposal: Proposal
    where: ClassVar[str] = "staff"

    @property
    def key(self) -> str:
        return f"separation {self.proposal.staff_no} {self.proposal.cause} {self.proposal.span}"

    @property
    def staff_no(self) -> str:
        return self.proposal.staff_no

    @property
    def rejection(self) -> str:
        return _("Keep %(name)s on: why?") % {"name": self.proposal.name}

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

    def doubts(self, session: "Session") -> list[str]:
        said = ["".join(text for text, _style in each) for each in self.detail(session)[:1]]
        return [*said, _("Confirmed, %s has left, and this ends their job.") % self.proposal.name]

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


@dataclass(frozen=True, slots=True)
class WaitingAppeal(Waiting):
    """Someone contests a charge."""

    held: Appeal
    where: ClassVar[str] = "deductions"

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

    def decide(self, screen: "TonightScreen", accept: bool) -> None:
        from venue_tui.screens.deductions import charge_actions

        decision = appeals.WAIVED if accept else appeals.UPHELD
        shown = f"{self.held.name}, {self._charge(screen.session)}"
        charge_actions.decide(screen, self.held, decision, shown)


@dataclass(frozen=True, slots=True)
class WaitingRoll(Waiting):
    """A roll was opened on a night that is over, and nobody ended it."""

    night: date
    where: ClassVar[str] = "roll"

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

    def decide(self, screen: "TonightScreen", accept: bool) -> None:
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
            question = not_held_screen(session, night, roll.board(session, night))
        screen.app.push_screen(question, do)


@dataclass(frozen=True, slots=True)
class WaitingPromise(Waiting):
    """Something that was promised and is still to be kept."""

    held: Promise
    where: ClassVar[str] = "guests"

    @property
    def key(self) -> str:
        return f"promise {self.held.code} {self.held.about}"

    @property
    def staff_no(self) -> str:
        return ""

    def row(self, session: "Session") -> Row:
        from venue_tui.screens.guests.lines import promise_name  # where promises are few

        overdue = self.held.state is State.OVERDUE
        due = session.calendar.local(self.held.due_at).strftime("%m-%d %H:%M")
        note = f"{due}  {promise_name(self.held.code)}"
        cells = (_("due"), promises.whom(self.held.about), note, _("overdue") if overdue else "")
        return Row(self.key, cells, "bad" if overdue else "warning")

    def detail(self, session: "Session") -> list[Line]:
        from venue_tui.screens.guests.lines import promise_name

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

    def decide(self, screen: "TonightScreen", accept: bool) -> None:
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
            from venue_tui.screens.guests.lines import promise_name

            undo = handovers.put_back if code == TOLD else complaints.put_back
            said = [_("Kept: %(what)s  %(about)s")
                    % {"what": promise_name(code), "about": about}]  # fmt: skip
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


def waiting(session: "Session", slips: tuple[OutingRow, ...]) -> Iterator[Waiting]:
    """All that waits for whoever works here but separations: who stands at the door (`slips`),
    leave, appeals and rolls that nobody ended, of each kind the oldest first."""
    requests: list[Waiting] = []
    if may(session, "outing.decide"):
        requests += map(WaitingSlip, slips)
    if may(session, "leave.decide"):
        requests += map(WaitingLeave, leave.listing(session, requested=True))
    signed_in = session.actor is not None
    yield from (each for each in requests if not signed_in or _theirs(session, each.staff_no))
    if may(session, "appeal.decide"):
        found = sorted(appeals.open_appeals(session), key=lambda each: each.raised_at)
        own = session.actor.staff_no if session.actor is not None else None
        yield from (WaitingAppeal(each) for each in found if each.staff_no != own)
    if may(session, "complaint"):
        yield from map(WaitingPromise, promises.waiting(session))
    if may(session, "roll"):
        first = first_night(months.first_open(session))
        yield from map(WaitingRoll, unended(session, first, session.tonight()))


def leavers(session: "Session") -> Iterator[WaitingSeparation]:
    """The proposed separations of the months that are open, each of which ends a job."""
    if may(session, "separation"):
        opens, until = months.first_open(session), month_of(session.tonight())
        if opens <= until:
            yield from map(WaitingSeparation, separations.undecided(session, opens, until))


def _theirs(session: "Session", staff_no: str) -> bool:
    """Whether whoever signed in decides on that staffer's requests."""
    try:
        require_superior(session, None, staff_no)
    except Refused:
        return False
    return True
