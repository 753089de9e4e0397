"""`backup` and `restore`: the whole venue in one file, and back."""

from pathlib import Path

import click

from venue_tui.commands.invocation import Invocation, tell
from venue_tui.commands.listing import help_of
from venue_tui.locale import _


@click.command(
    "backup",
    help=help_of("backup"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(invocation: Invocation, file: Path) -> None:
    from models.backup.backup import backup
    from venue_tui.commands.progress import stages

    session = invocation.session()
    with stages() as stage:
        stage(_("Backing up"))
        made = backup(session, file)
    tell(
        _("%(file)s holds the venue: %(size)d bytes, %(lines)d lines of audit trail, head %(head)s")
        % {
            "file": made.path,
            "size": made.size,
            "lines": made.audit_lines,
            "head": made.audit_head,
        }
    )
    if made.broken_line is not None:
        tell(
            _("Its audit trail is broken at line %d, as the venue's own is: see «venue-tui check».")
            % made.broken_line
        )


@click.command(
    "restore",
    help=help_of("restore"),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help=_("Replace the venue that is there."))
@click.pass_obj
def restore_command(invocation: Invocation, file: Path, overwrite: bool) -> None:
    from models.backup.restore import restore
    from venue_tui.commands.progress import stages

    session = invocation.session() if invocation.name is not None else None
    with stages() as stage:
        stage(_("Restoring"))
        restored = restore(invocation.url, file, overwrite=overwrite, session=session)
    tell(
        _("The venue of %(file)s is restored: %(lines)d lines of audit trail, head %(head)s")
        % {"file": file, "lines": restored.audit_lines, "head": restored.audit_head}
    )
