"""Who may sign in, and what becomes of those who guess."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import gethostname

import argon2
import pytest

from models.access import accounts
from models.access.accounts import LOCK_SECONDS, LOCKED_AFTER, PATIENCE
from models.access.passwords import NOBODY, hashed, is_right, secret_problem
from models.access.session import Actor, Session, has_accounts
from models.backup import backup, restore
from models.storage import audit
from models.storage.database import connected, execute
from models.storage.terminals import this_terminal, this_user
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.venues import RealHasher

SECRET = "海阔天空 любовь 9"
OTHER = "correct horse"


@pytest.fixture
@built_once
def admin(session: Session) -> Session:
    """The session, with the account `root` made and signed in."""
    accounts.add(session, "root", "admin", SECRET)
    accounts.sign_in(session, "root", SECRET)
    return session


def hire(staff_no: str) -> None:
    execute(
        "INSERT INTO staff (staff_no, name, position, hired_on, monthly_wage)"
        " VALUES (?, ?, 'supervisor', '2026-01-01', 500000)",
        (staff_no, staff_no),
    )


def second_session(session: Session) -> Session:
    return Session(clock=session.clock, terminal="test:2")


def refusal(session: Session, name: str, secret: str) -> str:
    with pytest.raises(Refused) as refused:
        accounts.sign_in(session, name, secret)
    return str(refused.value)


def test_who_steals_a_hash_pays_for_every_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argon2, "PasswordHasher", RealHasher)
    cost = "$argon2id$v=19$m=65536,t=3,p=4$"
    kept = hashed(SECRET)
    assert kept.startswith(cost)
    assert is_right(kept, SECRET)
    assert not is_right(kept, OTHER)
    # A name without an account takes as long to refuse.
    assert NOBODY.startswith(cost)


def test_a_terminal_is_the_same_one_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or nobody would be known at it while others guess elsewhere."""

    def none(stream: int) -> str:
        raise OSError

    monkeypatch.setattr(os, "ttyname", none)
    assert this_terminal() == f"{gethostname()}:{this_user()}"
    monkeypatch.setenv("VENUE_TUI_BROWSER", "1a2b3c")
    assert this_terminal() == f"{gethostname()}:web-1a2b3c"


def test_a_venue_without_accounts_is_open_and_needs_no_sign_in(session: Session) -> None:
    assert not has_accounts()
    assert "no accounts" in refusal(session, "root", SECRET)


def test_the_first_account_must_be_an_admins(session: Session) -> None:
    with pytest.raises(Refused, match="first account"):
        accounts.add(session, "boss", "director", SECRET)
    assert not has_accounts()


def test_accounts_that_were_deleted_in_the_database_open_it_to_nobody(
    session: Session, url: str, tmp_path: Path
) -> None:
    accounts.add(session, "root", "admin", SECRET)
    accounts.sign_in(session, "root", SECRET)
    backup.backup(session, tmp_path / "venue.bak")
    execute("DELETE FROM sign_in_failures")
    execute("DELETE FROM accounts")
    anybody = second_session(session)
    with pytest.raises(Refused, match="line 2 of its audit trail made one"):
        has_accounts()
    with pytest.raises(Refused, match="were deleted"):
        accounts.sign_in(anybody, "root", SECRET)
    restore.restore(url, tmp_path / "venue.bak", overwrite=True)
    assert has_accounts()


def test_the_first_account_turns_sign_in_on_everywhere(session: Session) -> None:
    elsewhere = second_session(session)
    accounts.add(session, "root", "admin", SECRET)
    for each in (session, elsewhere):
        with pytest.raises(Refused, match="sign in first"):
            accounts.add(each, "boss", "director", OTHER)
    assert accounts.sign_in(elsewhere, "root", SECRET) == Actor("root", "admin", None)
    accounts.add(elsewhere, "boss", "director", OTHER)
    assert accounts.names() == ["boss", "root"]


def test_accounts_are_admins_business(admin: Session) -> None:
    accounts.add(admin, "boss", "director", OTHER)
    accounts.sign_in(admin, "boss", OTHER)
    for change in (
        lambda: accounts.add(admin, "x", "admin", OTHER),
        lambda: accounts.change(admin, "boss", role="admin"),
        lambda: accounts.change_secret(admin, "root", OTHER),
        lambda: accounts.disable(admin, "root"),
        lambda: accounts.enable(admin, "root"),
        lambda: accounts.unlock(admin, "root"),
        lambda: accounts.listing(admin),
    ):
        with pytest.raises(Refused, match="may not"):
            change()


@pytest.mark.parametrize(
    ("name", "role", "staff_no", "message"),
    [
        ("ROOT", "payroll", None, "an account root already"),
        ("ｒｏｏｔ", "payroll", None, "an account root already"),
        ("new", "owner", None, "not one of"),
        ("new", "payroll", "S404", "no staffer S404"),
        (" new", "payroll", None, "space"),
        ("\u202enew", "payroll", None, "direction"),
        ("", "payroll", None, "blank"),
        ("new", "supervisor", "S1", "S1 has the account chief"),
    ],
)
def test_an_account_that_wont_do(
    admin: Session, name: str, role: str, staff_no: str | None, message: str
) -> None:
    hire("S1")
    accounts.add(admin, "chief", "supervisor", OTHER, "S1")
    before = audit.head()
    with pytest.raises(Refused, match=message):
        accounts.add(admin, name, role, OTHER, staff_no)
    assert audit.head() == before
    assert accounts.names() == ["chief", "root"]


@pytest.mark.parametrize(
    "secret", ["483920", "４８３９２０", "a good one", "北京的秋天特别美", "p" * 30 + "qr"]
)
def test_secrets_that_do(secret: str) -> None:
    assert secret_problem(secret, "root") is None


@pytest.mark.parametrize(
    "secret",
    ["", "48392", "short", "123456", "654321", "000000", "abababab", "Password", "rootroot",
     "abcdefgh", "5201314", "x\0yzzyxwv", "half \ud800 pair", "x" * 20_000],
)  # fmt: skip
def test_secrets_that_wont_do(secret: str) -> None:
    assert secret_problem(secret, "RootRoot") is not None


def test_digits_from_an_input_method_are_digits(admin: Session) -> None:
    accounts.add(admin, "boss", "director", "４８３９２０")
    assert accounts.sign_in(admin, "boss", "483920").name == "boss"


def test_wrong_secrets_cost_ever_more_waiting_and_then_lock(admin: Session, clock: Clock) -> None:
    session = second_session(admin)
    waits = []
    for failures in range(1, LOCKED_AFTER + 1):
        start = clock.now
        assert "wrong" in refusal(session, "root", OTHER)
        if failures > PATIENCE:
            assert "wait" in refusal(session, "root", SECRET) or failures == LOCKED_AFTER
        while execute("SELECT locked_until FROM accounts").fetchone()[0] not in (None, clock.now):
            clock.now += 1
        waits.append(clock.now - start)
    assert waits == [0, 0, 2, 4, 8, 16, 32, LOCK_SECONDS]
    assert accounts.sign_in(session, "root", SECRET)
    # At a terminal where nobody knew them they may have been somebody else's.
    assert accounts.listing(session)[0].failures == LOCKED_AFTER
    actions = [line.action for line in audit.lines()]
    assert actions.count("account.refused") == LOCKED_AFTER + LOCKED_AFTER - PATIENCE
    assert actions.count("account.locked") == 1
    assert audit.broken_link() is None


def test_a_lock_is_shared_by_all_terminals_and_lifted_by_an_admin(admin: Session) -> None:
    accounts.add(admin, "boss", "director", OTHER)
    execute("UPDATE accounts SET failures = 7 WHERE name = 'boss'")
    assert "locked for 15 minutes" in refusal(second_session(admin), "boss", SECRET)
    assert "locked after 8" in refusal(second_session(admin), "boss", OTHER)
    assert [each.locked_until is not None for each in accounts.listing(admin)] == [True, False]
    accounts.unlock(admin, "boss")
    assert accounts.sign_in(second_session(admin), "boss", OTHER).role == "director"


def test_a_clock_set_back_locks_nobody_out_for_longer(admin: Session, clock: Clock) -> None:
    execute("UPDATE accounts SET failures = 8, locked_until = ?", (clock.now + LOCK_SECONDS,))
    clock.now -= 3600
    assert accounts.sign_in(admin, "root", SECRET)


def test_guesses_at_many_terminals_at_once_are_worth_one_each(admin: Session) -> None:
    def guess(number: int) -> str:
        with connected():
            return refusal(second_session(admin), "root", f"guess number {number}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(24)))
    assert sum("too soon" not in answer for answer in answers) == PATIENCE + 1
    assert accounts.listing(admin)[0].failures == PATIENCE + 1
    assert [line.action for line in audit.lines()].count("account.refused") == 24


def test_unknown_names_are_refused_like_wrong_secrets_and_not_recorded(admin: Session) -> None:
    for name in ("nobody", SECRET, "\0", "\ud800", ""):
        assert refusal(admin, name, OTHER) == refusal(admin, "root", "half \ud800 pair")
        accounts.unlock(admin, "root")
    assert all(SECRET not in str(line) for line in audit.lines())


def test_secrets_and_hashes_stay_out_of_the_trail_and_of_messages(admin: Session) -> None:
    accounts.add(admin, "boss", "director", OTHER)
    accounts.change_secret(admin, "root", "another good one", SECRET)
    messages = [refusal(admin, "root", "a wrong guess"), repr(accounts.listing(admin))]
    with pytest.raises(Refused) as refused:
        accounts.add(admin, "weak", "payroll", "pass")
    messages += [repr(refused.value), repr(admin.actor), *map(str, audit.lines())]
    for text in messages:
        assert not any(
            secret in text
            for secret in (SECRET, OTHER, "another good one", "a wrong guess", "'pass'", "argon2")
        )


def test_ones_own_secret_needs_the_old_one(admin: Session) -> None:
    with pytest.raises(Refused, match="wrong"):
        accounts.change_secret(admin, "root", OTHER)
    with pytest.raises(Refused, match="wrong"):
        accounts.change_secret(admin, "root", OTHER, "not the old one")
    assert accounts.listing(admin)[0].failures == 2
    accounts.change_secret(admin, "root", OTHER, SECRET)
    assert "wrong" in refusal(admin, "root", SECRET)
    assert accounts.sign_in(admin, "root", OTHER)


def test_an_admin_gives_others_a_new_secret(admin: Session) -> None:
    accounts.add(admin, "boss", "director", OTHER)
    execute("UPDATE accounts SET failures = 8, locked_until = ? WHERE name = 'boss'", (2**40,))
    accounts.change_secret(admin, "boss", SECRET)
    assert accounts.sign_in(admin, "boss", SECRET)


def test_the_last_admin_stays(admin: Session) -> None:
    for change in (
        lambda: accounts.disable(admin, "root"),
        lambda: accounts.change(admin, "root", role="director"),
    ):
        with pytest.raises(Refused, match="last admin"):
            change()
    accounts.add(admin, "deputy", "admin", OTHER)
    accounts.disable(admin, "deputy")
    with pytest.raises(Refused, match="last admin"):
        accounts.disable(admin, "root")
    accounts.enable(admin, "deputy")
    accounts.disable(admin, "root")
    assert accounts.names() == ["deputy"]


def test_a_disabled_account_stops_acting_where_it_is_signed_in(admin: Session) -> None:
    accounts.add(admin, "deputy", "admin", OTHER)
    elsewhere = second_session(admin)
    accounts.sign_in(elsewhere, "deputy", OTHER)
    accounts.disable(admin, "deputy")
    with pytest.raises(Refused, match="sign in again"):
        accounts.add(elsewhere, "friend", "admin", OTHER)
    assert "disabled" in refusal(elsewhere, "deputy", OTHER)


def test_another_role_and_another_staffer(admin: Session) -> None:
    hire("S1")
    accounts.add(admin, "chief", "supervisor", OTHER)
    elsewhere = second_session(admin)
    accounts.sign_in(elsewhere, "chief", OTHER)
    accounts.change(admin, "chief", role="director", staff_no="S1")
    with pytest.raises(Refused, match="sign in again"):
        accounts.listing(elsewhere)
    assert accounts.sign_in(elsewhere, "chief", OTHER) == Actor("chief", "director", "S1")
    accounts.change(admin, "chief", staff_no="")
    assert accounts.listing(admin)[0].staff_no is None
    before = audit.head()
    accounts.change(admin, "chief", role="director")
    assert audit.head() == before


def test_signing_out_leaves_the_terminal_to_the_next(admin: Session) -> None:
    accounts.sign_out(admin)
    accounts.sign_out(admin)
    assert admin.actor is None
    assert audit.lines(last=1)[0].action == "account.signed_out"
    assert audit.lines(last=1)[0].who == "root"
    with pytest.raises(Refused, match="sign in first"):
        accounts.listing(admin)


def test_no_account_by_that_name(admin: Session) -> None:
    for change in (accounts.disable, accounts.enable, accounts.unlock):
        with pytest.raises(Refused, match="no account nobody"):
            change(admin, "nobody")


def test_what_is_kept_is_argon2(admin: Session) -> None:
    kept = execute("SELECT secret FROM accounts").fetchone()[0]
    assert kept.startswith("$argon2id$")


def test_who_guesses_elsewhere_keeps_nobody_from_their_own_terminal(
    admin: Session, clock: Clock
) -> None:
    own, other = second_session(admin), Session(clock=admin.clock, terminal="elsewhere")
    accounts.add(admin, "boss", "director", OTHER)
    assert accounts.sign_in(own, "boss", OTHER)
    for _ in range(LOCKED_AFTER):
        clock.now += 600
        refusal(other, "boss", SECRET)
    assert "locked after 8" in refusal(other, "boss", OTHER)
    assert accounts.sign_in(second_session(admin), "boss", OTHER)


def test_a_recovery_code_lets_its_owner_in_once(admin: Session) -> None:
    code = accounts.add(admin, "boss", "director", OTHER)
    execute("UPDATE accounts SET failures = 8, locked_until = ?", (admin.now() + LOCK_SECONDS,))
    session = Session(clock=admin.clock, terminal="elsewhere")
    assert "locked after 8" in refusal(session, "boss", OTHER)
    typed = code.lower().replace("-", " ")
    assert accounts.sign_in(session, "boss", typed).role == "director"
    assert audit.lines(last=1)[0].action == "account.recovered"
    assert all(code not in str(line) for line in audit.lines())
    assert "wrong" in refusal(Session(clock=admin.clock, terminal="x"), "boss", code)


@pytest.mark.parametrize("known", [True, False])
def test_the_owners_sign_in_elsewhere_doesnt_begin_a_guessers_count_anew(
    admin: Session, clock: Clock, known: bool
) -> None:
    """`known`: the guesser sits at a terminal where the owner has worked once."""
    accounts.add(admin, "boss", "director", OTHER)
    own, theirs = second_session(admin), Session(clock=admin.clock, terminal="guesser's")
    if known:
        accounts.sign_in(theirs, "boss", OTHER)
    for _ in range(LOCKED_AFTER - 1):
        refusal(theirs, "boss", SECRET)
        clock.now += 600
    for _typo in range(2):
        refusal(own, "boss", SECRET)
        clock.now += LOCK_SECONDS
        assert accounts.sign_in(own, "boss", OTHER)
    refusal(theirs, "boss", SECRET)
    assert "locked after" in refusal(theirs, "boss", OTHER)
    assert accounts.sign_in(own, "boss", OTHER)
    accounts.unlock(admin, "boss")
    assert accounts.sign_in(theirs, "boss", OTHER)


def test_a_recovery_code_that_was_used_begins_no_guessers_count_anew(
    admin: Session, clock: Clock
) -> None:
    code = accounts.add(admin, "boss", "director", OTHER)
    own, theirs = second_session(admin), Session(clock=admin.clock, terminal="guesser's")
    accounts.sign_in(theirs, "boss", OTHER)
    for _ in range(LOCKED_AFTER):
        refusal(theirs, "boss", SECRET)
        clock.now += 600
    clock.now -= 600
    assert accounts.sign_in(own, "boss", code)
    accounts.change_secret(own, "boss", "another good one")
    assert "locked after 8" in refusal(theirs, "boss", "another good one")


def test_mistakes_of_long_ago_lock_nobody(admin: Session, clock: Clock) -> None:
    accounts.add(admin, "boss", "director", OTHER)
    for day in range(LOCKED_AFTER):
        somewhere = Session(clock=admin.clock, terminal=f"new:{day}")
        for _typo in range(3):
            refusal(somewhere, "boss", SECRET)
            clock.now += 60
        assert accounts.sign_in(somewhere, "boss", OTHER)
        clock.now += 2 * 24 * 60 * 60


def test_a_used_recovery_code_is_replaced_with_the_secret(admin: Session) -> None:
    used = accounts.add(admin, "boss", "director", OTHER)
    session = second_session(admin)
    assert accounts.sign_in(session, "boss", used).recovered
    code = accounts.change_secret(session, "boss", SECRET)  # whoever forgot the old one
    assert [line.action for line in audit.lines(last=2)] == [
        "account.secret_changed",
        "account.recovery_made",
    ]
    assert all(each not in str(line) for line in audit.lines() for each in (used, code))
    assert session.actor is not None
    assert not session.actor.recovered
    with pytest.raises(Refused, match="wrong"):
        accounts.change_secret(session, "boss", OTHER)  # the code excuses nobody twice
    assert "wrong" in refusal(second_session(admin), "boss", used)
    assert accounts.sign_in(second_session(admin), "boss", code).recovered


def test_every_new_secret_voids_the_code_before(admin: Session) -> None:
    first = accounts.add(admin, "boss", "director", OTHER)
    second = accounts.change_secret(admin, "boss", SECRET)  # an admin's word
    session = second_session(admin)
    assert "wrong" in refusal(session, "boss", first)
    assert not accounts.sign_in(session, "boss", SECRET).recovered
    third = accounts.change_secret(session, "boss", OTHER, SECRET)
    for void in (first, second):
        assert "wrong" in refusal(second_session(admin), "boss", void)
        accounts.unlock(admin, "boss")
    assert accounts.sign_in(second_session(admin), "boss", third).recovered
