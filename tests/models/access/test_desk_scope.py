"""Whom each role may read about at the guest desk."""

import ast
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from models import guests
from models.access.permissions import ALLOWED
from models.access.session import Session
from models.guests import complaints, contacts, desk, handovers, register
from models.guests.fact_writer import known
from models.ledger import credits
from models.ledger.promises import readable_promises, waiting
from models.operations import bookings
from models.payroll.guest_explanation import explain_promise, explain_sale, explain_turn
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.conftest import Clock
from tests.models.access.guest_desk_acts import (
    DESK_ACTS,
    GUEST,
    OPEN,
    PROMISE,
    WAITS,
    Act,
    open_the_desk,
)
from tests.models.access.test_permissions import refusal
from tests.models.house import brief, hire, place, sign, sign_in
from venue_tui.exchange import exports

MONTH = "2026-09"
TOLD_BY_S2, OF_S1 = "P260902-02", "P260902-03"


@pytest.fixture
@built_once
def house(session: Session, clock: Clock) -> Session:
    """S1 over A1, S2 over B1; a sale of each, a visit given to S2, and complaints about S1."""
    hire("D1", position="director", team=None)
    hire("D2", position="director", team=None)
    hire("P1", position="payroll", team=None)
    hire("U1", position="supervisor", supervisor_no="D1")
    for above, own in (("S1", "A1"), ("S2", "B1"), ("S3", "C1")):
        hire(above, position="supervisor", supervisor_no="D1")
        hire(own, supervisor_no=above)
    brief(session)
    clock.set("2026-09-02T19:25")
    for number in ("A1", "B1", "S1", "S2"):
        sign(session, number, arrived_at="19:20")
    for number in ("A1", "B1"):
        place(f"V{number}")
        booked = bookings.book(session, session.tonight(), f"V{number}", number)
        bookings.arrived(session, booked)
        bookings.left(session, booked, 100)
    open_the_desk(session)
    return session


def sales(session: Session) -> set[str]:
    """Whose sales one reads about."""
    night = session.tonight()
    return {each.deal.closer_no or "-" for each in credits.readable_sales(session, night, night)}


@pytest.mark.parametrize(
    ("role", "staff_no", "sees"),
    [
        ("director", "D1", {"A1", "B1", "S1"}),
        ("payroll", "P1", {"A1", "B1", "S1"}),
        ("admin", None, {"A1", "B1", "S1"}),
        ("supervisor", "S1", {"A1", "S1"}),
        # S2 claimed the sale of S1, and half of it was given to them.
        ("supervisor", "S2", {"B1", "S1"}),
        ("supervisor", "S3", set()),
        ("supervisor", None, set()),
        ("staff", "A1", {"A1"}),
    ],
)
def test_each_role_reads_of_its_own_peoples_sales(
    house: Session, role: str, staff_no: str | None, sees: set[str]
) -> None:
    numbers = {each.deal.closer_no: each.deal.deal_no for each in credits.readable_sales(
        house, house.tonight(), house.tonight())}  # fmt: skip
    sign_in(house, role, staff_no)
    assert sales(house) == sees
    for closer, number in numbers.items():
        if role != "staff" and closer in sees:
            assert explain_sale(house, number)
        else:
            with pytest.raises(Refused):
                explain_sale(house, number)


def test_complaints_about_others_people_are_not_a_supervisors(house: Session) -> None:
    night = house.tonight()
    # Nobody took them by name: a venue without accounts knows nobody.
    assert len(complaints.listing(house, night, night)) == 3
    for number, seen in (("S1", 3), ("S2", 0), ("S3", 0)):
        sign_in(house, "supervisor", number)
        assert len(complaints.listing(house, night, night)) == seen
    sign_in(house, "director", "D1")
    assert len(complaints.listing(house, night, night)) == 3


def due(session: Session) -> set[str]:
    """What that is due one reads about."""
    return {each.about for each in readable_promises(session, waiting(session))}


@pytest.mark.parametrize(
    ("role", "staff_no", "sees"),
    [
        ("director", "D1", {OPEN, PROMISE, "S1", "S2", TOLD_BY_S2, OF_S1}),
        ("payroll", "P1", {OPEN, PROMISE, "S1", "S2", TOLD_BY_S2, OF_S1}),
        ("admin", None, {OPEN, PROMISE, "S1", "S2", TOLD_BY_S2, OF_S1}),
        ("supervisor", "S1", {OPEN, PROMISE, "S1", OF_S1}),
        ("supervisor", "S2", {PROMISE, "S2", TOLD_BY_S2}),
        ("supervisor", "S3", {PROMISE}),
        ("supervisor", None, {PROMISE}),
    ],
)
def test_each_role_reads_of_what_is_due_from_its_own_people(
    house: Session, clock: Clock, role: str, staff_no: str | None, sees: set[str]
) -> None:
    """What concerns nobody yet is the desk's, and every supervisor's who works at it."""
    later = house.now() + 3600
    assert handovers.tell(house, "送果盘", later, by="S2") == TOLD_BY_S2
    assert handovers.tell(house, "致歉", later, complaint_no=OPEN) == OF_S1
    execute("UPDATE staff SET hired_on = ? WHERE staff_no IN ('S1', 'S2')", ("2026-09-01",))
    clock.set("2026-09-03T20:00")
    asked = {OPEN, PROMISE, "S1", "S2", TOLD_BY_S2, OF_S1}
    assert asked <= due(house)
    sign_in(house, role, staff_no)
    assert due(house) & asked == sees
    for about in asked - {"S1", "S2"}:
        if about in sees:
            assert explain_promise(house, MONTH, about)
        else:
            with pytest.raises(Refused, match="nothing was promised"):
                explain_promise(house, MONTH, about)


def test_whom_guests_had_to_do_with_is_narrowed_to_ones_people(house: Session) -> None:
    def read() -> tuple[set[str], set[str]]:
        had, heirs = contacts.of_guest(house, GUEST), contacts.heirs_of(house, GUEST)
        return {each.staff_no for each in had}, {each.to_staff_no for each in heirs}

    contacts.add(house, GUEST, "B1", "call_in")
    contacts.add(house, GUEST, "A1", "call_in")
    for role, number, sees in (
        ("director", "D1", ({"S2", "B1", "A1"}, {"S2"})),
        ("payroll", "P1", ({"S2", "B1", "A1"}, {"S2"})),
        ("admin", None, ({"S2", "B1", "A1"}, {"S2"})),
        ("supervisor", "S2", ({"S2", "B1"}, {"S2"})),
        ("supervisor", "S1", ({"A1"}, set())),
        ("supervisor", "S3", (set(), set())),
        ("supervisor", None, (set(), set())),
    ):
        sign_in(house, role, number)
        assert read() == sees


@pytest.mark.parametrize("name", exports.NAMES)
def test_neither_supervisors_nor_staffers_export_anything(house: Session, name: str) -> None:
    for role, number in (("supervisor", "S1"), ("staff", "A1")):
        sign_in(house, role, number)
        out = BytesIO()
        with pytest.raises(Refused, match="may not do this"):
            exports.export(house, name, None, out)
        assert out.getvalue() == b""
    for role, number in (("director", "D1"), ("payroll", "P1"), ("admin", None)):
        sign_in(house, role, number)
        exports.export(house, name, None, BytesIO())


CONCERNED: dict[str, str | None] = {
    act: staff_no
    for staff_no, acts in {
        "U1": "claims.claim",
        "S1": "complaints.answer complaints.asked complaints.classify complaints.judge"
        " complaints.put_back complaints.solve complaints.withdraw deals.note_same_person"
        " deals.put_back deals.sell deals.withdraw contacts.add handovers.tell_of_a_complaint"
        " knowledge.record",
        "S2": "claims.put_back claims.withdraw contacts.put_back contacts.reached contacts.void contacts.withdraw"
        " handovers.keep_theirs handovers.put_back_theirs handovers.untell_theirs"
        " knowledge.unrecord",
        # The door, the order, the register and the handing over are the house's, and so is what
        # concerns no staffer yet.
        None: "complaints.take desk.arrive desk.asked_for desk.give desk.gone desk.is_back"
        " desk.make_order desk.put_back desk.step_away desk.still_here desk.take_back desk.undo_away"
        " desk.withdraw handovers.accept handovers.give handovers.keep handovers.put_back"
        " handovers.tell handovers.untell register.add register.edit register.make_one"
        " register.make_two register.restore register.read_phone",
    }.items()
    for act in acts.split()
}
"""Whom the example of each act that supervisors may do concerns; None: nobody in particular."""

ALSO: dict[str, tuple[str, Act]] = {
    "handovers.tell_of_a_complaint": (
        "complaint", lambda d: handovers.tell(d, "致歉", d.now() + 600, complaint_no=OPEN)),
    "handovers.keep_theirs": ("complaint", lambda d: handovers.keep(d, TOLD_BY_S2)),
    "handovers.put_back_theirs": (
        "complaint", lambda d: handovers.put_back(d, known("promised", TOLD_BY_S2))),
    "handovers.untell_theirs": ("complaint", lambda d: handovers.untell(d, TOLD_BY_S2)),
}  # fmt: skip


def test_a_supervisor_acts_for_their_own_people_alone(house: Session) -> None:
    """By whatever number; a supervisor of another team, and one of none, don't."""
    handovers.tell(house, "送果盘", house.now() + 3600, by="S2")
    acts = {
        name: act
        for name, (permission, act) in {**DESK_ACTS, **ALSO}.items()
        if "supervisor" in ALLOWED[permission]
    }
    assert acts.keys() == CONCERNED.keys()
    for number in ("S1", "S2", "S3", "U1", None):
        sign_in(house, "supervisor", number)
        for name, act in acts.items():
            concerned, why = CONCERNED[name], refusal(act, house) or ""
            others = concerned not in (None, number)
            refused = "none of your people" in why or "not of their team" in why
            assert refused == others, (number, name, why)
    sign_in(house, "director", "D2")
    for name, act in acts.items():
        assert "people" not in (refusal(act, house) or ""), name


READERS: dict[str, Callable[[Session], object]] = {
    "the desk": lambda d: desk.board(d, d.tonight()),
    "the register": register.latest,
    "a guest": lambda d: register.find(d, "13800000001"),
    "contacts": lambda d: contacts.of_guest(d, GUEST),
    "heirs": lambda d: contacts.heirs_of(d, GUEST),
    "one guest": lambda d: register.guest(d, GUEST),
    "what is known of a guest": lambda d: register.record(d, GUEST),
    "doubles": lambda d: register.duplicates(d, GUEST),
    "whose a guest is": lambda d: register.whose(d, GUEST),
    "a visit": lambda d: desk.visit(d, WAITS),
    "whose turn it is": lambda d: desk.suggested(d, WAITS),
    "the order": lambda d: desk.order(d, d.tonight()),
    "turns given otherwise": lambda d: desk.given_otherwise(d, d.tonight()),
    "a sheet of another's": lambda d: contacts.second(
        d, GUEST, "A1", credits.rules_of(d, d.tonight())
    ),
    "a handover": handovers.to_hand_over,
    "handovers": lambda d: handovers.open_handovers(d, d.tonight()),
    "who is on duty": lambda d: handovers.on_duty(d, d.tonight()),
    "what is due": lambda d: readable_promises(d, waiting(d)),
    "complaints": lambda d: complaints.listing(d, d.tonight(), d.tonight()),
    "a turn": lambda d: explain_turn(d, "T260902-01"),
    "a promise": lambda d: explain_promise(d, MONTH, "P260902-01"),
}


def test_every_function_of_the_desk_asks_who_is_there() -> None:
    silent = {
        "deals.form_is_late", "knowledge.passes",  # of the rulebook, and of numbers alone
        "desk.suggested",  # `desk.visit` asks
    }  # fmt: skip
    for path in sorted(Path(guests.__file__).parent.glob("[a-z]*.py")):
        if path.stem == "fact_writer":
            continue  # what the others write with
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
                name = f"{path.stem}.{node.name}"
                assert name in silent | set(DESK_ACTS) or "require(" in ast.unparse(node), name


@pytest.mark.parametrize("reader", READERS)
def test_the_houses_desk_is_the_houses_and_no_staffers(house: Session, reader: str) -> None:
    """It takes turns among all, so whoever works at it sees the whole of it."""
    for role, number in (("director", "D1"), ("supervisor", "S3"), ("payroll", "P1"),
                         ("admin", None)):  # fmt: skip
        sign_in(house, role, number)
        READERS[reader](house)
    sign_in(house, "staff", "A1")
    with pytest.raises(Refused, match="may not do this"):
        READERS[reader](house)
