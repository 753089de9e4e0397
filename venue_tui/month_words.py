"""What a change makes of the months that are open, in words, for the commands and the screens that
ask about it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from models.operations.charge_preview import MonthChange, Sums
from models.values.money import format_money
from venue_tui.locale import N_, _, ngettext
from venue_tui.words import listed, shown_name

_WHAT = (
    N_("charged %(was)s → %(now)s"),
    N_("deducted %(was)s → %(now)s"),
    N_("carried out %(was)s → %(now)s"),
    N_("sales %(was)s → %(now)s"),
)


def adoption_lines(changes: Sequence[MonthChange]) -> Iterator[str]:
    """For each month that comes to something else, the sums of all that it changes for, and below
    those of each."""
    for month, of_month in groupby(changes, key=lambda each: each.month):
        rows = list(of_month)
        said = ngettext(
            "%(month)s, %(n)d staffer: %(what)s", "%(month)s, %(n)d staffers: %(what)s", len(rows)
        )
        what = _changed(_total(each.was for each in rows), _total(each.now for each in rows))
        yield said % {"month": month, "n": len(rows), "what": what}
        for each in rows:
            yield f"  {each.staff_no} {each.name}: {_changed(each.was, each.now)}"


def month_lines(changes: Iterable[MonthChange]) -> Iterator[str]:
    """A line for each month of somebody's that comes to something else."""
    for each in changes:
        yield _("%(month)s %(who)s: %(what)s") % {
            "month": each.month,
            "who": shown_name(each.staff_no, each.name),
            "what": _changed(each.was, each.now),
        }


def _total(sums: Iterable[Sums]) -> Sums:
    return Sums(*map(sum, zip(*sums, strict=True)))


def _changed(was: Sums, now: Sums) -> str:
    """What is another sum. Without a cap what is deducted changes with what is charged, and isn't
    said again."""
    by = [after - before for before, after in zip(was, now, strict=True)]
    said = [
        _(sentence) % {"was": format_money(before), "now": format_money(after)}
        for sentence, before, after in zip(_WHAT, was, now, strict=True)
        if before != after
    ]
    if by[0] and by[0] == by[1]:
        del said[1]
    return listed(said) if said else _("as before in all")
