"""What there is to say of the row that is chosen at the guest desk."""

from collections.abc import Iterable

from models.guests import contacts, desk, register
from models.guests.desk import AtDoor
from models.guests.fact_writer import Fact
from models.guests.register import Found
from models.ledger import promises
from models.ledger.credits import Sale
from models.ledger.turns import InLine
from models.rules.guests.facts import Visit
from models.rules.guests.promises import Promise, State
from models.values.money import format_money
from models.values.nights import Instant
from venue_tui.desk_words import how_word, promise_name
from venue_tui.locale import _, ngettext
from venue_tui.screens.guests.base import DESK, GuestsBase
from venue_tui.screens.guests.lines import complaint_state, number_of, short, why_away
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.lines import Line, line
from venue_tui.words import listed, word

_MOST = 12
"""So many of a guest's contacts are told."""


def lines(screen: GuestsBase) -> list[Line]:
    """Of the chosen guest, staffer, complaint or sale; nothing where there is none."""
    if (door := screen.chosen_door()) is not None:
        return _door(screen, door)
    if screen.view == DESK:
        for each in screen.board.order.in_line:
            if each.staff_no == screen.chosen() and screen.column == "order":
                return _in_order(screen, each)
    fact, due = screen.chosen_complaint(), screen.chosen_promise()
    if due is not None:
        return _due(screen, due) + (_complaint(screen, fact) if fact is not None else [])
    if fact is not None:
        return _complaint(screen, fact)
    if (sale := screen.chosen_sale()) is not None:
        return _sale(screen, sale)
    if (guest := screen.chosen_guest()) is not None:
        return guest_lines(screen, guest)
    return []


def text_of(found: Iterable[Line]) -> str:
    """Lines as a text."""
    return "\n".join("".join(piece for piece, _style in each) for each in found)


def whose(screen: GuestsBase, guest_no: str) -> str:
    """Whose a guest is now, and by which clause."""
    owned = register.whose(screen.session, guest_no)
    if owned is None or owned.staff_no is None:
        return _("Nobody's: by turn.")
    clause = owned.rule.clause if owned.rule is not None else ""
    return _("The guest of %(who)s, by clause %(clause)s.") % {
        "who": screen.who(owned.staff_no),
        "clause": clause,
    }


def _door(screen: GuestsBase, door: AtDoor) -> list[Line]:
    visit, session = door.visit, screen.session
    title = " ".join(filter(None, (door.name or visit.visit_no, door.phone)))
    found = [line(title, "strong")]
    if door.waits:
        with screen.refusals_shown():
            given = desk.suggested(session, visit.visit_no)
            who = screen.who(given.staff_no) if given.staff_no else word("office")
            found.append(line(f"→ {who}  {how_word(given.how)}", "good"))
            for passed in given.passed:
                name = screen.names.get(passed.staff_no, passed.staff_no)
                said = listed((why_away(passed.reason), word(passed.skip)))
                found.append(
                    line(_("%(name)s: %(signs)s") % {"name": name, "signs": said}, "muted")
                )
    elif door.staff_no is not None:
        how = f"  {how_word(door.how)}" if door.how else ""
        found.append(line(_("With %s") % screen.who(door.staff_no) + how))
    if door.turn_no in screen.wrong:
        right = screen.wrong[door.turn_no]
        name = word(right) if right == "office" else screen.names.get(right, right)
        found.append(line(_("It was the turn of %s.") % name, "warning"))
    if visit.guest_no is not None:
        with screen.refusals_shown():
            found.append(line(whose(screen, visit.guest_no)))
    if visit.asked_for is not None:
        found.append(line(_("Asked for: %s") % screen.who(visit.asked_for)))
    if visit.voucher_of is not None:
        found.append(line(_("Voucher of %s") % screen.who(visit.voucher_of)))
    times = _("came %s") % clock(session, visit.at)
    if visit.left_at is not None:
        times = _("came %(came)s, went %(went)s") % {
            "came": clock(session, visit.at),
            "went": clock(session, visit.left_at),
        }
    found.append(line(f"{times}  {visit.visit_no}", "muted"))
    if visit.guest_no is not None:
        found += _visits(screen, visit.guest_no, visit.at)
    return found


def _visits(screen: GuestsBase, guest_no: str, until: Instant) -> list[Line]:
    """When a guest came before, and who received them."""
    earlier = desk.visits_before(screen.session, guest_no, until, _MOST)
    return [*([()] if earlier else []), *(_visit(screen, each) for each in earlier)]


def _visit(screen: GuestsBase, visit: Visit) -> Line:
    who = "" if visit.received_by is None else screen.who(visit.received_by)
    return (
        (f"{visit.night:%m-%d} {clock(screen.session, visit.at)}", "muted"),
        (f"  {visit.visit_no}  {who}", ""),
    )


def _in_order(screen: GuestsBase, each: InLine) -> list[Line]:
    said = ngettext("had %(n)d guest", "had %(n)d guests", each.had) % {"n": each.had}
    found = [line(screen.who(each.staff_no), "strong"), line(said)]
    if each.owed:
        found.append(line(_("is owed a turn"), "good"))
    if each.away is not None:
        found.append(line(why_away(each.away), "warning"))
    mine = [
        door.name or door.visit.visit_no
        for door in screen.board.given
        if door.staff_no == each.staff_no
    ]
    if mine:
        found.append(line(_("With %s") % listed(mine)))
    return found


def _due(screen: GuestsBase, due: Promise) -> list[Line]:
    session = screen.session
    late = due.state is State.OVERDUE
    said = _("overdue since %s") if late else _("due by %s")
    found = [
        line(promise_name(due.code), "strong"),
        line(said % short(session, due.due_at), "bad" if late else "warning"),
        line(_("since %s") % short(session, due.starts_at), "muted"),
    ]
    name = promises.whom(due.about)
    found.insert(1, line(due.about if name == due.about else f"{name} ({due.about})"))
    if (level := due.with_whom(session.now())) is not None:
        found.append(line(_("has gone to the %s") % word(level), "warning"))
    return found


def _complaint(screen: GuestsBase, fact: Fact) -> list[Line]:
    found = [line(fact["words"] or "", "strong"), line(complaint_state(fact), "muted")]
    if fact["about_staff_no"]:
        found.append(line(_("About %s") % screen.who(fact["about_staff_no"])))
    for title, column in (
        (_("taken down %s"), "at"),
        (_("answered %s"), "answered_at"),
        (_("solved %s"), "solved_at"),
        (_("asked after %s"), "asked_at"),
    ):
        if fact[column] is not None:
            found.append(line(title % short(screen.session, fact[column])))
    if fact["judged_by"]:
        found.append(line(_("judged by %s") % screen.who(fact["judged_by"]), "muted"))
    return found


def _sale(screen: GuestsBase, sale: Sale) -> list[Line]:
    house = _("the house")
    found = [
        line(f"{number_of(sale.deal.deal_no)}  {format_money(sale.deal.amount)}", "strong"),
        *(
            line(
                f"{share.share}  {format_money(share.cents)}  "
                + (screen.who(share.staff_no) if share.staff_no else house)
            )
            for share in sale.credit.shares
        ),
    ]
    if sale.credit.clause:
        found.append(line(_("by clause %s") % sale.credit.clause, "muted"))
    if sale.credit.decision is not None:
        found.append(line(_("decided: %s") % sale.credit.decision.reason, "warning"))
    claimed = _("claimed by %s")
    return found + [line(claimed % screen.who(each.staff_no), "warning") for each in sale.claims]


def guest_lines(screen: GuestsBase, guest: Found) -> list[Line]:
    """A guest of the register: whose they are, and what staffers had to do with them."""
    found = [line(" ".join(filter(None, (guest.name, guest.phone))) or guest.guest_no, "strong")]
    with screen.refusals_shown():
        found.append(line(whose(screen, guest.guest_no)))
    for same in register.duplicates(screen.session, guest.guest_no):
        said = _("may be %(name)s (%(number)s), too") % {
            "name": same.name,
            "number": same.guest_no,
        }
        found.append(line(said, "warning"))
    for heir in contacts.heirs_of(screen.session, guest.guest_no):
        said = _("since %(night)s of %(who)s") % {
            "night": heir.from_night,
            "who": screen.who(heir.to_staff_no),
        }
        found.append(line(said))
    for each in contacts.of_guest(screen.session, guest.guest_no)[:_MOST]:
        when = each.for_night[5:] if each.for_night else short(screen.session, each.at)
        said = f"{when}  {word(each.kind)}  {screen.who(each.staff_no)}"
        if each.kind == "appointment" and each.signed_by is None:
            said += "  " + _("unsigned")
        if each.void is not None:
            said += "  " + _("void")
        found.append(line(said, "muted" if each.void is not None else ""))
    return found + _visits(screen, guest.guest_no, screen.session.now() + 1)
