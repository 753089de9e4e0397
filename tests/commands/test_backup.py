"""`backup` and `restore`."""

from pathlib import Path

from tests.commands.conftest import Run

SECRET = "correct horse"


def test_there_and_back(venue: Run, tmp_path: Path) -> None:
    made = venue("backup", str(tmp_path / "venue.bak"))
    assert (made.status, made.out) == (0, "")
    head = venue("audit", "--head").out.split()[1]
    assert head in made.err
    refused = venue("restore", str(tmp_path / "venue.bak"))
    assert refused.status == 1
    assert "测试夜场" in refused.err
    assert "--overwrite" in refused.err
    other = f"sqlite:///{tmp_path}/other.db"
    assert venue("restore", str(tmp_path / "venue.bak"), url=other).status == 0
    assert venue("audit", "--holds", head, url=other).status == 0
    replaced = venue("restore", str(tmp_path / "venue.bak"), "--overwrite")
    assert (replaced.status, replaced.out) == (0, "")


def test_what_cannot_be_restored_is_said_in_a_sentence(venue: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of ours")
    for name in ("notes.txt", "none.bak", "."):
        refused = venue("restore", str(tmp_path / name), "--overwrite")
        assert (refused.status, refused.out) == (1, "")
        assert len(refused.err.splitlines()) == 1
        assert "Traceback" not in refused.err


def test_with_accounts_only_an_admin_backs_up_and_restores(venue: Run, tmp_path: Path) -> None:
    file = str(tmp_path / "venue.bak")
    venue("accounts", "add", "root", "--role", "admin", NEW_SECRET=SECRET)
    as_root = {"SECRET": SECRET}
    venue("--as", "root", "accounts", "add", "pay", "--role", "payroll", NEW_SECRET=SECRET,
          **as_root)  # fmt: skip
    assert venue("--as", "pay", "backup", file, **as_root).status == 1
    assert venue("--as", "root", "backup", file, **as_root).status == 0
    assert venue("restore", file, "--overwrite").status == 1
    assert venue("--as", "pay", "restore", file, "--overwrite", **as_root).status == 1
    assert venue("--as", "root", "restore", file, **as_root).status == 1
    assert venue("--as", "root", "restore", file, "--overwrite", **as_root).status == 0


def test_a_broken_trail_is_told(venue: Run, tmp_path: Path, sqlite_url: str) -> None:
    from models.backup.opening import open_venue
    from models.storage.database import execute

    open_venue(sqlite_url)
    execute("UPDATE audit SET who = 'nobody'")
    made = venue("backup", str(tmp_path / "venue.bak"))
    assert made.status == 0
    assert "broken at line 1" in made.err
