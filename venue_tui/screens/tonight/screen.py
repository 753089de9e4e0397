"""Tonight: the director's view of the whole floor, and what waits for a decision."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Digits

from models.ledger.settling import settle
from models.operations import (
    booking_board,
    briefings,
    directory,
    first_call,
    outings,
    roll_board,
    slip_board,
)
from models.operations.booking_board import Spot
from models.operations.briefings import BriefingRow
from models.operations.outings import Gone
from models.operations.roll_board import RollRow
from models.operations.slip_board import OutingRow
from models.operations.tonight import tonight_reads
from models.payroll import trends
from models.payroll.trends import NO_FINES, Fines
from models.rules.judgement import briefing_due
from models.storage.database import ask, together
from models.values.money import format_money
from models.values.nights import first_night, month_of
from venue_tui.locale import N_, _
from venue_tui.screens.roll.lines import bar_parts, counts_line, recounted, work_line
from venue_tui.screens.shared.clock import Countdown, clock, countdown, standing
from venue_tui.screens.shared.people import nobody_yet
from venue_tui.screens.tonight.decision import DecidingScreen, PendingDecision
from venue_tui.screens.tonight.panels import (
    held_lines,
    out_lines,
    out_rows,
    place_lines,
    places_titles,
    team_lines,
)
from venue_tui.screens.tonight.pending_decisions import leavers, waiting
from venue_tui.widgets.columns import Column
from venue_tui.widgets.head_panel import HeadPanel
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines, line

if TYPE_CHECKING:
    from models.access.session import Session


class TonightReading(NamedTuple):
    """All that is shown; `fines` are the night's, and those of the month so far."""

    night: date
    rows: dict[str, RollRow]
    call_ended: bool
    outings: slip_board.SlipBoard
    briefing: BriefingRow | None
    fines: tuple[Fines, Fines]
    waiting: dict[str, PendingDecision]
    leavers: dict[str, PendingDecision]
    places: list[Spot]


class TonightNews(NamedTuple):
    """Some rows of the roll as they are by now, and the fines where they changed."""

    rows: dict[str, RollRow]
    fines: tuple[Fines, Fines] | None


class Panel(Lines):
    """Lines that depend on how wide they are, which is known once they are laid out."""

    def on_resize(self) -> None:
        _show_again(self)


class OutList(LineList):
    """Rows that depend on it, too."""

    def on_resize(self) -> None:
        _show_again(self)


class TonightScreen(DecidingScreen):
    """What happens now: the briefing, the teams, the rooms, what waits, who is out, the fines."""

    where = "tonight"
    about = N_(
        "The night at a glance: how long to the briefing, who of each team is here, the rooms and "
        "tables, who is out and for how long, and the fines of the night and the month so far. It "
        "follows what is done at other terminals within two seconds.\n\n"
        "In the middle is what waits for a decision, who stands at the door first: a approves the "
        "selected one and x rejects it, with a reason; Enter opens the screen that tells more. "
        "Whom the house rules deem resigned or dismissed stand below, apart: Tab goes there, a "
        "says that they have left, after asking, and x that they stay.\n\n"
        "On the right, or below, are those who may go out, and those who are out: o says that one "
        "goes, b that one is back. The arrows left and right go from panel to panel."
    )
    BINDINGS: ClassVar = [*bindings("tonight"), *hidden({"left": "panel(-1)", "right": "panel(1)"})]
    WHY_NOT: ClassVar = {
        "approve": N_("Nothing waits for a decision."),
        "reject": N_("Nothing waits for a decision."),
        "out": N_("Nobody may go out: approve a slip first."),
        "back": N_("Nobody is out."),
    }
    AUTO_FOCUS = "#waiting, #out"
    # Not CSS, for which all styles there are would be parsed again: this screen is the first one.
    DEFAULT_CSS = """
    TonightScreen .left { width: 23%; }
    TonightScreen .middle { width: 1fr; }
    TonightScreen .right { width: 25%; min-width: 21; }
    TonightScreen Lines, TonightScreen LineList {
        border: round $foreground 25%; border-title-color: $text-primary;
    }
    TonightScreen LineList:focus {
        border: round $text-accent; border-title-color: $text-accent; border-title-style: bold;
    }
    TonightScreen #teams { height: auto; max-height: 60%; }
    TonightScreen #places { height: 1fr; }
    TonightScreen #waiting { height: 1fr; }
    TonightScreen #leavers { height: auto; max-height: 6; display: none; }
    TonightScreen #leavers.-some { display: block; }
    TonightScreen #detail { height: 4; border: none; padding: 0 1; background: $surface; }
    TonightScreen #out { height: 1fr; }
    TonightScreen #countdown {
        display: none; height: 5; text-align: center; text-style: bold; background: $surface;
        color: $text-primary;
        border: round $foreground 25%; border-title-color: $text-primary;
    }
    TonightScreen.-wide.-tall #countdown.-some { display: block; }
    TonightScreen.-usual Horizontal {
        layout: grid; grid-size: 2 2; grid-columns: 22 1fr; grid-rows: 1fr auto;
    }
    TonightScreen.-usual .left { width: 100%; row-span: 2; }
    TonightScreen.-usual .right { width: 100%; height: auto; max-height: 7; }
    TonightScreen.-usual #out { height: auto; max-height: 7; }
    TonightScreen.-usual.-short #detail { height: 2; }
    TonightScreen.-narrow Horizontal { layout: vertical; }
    TonightScreen.-narrow .left { display: none; }
    TonightScreen.-narrow #detail { display: none; }
    TonightScreen.-narrow .middle { width: 100%; height: 1fr; }
    TonightScreen.-narrow .right { width: 100%; height: auto; max-height: 35%; }
    TonightScreen.-narrow #out { height: auto; }
    """
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (70, "-usual"),
        (112, "-wide"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, PendingDecision] = {}
        self._leavers: dict[str, PendingDecision] = {}
        self._approved: dict[str, OutingRow] = {}
        self._out: dict[str, OutingRow] = {}
        self._places: list[Spot] = []
        self._briefing: BriefingRow | None = None
        self._call_ended = False
        self._rows: dict[str, RollRow] = {}
        self._counts = roll_board.summary(())
        self._shown_times = 0
        self._shown_clock: tuple[Countdown | None, int] | None = None
        self._fines: tuple[Fines, Fines] = (NO_FINES, NO_FINES)
        self._night: date | None = None

    def body(self) -> ComposeResult:
        yield HeadPanel(id="head")
        with Horizontal():
            with Vertical(classes="left"):
                yield Panel(id="teams")
                yield Panel(id="places", wraps=True)
            with Vertical(classes="middle"):
                yield LineList(*_columns(), titles=False, lit_alone=True, id="waiting")
                yield LineList(*_columns(), titles=False, lit_alone=True, id="leavers")
                yield Lines(id="detail", wraps=True)
            with Vertical(classes="right"):
                yield Digits(id="countdown")
                yield OutList(
                    Column("", 8),
                    Column("", 7, right=True, tinted=True),
                    Column("", 0, share=1),
                    titles=False,
                    lit_alone=True,
                    id="out",
                )

    # What is shown

    def refresh_data(self) -> None:
        self._show(self._reading())

    def _reading(self) -> TonightReading:
        with together(self.where):
            return self._read_all()

    def _read_all(self) -> TonightReading:
        session = self.session
        ask(tonight_reads(session))
        session.refresh()
        settle(session)
        night = session.tonight()
        board = slip_board.board(session, night)
        return TonightReading(
            night,
            {row.staff_no: row for row in roll_board.board(session, night)},
            first_call.was_ended(night),
            board,
            briefings.briefing(session, night),
            _fines(session, night),
            {each.key: each for each in waiting(session, board.asked)},
            {each.key: each for each in leavers(session)},
            booking_board.board(session, night),
        )

    def _show(self, read: TonightReading) -> None:
        self._shown_times += 1
        self._night, self._rows, self._call_ended = read.night, read.rows, read.call_ended
        self._counts = roll_board.summary(self._rows.values())
        self._approved = {each.slip_no: each for each in read.outings.approved}
        self._out = {each.slip_no: each for each in read.outings.out if each.back_at is None}
        self._briefing, self._fines = read.briefing, read.fines
        self._waiting, self._leavers, self._places = read.waiting, read.leavers, read.places
        self._show_lists()
        self._show_teams()
        self._show_places()
        self._show_selected()
        self._show_time()
        self.refresh_bindings()

    def follow(self, changes: int) -> None:
        session, night, seen = self.session, self._night, self._seen_changes
        shown, before = self._shown_times, self._rows
        assert night is not None

        def read() -> TonightReading | TonightNews:
            found = roll_board.news(session, night, seen, changes)
            rows = found.rows
            if rows is None or not found.signs_alone or not rows.keys() <= before.keys():
                return self._reading()
            now = {number: row for number, row in rows.items() if row is not None}
            if any((row is None or row.team != before[n].team) for n, row in rows.items()):
                return self._reading()
            fined = any(row.fine != before[number].fine for number, row in now.items())
            return TonightNews(now, _fines(session, night) if fined else None)

        def show(read: TonightReading | TonightNews) -> None:
            if self._shown_times != shown:
                return  # what is shown was read later
            if isinstance(read, TonightReading):
                self._show(read)
            else:
                self._show_news(read)
            self._seen_changes = changes

        self.read_beside(read, show, "news")

    def _show_news(self, news: TonightNews) -> None:
        for number, row in news.rows.items():
            self._counts = recounted(self._counts, self._rows[number], row)
            self._rows[number] = row
        self._fines = news.fines or self._fines
        self._show_teams()
        self._show_time()

    @property
    def _first_call(self) -> bool:
        return not self._call_ended and self._counts.uncalled > 0

    def _show_lists(self) -> None:
        for id_, title, found in (
            ("waiting", _("Waiting"), self._waiting),
            ("leavers", _("Leavers"), self._leavers),
        ):
            listed = self.query_one(f"#{id_}", LineList)
            rows = [each.row(self.session) for each in found.values()]
            listed.set_rows(rows)
            listed.set_columns(*_columns(max((cell_len(row.cells[3]) for row in rows), default=0)))
            listed.border_title = f"{title} · {len(found)}"
        self.query_one("#leavers").set_class(bool(self._leavers), "-some")
        if self.focused is not None and self.focused.id == "leavers" and not self._leavers:
            self.query_one("#waiting" if self._waiting else "#out").focus()

    def show_in(self, id_: str | None) -> None:
        """What depends on how wide the panel of that id is."""
        show = {"teams": self._show_teams, "places": self._show_places, "out": self._show_out}
        show[id_ or ""]()

    def _show_places(self) -> None:
        places = self.query_one("#places", Lines)
        places.border_title, *of_others = places_titles(self._places)
        if not places.size:
            return  # it is shown once it is laid out
        width = places.size.width - 1  # a scrollbar may come
        lines = place_lines(self._places, width, *of_others)
        if {"-wide", "-tall"} <= self.classes:
            lines += held_lines(self._places)
        places.set_lines(lines)

    def _show_teams(self) -> None:
        session, teams = self.session, self.query_one("#teams", Lines)
        night = session.tonight()
        due = briefing_due(night, session.book(night), session.calendar)
        late = session.now() > due and not self._first_call
        teams.set_lines(team_lines(self._counts, teams.size.width, late=late))
        counts = self._counts
        words = {"n": counts.on_roll - counts.unmarked, "all": counts.on_roll}
        teams.border_title = _("Roll · %(n)d/%(all)d") % words

    def _show_time(self) -> None:
        """What the clock alone changes."""
        session = self.session
        now, night = session.now(), session.tonight()
        tonight, month = self._fines
        head = self.query_one(HeadPanel)
        found, _minute = self._shown_clock = self._clock()
        self._show_countdown(found)
        # Where no seconds run down, the screen is painted once a minute.
        form = "%H:%M:%S" if found is not None and found.to_the_second else "%H:%M"
        head.show_phase(
            f"{session.calendar.local(now):{form}}  {standing(session, night, self._briefing)}",
            _("this month %(sum)s (%(n)d)")
            % {"sum": format_money(month.amount), "n": month.standing},
        )
        counts = self._counts
        head.show_counts(
            counts_line(counts, counts.uncalled, first_call=self._first_call),
            bar_parts(counts),
            counts.on_roll,
            format_money(tonight.amount) if tonight.amount else "",
        )
        director = self._briefing.director_no if self._briefing else None
        name = directory.name_of(director) if director is not None else None
        head.show_work(work_line(self._briefing, name))
        self._show_out()

    def _show_out(self) -> None:
        """Who may go out or is, and as much of why as there is room for."""
        out = self.query_one("#out", LineList)
        limits = self.program.out_minutes
        room = out.size.width - 18
        out.set_rows(
            out_rows(self.session, self._approved.values(), self._out.values(), limits, room)
        )
        title = _("Out · %(n)d") % {"n": len(self._out)}
        if title != out.border_title:  # or the whole panel would be painted each second
            out.border_title = title

    def _show_countdown(self, found: Countdown | None) -> None:
        """The figures that everybody looks for, large where there is room."""
        panel = self.query_one("#countdown", Digits)
        panel.set_class(found is not None, "-some")
        if found is not None:
            if found.to != panel.border_title:
                panel.border_title = found.to
            if found.figures != panel.value:
                panel.update(found.figures)

    def _list(self) -> LineList:
        """The list that has the focus, or had it."""
        focused = self.focused
        return focused if isinstance(focused, LineList) else self.query_one("#waiting", LineList)

    def _selected(self) -> PendingDecision | None:
        listed = self._list()
        key = listed.cursor_key
        found = self._leavers if listed.id == "leavers" else self._waiting
        return None if key is None or listed.id == "out" else found.get(key)

    def _selected_outing(self) -> OutingRow | None:
        listed = self._list()
        key = listed.cursor_key if listed.id == "out" else None
        return None if key is None else self._approved.get(key) or self._out.get(key)

    def _show_selected(self) -> None:
        selected = self._selected()
        panel = self.query_one("#detail", Lines)
        lines = [] if selected is None else selected.detail(self.session)
        if (row := self._selected_outing()) is not None:
            lines = out_lines(self.session, row)
        if not self._waiting and not self._leavers:
            lines = [line(_("Nothing waits for a decision."), "muted")]
            if not self._counts.on_roll:
                lines = [line(nobody_yet(self.program.keys_by_id()), "strong")]
        panel.set_lines(lines)

    def on_line_list_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_line_list_selected(self) -> None:
        if (selected := self._selected()) is not None:
            self.program.go(selected.where)
        elif self._selected_outing() is not None:
            self.program.go("outings")

    def tick(self, changes: int | None = None) -> None:
        if not self.query(LineList):
            return  # the program is ending
        if self._night is not None and self._night != self.session.tonight():
            self.refresh_data()
        super().tick(changes)
        # Whoever is out has been for so many minutes, which are full at any second.
        if self._out or self._clock() != self._shown_clock:
            self._show_time()

    def _clock(self) -> tuple[Countdown | None, int]:
        """What the clock changes where nobody is out: what it runs down to, and the minute."""
        session = self.session
        return countdown(session, session.tonight(), self._briefing), session.now() // 60

    def action_panel(self, by: int) -> None:
        """Goes to the list beside, with whoever may be picked in it."""
        lists = [each for each in self.query(LineList) if each.display and not each.bare]
        if not lists:
            return
        here = self._list()
        at = lists.index(here) if here in lists else 0
        self.set_focus(lists[max(0, min(at + by, len(lists) - 1))])

    # What is decided

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("approve", "reject"):
            return True if self._waiting or self._leavers else None
        if action == "out":
            return True if self._approved else None
        if action == "back":
            return True if self._out else None
        return super().check_action(action, parameters)

    def action_approve(self) -> None:
        self._decide(accept=True)

    def action_reject(self) -> None:
        self._decide(accept=False)

    def _decide(self, *, accept: bool) -> None:
        selected = self._selected()
        if selected is not None:
            selected.decide(self, accept)
        elif self._list().id == "out" and self._waiting:
            self.set_focus(self.query_one("#waiting"))
        else:
            self.complain(_("Nothing else waits here; Tab goes to the leavers."))

    # Who goes out and comes back

    def _one_of(self, rows: dict[str, OutingRow], which: str) -> OutingRow | None:
        """Who is meant: the one under the cursor of the panel, or the only one there is."""
        listed = self.query_one("#out", LineList)
        if listed.has_focus and listed.cursor_key in rows:
            return rows[listed.cursor_key]
        if len(rows) == 1:
            return next(iter(rows.values()))
        self.set_focus(listed)
        listed.move_to(next(iter(rows)))
        self.complain(which)
        return None

    def action_out(self) -> None:
        row = self._one_of(self._approved, _("Who goes out? Select them, and press o again."))
        if row is None:
            return
        with self.refusals_shown():
            gone = outings.out(self.session, row.slip_no)
            said = _("Out: %(name)s, %(time)s") % {
                "name": row.name,
                "time": clock(self.session, gone.out_at),
            }
            self.did(said, partial(outings.undo_out, self.session, row.slip_no))
            self.refresh_data()

    def action_back(self) -> None:
        row = self._one_of(self._out, _("Who is back? Select them, and press b again."))
        if row is None:
            return
        with self.refusals_shown():
            gone = outings.back(self.session, row.slip_no)
            self.did(_back(self, row, gone), partial(outings.undo_back, self.session, row.slip_no))
            self.refresh_data()


def _show_again(panel: Panel | OutList) -> None:
    if isinstance(panel.screen, TonightScreen) and panel.screen.opened:
        panel.screen.show_in(panel.id)


def _fines(session: "Session", night: date) -> tuple[Fines, Fines]:
    since = first_night(month_of(night))
    return trends.of_nights(session, night, night), trends.of_nights(session, since, night)


_NIGHTS = 11
"""The cells that two nights take, or a night and a time, which are never cut."""


def _columns(cost: int = 0) -> tuple[Column, ...]:
    """What, who, what for, and what it costs, in so many cells."""
    return (
        Column("", 4, tinted=True),
        Column("", 8),
        Column("", _NIGHTS, share=1),
        Column("", cost, right=True, tinted=True),
    )


def _back(screen: TonightScreen, row: OutingRow, gone: Gone) -> str:
    minutes = ((gone.back_at or 0) - (gone.out_at or 0)) // 60
    return _("Back: %(name)s, %(time)s, after %(minutes)d minutes") % {
        "name": row.name,
        "time": clock(screen.session, gone.back_at),
        "minutes": minutes,
    }
