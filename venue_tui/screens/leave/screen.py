"""Leave: nights off, asked for, approved and rejected, beside who else is off."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.access.scope import only_readable
from models.operations import directory, leave
from models.operations.directory import DirectoryEntry
from models.operations.leave import DecidedLeave, LeaveRow
from models.values.money import format_money
from models.values.problems import Refused
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.leave import calendar
from venue_tui.screens.leave.forms import AskForLeave, notice
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.charge_preview import Doubts, are_open, once_named, once_named_as
from venue_tui.screens.shared.people import anybody, may_decide
from venue_tui.screens.shared.sentences import decided, fines, moment, short_span, span, whose
from venue_tui.widgets.columns import Column
from venue_tui.widgets.finder import Finder
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.reason_prompt import ReasonPrompt
from venue_tui.widgets.split import Split
from venue_tui.words import listed, word

LOOK_BACK = timedelta(days=31)
"""Leave that ended longer ago is shown only while something is looked for."""

_STYLES = {"requested": "warning", "approved": "good"}


class LeaveScreen(VenueScreen):
    """The waiting requests on top, then everyone else's leave; below, the selected one's verdict
    and the calendar around its nights."""

    where = "leave"
    about = N_(
        "Nights off. On top are the requests that wait for a decision, the oldest first; below them"
        " what is decided. Finding somebody looks through older leave, too.\n\n"
        "Leave excuses a night if it was asked for early enough, or with a special reason; which"
        " nights come too late, and what staying away from them costs, stands below the list. Who"
        " may decide is the direct supervisor or a director; where nobody signs in, you are asked"
        " once who you are.\n\n"
        "The calendar shows how many of each team are off, of how many on the roll. A name with ?"
        " is only asked for, one with ! was asked for too late for that night, and * marks the"
        " nights of the selected leave. [ and ] show a week earlier and later."
    )
    BINDINGS: ClassVar = bindings("leave")
    WHY_NOT: ClassVar = dict.fromkeys(
        ("read_whole", "approve", "reject", "withdraw", "reopen"),
        N_("There is no leave to decide on: n asks for some."),
    )
    CSS = """
    LeaveScreen #off { height: 30%; }
    LeaveScreen.-wide Split { grid-columns: 1fr 46; }
    LeaveScreen.-broad Split { grid-columns: 1fr 74; }
    LeaveScreen.-wide.-tall #off, LeaveScreen.-broad.-tall #off { height: 35%; }
    LeaveScreen #row-keys { display: none; }
    LeaveScreen.-wide.-tall #row-keys, LeaveScreen.-broad.-tall #row-keys { display: block; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._recent: list[LeaveRow] = []
        self._all: list[LeaveRow] | None = None
        """Read when something is first looked for."""
        self._rows: dict[str, LeaveRow] = {}
        """What is listed, by number."""
        self._entries: list[DirectoryEntry] = []
        self._late: Counter[str] = Counter()
        self._weeks = 0
        """How far the calendar is from the selected leave."""

    def body(self) -> ComposeResult:
        with Split():
            yield LineList(
                Column(_("Name"), 10, 2),
                Column(_("Team"), 6, 1, spare=3),
                Column(_("Kind"), 8, spare=2),
                Column(_("Nights"), 13, 1),
                Column(_("Notice"), 16, 1, spare=1),
                Column(_("State"), 9, tinted=True),
                id="leave",
                opens=False,
                classes="panel list",
            )
            yield Lines(id="detail", wraps=True, classes="detail")
        yield LineList(fixed=1, id="off", opens=False, lit_alone=True, classes="panel")
        yield Finder()

    # What is shown

    def refresh_data(self) -> None:
        tonight = self.session.tonight()
        self._entries = directory.employed(tonight)
        self._recent = leave.listing(self.session, since=tonight - LOOK_BACK)
        self._all = None
        # What was asked for by now is in time for every night that is further off.
        notice = max(book.notice_nights for _from, book in self.session.versions.adopted)
        offs = leave.calendar(self.session, tonight - LOOK_BACK, tonight + timedelta(days=notice))
        self._late = Counter(off.leave_no for off in offs if off.late)
        self._show_list()

    def _chosen(self) -> list[LeaveRow]:
        """The rows to show: the recent ones, or all of whoever is looked for."""
        sought = self.query_one(Finder).sought
        if not sought:
            return self._recent
        if self._all is None:
            self._all = leave.listing(self.session)
        found = directory.found(sought)
        return [row for row in self._all if row.staff_no in found or row.leave_no == sought]

    def _show_list(self) -> None:
        tonight = self.session.tonight()
        self._rows = {row.leave_no: row for row in self._chosen()}
        groups: dict[str, list[LeaveRow]] = {}
        for row in self._rows.values():
            if row.status != "requested":
                group = "coming" if row.last_night >= tonight else "past"
            else:
                group = "waiting" if may_decide(self.program, row.staff_no) else "others"
            groups.setdefault(group, []).append(row)
        waiting, others = groups.get("waiting", []), groups.get("others", [])
        titles = {
            _waiting_title(len(waiting)): waiting,
            _others_title(len(others)): others,
            _("Tonight and to come"): groups.get("coming", []),
            _("Before"): groups.get("past", []),
        }
        self.query_one("#leave", LineList).set_rows(
            row
            for title, rows in titles.items()
            if rows or rows is waiting
            for row in self._group(title, rows)
        )
        if not self._recent and not self.query_one(Finder).sought:
            empty = _("Nobody has asked for nights off yet: n asks for some.")
            self.query_one("#leave", LineList).set_rows([Row("empty", (empty,), group=True)])
        self.entitle("#leave", _("Leave"), len(self._rows))
        self.entitle("#off", _("Who is off"))
        self.entitle("#detail", _("Request"))
        self._show_selected()
        self.refresh_bindings()

    def _group(self, title: str, rows: Sequence[LeaveRow]) -> Iterable[Row]:
        yield Row(f"group {title}", (title,), group=True)
        for row in rows:
            cells = (
                row.name,
                row.team or "",
                word(row.kind),
                short_span(row.first_night, row.last_night, self.session.tonight()),
                self._notice(row),
                word(row.status),
            )
            yield Row(row.leave_no, cells, _STYLES.get(row.status, "muted"))

    def _verdict(self, row: LeaveRow) -> leave.LeaveVerdict | None:
        try:
            return leave.verdict(
                self.session, row.staff_no, row.first_night, row.last_night, row.special_reason,
                row.filed_at,
            )  # fmt: skip
        except Refused:
            return None

    def _notice(self, row: LeaveRow) -> str:
        """What a line has room for: in time or not, and what a request would cost."""
        if row.status not in ("requested", "approved"):
            return ""
        late = self._late[row.leave_no]
        verdict = None
        if row.first_night < self.session.tonight() - LOOK_BACK:
            verdict = self._verdict(row)
            late = len(verdict.late) if verdict is not None else 0
        if not late:
            return _("special") if row.special_reason else _("in time")
        if row.status == "requested":
            verdict = self._verdict(row)
        if verdict is None:
            return ngettext("%d late", "%d late", late) % late
        return _("%(n)d late, %(cost)s") % {"n": late, "cost": format_money(verdict.cost)}

    def _selected(self) -> LeaveRow | None:
        return self._rows.get(self.query_one("#leave", LineList).cursor_key or "")

    def on_line_list_highlighted(self, event: LineList.Highlighted) -> None:
        if event.line_list.id == "leave":
            self._weeks = 0
            self._show_selected()
            self.refresh_bindings()

    def on_finder_sought(self) -> None:
        self._show_list()

    def action_earlier(self) -> None:
        self._weeks -= 1
        self._show_selected()

    def action_later(self) -> None:
        self._weeks += 1
        self._show_selected()

    def _show_selected(self) -> None:
        row = self._selected()
        first = self.session.tonight() + timedelta(weeks=self._weeks)
        if row is not None:
            first = row.first_night + timedelta(days=-1, weeks=self._weeks)
        self.query_one("#detail", Lines).set_lines(self._detail(row) if row else [])
        # Of others' leave nothing is told: their empty columns would say that nobody is off.
        teams = calendar.teams_of(only_readable(self.session, self._entries), row)
        off = self.query_one("#off", LineList)
        off.set_columns(*calendar.columns(teams))
        off.set_rows(calendar.rows(self.session, self._entries, teams, first, row))

    def _detail(self, row: LeaveRow) -> list[Line]:
        superiors = {each.staff_no: each.supervisor_no for each in self._entries}
        superior = superiors.get(row.staff_no)
        who = whose(row.leave_no, row.staff_no, row.name, row.team, superior)
        asked = _("%(kind)s, %(nights)s, asked for %(moment)s") % {
            "kind": word(row.kind),
            "nights": span(row.first_night, row.last_night),
            "moment": moment(self.session, row.filed_at),
        }
        lines = [line(who, "strong"), line(asked)]
        verdict = self._verdict(row)
        if row.special_reason:
            lines.append(line(_("Special reason: %s") % row.special_reason))
        elif verdict is not None and row.status in ("requested", "approved"):
            lines.append(line(notice(verdict), "" if verdict.in_time else "warning"))
        if row.status == "requested":
            lines.append(self._left_in_team(row))
        else:
            what = (row.status, row.decided_by, row.decided_at, row.decision_reason)
            lines.append(line(decided(self.session, *what)))
        return [*lines, *self._others(row)]

    def _others(self, row: LeaveRow) -> Iterator[Line]:
        """Their other nights off, asked for or approved, as far back as is listed."""
        others = [
            each
            for each in self._recent
            if each.staff_no == row.staff_no
            and each.leave_no != row.leave_no
            and each.status in ("requested", "approved")
        ]
        if others:
            tonight = self.session.tonight()
            nights = (short_span(each.first_night, each.last_night, tonight) for each in others)
            yield line(_("Others of theirs: %s") % listed(nights), "muted")

    def _left_in_team(self, row: LeaveRow) -> Line:
        fewest = min(
            leave.team_off(self.session, row.leave_no),
            key=lambda night: night.of - night.off,
            default=None,
        )
        if fewest is None:
            return line("")
        return line(self._team_sentence(row.team, fewest), "bad" if _emptied(fewest) else "muted")

    @staticmethod
    def _team_sentence(team: str | None, fewest: leave.TeamOff) -> str:
        return _("With this, off in %(team)s on %(night)s: %(off)d of %(of)d.") % {
            "off": fewest.off,
            "of": fewest.of,
            "team": team or _("No team"),
            "night": fewest.night,
        }

    # What is done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action in ("read_whole", "approve", "reject", "withdraw", "reopen"):
            return True if self._selected() else None
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        if not anybody(self):
            return

        def asked(leave_no: str | None) -> None:
            if leave_no is None:
                return
            row = leave.leave(self.session, leave_no)
            nights = span(row.first_night, row.last_night)
            message = _("Asked for leave: %(name)s, %(nights)s") % {
                "name": row.name,
                "nights": nights,
            }
            self.did(message, lambda: leave.withdraw(self.session, leave_no))
            self.refresh_data()
            self.query_one("#leave", LineList).move_to(leave_no)

        self.app.push_screen(AskForLeave(self.session), asked)

    def action_approve(self) -> None:
        if row := self._selected():
            self.program.begin(self, self._approve(row))

    async def _approve(self, row: LeaveRow) -> None:
        emptied = []
        if row.status == "requested":
            emptied = [
                self._team_sentence(row.team, each)
                for each in leave.team_off(self.session, row.leave_no)
                if _emptied(each)
            ]
        title = _("Nobody of the team would be left. Approve all the same?")
        doubts = Doubts(title, emptied, _("Approve")) if emptied else None
        await self._decide(row, leave.approve, doubts=doubts)

    def action_reject(self) -> None:
        if row := self._selected():
            self.program.begin(self, self._reject(row))

    async def _reject(self, row: LeaveRow) -> None:
        if not are_open(self, row.first_night):
            return
        about = [f"{row.name}  {span(row.first_night, row.last_night)}"]
        if row.special_reason:
            about.append(_("Special reason: %s") % row.special_reason)
        prompt = ReasonPrompt(_("Reject this leave: why?"), about)
        reason: str | None = await self.program.push_screen_wait(prompt)
        if reason is not None:
            await self._decide(row, leave.reject, reason)

    async def _decide(
        self,
        row: LeaveRow,
        decide: Callable[..., DecidedLeave],
        reason: str | None = None,
        doubts: Doubts | None = None,
    ) -> None:
        done = await once_named_as(
            self,
            lambda by: decide(self.session, row.leave_no, by=by, reason=reason),
            row.staff_no,
            row.first_night,
            doubts,
        )
        if done is not None:
            self._decided(row, done)

    def action_withdraw(self) -> None:
        if row := self._selected():
            self.program.begin(self, self._change(row, leave.withdraw))

    def action_reopen(self) -> None:
        if row := self._selected():
            self.program.begin(self, self._change(row, leave.undecide))

    async def _change(self, row: LeaveRow, change: Callable[..., DecidedLeave]) -> None:
        do = partial(change, self.session, row.leave_no)
        done = await once_named(self, do, row.staff_no, row.first_night)
        if done is not None:
            self._decided(row, done)

    def _decided(self, row: LeaveRow, done: DecidedLeave) -> None:
        who = {"name": row.name, "nights": span(row.first_night, row.last_night)}
        if not done.changed:
            self.say(_("%(name)s's leave is %(status)s already; nothing changed.")
                     % {"name": row.name, "status": word(done.status)})  # fmt: skip
            return
        sentence = {
            "approved": _("Approved: %(name)s, %(nights)s"),
            "rejected": _("Rejected: %(name)s, %(nights)s"),
            "withdrawn": _("Withdrawn: %(name)s, %(nights)s"),
            "requested": _("Waits for a decision again: %(name)s, %(nights)s"),
        }[done.status]
        lines = [sentence % who]
        if done.status == "approved":
            verdict = self._verdict(row)
            if verdict is not None and not verdict.in_time:
                lines.append(notice(verdict))
            if done.fewest is not None:
                lines.append(self._team_sentence(done.team, done.fewest))
        lines += fines(self.session, done.changes)
        self.did("\n".join(lines), lambda: leave.undo(self.session, done))
        line_list = self.query_one("#leave", LineList)
        stay = row.leave_no
        if row.status == "requested":
            stay = line_list.next_key(lambda each: self._waits(each.key)) or stay
        self.refresh_data()
        line_list.move_to(stay)

    def _waits(self, leave_no: str) -> bool:
        row = self._rows.get(leave_no)
        return row is not None and row.status == "requested"


def _waiting_title(count: int) -> str:
    if not count:
        return _("Nothing waits for your decision")
    return ngettext("%d waits for a decision", "%d wait for a decision", count) % count


def _others_title(count: int) -> str:
    return ngettext("%d waits for another superior", "%d wait for another superior", count) % count


def _emptied(night: leave.TeamOff) -> bool:
    return 0 < night.of <= night.off
