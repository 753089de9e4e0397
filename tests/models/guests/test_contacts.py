"""What is written down of guests: sheets, appointments, heirs, cards, and the form with four
signatures."""

from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.guests import claims, contacts, deals, register
from models.guests.contacts import HeirRow
from models.ledger.credits import rules_of, sale
from models.operations import venue
from models.rules import shipped
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.conftest import Clock
from tests.models.house import charges, hire, in_step, staff_the_house

NOVEMBER = date(2026, 11, 10)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    """A club's rules, at 15:00 of 2026-11-10."""
    staff_the_house()
    venue.adopt(session, shipped.load("club"), date(2026, 10, 1))
    at(session, clock, "2026-11-10T15:00")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def at(session: Session, clock: Clock, text: str) -> None:
    clock.now = session.calendar.parse(text)


def fields(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.field for each in refusal.value.problems]


def test_a_sheet_gains_the_sale_that_another_closed(session: Session, clock: Clock) -> None:
    """C1, from the terminal: written down, sold, claimed, and taken back step by step."""
    at(session, clock, "2026-10-20T15:00")
    guest_no = register.add(session, "韦先生", "13800000001")
    sheet = contacts.add(session, guest_no, "A1", "follow_up")
    at(session, clock, "2026-11-10T15:00")
    assert contacts.second(session, guest_no, "A2", rules_of(session, NOVEMBER)) == "A1"
    assert contacts.second(session, guest_no, "A1", rules_of(session, NOVEMBER)) is None
    deal_no = deals.sell(session, "A2", guest_no, 288001, phone="13800000001")
    claims.claim(session, deal_no, "A1")
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A1"]
    with pytest.raises(Refused) as refusal:
        deals.withdraw(session, deal_no)
    assert fields(refusal) == ["deal_no"]
    before = contacts.void(session, sheet, "yes")
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A2"]
    contacts.put_back(session, before)
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A1"]
    claims.withdraw(session, deal_no, "A1")
    deals.withdraw(session, deal_no)
    assert [each.void for each in contacts.of_guest(session, guest_no)] == [None]
    at(session, clock, "2026-11-30T15:00")


def test_a_sheet_made_knowing_of_anothers_is_void_and_fined(session: Session) -> None:
    """C43 and e.7."""
    guest_no = register.add(session, "韦先生")
    sheet = contacts.add(session, guest_no, "A1", "follow_up")
    before = contacts.void(session, sheet, "second_follow_up")
    assert [(rule, amount) for rule, _, amount, _ in charges("A1")] == [("second_follow_up", 10000)]
    contacts.put_back(session, before)
    assert [status for *_, status in charges("A1")] == ["reversed"]
    contacts.withdraw(session, sheet)
    assert contacts.of_guest(session, guest_no) == []


def test_an_appointment_is_signed_by_a_director_and_never_ones_own(session: Session) -> None:
    guest_no = register.add(session, "韦先生")
    number = contacts.add(session, guest_no, "A1", "appointment", for_night=NOVEMBER)
    assert contacts.of_guest(session, guest_no)[0].signed_by is None
    before = contacts.sign(session, number, "D1", message=True)
    [signed] = contacts.of_guest(session, guest_no)
    assert (signed.signed_by, signed.for_night) == ("D1", "2026-11-10")
    contacts.put_back(session, before)
    with pytest.raises(Refused) as refusal:
        contacts.sign(session, number, "A1")
    assert fields(refusal) == ["signed_by"]


def test_a_number_is_reached(session: Session) -> None:
    guest_no = register.add(session, "韦先生")
    number = contacts.add(session, guest_no, "A1", "follow_up", number="unreachable")
    contacts.reached(session, number)
    assert execute("SELECT reached_on FROM contacts").fetchone() == ("2026-11-10",)


def test_c42_a_leavers_member_is_handed_on_and_back(session: Session) -> None:
    guest_no = register.add(session, "韦先生", kind="member", consultant_no="A1")
    deal_no = deals.sell(session, "A2", guest_no, 100, kind="renewal_expired")
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A1"]
    execute("UPDATE staff SET left_on = '2026-10-31' WHERE staff_no = 'A1'")
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A2"]
    before = contacts.hand_on(session, guest_no, "A3", "A1")
    assert contacts.heirs_of(session, guest_no) == [HeirRow("2026-11-10", "A1", "A3")]
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A3"]
    with pytest.raises(Refused) as refusal:
        contacts.hand_on(session, guest_no, "A3", "A3")
    assert fields(refusal) == ["to_staff_no"]
    contacts.take_back(session, guest_no, NOVEMBER, before)
    assert contacts.heirs_of(session, guest_no) == []
    execute("UPDATE staff SET left_on = NULL WHERE staff_no = 'A1'")


def test_8_11_the_number_of_a_sale_is_noted_as_the_same_persons(
    session: Session, clock: Clock
) -> None:
    guest_no = register.add(session, "韦先生", "13800000001")
    execute("UPDATE guests SET consultant_no = NULL")
    deal_no = deals.sell(session, "A2", guest_no, 100, phone="13800000002")
    fined = {rule for rule, _, _, status in charges("A2") if status == "standing"}
    assert "unmatched_phone" in fined
    at(session, clock, "2026-11-10T21:40")
    before = deals.note_same_person(session, deal_no)
    fined = {rule for rule, _, _, status in charges("A2") if status == "standing"}
    assert "unmatched_phone" not in fined
    deals.put_back(session, before)
    fined = {rule for rule, _, _, status in charges("A2") if status == "standing"}
    assert "unmatched_phone" in fined


def test_a_guests_number_put_right_takes_the_charge_of_a_sale_back(session: Session) -> None:
    guest_no = register.add(session, "韦先生", "13800000001")
    deals.sell(session, "A2", guest_no, 100, phone="13800000002")
    before = register.edit(session, guest_no, phone="13800000002")
    assert not any(
        rule == "unmatched_phone" for rule, _, _, status in charges("A2") if status == "standing"
    )
    assert in_step(session)
    register.restore(session, before)
    assert any(
        rule == "unmatched_phone" for rule, _, _, status in charges("A2") if status == "standing"
    )
    other = register.add(session, "韦先生", None, unit="同一公司")
    register.make_one(session, guest_no, other)


SIGNED = ("A2", "A1", "S1", "D1")


@pytest.mark.parametrize(
    ("sold", "changed", "signed", "wrong"),
    [
        ("2026-11-29", "2026-11-29", SIGNED, []),
        ("2026-11-28", "2026-11-29", SIGNED, ["deal_no"]),
        ("2026-11-26", "2026-11-27", SIGNED, []),
        ("2026-11-29", "2026-12-01", SIGNED, ["deal_no"]),
        ("2026-11-29", "2026-11-29", ("A2", "A1", "D1"), ["signed_by"]),
        ("2026-11-29", "2026-11-29", ("A2", "S1", "D1"), ["signed_by"]),
        ("2026-11-29", "2026-11-29", ("A1", "S1", "D1"), ["signed_by"]),
        ("2026-11-29", "2026-11-29", ("A2", "A1", "S1"), ["signed_by"]),
    ],
)
def test_e9_the_form_with_four_signatures(
    session: Session,
    clock: Clock,
    sold: str,
    changed: str,
    signed: tuple[str, ...],
    wrong: list[str],
) -> None:
    at(session, clock, f"{sold}T15:00")
    deal_no = deals.sell(session, "A2", None, 288001)
    at(session, clock, f"{changed}T16:00")
    if wrong:
        with pytest.raises(Refused) as refusal:
            deals.change_closer(session, deal_no, "A1", signed)
        assert fields(refusal) == wrong
        return
    before = deals.change_closer(session, deal_no, "A1", signed)
    held = sale(session, deal_no)
    assert [each.staff_no for each in held.credit.shares] == ["A1"]
    assert [each.staff_no for each in held.credit.by_rule] == ["A2"]
    assert held.credit.decision is not None
    assert held.credit.decision.agreed_by == set(SIGNED)
    claims.undecide(session, deal_no, before)
    assert [each.staff_no for each in sale(session, deal_no).credit.shares] == ["A2"]


def test_a_rulebook_without_the_form_knows_none(session: Session) -> None:
    hire("E1", "王五")
    venue.adopt(session, shipped.load("nightlife"), date(2026, 11, 1))
    deal_no = deals.sell(session, "A2", None, 100)
    with pytest.raises(Refused) as refusal:
        deals.change_closer(session, deal_no, "A1", SIGNED)
    assert fields(refusal) == ["deal_no"]
