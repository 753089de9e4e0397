"""The guest desk's own doings: each one transaction, on the trail, and taken back step by step."""

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest

from models.access.session import Session
from models.guests import claims, complaints, desk, handovers, knowledge, register
from models.ledger.credits import sale
from models.ledger.promises import waiting
from models.operations import incidents, roll
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import (
    NIGHT,
    charges,
    fields,
    in_step,
    one,
    place,
    sign_in,
    staff_the_house,
)


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    for name, spend in (("V01", 188000), ("V02", 88000), ("V03", 128000), ("A01", None)):
        place(name, "room" if spend else "table", spend)
    clock.set("2026-09-02T21:00")
    yield
    assert in_step(session)
    assert audit.broken_link() is None


def later(clock: Clock, minutes: int = 1) -> None:
    clock.now += minutes * 60


def test_a_guest_is_recorded_and_given_to_whose_turn_it_is(session: Session, clock: Clock) -> None:
    desk.make_order(session, NIGHT, ("A1", "A2", "A3"))
    given = []
    for _ in range(4):
        visit_no = desk.arrive(session, register.add(session, "胡先生"))
        later(clock)
        turn_no, should = desk.give(session, visit_no)
        given.append(should.staff_no)
        desk.gone(session, visit_no)
        later(clock)
    assert given == ["A1", "A2", "A3", "A1"]
    assert desk.given_otherwise(session, NIGHT) == {}
    desk.take_back(session, turn_no)
    board = desk.board(session, NIGHT)
    assert [each.visit.visit_no for each in board.left] == [
        "V260902-01",
        "V260902-02",
        "V260902-03",
        "V260902-04",
    ]
    assert [(each.staff_no, each.had) for each in board.order.in_line] == [
        ("A1", 1),
        ("A2", 1),
        ("A3", 1),
    ]


def test_who_is_on_the_telephone_is_owed(session: Session, clock: Clock) -> None:
    desk.make_order(session, NIGHT, ("A1", "A2", "A3"))
    desk.step_away(session, "A1", "telephone")
    with pytest.raises(Refused) as refusal:
        desk.step_away(session, "A1", "private")
    assert fields(refusal) == ["staff_no"]
    later(clock)
    first = desk.arrive(session)
    assert desk.suggested(session, first).staff_no == "A2"
    desk.give(session, first)
    later(clock)
    since = desk.is_back(session, "A1")
    [a1, *_] = desk.board(session, NIGHT).order.in_line
    assert (a1.staff_no, a1.owed, a1.away) == ("A1", True, None)
    desk.undo_away(session, "A1", since, ended=True)
    assert desk.board(session, NIGHT).order.in_line[0].away == "phone"
    desk.undo_away(session, "A1", since, ended=False)
    assert one("SELECT count(*) FROM away") == 0
    with pytest.raises(Refused):
        desk.is_back(session, "A1")


def test_a_guest_who_names_somebody_goes_to_them(session: Session, clock: Clock) -> None:
    desk.make_order(session, NIGHT, ("A1", "A2"))
    visit_no = desk.arrive(session)
    assert desk.asked_for(session, visit_no, "A2") is None
    _, should = desk.give(session, visit_no)
    assert (should.staff_no, should.how, should.counted) == ("A2", "named", False)
    with pytest.raises(Refused) as refusal:
        desk.give(session, visit_no)
    assert fields(refusal) == ["visit_no"]
    desk.withdraw(session, visit_no)
    assert (one("SELECT count(*) FROM visits"), one("SELECT count(*) FROM turns")) == (0, 0)


def test_given_to_another_than_whose_turn_it_is_stays_visible(session: Session) -> None:
    desk.make_order(session, NIGHT, ("A1", "A2"))
    turn_no, should = desk.give(session, desk.arrive(session), "A2")
    assert should.staff_no == "A1"
    assert desk.given_otherwise(session, NIGHT) == {turn_no: "A1"}


def test_the_register_finds_by_phone_and_masks_it(session: Session) -> None:
    guest_no = register.add(session, "胡先生", "138 0000 0001", unit="胡家")
    assert [each.guest_no for each in register.find(session, "13800000001")] == [guest_no]
    assert [each.guest_no for each in register.find(session, "0001")] == [guest_no]
    assert [each.phone for each in register.find(session, "胡")] == ["138****0001"]
    assert register.find(session, "x%") == []
    with pytest.raises(Refused) as refusal:
        register.add(session, "王", "12")
    assert fields(refusal) == ["phone"]
    told = audit.lines()
    assert all("0000" not in f"{line.before}{line.after}" for line in told)
    assert register.read_phone(session, guest_no) == "138 0000 0001"
    assert audit.lines()[-1].action == "guest.phone_read"


def test_two_guests_are_made_one_and_two_again(session: Session) -> None:
    mine = register.add(session, "胡先生", "13800000001")
    other = register.add(session, "胡先生", "139****0001")
    assert [each.guest_no for each in register.duplicates(session, other)] == [mine]
    before = register.make_one(session, other, mine)
    assert len(register.find(session, "13800000001")) == 2
    register.make_two(session, *before)
    assert [each.guest_no for each in register.find(session, "13800000001")] == [mine]


def sold() -> str:
    execute(
        "INSERT INTO bookings (booking_no, night, place, turn, staff_no, status, amount)"
        " VALUES ('B1', '2026-09-02', 'V01', 1, 'A1', 'left', 288001)"
    )
    return "booking:B1"


def test_a_director_decides_a_sale_and_takes_it_back(session: Session) -> None:
    deal_no = sold()
    claims.claim(session, deal_no, "A2")
    halves = {"A1": Fraction(1, 2), "A2": Fraction(1, 2)}
    with pytest.raises(Refused) as refusal:
        claims.decide(session, deal_no, halves, "同一天", by="A2")
    assert fields(refusal) == ["by"]
    with pytest.raises(Refused) as refusal:
        claims.decide(session, deal_no, halves, "同一天", by="S1")
    assert fields(refusal) == ["decided_by"]
    with pytest.raises(Refused) as refusal:
        claims.decide(session, deal_no, halves, " ", by="D1")
    assert fields(refusal) == ["reason"]
    before = claims.decide(session, deal_no, halves, "同一天", by="D1")
    found = {each.staff_no: each.cents for each in sale(session, deal_no).credit.shares}
    assert found == {"A1": 144001, "A2": 144000}
    claims.undecide(session, deal_no, before)
    assert sale(session, deal_no).credit.decision is None
    claims.withdraw(session, deal_no, "A2")
    assert sale(session, deal_no).claims == ()
    sign_in(session, "supervisor", "S1")
    with pytest.raises(Refused):
        claims.decide(session, deal_no, halves, "同一天")


def test_a_complaint_fines_nobody_until_it_is_founded(session: Session, clock: Clock) -> None:
    number = complaints.take(session, "态度差", about_staff_no="A1")
    assert charges("A1") == []
    assert [each.about for each in waiting(session)] == [number, number]
    with pytest.raises(Refused) as refusal:
        complaints.make_incident(session, number)
    assert fields(refusal) == ["founded"]
    with pytest.raises(Refused) as refusal:
        complaints.judge(session, number, True, by="A1")
    assert fields(refusal) == ["judged_by"]
    before = complaints.judge(session, number, True, by="S1")
    assert charges("A1") == []
    incident_no = complaints.make_incident(session, number, by="D1")
    assert [(rule, amount) for rule, _, amount, status in charges("A1")] == [
        ("service_complaint", 10000)
    ]
    with pytest.raises(Refused):
        complaints.make_incident(session, number)
    complaints.unmake_incident(session, number)
    assert incidents.incident(incident_no).status == "withdrawn"
    complaints.put_back(session, before)
    later(clock, 30)
    complaints.answer(session, number, "已致歉")
    complaints.solve(session, number)
    assert [each.code for each in waiting(session)] == ["asked_after"]
    complaints.asked(session, number, satisfied=True)
    assert waiting(session) == []
    complaints.withdraw(session, number)
    assert complaints.listing(session, NIGHT, NIGHT) == []


def test_a_handover_is_accepted_by_name_and_shows_what_is_open(
    session: Session, clock: Clock
) -> None:
    promise_no = handovers.tell(session, "十点回电", clock.now + 3600)
    open_ = handovers.to_hand_over(session)
    assert [each.about for each in open_.promises] == [promise_no]
    number = handovers.give(session, "A1", "A2", "V01 留到十点")
    assert handovers.on_duty(session, NIGHT) == "A1"
    with pytest.raises(Refused) as refusal:
        handovers.accept(session, number, by="A3")
    assert fields(refusal) == ["by"]
    handovers.accept(session, number, by="A2")
    assert handovers.on_duty(session, NIGHT) == "A2"
    before = handovers.keep(session, promise_no)
    assert handovers.to_hand_over(session).promises == ()
    handovers.put_back(session, before)
    handovers.untell(session, promise_no)
    assert waiting(session) == []


def test_ten_questions_of_the_venues_own(session: Session) -> None:
    asked = knowledge.questions(session, "A1")
    assert len(asked) == 10
    assert all(each.right in each.choices for each in asked)
    assert {each.subject for each in asked} <= {"V01", "V02", "V03", "A01"}
    execute("UPDATE staff SET hired_on = '2026-09-02' WHERE staff_no = 'A1'")
    assert [each.code for each in waiting(session)] == ["knows_house"]
    at = knowledge.record(session, "A1", 10, 6)
    assert [each.code for each in waiting(session)] == ["knows_house"]
    assert not knowledge.passes(10, 6)
    knowledge.unrecord(session, "A1", at)
    knowledge.record(session, "A1", 10, 7)
    assert waiting(session) == []
    execute("DELETE FROM places WHERE place <> 'V01'")
    with pytest.raises(Refused):
        knowledge.questions(session, "A1")


@pytest.mark.parametrize("seed", range(6))
def test_a_round_that_is_remembered_stands_as_one_played_anew(
    session: Session, clock: Clock, seed: int
) -> None:
    """Whatever is done between two guests, by this terminal or another, and in whatever second."""
    random = Random(seed)
    people = ("A1", "A2", "A3")
    desk.make_order(session, NIGHT, people)
    visits: list[str] = []
    turns: list[str] = []
    for number in range(60):
        later(clock) if random.random() < 0.7 else None
        what = random.choice(["come", "come", "give", "give", "give", "go", "away", "roll", "back"])
        by = session if random.random() < 0.7 else session.for_another()
        try:
            if what == "come":
                guest = random.choice(["胡", "李", "王"])
                known = register.find(session, guest) if random.random() < 0.5 else []
                guest_no = known[0].guest_no if known else register.add(by, guest)
                asked = random.choice([None, None, "A2"])
                visits.append(desk.arrive(by, guest_no, asked_for=asked))
            elif what == "give" and visits:
                whom = random.choice([None, None, "A3"])
                turns.append(desk.give(by, random.choice(visits), whom)[0])
            elif what == "go" and visits:
                desk.gone(by, random.choice(visits))
            elif what == "away":
                who = random.choice(people)
                if random.random() < 0.5:
                    desk.step_away(by, who, random.choice(desk.AWAY))
                else:
                    desk.is_back(by, who)
            elif what == "roll" and number > 30:
                roll.mark(by, random.choice(people), director_no="D1")
            elif what == "back" and turns:
                desk.take_back(by, turns.pop())
        except Refused:
            pass
        anew = session.for_another()
        assert desk.board(session, NIGHT) == desk.board(anew, NIGHT), (number, what)
        for visit_no in visits[-2:]:
            waits = one(f"SELECT count(*) FROM turns WHERE visit_no = '{visit_no}'") == 0
            if waits:
                assert desk.suggested(session, visit_no) == desk.suggested(anew, visit_no)
