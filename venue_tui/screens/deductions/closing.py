"""Closing a month: what is unsettled first, then once and for all."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from models.access.permissions import may
from models.ledger.closings import Closing
from models.operations import directory
from models.payroll import months
from models.payroll.deductions import deductions
from models.payroll.open_items import Unsettled, unsettled
from models.values.nights import Month
from models.values.problems import Refused
from venue_tui.closing_words import closing_lines
from venue_tui.locale import _, ngettext
from venue_tui.problem_words import in_words, option_in_words
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.words import listed

if TYPE_CHECKING:
    from venue_tui.screens.shared.base import VenueScreen

_MOST = 8
"""So many names are listed of each kind."""


def preview(screen: "VenueScreen", month: Month, closed: Callable[[], None]) -> None:
    """Shows what is unsettled in the month, and asks whether to close it nonetheless; where
    something keeps it open, that is all. `closed` is called afterwards."""

    def read() -> tuple[list[Unsettled], list[str]]:
        session = screen.session
        with session.reading():
            rows = deductions(session, month).rows
            found = unsettled(session, month, rows)
            if any(each.blocks for each in found):
                return found, []
            # What would be refused is not asked.
            return found, list(
                closing_lines(months.plan(session, month, rows), option_in_words("import --reason"))
            )

    def show(read: tuple[list[Unsettled], list[str]]) -> None:
        screen.program.begin(screen, _close(screen, month, *read, closed))

    screen.read(read, show, group="unsettled")


_DECIDES = {"separation": "separation", "open_night": "roll"}
"""What one has to be allowed to do to settle what keeps a month open."""


async def _close(
    screen: "VenueScreen",
    month: Month,
    found: list[Unsettled],
    said: list[str],
    closed: Callable[[], None],
) -> None:
    ask = screen.program.push_screen_wait
    title = _("Close %s for good?") % month
    if any(each.blocks for each in found):
        lines = [*unsettled_lines(found), "", _("It can't be closed before that is decided.")]
        kinds = {each.kind for each in found if each.blocks}
        if not all(may(screen.session, _DECIDES[each]) for each in kinds):
            lines.append(_("A director decides that."))
        to_staff = ("staff", _("To Staff"))
        go_to, name = ("tonight", _("To Tonight")) if "open_night" in kinds else to_staff
        title = _("%s can't be closed yet") % month
        if await ask(Confirm(title, lines, yes=name, no=_("Stay here"))):
            screen.program.go(go_to)
        return
    lines = [
        *(unsettled_lines(found) or [_("Nothing is unsettled.")]),
        "",
        *said,
        _("Once closed, its deductions, charges and roll never change again. What is corrected"
          " later becomes an adjustment of the first open month. This can't be undone."),
    ]  # fmt: skip
    prepare = partial(months.prepare, screen.session)
    screen.run_worker(prepare, thread=True, exclusive=True, group="prepare")
    yes, no = _("Close month"), _("Leave it open")
    if not await ask(Confirm(title, lines, yes=yes, no=no, for_good=True)):
        return

    def work(progress: Progress) -> tuple[Closing, bool]:
        progress.report(0, 1)
        with screen.session.reading():
            return months.close(screen.session, month)

    def failed(error: Exception) -> None:
        if not isinstance(error, Refused):
            raise error
        screen.complain("\n".join(map(in_words, error.problems)))

    dialog = ProgressDialog(_("Closing %s") % month, work, failed=failed)
    result: tuple[Closing, bool] | None = await ask(dialog)
    if result is not None:
        closing, newly = result
        sentence = _("%(month)s is closed. Its digest: %(digest)s")
        if not newly:
            sentence = _("%(month)s was closed already. Its digest: %(digest)s")
        screen.say(sentence % {"month": month, "digest": closing.digest})
        closed()


def unsettled_lines(found: list[Unsettled]) -> list[str]:
    """A line for each thing, what blocks first."""
    return [_line(each) for each in sorted(found, key=lambda each: not each.blocks)]


def _line(each: Unsettled) -> str:
    if each.kind == "open_night":
        named = list(each.staff_nos)  # nights
    else:
        named = [f"{directory.name_of(number)} ({number})" for number in each.staff_nos]
    shown = listed(named[:_MOST]) + ("…" if len(named) > _MOST else "")
    n = each.count
    sentence = {
        "separation": ngettext(
            "Blocks: %(n)s proposed separation is undecided: %(who)s",
            "Blocks: %(n)s proposed separations are undecided: %(who)s", n),
        "open_night": ngettext(
            "Blocks: %(n)s roll was opened and not ended: %(who)s",
            "Blocks: %(n)s rolls were opened and not ended: %(who)s", n),
        "out": ngettext(
            "%(n)s staffer is still out: %(who)s", "%(n)s staffers are still out: %(who)s", n),
        "appeal": ngettext(
            "%(n)s appeal is undecided: %(who)s", "%(n)s appeals are undecided: %(who)s", n),
        "over_a_fifth": ngettext(
            "%(n)s deduction passes a fifth of the wage: %(who)s",
            "%(n)s deductions pass a fifth of the wage: %(who)s", n),
    }[each.kind]  # fmt: skip
    return sentence % {"n": n, "who": shown}
