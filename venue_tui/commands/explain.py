"""`explain`: why a staffer pays what they pay."""

from typing import TYPE_CHECKING

import click

from venue_tui.commands.arguments import month_argument
from venue_tui.commands.invocation import Invocation
from venue_tui.commands.listing import help_of
from venue_tui.locale import N_, _, current_language

if TYPE_CHECKING:
    from models.access.session import Session

_STATUS = {
    "standing": N_("standing"),
    "waived": N_("waived"),
    "reversed": N_("reversed: it no longer follows from the facts"),
}
_DECISIONS = {"upheld": N_("upheld"), "waived": N_("waived"), None: N_("undecided")}


@click.command(
    "explain",
    help=help_of("explain"),
)
@click.argument("staff_no", metavar="STAFF_NO|deal|turn|promise")
@click.argument("month", metavar="YYYY-MM|NUMBER")
@click.argument("about", required=False)
@click.pass_context
def explain_command(context: click.Context, staff_no: str, month: str, about: str | None) -> None:
    from models.ledger.settling import settle
    from models.values.text import displayable

    invocation: Invocation = context.obj
    session = invocation.session()
    settle(session)
    if staff_no == "promise" and about is not None:
        said = _of_the_desk(session, staff_no, _month(context, month), about)
    elif about is not None:
        raise click.UsageError(_("too many arguments"))
    elif staff_no in ("deal", "turn"):
        said = _of_the_desk(session, staff_no, month)
    else:
        said = lines(session, staff_no, _month(context, month))
    for line in said:
        click.echo(displayable(line))


def _of_the_desk(session: "Session", kind: str, *what: str) -> list[str]:
    """The explanation of a promise, a deal or a turn."""
    from models.payroll.guest_explanation import explain_promise, explain_sale, explain_turn
    from venue_tui.problem_words import in_words

    if kind == "promise":
        problems = explain_promise(session, *what)
    else:
        problems = {"deal": explain_sale, "turn": explain_turn}[kind](session, *what)
    return list(map(in_words, problems))


def _month(context: click.Context, text: str) -> str:
    """The month written in the second argument."""
    parameter = next(each for each in context.command.params if each.name == "month")
    return month_argument(context, parameter, text) or text


def lines(session: "Session", staff_no: str, month: str) -> list[str]:
    """The explanation in the current language, a line each."""
    from models.payroll.explanation import explain
    from models.values.money import format_money
    from venue_tui.grooming_words import looks_line

    told = explain(session, staff_no, month)
    language = current_language()
    said = [f"{told.staff_no} {told.name}, {told.month}" + (_(" (closed)") if told.closed else "")]
    for charge in told.charges:
        said += [
            "",
            f"{charge.night}  {charge.rule.code}  {charge.rule.title(language)}"
            f"  {format_money(charge.amount)}  {_(_STATUS[charge.status])}",
            "  " + _("Clause %s") % charge.rule.clause + f"  ({charge.source})",
            "  " + charge.reason(session, language),
        ]
        if charge.waived_by is not None:
            said.append(
                "  "
                + _("Waiver by %(who)s: %(why)s")
                % {"who": charge.waived_by, "why": charge.waiver_reason}
            )
        if charge.seen_at is not None:
            said.append("  " + _("Seen by the staffer %s") % session.calendar.shown(charge.seen_at))
        for appeal in charge.appeals:
            said.append(
                "  "
                + _("Appeal: %(words)s; %(decision)s")
                % {"words": appeal.words, "decision": _(_DECISIONS[appeal.decision])}
                + (f" ({appeal.decided_by}: {appeal.reason})" if appeal.decided_by else "")
            )
    if not told.charges:
        said += ["", _("No charges.")]
    said += [""] if told.adjustments or told.corrections else []
    said += [
        _("Adjustment of %(amount)s, correcting %(month)s: %(reason)s")
        % {
            "amount": format_money(each.amount),
            "month": each.corrects,
            "reason": each.reason,
        }
        for each in told.adjustments
    ]
    said += [
        _("Corrected by %(amount)s, adjusted in %(month)s: %(reason)s")
        % {"amount": format_money(each.amount), "month": each.month, "reason": each.reason}
        for each in told.corrections
    ]
    said += [
        _("Sales %(amount)s, decided of %(sale)s of %(month)s: %(reason)s")
        % {
            "amount": format_money(each.amount),
            "sale": each.deal_no,
            "month": each.corrects,
            "reason": each.reason,
        }
        for each in told.sales
    ]
    if told.looks:
        said += ["", looks_line(told.looks)]
    if (sums := told.deduction) is not None:
        said += [
            "",
            "  ".join(
                f"{title} {format_money(amount)}"
                for title, amount in (
                    (_("charges"), sums.charges_total),
                    (_("adjustments"), sums.adjustments),
                    (_("carried in"), sums.carried_in),
                    (_("deducted"), sums.deducted),
                    (_("carried out"), sums.carried_out),
                )
            ),
        ]
    return said
