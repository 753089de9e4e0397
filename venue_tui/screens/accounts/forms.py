"""The forms of accounts: who may sign in, with which role, and with what secret."""

import asyncio
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.widgets import Input

from models.access import accounts
from models.access.accounts import Listed
from models.access.passwords import secret_problem
from models.access.permissions import ROLES
from models.access.session import has_accounts
from models.operations import directory
from models.values.problems import Refused, problem
from venue_tui.error_boundary import refusal_in
from venue_tui.keystrokes import FLOWS
from venue_tui.locale import _
from venue_tui.program import program
from venue_tui.screens.shared.people import staff_search
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import shown_name, word

if TYPE_CHECKING:
    from textual.app import App

    from models.access.session import Session


class SavedAccount(NamedTuple):
    """The account that was saved, and its recovery code, where it was given a new one."""

    name: str
    code: str | None = None


class _PasswordForm(FormScreen[SavedAccount]):
    """A form whose saving takes as long as hashing a password does: it is done in a thread of its
    own, and the keys after it wait."""

    _saving = False

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session

    def work(self, values: dict[str, str]) -> Callable[["Session"], SavedAccount]:
        """What saves it, at a session of that thread. Raises Refused where there is nothing to be
        saved; what it gives raises Refused as `save` does."""
        raise NotImplementedError

    def verdict(self, values: dict[str, str]) -> str:
        return _("Checking") if self._saving else ""

    def action_save(self) -> None:
        if self._saving:
            return
        try:
            work = self.work(self.values())
        except Refused as refusal:
            self.show_problems(refusal.problems)
            return
        self._mark_saving(True)
        self.run_worker(self._save(work), group=FLOWS)

    async def _save(self, work: Callable[["Session"], SavedAccount]) -> None:
        session = copy(self._session)

        def save() -> SavedAccount:
            with session.reading():
                return work(session)

        try:
            saved = await asyncio.to_thread(save)
        except Exception as error:
            if (refusal := refusal_in(error)) is None:
                raise
            self._mark_saving(False)
            self.show_problems(refusal.problems)
        else:
            self._session.actor = session.actor
            self.dismiss(saved)

    def _mark_saving(self, on: bool) -> None:
        self._saving = on
        self._judge()


class AccountForm(_PasswordForm):
    """Makes an account, or changes one's role and staffer (`held`)."""

    def __init__(self, session: "Session", held: Listed | None = None) -> None:
        super().__init__(session)
        self._held = held

    def title_line(self) -> str:
        if self._held is None:
            return _("Let somebody sign in")
        return _("Change %s") % self._held.name

    def fields(self) -> Sequence[Field]:
        held = self._held
        roles = [(each, word(each)) for each in ROLES]
        staff_no = held.staff_no or "" if held else ""
        start = shown_name(staff_no, directory.name_of(staff_no)) if staff_no else ""
        details = [
            Field("role", _("Role"), held.role if held else _first_role(), options=roles),
            Field("staff_no", _("Staffer"), staff_no, _("blank for none"), start=start,
                  search=staff_search(self._session)),
        ]  # fmt: skip
        if held is not None:
            return details
        return [
            Field("name", _("Sign-in name"), hint=_("what they sign in as")),
            *details,
            *_new_secret(),
        ]

    def work(self, values: dict[str, str]) -> Callable[["Session"], SavedAccount]:
        role, staff_no = values["role"], values["staff_no"]
        if self._held is not None:
            return partial(_change, self._held.name, role, staff_no)
        return partial(_add, values["name"], role, _written_twice(self), staff_no)


class SecretForm(_PasswordForm):
    """A new secret for an account: one's own, proved by the old one or by having come in with the
    recovery code, or another's."""

    def __init__(self, session: "Session", name: str) -> None:
        super().__init__(session)
        self._account = name
        actor = session.actor
        self._own = actor is not None and actor.name == name
        self._recovered = actor is not None and actor.recovered
        """Whether they needn't know the old one."""

    def title_line(self) -> str:
        return _("My password") if self._own else _("A new password for %s") % self._account

    def introduction(self) -> Sequence[str]:
        if not (self._own and self._recovered):
            return ()
        return [_("Your recovery code is used up. A new password comes with another.")]

    @property
    def _asks_old(self) -> bool:
        return self._own and not self._recovered

    def fields(self) -> Sequence[Field]:
        old = Field("old", _("Old password"), hint=_("what you signed in with"), secret=True)
        return [*([old] if self._asks_old else []), *_new_secret()]

    def work(self, values: dict[str, str]) -> Callable[["Session"], SavedAccount]:
        secret = _written_twice(self)
        if (found_problem := secret_problem(secret, self._account)) is not None:
            raise Refused(found_problem)
        old = _raw(self, "old") if self._asks_old else None
        return partial(_give_secret, self._account, secret, old)


def _add(name: str, role: str, secret: str, staff_no: str, session: "Session") -> SavedAccount:
    return SavedAccount(name, accounts.add(session, name, role, secret, staff_no))


def _change(name: str, role: str, staff_no: str, session: "Session") -> SavedAccount:
    accounts.change(session, name, role=role, staff_no=staff_no)
    return SavedAccount(name)


def _give_secret(name: str, secret: str, old: str | None, session: "Session") -> SavedAccount:
    try:
        return SavedAccount(name, accounts.change_secret(session, name, secret, old))
    except Refused as refusal:
        # The new one is fine, so it is the old one that was wrong.
        problems = (
            each._replace(field="old") if each.field == "secret" else each
            for each in refusal.problems
        )
        raise Refused(*problems) from None


def show_code(app: "App[Any]", saved: SavedAccount) -> None:
    """Shows the recovery code, this once, until it is put away."""
    if saved.code is None:
        return
    lines = [
        _("Write it down: it is shown this once."),
        "",
        saved.code,
        "",
        _("It lets them in once, in the place of the password. Any older code is void."),
    ]
    title = _("Recovery code of %s") % saved.name
    program(app).forget_keys()  # or one that was pressed before would put it away
    app.push_screen(ReadScreen(title, "\n".join(lines)))


def ask_new_secret(app: "App[Any]", session: "Session", name: str) -> None:
    """Asks for a new secret of that account, and shows the code that comes with it."""

    def saved(result: SavedAccount | None) -> None:
        if result is not None:
            app.notify(_("%s has a new password.") % name)
            show_code(app, result)

    app.push_screen(SecretForm(session, name), saved)


def _first_role() -> str:
    return "director" if has_accounts() else "admin"


def _new_secret() -> list[Field]:
    return [
        Field("secret", _("Password"), hint=_("6 digits or 8 characters, or more"), secret=True),
        Field("again", _("Once more"), hint=_("the same again"), secret=True),
    ]


def _written_twice(form: FormScreen[SavedAccount]) -> str:
    """The new secret. Raises Refused unless it was written twice."""
    secret = _raw(form, "secret")
    if _raw(form, "again") != secret:
        raise Refused(problem("again", "this is not what is written above"))
    return secret


def _raw(form: FormScreen[SavedAccount], name: str) -> str:
    """A secret as it was written, blanks and all."""
    control = form.control(name)
    assert isinstance(control, Input)
    return control.value
