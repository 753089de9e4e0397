"""Who can take a guest: what the night's facts say of where each staffer is."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.access.session import Session
from models.ledger.presence import (
    presence_on,
    resting_on,
    rotation_on,
    spells_on,
    suspended_on,
)
from models.rules import shipped
from models.rules.guests.rotation import AwaySpell, Presence
from models.storage.employment import staffers
from models.values.nights import Instant
from tests.conftest import MakeSession
from tests.models.house import NIGHT, hire, put, staff_the_house

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)


@pytest.fixture
def session(make_session: MakeSession, rulebook: str) -> Session:
    made = make_session(book=rulebook)
    staff_the_house()
    return made


@pytest.fixture
def at(session: Session) -> Callable[..., Instant]:
    def instant(clock: str, night: date = NIGHT) -> Instant:
        return session.calendar.parse(f"{night}T{clock}")

    return instant


At = Callable[..., Instant]


def presence(session: Session, staff_no: str = "A1", *nights: date) -> Presence:
    return presence_on(session, nights or (NIGHT,), staffers())(staff_no, NIGHT)


def test_who_has_signed_since_when(session: Session, at: At) -> None:
    assert presence(session) == Presence()
    for night, closed_at in ((NIGHT, at("20:00")), (AFTER, None)):
        put("briefings", night=night, closed_at=closed_at, settled=False)
    put("attendance", night=NIGHT, staff_no="A1", arrived_at=at("19:20"), departed_at=at("23:00"))
    put("attendance", night=NIGHT, staff_no="A2", made_up_at=at("20:10"))
    put("attendance", night=NIGHT, staff_no="A3", arrived_at=at("19:50"), made_up_at=at("19:40"))
    put("attendance", night=AFTER, staff_no="A1", arrived_at=at("19:21", AFTER))
    told = presence_on(session, (BEFORE, NIGHT, AFTER), staffers())
    called = Presence(roll_called=True, roll_closed_at=at("20:00"))
    assert told("A1", NIGHT) == called._replace(signed_at=at("19:20"), departed_at=at("23:00"))
    assert told("A2", NIGHT) == called._replace(signed_at=at("20:10"))
    assert told("A3", NIGHT) == called._replace(signed_at=at("19:40"))
    assert told("S1", NIGHT) == called
    assert told("A1", BEFORE) == Presence()
    assert told("A1", AFTER) == Presence(signed_at=at("19:21", AFTER), roll_called=True)
    alone = presence_on(session, (NIGHT,), staffers())
    assert (alone("A1", NIGHT), alone("A1", AFTER)) == (told("A1", NIGHT), Presence())
    between = presence_on(session, (BEFORE, NIGHT), staffers())
    assert (between("A1", NIGHT), between("A1", AFTER)) == (told("A1", NIGHT), Presence())


def test_who_is_employed(session: Session) -> None:
    hire("L1", left_on=BEFORE.isoformat())
    hire("N1", hired_on=AFTER.isoformat())
    assert [presence(session, each).employed for each in ("A1", "L1", "N1", "Z")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert presence_on(session, (BEFORE, NIGHT), staffers())("L1", BEFORE).employed


@pytest.mark.parametrize(
    ("first", "last", "filed", "special", "status", "rests"),
    [
        (0, 0, "23:00", None, "approved", True),
        (-1, 0, "23:00", None, "approved", True),
        (0, 1, "23:00", None, "approved", True),
        (-2, -1, "23:00", None, "approved", False),
        (1, 2, "23:00", None, "approved", False),
        (0, 0, "23:00", None, "requested", False),
        (0, 0, "23:00", None, "rejected", False),
        (0, 0, "12:00+1", None, "approved", False),  # on the night itself
        (0, 0, "12:00+1", "fever", "approved", True),
    ],
)
def test_who_rests(
    session: Session, at: At, first: int, last: int, filed: str, special: str | None, status: str,
    rests: bool,
) -> None:  # fmt: skip
    """On leave that was asked for in time; of any other they are called, and absent."""
    put(
        "leave", leave_no="L1", staff_no="A1", kind="rest", first_night=NIGHT + timedelta(days=first),
        last_night=NIGHT + timedelta(days=last), filed_at=at(filed[:5], BEFORE) + 86400 * filed.endswith("+1"),
        special_reason=special, status=status, decided_by="S1" if status != "requested" else None,
        decided_at=0 if status != "requested" else None,
    )  # fmt: skip
    assert presence(session).resting is rests
    assert not presence(session, "A2").resting
    assert resting_on(session, (NIGHT,)) == ({(NIGHT, "A1")} if rests else set())
    assert resting_on(session, ()) == set()


def test_who_rests_on_several_nights_rests_on_those_alone(session: Session) -> None:
    put(
        "leave", leave_no="L1", staff_no="A1", kind="rest", first_night=NIGHT, last_night=AFTER,
        filed_at=0, status="approved", decided_by="S1", decided_at=0,
    )  # fmt: skip
    nights = [BEFORE, NIGHT, AFTER, AFTER + timedelta(days=1)]
    assert resting_on(session, nights) == {(NIGHT, "A1"), (AFTER, "A1")}
    assert resting_on(session, nights[2:]) == {(AFTER, "A1")}
    assert resting_on(session, nights[:2]) == {(NIGHT, "A1")}


# What takes people up or out


def spells(at: Instant | None = None) -> list[tuple[str, AwaySpell, str | None]]:
    found = spells_on(NIGHT, NIGHT, at)
    assert {night for night, _ in found} <= {NIGHT}
    return sorted((staff_no, *each) for (_, staff_no), of_one in found.items() for each in of_one)


def slip(number: str, since: Instant | None, **said: object) -> None:
    row = {
        "staff_no": "A1", "requested_at": 0, "status": "approved", "decided_by": "S1",
        "decided_at": 1, "night": NIGHT,
    }  # fmt: skip
    put("outings", slip_no=number, out_at=since, **{**row, **said})


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "slip_private"),
        ({"kind": "private"}, "slip_private"),
        ({"kind": "duty"}, "slip_duty"),
        ({"decided_at": 100}, "slip_private"),
        ({"decided_at": 101}, "no_slip"),  # approved after they had gone
        ({"status": "requested", "decided_at": None, "decided_by": None}, "no_slip"),
        ({"status": "rejected"}, "no_slip"),
        ({"status": "none", "requested_at": None, "decided_at": None, "decided_by": None}, "no_slip"),
    ],
)  # fmt: skip
def test_out_on_a_slip_or_without(session: Session, said: dict[str, object], reason: str) -> None:
    slip("1", 100, back_at=200, **said)
    slip("2", None)
    slip("3", 100, night=AFTER)
    assert spells() == [("A1", AwaySpell(100, 200, reason), None)]


def test_on_the_telephone_away_on_duty_or_for_a_minute(session: Session) -> None:
    for since, until, reason in ((1, 2, "telephone"), (3, None, "duty"), (5, 6, "private")):
        put("away", night=NIGHT, staff_no="A1", **{"from": since}, until=until, reason=reason)
    put("away", night=BEFORE, staff_no="A1", **{"from": 9}, until=None, reason="duty")
    assert spells() == [
        ("A1", AwaySpell(1, 2, "phone"), None),
        ("A1", AwaySpell(3, None, "duty"), None),
        ("A1", AwaySpell(5, 6, "private"), None),
    ]


def room(number: str, status: str, **said: object) -> None:
    row = {"night": NIGHT, "place": "V01", "turn": int(number), "staff_no": "A1"}
    put("bookings", booking_no=number, status=status, **{**row, **said})


@pytest.mark.parametrize(
    ("status", "said", "spell"),
    [
        ("arrived", {"arrived_at": 100}, (100, None)),
        ("arrived", {"arrived_at": 100, "left_at": 200}, (100, None)),  # they are still there
        ("arrived", {}, (0, None)),
        ("left", {"arrived_at": 100, "left_at": 200}, (100, 200)),
        ("left", {"arrived_at": 100}, None),
        ("left", {"left_at": 200}, None),
        ("booked", {}, None),
        ("cancelled", {"arrived_at": 100, "left_at": 200}, None),
        ("no_show", {}, None),
    ],
)
def test_in_a_room_of_ones_own_while_its_guests_are_there(
    session: Session, status: str, said: dict[str, object], spell: tuple[int, int | None] | None
) -> None:
    put("places", place="V01", kind="room", minimum_spend=1)
    room("1", status, **said)
    room("2", "arrived", staff_no=None, source="guest")
    room("3", "arrived", night=AFTER)
    assert spells() == ([("A1", AwaySpell(*spell, "own_room"), None)] if spell else [])


def visit(number: str, came_at: Instant, **said: object) -> None:
    row = {"night": NIGHT, "guest_no": "g", "received_by": "A1"}
    put("visits", visit_no=number, at=came_at, **{**row, **said})


def test_with_a_guest_since_they_were_given_them_until_they_left(session: Session) -> None:
    visit("v1", 100, left_at=200)
    visit("v2", 300, received_by=None)
    put("turns", turn_no="t2", night=NIGHT, at=310, visit_no="v2", staff_no="A2")
    visit("v3", 400, received_by=None)
    visit("v4", 500, guest_no=None)
    visit("v5", 600, night=AFTER)
    visit("v6", 700, guest_no="h", received_by="A3")
    put("turns", turn_no="t6", night=NIGHT, at=710, visit_no="v6", staff_no="A2")
    assert spells() == [
        ("A1", AwaySpell(100, 200, "serving_new"), "v1"),
        ("A1", AwaySpell(500, None, "serving_new"), "v4"),
        ("A2", AwaySpell(310, None, "serving_old"), "v2"),
        ("A3", AwaySpell(710, None, "serving_new"), "v6"),
    ]


@pytest.mark.parametrize(
    ("status", "left_at", "until"),
    [("left", 200, 200), ("left", None, None), ("arrived", 200, None)],
)
def test_a_visit_to_a_room_ends_as_its_guests_leave_it(
    session: Session, status: str, left_at: int | None, until: int | None
) -> None:
    put("places", place="V01", kind="room", minimum_spend=1)
    room("1", status, staff_no=None, source="walk_in", visit_no="v1", left_at=left_at)
    visit("v1", 100)
    assert spells() == [("A1", AwaySpell(100, until, "serving_new"), "v1")]


@pytest.mark.parametrize(
    ("column", "bought_on", "reason"),
    [
        ("guest_no", BEFORE, "serving_dealt"),
        ("guest_no", NIGHT, "serving_dealt"),
        ("user_no", NIGHT, "serving_dealt"),
        ("guest_no", AFTER, "serving_new"),
    ],
)
def test_with_a_guest_who_has_bought(
    session: Session, column: str, bought_on: date, reason: str
) -> None:
    visit("v1", 100)
    put(
        "deals", deal_no="d", night=bought_on, closer_no="A2", kind="new", buyers=1, **{column: "g"}
    )
    assert spells() == [("A1", AwaySpell(100, None, reason), "v1")]


@pytest.mark.parametrize(("seen_at", "reason"), [(99, "serving_old"), (100, "serving_new")])
def test_with_a_guest_who_is_known(session: Session, seen_at: Instant, reason: str) -> None:
    visit("v1", 100)
    put(
        "contacts",
        contact_no="c",
        staff_no="A2",
        guest_no="g",
        kind="call_in",
        at=seen_at,
        night=NIGHT,
    )
    assert spells() == [("A1", AwaySpell(100, None, reason), "v1")]


def test_those_alone_that_hold_at_an_instant(session: Session) -> None:
    put("places", place="V01", kind="room", minimum_spend=1)
    slip("1", 100, back_at=200)
    put("away", night=NIGHT, staff_no="A2", **{"from": 100}, until=200, reason="duty")
    room("1", "left", staff_no="A3", arrived_at=100, left_at=200)
    room("2", "arrived", staff_no="D1")
    visit("v1", 100, left_at=200, received_by="S1")
    room("3", "left", staff_no=None, source="walk_in", visit_no="v2", left_at=200)
    visit("v2", 90, received_by=None)
    put("turns", turn_no="t2", night=NIGHT, at=100, visit_no="v2", staff_no="D2")
    everybody = ["A1", "A2", "A3", "D1", "D2", "S1"]
    for instant, who in ((99, ["D1"]), (100, everybody), (199, everybody), (200, ["D1"])):
        assert [staff_no for staff_no, *_ in spells(instant)] == who


# Who is suspended


in_an_office = pytest.mark.parametrize("rulebook", ["property_sales"])


def suspension(night: date, staff_no: str = "A1", **said: object) -> None:
    row = {
        "rule": "taken_client",
        "source": f"turn:{night}",
        "amount": 0,
        "status": "standing",
        "basis": "{}",
    }
    put("charges", staff_no=staff_no, night=night, **{**row, **said})


def briefed(*nights: date) -> None:
    for night in nights:
        put("briefings", night=night, settled=False)


@in_an_office
def test_a_suspension_is_served_on_the_next_night_that_they_work(session: Session) -> None:
    suspension(BEFORE)
    assert suspended_on(session, (NIGHT,), staffers()) == {(NIGHT, "A1")}
    assert presence(session).suspended
    assert not presence(session, "A2").suspended
    # Once served it is over, and a night on which they rest is none.
    briefed(NIGHT)
    assert not presence_on(session, (AFTER,), staffers())("A1", AFTER).suspended
    put(
        "leave", leave_no="L1", staff_no="A1", kind="rest", first_night=NIGHT, last_night=NIGHT,
        filed_at=0, status="approved", decided_by="S1", decided_at=0,
    )  # fmt: skip
    assert presence_on(session, (AFTER,), staffers())("A1", AFTER).suspended


@in_an_office
def test_a_night_on_which_guests_were_given_out_is_one_that_was_worked(session: Session) -> None:
    suspension(BEFORE)
    put("turns", turn_no="t", night=NIGHT, at=1, staff_no="A2")
    assert suspended_on(session, (AFTER,), staffers()) == {(NIGHT, "A1")}


@in_an_office
@pytest.mark.parametrize(
    ("night", "said", "suspends"),
    [
        (BEFORE, {}, True),
        (NIGHT, {}, False),  # from the next night on
        (BEFORE, {"status": "waived"}, False),
        (BEFORE, {"rule": "late"}, False),
        (NIGHT - timedelta(days=60), {}, True),
        (NIGHT - timedelta(days=61), {}, False),
        (AFTER, {}, False),
    ],
)
def test_what_suspends(
    session: Session, night: date, said: dict[str, object], suspends: bool
) -> None:
    suspension(night, **said)
    assert presence(session).suspended is suspends


def test_nobody_is_suspended_where_the_rulebook_knows_no_suspension(session: Session) -> None:
    suspension(BEFORE)
    assert suspended_on(session, (NIGHT,), staffers()) == set()


@in_an_office
def test_a_suspension_holds_on_the_same_night_where_the_rulebook_says_so(session: Session) -> None:
    text = shipped.load("property_sales").source.replace('from = "next"', 'from = "same"')
    put("rulebook_version", from_night=BEFORE, name="x", text=text, adopted_at=0)
    session.refresh()
    suspension(NIGHT)
    assert suspended_on(session, (NIGHT,), staffers()) == {(NIGHT, "A1")}


@in_an_office
def test_without_a_guest_desk_nobody_is_given_guests_and_no_suspension_is_served(
    session: Session,
) -> None:
    briefed(BEFORE)
    suspension(BEFORE - timedelta(days=1))
    assert rotation_on(session, NIGHT) is not None
    bare = re.sub(r"\n# The guest desk\..*", "", shipped.load("property_sales").source, flags=re.S)
    first = BEFORE - timedelta(days=1)
    put("rulebook_version", from_night=first, name="x", text=bare, adopted_at=0)
    session.refresh()
    assert rotation_on(session, NIGHT) is None
    assert rotation_on(session, first - timedelta(days=1)) is not None
    assert suspended_on(session, (BEFORE, NIGHT), staffers()) == set()


@in_an_office
def test_a_suspension_waits_for_who_is_back(session: Session) -> None:
    hire("R1", left_on=BEFORE.isoformat())
    put("rehires", staff_no="R1", hired_on=AFTER)
    suspension(BEFORE, "R1")
    briefed(NIGHT)
    assert suspended_on(session, (NIGHT, AFTER), staffers()) == {(AFTER, "R1")}
