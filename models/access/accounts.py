"""Accounts: who may sign in, with which role, and how wrong secrets are slowed down.

The first account turns sign-in on for screens and commands alike. A secret is kept as an Argon2
hash and nothing else: it enters no message, no audit line and no log.
"""

import hmac
from typing import NamedTuple

from models.access.passwords import (
    NOBODY,
    hashed,
    is_right,
    normal,
    recovery_code,
    recovery_hash,
    secret_problem,
)
from models.access.permissions import ROLES, require, require_account
from models.access.session import Actor, Session, has_accounts
from models.storage import audit
from models.storage.tables import Account, SignInFailure, Staff
from models.values.nights import Instant
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import key_problem

PATIENCE = 2
"""How many wrong secrets in a row cost no waiting."""

LOCKED_AFTER = 8
"""How many wrong secrets in a row lock the account."""

LOCK_SECONDS = 15 * 60

_FORGOTTEN = 24 * 60 * 60
"""After so many seconds without a wrong secret those at terminals that it never signed in at are
counted anew: people mistype now and then, and nobody is at a new terminal for the first time often.
"""


class Listed(NamedTuple):
    """An account as it is shown. `locked_until` is None where nothing keeps it from signing in."""

    name: str
    role: str
    staff_no: str | None
    disabled: bool
    failures: int
    locked_until: Instant | None
    made_at: Instant


def _wrong() -> Problem:
    return problem("secret", "the name or the password is wrong")


def names() -> list[str]:
    """The accounts that can sign in, in order."""
    rows = Account.select(Account.name).where(~Account.disabled).order_by(Account.name)
    return [row.name for row in rows]


def listing(session: Session) -> list[Listed]:
    """Every account, in order of name. Raises Refused for anyone but an admin."""
    require(session, "accounts")
    now = session.now()
    return [
        Listed(
            row.name,
            row.role,
            row.staff_no,
            row.disabled,
            row.failures,
            row.locked_until if _wait(row.locked_until, now) else None,
            row.made_at,
        )
        for row in Account.select().order_by(Account.name)
    ]


def add(session: Session, name: str, role: str, secret: str, staff_no: str | None = None) -> str:
    """Makes an account, and gives the code that lets its owner in once while others guess at the
    secret; the first account, which must be an admin's, turns sign-in on.

    Raises Refused where the name is taken or the staffer has one, where the secret won't do, and
    for anyone but an admin.
    """
    secret_hash = _checked_hash(secret, name, key_problem(name))
    code = recovery_code()
    with session.change():
        require(session, "accounts")
        _check_role(role)
        if role != "admin" and not has_accounts():
            raise refused("role", "the first account must be an admin's, who can make the others")
        taken = normal(name).casefold()
        for other in Account.select(Account.name):
            if normal(other.name).casefold() == taken:
                raise refused("name", "there is an account %(name)s already", name=other.name)
        _check_staffer(staff_no, name)
        Account.insert(
            name=name,
            role=role,
            staff=staff_no or None,
            secret=secret_hash,
            recovery=recovery_hash(code),
            made_at=session.now(),
        ).execute()
        session.record(
            "account.made",
            staff_no=staff_no or None,
            after={"account": name, "role": role, "staff_no": staff_no or None},
        )
    return code


def change(
    session: Session, name: str, *, role: str | None = None, staff_no: str | None = None
) -> None:
    """Gives an account another role, or another staffer (`""`: none); None leaves it as it is.

    Raises Refused where no admin would be left, and for anyone but an admin.
    """
    with session.change():
        require(session, "accounts")
        account = _find(name)
        new_role = account.role if role is None else role
        new_staff_no = account.staff_no if staff_no is None else staff_no or None
        _check_role(new_role)
        _check_staffer(new_staff_no, name)
        if (new_role, new_staff_no) == (account.role, account.staff_no):
            return
        if new_role != "admin":
            _keep_an_admin(name)
        _update(name, role=new_role, staff=new_staff_no)
        session.record(
            "account.changed",
            staff_no=new_staff_no,
            before={"account": name, "role": account.role, "staff_no": account.staff_no},
            after={"account": name, "role": new_role, "staff_no": new_staff_no},
        )


def sign_in(session: Session, name: str, secret: str) -> Actor:
    """Makes whoever knows the secret the session's actor. Takes as long as Argon2 does.

    Raises Refused, after writing the attempt to the audit trail, where name or secret is wrong,
    where the account is disabled, and while earlier wrong secrets have to be waited out.
    """
    account, recovered = _prove(session, name, secret, "account.signed_in")
    session.actor = Actor(name, account.role, account.staff_no, recovered)
    return session.actor


def sign_out(session: Session) -> None:
    """Leaves the session to whoever signs in next."""
    if session.actor is None:
        return
    with session.change():
        session.record("account.signed_out", after={"account": session.actor.name})
    session.actor = None


def change_secret(session: Session, name: str, new: str, old: str | None = None) -> str:
    """Puts a new secret in the place of the old one, and a new recovery code, which it gives, in
    the place of that: anyone's own, proved by the old secret or by having come in with the code; an
    admin's word for another's, which also unlocks the account.

    Raises Refused where the old secret is wrong (which counts as a wrong sign-in) or the new one
    won't do.
    """
    secret_hash = _checked_hash(new, name)
    actor = session.actor
    own = actor is not None and actor.name == name
    if own and not (actor is not None and actor.recovered):
        _prove(session, name, old or "", "account.proved")
    code = recovery_code()
    with session.change():
        if own:
            require_account(session)
        else:
            require(session, "accounts")
        _find(name)
        if not own:
            _forget_failures(name)
        _update(name, secret=secret_hash, recovery=recovery_hash(code))
        session.record("account.secret_changed", after={"account": name})
        session.record("account.recovery_made", after={"account": name})
    if own and actor is not None:
        session.actor = actor._replace(recovered=False)
    return code


def disable(session: Session, name: str) -> None:
    """Keeps an account from signing in, and from acting where it is signed in.

    Raises Refused where no admin would be left, and for anyone but an admin.
    """
    with session.change():
        require(session, "accounts")
        if _find(name).disabled:
            return
        _keep_an_admin(name)
        _update(name, disabled=True)
        session.record("account.disabled", after={"account": name})


def enable(session: Session, name: str) -> None:
    """Takes a `disable` back. Raises Refused for anyone but an admin."""
    with session.change():
        require(session, "accounts")
        if not _find(name).disabled:
            return
        _update(name, disabled=False)
        session.record("account.enabled", after={"account": name})


def unlock(session: Session, name: str) -> None:
    """Forgets an account's wrong secrets, and so its lock. Raises Refused for anyone but an
    admin."""
    with session.change():
        require(session, "accounts")
        counted = SignInFailure.select().where(
            SignInFailure.account == name, SignInFailure.failures > 0
        )
        if not (_find(name).failures or counted.exists()):
            return
        _forget_failures(name)
        session.record("account.unlocked", after={"account": name})


def _prove(session: Session, name: str, secret: str, action: str) -> tuple[Account, bool]:
    """The account that the secret belongs to, and whether it was its recovery code, which is used
    up by it; every attempt is on the trail."""
    seen = _row(name)
    if seen is None and not has_accounts():
        raise refused("name", "this venue has no accounts, and needs no sign-in")
    # Outside the transaction, so that nobody at another terminal waits for Argon2 to finish. What
    # it found is used only if no wrong secret has to be waited out by then: guesses made at many
    # terminals at once are worth no more than those made at one.
    right = is_right(seen.secret if seen is not None else NOBODY, secret)
    recovers = (
        seen is not None
        and seen.recovery is not None
        and (hmac.compare_digest(seen.recovery, recovery_hash(secret)))
    )
    proved: Account | None = None
    found_problem = _wrong()
    with session.change():
        account = _row(name)
        if account is None or seen is None or account.secret != seen.secret:
            # The name isn't recorded: people type their secret into it by mistake.
            _attempt(session, "account.refused", None, "no such account")
        elif recovers and account.recovery == seen.recovery and not account.disabled:
            proved = account
            _forget_failures_here(session, account)
            _update(name, recovery=None)
            _attempt(session, "account.recovered", name, None)
        elif wait := _wait(_locked_until(session, name, account), session.now()):
            found_problem = _too_soon(_failures(session, name, account), wait)
            _attempt(session, "account.refused", name, "too soon")
        elif not right:
            found_problem = _count_failure(session, name, account)
        elif account.disabled:
            found_problem = problem("name", "the account %(name)s is disabled", name=name)
            _attempt(session, "account.refused", name, "disabled")
        else:
            proved, recovers = account, False
            _forget_failures_here(session, account)
            _attempt(session, action, name, None)
    if proved is None:
        # After the transaction, which would otherwise take the attempt off the trail again.
        raise Refused(found_problem)
    return proved, recovers


def _forget_failures_here(session: Session, account: Account) -> None:
    """Whoever signs in right has made the wrong secrets at this terminal, and is known at it; those
    at others may be somebody's who guesses, and go on counting."""
    here = _here(session, account.name)
    if here is None:
        SignInFailure.insert(account=account.name, terminal=session.terminal, failures=0).execute()
    elif here.failures:
        left = max(0, account.failures - here.failures)
        _update(account.name, failures=left, **({} if left else {"locked_until": None}))
        here.failures, here.locked_until = 0, None
        here.save()


def _forget_failures(name: str) -> None:
    _update(name, failures=0, locked_until=None)
    everywhere = SignInFailure.update(failures=0, locked_until=None)
    everywhere.where(SignInFailure.account == name).execute()


def _update(name: str, **columns: object) -> None:
    Account.update(**columns).where(Account.name == name).execute()


def _here(session: Session, name: str) -> SignInFailure | None:
    """The wrong secrets in a row at this terminal, and how long they lock it; None where the
    account never signed in at it. So nobody who guesses elsewhere keeps people from their own."""
    return SignInFailure.get_or_none(
        SignInFailure.account == name, SignInFailure.terminal == session.terminal
    )


def _locked_until(session: Session, name: str, account: Account) -> Instant | None:
    here = _here(session, name)
    return account.locked_until if here is None else here.locked_until


def _failures(session: Session, name: str, account: Account) -> int:
    here = _here(session, name)
    return account.failures if here is None else here.failures


def _pause(failures: int) -> int:
    """The seconds to wait after so many wrong secrets in a row."""
    if failures >= LOCKED_AFTER:
        return LOCK_SECONDS
    return int(2 ** (failures - PATIENCE)) if failures > PATIENCE else 0


def _count_failure(session: Session, name: str, account: Account) -> Problem:
    here = _here(session, name)
    if here is not None:
        here.failures += 1
        here.locked_until = _until(session, here.failures)
        here.save()
    quiet = account.locked_until is not None and account.locked_until + _FORGOTTEN < session.now()
    everywhere = 1 if quiet else account.failures + 1
    _update(name, failures=everywhere, locked_until=_until(session, everywhere))
    failures = everywhere if here is None else here.failures
    pause, locked = _pause(failures), failures >= LOCKED_AFTER
    _attempt(session, "account.refused", name, "wrong secret")
    if locked:
        _attempt(session, "account.locked", name, f"{failures} wrong secrets")
        return problem(
            "secret",
            "the name or the password is wrong; locked for %(minutes)s minutes",
            minutes=LOCK_SECONDS // 60,
        )
    if pause:
        return problem(
            "secret",
            "the name or the password is wrong; wait %(seconds)s seconds before the next try",
            seconds=pause,
        )
    return _wrong()


def _until(session: Session, failures: int) -> Instant | None:
    pause = _pause(failures)
    return session.now() + pause if pause else None


def _too_soon(failures: int, wait: int) -> Problem:
    if failures >= LOCKED_AFTER:
        return problem(
            "secret",
            "locked after %(failures)s wrong passwords: try again in %(minutes)s minutes, have an"
            " admin unlock it, or give your recovery code as the password",
            failures=failures,
            minutes=-(-wait // 60),
        )
    return problem("secret", "too soon: wait %(seconds)s seconds before the next try", seconds=wait)


def _attempt(session: Session, action: str, name: str | None, reason: str | None) -> None:
    audit.record(
        at=session.now(),
        # Until they are believed, attempts are whoever's who sits at the computer.
        who=name if name is not None and reason is None else session.name(),
        terminal=session.terminal,
        action=action,
        after={"account": name},
        reason=reason,
    )


def _wait(locked_until: Instant | None, now: Instant) -> int:
    """How many seconds an account still has to wait. A clock that was set back makes nobody wait
    longer than the longest lock."""
    if locked_until is None or not now < locked_until <= now + LOCK_SECONDS:
        return 0
    return locked_until - now


def _checked_hash(secret: str, name: str, *others: Problem | None) -> str:
    problems = [each for each in (*others, secret_problem(secret, name)) if each is not None]
    if problems:
        raise Refused(*problems)
    return hashed(secret)


def _find(name: str) -> Account:
    account = _row(name)
    if account is None:
        raise refused("name", "there is no account %(name)s", name=name)
    return account


def _row(name: str) -> Account | None:
    if key_problem(name) is not None:
        return None
    return Account.get_or_none(Account.name == name)


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise refused("role", "not one of %(roles)s", roles=", ".join(ROLES))


def _check_staffer(staff_no: str | None, name: str) -> None:
    if not staff_no:
        return
    if Staff.get_or_none(Staff.staff_no == staff_no) is None:
        raise refused("staff_no", "there is no staffer %(staff_no)s", staff_no=staff_no)
    other = Account.get_or_none(Account.staff == staff_no, Account.name != name)
    if other is not None:
        raise refused(
            "staff_no", "%(staff_no)s has the account %(name)s", staff_no=staff_no, name=other.name
        )


def _keep_an_admin(name: str) -> None:
    """Refuses what would leave the venue without an admin who can sign in."""
    others = Account.select().where(
        Account.role == "admin", ~Account.disabled, Account.name != name
    )
    if not others.exists():
        raise refused("name", "%(name)s is the last admin: make another one first", name=name)
