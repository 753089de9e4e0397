"""Empty workbooks to be filled in and imported: a sheet a dataset, with what its columns take."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO

from models.values.datasets import WORDS, CellKind, Dataset, FileColumn
from models.values.files import scratch
from venue_tui.locale import N_, _

_ROWS = 5_000
"""So many rows below the header have drop-downs and formats."""

_LONGEST_LIST = 255  # characters, as spreadsheets allow for the words of a drop-down
_WIDTH = 18
_FORMATS = {
    CellKind.MONEY: "0.00",
    CellKind.COUNT: "0",
    CellKind.TALLY: "0",
    CellKind.NIGHT: "yyyy-mm-dd",
    CellKind.INSTANT: "yyyy-mm-dd hh:mm",
}
_EXAMPLES = {
    CellKind.NIGHT: "2026-09-01",
    CellKind.INSTANT: "2026-09-01 19:20",
    CellKind.MONEY: "1880.00",
    CellKind.COUNT: "1",
    CellKind.TALLY: "0",
    CellKind.SOURCE: "roll",
}
_EXAMPLES_OF = {
    "staff_no": "0007",
    "name": "曾小贤",
    "team": "一组",
    "supervisor_no": "S01",
    "director_no": "D01",
    "decided_by": "S01",
    "reported_by": "D01",
    "waived_by": "D01",
    "place": "V01",
    "leave_no": "L260901-01",
    "slip_no": "S260901-01",
    "booking_no": "B260901-01",
    "incident_no": "I260901-01",
    "rule": "service_complaint",
    "guest_name": "胡先生",
    "guest_phone": "+8613800000000",
}
_KINDS = {
    CellKind.KEY: N_("a number or code"),
    CellKind.NAME: N_("a name"),
    CellKind.TEXT: N_("text"),
    CellKind.CHOICE: N_("one of the words"),
    CellKind.YES_NO: N_("yes or no"),
    CellKind.NIGHT: N_("a date"),
    CellKind.INSTANT: N_("date and time"),
    CellKind.MONEY: N_("an amount"),
    CellKind.COUNT: N_("a whole number"),
    CellKind.TALLY: N_("a whole number"),
    CellKind.SOURCE: N_("roll, outing:<slip_no> or incident:<incident_no>"),
}


def write_template(
    datasets: Sequence[Dataset],
    out: BinaryIO,
    headers: str = "en",
    filled: Mapping[str, Sequence[Sequence[str | None]]] | None = None,
) -> None:
    """Writes the workbook: a sheet for each dataset, and one that explains the columns, which an
    import passes over. `headers` is `en` or `zh`; `filled` has rows by dataset, as in a file."""
    import xlsxwriter

    finished = BytesIO()
    with scratch() as folder:
        book = xlsxwriter.Workbook(finished, {"tmpdir": str(folder)})
        head = book.add_format({"bold": True, "num_format": "@"})
        needed = book.add_format({"bold": True, "num_format": "@", "underline": 1})
        formats = {
            form: book.add_format({"num_format": form}) for form in ("@", *_FORMATS.values())
        }
        for dataset in datasets:
            sheet = book.add_worksheet(dataset.chinese if headers == "zh" else dataset.name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(dataset.columns):
                form = formats[_FORMATS.get(column.kind, "@")]
                sheet.set_column(place, place, _WIDTH, form)
                title = column.chinese if headers == "zh" else column.name
                sheet.write_string(0, place, title, needed if column.required else head)
                sheet.data_validation(1, place, _ROWS, place, _validation(column, headers))
            for line, row in enumerate((filled or {}).get(dataset.name, ()), 1):
                for place, (column, cell) in enumerate(zip(dataset.columns, row, strict=True)):
                    if cell:
                        _write(sheet, line, place, column, cell, headers)
        _explain(book, head, datasets, headers)
        book.close()
    out.write(finished.getbuffer())


def _write(sheet: Any, line: int, place: int, column: FileColumn, cell: str, headers: str) -> None:
    match column.kind:
        case CellKind.MONEY | CellKind.COUNT | CellKind.TALLY:
            sheet.write_number(line, place, Decimal(cell))
        case CellKind.NIGHT | CellKind.INSTANT:
            sheet.write_datetime(line, place, datetime.fromisoformat(cell))
        case CellKind.CHOICE | CellKind.YES_NO if headers == "zh":
            sheet.write_string(line, place, WORDS.get(cell, cell))
        case _:
            sheet.write_string(line, place, cell)


def _validation(column: FileColumn, headers: str) -> dict[str, Any]:
    """What a spreadsheet says beside a cell of the column, and what it lets one pick."""
    words = _words(column, headers)
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": (column.chinese if headers == "zh" else column.name)[:32],
        "input_message": _("%(kind)s, such as %(example)s")
        % {"kind": _(_KINDS[column.kind]), "example": example(column, headers)},
    }
    if words and len(",".join(words)) <= _LONGEST_LIST:
        options |= {"validate": "list", "source": words, "ignore_blank": True}
    return options


def example(column: FileColumn, headers: str = "en") -> str:
    """A cell that the column would take."""
    words = _words(column, headers)
    if words:
        return words[0]
    return _EXAMPLES_OF.get(column.name) or _EXAMPLES.get(column.kind) or "…"


def _words(column: FileColumn, headers: str) -> list[str]:
    choices = ("yes", "no") if column.kind is CellKind.YES_NO else column.choices
    return [WORDS.get(each, each) if headers == "zh" else each for each in choices]


def _explain(book: Any, head: Any, datasets: Sequence[Dataset], headers: str) -> None:
    sheet = book.add_worksheet(_("How to fill it in"))
    titles = (_("Sheet"), _("Column"), _("Needed"), _("What it takes"), _("Words"), _("Example"))
    for place, title in enumerate(titles):
        sheet.set_column(place, place, _WIDTH)
        sheet.write_string(0, place, title, head)
    row = 0
    for dataset in datasets:
        for column in dataset.columns:
            row += 1
            chinese = headers == "zh"
            cells = (
                dataset.chinese if chinese else dataset.name,
                column.chinese if chinese else column.name,
                _("yes") if column.required else "",
                _(_KINDS[column.kind]),
                " ".join(_words(column, headers)),
                example(column, headers),
            )
            for place, cell in enumerate(cells):
                sheet.write_string(row, place, cell)
