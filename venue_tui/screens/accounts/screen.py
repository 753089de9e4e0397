"""Accounts: who may sign in, and as what."""

from typing import ClassVar

from textual.app import ComposeResult

from models.access import accounts
from models.access.accounts import Listed
from models.operations import directory
from models.values.problems import Refused
from venue_tui.locale import N_, _, ngettext
from venue_tui.screens.accounts.forms import AccountForm, SecretForm
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.people import shown_name
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import Column, LineList, Row
from venue_tui.widgets.lines import Lines
from venue_tui.words import in_words, word


class AccountsScreen(VenueScreen):
    """Every account, with its role and what keeps it from signing in."""

    where = "accounts"
    about = N_(
        "Who may sign in here. As long as there is no account, whoever reaches the database may do"
        " everything; the first one, an admin's, turns sign-in on for everybody, at every terminal"
        " and for every command.\n\n"
        "A director calls the roll, raises incidents and decides; a supervisor decides on slips and"
        " leave of their own people; payroll sees to wages, the month and its export; an admin"
        " to accounts, the rulebook and backups. Whoever decides on others needs an account that"
        " belongs to a staffer.\n\n"
        "Wrong secrets make an account wait, and lock it after eight of them; unlocking it, or"
        " giving it a new secret, lets it try again. Nobody sees a secret, and none is on the audit"
        " trail."
    )
    BINDINGS: ClassVar = bindings("accounts")
    WHY_NOT: ClassVar = {
        "edit": N_("There is no account yet: n makes the first one."),
        "secret": N_("There is no account yet: n makes the first one."),
        "disable": N_("Only an account that may sign in can be disabled."),
        "restore": N_("This account may sign in as it is."),
    }
    CSS = """
    AccountsScreen #standing { height: 1; background: $panel; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._listed: dict[str, Listed] = {}

    def body(self) -> ComposeResult:
        yield Lines(id="standing")
        yield LineList(
            Column(_("Sign-in name"), 12, share=1),
            Column(_("Role"), 10),
            Column(_("Staffer"), 16, share=1),
            Column(_("State"), 24, tinted=True),
            id="accounts",
            classes="panel",
        )

    def refresh_data(self) -> None:
        try:
            self._listed = {each.name: each for each in accounts.listing(self.session)}
        except Refused as refusal:
            self._listed = {}
            standing = " ".join(map(in_words, refusal.problems))
        else:
            standing = self._standing()
        self.query_one("#standing", Lines).set_lines(
            [((_("Accounts"), "title"), (f"  {standing}", ""))]
        )
        self.query_one("#accounts", LineList).set_rows(map(self._row, self._listed.values()))
        self.refresh_bindings()

    def _standing(self) -> str:
        count = len(self._listed)
        if not count:
            return _("Nobody signs in here yet: n makes the first account, an admin's.")
        return ngettext("%(n)s account", "%(n)s accounts", count) % {"n": count}

    def _row(self, each: Listed) -> Row:
        staff_no = each.staff_no
        staffer = shown_name(staff_no, directory.name_of(staff_no)) if staff_no else ""
        state, style = self._state(each)
        return Row(each.name, (each.name, word(each.role), staffer, state), style)

    def _state(self, each: Listed) -> tuple[str, str]:
        if each.disabled:
            return _("disabled"), "muted"
        if each.locked_until is not None:
            until = self.session.calendar.local(each.locked_until).strftime("%H:%M")
            return _("locked until %s") % until, "bad"
        if each.failures:
            wrong = ngettext("%d wrong secret", "%d wrong secrets", each.failures)
            return wrong % each.failures, "warning"
        return _("may sign in"), "good"

    @property
    def _selected(self) -> Listed | None:
        return self._listed.get(self.query_one("#accounts", LineList).cursor_key or "")

    def on_line_list_highlighted(self) -> None:
        self.refresh_bindings()

    def on_line_list_selected(self) -> None:
        self.action_edit()

    # What can be done

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.opened:
            return super().check_action(action, parameters)
        each = self._selected
        if action in ("edit", "secret"):
            return True if each else None
        if action == "disable":
            return True if each and not each.disabled else None
        if action == "restore":
            return True if each and (each.disabled or each.failures) else None
        return super().check_action(action, parameters)

    def action_new(self) -> None:
        first = not accounts.enabled()

        def made(name: str | None) -> None:
            if name is None:
                return
            if first:
                self.venue_app.lock.check()  # from now on everybody signs in
                return
            self.refresh_data()
            self.query_one("#accounts", LineList).move_to(name)
            self.did(_("%s may sign in.") % name)

        self.app.push_screen(AccountForm(self.session), made)

    def action_edit(self) -> None:
        if (each := self._selected) is None:
            return

        def edited(name: str | None) -> None:
            if name is not None:
                self.refresh_data()
                self.did(
                    _("Changed: %s") % name,
                    lambda: accounts.change(
                        self.session, name, role=each.role, staff_no=each.staff_no or ""
                    ),
                )

        self.app.push_screen(AccountForm(self.session, each), edited)

    def action_secret(self) -> None:
        if each := self._selected:
            self.app.push_screen(SecretForm(self.session, each.name))

    def action_disable(self) -> None:
        if each := self._selected:
            with self.refusals_shown():
                accounts.disable(self.session, each.name)
                done = _("%s may no longer sign in.") % each.name
                self.did(done, lambda: accounts.enable(self.session, each.name))
            self.refresh_data()

    def action_restore(self) -> None:
        each = self._selected
        if each is None:
            return
        with self.refusals_shown():
            if each.disabled:
                accounts.enable(self.session, each.name)
                done = _("%s may sign in.") % each.name
                self.did(done, lambda: accounts.disable(self.session, each.name))
            else:
                accounts.unlock(self.session, each.name)
                self.did(_("%s is not locked.") % each.name)
        self.refresh_data()
