"""One file of one dataset, as an import takes it."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, Protocol

from models.values.problems import Problem


class FileTable(Protocol):
    """One file of one dataset, column by column; blanks are None, or the column's default."""

    complete: bool
    """False where rows could not be read, so that what is missing here may be in the file."""
    sha256: str

    @property
    def columns(self) -> dict[str, list[Any]]: ...

    @property
    def lacking(self) -> set[str]:
        """The columns that the file doesn't have: what is recorded in them stays as it is."""

    @property
    def bad(self) -> set[int]:
        """The rows that hold something wrong already, with None in its place."""

    @property
    def bad_cells(self) -> Mapping[int, Set[str]]:
        """The columns of those rows that do."""

    @property
    def problems(self) -> Sequence[object]:
        """All that is wrong with the file."""

    @property
    def name(self) -> str:
        """Of the dataset."""

    def __len__(self) -> int: ...

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        """Notes that a row can't be taken."""

    def refuse_header(self, column: str, problem: Problem) -> None:
        """Notes that the file can't be taken with a column as it is."""

    def note(self, row: int, column: str, problem: Problem) -> None:
        """Notes something that the writer of the file should know."""
