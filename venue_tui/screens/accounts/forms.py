"""The forms of accounts: who may sign in, with which role, and with what secret."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.widgets import Input

from models.access import accounts
from models.access.accounts import Listed
from models.access.passwords import secret_problem
from models.access.permissions import ROLES
from models.access.session import has_accounts
from models.operations import directory
from models.values.problems import Refused, problem
from venue_tui.locale import _
from venue_tui.screens.shared.people import shown_name, staff_search
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.words import word

if TYPE_CHECKING:
    from textual.app import App

    from models.access.session import Session


class SavedAccount(NamedTuple):
    """The account that was saved, and its recovery code, where it was given a new one."""

    name: str
    code: str | None = None


class AccountForm(FormScreen[SavedAccount]):
    """Makes an account, or changes one's role and staffer (`held`)."""

    def __init__(self, session: "Session", held: Listed | None = None) -> None:
        super().__init__()
        self._session = session
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

    def save(self, values: dict[str, str]) -> SavedAccount:
        if self._held is not None:
            name, role, staff_no = self._held.name, values["role"], values["staff_no"]
            accounts.change(self._session, name, role=role, staff_no=staff_no)
            return SavedAccount(name)
        secret = _written_twice(self)
        name, role, staff_no = values["name"], values["role"], values["staff_no"]
        return SavedAccount(name, accounts.add(self._session, name, role, secret, staff_no))


class SecretForm(FormScreen[SavedAccount]):
    """A new secret for an account: one's own, proved by the old one or by having come in with the
    recovery code, or another's."""

    def __init__(self, session: "Session", name: str) -> None:
        super().__init__()
        self._session = session
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

    def save(self, values: dict[str, str]) -> SavedAccount:
        secret = _written_twice(self)
        if (found_problem := secret_problem(secret, self._account)) is not None:
            raise Refused(found_problem)
        old = _raw(self, "old") if self._asks_old else None
        try:
            code = accounts.change_secret(self._session, self._account, secret, old)
        except Refused as refusal:
            # The new one is fine, so it is the old one that was wrong.
            problems = (
                each._replace(field="old") if each.field == "secret" else each
                for each in refusal.problems
            )
            raise Refused(*problems) from None
        self.app.notify(_("%s has a new password.") % self._account)
        return SavedAccount(self._account, code)


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
    app.push_screen(ReadScreen(title, "\n".join(lines)))


def ask_new_secret(app: "App[Any]", session: "Session", name: str) -> None:
    """Asks for a new secret of that account, and shows the code that comes with it."""

    def saved(result: SavedAccount | None) -> None:
        if result is not None:
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
