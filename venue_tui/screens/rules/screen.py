"""Rules: the rulebook in force, its versions, and what another one would cost."""

from typing import ClassVar

from textual.app import ComposeResult

from models.ledger.settling import settle
from models.payroll import months
from models.payroll.whatif import WhatIf, WhatIfRow, whatif
from models.rules import shipped
from models.rules.cautions import cautions
from models.rules.rulebook import Rulebook
from models.values.money import format_money
from models.values.nights import FIRST_NIGHT, Month, next_month, previous_month
from venue_tui.locale import N_, _, current_language, ngettext
from venue_tui.screens.rules.forms import Adopted, AdoptForm, AmendForm, RulebookFileForm
from venue_tui.screens.rules.lines import rulebook_columns, rulebook_rows
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import bindings, hidden
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Lines, line
from venue_tui.widgets.split import Split
from venue_tui.words import listed

BOOK, WHAT_IF = "book", "whatif"
_FILE = " file"


class RulesScreen(VenueScreen):
    where = "rules"
    about = N_(
        "The rulebook in force tonight: its clauses with what each takes, its settings, and what"
        " the law of its jurisdiction says on it, with the sources. Cautions inform; the venue"
        " decides. [ and ] show the rulebooks before and after it, and from which night on each"
        " holds: a night keeps the rulebook that was in force on it.\n\n"
        "t tries another: one that comes with the program, or a file. It shows, staffer by"
        " staffer, what a month would have come to under it, without changing anything; [ and ]"
        " then go to other months, v reads its clauses. From there it can be adopted, from a night"
        " on. What would make a recorded fact unlawful, or reach a closed month, is refused."
    )
    WHY_NOT: ClassVar = {
        "earlier": N_("There is no rulebook before this one."),
        "later": N_("There is no rulebook after this one."),
        "adopt": N_("t tries another rulebook and e other amounts; then A adopts what was tried."),
        "read": N_("t tries another rulebook and e other amounts; then v reads what was tried."),
        "whole": N_("Esc goes back to the rulebook in force: it is read there."),
    }
    BINDINGS: ClassVar = [*bindings("rules"), *hidden({"backspace": "back"})]
    CSS = """
    RulesScreen.-broad Split { grid-columns: 1fr 50; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._pane = BOOK
        self._at: int | None = None
        self._tried: Rulebook | None = None
        self._month: Month | None = None
        self._found: WhatIf | None = None
        self._texts: dict[str, str] = {}

    def body(self) -> ComposeResult:
        yield Lines([()], id="heading", wraps=True, classes="heading")
        with Split():
            yield LineList(*rulebook_columns(), opens=False, id="book", classes="panel list")
            yield LineList(
                Column(_("Number"), 6),
                Column(_("Name"), 10, share=1),
                Column(_("As it is"), 9, right=True, spare=3),
                Column(_("Under it"), 9, right=True),
                Column(_("Difference"), 10, right=True, tinted=True),
                Column(_("Sales"), 10, right=True, spare=2),
                Column(_("Sales under it"), 14, right=True, spare=1),
                opens=False,
                id="whatif",
                classes="panel list",
            )
            yield Lines(id="about", wraps=True, classes="detail")

    # Reading and showing

    def refresh_data(self) -> None:
        for pane in (BOOK, WHAT_IF):
            self.query_one(f"#{pane}").display = self._pane == pane
        self.entitle("#about", _("In full") if self._pane == BOOK else _("What it comes to"))
        if self._pane == BOOK:
            self._show_book()
        else:
            self._read_what_if()
        self.refresh_bindings()

    @property
    def _version(self) -> int:
        """Which of the adopted rulebooks is shown: the one in force, unless another is chosen."""
        adopted = self.session.versions.adopted
        if self._at is not None:
            return min(self._at, len(adopted) - 1)
        tonight = self.session.tonight()
        return max((at for at, (since, _book) in enumerate(adopted) if since <= tonight), default=0)

    @property
    def _shown(self) -> Rulebook:
        return self._tried or self.session.versions.adopted[self._version][1]

    def _show_book(self) -> None:
        book = self._shown
        rows = list(rulebook_rows(book))
        self._texts = {each.row.key: each.text for each in rows}
        self.query_one("#book", LineList).set_rows(each.row for each in rows)
        self.entitle("#book", _("Rules"), len(book.rules))
        self._say_heading(_("tried, not adopted") if self._tried else self._in_force())
        self._show_about()

    def _in_force(self) -> str:
        adopted = self.session.versions.adopted
        at = self._version
        since = adopted[at][0]
        begins = _("from the beginning") if since == FIRST_NIGHT else _("from %s") % since
        ends = _("until %s") % adopted[at + 1][0] if at + 1 < len(adopted) else ""
        count = ""
        if len(adopted) > 1:
            count = _("version %(at)s of %(n)s") % {"at": at + 1, "n": len(adopted)}
        return "  ".join(filter(None, (begins, ends, count)))

    def _say_heading(self, about: str) -> None:
        book = self._shown
        name = f"{book.titles[current_language()]} ({book.name})  "
        self.query_one("#heading", Lines).set_lines([((name, "strong"), (about, ""))])

    def _say_about(self, text: str) -> None:
        self.query_one("#about", Lines).set_lines(map(line, text.split("\n")))

    def _show_about(self) -> None:
        if self._pane == BOOK:
            key = self.query_one("#book", LineList).cursor_key or ""
            self._say_about(self._texts.get(key, ""))

    @property
    def _tried_month(self) -> Month:
        return self._month or min(months.first_open(self.session), months.known(self.session)[-1])

    def _read_what_if(self) -> None:
        session, book, month = self.session, self._tried, self._tried_month
        assert book is not None
        settle(session)
        self._say_heading(_("working out what %s would have come to …") % month)

        def read() -> WhatIf:
            with session.reading():
                return whatif(session, book, month)

        self.read(read, self._show_what_if)

    def _show_what_if(self, found: WhatIf) -> None:
        if self._pane != WHAT_IF:
            return
        self._found = found
        rows = sorted(found.rows, key=lambda each: (-abs(each.then - each.now), each.staff_no))
        now, then = sum(each.now for each in rows), sum(each.then for each in rows)
        sales = (sum(each.sales_now for each in rows), sum(each.sales_then for each in rows))
        total = WhatIfRow(_("All"), str(len(rows)), now, then, *sales)
        listed = [_difference_row(each) for each in rows]
        if rows:
            listed.insert(0, _difference_row(total)._replace(key=" all"))
        self.query_one("#whatif", LineList).set_rows(listed)
        self.entitle("#whatif", _("What if"), len(rows))
        differ = sum(each.now != each.then for each in rows)
        said = ngettext("differs for %(n)s staffer", "differs for %(n)s staffers", differ)
        self._say_heading(f"{self._tried_month}  {said % {'n': differ}}")
        self._say_about(self._verdict(found))
        self.refresh_bindings()

    def _verdict(self, found: WhatIf) -> str:
        assert self._tried is not None
        lines = []
        if found.unjudged:
            sentence = ngettext(
                "Left out: %(n)s incident that it has no such rule for: %(which)s",
                "Left out: %(n)s incidents that it has no such rule for: %(which)s",
                len(found.unjudged),
            )
            which = listed(found.unjudged)
            lines.append(sentence % {"n": len(found.unjudged), "which": which})
        held = cautions(self._tried)
        if held:
            sentence = ngettext(
                "The law of its jurisdiction says something on it: %(n)s caution, among its"
                " clauses.",
                "The law of its jurisdiction says something on it: %(n)s cautions, among its"
                " clauses.",
                len(held),
            )
            lines.append(sentence % {"n": len(held)})
        lines.append(_("Nothing is changed by trying it."))
        return "\n".join(lines)

    def on_line_list_highlighted(self) -> None:
        self._show_about()

    def _turn_to(self, pane: str) -> None:
        self._pane = pane
        self.refresh_data()
        self.query_one(f"#{pane}", LineList).focus()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        if action == "whole":
            return self._pane == BOOK
        if action in ("adopt", "read", "back"):
            return self._tried is not None
        if action in ("earlier", "later") and self._pane == BOOK:
            if self._tried is not None:
                return False
            last = len(self.session.versions.adopted) - 1
            if not last:
                return False
            return (self._version > 0 if action == "earlier" else self._version < last) or None
        return super().check_action(action, parameters)

    def action_whole(self) -> None:
        book = self.query_one("#book", LineList)
        key = book.cursor_key or ""
        if key in self._texts:
            _clause, title, *_rest = book.row(key).cells
            self.app.push_screen(ReadScreen(title, self._texts[key]))

    def action_what_if(self) -> None:
        tag = current_language()
        choices = []
        for name in shipped.shipped():
            book = shipped.load(name)
            choices.append(Choice(name, book.titles[tag], name, name))
        choices.append(
            Choice(_FILE, _("A file …"), _("a rulebook of your own, in TOML"), "file toml")
        )
        self.program.begin(self, self._what_if(Chooser(_("Which rulebook?"), choices)))

    async def _what_if(self, chooser: Chooser) -> None:
        ask = self.program.push_screen_wait
        name: str | None = await ask(chooser)
        if name is not None:
            self._try(await ask(RulebookFileForm()) if name == _FILE else shipped.load(name))

    def action_edit(self) -> None:
        book = self._tried or self.session.book(self.session.tonight())
        self.app.push_screen(AmendForm(book), self._try)

    def _try(self, book: Rulebook | None) -> None:
        if book is not None:
            self._tried = book
            self._turn_to(WHAT_IF)

    def action_read(self) -> None:
        self._turn_to(BOOK if self._pane == WHAT_IF else WHAT_IF)

    def action_back(self) -> None:
        if self._pane == BOOK and self._tried is not None:
            self._turn_to(WHAT_IF)
            return
        self._tried = None
        self._turn_to(BOOK)

    def action_earlier(self) -> None:
        self._step(-1)

    def action_later(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        if self._pane == BOOK:
            self._at = self._version + by
        else:
            known = months.known(self.session)
            month = self._tried_month
            month = previous_month(month) if by < 0 else next_month(month)
            if not known[0] <= month <= known[-1]:
                self.say(_("Nothing is recorded in %s.") % month)
                return
            self._month = month
        self.refresh_data()

    def action_adopt(self) -> None:
        if self._tried is not None:
            self.app.push_screen(AdoptForm(self.session, self._tried), self._adopted)

    def _adopted(self, adopted: Adopted | None) -> None:
        if adopted is None or self._tried is None:
            return
        name = self._tried.titles[current_language()]
        said = _("%(name)s is in force from the night of %(night)s")
        self.did(said % {"name": name, "night": adopted.first}, adopted.undo)
        self._tried, self._at = None, None
        self._turn_to(BOOK)


def _difference_row(each: WhatIfRow) -> Row:
    difference = each.then - each.now
    style = "bad" if difference > 0 else "good" if difference < 0 else ""
    sign = "+" if difference > 0 else ""
    cells = (
        each.staff_no,
        each.name,
        format_money(each.now),
        format_money(each.then),
        f"{sign}{format_money(difference)}",
        format_money(each.sales_now),
        format_money(each.sales_then),
    )
    return Row(each.staff_no, cells, style)
