"""`audit`: the trail as text and as CSV, narrowed, and its head."""

import csv
import io

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage import audit
from models.storage.database import close_database, execute
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


def test_a_terminal_says_that_the_trail_lost_what_it_saw(venue: Run, sqlite_url: str) -> None:
    assert venue("import", "--help").status == 0
    assert venue("check").status == 0
    open_venue(sqlite_url)
    execute("DELETE FROM audit")
    close_database()
    for command in (["venue", "show"], ["check"]):
        assert "no longer contains line 1" in venue(*command).err
    assert venue("check").status == 1
    assert venue("audit", "accept").status == 0
    assert "trail.accepted" in venue("audit", "--last", "1").out
    assert "no longer contains" not in venue("venue", "show").err


def test_heads_are_sealed_by_a_key_outside_the_venue(venue: Run) -> None:
    number, hash = venue("audit", "--head").out.split()
    made = venue("audit", "key")
    assert (made.status, made.out) == (0, "")
    assert "keep a copy" in made.err
    assert venue("audit", "--head").out.split()[:2] == [number, hash]
    seal = venue("audit", "--head").out.split()[2]
    assert venue("audit", "--holds", hash, "--seal", seal).status == 0
    assert venue("audit", "--holds", hash, "--seal", "0" * 64).status == 1
    assert venue("audit", "--seal", seal).status == 2
