"""Papers from a screen: which, in which form, and into a file or to a printer."""

import os
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.widgets import Input

from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.problem_words import in_words
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.widgets.form import Field, FormScreen

if TYPE_CHECKING:
    from venue_tui.exchange.papers.document import Document
    from venue_tui.screens.shared.base import VenueScreen

PRINTER = "VENUE_TUI_PRINTER"
"""The environment variable that names the receipt printer, as `print --printer` does."""

_ENDINGS = {"pdf": ".pdf", "text": ".txt"}


class Paper(NamedTuple):
    """A paper that can be printed here: its name for a file, what it is called, and how it is made
    (in a thread of its own)."""

    name: str
    title: str
    make: Callable[[], "Document"]


class Printing(NamedTuple):
    """What was asked for."""

    paper: Paper
    format: str
    to: str
    """A file, or for `escpos` a printer."""
    encoding: str
    width: int


class PrintForm(FormScreen[Printing]):
    """Asks which paper is wanted, in which form and where; prints nothing itself.

    Where the program is `served` to a browser it isn't asked where: the file is sent there.
    """

    def __init__(self, papers: Sequence[Paper], served: bool) -> None:
        super().__init__()
        self._papers: Mapping[str, Paper] = {each.name: each for each in papers}
        self._served = served
        printer = os.environ.get(PRINTER, "")
        self._format = "escpos" if printer and not served else "pdf"
        self._suggested = self._suggestion(papers[0].name, self._format)

    def title_line(self) -> str:
        return _("Print")

    def fields(self) -> Sequence[Field]:
        first = next(iter(self._papers))
        papers = [(name, paper.title) for name, paper in self._papers.items()]
        formats = [("pdf", "PDF"), ("text", _("text"))]
        if not self._served:
            formats.append(("escpos", _("receipt printer")))
        where = Field("to", _("To"), self._suggested, hint=_("a file, or a printer's device"))
        receipt = [
            Field("encoding", _("Encoding"), "gb18030", options=[
                (each, each.upper()) for each in ("gb18030", "gbk", "utf-8")]),
            Field("width", _("Paper"), "80", options=[("80", "80 mm"), ("58", "58 mm")]),
        ]  # fmt: skip
        return [
            Field("paper", _("What"), first, options=papers),
            Field("format", _("Format"), self._format, options=formats),
            *([] if self._served else [where, *receipt]),
        ]

    def on_options_changed(self) -> None:
        """The suggested place follows what is chosen, until another one is written."""
        values = self.values()
        suggested = self._suggestion(values["paper"], values["format"])
        if values.get("to") == self._suggested:
            to = self.control("to")
            assert isinstance(to, Input)
            to.value = suggested
        self._suggested = suggested

    def _suggestion(self, name: str, format: str) -> str:
        if format == "escpos":
            return os.environ.get(PRINTER, "")
        file = Path(name + _ENDINGS[format])
        return str(file if self._served else Path.cwd() / file)

    def verdict(self, values: dict[str, str]) -> str:
        if values["format"] == "escpos":
            return _("Such as /dev/usb/lp0, or tcp://192.168.1.20:9100 on the network.")
        path = Path(values.get("to") or ".").expanduser()
        return _("There is a file of that name: it will be replaced.") if path.is_file() else ""

    def save(self, values: dict[str, str]) -> Printing:
        to = self._suggested if self._served else values["to"]
        if not to:
            raise refused("to", "may not be blank")
        paper = self._papers[values["paper"]]
        return Printing(
            paper,
            values["format"],
            to,
            values.get("encoding", "gb18030"),
            int(values.get("width", "80")),
        )


def print_papers(screen: "VenueScreen", papers: Sequence[Paper]) -> None:
    """Asks what is to be printed how, and does it; what can't be done is said."""

    def asked(wanted: Printing | None) -> None:
        if wanted is None:
            return
        path = Path(wanted.to).expanduser()
        if served or wanted.format == "escpos" or not path.is_file():
            deliver(wanted)
            return
        lines = [_("%s is there already.") % path]
        dialog = Confirm(_("Replace the file?"), lines, yes=_("Replace"), no=_("Keep it"))
        screen.app.push_screen(dialog, lambda sure: deliver(wanted) if sure else None)

    def deliver(wanted: Printing) -> None:
        from venue_tui.exchange.papers.printing import rendered, send
        from venue_tui.exchange.table_writer import write_bytes

        content = BytesIO()

        def work(progress: Progress) -> bool:
            progress.report(0, 1)
            with screen.session.reading():
                document = wanted.paper.make()
            data = rendered(document, wanted.format, wanted.encoding, wanted.width)
            if served:
                write_bytes(data, content)
            elif wanted.format == "escpos":
                send(data, wanted.to)
            else:
                write_bytes(data, Path(wanted.to).expanduser())
            return True

        def done(sent: bool | None) -> None:
            if not sent:
                screen.say(_("Nothing was printed."))
                return
            if served:
                content.seek(0)
                screen.app.deliver_binary(content, save_filename=Path(wanted.to).name)
            screen.say(_("Printed: %(paper)s, %(to)s") % {
                "paper": wanted.paper.title, "to": wanted.to})  # fmt: skip

        screen.app.push_screen(
            ProgressDialog(_("Printing %s") % wanted.paper.title, work, failed=failed), done
        )

    def failed(error: Exception) -> None:
        from models.values.problems import Refused

        if not isinstance(error, Refused):
            raise error
        screen.complain("\n".join(map(in_words, error.problems)))

    # In a browser the file is for the person there, not for the computer that serves it.
    served = screen.app.is_web
    screen.app.push_screen(PrintForm(papers, served), asked)
