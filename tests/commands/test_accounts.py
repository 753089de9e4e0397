"""`accounts`, and signing in for any command."""

import os
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from models.access import session
from models.backup.opening import open_venue
from models.storage import audit
from tests.commands.conftest import Ran, Run

SECRET = "correct horse"
OTHER = "北京的秋天特别美"


@pytest.fixture
def root(venue: Run) -> Run:
    """A venue whose only account is `root`."""
    assert venue("accounts", "add", "root", "--role", "admin", NEW_SECRET=SECRET).status == 0
    return venue


def pipe(text: str) -> str:
    """A file descriptor that reads as the text."""
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    return str(reading)


def test_the_first_account_turns_sign_in_on(venue: Run) -> None:
    assert venue("accounts", "list").out == ""
    refused = venue("accounts", "add", "boss", "--role", "director", NEW_SECRET=SECRET)
    assert refused == (1, "", refused.err)
    assert "first account" in refused.err
    added = venue("accounts", "add", "root", "--role", "admin", NEW_SECRET=SECRET)
    assert (added.status, added.out) == (0, "")
    for command in (["accounts", "list"], ["audit"], ["export", "staff"], ["backup", "x.bak"]):
        refused = venue(*command)
        assert refused == (1, "", "this venue has accounts: say who you are with --as NAME\n")
    assert "root" in venue("--as", "root", "accounts", "list", SECRET=SECRET).out
    assert venue("--as", "root", "--secret-fd", pipe(f"{SECRET}\n"), "accounts", "list").out


def test_what_a_check_finds_is_told_to_nobody_who_may_not_read_about_everybody(
    root: Run, tmp_path: Path, sqlite_url: str
) -> None:
    (tmp_path / "staff.csv").write_text(
        "staff_no,name,position,hired_on,monthly_wage\n"
        + "".join(f"{number},张三,staff,2025-01-01,4350\n" for number in ("A1", "A2", "A3", "A4"))
    )
    assert root("--as", "root", "import", str(tmp_path), SECRET=SECRET).status == 0
    roles = {"A1": "supervisor", "A2": "staff", "A3": "director", "A4": "payroll"}
    for number, role in roles.items():
        add = ("accounts", "add", role, "--role", role, "--staff", number)
        assert root("--as", "root", *add, SECRET=SECRET, NEW_SECRET=OTHER).status == 0
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file, file:
        file.execute("UPDATE staff SET monthly_wage = 990000 WHERE staff_no = 'A4'")
    told = {role: root("--as", role, "check", SECRET=OTHER) for role in roles.values()}
    assert all(each.status == 1 for each in told.values())
    assert {role for role, each in told.items() if "9900.00" in each.err} == {"director", "payroll"}


def test_nobody_signs_in_where_there_are_no_accounts(venue: Run) -> None:
    assert venue("--as", "root", "audit", SECRET=SECRET).status == 1


@pytest.mark.parametrize("secret", ["wrong horse", "", "half \udce4 character"])
def test_a_wrong_secret_is_refused_and_recorded(root: Run, secret: str, sqlite_url: str) -> None:
    refused = root("--as", "root", "accounts", "list", SECRET=secret)
    assert refused == (1, "", "the name or the password is wrong\n")
    open_venue(sqlite_url)
    assert audit.lines(last=1)[0].reason == "wrong secret"


def test_without_a_terminal_a_secret_is_not_waited_for(root: Run) -> None:
    refused = root("--as", "root", "accounts", "list")
    assert refused.status == 1
    assert "VENUE_TUI_SECRET" in refused.err


def test_a_secret_is_never_an_argument(root: Run) -> None:
    for option in ("--secret", "--password", "--new-secret"):
        assert root("--as", "root", option, SECRET, "audit", SECRET=SECRET).status == 2
        assert root("accounts", "add", "x", "--role", "admin", option, SECRET).status == 2


def test_accounts_are_made_changed_and_closed(root: Run) -> None:
    def as_root(*command: str, **environment: str) -> str:
        ran = root("--as", "root", "accounts", *command, SECRET=SECRET, **environment)
        assert (ran.status, SECRET in ran.err + ran.out) == (0, False), ran.err
        return ran.out

    as_root("add", "老板", "--role", "director", "--new-secret-fd", pipe(OTHER))
    assert as_root("list") == "root  admin\n老板  director\n"
    as_root("change", "老板", "--role", "payroll")
    as_root("disable", "老板")
    assert as_root("list") == "root  admin\n老板  payroll    disabled\n"
    assert "disabled" in root("--as", "老板", "audit", SECRET=OTHER).err
    as_root("enable", "老板")
    assert root("--as", "老板", "audit", SECRET=OTHER).status == 0
    as_root("unlock", "老板")
    as_root("secret", "老板", NEW_SECRET="another good one")
    assert root("--as", "老板", "audit", SECRET="another good one").status == 0
    assert root("--as", "老板", "accounts", "list", SECRET="another good one").status == 1
    as_root("secret", "root", NEW_SECRET="one more good one")
    assert root("--as", "root", "audit", SECRET=SECRET).status == 1


def test_ones_own_secret_through_file_descriptors(root: Run) -> None:
    changed = root(
        "--as", "root", "--secret-fd", pipe(SECRET), "accounts", "secret", "root",
        "--new-secret-fd", pipe(OTHER),
    )  # fmt: skip
    assert (changed.status, changed.out) == (0, "")
    assert changed.err.startswith("root has a new password.\n")
    assert root("--as", "root", "audit", SECRET=OTHER).status == 0


def test_a_lock_is_said_and_listed(root: Run) -> None:
    root("--as", "root", "accounts", "add", "boss", "--role", "director", SECRET=SECRET,
         NEW_SECRET=OTHER)  # fmt: skip
    for _ in range(3):
        refused = root("--as", "boss", "audit", SECRET="guess")
    assert "wait 2 seconds" in refused.err
    assert "locked until 20" in root("--as", "root", "accounts", "list", SECRET=SECRET).out


def test_in_chinese(root: Run) -> None:
    refused = root("--lang", "zh-Hans", "--as", "root", "accounts", "list", SECRET="guess")
    assert refused.status == 1


def test_whoever_guesses_locks_nobody_out_for_good(root: Run, at: Callable[[str], None]) -> None:
    made = root(
        "--as", "root", "accounts", "add", "boss", "--role", "director",
        SECRET=SECRET, NEW_SECRET=OTHER,
    )  # fmt: skip
    [code] = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", made.err)

    def boss(secret: str) -> Ran:
        return root("--as", "boss", "export", "staff", "--plain", SECRET=secret)

    def guess(hour: int) -> None:
        for ten_minutes in range(8):
            at(f"2026-11-26T{hour + ten_minutes // 6}:{ten_minutes % 6}0")
            assert boss("wrong horse").status == 1
        told = boss(OTHER)
        assert told.status == 1
        assert "in 15 minutes" in told.err
        assert "recovery code" in told.err

    guess(12)
    assert boss(code.lower()).status == 0  # while the lock holds
    assert "wrong" in boss(code).err  # it lets in once
    assert boss(OTHER).status == 0
    guess(15)
    unlocked = root("--as", "root", "accounts", "unlock", "boss", SECRET=SECRET)
    assert unlocked.status == 0
    assert boss(OTHER).status == 0


def test_who_guesses_at_another_terminal_locks_that_one_alone(
    root: Run, at: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def list_accounts(terminal: str, secret: str) -> Ran:
        monkeypatch.setattr(session, "this_terminal", lambda: terminal)
        return root("--as", "root", "accounts", "list", SECRET=secret)

    at("2026-11-26T11:50")
    assert list_accounts("bar:1", SECRET).status == 0
    for ten_minutes in range(8):
        at(f"2026-11-26T{12 + ten_minutes // 6}:{ten_minutes % 6}0")
        assert list_accounts("thief:1", "wrong horse").status == 1
    assert "locked after 8" in list_accounts("thief:1", SECRET).err
    assert list_accounts("bar:1", SECRET).status == 0


def test_a_used_recovery_code_is_replaced(root: Run) -> None:
    code_of = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")
    made = root(
        "--as", "root", "accounts", "add", "boss", "--role", "director",
        SECRET=SECRET, NEW_SECRET=OTHER,
    )  # fmt: skip
    [first] = code_of.findall(made.err)
    told = root("--as", "boss", "export", "staff", "--plain", SECRET=first)
    assert told.status == 0
    assert "accounts secret boss" in told.err
    changed = root(
        "--as", "boss", "accounts", "secret", "boss", SECRET=OTHER, NEW_SECRET="a newer one"
    )
    [second] = code_of.findall(changed.err)
    # Who forgot the password has the code alone.
    again = root("--as", "boss", "accounts", "secret", "boss", SECRET=second, NEW_SECRET=OTHER)
    assert again.status == 0
    [third] = code_of.findall(again.err)
    assert len({first, second, third}) == 3
    for void in (first, second):
        assert "wrong" in root("--as", "boss", "export", "staff", SECRET=void).err
    assert root("--as", "boss", "export", "staff", "--plain", SECRET=third).status == 0
