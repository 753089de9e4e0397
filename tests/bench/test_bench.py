"""That what the benchmark measures runs, at the size of a toy, and compares like with like."""

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from models.storage.change_coding import decode
from tests.bench import __main__ as command
from tests.bench import browser, crowd, files, guests, marks, plain, plain_export, terminal
from tests.bench.house import MONTH
from tests.trust.house import STAFF
from venue_tui.cli import run


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> files.House:
    return files.make_house(tmp_path_factory.mktemp("house") / "12", 12)


def test_each_way_runs_and_is_timed(toy: files.House) -> None:
    for _, ways, _ in files.MEASURED:
        [found] = files.compare(ways, [toy], rounds=1)
        assert found.ours > 0
        assert found.plain > 0


def test_staffers_collect_about_five_charges_in_the_month(toy: files.House) -> None:
    assert 3 * toy.staffers <= files.charges(toy) <= 9 * toy.staffers


_LEFT_BEHIND = (
    "SELECT staff_no, night, rule, source, amount, status FROM charges ORDER BY 1, 2, 3, 4",
    "SELECT kind, value, seq FROM audit_touched ORDER BY 1, 2, 3",
    "SELECT seq, action FROM audit ORDER BY seq",
)


@pytest.mark.parametrize("name", ["attendance", "leave", "bookings", "outings", "incidents"])
def test_the_plain_import_leaves_as_much_behind(toy: files.House, name: str) -> None:
    ours, theirs = (
        Path(shutil.copyfile(toy.people, toy.folder / f"{way}-{name}.db"))
        for way in ("ours", "plain")
    )
    files.command(ours, "import", str(toy.file(name)))
    plain.load(theirs, name, toy.file(name))
    for sql in (f"SELECT staff_no FROM {name} ORDER BY 1", *_LEFT_BEHIND):
        assert _rows(ours, sql) == _rows(theirs, sql)
    assert _told(ours) == _told(theirs)
    assert bool(_rows(theirs, "SELECT 1 FROM charges")) is (name in ("outings", "incidents"))


def _rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with plain.connected(path) as connection:
        return connection.execute(sql).fetchall()


def _told(path: Path) -> dict[str, int]:
    """How many rows of each table the last line of the trail tells of."""
    [(kept,)] = _rows(path, "SELECT changes FROM audit ORDER BY seq DESC LIMIT 1")
    told = {each.table: len(each.now or ()) for each in decode(kept)}
    told.pop("last_import", None)  # by which it could be taken back
    return told


def test_the_plain_script_writes_the_same_bytes(toy: files.House) -> None:
    ours, theirs = toy.folder / "same.csv", toy.folder / "plain.csv"
    on = ("--database", f"sqlite:///{toy.after}", "export", "deductions", "--month", MONTH)
    assert run([*on, "-o", str(ours), "--plain"]) == 0
    plain_export.export(str(toy.after), MONTH, str(theirs))
    assert ours.read_bytes() == theirs.read_bytes()


def test_a_mark_and_its_rows_by_hand_leave_the_same_behind(tmp_path: Path) -> None:
    ours, theirs = marks.mark_in_turn(tmp_path, nights=1)
    assert len(ours) == len(theirs) == len(STAFF)
    databases = (tmp_path / "venue.db", tmp_path / "plain.db")
    for table in ("attendance", "charges"):
        first, second = (_count(path, table) for path in databases)
        assert first == second > 0


def _count(path: Path, table: str) -> int:
    with plain.connected(path) as connection:
        [(rows,)] = connection.execute(f"SELECT count(*) FROM {table}")
    return int(rows)


def test_the_guest_desk_is_measured_by_what_it_answers(tmp_path: Path) -> None:
    turns, marked = guests.turns_beside_marks(tmp_path / "turns", nights=1)
    assert len(turns) == len(marked) == len(STAFF)
    asked = guests.owners(tmp_path / "owners", guests=20, contacts=60, asked=5)
    assert len(asked) == 5
    ours, read = guests.months(tmp_path / "months", deals=30, claims=9, rounds=1)
    assert len(ours) == len(read) == 1


def test_the_terminal_is_measured_from_its_start_to_what_a_mark_sends(tmp_path: Path) -> None:
    side = terminal.Side.of(terminal.make_evening(tmp_path / "evening", 12))
    started = terminal.start(side, rounds=1)
    assert started.ours > 0
    assert started.plain > 0
    with side.both() as (ours, minimal):
        marked, sent = terminal.mark(ours, minimal, marks=2)
        assert ours.megabytes() > 10
    assert marked.ours > 0
    assert len(sent) == 3
    assert min(sent) > 0


def test_each_terminal_of_a_crowd_marks_people_of_its_own(toy: files.House) -> None:
    place = crowd.Place("SQLite", f"sqlite:///{toy.after}", 0)
    with crowd.copied(place) as url:
        with crowd.programs(url, 2) as terminals:
            callers = [crowd.Caller(each, at * 4) for at, each in enumerate(terminals)]
            for caller in callers:
                caller.go_there()
            waited = crowd.call(callers, a_second=4, seconds=1)
        assert len(waited) == 4
        assert min(waited) > 0
        with plain.connected(Path(url.removeprefix("sqlite:///"))) as connection:
            sql = "SELECT count(*) FROM attendance WHERE night > ?"
            [(marked,)] = connection.execute(sql, (f"{MONTH}-31",))
    assert marked == 4


def test_a_start_is_timed_until_a_row_is_copied(toy: files.House, tmp_path: Path) -> None:
    """Of the night that it is now, on which there is one."""
    place = crowd.Place("SQLite", f"sqlite:///{toy.after}", 0)
    with crowd.copied(place) as url:
        terminal.add_tonight(tmp_path, 12, url)
        [[_first, again]] = crowd.started([terminal.Side(tmp_path, 12, url)], rounds=2)
    assert again > 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_tabs_are_measured_at_work(tmp_path: Path) -> None:
    found = browser.tabs(tmp_path, 12, count=1, marks=2)
    assert len(found.opened) == len(found.signed_in) == 1
    assert len(found.marks) == 2
    assert min(*found.marks, *found.opened, *found.signed_in) > 0
    assert 0 < found.megabytes < found.toured


@pytest.mark.parametrize(
    ("given", "quickly", "measured"),
    [
        ([], False, list(command.PARTS)),
        (["--quick"], True, list(command.PARTS)),
        (["marks", "files", "--quick"], True, ["marks", "files"]),
    ],
)
def test_the_command_measures_the_parts_that_are_named(
    monkeypatch: pytest.MonkeyPatch, given: list[str], quickly: bool, measured: list[str]
) -> None:
    done: list[tuple[str, bool]] = []
    for name in command.PARTS:
        part = command.part(name)
        monkeypatch.setattr(part, "measure", partial(done.append, (name, False)))
        monkeypatch.setattr(part, "measure_quickly", partial(done.append, (name, True)))
    monkeypatch.setattr("sys.argv", ["bench", *given])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    command.main()
    assert done == [(name, quickly) for name in measured]


def test_the_command_refuses_parts_that_there_are_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "marks", "walls"])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert "no such part: walls" in capsys.readouterr().err
