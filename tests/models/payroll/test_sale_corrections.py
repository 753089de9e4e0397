"""What is decided of a sale once its month is closed: whom it gives and takes how much, and why."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger.closings import Content, as_content
from models.ledger.credits import sale
from models.payroll.sale_corrections import correct_sales
from models.storage.database import execute
from models.values.problems import Refused
from tests.conftest import MakeSession
from tests.models.house import put, staff_the_house

SOLD = date(2026, 10, 20)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    """A club, of whose October two sales are frozen: d1 as A1's, who closed it, and d2 as the
    house's. A2 wrote a sheet of d1's client before."""
    made = make_session("2026-11-10T15:00", book="club")
    staff_the_house()
    put("guests", guest_no="g", kind="guest")
    put("visits", visit_no="v1", night=SOLD, at=100, guest_no="g", received_by="A1")
    put(
        "contacts", contact_no="c", staff_no="A2", guest_no="g", kind="follow_up",
        night=date(2026, 10, 11), at=made.calendar.parse("2026-10-11T15:00"),
    )  # fmt: skip
    for number, closer, guest in (("d1", "A1", "g"), ("d2", None, None)):
        put(
            "deals", deal_no=number, night=SOLD, closer_no=closer, guest_no=guest, kind="new",
            buyers=1, amount=10_001,
        )  # fmt: skip
    close("2026-10", d1="A1", d2=None)
    return made


def close(month: str, /, **owners: str | None) -> None:
    rows: list[list[str | None]] = [
        [number, f"{month}-20", who, "1", "100.01", "yes", "received", "8.1", "rule"]
        for number, who in owners.items()
    ]
    content = Content(rules=[], deductions=[], charges=[], roll=[], sums={}, credits=rows)
    if not owners:
        del content["credits"]  # as of before there was a guest desk
    put(
        "closed_months", month=month, closed_at=1, digest="", audit_head="",
        content=as_content(content),
    )  # fmt: skip


def correct(session: Session, *deal_nos: str, reason: str | None = None) -> None:
    with session.change():
        correct_sales(session, deal_nos, reason)


def adjusted() -> list[tuple[object, ...]]:
    sql = "SELECT deal_no, staff_no, amount, reason FROM sale_adjustments ORDER BY id"
    return [tuple(row) for row in execute(sql)]


def claim(staff_no: str = "A2") -> None:
    put("claims", deal_no="d1", staff_no=staff_no, found_on=SOLD)


def test_a_claim_granted_since_is_paid_in_the_first_open_month_and_taken_back(
    session: Session,
) -> None:
    correct(session, "d1")
    assert adjusted() == []
    claim()
    credit = sale(session, "d1").credit
    why = f"{credit.rule} {credit.clause}"
    correct(session, "d1", "d1")
    assert adjusted() == [("d1", "A1", -10_001, why), ("d1", "A2", 10_001, why)]
    assert execute("SELECT DISTINCT month, corrects FROM sale_adjustments").fetchall() == [
        ("2026-11", "2026-10")
    ]
    correct(session, "d1")
    assert len(adjusted()) == 2
    execute("UPDATE deals SET closer_no = 'A3' WHERE deal_no = 'd2'")
    correct(session, "d2", reason="漏记")
    assert adjusted()[2:] == [("d2", "A3", 10_001, "漏记"), ("d2", None, -10_001, "漏记")]
    execute("DELETE FROM claims")  # taken back for the reason it was granted for
    correct(session, "d1")
    assert adjusted()[4:] == [("d1", "A1", 10_001, why), ("d1", "A2", -10_001, why)]


def test_a_decision_says_why_itself_unless_somebody_else_does(session: Session) -> None:
    put("credit_decisions", deal_no="d1", shares="A1:1/2 A3:1/2", reason="说好的", decided_by="D1")
    correct(session, "d1")
    [(_, _, lost, why), (_, _, gained, _)] = adjusted()
    assert (gained, lost, why) == (5_000, -5_000, "说好的")
    execute("UPDATE credit_decisions SET shares = 'A3:1'")
    correct(session, "d1", reason="改判")
    assert adjusted()[2:] == [("d1", "A1", -5_001, "改判"), ("d1", "A3", 5_001, "改判")]


def test_what_changes_for_no_reason_is_refused_with_its_sums(session: Session) -> None:
    """A fact that was put right since, which no rule grants anybody anything for."""
    execute("UPDATE deals SET closer_no = 'A3'")
    with pytest.raises(Refused, match=r"d1 by 100\.01") as refusal:
        correct(session, "d1", "d2")
    assert [each.field for each in refusal.value.problems] == ["reason"] * 4
    assert adjusted() == []


def test_of_what_is_not_frozen_nothing_is_corrected(session: Session) -> None:
    """A sale of an open month, of one from before the first that was closed, of one that was closed
    before there was a guest desk, one added since, and none at all."""
    close("2026-09")
    for number, night in (
        ("d3", date(2026, 11, 2)), ("d4", date(2026, 8, 2)), ("d5", date(2026, 9, 2)), ("d6", SOLD),
    ):  # fmt: skip
        put("deals", deal_no=number, night=night, closer_no="A3", kind="new", buyers=1, amount=500)
    correct(session, "d3", "d4", "d5", "d6", "d9", "booking:B9", reason="x")
    assert adjusted() == []
    execute("UPDATE deals SET closer_no = 'A3'")
    execute("DELETE FROM closed_months")
    correct(session, "d1")
    assert adjusted() == []
