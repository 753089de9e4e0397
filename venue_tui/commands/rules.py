"""`rules`: see, validate and adopt rulebooks, and what a month would have cost under another."""

from datetime import date
from typing import TYPE_CHECKING

import click

from venue_tui.commands.arguments import month_argument, night_argument
from venue_tui.commands.columns import show
from venue_tui.commands.foretelling import foretelling, to_be_done
from venue_tui.commands.invocation import Invocation, give_up, tell, translated
from venue_tui.commands.listing import help_of
from venue_tui.locale import _, current_language, ngettext

if TYPE_CHECKING:
    from models.rules.rulebook import Rule, Rulebook


@click.group("rules", help=help_of("rules"))
def rules_command() -> None:
    pass


@rules_command.command("list", help=_("The rules in force, and the versions with their nights."))
@click.pass_obj
def list_rules(invocation: Invocation) -> None:
    from models.values.nights import FIRST_NIGHT

    session = invocation.session()
    book = session.book(session.tonight())
    language = current_language()
    rows = [
        (rule.code, rule.clause, rule.kind, _amount(rule), rule.title(language))
        for rule in book.rules
    ]
    show(((_("code"), _("clause"), _("kind"), _("amount"), _("title")), *rows))
    click.echo()
    for since, version in session.versions.adopted:
        when = _("from the beginning") if since == FIRST_NIGHT else _("from %s") % since
        in_force = _(" (in force tonight)") if version is book else ""
        click.echo(f"{version.name}  {when}{in_force}")


@rules_command.command("write", help=_("Writes a rulebook that ships to a file, to be changed."))
@click.argument("name")
@click.option("-o", "--output", metavar="FILE", help=_("Where to; else to standard output."))
def write_rulebook(name: str, output: str | None) -> None:
    from pathlib import Path

    from models.rules import shipped

    if name not in shipped.shipped():
        known = ", ".join(shipped.shipped())
        sentence = _("there is no rulebook %(name)s that ships; those that do: %(known)s")
        give_up([sentence % {"name": name, "known": known}])
    text = shipped.text(name)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with Path(output).open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        give_up([_("%(file)s is there already: name another file") % {"file": output}])
    except OSError as error:
        sentence = _("%(file)s can't be written: %(error)s")
        give_up([sentence % {"file": output, "error": error.strerror}])
    tell(_("Written: %s") % output)


@rules_command.command("check", help=_("Validates a rulebook, and says what the law says on it."))
@click.argument("file")
def check_rulebook(file: str) -> None:
    from models.rules.cautions import cautions

    book = _load(file)
    valid = ngettext(
        "%(name)s is a valid rulebook of %(rules)d rule.",
        "%(name)s is a valid rulebook of %(rules)d rules.",
        len(book.rules),
    )
    click.echo(valid % {"name": book.name, "rules": len(book.rules)})
    for caution in cautions(book):
        language = current_language()
        said = {
            "jurisdiction": caution.jurisdiction,
            "text": caution.text[language],
            "source": caution.source[language],
        }
        click.echo(_("Caution (%(jurisdiction)s): %(text)s [%(source)s]") % said)


@rules_command.command("adopt", help=_("Puts a rulebook in force from a night on."))
@click.argument("file")
@click.option(
    "--from", "first", required=True, callback=night_argument, metavar="NIGHT",
    help=_("The first night it holds for, YYYY-MM-DD."),
)  # fmt: skip
@click.option("--reason", help=_("Why it is adopted."))
@foretelling
@click.pass_obj
def adopt_rulebook(
    invocation: Invocation, file: str, first: date, reason: str | None, dry_run: bool, yes: bool
) -> None:
    from models.operations.charge_preview import foresee_adoption
    from models.operations.venue import adopt
    from models.values.problems import Refused
    from venue_tui.month_words import adoption_lines

    book = _load(file)
    session = invocation.session()
    try:
        lines = list(adoption_lines(foresee_adoption(session, book, first)))
        if not to_be_done(lines, dry_run=dry_run, yes=yes):
            return
        adopt(session, book, first, reason)
    except Refused as refusal:
        give_up([f"{each.field}: {translated(each)}" for each in refusal.problems])
    tell(
        _("%(name)s is in force from the night of %(night)s.") % {"name": book.name, "night": first}
    )


@rules_command.command(
    "whatif", help=_("What a month would have cost each staffer under another rulebook.")
)
@click.argument("file")
@click.argument("month", callback=month_argument, metavar="YYYY-MM")
@click.pass_obj
def whatif_rulebook(invocation: Invocation, file: str, month: str) -> None:
    from models.ledger.settling import settle
    from models.payroll.whatif import whatif
    from models.values.money import format_money

    book = _load(file)
    session = invocation.session()
    settle(session)
    found = whatif(session, book, month)
    rows = [
        (
            row.staff_no,
            row.name,
            format_money(row.now),
            format_money(row.then),
            format_money(row.then - row.now),
            format_money(row.sales_now),
            format_money(row.sales_then),
        )
        for row in found.rows
    ]
    now, then = sum(row.now for row in found.rows), sum(row.then for row in found.rows)
    total = (
        *(_("total"), "", format_money(now), format_money(then), format_money(then - now)),
        format_money(sum(row.sales_now for row in found.rows)),
        format_money(sum(row.sales_then for row in found.rows)),
    )
    heads = (_("staff_no"), _("name"), _("now"), book.name, _("difference"), _("sales"))
    show(
        ((*heads, _("sales under %s") % book.name), *rows, total),
        right=(2, 3, 4, 5, 6),
    )
    for incident_no in found.unjudged:
        tell(
            _("Incident %(incident)s is left out: %(book)s has no such rule or amount.")
            % {"incident": incident_no, "book": book.name}
        )


def _load(file: str) -> "Rulebook":
    """The rulebook, or the end with a line for each thing that is wrong with it."""
    from models.rules.shipped import load
    from models.values.problems import Refused

    try:
        return load(file)
    except Refused as refusal:
        give_up([f"{file}: {each.field}: {translated(each)}" for each in refusal.problems])


def _amount(rule: "Rule") -> str:
    from models.values.money import format_money

    if rule.amount is not None:
        return format_money(rule.amount)
    if rule.minimum is not None and rule.maximum is not None:
        return f"{format_money(rule.minimum)} - {format_money(rule.maximum)}"
    if rule.days is not None:
        return ngettext("%s day's wage", "%s days' wages", int(rule.days)) % rule.days
    return ""
