"""How many keys the work of a night takes, counted on the demo."""

from textual.pilot import Pilot

from models.access import accounts
from models.access.session import Session
from models.operations import directory, incidents, leave, roll_board, slip_board
from models.rules.charges import Outcome
from tests.screens.pilot import press, selected, showing

SIZE = (120, 36)


class Counted:
    """Presses keys and counts them; letters of what has to be written anyway are not."""

    def __init__(self, pilot: Pilot) -> None:
        self._pilot = pilot
        self.keys = 0

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await press(self._pilot, *keys)

    async def write(self, text: str) -> None:
        await press(self._pilot, *("space" if each == " " else each for each in text))


def ten_minutes_later(session: Session) -> None:
    now = session.now()
    session.clock = lambda: now + 600


def outcome(session: Session, staff_no: str) -> Outcome:
    return next(row.outcome for row in roll_board.board(session) if row.staff_no == staff_no)


def initials(session: Session, staff_no: str) -> str:
    entry = next(e for e in directory.employed(session.tonight()) if e.staff_no == staff_no)
    return entry.initials[0]


async def test_a_whole_roll_is_a_key_a_person(demo: Session) -> None:
    to_call = sum(row.unmarked and not row.resting for row in roll_board.board(demo))
    async with showing(demo, "tonight", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("2", *["space"] * to_call)
        assert not any(row.unmarked and not row.resting for row in roll_board.board(demo))
        assert counted.keys == to_call + 1


async def test_out_of_turn_five_keys(demo: Session) -> None:
    async with showing(demo, "roll", "D01", size=SIZE) as pilot:
        who = roll_board.board(demo)[30].staff_no
        letters = initials(demo, who)
        counted = Counted(pilot)
        await counted.press("slash", *letters[:3], "space")
        assert outcome(demo, who) is Outcome.PRESENT
        assert counted.keys <= 5


async def test_a_latecomer_one_key(demo: Session) -> None:
    async with showing(demo, "roll", "D01", size=SIZE) as pilot:
        ten_minutes_later(demo)
        who = roll_board.board(demo)[0].staff_no
        counted = Counted(pilot)
        await counted.press("l")
        assert outcome(demo, who) is Outcome.LATE
        assert counted.keys == 1


async def test_a_mark_is_put_right_in_five_keys(demo: Session) -> None:
    async with showing(demo, "roll", "D01", size=SIZE) as pilot:
        who = roll_board.board(demo)[0].staff_no
        await press(pilot, "space", "space")
        ten_minutes_later(demo)
        counted = Counted(pilot)
        await counted.press("k", "k", "x", "l")  # the one two names above was not here after all
        assert outcome(demo, who) is Outcome.LATE
        assert counted.keys <= 5


async def test_the_time_of_a_mark_is_put_right_in_five_keys(demo: Session) -> None:
    async with showing(demo, "roll", "D01", size=SIZE) as pilot:
        who = roll_board.board(demo)[0].staff_no
        await press(pilot, "space")
        ten_minutes_later(demo)
        counted = Counted(pilot)
        await counted.press("k", "e", "3", "2", "f2")  # the minute alone, of the hour it stood at
        [row] = [each for each in roll_board.board(demo) if each.staff_no == who]
        assert row.signs.arrived_at is not None
        assert f"{demo.calendar.local(row.signs.arrived_at):%H:%M}" == "19:32"
        assert row.outcome is Outcome.LATE
        assert counted.keys <= 5


async def test_decisions_on_tonight_are_a_key_each(demo: Session) -> None:
    asked = [row.slip_no for row in slip_board.board(demo).asked]
    async with showing(demo, "tonight", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("a")
        assert slip_board.slip(demo, asked[0]).status == "approved"
        await counted.press("x")
        await counted.write("busy")
        await counted.press("enter")
        assert slip_board.slip(demo, asked[1]).status == "rejected"
        await counted.press("o")
        assert slip_board.slip(demo, asked[0]).out_at is not None
        assert counted.keys == 4


async def test_who_is_back_is_a_key(demo: Session) -> None:
    [gone] = [row for row in slip_board.board(demo).out if row.back_at is None]
    async with showing(demo, "tonight", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("b")
        assert slip_board.slip(demo, gone.slip_no).back_at is not None
        assert counted.keys == 1


async def test_out_without_a_slip_six_keys(demo: Session) -> None:
    before = len(slip_board.board(demo).out)
    async with showing(demo, "outings", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("z", *initials(demo, "0021")[:3], "enter", "f2")
        assert len(slip_board.board(demo).out) == before + 1
        assert counted.keys <= 6


async def test_an_incident_of_a_range_twelve_keys_and_the_note(demo: Session) -> None:
    first = demo.tonight().replace(day=1)
    before = {each.incident_no for each in incidents.listing(demo, first, demo.tonight())}
    async with showing(demo, "incidents", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("n", *"de", "enter")  # Defying ...
        await counted.press(*initials(demo, "0021")[:2], "enter", *"400", "enter")
        await counted.write("shouted")
        await counted.press("f2")
        after = incidents.listing(demo, first, demo.tonight())
        [new] = [each for each in after if each.incident_no not in before]
        assert (new.rule, new.amount, new.note) == ("insubordination", 40000, "shouted")
        assert counted.keys <= 12


async def test_leave_is_decided_with_a_key(demo: Session) -> None:
    async with showing(demo, "leave", "D01", size=SIZE) as pilot:
        leave_no = selected(pilot, "leave")
        assert leave_no is not None
        counted = Counted(pilot)
        await counted.press("a")
        [row] = [each for each in leave.listing(demo) if each.leave_no == leave_no]
        assert row.status == "approved"
        assert counted.keys == 1


async def test_a_new_staffer_six_moves(demo: Session) -> None:
    async with showing(demo, "staff", "D01", size=SIZE) as pilot:
        counted = Counted(pilot)
        await counted.press("n")
        for text in ("0099", "Zoe", "一组", "S01"):
            await counted.write(text)
            await counted.press("enter")
        await counted.write("4500")
        await counted.press("f2")
        [new] = [e for e in directory.employed(demo.tonight()) if e.staff_no == "0099"]
        assert (new.name, new.team, new.supervisor_no) == ("Zoe", "一组", "S01")
        assert counted.keys <= 6


async def test_a_terminal_is_handed_over_by_pin_in_eight_keys(demo: Session) -> None:
    """To somebody who signed in by their PIN here before: the letter is for which of several."""
    pins = {"admin": "617042", "lei": "802914"}
    accounts.add(demo, "admin", "admin", pins["admin"])
    accounts.sign_in(demo, "admin", pins["admin"])
    accounts.add(demo, "lei", "director", pins["lei"], "D01")
    async with showing(demo, "tonight", size=SIZE) as pilot:
        for name in ("lei", "admin"):
            await press(pilot, "ctrl+l", name[0], *pins[name], "enter")
        counted = Counted(pilot)
        await counted.press("ctrl+l", "l", *pins["lei"])
        assert pilot.app.session.actor.name == "lei"
        assert counted.keys <= 8
