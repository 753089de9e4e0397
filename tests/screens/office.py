"""A small venue whose September is over, for the screens of the office: incidents, deductions,
staff and rules."""

from datetime import date, timedelta

from models.access.session import Session
from models.operations import (
    bookings,
    briefings,
    incidents,
    outings,
    places,
    roll,
    slip_board,
    staff,
)
from models.operations.roll import Signs
from models.operations.staff import Details
from models.payroll import appeals
from tests.built_once import built_once
from tests.clock import Clock, clock_of

HIRED = date(2026, 1, 1)
PEOPLE = {
    "D1": Details("王总监", "director", HIRED, 1_200_000),
    "D2": Details("何总监", "director", HIRED, 1_200_000),
    "P1": Details("钱会计", "payroll", HIRED, 800_000),
    "U1": Details("单雄信", "supervisor", HIRED, 600_000, "A组", "D1"),
    "U2": Details("Ann [/red] Lee", "supervisor", HIRED, 600_000, "B组", "D1"),
    "S1": Details("曾小贤", "staff", HIRED, 435_000, "A组", "U1"),
    "S2": Details("欧阳菲菲", "staff", HIRED, 435_000, "A组", "U1"),
    "S3": Details("解小东", "staff", HIRED, 435_000, "B组", "U2"),
    "S4": Details("仇英", "staff", HIRED, 435_000, "B组", "U2"),
}
NIGHTS = [date(2026, 9, 1) + timedelta(days=n) for n in range(6)]
ON_ROLL = ("U1", "U2", "S1", "S2", "S3", "S4")


def at(session: Session, text: str) -> int:
    return session.calendar.parse(text)


@built_once
def furnish(session: Session) -> None:
    """Six nights of September: S1 late twice, S2 in two incidents, S3 absent three times (so that
    a separation is proposed), S4 out without a slip and contesting it. It is 5 October."""
    clock = clock_of(session)
    assert isinstance(clock, Clock)
    clock.set("2026-10-05T14:00")
    for staff_no, details in PEOPLE.items():
        staff.add(session, staff_no, details)
    for n, night in enumerate(NIGHTS):
        clock.set(f"{night}T19:50")
        for staff_no in ON_ROLL:
            if staff_no == "S3" and n in (1, 3, 5):
                continue
            late = staff_no == "S1" and n in (0, 2)
            arrived = at(session, f"{night}T{'19:41' if late else '19:20'}")
            roll.correct(session, staff_no, night, Signs(arrived, None, None))
        briefings.close(session, night, at(session, f"{night}T19:50"), "D1")
    clock.set("2026-09-04T23:30")
    incidents.raise_incident(
        session,
        "S2",
        "fighting",
        at(session, "2026-09-02T23:10"),
        80_000,
        "打烂了两只杯子 [b]x[/]",
        "D1",
    )
    incidents.raise_incident(
        session, "S2", "service_complaint", at(session, "2026-09-03T22:00"), by="D1"
    )
    outings.out_without_slip(session, "S4", at=at(session, "2026-09-04T22:15"))
    clock.set("2026-10-05T14:00")
    slip = next(each for each in slip_board.board(session, NIGHTS[3]).out)
    appeals.raise_appeal(
        session, "S4", NIGHTS[3], "left_post", f"outing:{slip.slip_no}", "我只是去接客人", "U2"
    )
    places.add_place(session, "A1", "room", 100_000)
    for night, amount in ((NIGHTS[0], 300_000), (NIGHTS[4], 128_050)):
        clock.set(f"{night}T21:00")
        booking_no = bookings.book(session, night, "A1", "S2", guest_name="陈先生")
        bookings.arrived(session, booking_no)
        bookings.left(session, booking_no, amount)
    clock.set("2026-10-05T14:00")
