"""Which files an import takes, and what they hold."""

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from models.storage.gc_pause import uncollected
from models.values.datasets import DATASETS, Dataset, plain
from models.values.nights import Calendar
from models.values.problems import Problem, problem
from venue_tui.exchange.dataset_reader import read_rows, read_text, refuse_repeated_keys
from venue_tui.exchange.dates import Dates, Order
from venue_tui.exchange.encodings import Encoding, Unreadable, encodings_of
from venue_tui.exchange.file_bytes import LARGEST_TOGETHER, bytes_of
from venue_tui.exchange.read_table import ReadTable
from venue_tui.exchange.workbooks import SUFFIXES, Sheet, is_workbook, sheets_of

NO_MAPPING: Mapping[str, Mapping[str, str]] = {}


class How(NamedTuple):
    """What whoever imports says of the files. `dataset` is what a single file holds, whatever its
    name; `mapping`, by dataset, which column a header stands for that isn't ours (as `plain` has
    it), "" for none."""

    dates: Order | None = None
    dataset: str | None = None
    mapping: Mapping[str, Mapping[str, str]] = NO_MAPPING


AS_IT_IS = How()


@dataclass(slots=True)
class Reading:
    """The files that were read, those that were passed over, and the paths that are nothing."""

    tables: list[ReadTable] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Files and sheets, as they are named to a person."""
    problems: list[tuple[Path, Problem]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were read altogether."""
        return sum(map(len, self.tables))


class _Source(NamedTuple):
    """A table to be filled, from the bytes of a CSV file or from a workbook's sheet."""

    table: ReadTable
    content: bytes | Sheet | Unreadable


@uncollected()
def read(
    paths: Iterable[Path],
    calendar: Calendar,
    starting: Callable[[Path], None] | None = None,
    *,
    how: How = AS_IT_IS,
    names: Callable[[], Container[str]] = frozenset,
) -> Reading:
    """Reads the dataset files among the paths, folders being looked into one level deep.

    `starting` is told of each file before it is read; `names` gives the names on the roster, by
    which encodings are told apart.
    """
    reading = Reading()
    sources: list[_Source] = []
    room = LARGEST_TOGETHER
    for path, inside in _files(paths, reading, how):
        if starting is not None:
            starting(path)
        try:
            data = bytes_of(path, room)
        except Unreadable as unreadable:
            dataset = _named(path, how)
            if dataset is not None:
                sources.append(_Source(ReadTable(dataset, path), unreadable))
            else:
                reading.problems.append((path, unreadable.problem))
            continue
        room -= len(data)
        sources += _sources(path, data, reading, how, inside)
    order = list(DATASETS)
    sources.sort(key=lambda source: order.index(source.table.name))
    _fill(sources, calendar, how, names)
    reading.tables = [source.table for source in sources]
    for name in order:
        refuse_repeated_keys([table for table in reading.tables if table.name == name])
    return reading


def dataset_of(path: Path) -> Dataset | None:
    """The dataset that a file holds by its name, `<dataset>.csv` or that of a workbook; None for
    files of other names."""
    taken = path.suffix.lower() in (".csv", *SUFFIXES)
    return DATASETS.get(path.stem) if taken else None


def _files(paths: Iterable[Path], reading: Reading, how: How) -> list[tuple[Path, bool]]:
    """The files to be read, each once, and whether it was found in a folder."""
    files: dict[Path, bool] = {}
    for path in paths:
        if not os.path.isdir(path) or dataset_of(path) is not None:
            workbook = path.suffix.lower() in SUFFIXES
            if how.dataset is None and dataset_of(path) is None and not workbook:
                reading.problems.append((path, _unnamed()))
            else:
                files.setdefault(path, False)
            continue
        try:
            found = sorted(path.iterdir())
        except OSError as error:
            reading.problems.append(
                (path, problem("", "the folder can't be read: %(why)s", why=error.strerror))
            )
            continue
        for entry in found:
            # What a spreadsheet keeps beside a file while it has it open.
            left_over = entry.name.startswith(("~$", ".~lock"))
            if not left_over and (dataset_of(entry) or entry.suffix.lower() in SUFFIXES):
                files.setdefault(entry, True)
            else:
                reading.passed_over.append(str(entry))
    return list(files.items())


def _named(path: Path, how: How) -> Dataset | None:
    return DATASETS[how.dataset] if how.dataset is not None else dataset_of(path)


def _sources(path: Path, data: bytes, reading: Reading, how: How, inside: bool) -> list[_Source]:
    """What a file's bytes hold: a dataset, a workbook of several, or nothing that is known."""
    dataset = _named(path, how)
    digest = sha256(data).hexdigest()

    def table(of: Dataset, sheet: str | None = None) -> ReadTable:
        made = ReadTable(of, path, sheet)
        made.sha256 = digest
        return made

    workbook = is_workbook(data)
    if not workbook and path.suffix.lower() not in SUFFIXES:
        assert dataset is not None
        return [_Source(table(dataset), data)]
    try:
        sheets = sheets_of(data)
    except Unreadable as unreadable:
        if dataset is not None:
            return [_Source(table(dataset), unreadable)]
        reading.problems.append((path, unreadable.problem))
        return []
    named = {} if how.dataset else {each.name: _of_sheet(each) for each in sheets}
    if any(named.values()):
        found = []
        for sheet in sheets:
            of = named[sheet.name]
            if of is None:
                reading.passed_over.append(f"{path}[{sheet.name}]")
            else:
                found.append(_Source(table(of, sheet.name), sheet))
        return found
    if dataset is not None and len(sheets) <= 1:
        one = sheets[0] if sheets else Sheet("", 1, [])
        return [_Source(table(dataset, one.name or None), one)]
    if inside and dataset is None:
        reading.passed_over.append(str(path))
    elif dataset is not None:
        reading.problems.append((path, _several(sheets, dataset)))
    else:
        reading.problems.append((path, _unnamed_sheets()))
    return []


def _of_sheet(sheet: Sheet) -> Dataset | None:
    wanted = plain(sheet.name)
    for dataset in DATASETS.values():
        if wanted in (dataset.name, dataset.chinese):
            return dataset
    return None


def _fill(
    sources: Sequence[_Source],
    calendar: Calendar,
    how: How,
    names: Callable[[], Container[str]],
) -> None:
    texts = [source.content for source in sources if isinstance(source.content, bytes)]
    encodings = iter(encodings_of(texts, _HEADERS, names))
    for table, content in sources:
        dates = Dates(calendar, how.dates)
        mapping = how.mapping.get(table.name, {})
        if isinstance(content, Sheet):
            read_rows(table, content.rows, content.first_line, dates, mapping)
            continue
        answer: Encoding | Unreadable
        answer = next(encodings) if isinstance(content, bytes) else content
        if isinstance(answer, Unreadable):
            table.complete = False
            table.refuse_line(answer.line, "", answer.problem)
        elif isinstance(content, bytes):
            read_text(table, content, answer, dates, mapping)


_HEADERS = frozenset(header for each in DATASETS.values() for header in each.headers)


def _unnamed() -> Problem:
    return problem(
        "",
        "a file to import is named after what it holds, or said to hold it with %(option)s:"
        " %(names)s",
        option="--as",
        names=", ".join(f"{name}.csv" for name in DATASETS),
    )


def _unnamed_sheets() -> Problem:
    return problem(
        "",
        "none of its sheets is named after a dataset: name them, or say with %(option)s what it"
        " holds: %(names)s",
        option="--as",
        names=", ".join(f"{each.name} {each.chinese}" for each in DATASETS.values()),
    )


def _several(sheets: Sequence[Sheet], dataset: Dataset) -> Problem:
    return problem(
        "",
        "it has several sheets (%(names)s): name the one that is meant %(dataset)s",
        names=", ".join(each.name for each in sheets),
        dataset=f"{dataset.name} {dataset.chinese}",
    )
