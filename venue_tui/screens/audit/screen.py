"""The audit trail: who did what, when, at which terminal, and why."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.app import ComposeResult

from models.access.permissions import may
from models.operations import directory
from models.storage import audit, witness
from models.storage.audit import Line as AuditLine
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.audit.audit_words import action_name, changed, reason, summary
from venue_tui.screens.audit.forms import CompareForm, Narrowed, NarrowForm
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.split import Split
from venue_tui.words import shown_name

PAGE = 500
"""How many lines are listed at first, and how many more each time."""


class AuditScreen(VenueScreen):
    """The newest lines of the trail, the selected one in full, and whether the chain is whole."""

    where = "audit"
    about = N_(
        "Everything that was ever changed here, the newest first: who did it, when, at which"
        " terminal, what it was and what it became, and why. Each attempt to sign in is here, too;"
        " passwords and phone numbers never are.\n\n"
        "Each line is chained to the one before by a hash. If a line is edited, taken out or put in"
        " between, the chain breaks there, and the line above says where. The hash of the last line"
        " stands on the month's export and on backups: h looks whether one that was printed is"
        " still in the trail.\n\n"
        "/ narrows the list to what a person did, what concerns a staffer, or a night."
    )
    BINDINGS: ClassVar = bindings("audit")
    CSS = """
    AuditScreen #chain { max-height: 6; }
    AuditScreen.-wide Split { grid-columns: 1fr 52; }
    AuditScreen.-broad Split { grid-columns: 1fr 78; }
    AuditScreen.-usual #line, AuditScreen.-narrow #line { height: 8; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._narrowed = Narrowed()
        self._most = PAGE
        self._lines: dict[str, AuditLine] = {}
        self._checked: tuple[int, int | None] | None = None
        """Up to which line the chain was followed, and where it is broken."""

    def body(self) -> ComposeResult:
        yield Lines([(), ()], id="chain", wraps=True, classes="heading")
        with Split():
            yield LineList(
                Column(_("Line"), 6, right=True, spare=3),
                Column(_("When"), 11),
                Column(_("By"), 10, share=1),
                Column(_("What"), 17),
                Column(_("Staffer"), 8, share=1, spare=2),
                Column(_("Change"), 16, share=4, spare=1),
                id="trail",
                opens=False,
                classes="panel list",
            )
            yield Lines(id="line", takes_focus=True, wraps=True, classes="detail")

    def on_mount(self) -> None:
        self._follow_chain(self._show_checked)

    # What is shown

    def refresh_data(self) -> None:
        found = audit.lines(**self._narrowed._asdict(), last=self._most) if self._may_see() else []
        self._lines = {str(each.seq): each for each in reversed(found)}
        self.query_one("#trail", LineList).set_rows(map(self._row, self._lines.values()))
        self.entitle("#trail", _("Audit trail"), len(self._lines))
        self.entitle("#line", _("In full"))
        self._show_chain()
        self._show_line()

    def _may_see(self) -> bool:
        return may(self.session, "audit")

    def _row(self, each: AuditLine) -> Row:
        when = self.session.calendar.local(each.at).strftime("%m-%d %H:%M")
        staffer = directory.name_of(each.staff_no) if each.staff_no else ""
        what = action_name(each.action)
        return Row(str(each.seq), (str(each.seq), when, each.who, what, staffer, summary(each)))

    def _show_chain(self) -> None:
        last, hash = audit.head()
        count = ngettext("%(n)s line", "%(n)s lines", last) % {"n": last}
        title = _("Audit trail")
        standing = [(f"{title}  ", "title"), (f"{count}. ", ""), self._wholeness()]
        if told := str(self._narrowed):
            shown = _("Listed: %(which)s (%(n)d)") % {"which": told, "n": len(self._lines)}
            standing.append((f"  {shown}", "warning"))
        lines = [tuple(standing), line(_("Last hash: %s") % hash, "muted")]
        self.query_one("#chain", Lines).set_lines(lines)

    def _wholeness(self) -> tuple[str, str]:
        if self._checked is None:
            return _("Following the chain"), "muted"
        last, broken = self._checked
        if witness.lost() is not None:
            return _("IT NO LONGER CONTAINS THE LAST LINE THAT THIS TERMINAL SAW."), "bad"
        if broken is not None:
            return _("THE CHAIN IS BROKEN AT LINE %d.") % broken, "bad"
        return _("The chain is whole up to line %d.") % last, "good"

    def _show_line(self) -> None:
        each = self._lines.get(self.query_one("#trail", LineList).cursor_key or "")
        told = list(self._told(each)) if each else [line(_("There is no such line."), "muted")]
        panel = self.query_one("#line", Lines)
        panel.set_lines(told)
        panel.scroll_home(animate=False)
        self.refresh_bindings()

    def _told(self, each: AuditLine) -> Iterator[Line]:
        """A line of the trail in full."""
        where = _("%(who)s at %(terminal)s") % {"who": each.who, "terminal": each.terminal}
        when = self.session.calendar.shown(each.at)
        yield (f"{each.seq}  {action_name(each.action)}", "title"), (f"  {when}  {where}", "")
        about = []
        if each.staff_no is not None:
            about.append(shown_name(each.staff_no, directory.name_of(each.staff_no)))
        if each.night is not None:
            about.append(_("night of %s") % each.night)
        if about:
            yield line("  ".join(about))
        if why := reason(each):
            yield line(_("Why: %s") % why, "strong")
        for name, was, became in changed(each):
            if was == became:
                yield ((f"  {name}: ", "muted"), (was, ""))
            elif not was:
                yield ((f"  {name}: ", "muted"), (became, "strong"))
            else:
                became = became or _("nothing")
                yield ((f"  {name}: ", "muted"), (was, ""), (" > ", "muted"), (became, "strong"))

    def on_line_list_highlighted(self) -> None:
        self._show_line()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action == "all":
            return True if self._narrowed != Narrowed() else None
        if action == "find":
            return True
        if action == "earlier":
            return True if len(self._lines) == self._most else None
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        def narrowed(to: Narrowed | None) -> None:
            if to is not None:
                self._show_only(to)

        self.app.push_screen(NarrowForm(self.session, self._narrowed), narrowed)

    def action_all(self) -> None:
        self._show_only(Narrowed())

    def _show_only(self, narrowed: Narrowed) -> None:
        self._narrowed, self._most = narrowed, PAGE
        self.refresh_data()

    def action_earlier(self) -> None:
        self._most += PAGE
        self.refresh_data()

    def action_verify(self) -> None:
        def show(checked: tuple[int, int | None]) -> None:
            self._show_checked(checked)
            self.say(self._wholeness()[0])

        self._follow_chain(show)

    def _follow_chain(self, show: Callable[[tuple[int, int | None]], None]) -> None:
        session = self.session

        def follow() -> tuple[int, int | None]:
            with session.reading():
                last, _hash = audit.head()
                return last, audit.broken_link()

        self._checked = None
        self._show_chain()
        self.read(follow, show, group="chain")

    def _show_checked(self, checked: tuple[int, int | None]) -> None:
        self._checked = checked
        self._show_chain()

    def action_compare(self) -> None:
        def found(number: int | None) -> None:
            if number is not None:
                self.query_one("#trail", LineList).move_to(str(number))
                self.say(_("Line %d has this hash.") % number)

        self.app.push_screen(CompareForm(), found)
