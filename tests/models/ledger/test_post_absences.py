"""One absence from the post is fined once: which outings and incidents say the same."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.post_absences import absences, require_once
from models.rules.post_absences import Absences, Away, Left, away, leaves_post
from models.values.nights import Instant
from models.values.problems import Refused
from tests.models.house import NIGHT, put, staff_the_house

NEXT = date(2026, 9, 3)


@pytest.fixture
def house(session: Session) -> Session:
    staff_the_house()
    return session


def at(session: Session, clock: str, night: date = NIGHT) -> Instant:
    return session.calendar.parse(f"{night}T{clock}")


def outing(session: Session, number: str, out: str, back: str | None, night: date = NIGHT) -> None:
    put(
        "outings", slip_no=number, staff_no="A1", requested_at=1, status="approved", night=night, decided_by="S1",
        decided_at=1,
        out_at=at(session, out, night), back_at=back and at(session, back, night),
    )  # fmt: skip


def incident(session: Session, number: str, clock: str, rule: str = "left_post", **said: object) -> None:  # fmt: skip
    row = {"staff_no": "A1", "status": "recorded", "night": NIGHT}
    put("incidents", incident_no=number, rule=rule, occurred_at=at(session, clock), **{**row, **said})  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((10, 20), (20, 30), False),
        ((10, 20), (19, 30), True),
        ((10, 40), (20, 30), True),
        ((10, 10), (10, 10), True),  # back at once
        ((10, 10), (10, 20), True),
        ((20, 20), (10, 20), False),
        ((10, 10), (11, 20), False),
    ],
)
def test_outings_that_overlap(
    first: tuple[int, int], second: tuple[int, int], *, same: bool
) -> None:
    one, other = Away("O1", "A1", *first), Away("O2", "A1", *second)
    assert one.overlaps(other) is other.overlaps(one) is same


def test_an_outing_over_several_nights_is_found_in_each(house: Session) -> None:
    long = Away("O1", "A1", at(house, "23:00"), at(house, "23:00", date(2026, 9, 5)))
    for other in (
        Left("I1", "A1", at(house, "22:00", date(2026, 9, 4))),
        Away("O2", "A1", at(house, "22:00", date(2026, 9, 5)), at(house, "22:30", date(2026, 9, 5))),
    ):  # fmt: skip
        held = Absences(house.calendar)
        assert held.take(long) is None
        assert held.take(other) is not None
        held = Absences(house.calendar)
        assert held.take(other) is None
        assert held.take(long) is not None
        assert held.take(long) is not None  # which was not added
        assert held.take(long._replace(staff_no="A2")) is None
        assert held.take(long._replace(staff_no="A2")) is not None


def test_one_who_never_came_back_is_out_until_the_night_ends(house: Session) -> None:
    gone = away("O1", "A1", at(house, "23:00"), None, house.calendar)
    assert gone.holds(at(house, "11:59", NEXT))
    assert not gone.holds(at(house, "12:00", NEXT))


def test_who_was_seen_to_have_left_while_they_were_out_is_not_fined_again(house: Session) -> None:
    outing(house, "O1", "22:00", "22:30")
    outing(house, "O2", "23:30", None)
    seen = Left("I9", "A1", at(house, "22:10"))
    for said, clock in (("O1 from", "22:00"), ("O1 from", "22:29"), ("O2 from", "23:59")):
        with pytest.raises(Refused, match=said):
            require_once(house, seen._replace(occurred_at=at(house, clock)))
    require_once(house, seen._replace(occurred_at=at(house, "22:30")))
    require_once(house, seen._replace(staff_no="A2"))


def test_who_goes_out_where_they_were_seen_to_have_left_is_fined_once(house: Session) -> None:
    incident(house, "I1", "22:10")
    incident(house, "I2", "21:10", rule="service_complaint")
    incident(house, "I3", "20:10", status="withdrawn")
    incident(house, "I4", "19:10", staff_no="A2")
    with pytest.raises(Refused, match="incident I1"):
        require_once(house, Away("O1", "A1", at(house, "22:00"), at(house, "22:30")))
    require_once(house, Away("O1", "A1", at(house, "19:00"), at(house, "22:00")))


def test_everybodys_absences_but_some(house: Session) -> None:
    """As a file is checked, whose rows stand in the place of those that are recorded."""
    outing(house, "O1", "22:00", "22:30")
    incident(house, "I1", "23:10")
    facts = (
        Left("I9", "A1", at(house, "22:10")), Away("O9", "A1", at(house, "23:00"), at(house, "23:30")),
    )  # fmt: skip
    for but, wrong in (
        ((), [True, True]), (("O1",), [False, True]), (("I1",), [True, False]),
        (("O1", "I1"), [False, False]),
    ):  # fmt: skip
        for staff_no in (None, "A1"):
            held = absences(house, NIGHT, NIGHT, staff_no, frozenset(but))
            assert [held.conflict(each) is not None for each in facts] == wrong
    for first, last in ((NEXT, NEXT), (date(2026, 9, 1), date(2026, 9, 1))):
        held = absences(house, first, last)
        assert [held.conflict(each) for each in facts] == [None, None]


def test_a_rulebook_that_fines_no_outing_has_no_absence_from_the_post(house: Session) -> None:
    text = house.book(NIGHT).source.replace('from = ["outing", "incident"]', 'from = ["incident"]')
    put("rulebook_version", from_night=NEXT, name="x", text=text, adopted_at=0)
    house.refresh()
    assert [leaves_post("left_post", each, house.versions) for each in (NIGHT, NEXT)] == [True, False]  # fmt: skip
    assert not leaves_post("service_complaint", NIGHT, house.versions)
    assert not leaves_post(None, NEXT, house.versions)
