"""Punch clocks: whose their numbers are, how wrong they go, and where marks and punches differ."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from models.access.permissions import may
from models.operations import clocks, directory, first_punches, punches
from models.operations.clocks import ClockNumber
from models.operations.first_punches import Discrepancy
from models.operations.punch_arrivals import Taken
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.clocks.forms import MatchForm, OffsetForm
from venue_tui.screens.clocks.punch_import import take_in
from venue_tui.screens.clocks.punch_words import came_of
from venue_tui.screens.shared.clock import clock
from venue_tui.screens.shared.night import NightScreen
from venue_tui.widgets.columns import Column
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.split import Split
from venue_tui.words import shown_name

NUMBERS, DIFFERENCES = "numbers", "differences"
_SEPARATOR = "\0"  # in no clock's name
_GUESSED = {
    "number": N_("It is their number on the roster."),
    "name": N_("It has their name."),
    "both": N_("It is their number on the roster, and has their name."),
}


class ClocksScreen(NightScreen):
    """Every number of every clock, the unknown ones first; or a night's differences."""

    where = "clocks"
    about = N_(
        "What the punch clocks at the door tell. I takes in a file of theirs, or of an attendance"
        " program; the whole history may come every time, since what was taken in before changes"
        " nothing. The first punch of a night becomes the arrival of whom nobody marked, where a"
        " briefing was held; a mark always stands.\n\n"
        "Each clock has numbers of its own. a takes a number for whose it seems to be, e says whose"
        " it is, d that it is nobody's on the roll, and r that it isn't known. Unknown numbers are"
        " kept, and never become staff.\n\n"
        "O puts a clock right that runs wrong, from one of its dates on. v shows where a night's"
        " marks and punches differ; [ and ] go to other nights.\n\n"
        "A folder is watched by a command, beside the terminal: venue-tui import punches FOLDER"
        " --watch 30. What is put there is taken in by itself."
    )
    BINDINGS: ClassVar = bindings("clocks")
    WHY_NOT: ClassVar = {
        "accept": N_("Only a number that waits, and seems to be somebody's, can be taken for it."),
        "match": N_("There is no number here yet: I takes in a clock's file."),
        "offset": N_("There is no number here yet: I takes in a clock's file."),
        "ignore": N_("There is no number here that could be nobody's."),
        "restore": N_("It isn't known whose this number is as it stands."),
        "earlier": N_("These are the numbers; v shows a night's differences."),
        "later": N_("These are the numbers; v shows a night's differences."),
    }

    def __init__(self) -> None:
        super().__init__()
        self._view = NUMBERS
        self._numbers: dict[str, ClockNumber] = {}

    def body(self) -> ComposeResult:
        yield Lines([(), ()], id="standing", wraps=True, classes="heading")
        with Split():
            yield LineList(
                Column(_("Clock"), 8, share=1, spare=3),
                Column(_("Number"), 8),
                Column(_("Its name"), 10, share=1, spare=2),
                Column(_("Whose"), 14, share=2, tinted=True),
                Column(_("Punches"), 7, right=True, spare=1),
                Column(_("Last"), 16, spare=4),
                id="numbers",
                classes="panel list",
            )
            yield LineList(
                Column(_("Name"), 12, share=1),
                Column(_("No."), 8),
                Column(_("Clock says"), 10),
                Column(_("Mark"), 7, tinted=True),
                id="differences",
                opens=False,
                classes="panel list",
            )
            yield Lines(id="told", wraps=True, classes="detail")

    def refresh_data(self) -> None:
        for each in (NUMBERS, DIFFERENCES):
            self.query_one(f"#{each}").display = each == self._view
        allowed = may(self.session, "import")
        found = clocks.numbers() if allowed else []
        self._numbers = {f"{each.clock}{_SEPARATOR}{each.number}": each for each in found}
        self._show_standing()
        if self._view == NUMBERS:
            numbers = [self._number_row(key, each) for key, each in self._numbers.items()]
            self.query_one("#numbers", LineList).set_rows(numbers)
            self.entitle("#numbers", _("Numbers"), len(numbers))
        else:
            night = self.night
            differing = first_punches.differences(self.session, night, night) if allowed else []
            self.query_one("#differences", LineList).set_rows(map(self._difference_row, differing))
            self.entitle("#differences", _("Differences"), len(differing))
        self._show_told()
        self.refresh_bindings()

    def _show_standing(self) -> None:
        waiting = sum(each.waiting for each in self._numbers.values())
        names = sorted({each.clock for each in self._numbers.values()})
        if not names:
            told = _("No punches were taken in yet: I takes in a file of a clock's.")
        else:
            told = ngettext("%d number unknown", "%d numbers unknown", waiting) % waiting
        lines: list[Line] = [
            ((_("Punch clocks"), "title"), (f"  {told}", "warning" if waiting else ""))
        ]
        if self._view == DIFFERENCES:
            lines.append(self.night_line())
        else:
            lines.append(line("  ".join(self._offsets()), "muted"))
        self.query_one("#standing", Lines).set_lines(lines)

    def _show_told(self) -> None:
        """Says whose the selected number is, or what becomes of a difference."""
        each = self._selected
        lines = [] if each is None else list(self._told(each))
        if self._view == DIFFERENCES and not self.query_one("#differences", LineList).bare:
            lines = [line(_("The mark stands. The roll corrects it, if the clock is right."))]
        self.entitle("#told", _("In full") if self._view == DIFFERENCES else _("Whose number"))
        self.query_one("#told", Lines).set_lines(lines)

    def _told(self, each: ClockNumber) -> Iterator[Line]:
        yield line("  ".join(filter(None, (each.clock, each.shown, each.name))), "strong")
        yield line(self._whose(each), _style(each))
        if each.waiting and each.guess is not None:
            yield line(_(_GUESSED[each.guess.by]), "muted")
        heard = ngettext("%d punch", "%d punches", each.punches) % each.punches
        last = _last(each)
        yield line(heard + (_(", the last at %s by this clock") % last if last else ""))
        for name, offsets in clocks.offsets().items():
            for since, seconds in offsets if name == each.clock else ():
                words = {"clock": name, "seconds": seconds, "since": since}
                yield line(_("%(clock)s: %(seconds)+d s from %(since)s on") % words, "muted")

    def _offsets(self) -> Iterator[str]:
        for name, offsets in clocks.offsets().items():
            for since, seconds in offsets[-1:]:
                words = {"clock": name, "seconds": seconds, "since": since}
                yield _("%(clock)s: %(seconds)+d s from %(since)s on") % words

    def _number_row(self, key: str, each: ClockNumber) -> Row:
        cells = (
            each.clock,
            each.shown,
            each.name or "",
            self._whose(each),
            str(each.punches),
            _last(each),
        )
        return Row(key, cells, _style(each))

    def _whose(self, each: ClockNumber) -> str:
        if each.staff_no is not None:
            return shown_name(each.staff_no, each.staff_name or "")
        if each.ignored:
            return _("nobody's")
        if each.guess is not None:
            name = directory.name_of(each.guess.staff_no)
            return _("%s?") % shown_name(each.guess.staff_no, name)
        return "?"

    def _difference_row(self, each: Discrepancy) -> Row:
        mark = _("no sign") if each.marked_at is None else clock(self.session, each.marked_at)
        cells = (
            directory.name_of(each.staff_no),
            each.staff_no,
            clock(self.session, each.punched_at),
            mark,
        )
        return Row(each.staff_no, cells, "warning")

    @property
    def _selected(self) -> ClockNumber | None:
        if self._view != NUMBERS or not self.is_mounted:
            return None
        return self._numbers.get(self.query_one("#numbers", LineList).cursor_key or "")

    def on_line_list_highlighted(self) -> None:
        self._show_told()
        self.refresh_bindings()

    def on_line_list_selected(self) -> None:
        self.action_match()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        each = self._selected
        if action == "accept":
            return True if each and each.waiting and each.guess else None
        if action in ("match", "offset"):
            return True if each else None
        if action == "ignore":
            return True if each and not each.ignored else None
        if action == "restore":
            return True if each and not each.waiting else None
        if action in ("earlier", "later"):
            return self._view == DIFFERENCES
        return super().check_action(action, parameters)

    def action_accept(self) -> None:
        if (each := self._selected) and each.guess:
            self._match(each, each.guess.staff_no)

    def action_match(self) -> None:
        each = self._selected
        if each is None:
            return

        def chosen(staff_no: str | None) -> None:
            if staff_no:
                self._match(each, staff_no)

        self.app.push_screen(MatchForm(self.session, each), chosen)

    def action_ignore(self) -> None:
        if each := self._selected:
            self._match(each, None, ignored=True)

    def action_restore(self) -> None:
        if each := self._selected:
            self._match(each, None)

    def _match(self, each: ClockNumber, staff_no: str | None, *, ignored: bool = False) -> None:
        session, key = self.session, (each.clock, each.number)
        change = partial(punches.match, session, *key, staff_no, ignored=ignored)
        undo = partial(punches.match, session, *key, each.staff_no, ignored=each.ignored)
        if staff_no is not None:
            whose = shown_name(staff_no, directory.name_of(staff_no))
        else:
            whose = _("nobody's") if ignored else _("unknown")
        words = {"clock": each.clock, "number": each.shown, "whose": whose}
        self._foretell(_("%(clock)s %(number)s: %(whose)s") % words, change, undo)

    def _foretell(
        self, said: str, change: Callable[..., Taken], undo: Callable[[], object]
    ) -> None:
        """Makes a change once it was said whose arrivals it brings or takes, and what that costs;
        at once where there are none."""

        def make(sure: bool | None) -> None:
            if sure:
                with self.refusals_shown():
                    taken = change()
                    self.did(said, undo, quiet=True)
                    self.say("\n".join([said, *came_of(session, taken)]))
                self.refresh_data()

        session = self.session
        with self.refusals_shown():
            foretold = change(dry_run=True)
            if foretold.arrivals:
                lines = [said, *came_of(session, foretold)]
                self.app.push_screen(Confirm(_("Record this?"), lines), make)
            else:
                make(True)

    def action_offset(self) -> None:
        each = self._selected
        if each is None:
            return
        session, name = self.session, each.clock

        def put_right(wanted: tuple[date, int, int] | None) -> None:
            if wanted is None:
                return
            since, was, seconds = wanted
            words = {"clock": name, "seconds": seconds, "since": since}
            said = _("%(clock)s: %(seconds)+d s from %(since)s on") % words
            change = partial(punches.set_offset, session, name, since, seconds)
            undo = partial(punches.set_offset, session, name, since, was)
            self._foretell(said, change, undo)

        self.app.push_screen(OffsetForm(session, name), put_right)

    def action_take_in(self) -> None:
        self.program.begin(self, take_in(self))

    def action_view(self) -> None:
        self._view = DIFFERENCES if self._view == NUMBERS else NUMBERS
        self.refresh_data()
        self.query_one(f"#{self._view}", LineList).focus()


def _last(each: ClockNumber) -> str:
    """When it was heard last, as the clock writes it."""
    return (each.last_told_at or "").replace("T", " ")[:16]


def _style(each: ClockNumber) -> str:
    return "warning" if each.waiting else "muted" if each.ignored else "good"
