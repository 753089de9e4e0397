"""Venues' files spoiled at random: a few here, fifteen hundred by `python -m tests.trust`."""

from pathlib import Path

from tests.trust.spoiled_databases import SpoiledDatabases


def test_a_spoiled_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    seen = SpoiledDatabases(tmp_path, seed=11).work_with(120)

    assert seen["damaged"] > 10
    assert seen["done"] > 10
