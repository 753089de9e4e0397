"""What the commands tell a staffer: of themselves, and nothing of anybody else's."""

import pytest

from models.backup.opening import open_venue
from models.storage.database import close_database, execute
from tests.commands.conftest import House, briefed

SECRET = "correct horse"
NIGHTS = ("2026-09-02", "2026-09-03", "2026-09-04")
MONTH = "2026-09"
CHARGE = ("2026-09-02", "absence", "roll")


@pytest.fixture
def own(house: House) -> House:
    """A house in which nobody came on three nights, and `fan` is the staffer 0007."""
    house.took(briefings=briefed(*NIGHTS))
    add = ("accounts", "add")
    assert house.run(*add, "root", "--role", "admin", NEW_SECRET=SECRET).status == 0
    as_fan = ("fan", "--role", "staff", "--staff", "0007")
    added = house.run("--as", "root", *add, *as_fan, SECRET=SECRET, NEW_SECRET=SECRET)
    assert added.status == 0, added.err
    return house


@pytest.mark.parametrize(
    "command",
    [
        ("separations", "list", MONTH),
        ("explain", "0007", MONTH),
        ("explain", "0008", MONTH),
        ("print", "statement", "0007", MONTH),
        ("print", "notice", "0008", MONTH),
        ("rules", "whatif", "nightlife", MONTH),
        ("check",),
        ("audit",),
        ("clocks", "list"),
        ("clocks", "differences", NIGHTS[0]),
        ("accounts", "list"),
        ("import", "--undo"),
        ("waive", "0008", *CHARGE, "--reason", "x"),
        ("separations", "keep", "0008", MONTH),
        ("close", "month", MONTH, "--yes"),
        *(
            ("export", name, *(() if name == "staff" else ("--month", MONTH)))
            for name in ("staff", "deductions", "charges", "roll", "night_log", "attendance")
        ),
    ],
    ids=" ".join,
)
def test_no_command_tells_of_anybody_else(
    own: House, sqlite_url: str, command: tuple[str, ...]
) -> None:
    open_venue(sqlite_url)
    execute("UPDATE charges SET amount = amount + 1 WHERE staff_no = ?", ("0008",))
    close_database()
    told = own.run("--as", "fan", *command, SECRET=SECRET)
    assert "单雄信" not in told.out + told.err
    if "0008" not in command:
        assert "0008" not in told.out + told.err
    assert command != ("separations", "list", MONTH) or "0007" in told.out
