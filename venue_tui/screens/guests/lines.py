"""The guest desk as lines: who is at the door, the order of turns, complaints, and sales."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from models.guests.desk import AtDoor, DeskBoard
from models.guests.fact_writer import Fact
from models.guests.register import Found
from models.ledger import promises
from models.ledger.credits import Sale
from models.ledger.turns import InLine
from models.rules.guests.promises import Promise, State
from models.values.money import format_money
from models.values.text import displayable
from venue_tui.desk_words import desk_word, promise_name
from venue_tui.locale import _
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line
from venue_tui.widgets.text import fit
from venue_tui.words import WHY_AWAY, listed, word

if TYPE_CHECKING:
    from models.access.session import Session


_WHOM = 12
"""The cells of a name beside what is due."""


def why_away(reason: str | None) -> str:
    """Why somebody can't take a guest, or nothing."""
    return _(WHY_AWAY[reason]) if reason is not None else ""


def door_rows(session: "Session", board: DeskBoard, names: Mapping[str, str]) -> Iterator[Row]:
    """Who waits; below them who was given, and who left."""
    for each in board.waiting:
        yield _door_row(session, each, names, "warning")
    for title, rows, style in (
        (_("Given"), board.given, ""),
        (_("Left"), board.left, "muted"),
    ):
        if rows:
            yield Row(title, (title,), group=True)
        for each in rows:
            yield _door_row(session, each, names, style)


def _door_row(session: "Session", each: AtDoor, names: Mapping[str, str], style: str) -> Row:
    if each.staff_no is not None:
        whose = names.get(each.staff_no, each.staff_no)
    elif each.how == "office":
        whose = word("office")
    elif each.visit.asked_for is not None:
        whose = "→ " + names.get(each.visit.asked_for, each.visit.asked_for)
    else:
        whose = _("waits")
    cells = (clock(session, each.visit.at), each.name or each.visit.visit_no, each.phone, whose)
    return Row(each.visit.visit_no, cells, style)


def order_rows(in_line: Iterable[InLine], names: Mapping[str, str]) -> Iterator[Row]:
    """The order as it stands: how many each had, who is owed, and why each is away."""
    for at, each in enumerate(in_line, 1):
        style = "muted" if each.away else "good" if each.owed else ""
        state = why_away(each.away) or (_("owed") if each.owed else "")
        cells = (str(at), names.get(each.staff_no, each.staff_no), str(each.had), state)
        yield Row(each.staff_no, cells, style)


def promise_key(promise: Promise) -> str:
    """The key of the row of what is due."""
    return f"promise {promise.code} {promise.about}"


def complaint_rows(
    session: "Session", found: Iterable[Fact], due: Iterable[Promise]
) -> Iterator[Row]:
    """What is due, the soonest first; below it the month's complaints."""
    for each in due:
        overdue = each.state is State.OVERDUE
        what = promise_name(each.code)
        cells = (
            short(session, each.due_at),
            what,
            promises.whom(each.about),
            _("overdue") if overdue else "",
        )
        yield Row(promise_key(each), cells, "bad" if overdue else "warning")
    facts = list(found)
    if facts:
        yield Row("complaints", (_("Complaints"),), group=True)
    for fact in facts:
        cells = (
            short(session, fact["at"]),
            (fact["words"] or "").replace("\n", " "),
            fact["complaint_no"],
            complaint_state(fact),
        )
        yield Row(f"complaint {fact['complaint_no']}", cells, "muted" if fact["solved_at"] else "")


def due_lines(session: "Session", due: Iterable[Promise]) -> list[Line]:
    """What is due, a line each: when, to whom, and what."""
    return [
        (
            (short(session, each.due_at), "bad" if each.state is State.OVERDUE else "warning"),
            (f"  {fit(displayable(promises.whom(each.about)), _WHOM)}  ", ""),
            (promise_name(each.code), ""),
            ("  " + _("overdue") if each.state is State.OVERDUE else "", "bad"),
        )
        for each in due
    ]


def complaint_state(fact: Fact) -> str:
    """What became of a complaint, in a word or two."""
    if fact["incident_no"]:
        return _("incident")
    if fact["founded"] is not None:
        return _("founded") if fact["founded"] else _("unfounded")
    if fact["solved_at"]:
        return _("solved")
    return _("answered") if fact["answered_at"] else _("unsolved")


def short(session: "Session", at: int) -> str:
    """An instant as lists show it: the month and day, and the time."""
    return session.calendar.local(at).strftime("%m-%d %H:%M")


def number_of(deal_no: str) -> str:
    """A sale's number as people know it: a booking's own."""
    return deal_no.removeprefix("booking:")


def sale_rows(sales: Iterable[Sale], names: Mapping[str, str]) -> Iterator[Row]:
    """Each sale with its shares."""
    for deal, claims, credit in sales:
        house = _("the house")
        shares = "  ".join(
            (names.get(each.staff_no, each.staff_no) if each.staff_no else house)
            + ("" if each.share == 1 else f" {each.share}")
            for each in credit.shares
        )
        decided = _("decided") if credit.decision is not None else desk_word(credit.rule or "")
        cells = (
            deal.night.strftime("%m-%d"),
            number_of(deal.deal_no),
            format_money(deal.amount),
            shares,
            decided,
        )
        yield Row(deal.deal_no, cells, "warning" if claims else "")


def guest_rows(found: Iterable[Found]) -> Iterator[Row]:
    """Guests of the register."""
    for each in found:
        kind = word(each.kind) if each.kind == "member" else ""
        yield Row(each.guest_no, (each.guest_no, each.name, each.phone, each.unit or "", kind))


def or_else(rows: Iterable[Row], said: str) -> list[Row]:
    """The rows, or where there are none what begins."""
    found = list(rows)
    return found or [Row("nothing", (said,), group=True)]


def board_line(board: DeskBoard, names: Mapping[str, str], duty: str) -> Line:
    """The desk in one line: how many wait, who is owed, how many can't take a guest."""
    said = _("%(waiting)d wait, %(given)d given, %(left)d left") % {
        "waiting": len(board.waiting),
        "given": len(board.given),
        "left": len(board.left),
    }
    order = board.order.in_line
    owed = [names.get(each.staff_no, each.staff_no) for each in order if each.owed]
    away = sum(each.away is not None for each in order)
    pieces = [(said, "warning" if board.waiting else "")]
    if owed:
        pieces.append((_("owed: %s") % listed(owed), "good"))
    if away:
        pieces.append((_("%d can't take a guest") % away, "muted"))
    if duty:
        pieces.append((duty, ""))
    spaced = [[("   ", ""), piece] for piece in pieces]
    return tuple(chain.from_iterable(spaced))[1:]
