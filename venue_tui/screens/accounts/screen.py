"""Accounts: who may sign in, and as what."""

from typing import ClassVar

from textual.app import ComposeResult

from models.access import accounts
from models.access.accounts import Listed
from models.access.session import has_accounts
from models.operations import directory
from models.values.problems import Refused
from venue_tui.locale import N_, _, ngettext
from venue_tui.problem_words import in_words
from venue_tui.screens.accounts.forms import AccountForm, SavedAccount, ask_new_secret, show_code
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.sentences import moment
from venue_tui.widgets.columns import Column
from venue_tui.widgets.keys import bindings
from venue_tui.widgets.line_list import LineList, Row
from venue_tui.widgets.lines import Line, Lines, line
from venue_tui.widgets.split import Split
from venue_tui.words import shown_name, word

_ROLES = {
    "director": N_("Calls the roll, raises incidents, decides on slips, leave and separations."),
    "supervisor": N_("Decides on slips and leave of their own people, and sees nobody else's."),
    "payroll": N_("Sees to wages, decides on appeals, closes the month and exports it."),
    "admin": N_("Sees to accounts, the rulebook, backups and what is imported."),
    "staff": N_("Sees their own month, and asks for leave and slips."),
}


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
        "Wrong passwords make an account wait, and lock it after eight of them; unlocking it, or"
        " giving it a new password, lets it try again. Nobody sees a password, and none is on the"
        " audit trail."
    )
    BINDINGS: ClassVar = bindings("accounts")
    WHY_NOT: ClassVar = {
        "edit": N_("There is no account yet: n makes the first one."),
        "secret": N_("There is no account yet: n makes the first one."),
        "disable": N_("Only an account that may sign in can be disabled."),
        "restore": N_("This account may sign in as it is."),
    }

    def __init__(self) -> None:
        super().__init__()
        self._listed: dict[str, Listed] = {}

    def body(self) -> ComposeResult:
        yield Lines([()], id="standing", wraps=True, classes="heading")
        with Split():
            yield LineList(
                Column(_("Sign-in name"), 12, share=1),
                Column(_("Role"), 10, spare=2),
                Column(_("Staffer"), 16, share=1, spare=1),
                Column(_("State"), 24, tinted=True),
                id="accounts",
                classes="panel list",
            )
            yield Lines(id="account", wraps=True, classes="detail")

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
        self.entitle("#accounts", _("Accounts"), len(self._listed))
        self.entitle("#account", _("Account"))
        self._show_selected()
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
            wrong = ngettext("%d wrong password", "%d wrong passwords", each.failures)
            return wrong % each.failures, "warning"
        return _("may sign in"), "good"

    @property
    def _selected(self) -> Listed | None:
        return self._listed.get(self.query_one("#accounts", LineList).cursor_key or "")

    def on_line_list_highlighted(self) -> None:
        self._show_selected()
        self.refresh_bindings()

    def _show_selected(self) -> None:
        each = self._selected
        self.query_one("#account", Lines).set_lines(() if each is None else self._detail(each))

    def _detail(self, each: Listed) -> list[Line]:
        """Whose account it is, what its role may do, and what keeps it from signing in."""
        state, style = self._state(each)
        staffer = _("belongs to no staffer: it decides on nobody")
        if each.staff_no:
            name = shown_name(each.staff_no, directory.name_of(each.staff_no))
            staffer = _("belongs to %s") % name
        return [
            line(f"{each.name}  {word(each.role)}", "strong"),
            line(staffer),
            line(state, style),
            line(_("made %s") % moment(self.session, each.made_at), "muted"),
            line(""),
            line(_(_ROLES[each.role]), "muted"),
        ]

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
        first = not has_accounts()

        def made(saved: SavedAccount | None) -> None:
            if saved is None:
                return
            if first:
                self.program.check_lock()  # from now on everybody signs in
            else:
                self.refresh_data()
                self.query_one("#accounts", LineList).move_to(saved.name)
                self.did(_("%s may sign in.") % saved.name)
            self.app.call_after_refresh(show_code, self.app, saved)

        self.app.push_screen(AccountForm(self.session), made)

    def action_edit(self) -> None:
        if (each := self._selected) is None:
            return

        def edited(saved: SavedAccount | None) -> None:
            if saved is not None:
                self.refresh_data()
                self.did(
                    _("Changed: %s") % saved.name,
                    lambda: accounts.change(
                        self.session, saved.name, role=each.role, staff_no=each.staff_no or ""
                    ),
                )

        self.app.push_screen(AccountForm(self.session, each), edited)

    def action_secret(self) -> None:
        if each := self._selected:
            ask_new_secret(self.app, self.session, each.name)

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
