"""What the guest desk's facts charge by themselves: whom, for what, and what keeps them from it."""

from datetime import date, timedelta

import pytest

from models.access.session import Session
from models.ledger.desk_breaches import desk_breaches
from models.rules import shipped
from tests.conftest import MakeSession
from tests.models.house import NIGHT, brief, put, sign, staff_the_house

BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)


@pytest.fixture
def rulebook() -> str:
    return "club"


@pytest.fixture
def session(make_session: MakeSession, rulebook: str) -> Session:
    """A house with g, who came tonight, and h, who never did."""
    made = make_session("2026-09-02T21:00", book=rulebook)
    staff_the_house()
    for number, phone in (("g", "13800000001"), ("h", None)):
        put("guests", guest_no=number, kind="guest", phone=phone, phone_key=phone)
    put("visits", visit_no="v0", night=NIGHT, at=100, guest_no="g")
    return made


def found(
    session: Session, first: date = NIGHT, last: date = NIGHT, staff_no: str | None = None
) -> list[tuple[date, str, str, str]]:
    breaches = desk_breaches(session, first, last, staff_no)
    return sorted(
        (night, each.staff_no, each.rule, each.source)
        for night, some in breaches.items()
        for each in some
    )


def deal(number: str, **said: object) -> None:
    row = {"night": NIGHT, "closer_no": "A1", "kind": "new", "buyers": 1, "amount": 1, "guest_no": "g"}  # fmt: skip
    put("deals", deal_no=number, **{**row, **said})


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, []),
        ({"guest_no": "h"}, ["unregistered_visit"]),
        (
            {"guest_no": "h", "phone": "13900000002"},
            ["unregistered_visit"],
        ),  # of whom none is known
        ({"guest_no": "h", "closer_no": None}, []),
        ({"phone": "13900000002"}, ["unmatched_phone"]),
        ({"phone": "138 0000 0001"}, []),
        ({"phone": "13900000002", "noted": "02:00"}, []),
        ({"phone": "13900000002", "noted": "02:01"}, ["unmatched_phone"]),
        ({"night": BEFORE, "guest_no": "h"}, []),
        ({"night": AFTER, "guest_no": "h"}, []),
    ],
)
def test_of_sales(session: Session, said: dict[str, object], codes: list[str]) -> None:
    if (noted := said.pop("noted", None)) is not None:
        said["same_person_note_at"] = session.calendar.parse(f"{AFTER}T{noted}")
    deal("d1", **said)
    assert found(session) == [(NIGHT, "A1", code, "deal:d1") for code in codes]


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ({}, None),
        ({"asked_been": True, "asked_for_whom": True, "asked_appointment": True}, None),
        ({"asked_been": False}, "A1"),
        ({"asked_for_whom": False}, "A1"),
        ({"asked_been": True, "asked_appointment": False}, "A1"),
        ({"asked_been": False, "received_by": None}, "A2"),  # to whom they were given
        ({"asked_been": False, "received_by": None, "visit_no": "v2"}, None),
        ({"asked_been": False, "night": AFTER}, None),
    ],
)
def test_of_guests_who_were_not_asked(
    session: Session, said: dict[str, object], who: str | None
) -> None:
    row = {"visit_no": "v1", "night": NIGHT, "at": 100, "received_by": "A1"}
    put("visits", **{**row, **said})
    for number, staff_no in (("v1", "A2"), ("v2", None)):
        put("turns", turn_no=f"t{number}", night=NIGHT, at=100, visit_no=number, staff_no=staff_no)
    assert found(session) == ([] if who is None else [(NIGHT, who, "unasked_visitor", "visit:v1")])


def test_of_sheets_on_a_colleagues_client(session: Session) -> None:
    for number, void, night in (
        ("c1", "second_follow_up", NIGHT), ("c2", "yes", NIGHT), ("c3", None, NIGHT),
        ("c4", "second_follow_up", AFTER), ("c5", "no", NIGHT),
    ):  # fmt: skip
        put(
            "contacts", contact_no=number, staff_no="A3", guest_no="g", kind="follow_up", at=100,
            night=night, void=void,
        )  # fmt: skip
    breach = (NIGHT, "A3", "second_follow_up", "contact:c1")
    assert found(session) == [breach]
    assert found(session, NIGHT, AFTER) == [breach, (AFTER, "A3", "second_follow_up", "contact:c4")]


def test_of_one_staffer_and_by_another_rulebook(session: Session) -> None:
    deal("d1", guest_no="h")
    deal("d2", guest_no="h", closer_no="A2")
    assert [each[1] for each in found(session)] == ["A1", "A2"]
    assert found(session, staff_no="A2") == [(NIGHT, "A2", "unregistered_visit", "deal:d2")]
    assert found(session, staff_no="A3") == []
    assert desk_breaches(session, NIGHT, NIGHT, book=shipped.load("nightlife")) == {}
    text = shipped.load("club").source
    for code, kept in (("unregistered_visit", []), ("unmatched_phone", ["deal:d1", "deal:d2"])):
        spared = text.replace(f'code = "{code}"', 'code = "of_no_desk"')
        book = shipped.parse(spared)
        breaches = desk_breaches(session, NIGHT, NIGHT, book=book).get(NIGHT, [])
        charged = {rule.code for rule in book.rules}
        assert sorted(each.source for each in breaches if each.rule in charged) == kept


@pytest.mark.parametrize("rulebook", ["property_sales"])
@pytest.mark.parametrize(
    ("visit", "turn", "taken"),
    [
        ({}, {}, True),
        ({}, {"how": "made_up"}, True),
        ({}, {"how": "named"}, False),
        ({}, {"staff_no": "A2"}, False),
        ({}, {"staff_no": None}, False),
        ({}, {"visit_no": None}, False),
        ({}, {"night": AFTER}, False),
        ({"asked_for": None}, {}, False),
        ({"asked_for": "A3"}, {}, False),  # who isn't there
    ],
)
def test_of_guests_who_named_a_colleague(
    session: Session, visit: dict[str, object], turn: dict[str, object], *, taken: bool
) -> None:
    brief(session)
    for staff_no in ("A1", "A2"):
        sign(session, staff_no, arrived_at="19:20")
    at = session.calendar.parse(f"{NIGHT}T20:30")
    given = {"visit_no": "v1", "night": NIGHT, "at": at, "asked_for": "A2"}
    put("visits", **{**given, **visit})
    row = {"turn_no": "t1", "night": NIGHT, "at": at, "visit_no": "v1", "staff_no": "A1", "how": "turn"}  # fmt: skip
    put("turns", **{**row, **turn})
    put("visits", visit_no="v2", night=NIGHT, at=at)  # who named nobody
    put("turns", **{**row, "turn_no": "t2", "visit_no": "v2"})
    assert found(session) == ([(NIGHT, "A1", "taken_client", "turn:t1")] if taken else [])
