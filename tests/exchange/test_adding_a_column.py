"""Adding a column to a dataset is one line in `models.values.datasets` and a migration: reading,
checking, recording, the preview, taking back, writing and templates follow."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from models.access.session import Session
from models.imports.importer import intake
from models.imports.undo import undo
from models.storage.database import execute
from models.storage.write_statements import forget_schema
from models.values.datasets import DATASETS, CellKind, Dataset, FileColumn
from tests.commands.test_export import FACTS
from venue_tui.exchange.exports import export
from venue_tui.exchange.imports import Reading, read
from venue_tui.exchange.preview import preview
from venue_tui.exchange.templates import write_template

COLUMN = FileColumn("shoe_size", CellKind.COUNT, "鞋码")


@pytest.fixture(params=FACTS)
def grown(request: pytest.FixtureRequest, session: Session) -> Iterator[Dataset]:
    """A dataset with one column more, as the line and the migration would add it."""
    dataset = DATASETS[request.param]
    before = dataset.columns
    execute(f"ALTER TABLE {dataset.name} ADD COLUMN {COLUMN.name} INTEGER")
    dataset.columns = (*before, COLUMN)
    _forget(dataset)
    yield dataset
    dataset.columns = before
    _forget(dataset)


def _forget(dataset: Dataset) -> None:
    for derived in ("names", "column", "headers"):
        dataset.__dict__.pop(derived, None)
    forget_schema()


def test_a_column_is_one_line_and_a_migration(
    session: Session, grown: Dataset, tmp_path: Path
) -> None:
    session.clock = lambda: session.calendar.parse("2026-11-26T12:30")
    for name, text in FACTS.items():
        if name == grown.name:
            head, *rows = text.splitlines()
            if any(row.count('"') % 2 for row in rows):
                rows = ["\n".join(rows)]
            text = "\n".join([f"{head},鞋码", *(f"{row},{41 + at}" for at, row in enumerate(rows))])
        (tmp_path / f"{name}.csv").write_text(f"{text.rstrip()}\n", encoding="utf-8")
    reading = _read(session, tmp_path)

    report = intake(session, reading.tables)

    assert not report.refused, [table.report() for table in reading.tables]
    kept = {row[0] for row in execute(f"SELECT shoe_size FROM {grown.name}").fetchall()}
    assert 41 in kept
    assert any("shoe_size 41" in line for line in preview(report, session.calendar.format))
    written = BytesIO()
    export(session, grown.name, None, written, headers="zh", plain=True)
    head = written.getvalue().decode().partition("\n")[0]
    assert head.endswith("鞋码")
    again = tmp_path / "again"
    again.mkdir()
    (again / f"{grown.name}.csv").write_bytes(written.getvalue())
    assert not intake(session, _read(session, again).tables).changed
    template = BytesIO()
    write_template([grown], template)
    assert [cell.value for cell in openpyxl.load_workbook(template).worksheets[0][1]][
        -1
    ] == "shoe_size"
    undo(session)
    assert execute(f"SELECT count(*) FROM {grown.name}").fetchone()[0] == 0


def _read(session: Session, folder: Path) -> Reading:
    return read([folder], session.calendar)
