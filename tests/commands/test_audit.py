"""`audit`: the trail as text and as CSV, narrowed, and its head."""

import csv
import io

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage import audit
from tests.commands.conftest import Run


def record(url: str) -> None:
    open_venue(url)
    session = Session(clock=lambda: 1_788_000_000, terminal="bar:1")
    session.user = "amy"
    with session.change():
        session.record(
            "test.change",
            staff_no="S1",
            night=session.tonight(),
            before={"name": "=1+1\x1b[2J", "guest_phone": "13900000000"},
            after={"name": "小美"},
            reason="写错了",
        )


def test_the_trail_as_text(venue: Run, sqlite_url: str) -> None:
    record(sqlite_url)
    shown = venue("audit")
    assert (shown.status, shown.err) == (0, "")
    made, changed = shown.out.splitlines()
    assert made.startswith("1  ")
    assert changed == (
        "2  2026-08-29T18:40  amy  bar:1  test.change  S1  2026-08-29"
        '  {"name":"=1+1\\u001b[2J"} > {"name":"小美"}  写错了'
    )
    assert venue("audit", "--last", "1").out == f"{changed}\n"


def test_the_trail_by_person_staffer_and_night(venue: Run, sqlite_url: str) -> None:
    record(sqlite_url)
    for narrowed in (["--person", "amy"], ["--staff", "S1"], ["--night", "2026-08-29"]):
        assert [line.split()[0] for line in venue("audit", *narrowed).out.splitlines()] == ["2"]
    for nothing in (["--person", "bob"], ["--staff", "S2"], ["--night", "2026-08-30"]):
        assert venue("audit", *nothing) == (0, "", "")
    assert venue("audit", "--night", "yesterday").status == 2


def test_the_trail_as_csv(venue: Run, sqlite_url: str) -> None:
    record(sqlite_url)
    rows = list(csv.DictReader(io.StringIO(venue("audit", "--csv").out.removeprefix("\ufeff"))))
    assert [row["action"] for row in rows] == ["venue.made", "test.change"]
    assert rows[1]["reason"] == "写错了"
    assert rows[1]["after"] == '{"name":"小美"}'


def test_the_head_can_be_kept_and_compared(venue: Run, sqlite_url: str) -> None:
    head = venue("audit", "--head").out
    open_venue(sqlite_url)
    assert head == "{} {}\n".format(*audit.head())
    record(sqlite_url)
    assert venue("audit", "--head").out != head
    assert venue("audit", "--holds", head.split()[1]).status == 0
    gone = venue("audit", "--holds", "0" * 64)
    assert (gone.status, gone.out) == (1, "")
