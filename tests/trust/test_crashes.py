"""Killed at any moment: a few times here, two hundred by `python -m tests.trust`."""

from pathlib import Path

import pytest

from tests.trust.crashes import Trials


@pytest.mark.parametrize("kind", ["roll_call", "imports", "closings", "backups"])
def test_what_was_acknowledged_survives_and_nothing_is_half_done(
    url: str, tmp_path: Path, kind: str
) -> None:
    kills = 3 if url.startswith("sqlite") else 1
    getattr(Trials(url, tmp_path), kind)(kills)
