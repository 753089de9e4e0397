"""What is due of the facts of some nights, to whom it is shown, and about whom it is."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from models.access.session import Session
from models.ledger.promises import promises_between, require_concerned, waiting, whom
from models.rules import shipped
from models.rules.guests.promises import Promise, State
from models.storage.database import execute
from models.values.nights import Instant
from models.values.problems import Refused
from tests.clock import Clock, clock_of
from tests.conftest import MakeSession
from tests.models.house import NIGHT, hire, place, put, sign_in, staff_the_house

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)
At = Callable[..., Instant]


@pytest.fixture
def session(make_session: MakeSession, rulebook: str) -> Session:
    """A house that was open every night of a fortnight, at 21:00 of the night."""
    made = make_session("2026-09-02T21:00", book=rulebook)
    staff_the_house()
    for days in range(-14, 1):
        put("briefings", night=NIGHT + timedelta(days=days), settled=True)
    return made


@pytest.fixture
def clock(session: Session) -> Clock:
    return clock_of(session)


@pytest.fixture
def at(session: Session) -> At:
    def instant(clock: str, night: date = NIGHT) -> Instant:
        return session.calendar.parse(f"{night}T{clock}")

    return instant


in_an_office = pytest.mark.parametrize("rulebook", ["property_sales"])


def due(session: Session, code: str, first: date = NIGHT, last: date = NIGHT) -> dict[str, Promise]:
    """By what it is about, what is due by a rule of what began on those nights."""
    found = promises_between(session, first, last)
    assert found == sorted(found, key=lambda each: (each.code, each.about, each.starts_at))
    return {each.about: each for each in found if each.code == code}


def complaint(number: str, taken_at: Instant, night: date = NIGHT, **said: object) -> None:
    put("complaints", complaint_no=number, at=taken_at, night=night, words="x", **said)


def test_a_complaint_is_answered_solved_by_its_class_and_asked_after(
    session: Session, at: At, clock: Clock
) -> None:
    said = {"k1": None, "k2": "simple", "k3": "general", "k4": "complex"}
    for number, of_class in said.items():
        complaint(number, at("20:00"), **{"class": of_class})
    complaint("k0", at("20:00", BEFORE), BEFORE)
    complaint("k9", at("20:00", AFTER), AFTER)
    assert due(session, "complaint_answered").keys() == said.keys()
    assert due(session, "complaint_answered")["k1"].due_at == at("22:00")
    # What nobody put into a class is a general one.
    assert due(session, "general_solved").keys() == {"k1", "k3"}
    assert due(session, "simple_solved").keys() == {"k2"}
    assert due(session, "complex_solved").keys() == {"k4"}
    assert due(session, "asked_after") == {}
    both = due(session, "complaint_answered", BEFORE, NIGHT)
    assert both.keys() == {"k0", *said}


@pytest.mark.parametrize(
    ("column", "code"),
    [("answered_at", "complaint_answered"), ("solved_at", "general_solved"), ("asked_at", "asked_after")],
)  # fmt: skip
def test_what_keeps_a_complaints_promise(session: Session, at: At, column: str, code: str) -> None:
    done = {"answered_at": None, "solved_at": at("20:10"), "asked_at": None, column: at("20:30")}
    complaint("k", at("20:00"), **done)
    promise = due(session, code)["k"]
    assert (promise.state, promise.kept_at) == (State.KEPT, at("20:30"))
    assert promise.starts_at == (at("20:10") if code == "asked_after" else at("20:00"))
    others = {"complaint_answered", "general_solved", "asked_after"} - {code, "general_solved"}
    assert {due(session, each)["k"].state for each in others} == {State.OPEN}


def test_who_was_hired_knows_the_house_by_seven_of_ten(session: Session, at: At) -> None:
    tonight, three_on = NIGHT.isoformat(), at("02:00", NIGHT + timedelta(days=4))
    for number in ("N1", "N2", "N3", "N4"):
        hire(number, hired_on=tonight)
    hire("NS", position="supervisor", hired_on=tonight)
    hire("ND", position="director", hired_on=tonight)
    hire("N0", hired_on=BEFORE.isoformat())
    for number, asked, right in (
        ("N1", 10, 7), ("N2", 10, 6), ("N3", 9, 9), ("N4", 20, 14), ("N4", 20, 13),
    ):  # fmt: skip
        put(
            "knowledge",
            staff_no=number,
            at=at("20:00") + right,
            night=NIGHT,
            asked=asked,
            right=right,
        )
    found = due(session, "knows_house")
    assert {about: each.state for about, each in found.items()} == {
        "N1": State.KEPT, "N2": State.OPEN, "N3": State.OPEN, "N4": State.KEPT, "NS": State.OPEN,
    }  # fmt: skip
    assert (found["N1"].starts_at, found["N1"].due_at) == (at("19:30"), three_on)
    assert found["N1"].kept_at == at("20:00") + 7
    assert due(session, "knows_house", BEFORE, BEFORE).keys() == {"N0"}


# Calling members back


def member(number: str, **said: object) -> None:
    put("guests", guest_no=number, **{"kind": "member", **said})


def call(
    number: str, guest_no: str, called_at: Instant, answered: bool | None, **said: object
) -> None:
    row = {"staff_no": "A1", "kind": "call_back", "night": NIGHT}
    put(
        "contacts",
        contact_no=number,
        guest_no=guest_no,
        at=called_at,
        answered=answered,
        **{**row, **said},
    )


def came(number: str, guest_no: str | None, left_at: Instant | None, **said: object) -> None:
    row = {"night": NIGHT, "at": 0, "received_by": "A1"}
    put("visits", visit_no=number, guest_no=guest_no, left_at=left_at, **{**row, **said})


def test_members_are_called_back_once_they_left(session: Session, at: At) -> None:
    member("m")
    member("n", kind="guest")
    came("v1", "m", at("20:00"))
    came("v2", "n", at("20:00"))
    came("v3", "m", None)
    came("v4", None, at("20:00"))
    came("v5", "m", at("20:00", BEFORE), night=BEFORE)
    found = due(session, "called_back")
    assert found.keys() == {"v1"}
    assert found["v1"].starts_at == at("20:00")
    assert due(session, "called_back", BEFORE, NIGHT).keys() == {"v1", "v5"}


@pytest.mark.parametrize(
    ("status", "said", "visit_left", "counts"),
    [
        ("left", {}, None, True),
        ("left", {"visit_no": None}, None, True),
        ("left", {"visit_no": "v9"}, None, True),  # which isn't there
        ("left", {}, 100, False),  # the visit says when they left
        ("left", {"guest_no": None}, None, False),
        ("left", {"left_at": None}, None, False),
        ("arrived", {}, None, False),
        ("left", {"night": BEFORE}, None, False),
    ],
)
def test_members_are_called_back_once_they_left_a_room(
    session: Session, at: At, status: str, said: dict[str, object], visit_left: int | None, counts: bool
) -> None:  # fmt: skip
    member("m")
    put("places", place="V01", kind="room")
    came("v1", "m", at("20:00") if visit_left else None)
    row = {"night": NIGHT, "guest_no": "m", "visit_no": "v1", "left_at": at("20:30")}
    put(
        "bookings",
        booking_no="B1",
        place="V01",
        turn=1,
        staff_no="A1",
        status=status,
        **{**row, **said},
    )
    found = due(session, "called_back")
    assert ("booking:B1" in found) is counts
    if counts:
        assert found["booking:B1"].starts_at == at("20:30")


def test_a_room_of_which_the_visit_knows_no_guest_is_asked_for_its_own(
    session: Session, at: At
) -> None:
    member("m")
    put("places", place="V01", kind="room")
    came("v1", None, at("20:00"))
    put(
        "bookings", booking_no="B1", night=NIGHT, place="V01", turn=1, staff_no="A1", status="left",
        guest_no="m", visit_no="v1", left_at=at("20:30"),
    )  # fmt: skip
    assert due(session, "called_back").keys() == {"booking:B1"}


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        ([], State.OPEN),
        ([(True, {})], State.KEPT),
        ([(False, {})] * 3, State.TRIED),
        ([(None, {})] * 3, State.TRIED),
        ([(False, {})] * 2, State.OPEN),
        ([(True, {"kind": "follow_up"})], State.OPEN),
        ([(False, {"kind": "follow_up"})] * 3, State.OPEN),
        ([(True, {"guest_no": "kin"})], State.KEPT),  # one client by the telephone
        ([(True, {"guest_no": "other"})], State.OPEN),
    ],
)
def test_what_keeps_a_call_back(
    session: Session, at: At, calls: list[tuple[bool | None, dict[str, str]]], state: State
) -> None:
    member("m", phone="13812345678", phone_key="13812345678")
    member("kin", phone="13812345678", phone_key="13812345678")
    member("other")
    came("v1", "m", at("20:00"))
    for number, (answered, said) in enumerate(calls):
        call(
            f"c{number}",
            **{"guest_no": "m", **said},
            called_at=at("20:10") + number,
            answered=answered,
        )  # type: ignore[arg-type]
    assert due(session, "called_back")["v1"].state is state


def test_a_call_that_was_answered_was_not_in_vain_where_two_are_due(
    session: Session, at: At
) -> None:
    text = shipped.load("nightlife").source.replace("tries = 3", "tries = 3\ncount = 2")
    put("rulebook_version", from_night=NIGHT, name="x", text=text, adopted_at=0)
    session.refresh()
    member("m")
    came("v1", "m", at("20:00"))
    for number, answered in enumerate((True, False, False)):
        call(f"c{number}", "m", at("20:10") + number, answered)
    assert due(session, "called_back")["v1"].state is State.OPEN
    call("c3", "m", at("20:20"), None)
    assert due(session, "called_back")["v1"].state is State.TRIED


@in_an_office
@pytest.mark.parametrize(("times", "state"), [(2, State.OPEN), (3, State.KEPT)])
def test_who_came_is_kept_in_touch_with(session: Session, at: At, times: int, state: State) -> None:
    put("guests", guest_no="g", kind="guest")
    came("v1", "g", None, at=at("20:00"))
    came("v2", None, None, at=at("20:00"))
    call("c9", "g", at("20:00"), None, kind="follow_up")  # as they came: no contact since
    for number in range(times):
        call(f"c{number}", "g", at("20:01") + number, None, kind="follow_up")
    found = due(session, "came_kept_in_touch")
    assert found.keys() == {"v1"}
    assert found["v1"].state is state
    assert due(session, "came_kept_in_touch", AFTER, AFTER) == {}


@in_an_office
def test_who_rang_is_kept_in_touch_with(session: Session, at: At) -> None:
    put("guests", guest_no="g", kind="guest")
    call("c1", "g", at("20:00"), None, kind="call_in")
    call("c2", "g", at("20:10"), None, kind="follow_up")
    call("c3", "g", at("20:00", BEFORE), None, kind="call_in", night=BEFORE)
    found = due(session, "rang_kept_in_touch")
    assert {about: each.state for about, each in found.items()} == {"c1": State.OPEN}
    call("c4", "g", at("20:20"), None, kind="call_back")
    assert due(session, "rang_kept_in_touch")["c1"].state is State.KEPT


# What somebody told a guest, what waits, and the nights on which the house was open


def tell(number: str, told_at: Instant, due_at: Instant, **said: object) -> None:
    put(
        "promised",
        promise_no=number,
        told_at=told_at,
        due_at=due_at,
        **{"night": NIGHT, "words": "x", **said},
    )


def test_what_somebody_told_a_guest_is_a_promise(session: Session, at: At) -> None:
    tell("p1", at("20:00"), at("20:30"))
    tell("p2", at("20:00"), at("20:30"), kept_at=at("20:20"))
    tell("p3", at("20:00", AFTER), at("20:30", AFTER), night=AFTER)
    found = due(session, "told")
    assert {about: each.state for about, each in found.items()} == {
        "p1": State.OVERDUE, "p2": State.KEPT,
    }  # fmt: skip


def test_what_waits_began_within_two_months(session: Session, at: At) -> None:
    for number, days in (("p1", 0), ("p2", -62), ("p3", -63), ("p4", 1)):
        night = NIGHT + timedelta(days=days)
        tell(number, at("20:00", night), at("20:30", night), night=night)
    assert [each.about for each in waiting(session)] == ["p2", "p1"]


def test_nights_on_which_the_house_was_shut_dont_count(session: Session, at: At) -> None:
    """Of a week with two closed nights: 3 nights of being open, not 3 of the calendar."""
    execute("DELETE FROM briefings")
    member("m")
    left_on = NIGHT - timedelta(days=8)
    came("v1", "m", at("20:00", left_on), night=left_on)
    for days in (-20, -8, -7, -4, 0):
        put("briefings", night=NIGHT + timedelta(days=days), settled=True)
    assert due(session, "called_back", left_on, left_on)["v1"].due_at == at("02:00", AFTER)
    # A booking says so, too.
    put("places", place="V01", kind="room")
    put(
        "bookings",
        booking_no="B1",
        night=NIGHT - timedelta(days=5),
        place="V01",
        turn=1,
        staff_no="A1",
        status="left",
    )
    found = due(session, "called_back", left_on, left_on)["v1"]
    assert found.due_at == at("02:00", NIGHT - timedelta(days=3))
    # One for a night to come says nothing of those before it.
    put(
        "bookings",
        booking_no="B2",
        night=NIGHT + timedelta(days=9),
        place="V01",
        turn=1,
        staff_no="A1",
        status="booked",
    )
    complaint("k", at("20:00"), **{"class": "general"})
    assert due(session, "general_solved")["k"].due_at == at("02:00", NIGHT + timedelta(days=4))


def test_a_house_that_was_open_before_was_shut_between(session: Session, at: At) -> None:
    execute("DELETE FROM briefings")
    put("briefings", night=NIGHT - timedelta(days=9), settled=True)
    put("briefings", night=NIGHT, settled=True)
    left_on = NIGHT - timedelta(days=4)
    member("m")
    came("v1", "m", at("20:00", left_on), night=left_on)
    assert due(session, "called_back", left_on, left_on)["v1"].due_at == at(
        "02:00", NIGHT + timedelta(days=3)
    )


def test_each_nights_promises_are_by_the_rulebook_in_force_on_it(session: Session, at: At) -> None:
    """Of several, each is asked for its own nights alone, and each of them once."""
    for days, within in ((-1, "1 h"), (0, "30 min"), (1, "3 h")):
        text = shipped.load("nightlife").source.replace('within = "2 h"', f'within = "{within}"')
        night = NIGHT + timedelta(days=days)
        put("rulebook_version", from_night=night, name="x", text=text, adopted_at=0)
    session.refresh()
    nights = [NIGHT + timedelta(days=days) for days in range(-3, 2)]
    for number, night in enumerate(nights):
        complaint(f"k{number}", at("20:00", night), night)
    hours = {"k0": 120, "k1": 120, "k2": 60, "k3": 30, "k4": 180}

    def minutes(first: date, last: date) -> dict[str, int]:
        found = promises_between(session, first, last)
        answered = [each for each in found if each.code == "complaint_answered"]
        assert len(answered) == len({each.about for each in answered})
        return {each.about: (each.due_at - each.starts_at) // 60 for each in answered}

    assert minutes(nights[0], nights[-1]) == hours
    for at_, night in enumerate(nights):
        assert minutes(night, night) == {f"k{at_}": hours[f"k{at_}"]}
    assert minutes(nights[1], nights[2]) == {"k1": 120, "k2": 60}


def test_a_rulebook_without_a_guest_desk_promises_nothing(session: Session, at: At) -> None:
    bare = re.sub(r"\n# The guest desk\..*", "", shipped.load("nightlife").source, flags=re.S)
    put("rulebook_version", from_night=NIGHT, name="x", text=bare, adopted_at=0)
    session.refresh()
    complaint("k1", at("20:00", BEFORE), BEFORE)
    complaint("k2", at("20:00"))
    assert due(session, "complaint_answered", BEFORE, NIGHT).keys() == {"k1"}


def test_a_grave_complaint_is_promised_more_whatever_its_class(session: Session, at: At) -> None:
    text = shipped.load("nightlife").source.replace('for = ["simple"]', 'for = ["grave"]')
    put("rulebook_version", from_night=NIGHT, name="x", text=text, adopted_at=0)
    session.refresh()
    for number, said in (
        ("k1", {"grave": True, "class": "complex"}),
        ("k2", {"grave": False, "class": "complex"}),
        ("k3", {"class": "simple"}),
    ):
        complaint(number, at("20:00"), **said)
    assert due(session, "simple_solved").keys() == {"k1"}
    assert due(session, "complex_solved").keys() == {"k1", "k2"}


def test_a_complaint_is_not_kept_by_calling_somebody_back(session: Session, at: At) -> None:
    """A rulebook may name such a pair, of which nothing follows."""
    text = shipped.load("nightlife").source
    text = text.replace('ends = "asked"', 'ends = "called_back"')
    put("rulebook_version", from_night=NIGHT, name="x", text=text, adopted_at=0)
    session.refresh()
    complaint("k1", at("20:00"), solved_at=at("20:10"))
    assert due(session, "asked_after") == {}
    assert due(session, "complaint_answered").keys() == {"k1"}


def test_what_concerns_no_staffer_yet_is_every_supervisors(session: Session) -> None:
    """Of a guest whom nobody received, of a complaint about nobody, whoever took it."""
    hire("S2", position="supervisor")
    place("V01")
    nobodys = {"v0", "k0", "k1", "p0", "p1", "booking:B0", "?"}
    of_a1 = {"v1", "v2", "k2", "p2", "p3", "c1", "booking:B1", "A1"}
    put("guests", guest_no="g", kind="guest")
    for number, receiver, given in (("v0", None, None), ("v1", "A1", None), ("v2", None, "A1")):
        put("visits", visit_no=number, night=NIGHT, at=0, received_by=receiver)
        put("turns", turn_no=f"t{number}", night=NIGHT, at=0, visit_no=number, staff_no=given)
    complaint("k0", 1)
    complaint("k1", 1, taken_by="A1")
    complaint("k2", 1, about_staff_no="A1")
    tell("p0", 1, 2)
    tell("p1", 1, 2, complaint_no="k0")
    tell("p2", 1, 2, by_staff_no="A1")
    tell("p3", 1, 2, complaint_no="k2")
    call("c1", "g", 1, None)
    for turn, who in ((1, None), (2, "A1")):
        put(
            "bookings", booking_no=f"B{turn - 1}", night=NIGHT, place="V01", turn=turn, staff_no=who,
            status="left", source="staff" if who else "walk_in",
        )  # fmt: skip
    for number in ("S1", "S2"):
        sign_in(session, "supervisor", number)
        for about in sorted(nobodys | of_a1):
            if number == "S2" and about in of_a1:
                with pytest.raises(Refused, match="none of your people"):
                    require_concerned(session, "desk", about)
            else:
                require_concerned(session, "desk", about)


def test_about_whom_it_is(session: Session) -> None:
    member("m", name="胡先生")
    came("v1", "m", None)
    complaint("k1", 1, guest_no="m")
    tell("p1", 1, 2, guest_no="m")
    complaint("k2", 1)
    assert [whom(each) for each in ("v1", "k1", "p1", "A1", "k2", "?")] == [
        "胡先生", "胡先生", "胡先生", "曾小贤", "k2", "?",
    ]  # fmt: skip
