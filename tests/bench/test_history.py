"""That nothing reads history again: what SQLite does, and how much text it hands over, is as much
after many closed months as after one. Counted, so that no other work on the machine shows in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest

from models.access.session import Session
from models.storage.database import database
from tests.bench import history, terminal
from tests.bench.history import Past, Work
from tests.bench.terminal import Tour

FEW, MANY = 1, 12
STAFFERS = 6
STEPS = 4
"""So many of SQLite's steps are counted as one."""

A_LITTLE_STEPS, A_LITTLE_TEXT = 300, 2_000
"""What one more row of each closed month comes to, such as in a chart of twelve."""


@pytest.fixture(scope="module")
def pasts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Past, Past]:
    """The same month after one closed month and after a year of them."""
    folder = tmp_path_factory.mktemp("pasts")
    few, many = (history.make_past(folder / str(depth), depth, STAFFERS) for depth in (FEW, MANY))
    return few, many


class Counted:
    """What was asked of SQLite."""

    def __init__(self) -> None:
        self.steps = 0
        self.text = 0

    def step(self) -> None:
        self.steps += 1

    def read(self, value: bytes) -> str:
        self.text += len(value)
        return value.decode()


@contextmanager
def counting() -> Iterator[Counted]:
    """Counts what is done on this connection: steps of SQLite's machine, which every row that it
    looks at takes some of, and bytes of text that it hands over."""
    counted, connection = Counted(), database.connection()
    connection.set_progress_handler(counted.step, STEPS)
    connection.text_factory = counted.read
    try:
        yield counted
    finally:
        connection.set_progress_handler(None, 0)
        connection.text_factory = str


def count(work: Work, past: Past) -> Counted:
    with (
        history.ready(work, past) as session,
        patch("models.backup.backup.before_close"),  # it copies the whole venue, of course
        counting() as counted,
    ):
        work.do(session, past)
    return counted


@pytest.mark.parametrize("work", history.WORK, ids=lambda work: work.what)
def test_history_is_not_read_again(work: Work, pasts: tuple[Past, Past]) -> None:
    few, many = (count(work, past) for past in pasts)
    assert few.steps
    assert many.steps <= history.FLAT * few.steps + A_LITTLE_STEPS
    assert many.text <= history.FLAT * few.text + A_LITTLE_TEXT


def test_what_reads_history_is_noticed(pasts: tuple[Past, Past]) -> None:
    """That the count would tell: every closed month's text, read again, is seen."""
    sql = "SELECT content FROM closed_months"
    work = Work("all of it", lambda session, past: database.execute_sql(sql).fetchall())
    few, many = (count(work, past) for past in pasts)
    assert many.text > (MANY - 1) * few.text
    sql = "SELECT count(*) FROM attendance WHERE arrived_at > 0"
    work = Work("every sign", lambda session, past: database.execute_sql(sql).fetchall())
    few, many = (count(work, past) for past in pasts)
    assert many.steps > 5 * few.steps


def read_everything(session: Session, past: Past) -> None:
    for table in database.get_tables():
        database.execute_sql(f'SELECT * FROM "{table}"').fetchall()


def test_a_check_reads_what_was_proved_once(pasts: tuple[Past, Past]) -> None:
    """It must, or nobody would see what was changed in it; but not for every closed month anew."""
    few, many = (count(Work("everything", read_everything), past) for past in pasts)
    proved, proved_of_many = (count(history.PROOF, past) for past in pasts)
    assert proved_of_many.text - proved.text <= history.FLAT * (many.text - few.text)


def test_tours_are_told_screen_by_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """By the least of each, which nothing else on the machine had a part in."""
    keys = len(terminal.TOUR)
    few, many = Tour([0.05] * keys, [0.01] * keys, 60.0), Tour([0.05] * keys, [0.01] * keys, 61.0)
    slow = many._replace(opened=[0.05, 0.08, *[0.05] * (keys - 2)], megabytes=90.0)
    history.say_tours([(few, slow), (few, many)])
    assert "MISS" not in capsys.readouterr().out
    history.say_tours([(few, slow), (few, slow)])
    said = capsys.readouterr().out.splitlines()
    missed = [each.split()[1:3] for each in said if "MISS" in each]
    assert missed == [["3", "opened"], ["memory", "after"]]
    assert len(said) == 2 * keys + 1
