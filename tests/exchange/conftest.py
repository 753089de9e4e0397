import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.samples import CALENDAR, Read, read_dataset
from venue_tui.exchange.read_table import ReadTable


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads content as the file of a dataset."""

    def read(dataset: str, content: str | bytes, folder: str = ".") -> ReadTable:
        path = tmp_path / folder / f"{dataset}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_dataset(path, CALENDAR)

    return read


@pytest.fixture
def nobody() -> Iterator[None]:
    """Without the rights of root, to whom no file is read-only."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
