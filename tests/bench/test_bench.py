"""That what the benchmark measures runs, at the size of a toy, and compares like with like."""

import csv
from pathlib import Path

import pytest

from tests.bench import __main__ as command
from tests.bench import files, guests, marks, plain, plain_export
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


@pytest.mark.parametrize("name", ["attendance", "leave", "bookings", "outings", "incidents"])
def test_the_plain_import_takes_every_row(toy: files.House, name: str) -> None:
    file, target = toy.file(name), toy.folder / f"loaded-{name}.db"
    plain.load(target, name, plain.table_of(toy.people, name), file)
    with plain.connected(target) as connection, file.open(encoding="utf-8") as stream:
        [(rows,)] = connection.execute(f"SELECT count(*) FROM {name}")
        assert rows == len(list(csv.reader(stream))) - 1


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


def test_every_part_can_be_measured_quickly_too() -> None:
    for name in command.PARTS:
        part = command.part(name)
        assert callable(part.measure)
        assert callable(part.measure_quickly)
