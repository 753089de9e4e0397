"""What stands on each paper, in the language that is spoken now."""

from collections.abc import Sequence

from models.access.session import Session
from models.ledger.settling import settle
from models.operations import slip_board
from models.operations.directory import name_of
from models.payroll.appeals import NIGHTS
from models.payroll.explanation import ExplainedCharge, Explanation, explain
from models.rules.charges import ROLL, Status
from models.values.money import format_money
from models.values.nights import Instant, Month
from venue_tui.exchange.papers.document import (
    Document,
    Entry,
    Fields,
    Heading,
    Paragraph,
    Part,
    Signatures,
    SumLines,
)
from venue_tui.grooming_words import looks_line
from venue_tui.locale import _, current_language
from venue_tui.words import word


def slip(session: Session, slip_no: str) -> Document:
    """An outing slip, for whoever stands at the door. Raises Refused where there is none."""
    row = slip_board.slip(session, slip_no)

    def at(instant: Instant | None) -> str:
        return "" if instant is None else session.calendar.shown(instant)

    decided = f"{row.decided_by} {name_of(row.decided_by)}" if row.decided_by else ""
    pairs = (
        (_("Slip"), row.slip_no),
        (_("Night"), row.night.isoformat()),
        (_("Who"), f"{row.staff_no} {row.name}"),
        (_("Team"), row.team or ""),
        (_("Reason"), row.reason or ""),
        (_("Asked for"), at(row.requested_at)),
        (_("State"), word(row.status)),
        (_("Decided by"), f"{decided}  {at(row.decided_at)}".strip()),
        (_("Remark"), row.decision_reason or ""),
        (_("Out"), at(row.out_at)),
        (_("Back"), at(row.back_at)),
    )
    blank = {_("Out"), _("Back")}  # to be filled in by hand at the door
    parts: list[Part] = [
        Heading(session.venue, 2),
        Heading(_("Outing slip")),
        Fields(tuple(pair for pair in pairs if pair[1] or pair[0] in blank)),
    ]
    if row.status != "approved":
        parts.append(Paragraph(_("Not approved: this slip lets nobody out.")))
    parts.append(Signatures((_("Staffer's signature"), _("Approved by"), _("Door"))))
    return _titled(_("Outing slip"), f"{row.slip_no} {row.name}", parts)


def notice(session: Session, staff_no: str, month: Month) -> Document:
    """A notice of a month's charges: each with its reason, clause and amount, how and by when it is
    contested, and a line to sign. Raises Refused where there is no such staffer."""
    settle(session)
    told = explain(session, staff_no, month)
    charges = [each for each in told.charges if each.status is not Status.REVERSED]
    standing = sum(each.amount for each in charges if each.status is Status.STANDING)
    parts: list[Part] = [*_head(session, told, _("Notice of charges"))]
    parts += [_entry(session, each) for each in charges]
    if charges:
        parts += [SumLines(((_("Charges that stand"), format_money(standing)),)), *_contesting()]
        parts.append(Paragraph(_("I was told of these charges. My signature is no consent.")))
    else:
        parts.append(Paragraph(_("No charges.")))
    parts.append(Signatures((_("Staffer's signature"), _("Handed over by"))))
    return _titled(_("Notice of charges"), f"{staff_no} {told.name} {month}", parts)


def statement(session: Session, staff_no: str, month: Month) -> Document:
    """A month's statement for one person: charges, adjustments, what is carried, what is deducted,
    and their sales. Raises Refused where there is no such staffer."""
    settle(session)
    told = explain(session, staff_no, month)
    charges = [each for each in told.charges if each.status is not Status.REVERSED]
    parts: list[Part] = [*_head(session, told, _("Month's statement"))]
    if charges:
        parts += [Heading(_("Charges"), 2), *(_entry(session, each) for each in charges)]
    if told.adjustments:
        parts.append(Heading(_("Adjustments"), 2))
        parts += [
            Entry(_("Correction of %s") % each.corrects, format_money(each.amount), (each.reason,))
            for each in told.adjustments
        ]
    if told.sales:
        parts.append(Heading(_("Decided of sales of closed months"), 2))
        parts += [
            Entry(f"{each.deal_no} {each.corrects}", format_money(each.amount), (each.reason,))
            for each in told.sales
        ]
    sums = told.deduction
    if sums is None:
        parts.append(Paragraph(_("Nothing is recorded of this month.")))
    else:
        parts += [
            Heading(_("Deduction"), 2),
            SumLines(
                (
                    (_("Monthly wage"), format_money(sums.wage)),
                    (_("Charges"), format_money(sums.charges_total)),
                    (_("Adjustments"), format_money(sums.adjustments)),
                    (_("Carried in"), format_money(sums.carried_in)),
                    (_("Carried out"), format_money(sums.carried_out)),
                    (_("Deducted"), format_money(sums.deducted)),
                )
            ),
            Heading(_("Sales"), 2),
            SumLines(
                (
                    (_("Sales"), format_money(sums.sales)),
                    (_("Void"), format_money(sums.sales_voided)),
                    (_("Counted"), format_money(sums.sales_counted)),
                )
            ),
        ]
    if told.looks:
        parts.append(Paragraph(looks_line(told.looks)))
    if not told.closed:
        parts.append(Paragraph(_("The month is not closed: these sums may still change.")))
    if charges:
        parts += _contesting()
    parts.append(Signatures((_("Staffer's signature"), _("For the house"))))
    return _titled(_("Month's statement"), f"{staff_no} {told.name} {month}", parts)


def test_page(encoding: str) -> Document:
    """A page that shows whether a printer reads an encoding as it is sent."""
    return Document(
        _("Test page"),
        (
            Heading(_("Test page")),
            Paragraph(_("If every line below reads well, this printer takes %s.") % encoding),
            Fields(
                (
                    ("GB2312", "点名 放行条 扣罚通知 1,234.50"),
                    ("GBK", "喆 堃 犇 點名 放行條 扣罰通知"),
                    ("GB18030", "䶮 㛃 㐱"),
                    ("Latin", "Notice of charges"),
                )
            ),
        ),
    )


def _titled(title: str, whose: str, parts: Sequence[Part]) -> Document:
    return Document(f"{title} {whose}", tuple(parts))


def _head(session: Session, told: Explanation, title: str) -> list[Part]:
    team = told.deduction.team if told.deduction is not None else None
    closed = _(" (closed)") if told.closed else ""
    pairs = (
        (_("Who"), f"{told.staff_no} {told.name}"),
        (_("Team"), team or ""),
        (_("For the month"), told.month + closed),
        (_("Printed"), session.calendar.shown(session.now())),
    )
    return [
        Heading(session.venue, 2),
        Heading(title),
        Fields(tuple(pair for pair in pairs if pair[1])),
    ]


def _entry(session: Session, charge: ExplainedCharge) -> Entry:
    language = current_language()
    lines = [
        _("Clause %s") % charge.rule.clause
        + (f"  ({charge.source})" if charge.source != ROLL else ""),
        charge.reason(session, language),
    ]
    if charge.waived_by is not None:
        said = {"who": name_of(charge.waived_by), "why": charge.waiver_reason}
        lines.append(_("Waiver by %(who)s: %(why)s") % said)
    if charge.seen_at is not None:
        seen = session.calendar.shown(charge.seen_at)
        lines.append(_("Seen by the staffer %s") % seen)
    lines += [_("Contested: %s") % each.words for each in charge.appeals]
    state = "" if charge.status is Status.STANDING else f" ({word(charge.status.value)})"
    return Entry(
        f"{charge.night}  {charge.rule.title(language)}{state}",
        format_money(charge.amount),
        tuple(lines),
    )


def _contesting() -> list[Part]:
    return [
        Heading(_("To contest a charge"), 2),
        Paragraph(
            _(
                "Tell your supervisor or a director, in your own words, which charge and why. It is"
                " written down, and somebody who did not raise the charge decides within %d nights."
                " Best before the month is closed; afterwards too, and what is let go then is paid"
                " back in the next open month."
            )
            % NIGHTS
        ),
    ]
