"""Files spoiled at random: a few here, five thousand by `python -m tests.trust`."""

from pathlib import Path

from tests.trust.spoiled_files import SpoiledFiles


def test_a_spoiled_file_is_refused_or_changes_nothing(tmp_path: Path) -> None:
    seen = SpoiledFiles(tmp_path).import_spoiled(120)

    assert seen["refused"] > 20
    assert seen["the same facts"] > 20
