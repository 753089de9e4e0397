"""Whose the files are that the program makes: the owner's, unless they say otherwise."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from platformdirs import user_state_path

from models.access.session import Session
from models.backup.backup import before_restore
from models.storage import witness
from tests.commands.conftest import House, Run
from venue_tui.failures import write_log


@pytest.fixture(autouse=True)
def wide_open() -> None:
    os.umask(0o000)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
    }


def test_every_file_is_the_owners_alone(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "xdg" / "data" / "house"
    url = f"sqlite:///{folder}/venue.db"
    assert run("init", "--name", "店", "--timezone", "Asia/Shanghai", url=url).status == 0
    staff = tmp_path / "staff.csv"
    staff.write_text("staff_no,name,position,hired_on,monthly_wage\nA1,张三,staff,2025-01-01,1\n")
    held = sqlite3.connect(folder / "venue.db")  # so that the files beside it stay
    held.execute("SELECT * FROM venue").fetchall()
    assert run("import", str(staff), url=url).status == 0
    assert run("backup", str(folder / "a.bak"), url=url).status == 0
    assert run("export", "staff", "-o", str(folder / "out.csv"), url=url).status == 0
    write_log(ValueError("x"))
    found = modes(tmp_path / "xdg")
    held.close()
    assert len(found) > 8
    for name, mode in found.items():
        is_folder = (tmp_path / "xdg" / name).is_dir()
        assert mode == ("0o700" if is_folder else "0o600"), (name, mode)


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_what_lies_outside_the_venue_is_the_owners_alone(session: Session, mask: int) -> None:
    """Whatever the umask, and though an older program left it for others to read."""
    os.umask(mask)
    for _ in range(2):
        witness.keep("heads.json", [])
        found = [
            write_log(ValueError("x")), witness.make_key()[0], before_restore(),
            user_state_path("venue-tui", appauthor=False) / "heads.json",
        ]  # fmt: skip
        for path in found:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700, path
        found[0].chmod(0o644)
        found[-1].chmod(0o644)


def test_a_file_that_others_could_read_is_theirs_no_longer(house: House, sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.chmod(0o664)
    assert house.run("check").status == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_group_shares_it_in_words(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    url = f"sqlite:///{folder}/venue.db"
    made = run("init", "--name", "店", "--timezone", "Asia/Shanghai", "--group", url=url)
    assert made.status == 0, made.err
    assert run("check", url=url).status == 0
    assert modes(folder)["venue.db"] == "0o660"
    assert stat.S_IMODE(folder.stat().st_mode) & 0o777 == 0o770


def test_guests_names_stay_out_of_the_log() -> None:
    path = write_log(ValueError("duplicate key\nDETAIL:  Key (guest_name)=(李老板) exists.\n李"))
    text = path.read_text(encoding="utf-8")
    assert "duplicate key" in text
    assert "李" not in text
