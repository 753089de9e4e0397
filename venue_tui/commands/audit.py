"""`audit`: who did what, when, from which terminal, and why."""

import sys
from datetime import date

import click

from models.values.datasets import CellKind, FileColumn
from venue_tui.commands.arguments import night_argument
from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _

COLUMNS = (
    FileColumn("seq", CellKind.COUNT, "序号"),
    FileColumn("at", CellKind.INSTANT, "时间"),
    FileColumn("who", CellKind.NAME, "谁"),
    FileColumn("terminal", CellKind.TEXT, "终端"),
    FileColumn("action", CellKind.TEXT, "操作"),
    FileColumn("staff_no", CellKind.KEY, "工号"),
    FileColumn("night", CellKind.NIGHT, "营业日"),
    FileColumn("before", CellKind.TEXT, "之前"),
    FileColumn("after", CellKind.TEXT, "之后"),
    FileColumn("reason", CellKind.TEXT, "原因"),
)


@click.command(
    "audit",
    help=help_of("audit"),
)
@click.argument(
    "what", required=False, type=click.Choice(["key", "accept"]), metavar="[key|accept]"
)
@click.option("--person", metavar="NAME", help=_("Only what this account or user did."))
@click.option("--staff", "staff_no", metavar="STAFF_NO", help=_("Only what concerns a staffer."))
@click.option(
    "--night", metavar="YYYY-MM-DD", callback=night_argument, help=_("Only what concerns a night.")
)
@click.option("--last", type=click.IntRange(min=1), metavar="N", help=_("Only the last N lines."))
@click.option("--csv", "as_csv", is_flag=True, help=_("As CSV."))
@click.option("--head", "only_head", is_flag=True, help=_("Only the number and hash of the last."))
@click.option(
    "--holds",
    metavar="HASH",
    help=_("Only whether a head that was printed earlier is still in the trail."),
)
@click.option(
    "--seal",
    metavar="SEAL",
    help=_("With --holds: whether it was sealed with this terminal's key."),
)
@click.pass_obj
def audit_command(
    invocation: Invocation,
    what: str | None,
    person: str | None,
    staff_no: str | None,
    night: date | None,
    last: int | None,
    as_csv: bool,
    only_head: bool,
    holds: str | None,
    seal: str | None,
) -> None:
    from models.access.permissions import require
    from models.storage import audit, witness
    from models.values.problems import refused
    from models.values.text import displayable
    from venue_tui.exchange.preview import told_rows
    from venue_tui.exchange.table_writer import write_table

    session = invocation.session()
    require(session, "audit")
    if what == "key":
        path, made = witness.make_key()
        told = _("%s seals heads from now on: keep a copy of it elsewhere.")
        tell((told if made else _("%s seals heads already.")) % path)
        return
    if what == "accept":
        require(session, "backup")
        if witness.lost() is not None and (seen := witness.seen()) is not None:
            with session.change():  # so that whoever reads the trail knows, too
                before = dict(zip(("lines", "head"), seen, strict=True))
                session.record("trail.accepted", before=before)
        witness.accept()
        tell(_("This terminal takes the trail as it is: %(line)d %(hash)s")
             % dict(zip(("line", "hash"), audit.head(), strict=True)))  # fmt: skip
        return
    if seal is not None and holds is None:
        raise click.UsageError(_("--seal goes with --holds"))
    if holds is not None:
        if seal is not None and not witness.is_sealed(holds.strip().lower(), seal):
            raise refused("seal", "the seal is not that of %(hash)s by this key", hash=holds)
        number = audit.line_of(holds.strip().lower())
        if number is None:
            raise refused("head", "no line of the audit trail has the hash %(hash)s", hash=holds)
        tell(_("Line %d has this hash.") % number)
        return
    if only_head:
        number, hash = audit.head()
        sealed = witness.seal(hash)
        click.echo(f"{number} {hash}" + (f" {sealed}" if sealed is not None else ""))
        return
    lines = audit.lines(who=person, staff_no=staff_no, night=night, last=last)
    if as_csv:
        write_table(
            [[str(line.seq), session.calendar.format(line.at), *line[2:]] for line in lines],
            COLUMNS,
            sys.stdout.buffer,
        )
        return
    for line in lines:
        became = " > ".join(each for each in (line.before, line.after) if each is not None)
        cells = (
            str(line.seq),
            session.calendar.format(line.at),
            line.who,
            line.terminal,
            line.action,
            line.staff_no or "-",
            line.night or "-",
            became,
            line.reason or "",
        )
        click.echo("  ".join(map(displayable, cells)).rstrip())
        if staff_no is not None or night is not None:
            rows = audit.rows_of(line.seq, staff_no, night)
            for row in told_rows(rows, session.calendar.format):
                click.echo(f"    {displayable(row)}")
