"""The audit trail and the accounts as people see them."""

import re
from pathlib import Path

import pytest
from textual.widgets import Input

from models.access import accounts
from models.access.permissions import ALLOWED
from models.access.session import Session
from models.operations import roll, staff
from models.operations.staff import Details
from models.storage import audit
from models.storage.database import execute
from tests.screens.pilot import said, settled, toasts
from venue_tui.actions import ACTIONS, PERMISSIONS
from venue_tui.app import VenueApp
from venue_tui.locale import LANGUAGES, _, set_language
from venue_tui.screens.accounts.screen import AccountsScreen
from venue_tui.screens.audit.audit_words import ACTIONS_DONE as IN_WORDS
from venue_tui.screens.audit.audit_words import changed, summary
from venue_tui.screens.audit.screen import AuditScreen
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.screens.sign_in.screen import SignInScreen
from venue_tui.widgets.controls import Options
from venue_tui.widgets.form import FormScreen
from venue_tui.widgets.frame import KeyBar, ScreenBar
from venue_tui.widgets.line_list import LineList

SIZE = (80, 24)
SECRET = "paper lantern"
_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def house(session: Session) -> Session:
    """A venue with two staffers, one of them marked twice, at which an admin signed in."""
    for number, name in (("S01", "张三丰"), ("S02", "Ann [/]")):
        staff.add(session, number, Details(name, "staff", session.tonight(), 500_000, on_roll=True))
    marked = roll.mark(session, "S01")
    roll.unmark(session, "S01")
    assert marked.signs is not None
    accounts.add(session, "admin", "admin", SECRET)
    accounts.sign_in(session, "admin", SECRET)
    return session


def trail(app: VenueApp) -> list[tuple[str, ...]]:
    return [row.cells for row in app.screen.query_one("#trail", LineList).rows]


async def test_the_trail_is_listed_from_the_newest_with_its_head(house: Session) -> None:
    app = VenueApp(house)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f7")
        await settled(pilot)
        assert isinstance(app.screen, AuditScreen)
        last, head = audit.head()
        assert [row[0] for row in trail(app)] == [str(n) for n in range(last, 0, -1)]
        assert trail(app)[0][3] == "Signed in"
        assert head in said(pilot, "chain")
        assert f"The chain is whole up to line {last}." in said(pilot, "chain")


async def test_a_line_tells_what_was_and_what_became(house: Session) -> None:
    app = VenueApp(house, first="audit")
    async with app.run_test(size=SIZE) as pilot:
        row = next(row for row in trail(app) if row[3] == "Mark taken back")
        app.screen.query_one("#trail", LineList).move_to(row[0])
        await pilot.pause()
        told = said(pilot, "line")
        assert "Mark taken back" in told
        assert "张三丰 (S01)" in told
        assert "night of 2026-09-02" in told
        assert "arrived at: 2026-09-02 19:25 > nothing" in told
        assert row[5] == "arrived at 2026-09-02 19:25"


async def test_it_is_narrowed_to_a_person_a_staffer_and_a_night(house: Session) -> None:
    app = VenueApp(house, first="audit")
    async with app.run_test(size=SIZE) as pilot:

        async def narrow(**values: str) -> None:
            await pilot.press("slash")
            assert isinstance(app.screen, FormScreen)
            for name in ("who", "staff_no", "night"):
                control = app.screen.control(name)
                line = control if isinstance(control, Input) else control.query_one(Input)
                line.value = values.get(name, "")
            await pilot.press("f2")
            await pilot.pause()

        everything = len(trail(app))
        await narrow(who="admin")
        assert {row[2] for row in trail(app)} == {"admin"}
        assert "Listed: by admin (1)" in said(pilot, "chain")
        await narrow(staff_no="S01", night="9-2")
        assert [row[3] for row in trail(app)] == ["Mark taken back", "Marked on roll"]
        await narrow(night="1999-01-01")
        assert trail(app) == []
        assert "There is no such line." in said(pilot, "line")
        await pilot.press("v")
        assert len(trail(app)) == everything


async def test_older_lines_are_listed_when_asked_for(
    house: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("venue_tui.screens.audit.screen.PAGE", 3)
    app = VenueApp(house, first="audit")
    async with app.run_test(size=SIZE) as pilot:
        assert len(trail(app)) == 3
        await pilot.press("left_square_bracket")
        assert len(trail(app)) == 6


async def test_a_broken_chain_is_said(house: Session) -> None:
    execute("UPDATE audit SET after = '{' WHERE seq = 3")
    app = VenueApp(house, first="audit")
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        assert "THE CHAIN IS BROKEN AT LINE 3." in said(pilot, "chain")
        execute("UPDATE audit SET after = NULL WHERE seq = 2")
        await pilot.press("i")
        await settled(pilot)
        assert "THE CHAIN IS BROKEN AT LINE 2." in said(pilot, "chain")


async def test_a_hash_that_was_printed_is_found_again(house: Session) -> None:
    printed = execute("SELECT hash FROM audit WHERE seq = 2").fetchone()[0]
    app = VenueApp(house, first="audit")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("h")
        assert isinstance(app.screen, FormScreen)
        app.screen.control("hash").value = "0" * 64
        await pilot.press("f2")
        assert isinstance(app.screen, FormScreen)
        app.screen.control("hash").value = printed.upper()
        await pilot.press("f2")
        await pilot.pause()
        assert toasts(pilot) == ["Line 2 has this hash."]
        assert app.screen.query_one("#trail", LineList).cursor_key == "2"


def test_every_action_that_models_write_down_has_words() -> None:
    written = set()
    for path in (_ROOT / "models").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        written |= set(re.findall(r'"((?:[a-z]+)\.(?:[a-z_]+))"', source))
    actions = {
        each for each in written if each.split(".")[0] in {w.split(".")[0] for w in IN_WORDS}
    }
    rights = set(ALLOWED) - set(IN_WORDS)
    assert actions - rights - {"leave.ask", "leave.decide"} <= set(IN_WORDS)


def test_each_permission_of_an_action_is_known() -> None:
    assert set(PERMISSIONS.values()) <= set(ALLOWED)
    assert all(action.permission in ("", *ALLOWED) for action in ACTIONS.values())


def test_values_are_told_as_people_write_them() -> None:
    line = audit.Line(
        1, 0, "a", "t", "wage.set", "S01", "2026-09-02",
        '{"monthly_wage":450000,"on_roll":true,"text":"a\\nb"}', '{"monthly_wage":500000}', None,
    )  # fmt: skip
    assert changed(line) == [
        ("monthly wage", "4500.00", "5000.00"),
        ("on the roll", "yes", ""),
        ("text", "2 lines of text", ""),
    ]
    assert summary(line).startswith("monthly wage 4500.00 > 5000.00")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["audit", "accounts"])
async def test_it_fits_80_by_24(house: Session, name: str, language: str) -> None:
    app = VenueApp(house, first=name, language=language)
    try:
        async with app.run_test(size=SIZE) as pilot:
            await settled(pilot)
            line_list = app.screen.query(LineList).first()
            assert "…" not in line_list.render_line(0).text
            bar = app.screen.query_one(KeyBar)
            keys = "".join(bar.render_line(y).text for y in range(bar.size.height))
            assert "^q" in keys
            assert _("Staff") in app.screen.query_one(ScreenBar).render_line(0).text
            assert "…" not in said(pilot, "chain" if name == "audit" else "standing")
            await pilot.press("question_mark")
            assert app.screen is not app.screen_stack[0]
    finally:
        set_language("en")


# Accounts


async def test_an_admin_makes_changes_and_disables_accounts(house: Session) -> None:
    app = VenueApp(house)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, AccountsScreen)
        listed = app.screen.query_one("#accounts", LineList)
        await pilot.press("n")
        form = app.screen
        assert isinstance(form, FormScreen)
        form.control("name").value = "李雷"
        form.control("secret").value = "123456"
        form.control("again").value = "12345"
        await pilot.press("f2")
        assert "this is not what is written above" in str(form.query_one("#problem-again").render())
        form.control("again").value = "123456"
        await pilot.press("f2")
        assert "too easy to guess" in str(form.query_one("#problem-secret").render())
        for name in ("secret", "again"):
            form.control(name).value = SECRET
        await pilot.press("f2")
        await pilot.pause()
        shown_code(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.screen_stack[0]
        assert listed.cursor_key == "李雷"
        assert listed.row("李雷").cells[1:] == ("director", "", "may sign in")

        await pilot.press("e")
        assert isinstance(app.screen, FormScreen)
        app.screen.query_one(Options).value = "supervisor"
        app.screen.control("staff_no").take("S01", "张三丰 (S01)")
        await pilot.press("f2")
        await pilot.pause()
        assert listed.row("李雷").cells[1:3] == ("supervisor", "张三丰 (S01)")
        await pilot.press("u")
        assert listed.row("李雷").cells[1:3] == ("director", "")

        await pilot.press("d")
        assert listed.row("李雷").cells[3] == "disabled"
        await pilot.press("u")
        assert listed.row("李雷").cells[3] == "may sign in"
        await pilot.press("d", "r")
        assert listed.row("李雷").cells[3] == "may sign in"
        listed.move_to("admin")
        await pilot.press("d")
        assert toasts(pilot)[-1] == "admin is the last admin: make another one first"


async def test_a_locked_account_is_unlocked(house: Session) -> None:
    from models.values.problems import Refused

    accounts.add(house, "李雷", "director", SECRET)
    for _wrong in range(2):
        with pytest.raises(Refused):
            accounts.sign_in(house.for_another(), "李雷", "wrong")
    app = VenueApp(house, first="accounts")
    async with app.run_test(size=SIZE) as pilot:
        listed = app.screen.query_one("#accounts", LineList)
        listed.move_to("李雷")
        await pilot.pause()
        assert listed.row("李雷").cells[3] == "2 wrong passwords"
        await pilot.press("r")
        assert listed.row("李雷").cells[3] == "may sign in"


async def test_the_first_account_asks_for_a_sign_in_at_once(session: Session) -> None:
    app = VenueApp(session, first="accounts")
    async with app.run_test(size=SIZE) as pilot:
        assert "n makes the first account" in said(pilot, "standing")
        await pilot.press("n")
        form = app.screen
        assert isinstance(form, FormScreen)
        form.control("name").value = "admin"
        for name in ("secret", "again"):
            form.control(name).value = SECRET
        await pilot.press("f2")
        for _wait in range(3):
            await pilot.pause()
        assert app.lock.is_on
        code = shown_code(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, SignInScreen)
    assert accounts.sign_in(session, "admin", code).recovered


async def test_an_admin_is_shown_the_code_of_whom_they_give_a_password(house: Session) -> None:
    accounts.add(house, "李雷", "director", SECRET)
    app = VenueApp(house, first="accounts")
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one("#accounts", LineList).move_to("李雷")
        await pilot.press("asterisk")
        form = app.screen
        assert isinstance(form, FormScreen)
        for name in ("secret", "again"):
            form.control(name).value = "new lantern"
        await pilot.press("f2")
        await pilot.pause()
        code = shown_code(app)
    assert accounts.sign_in(house.for_another(), "李雷", code).recovered


def shown_code(app: VenueApp) -> str:
    """The recovery code that is shown, which the screen below says nothing of."""
    assert isinstance(app.screen, ReadScreen)
    [code] = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+", app.screen.text)
    assert all(code not in each.message for each in app.said)
    return code


async def test_ones_own_secret_needs_the_old_one(house: Session) -> None:
    app = VenueApp(house, first="accounts")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        app.action_change_secret()
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FormScreen)
        form.control("old").value = "wrong"
        for name in ("secret", "again"):
            form.control(name).value = " new lantern "
        await pilot.press("f2")
        assert "the name or the password is wrong" in str(form.query_one("#problem-old").render())
        form.control("old").value = SECRET
        await pilot.press("f2")
        await pilot.pause()
        assert toasts(pilot) == ["admin has a new password."]
    accounts.sign_in(house, "admin", " new lantern ")


async def test_who_may_not_see_them_is_told_so(house: Session) -> None:
    accounts.add(house, "李雷", "supervisor", SECRET)
    accounts.sign_in(house, "李雷", SECRET)
    app = VenueApp(house)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("f7", "f8")
        assert app.screen.where == "tonight"
        refused = "李雷 signed in as supervisor, who may not do this"
        may = ("director, payroll, admin", "admin")
        assert toasts(pilot) == [f"{refused} ({each} may)" for each in may]
        await pilot.press("ctrl+p")
        keys = {row.key for row in app.screen.query_one(LineList).rows}
        assert "go.audit" not in keys
        assert {"app.lock", "app.secret", "go.staff"} <= keys
