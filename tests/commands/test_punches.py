"""`import punches` and `clocks`, as a shell runs them."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from models.access.session import Session
from models.backup.opening import open_venue
from models.storage.database import execute
from tests.commands.conftest import House
from tests.exchange.punches.test_pull import Clock, punch40, seconds, user72
from venue_tui.commands.punches import look
from venue_tui.exchange.punches.files import WatchedFolder

CLOCK = (
    "        7\t2026-09-02 19:28:11\t1\t0\t1\t0\r\n"
    "        7\t2026-09-02 19:28:40\t1\t0\t1\t0\r\n"
    "        8\t2026-09-02 19:41:00\t1\t0\t1\t0\r\n"
    "       99\t2026-09-02 17:00:00\t1\t0\t1\t0\r\n"
)
DINGTALK = Path(__file__).parents[1] / "data/punches/c_dingtalk_daily_summary.xlsx"

At = Callable[[str], None]


@pytest.fixture
def night(house: House, at: At) -> House:
    """The night of 2 September is over and nobody was marked in it."""
    at("2026-09-03T15:00")
    return house


def file(house: House, text: str = CLOCK, name: str = "1_attlog.dat") -> str:
    path = house.folder / name
    path.write_text(text, newline="")
    return str(path)


def test_numbers_wait_until_somebody_says_whose_they_are(night: House) -> None:
    answer = night.run("import", "punches", file(night))
    assert (answer.status, answer.out) == (0, "")
    assert "ZKTeco attlog, 4 punches" in answer.err
    assert "Punches: 4 new, 0 taken in before" in answer.err
    assert "attlog-1  99  × 1" in answer.err
    assert night.outcome("0007") == "absent"

    answer = night.run("clocks", "list")
    assert "? 0007 (same number)" in answer.out
    before = night.run("clocks", "match", "attlog-1", "7", "0007", "--dry-run")
    assert "nothing was recorded" in before.err
    assert night.export("attendance") == []
    answer = night.run("clocks", "match", "attlog-1", "7", "0007")
    assert before.err.splitlines()[0] in answer.err
    assert (
        "2026-09-02 0007 曾小贤  2026-09-02T19:28:11  absent → present  800.00 → 0.00" in answer.err
    )
    assert night.run("clocks", "match", "attlog-1", "99", "--nobody").status == 0
    assert night.outcome("0007") == "present"
    assert night.run("check").status == 0


def test_guesses_are_taken_when_that_is_said(night: House) -> None:
    night.run("import", "punches", file(night), "--accept")
    assert (night.outcome("0007"), night.outcome("0008")) == ("present", "late")
    assert night.charges("0008") == [("2026-09-02", "late", "roll", "30.00", "standing")]


def test_the_same_file_again_changes_nothing(night: House) -> None:
    night.run("import", "punches", file(night), "--accept")
    before = night.run("audit").out
    answer = night.run("import", "punches", file(night, CLOCK * 2, "again.txt"), "--accept")
    assert "4 rows repeated" in answer.err
    assert "Nothing changed: all of it was recorded already." in answer.err
    assert night.run("audit").out == before


def test_a_dry_run_tells_what_it_would_cost_and_changes_nothing(night: House) -> None:
    before = night.run("audit").out
    answer = night.run("import", "punches", file(night), "--accept", "--dry-run")
    assert "0008 单雄信  2026-09-02T19:41  absent → late  698.85 → 30.00" in answer.err
    assert "This was a dry run" in answer.err
    assert night.run("audit").out == before
    assert night.outcome("0008") == "absent"


def test_punches_are_taken_back(night: House) -> None:
    night.run("import", "punches", file(night), "--accept")
    assert "4 punches were taken back." in night.run("import", "punches", "--undo").err
    assert night.outcome("0007") == "absent"
    answer = night.run("import", "punches", "--undo")
    assert (answer.status, answer.err) == (1, "there is no import of punches to take back\n")


def test_an_attendance_programs_numbers_and_names_match_by_themselves(night: House, at: At) -> None:
    at("2026-10-05T15:00")
    answer = night.run("import", "punches", str(DINGTALK))
    assert "dingtalk: number 7 is 0007 曾小贤 (same number and name)" in answer.err
    assert "2 nights with punches have no briefing" in answer.err


def test_a_mark_and_a_punch_that_differ_are_both_said(night: House) -> None:
    night.took(attendance="night,staff_no,arrived_at\n2026-09-02,0008,2026-09-02T19:30\n")
    answer = night.run("import", "punches", file(night), "--accept")
    said = "2026-09-02 0008 单雄信: the clock says 2026-09-02T19:41, the mark 2026-09-02T19:30; the mark stands"
    assert said in answer.err
    assert said in night.run("clocks", "differences", "2026-09-02").out
    assert night.outcome("0008") == "present"


def test_a_clock_that_runs_ahead_is_put_right(night: House) -> None:
    night.run("import", "punches", file(night), "--accept", "--clock", "大门")
    answer = night.run("clocks", "offset", "大门", "-720", "--from", "2026-09-01")
    assert "0008 单雄信  2026-09-02T19:29  late → present  30.00 → 0.00" in answer.err
    assert "大门: -720 s from 2026-09-01 on" in night.run("clocks", "list").out


def test_damage_is_listed_and_never_fatal(night: House) -> None:
    damaged = (
        CLOCK
        + "\0" * 5000
        + ":40\t1\t0\t1\t0\r\n"
        + "8\t1971--10--29 -23:-59:-53\t1\t0\t1\t0\r\n" * 40
    )
    answer = night.run("import", "punches", file(night, damaged))
    assert answer.status == 0
    assert "4 punches, 42 lines damaged, 5000 NUL bytes" in answer.err
    assert ":5: half a line, or none of a punch | :40" in answer.err
    assert "… and 12 more" in answer.err
    everything = night.run("import", "punches", file(night, damaged), "--all-damage").err
    assert everything.count("there is no such time") == 40


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "name files or folders of punches"),
        (("nowhere.dat",), 1, "No such file"),
        (("--undo", "x"), 2, "--undo takes no files"),
        (("--watch", "5", "nowhere.dat"), 2, "--watch takes folders"),
        (("--clock", " ", "nowhere.dat"), 1, "may not be blank"),
    ],
)
def test_what_cannot_be_done_is_said(
    night: House, arguments: tuple[str, ...], status: int, said: str
) -> None:
    answer = night.run("import", "punches", *arguments)
    assert answer.status == status
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_one_bad_file_keeps_all_out(night: House) -> None:
    answer = night.run(
        "import", "punches", file(night), file(night, "今天没人", "x.txt"), "--accept"
    )
    assert answer.status == 1
    assert "x.txt: no punches are found in it" in answer.err
    assert "Nothing was imported." in answer.err
    assert night.run("clocks", "list").out.count("\n") == 1


def test_a_folder_called_punches_is_imported_like_any(
    night: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = night.folder / "punches"
    folder.mkdir()
    (folder / "places.csv").write_text("place,kind\nV09,room\n")
    monkeypatch.chdir(night.folder)
    assert night.run("import", "./punches").status == 0


def test_accounts_say_who_may(night: House) -> None:
    made = night.run("accounts", "add", "boss", "--role", "admin", NEW_SECRET="lang genug 1")
    assert made.status == 0, made.err
    answer = night.run("import", "punches", file(night))
    assert (answer.status, "say who you are with --as NAME" in answer.err) == (1, True)


def test_a_watched_folder_is_taken_in_once_it_is_still(
    night: House, sqlite_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = night.folder / "drop"
    folder.mkdir()
    open_venue(sqlite_url)
    session, watched = Session(), WatchedFolder(folder)

    def heard() -> int:
        look(session, watched, accept=True)
        return int(execute("SELECT count(*) FROM punches").fetchone()[0])

    path = folder / "1_attlog.dat"
    path.write_text(CLOCK[:60], newline="")
    assert heard() == 0  # somebody may still be writing to it
    path.write_text(CLOCK, newline="")
    os.utime(path, ns=(1, 1))
    assert heard() == 0
    assert heard() == 4
    capfd.readouterr()
    assert heard() == 4
    assert capfd.readouterr().err == ""  # nothing new, nothing said

    (folder / "notes.txt").write_text("今天没人")
    assert [heard(), heard(), heard()] == [4, 4, 4]
    assert capfd.readouterr().err.count("no punches are found in it") == 1

    folder.rename(night.folder / "gone")
    assert heard() == 4
    assert "No such file" in capfd.readouterr().err


def test_a_clock_that_pushes_is_heard(night: House, sqlite_url: str) -> None:
    from http.client import HTTPConnection
    from threading import Thread

    from venue_tui.commands.clocks import clock_server

    night.run("import", "punches", file(night), "--clock", "门口", "--accept")
    night.run("import", "punches", "--undo")
    night.run("clocks", "match", "门口", "7", "0007")
    answers = []

    def push(port: int) -> None:
        for _ in range(2):
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            body = "7\t2026-09-02 19:28:11\t0\t1\t0\t0\t0\n"
            connection.request("POST", "/iclock/cdata?SN=X1&table=ATTLOG&Stamp=1", body)
            answers.append(connection.getresponse().read())
            connection.close()

    open_venue(sqlite_url)
    server = clock_server(Session(), {"X1": "门口"}, ("127.0.0.1", 0))
    thread = Thread(target=push, args=(server.server_port,))
    thread.start()
    for _ in range(2):
        server.handle_request()
    thread.join()
    server.server_close()
    assert answers == [b"OK: 1"] * 2
    assert night.outcome("0007") == "present"


def test_damage_that_is_pushed_is_listed_as_that_of_a_file(
    night: House, sqlite_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    from http.client import HTTPConnection
    from threading import Thread

    from venue_tui.commands.clocks import clock_server

    answers = []

    def push(port: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        tail = "\t2026-09-02 19:28:11\t0\t1\t0\t0\t0\n"
        body = f"7{tail}{'9' * 5000}{tail}8\t1971--10--29 -23:-59:-53\t0\t1\t0\n"
        connection.request("POST", "/iclock/cdata?SN=X1&table=ATTLOG&Stamp=1", body)
        answers.append(connection.getresponse().status)
        connection.close()

    open_venue(sqlite_url)
    server = clock_server(Session(), {"X1": "门口"}, ("127.0.0.1", 0))
    thread = Thread(target=push, args=(server.server_port,))
    thread.start()
    server.handle_request()
    thread.join()
    server.server_close()
    said = capfd.readouterr().err
    assert answers == [200]
    assert "X1:2: is longer than" in said
    assert "X1:3: there is no such time" in said
    assert "Punches: 1 new" in said


def test_a_clock_is_asked_over_tcp(night: House, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = seconds(datetime(2026, 9, 2, 19, 28, 11))
    clock = Clock([user72(1, "0007", "曾小贤")], [punch40("0007", moment)])
    ask = ("clocks", "pull", "大门", "127.0.0.1", "--port", str(clock.port))
    foretold = night.run(*ask, "--dry-run")
    assert (foretold.status, foretold.out) == (0, "")
    assert "absent → present  800.00 → 0.00" in foretold.err
    assert night.outcome("0007") == "absent"
    assert night.run(*ask).status == 0
    assert night.outcome("0007") == "present"
    assert "0 new, 1 taken in before" in night.run(*ask).err
    assert night.run("import", "punches", "--undo").status == 0
    assert night.outcome("0007") == "absent"
    assert "a clock's key is a number" in night.run(*ask, CLOCK_KEY="abc").err
    clock.close()
    monkeypatch.setitem(sys.modules, "zk", None)
    assert 'pipx install --force ".[clocks]"' in night.run(*ask).err
