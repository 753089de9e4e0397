"""Backups: faithful, portable between the two databases, and never half of anything."""

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from models.access import accounts
from models.access.session import Session
from models.backup import backup, restore
from models.backup.opening import open_venue
from models.operations import venue
from models.rules import shipped
from models.storage import audit
from models.storage.database import close_database, execute, is_sqlite
from models.storage.opening import APPLICATION_ID, MIGRATIONS
from models.storage.tables import TABLES
from models.values.problems import Refused
from tests.clock import Clock

SECRET = "correct horse"

FACTS = """
INSERT INTO staff (staff_no, name, position, supervisor_no, on_roll, hired_on, monthly_wage)
 VALUES ('S1', '张三', 'staff', 'B1', NULL, '2026-01-01', 600000);
INSERT INTO staff (staff_no, name, position, on_roll, hired_on, monthly_wage)
 VALUES ('B1', '[red]=老板', 'director', false, '2026-01-01', 900000);
INSERT INTO places (place, kind) VALUES ('V8', 'room');
INSERT INTO briefings (night, closed_at, night_closed, settled)
 VALUES ('2026-09-01', 1788000000, true, true);
INSERT INTO charges (staff_no, night, rule, source, amount, status, basis)
 VALUES ('S1', '2026-09-01', 'late', 'roll', 3000, 'standing', '{}');
INSERT INTO adjustments (id, month, staff_no, corrects, amount, reason, made_at)
 VALUES (7, '2026-09', 'S1', '2026-08', -250, '改正', 1788000000);
"""


@pytest.fixture
def busy(session: Session) -> Session:
    """A venue with a row of most kinds, and lines on its trail."""
    with session.change():
        for statement in FACTS.strip().split(";\n"):
            execute(statement.rstrip(";"))
        session.record("test.facts", staff_no="S1", reason="理由")
    return session


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the audit trail, as both databases give it."""
    found = {}
    for table in TABLES:
        columns = [f'"{field.column_name}"' for field in table._meta.sorted_fields]
        if table._meta.table_name != "audit":
            sql = f"SELECT {', '.join(columns)} FROM {table._meta.table_name} ORDER BY 1, 2"
            found[table._meta.table_name] = [tuple(row) for row in execute(sql).fetchall()]
    return found


def folder_of(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir())


def refusal(url: str, path: Path, **options: bool) -> str:
    with pytest.raises(Refused) as refused:
        restore.restore(url, path, **options)
    return str(refused.value)


def test_a_backup_is_one_private_file_that_opens_as_a_venue(busy: Session, tmp_path: Path) -> None:
    folder = tmp_path / "away"
    folder.mkdir()
    made = backup.backup(busy, folder / "venue.bak")
    assert folder_of(folder) == ["venue.bak"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.size == made.path.stat().st_size
    assert (made.audit_lines, made.audit_head) == audit.head()
    assert made.broken_line is None
    kept = contents()
    open_venue(f"sqlite:///{made.path}")
    assert contents() == kept


def test_what_a_backup_holds_is_restored_into_either_database(
    busy: Session, tmp_path: Path, postgresql_url: str
) -> None:
    backup.backup(busy, tmp_path / "venue.bak")
    kept, (lines, head) = contents(), audit.head()
    other = postgresql_url if is_sqlite() else f"sqlite:///{tmp_path}/other/venue.db"
    restored = restore.restore(other, tmp_path / "venue.bak")
    assert restored.audit_head == head
    assert contents() == kept
    assert audit.broken_link() is None
    [line] = audit.lines(last=1)
    assert (line.seq, line.action) == (lines + 1, "venue.restored")
    assert head in (line.after or "")
    session = Session(terminal="test:2")
    with session.change():  # what numbers itself goes on after the restored numbers
        execute(
            "INSERT INTO adjustments (month, staff_no, corrects, amount, reason, made_at)"
            " VALUES ('2026-09', 'S1', '2026-08', 1, 'x', 1)"
        )
    assert execute("SELECT max(id) FROM adjustments").fetchone()[0] == 8


def test_a_restore_replaces_nothing_unasked(busy: Session, url: str, tmp_path: Path) -> None:
    backup.backup(busy, tmp_path / "venue.bak")
    with busy.change():
        execute("UPDATE staff SET name = '李四' WHERE staff_no = 'S1'")
        busy.record("test.change")
    changed, head = contents(), audit.head()
    assert "--overwrite" in refusal(url, tmp_path / "venue.bak")
    assert (contents(), audit.head()) == (changed, head)
    restore.restore(url, tmp_path / "venue.bak", overwrite=True)
    assert contents()["staff"] != changed["staff"]
    [line] = audit.lines(last=1)
    assert head[1] in (line.before or "")  # what was replaced can be told from its own backup
    [automatic] = automatic_backups(url, tmp_path)
    restore.restore(url, automatic, overwrite=True)
    assert contents() == changed


def automatic_backups(url: str, tmp_path: Path) -> list[Path]:
    if url.startswith("sqlite"):
        return sorted((tmp_path / "backups").iterdir())
    return sorted((tmp_path / "xdg" / "data" / "venue-tui" / "backups").iterdir())


def test_other_terminals_go_on_in_the_restored_venue(
    busy: Session, url: str, tmp_path: Path
) -> None:
    backup.backup(busy, tmp_path / "venue.bak")
    restore.restore(url, tmp_path / "venue.bak", overwrite=True)
    with busy.change():
        busy.record("test.later")
    assert [line.action for line in audit.lines(last=2)] == ["venue.restored", "test.later"]
    assert audit.broken_link() is None


def test_a_venue_with_accounts_is_replaced_only_by_its_admin(
    busy: Session, url: str, tmp_path: Path
) -> None:
    accounts.add(busy, "root", "admin", SECRET)
    accounts.sign_in(busy, "root", SECRET)
    accounts.add(busy, "boss", "director", SECRET)
    backup.backup(busy, tmp_path / "venue.bak")
    before = audit.head()
    assert "sign in" in refusal(url, tmp_path / "venue.bak", overwrite=True)
    boss = Session(clock=busy.clock, terminal="test:2")
    accounts.sign_in(boss, "boss", SECRET)
    for refused in (
        lambda: restore.restore(url, tmp_path / "venue.bak", overwrite=True, session=boss),
        lambda: backup.backup(boss, tmp_path / "boss.bak"),
        lambda: backup.before_close(boss),
    ):
        with pytest.raises(Refused, match="may not"):
            refused()
    assert audit.head()[0] == before[0] + 1  # the director's signing in
    restore.restore(url, tmp_path / "venue.bak", overwrite=True, session=busy)
    assert audit.lines(last=1)[0].who == "root"


def test_a_failed_restore_changes_nothing(
    busy: Session, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(busy, tmp_path / "venue.bak")
    with busy.change():
        busy.record("test.later")
    kept, head = contents(), audit.head()

    def fails(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(audit, "record", fails)
    assert "disk is full" in refusal(url, tmp_path / "venue.bak", overwrite=True)
    assert (contents(), audit.head()) == (kept, head)
    empty = tmp_path / "new.db"
    assert "disk is full" in refusal(f"sqlite:///{empty}", tmp_path / "venue.bak")
    assert not list(tmp_path.glob("new.db*"))


def test_files_that_are_no_backup_are_refused(busy: Session, url: str, tmp_path: Path) -> None:
    good = backup.backup(busy, tmp_path / "venue.bak").path
    bad = tmp_path / "bad.bak"
    bad.write_bytes(b"staff_no,name\r\n")
    assert "not a backup" in refusal(url, bad, overwrite=True)
    bad.write_bytes(b"")
    assert "not a backup" in refusal(url, bad, overwrite=True)
    assert "folder" in refusal(url, tmp_path, overwrite=True)
    assert "No such file" in refusal(url, tmp_path / "none.bak", overwrite=True)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE t (x)").connection.commit()
    assert "not a backup" in refusal(url, tmp_path / "other.db", overwrite=True)
    content = good.read_bytes()
    bad.write_bytes(content[: len(content) // 2])
    assert "bad.bak" in refusal(url, bad, overwrite=True)
    page = 4096
    bad.write_bytes(content[:page] + b"\xa5" * page * 30 + content[31 * page :])
    assert "bad.bak" in refusal(url, bad, overwrite=True)
    assert not (tmp_path / "backups").exists()
    assert contents()["venue"]


def test_a_backup_that_was_edited_is_refused(busy: Session, url: str, tmp_path: Path) -> None:
    path = backup.backup(busy, tmp_path / "venue.bak").path
    with sqlite3.connect(path) as file:
        file.execute("UPDATE audit SET reason = '另一个理由' WHERE seq = 2")
    file.close()
    assert "audit trail is broken at line 2" in refusal(url, path, overwrite=True)


def test_a_newer_programs_backup_is_refused(busy: Session, url: str, tmp_path: Path) -> None:
    path = backup.backup(busy, tmp_path / "venue.bak").path
    with sqlite3.connect(path) as file:
        file.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', 'now')")
    file.close()
    assert "newer version" in refusal(url, path, overwrite=True)


def test_a_venue_whose_trail_is_broken_can_still_be_backed_up(
    busy: Session, tmp_path: Path
) -> None:
    execute("UPDATE audit SET who = 'someone else' WHERE seq = 1")
    assert backup.backup(busy, tmp_path / "venue.bak").broken_line == 1


def test_only_an_earlier_backup_is_written_over(busy: Session, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("do not lose me")
    cases = [(notes, "not a backup"), (tmp_path, "folder"), (tmp_path / "a" / "b", "no folder")]
    if is_sqlite():
        (tmp_path / "link.db").symlink_to(tmp_path / "venue.db")
        cases += [(tmp_path / "venue.db", "venue itself"), (tmp_path / "link.db", "venue itself")]
    for path, message in cases:
        with pytest.raises(Refused, match=message):
            backup.backup(busy, path)
    assert notes.read_text() == "do not lose me"
    first = backup.backup(busy, tmp_path / "venue.bak")
    with busy.change():
        busy.record("test.later")
    second = backup.backup(busy, tmp_path / "venue.bak")
    assert second.audit_lines == first.audit_lines + 1


def test_what_a_killed_backup_left_is_swept_up_a_day_later(busy: Session, tmp_path: Path) -> None:
    old, new = tmp_path / ".venue-tui-old.part", tmp_path / ".venue-tui-new.part"
    for draft in (old, new):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    backup.backup(busy, tmp_path / "venue.bak")
    assert not old.exists()
    assert new.exists()


def test_another_venues_database_is_not_written_over(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        open_venue(f"sqlite:///{tmp_path}/{name}", create=True)
        venue.make_venue(name, "UTC", shipped.load("nightlife"), 1, "tester", "test:1")
    with pytest.raises(Refused, match="venue of its own"):
        backup.backup(Session(), tmp_path / "a.db")
    close_database()


def test_a_backup_waits_for_nobody_and_holds_nobody_up(
    busy: Session, url: str, tmp_path: Path
) -> None:
    """Made by one process while another has a change half done: without that change."""
    code = (
        "import sys; from models.storage.database import *; from models.backup.opening import open_venue; from models.access.session import Session\n"
        "open_venue(sys.argv[1]); session = Session()\n"
        "with session.change():\n"
        "    session.record('test.half'); print('half', flush=True); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "half\n"
        made = backup.backup(busy, tmp_path / "venue.bak")
        other.communicate("\n")
    assert other.returncode == 0
    assert audit.head()[0] == made.audit_lines + 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on a file's size")
def test_a_full_disk_is_said_and_leaves_the_earlier_backup(
    busy: Session, url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "away"
    folder.mkdir()
    made = backup.backup(busy, folder / "venue.bak")
    content = made.path.read_bytes()
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from models.backup import backup; from models.storage.database import *; from models.backup.opening import open_venue; from models.access.session import Session\n"
        "from models.values.problems import Refused\n"
        "open_venue(sys.argv[1]); session = Session()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "try: backup.backup(session, Path(sys.argv[2]))\n"
        "except Refused as refused: print(refused)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, url, str(made.path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert f"{made.path} can't be written: " in said.stdout
    assert folder_of(folder) == ["venue.bak"]
    assert made.path.read_bytes() == content


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_read_only_folder_is_said(busy: Session, tmp_path: Path) -> None:
    folder = tmp_path / "away"
    folder.mkdir(mode=0o500)
    with pytest.raises(Refused, match="can't be written: Permission denied"):
        backup.backup(busy, folder / "venue.bak")


HEAD = "SELECT hash FROM audit ORDER BY seq DESC LIMIT 1"


def test_automatic_backups_are_made_before_a_month_closes_and_the_last_are_kept(
    busy: Session, url: str, tmp_path: Path
) -> None:
    first = backup.before_close(busy)
    assert first in automatic_backups(url, tmp_path)
    name = first.name.partition("-20")[0]
    others = first.with_name(f"{name}-2-20000101T000000Z-close.db")
    others.write_bytes(b"")
    for year in range(2001, 2021):
        first.with_name(f"{name}-{year}0101T000000Z-update.db").write_bytes(b"")
    last = backup.before_close(busy)
    kept = set(automatic_backups(url, tmp_path)) - {others}
    assert len(kept) == backup.KEPT
    assert {first, last, first.with_name(f"{name}-20200101T000000Z-update.db")} <= kept
    assert others.exists()


def test_a_backup_prepared_ahead_is_taken_for_the_closing(
    busy: Session, url: str, tmp_path: Path
) -> None:
    backup.prepare_close(busy)
    [draft] = automatic_backups(url, tmp_path)
    assert draft.suffix == ".part"  # it has no name before it is needed
    with patch.object(backup, "copy_venue", side_effect=AssertionError):
        made = backup.before_close(busy)
    with sqlite3.connect(made) as copy:
        assert copy.execute(HEAD).fetchone()[0] == audit.head()[1]
    assert automatic_backups(url, tmp_path) == [made]
    assert list(made.parent.glob(".*.part")) == []


def test_a_backup_prepared_ahead_is_made_anew_where_something_was_recorded_since(
    busy: Session, url: str, tmp_path: Path
) -> None:
    backup.prepare_close(busy)
    with busy.change():
        busy.record("test")
    made = backup.before_close(busy)
    with sqlite3.connect(made) as copy:
        assert copy.execute(HEAD).fetchone()[0] == audit.head()[1]
    assert list(made.parent.glob(".*.part")) == []


def test_an_older_venue_is_backed_up_before_it_is_brought_up_to_date(
    session: Session, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "migrations"
    newer.mkdir()
    for file in MIGRATIONS.glob("[0-9]*.py"):
        (newer / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (newer / "9999_later.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE later (x INTEGER)')\n"
    )
    older = backup.backup(session, tmp_path / "older.bak")
    head = audit.head()
    monkeypatch.setattr("models.storage.opening.MIGRATIONS", newer)
    monkeypatch.setattr("models.storage.venue_file.MIGRATIONS", newer)
    open_venue(url)
    assert execute("SELECT count(*) FROM later").fetchone()[0] == 0
    [automatic] = automatic_backups(url, tmp_path)
    assert automatic.name.endswith("-update.db")
    with sqlite3.connect(automatic) as file:
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    file.close()
    assert "later" not in tables
    for path in (older.path, automatic):  # an older backup is brought up to date as well
        restore.restore(url, path, overwrite=True)
        assert audit.lines(last=2)[0].seq == head[0]


def test_the_mark_of_a_venue_is_on_every_backup(busy: Session, tmp_path: Path) -> None:
    path = backup.backup(busy, tmp_path / "venue.bak").path
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert file.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    file.close()


def test_the_moment_of_a_restore_is_the_sessions(
    busy: Session, clock: Clock, url: str, tmp_path: Path
) -> None:
    path = backup.backup(busy, tmp_path / "venue.bak").path
    clock.set("2026-09-05T20:00")
    restore.restore(url, path, overwrite=True, session=busy)
    assert audit.lines(last=1)[0].at == clock.now
