"""The last head that a terminal saw, and what shows where the trail no longer contains it."""

import json
import stat
from pathlib import Path

import pytest

from models.access.session import Session
from models.backup import backup, restore
from models.operations import places
from models.payroll.verification import verify
from models.storage import audit, witness
from models.storage.database import execute
from models.values.problems import Refused


@pytest.fixture
def seen(session: Session) -> Session:
    """A venue of four lines that this terminal saw the whole of."""
    for name in ("V1", "V2", "V3"):
        places.add_place(session, name, "room")
    assert witness.look() is None
    assert witness.seen() == audit.head()
    return session


@pytest.mark.parametrize("cut", [1, 3, 4])
def test_what_is_cut_off_the_end_shows(seen: Session, cut: int) -> None:
    """With the facts that the lines told of: nothing else would show it."""
    last = audit.head()[0]
    execute("DELETE FROM audit_touched WHERE seq > ?", (last - cut,))
    execute("DELETE FROM audit WHERE seq > ?", (last - cut,))
    for number in range(4 - min(cut, 3), 4):
        execute("DELETE FROM places WHERE place = ?", (f"V{number}",))
    if cut < 4:
        assert audit.broken_link() is None
    for _ in range(2):
        found = [str(each) for each in verify(seen).problems]
        assert any(f"no longer contains line {last}" in each for each in found)
    witness.accept()
    assert witness.look() is None


def test_a_trail_made_anew_shows(seen: Session) -> None:
    lines, previous = audit.lines(), audit.GENESIS
    for line in lines:
        kept = execute("SELECT changes FROM audit WHERE seq = ?", (line.seq,)).fetchone()[0]
        forged = line._replace(who="someone else")
        previous = audit.link(previous, forged, bytes(kept))
        execute(
            "UPDATE audit SET who = ?, hash = ? WHERE seq = ?", (forged.who, previous, line.seq)
        )
    assert audit.broken_link() is None
    assert [str(each)[:46] for each in verify(seen).problems] == [
        "the audit trail no longer contains line 4 (" + str(witness.seen()[1])[:3]  # type: ignore[index]
    ]


def test_what_was_added_since_is_no_loss(seen: Session) -> None:
    places.add_place(seen, "V4", "room")
    assert witness.look() is None
    assert witness.seen() == audit.head()


def test_a_backup_that_was_restored_is_named_until_it_is_accepted(seen: Session) -> None:
    """A line that says so excuses nothing: whoever cuts the trail can write it."""
    lines, head = audit.head()
    execute("DELETE FROM audit WHERE seq > 2")
    with seen.change():
        seen.record("venue.restored", before={"lines": lines, "head": head})
    for _ in range(2):
        assert "by line 3 tester restored a backup" in str(witness.look()).replace(
            seen.user, "tester"
        )
    witness.accept()
    assert witness.look() is None


def test_whoever_restores_a_backup_at_this_terminal_knows(
    seen: Session, url: str, tmp_path: Path
) -> None:
    backup.backup(seen, tmp_path / "copy.db")
    places.add_place(seen, "V4", "room")
    assert witness.look() is None
    restore.restore(url, tmp_path / "copy.db", overwrite=True, session=seen)
    assert witness.look() is None


def test_the_file_is_the_owners_and_a_spoiled_one_is_no_matter(seen: Session) -> None:
    file = witness._file()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    for spoiled in ("{", "[]", '{"x": 1}', json.dumps({witness._place(): ["1", 2]})):
        file.write_text(spoiled, encoding="utf-8")
        assert witness.lost() is None
        assert witness.look() is None
        assert witness.seen() == audit.head()


def test_a_key_seals_heads(session: Session) -> None:
    hash = audit.head()[1]
    assert witness.seal(hash) is None
    with pytest.raises(Refused, match="there is no key"):
        witness.is_sealed(hash, "x")
    path, made = witness.make_key()
    assert (made, witness.make_key()) == (True, (path, False))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    seal = witness.seal(hash)
    assert seal is not None
    assert witness.is_sealed(hash, seal.upper())
    assert not witness.is_sealed("0" * 64, seal)
    path.write_text("spoiled", encoding="ascii")
    with pytest.raises(Refused, match="can't be read as a key"):
        witness.seal(hash)
