"""Files that are written as a whole, or not at all."""

import os
from pathlib import Path

import pytest

from models.values.files import keep, replacing


def test_a_file_that_fails_halfway_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    with pytest.raises(TypeError), replacing(path) as stream:
        stream.writelines([b"half", "no bytes"])  # type: ignore[list-item]
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_keeps_its_permissions_and_what_points_at_it(tmp_path: Path) -> None:
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_text("before")
    path.chmod(0o640)
    link.symlink_to(path)
    with replacing(link) as stream:
        stream.write(b"after")
    assert link.is_symlink()
    assert path.read_text() == "after"
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_the_program_keeps_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "kept.json"
    keep(path, "{}")
    assert path.read_text() == "{}"
    assert path.stat().st_mode & 0o777 == 0o600
