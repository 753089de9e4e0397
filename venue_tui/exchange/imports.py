"""Which files an import takes, and what they hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from models.storage.gc_pause import uncollected
from models.values.datasets import DATASETS
from models.values.nights import Calendar
from models.values.problems import Problem, problem
from venue_tui.exchange.reading import (
    ReadTable,
    dataset_of,
    read_dataset,
    refuse_repeated_keys,
)


@dataclass(slots=True)
class Reading:
    """The files that were read, those that were passed over, and the paths that are nothing."""

    tables: list[ReadTable] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    problems: list[tuple[Path, Problem]] = field(default_factory=list)


@uncollected()
def read(
    paths: Iterable[Path], calendar: Calendar, starting: Callable[[Path], None] | None = None
) -> Reading:
    """Reads the dataset files among the paths, folders being looked into one level deep.

    `starting` is told of each file before it is read.
    """
    reading = Reading()
    files: list[Path] = []
    for path in paths:
        if not path.is_dir() or dataset_of(path) is not None:
            if dataset_of(path) is None:
                reading.problems.append((path, _unnamed()))
            else:
                files.append(path)
            continue
        try:
            inside = sorted(path.iterdir())
        except OSError as error:
            reading.problems.append(
                (path, problem("", "the folder can't be read: %(why)s", why=error.strerror))
            )
            continue
        for entry in inside:
            (files if dataset_of(entry) is not None else reading.passed_over).append(entry)
    order = list(DATASETS)
    files = list(dict.fromkeys(files))
    for path in sorted(files, key=lambda file: order.index(dataset_of(file).name)):
        if starting is not None:
            starting(path)
        reading.tables.append(read_dataset(path, calendar))
    for name in order:
        refuse_repeated_keys([table for table in reading.tables if table.dataset.name == name])
    return reading


def _unnamed() -> Problem:
    return problem(
        "",
        "a file to import is named after what it holds: %(names)s",
        names=", ".join(f"{name}.csv" for name in DATASETS),
    )
