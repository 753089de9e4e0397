"""Tonight: the director's view of the whole floor, and what waits for a decision."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from models.ledger.ledger import settle
from models.operations import bookings, briefings, outings, roll
from models.operations.bookings import Spot
from models.operations.briefings import BriefingRow
from models.operations.outings import OutingRow
from models.operations.roll import Summary
from models.payroll import trends
from models.payroll.trends import Fines
from models.rules.judgement import Outcome
from models.values.money import format_money
from models.values.nights import first_night, month_of
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.clock import clock, standing
from venue_tui.screens.shared.people import as_person
from venue_tui.screens.tonight.pending_decisions import Done, Waiting, waiting
from venue_tui.widgets.floor import FloorBoard, Tile
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import Column, LineList
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.text import fit
from venue_tui.words import word

HERE = (Outcome.PRESENT, Outcome.MADE_UP)
TOO_LATE = (Outcome.LATE, Outcome.MISSED)
NOT_SEEN = (Outcome.PENDING, Outcome.ABSENT)
_BAR = ((HERE, "#", "good"), (TOO_LATE, "!", "warning"), ((Outcome.REST,), "-", "muted"),
        (NOT_SEEN, ".", ""))  # fmt: skip
_COUNTED = (*HERE, *TOO_LATE, Outcome.ABSENT, Outcome.REST)


class Floor(FloorBoard):
    """The places, a line each."""

    LINES = 0


class TonightScreen(VenueScreen):
    """What happens now: the briefing, the teams, who is out, what waits, the places, the fines."""

    where = "tonight"
    about = N_(
        "The night at a glance: how long to the briefing, who of each team is here, who is out and "
        "for how long, the rooms and tables, and the fines of the night and the month so far. It "
        "follows what is done at other terminals within two seconds.\n\n"
        "In a team's bar # is here, ! is late or missed the briefing, - rests, and . is not marked."
        "\n\nOn the right is what waits for a decision: a approves the selected one and x rejects "
        "it, with a reason; Enter opens the screen that tells more. Of someone whom the house "
        "rules deem resigned or dismissed, approving says that they have left, and rejecting that "
        "they stay."
    )
    BINDINGS: ClassVar = bindings("tonight")
    AUTO_FOCUS = "#waiting"
    # Not CSS, for which all styles there are would be parsed again: this screen is the first one.
    DEFAULT_CSS = """
    TonightScreen #clock { height: 2; background: $panel; padding: 0 1; }
    TonightScreen .left { width: 1fr; margin-right: 1; }
    TonightScreen .right { width: 1fr; }
    TonightScreen #teams { height: auto; max-height: 60%; padding: 0 0 0 1; }
    TonightScreen #out { height: 1fr; padding: 0 0 0 1; }
    TonightScreen #title { height: 1; padding: 0 0 0 1; }
    TonightScreen #waiting { height: 1fr; }
    TonightScreen #detail { height: 4; padding: 0 0 0 1; background: $boost; }
    TonightScreen #floor { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, Waiting] = {}
        self._out: tuple[OutingRow, ...] = ()
        self._briefing: BriefingRow | None = None
        self._counts = roll.summary(())
        self._fines: tuple[Fines, Fines] = (Fines(0, 0, 0), Fines(0, 0, 0))
        self._night: date | None = None

    def body(self) -> ComposeResult:
        yield Lines(id="clock")
        with Horizontal():
            with Vertical(classes="left"):
                yield Lines(id="teams", takes_focus=True)
                yield Floor(id="floor")
            with Vertical(classes="right"):
                yield Lines(id="title")
                yield LineList(
                    Column("", 7, tinted=True),
                    Column("", 8, share=1),
                    Column("", 14, share=2),
                    titles=False,
                    id="waiting",
                )
                yield Lines(id="detail", wraps=True)
                yield Lines(id="out", takes_focus=True)

    # What is shown

    def refresh_data(self) -> None:
        session = self.session
        settle(session)
        night = self._night = session.tonight()
        self._counts = roll.summary(roll.board(session, night))
        board = outings.board(session, night)
        self._out = tuple(each for each in board.out if each.back_at is None)
        self._briefing = briefings.briefing(session, night)
        since = first_night(month_of(night))
        self._fines = (trends.of_nights(night, night), trends.of_nights(since, night))
        self._waiting = {each.key: each for each in waiting(session, board.asked)}
        self._show_teams()
        self.query_one("#waiting", LineList).set_rows(
            each.row(session) for each in self._waiting.values()
        )
        n = len(self._waiting)
        title = ngettext("%(n)d waits for a decision", "%(n)d wait for a decision", n) % {"n": n}
        self.query_one("#title", Lines).set_lines(
            [line(title if n else _("Nothing waits for a decision"), "title")]
        )
        self.query_one("#floor", FloorBoard).set_tiles(floor_tiles(bookings.board(session, night)))
        self._show_selected()
        self._show_time()
        self.refresh_bindings()

    def _show_teams(self) -> None:
        panel = self.query_one("#teams", Lines)
        panel.set_lines(team_lines(self._counts, panel.size.width))

    def on_resize(self) -> None:
        if self.is_mounted:
            self.call_after_refresh(self._show_teams)

    def _show_time(self) -> None:
        """What the clock alone changes."""
        session = self.session
        now = session.now()
        tonight, month = self._fines
        words = {
            "tonight": format_money(tonight.amount),
            "n": tonight.standing,
            "month": format_money(month.amount),
            "all": month.standing,
        }
        self.query_one("#clock", Lines).set_lines(
            [
                (
                    (f"{session.calendar.local(now):%H:%M:%S}  ", "title"),
                    (standing(session, session.tonight(), self._briefing), "strong"),
                ),
                line(
                    _("Fines: %(tonight)s (%(n)d) tonight, %(month)s (%(all)d) this month") % words
                ),
            ]
        )
        lines = [line(_("Out: %(n)d") % {"n": len(self._out)}, "title")]
        lines += [
            _out_line(each, each.minutes(now) or 0, clock(session, each.out_at))
            for each in self._out
        ]
        self.query_one("#out", Lines).set_lines(lines)

    def _selected(self) -> Waiting | None:
        key = self.query_one("#waiting", LineList).cursor_key
        return None if key is None else self._waiting.get(key)

    def _show_selected(self) -> None:
        selected = self._selected()
        lines = [] if selected is None else selected.detail(self.session)
        self.query_one("#detail", Lines).set_lines(lines)

    def on_line_list_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def on_line_list_selected(self) -> None:
        if (selected := self._selected()) is not None:
            self.venue_app.go(selected.where)

    def on_floor_board_selected(self) -> None:
        self.venue_app.go("bookings")

    def tick(self) -> None:
        if not self.query(LineList):
            return  # the program is ending
        if self._night is not None and self._night != self.session.tonight():
            self.refresh_data()
        super().tick()
        self._show_time()

    # What is decided

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("approve", "reject"):
            return True if self._waiting else None
        return super().check_action(action, parameters)

    def action_approve(self) -> None:
        from venue_tui.widgets.dialogs import Confirm

        selected = self._selected()
        if selected is None:
            return

        def answered(sure: bool | None) -> None:
            if sure:
                self._decide(selected.staff_no, lambda by: selected.approve(self.session, by))

        if doubts := selected.doubts(self.session):
            question = Confirm(_("Approve all the same?"), doubts, yes=_("Approve"))
            self.app.push_screen(question, answered)
        else:
            answered(True)

    def action_reject(self) -> None:
        from venue_tui.widgets.dialogs import ReasonPrompt

        selected = self._selected()
        if selected is None:
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._decide(
                    selected.staff_no, lambda by: selected.reject(self.session, by, reason)
                )

        _what, name, note = selected.row(self.session).cells
        question = ReasonPrompt(selected.rejection, [f"{name}  {note}"])
        self.app.push_screen(question, answered)

    def _decide(self, staff_no: str, decide: Callable[[str | None], Done]) -> None:
        as_person(self, lambda by: self._decided(decide(by)), about=staff_no)

    def _decided(self, done: Done) -> None:
        if done.undo is None:
            self.say(_("Nothing was changed."))
        else:
            self.did("\n".join(done.said), done.undo)
        self.refresh_data()


def team_lines(counts: Summary, width: int) -> list[Line]:
    """The roll counted, and a bar for each team, in so many cells."""
    words = {"n": counts.on_roll - counts.unmarked, "all": counts.on_roll}
    lines: list[Line] = [line(_("Roll: %(n)d of %(all)d") % words, "title")]
    lines += [_team_line(team, outcomes, width) for team, outcomes in counts.teams.items()]
    counted = [f"{word(each)} {n}" for each in _COUNTED if (n := counts.outcomes[each])]
    if n := counts.outcomes[Outcome.PENDING]:
        counted.append(_("unmarked %(n)d") % {"n": n})
    return [*lines, line("  ".join(counted))]


def _team_line(team: str | None, outcomes: Counter[Outcome], width: int) -> Line:
    total = outcomes.total()
    here = total - sum(outcomes[each] for each in NOT_SEEN)
    name = fit(team or _("no team"), width // 4)
    figures = f" {here}/{total}"
    room = max(4, width - cell_len(name) - 9)
    return ((f"{name} ", ""), *_bar(outcomes, room), (figures, ""))


def _bar(outcomes: Mapping[Outcome, int], width: int) -> Iterator[tuple[str, str]]:
    """A team as a row of signs, `width` cells together; who is there at all has one at least."""
    total = sum(outcomes.values())
    reached = filled = 0
    for group, sign, style in _BAR:
        n = sum(outcomes[each] for each in group)
        reached += n
        until = max(filled + (n > 0), width * reached // total) if total else width
        until = min(until, width)
        yield (sign * (until - filled), style)
        filled = until


def _out_line(row: OutingRow, minutes: int, since: str) -> Line:
    text = _("%(minutes)3d min  since %(since)s  ") % {"minutes": minutes, "since": since}
    fine = f"{word('none')} {format_money(row.fine)}" if row.fine else row.reason or ""
    return ((fit(row.name, 10) + " ", ""), (text, "strong"), (fine, "bad" if row.fine else "muted"))


def floor_tiles(spots: list[Spot]) -> Iterator[Tile]:
    """The rooms, then the tables, under a line that counts them."""
    for kind, title in (("room", _("Rooms")), ("table", _("Tables"))):
        of_kind = [spot for spot in spots if spot.kind == kind]
        held = sum(any(each.live for each in spot.bookings) for spot in of_kind)
        if of_kind:
            count = _("%(held)d of %(all)d held") % {"held": held, "all": len(of_kind)}
            yield Tile(f"group {kind}", f"{title}  {count}", group=True)
        yield from map(_tile, of_kind)


def _tile(spot: Spot) -> Tile:
    held = next((each for each in spot.bookings if each.live), None)
    if held is not None:
        style = "good" if held.status == "arrived" else "warning"
        return Tile(spot.place, spot.place, f"{word(held.status)} {held.name}", style=style)
    return Tile(spot.place, spot.place, _("free"), style="muted")
