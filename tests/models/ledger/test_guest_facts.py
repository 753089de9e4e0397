"""What is known around guests, as the database has it: who is one client, who has broken a rule."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.guest_facts import around, with_kin
from models.rules import shipped
from models.rules.guests.facts import Breach
from models.rules.guests.rulebook import GuestRules
from tests.models.house import NIGHT, place, put, staff_the_house


@pytest.fixture(autouse=True)
def house(session: Session) -> None:
    staff_the_house()
    place("V01")


@pytest.fixture
def rules() -> GuestRules:
    """In which whoever asked a client whose they are is disqualified."""
    found = shipped.load("property_sales").guests
    assert found is not None
    return found


def guest(number: str, phone: str | None = None, unit: str | None = None) -> None:
    put("guests", guest_no=number, kind="guest", phone=phone, phone_key=phone, unit=unit)


@pytest.mark.parametrize(
    ("by", "of", "kin"),
    [
        ("phone", "a", "ab"),
        ("phone", "c", "c"),
        ("household", "a", "a"),
        ("household", "c", "cd"),
        ("company", "c", "cd"),
        ("phone household", "c", "cde"),
        ("phone household", "ax", "abx"),  # x and y have neither
        ("phone household", "cx", "cdex"),
        ("phone household", "y", "y"),
    ],
)
def test_who_is_one_client(rules: GuestRules, by: str, of: str, kin: str) -> None:
    for each in (("a", "1"), ("b", "1"), ("c", None, "u"), ("d", "2", "u"), ("e", "2"), "x", "y"):
        guest(*each)
    asked = rules._replace(one_client=frozenset(by.split()))
    assert "".join(sorted(with_kin(of, asked))) == kin


def test_a_contact_says_what_was_written_of_it(rules: GuestRules) -> None:
    guest("g")
    written: dict[str, dict[str, object]] = {
        "c1": {},
        "c2": {"for_night": NIGHT, "reached_on": NIGHT, "number": "masked", "answered": True},
        "c3": {"void": "no", "answered": False},
        "c4": {"void": "second_follow_up"},
    }
    for number, said in written.items():
        row = {"staff_no": "A1", "guest_no": "g", "kind": "visit", "at": 1, "night": NIGHT}
        put("contacts", contact_no=number, **{**row, **said})
    found = {each.contact_no: each for each in around({"g"}, (), rules).contacts["g"]}
    assert {
        number: (each.for_night, each.reached_on, each.number, each.answered, each.void)
        for number, each in found.items()
    } == {
        "c1": (None, None, "full", None, None),
        "c2": (NIGHT, NIGHT, "masked", True, None),
        "c3": (None, None, "full", False, None),
        "c4": (None, None, "full", None, "second_follow_up"),
    }


def test_of_whom_was_booked_and_who_is_employed(rules: GuestRules) -> None:
    guest("g")
    for turn, source in ((1, "guest"), (2, None)):
        put(
            "bookings", booking_no=f"B{turn}", night=NIGHT, place="V01", turn=turn, guest_no="g",
            staff_no="A1" if source is None else None, source=source, status="left",
        )  # fmt: skip
    known = around({"g"}, (), rules)
    assert {no: each.source for no, each in known.booking_by_no.items()} == {"B1": "guest", "B2": "staff"}  # fmt: skip
    assert known.employed("A1", NIGHT)
    assert not known.employed("A1", date(2025, 1, 1))
    assert not around({"g"}, (), rules, {}).employed("A1", NIGHT)


def test_who_broke_a_rule_and_of_which_clients_it_is_said(rules: GuestRules) -> None:
    guest("g")
    put("deals", deal_no="d1", night=NIGHT, closer_no="A1", kind="new", buyers=1, amount=1)
    for number, who, rule, status, note in (
        ("I1", "A1", "asked_client", "recorded", "问了 g、d1，booking:B9 z"),
        ("I2", "A1", "asked_client", "withdrawn", "g"),
        ("I3", "A1", "service_complaint", "recorded", "g"),
        ("I4", "A2", "asked_client", "recorded", None),
    ):
        put(
            "incidents", incident_no=number, staff_no=who, rule=rule, status=status, note=note,
            occurred_at=1, night=NIGHT,
        )  # fmt: skip
    assert around({"g"}, (), rules).disqualified == {
        "A1": [Breach("asked_client", NIGHT, frozenset({"g", "d1", "booking:B9"}))],
        "A2": [Breach("asked_client", NIGHT, frozenset())],
    }
