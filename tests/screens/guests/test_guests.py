"""The guest desk on the screen: fast at the door, the order beside it, and every why one key away."""

import pytest
from textual.pilot import Pilot

from models.access.session import Session
from models.guests import complaints, contacts, desk, handovers, register
from models.ledger.promises import waiting
from models.operations import venue
from models.rules import shipped
from models.storage.database import execute
from tests.clock import clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, charges, hire, in_step, place, staff_the_house
from tests.screens.pilot import drawn, press, rows, settled, showing
from venue_tui.app import VenueApp
from venue_tui.screens.guests.forms import NewComplaint, NewGuest
from venue_tui.screens.guests.screen import GuestsScreen
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.chooser import Chooser
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.lines import Lines


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """21:00 of 2026-09-02; the order is A1, A2, A3."""
    session = make_session("2026-09-02T21:00")
    staff_the_house()
    for number in range(4):
        place(f"V{number}", "room", 88000 + 40000 * number)
    desk.make_order(session, NIGHT, ("A1", "A2", "A3"))
    return session


def screen(pilot: Pilot[None]) -> GuestsScreen:
    found = pilot.app.screen_stack[0]
    assert isinstance(found, GuestsScreen)
    return found


async def test_a_guest_is_recorded_and_given_in_four_keys_and_a_name(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("n", "down", *"Hu", "f2")
        await pilot.pause()
        assert rows(pilot, "door") == [("21:00", "Hu", "", "waits")]
        assert "曾小贤 (A1)" in screen(pilot).query_one("#detail", Lines).text
        await pilot.press("space")
        await pilot.pause()
        assert rows(pilot, "door")[-1][-1] == "曾小贤"
        assert [row[1:3] for row in rows(pilot, "order")][-1] == ("曾小贤", "1")
        await pilot.press("u")
        await pilot.pause()
        assert rows(pilot, "door") == [("21:00", "Hu", "", "waits")]
        await pilot.press("u")
        await pilot.pause()
        assert rows(pilot, "door") == [("Nobody is here: n writes down who comes.",)]
    assert in_step(session)


async def test_the_register_says_at_once_whose(session: Session) -> None:
    guest_no = register.add(session, "[red]胡[/]", "13800000001")
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status, guest_no, booked_at)"
        f" VALUES ('B1', '2026-09-02', 'V1', 1, 'A3', 'booked', '{guest_no}', 1)"
    )
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("n", *"13800000001")
        form = pilot.app.screen
        assert isinstance(form, NewGuest)
        said = str(form.query_one("#verdict").render())
        assert "138****0001" in said
        assert "(A3)" in said
        await pilot.press("f2")
        await pilot.pause()
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ReadScreen)
        await pilot.press("escape", "space")
        await pilot.pause()
        assert [row.cells[-1] for row in screen(pilot).query_one("#door", LineList).rows][
            -1
        ] == "解晓"


async def test_a_phone_that_is_none_is_refused_where_it_is(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("n", *"12", "f2")
        await pilot.pause()
        assert isinstance(pilot.app.screen, NewGuest)
        assert "not a phone number" in str(pilot.app.screen.query_one("#problem-phone").render())


async def test_the_telephone_then_away_then_back(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("right")
        states = []
        for _ in range(3):
            clock_of(session).now += 60
            await pilot.press("t")
            await pilot.pause()
            states.append({row[1]: row[3] for row in rows(pilot, "order")}["曾小贤"])
        assert states == ["phoning", "away", ""]


async def test_a_guest_asks_for_somebody(session: Session) -> None:
    desk.arrive(session, register.add(session, "胡"))
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("g")
        assert isinstance(pilot.app.screen, Chooser)
        await pilot.press(*"A2", "enter")
        await pilot.pause()
        assert rows(pilot, "door")[0][-1] == "→ 单雄"
        await pilot.press("space", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReadScreen)


async def test_a_complaint_fines_nobody_until_it_is_said_twice(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("v", "n", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, NewComplaint)
        await pilot.press(*"rude", "down", "down", *"A1", "f2")
        await pilot.pause()
        await pilot.press("a")
        await pilot.pause()
        assert charges("A1") == []
        await pilot.press("a")
        await pilot.pause()
        confirm = pilot.app.screen
        assert isinstance(confirm, Confirm)
        await pilot.press("y")
        await pilot.pause()
        assert [(rule, amount) for rule, _, amount, _ in charges("A1")] == [
            ("service_complaint", 10000)
        ]
        await pilot.press("u")
        await pilot.pause()
        assert [status for *_, status in charges("A1")] == ["reversed"]
    assert in_step(session)


async def test_whose_a_sale_is_is_claimed_and_decided(session: Session) -> None:
    hire("E1", "王五")
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status, amount)"
        " VALUES ('B1', '2026-09-02', 'V1', 1, 'A1', 'left', 288000)"
    )
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("v", "v", "n", "enter")
        await pilot.pause()
        await pilot.press(*"A2", "enter")
        await pilot.pause()
        [row] = rows(pilot, "sales")
        assert row[1:4] == ("B1", "2880.00", "曾小贤")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReadScreen)
        await pilot.press("escape", "a")
        await pilot.pause()
        await pilot.press(*["backspace"] * 4, *"A1:1/2 A2:1/2", "down", *"agreed", "f2")
        await pilot.pause()
        assert "1/2" in rows(pilot, "sales")[0][3]
        await pilot.press("u")
        await pilot.pause()
        assert rows(pilot, "sales")[0][3] == "曾小贤"


async def test_ten_questions_about_the_house(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        screen(pilot).action_quiz()
        await pilot.pause()
        await pilot.press(*"A1", "enter")
        for _ in range(10):
            await pilot.pause()
            assert isinstance(pilot.app.screen, Chooser)
            await pilot.press("enter")
        await pilot.pause()
    assert execute("SELECT staff_no, asked FROM knowledge").fetchall() == [("A1", 10)]


@pytest.mark.parametrize("size", [(40, 20), (60, 24), (80, 24), (120, 36), (160, 50)])
async def test_it_fits(session: Session, size: tuple[int, int]) -> None:
    desk.give(session, desk.arrive(session, register.add(session, "胡先生", "13800000001")))
    async with showing(session, "guests", "D1", size=size) as pilot:
        for _ in range(4):
            await pilot.press("v")
            await pilot.pause()


async def test_an_empty_desk_says_how_to_begin(session: Session) -> None:
    desk.make_order(session, NIGHT, ())
    async with showing(session, "guests", "D1") as pilot:
        for view, list_id in (("", "door"), ("v", "promised"), ("v", "sales"), ("v", "register")):
            await pilot.press(*view)
            await pilot.pause()
            [(said,)] = rows(pilot, list_id)
            assert "n " in said
        assert list(rows(pilot, "order")) == [("No order yet: e makes one.",)]
        await pilot.press("v", "space", "d", "e")


async def test_a_sheet_is_written_down_and_another_warned(session: Session) -> None:
    guest_no = register.add(session, "Hu", "13800000001")
    async with showing(session, "guests", "D1", size=(120, 36)) as pilot:
        await pilot.press("v", "v", "v", "n", "enter")
        await pilot.pause()
        await pilot.press(*"A1", "f2")
        await pilot.pause()
        [sheet] = contacts.of_guest(session, guest_no)
        assert (sheet.staff_no, sheet.kind) == ("A1", "follow_up")
        assert "follow-up sheet" in screen(pilot).query_one("#detail", Lines).text
        await pilot.press("x", "enter")
        await pilot.pause()
        assert contacts.of_guest(session, guest_no)[0].void == "yes"
        await pilot.press("u", "u")
        await pilot.pause()
        assert contacts.of_guest(session, guest_no) == []
        await pilot.press("n", "down", "enter")
        await pilot.pause()
        await pilot.press(*"A2", "f2")
        await pilot.pause()
        assert [each.to_staff_no for each in contacts.heirs_of(session, guest_no)] == ["A2"]
        await pilot.press("u")
        await pilot.pause()
        assert contacts.heirs_of(session, guest_no) == []
        await pilot.press("e", *"Wei", "f2")
        await pilot.pause()
        assert register.guest(session, guest_no).name == "Wei"
        await pilot.press("number_sign")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ReadScreen)
    assert in_step(session)


async def test_a_told_time_is_kept_where_it_is_due(session: Session) -> None:
    number = handovers.tell(session, "十点回电", session.now() + 3600)
    async with showing(session, "guests", "D1", size=(120, 36)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert "due by 09-02 22:00" in screen(pilot).query_one("#detail", Lines).text
        await pilot.press("space")
        await pilot.pause()
        assert waiting(session) == []
        await pilot.press("u")
        await pilot.pause()
        assert [each.about for each in waiting(session)] == [number]


async def test_what_is_due_says_to_whom_and_why(session: Session) -> None:
    number = complaints.take(session, "太慢", guest_no=register.add(session, "Hu", "13800000001"))
    async with showing(session, "guests", "D1", size=(120, 36)) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert rows(pilot, "promised")[0][1:3] == ("answer the complaint", "Hu")
        assert f"Hu ({number})" in screen(pilot).query_one("#detail", Lines).text
        handovers.tell(session, "十点回电", session.now() + 3600)
        await pilot.press("enter")
        await pilot.pause()
        told = pilot.app.screen
        assert isinstance(told, ReadScreen)
        assert "within 2 hours (hours of service), by clause 7 of the rulebook nightlife" in (
            told.text
        )


async def test_each_view_says_what_its_own_keys_do(session: Session) -> None:
    seen = []
    async with showing(session, "guests", "D1", size=(160, 50)) as pilot:
        for _view in range(4):
            await pilot.pause()
            seen.append(pilot.app.screen.query_one("#row-keys", Lines).text)
            await pilot.press("v")
    words = ("A guest at the door", "A complaint, or", "A claim, or", "A sheet, an appointment")
    for at, text in enumerate(seen):
        assert [word in text for word in words] == [at == place for place in range(4)]


async def test_a_card_is_sold_and_changed_by_four_signatures(session: Session) -> None:
    venue.adopt(session, shipped.load("club"), NIGHT)
    register.add(session, "Hu", "13800000001")
    async with showing(session, "guests", "D1", size=(120, 36)) as pilot:
        await pilot.press("v", "v", "n")
        await pilot.pause()
        await pilot.press(*"13800000001", "enter", "enter", *"A2", "enter", "enter")
        await pilot.press(*"2880", "f2", "y")  # who never came through the register costs 50
        await pilot.pause()
        [row] = rows(pilot, "sales")
        assert row[2:4] == ("2880.00", "单雄")
        await pilot.press("e")
        await pilot.pause()
        for who in ("A1", "A2", "A1", "S1", "D1"):
            await pilot.press(*who, "enter")
        await pilot.press("f2")
        await pilot.pause()
        assert rows(pilot, "sales")[0][3:] == ("曾小贤", "decided")
        await pilot.press("u", "u")
        await pilot.pause()
        assert len(rows(pilot, "sales")[0]) == 1
    assert in_step(session)


async def test_what_is_due_stands_on_tonight_and_is_kept_there(session: Session) -> None:
    number = complaints.take(session, "太慢")
    app = VenueApp(session, language="en", first="tonight")
    app.person = "D1"
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        waiting = app.screen.query_one("#waiting", LineList)
        assert [row.key for row in waiting.rows if not row.group] == [
            f"promise complaint_answered {number}",
            f"promise general_solved {number}",
        ]
        await pilot.press("x")
        await pilot.pause()
        assert complaints.listing(session, NIGHT, NIGHT)[0]["answered_at"] is None
        await pilot.press("a")
        await pilot.pause()
        assert complaints.listing(session, NIGHT, NIGHT)[0]["answered_at"] is not None
        await pilot.press("u")
        await pilot.pause()
        assert complaints.listing(session, NIGHT, NIGHT)[0]["answered_at"] is None


async def test_two_guests_of_one_name_and_ending_are_offered_as_one(session: Session) -> None:
    register.add(session, "Hu", "13800000001")
    async with showing(session, "guests", "D1") as pilot:
        await pilot.press("n", *"139****0001", "down", *"Hu", "f2")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Confirm)
        await pilot.press("y")
        await pilot.pause()
        assert len(register.find(session, "13800000001")) == 2
        await pilot.press("u")
        await pilot.pause()
        assert len(register.find(session, "13800000001")) == 1


async def test_the_views_are_named_and_a_name_in_brackets_is_no_markup(session: Session) -> None:
    async with showing(session, "guests", "D1") as pilot:
        assert "v  [Desk]  Due  Sales  Register" in "\n".join(drawn(pilot))
        await press(pilot, "v")
        assert "v  Desk  [Due]  Sales  Register" in "\n".join(drawn(pilot))
        pilot.app.push_screen(Confirm("K01 of [VIP] [b]"))
        await settled(pilot)
        assert "K01 of [VIP] [b]" in "\n".join(drawn(pilot))
