"""Who is proposed to be parted from, on which night, and what becomes of a decision."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from models.access.session import Session
from models.ledger import separations
from models.ledger.ledger import rejudge
from models.ledger.separations import ABSENCES, CONFIRMED, DISMISSAL, KEPT, Proposal
from models.operations import venue
from models.payroll import months
from models.rules import shipped
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock, clock_of
from tests.models.house import brief, in_step, one, sign, staff_the_house

MONTH = "2026-09"
BOOK = shipped.load("nightlife").source


@pytest.fixture(autouse=True)
def house(session: Session, clock: Clock) -> Iterator[None]:
    staff_the_house()
    clock.set("2026-10-05T12:00")
    yield
    assert in_step(session)


def within(session: Session, window: str, absences: int = 3) -> None:
    text = BOOK.replace('within = "month"', f'within = "{window}"')
    text = text.replace("absences = 3", f"absences = {absences}")
    venue.adopt(session, shipped.parse(text), date(2026, 6, 1))


def night(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def held(session: Session, *nights: str, absent: tuple[str, ...] = ("A1",)) -> None:
    """Briefings to which everybody comes but those who are absent."""
    for each in nights:
        brief(session, night(each))
        for staff_no in {"S1", "A1", "A2", "A3"}.difference(absent):
            sign(session, staff_no, night(each), arrived_at="19:20")


def dismissed(session: Session, staff_no: str, on: str, number: str) -> None:
    execute(
        "INSERT INTO incidents (incident_no, staff_no, occurred_at, rule, status, night)"
        " VALUES (?, ?, 1788357600, 'drugs', 'recorded', ?)",
        (number, staff_no, f"2026-{on}"),
    )
    rejudge(session, night(on), night(on))


def proposed(session: Session, month: str = MONTH) -> list[tuple[str, str, str]]:
    return [
        (each.staff_no, each.cause, each.night.strftime("%m-%d"))
        for each in separations.proposals(session, month)
    ]


@pytest.mark.parametrize("window", ["ever", "consecutive"])
@pytest.mark.parametrize(
    ("nights", "month", "on"),
    [
        (("08-30", "08-31", "09-01"), MONTH, "09-01"),
        (("08-29", "08-30", "08-31"), "2026-08", "08-31"),
        (("08-30", "08-31", "09-30"), MONTH, "09-30"),
    ],
)
def test_absences_of_two_months_part_on_the_night_of_the_last_one(
    session: Session, window: str, nights: tuple[str, ...], month: str, on: str
) -> None:
    """Its first and its last night are of the month, and are proposed in no other."""
    within(session, window)
    held(session, *nights)
    assert proposed(session, month) == [("A1", ABSENCES, on)]
    for other in {"2026-08", MONTH, "2026-10"} - {month}:
        assert proposed(session, other) == []


def test_no_absence_is_counted_twice(session: Session) -> None:
    within(session, "ever")
    held(session, "08-31", "09-01", "09-02", absent=())
    for night, absent in (("08-31", "A1"), ("09-01", "A1"), ("09-02", "A2"), ("09-02", "A1")):
        execute(
            "DELETE FROM attendance WHERE night = ? AND staff_no = ?", (f"2026-{night}", absent)
        )
        if absent == "A2":
            rejudge(session, date(2026, 8, 1), date(2026, 9, 30))
            assert proposed(session) == proposed(session, "2026-08") == []
    rejudge(session, date(2026, 8, 1), date(2026, 9, 30))
    assert proposed(session) == [("A1", ABSENCES, "09-02")]


@pytest.mark.parametrize("window", ["month", "ever", "consecutive"])
def test_months_asked_for_together_are_each_as_asked_for_alone(
    session: Session, window: str
) -> None:
    within(session, window)
    clock_of(session).set("2026-12-05T12:00")
    held(session, "08-31", "09-01", "09-02", "09-30", "10-01", "10-02", "10-30", "10-31", "11-01")
    dismissed(session, "A2", "10-31", "I1")
    dismissed(session, "A3", "08-31", "I2")
    dismissed(session, "A3", "11-01", "I3")
    each = {f"2026-{number}": proposed(session, f"2026-{number}") for number in ("09", "10")}
    together = separations.proposals(session, "2026-09", "2026-10")
    assert [(one.staff_no, one.cause, one.night.strftime("%m-%d")) for one in together] == [
        *each["2026-09"],
        *each["2026-10"],
    ]
    assert (
        each
        == {
            "month": {
                "2026-09": [("A1", ABSENCES, "09-30")],
                "2026-10": [("A1", ABSENCES, "10-30"), ("A2", DISMISSAL, "10-31")],
            },
            "ever": {
                "2026-09": [("A1", ABSENCES, "09-02")],
                "2026-10": [("A2", DISMISSAL, "10-31")],
            },
            "consecutive": {
                "2026-09": [("A1", ABSENCES, "09-02")],
                "2026-10": [("A2", DISMISSAL, "10-31")],
            },
        }[window]
    )


def test_of_several_rulebooks_each_says_what_dismisses_on_its_nights(session: Session) -> None:
    kind = 'code = "drugs"\nclause = "11"\nkind = "{}"'
    milder = BOOK.replace(kind.format("dismissal"), kind.format("referral"))
    assert milder != BOOK
    venue.adopt(session, shipped.parse(milder), date(2026, 9, 10))
    dismissed(session, "A1", "09-09", "I1")
    dismissed(session, "A2", "09-10", "I2")
    assert proposed(session) == [("A1", DISMISSAL, "09-09")]


def test_of_several_rulebooks_each_says_what_an_absence_is_on_its_nights(session: Session) -> None:
    """A fine for lateness under the name that absences once had is no absence."""
    late, absence = BOOK.index("[[rules]]"), BOOK.index('[[rules]]\ncode = "absence"')
    rest = BOOK.index('[[rules]]\ncode = "left_post"')
    only = BOOK[:late] + BOOK[late:absence].replace('"late"', '"absence"', 1) + BOOK[rest:]
    renamed = BOOK.replace('code = "late"', 'code = "x"').replace(
        'code = "absence"', 'code = "late"'
    )
    venue.adopt(session, shipped.parse(renamed.replace('"x"', '"absence"')), date(2026, 9, 10))
    venue.adopt(session, shipped.parse(only), date(2026, 9, 20))
    held(session, "09-01", "09-11")
    for each in ("09-02", "09-03", "09-12", "09-13", "09-21", "09-22"):
        brief(session, night(each))
        for staff_no in ("S1", "A1", "A2", "A3"):
            came = "19:40" if staff_no == "A1" else "19:20"
            sign(session, staff_no, night(each), arrived_at=came)
    assert one("SELECT count(*) FROM charges WHERE staff_no = 'A1' AND status = 'standing'") == 8
    assert proposed(session) == []
    held(session, "09-14")
    assert proposed(session) == [("A1", ABSENCES, "09-14")]


def test_a_month_with_one_absence_less_than_it_takes_parts_from_nobody(session: Session) -> None:
    held(session, "08-31", "09-01", "09-30", "10-01")
    assert proposed(session) == []


def test_a_night_on_which_one_came_breaks_the_row(session: Session) -> None:
    within(session, "consecutive")
    held(session, "09-01", "09-02")
    held(session, "09-03", absent=())
    held(session, "09-04")
    assert proposed(session) == []
    held(session, "09-05", "09-06")
    assert proposed(session) == [("A1", ABSENCES, "09-06")]


def test_they_come_in_order_of_nights_and_of_numbers(session: Session) -> None:
    held(session, "09-01", "09-02", "09-03", absent=("A2",))
    dismissed(session, "A1", "09-03", "I1")
    dismissed(session, "A3", "09-02", "I2")
    dismissed(session, "A2", "09-30", "I3")
    dismissed(session, "S1", "09-01", "I4")
    assert proposed(session) == [
        ("S1", DISMISSAL, "09-01"),
        ("A3", DISMISSAL, "09-02"),
        ("A1", DISMISSAL, "09-03"),
        ("A2", ABSENCES, "09-03"),
        ("A2", DISMISSAL, "09-30"),
    ]
    assert proposed(session, "2026-08") == proposed(session, "2026-10") == []


@pytest.mark.parametrize(("left_on", "asked"), [("09-03", False), ("09-04", True)])
def test_who_had_left_by_that_night_is_past_deciding_on(
    session: Session, left_on: str, asked: bool
) -> None:
    """Else a month could not be closed before somebody decided on who is long gone."""
    execute("UPDATE staff SET left_on = ? WHERE staff_no = 'A1'", (f"2026-{left_on}",))
    held(session, "09-01", "09-02", "09-03")
    assert bool(separations.undecided(session, MONTH)) is asked


@pytest.mark.parametrize("before", [None, "2026-09-20"])
def test_a_decision_taken_back_gives_the_employment_back(
    session: Session, before: str | None
) -> None:
    """Those of the proposal alone: another's decision stays, and so does that on another night."""
    execute("UPDATE staff SET left_on = ? WHERE staff_no = 'A1'", (before,))
    held(session, "09-01", "09-02", "09-03", absent=("A1", "A2"))
    dismissed(session, "A1", "09-02", "I1")
    thrown_out, absent, other = separations.undecided(session, MONTH)
    separations.decide(session, absent, CONFIRMED, "D1", "三次旷工")
    separations.decide(session, other, KEPT, "D1")
    assert one("SELECT left_on FROM staff WHERE staff_no = 'A1'") == "2026-09-03"
    assert one("SELECT reason FROM separation_decisions WHERE staff_no = 'A1'") == "三次旷工"
    with pytest.raises(Refused, match="no longer proposed"):
        separations.decide(session, absent, KEPT, "D1")
    separations.decide(session, thrown_out, KEPT, "D1")
    assert [each.decision for each in separations.proposals(session, MONTH)] == [
        KEPT, CONFIRMED, KEPT,
    ]  # fmt: skip
    assert separations.undecided(session, MONTH) == []

    separations.reconsider(session, absent)
    [line] = audit.lines(last=1)
    assert (line.action, json.loads(line.before or "")) == (
        "separation.reconsidered",
        {"cause": ABSENCES, "span": MONTH, "decision": CONFIRMED},
    )
    assert one("SELECT left_on FROM staff WHERE staff_no = 'A1'") == before
    assert separations.undecided(session, MONTH) == [absent]
    separations.reconsider(session, other)
    assert one("SELECT left_on FROM staff WHERE staff_no = 'A2'") is None
    for again in (absent, other):
        with pytest.raises(Refused, match="nothing was decided"):
            separations.reconsider(session, again)


def test_a_proposal_that_is_none_any_more_is_not_decided(session: Session) -> None:
    held(session, "09-01", "09-02", "09-03")
    [proposal] = separations.undecided(session, MONTH)
    execute("UPDATE attendance SET arrived_at = 1788348000 WHERE staff_no = 'A1'")
    sign(session, "A1", night("09-03"), arrived_at="19:20")
    with pytest.raises(Refused, match="no longer proposed"):
        separations.decide(session, proposal, CONFIRMED, "D1")
    assert one("SELECT count(*) FROM separation_decisions") == 0


def test_nothing_is_decided_in_a_closed_month(session: Session) -> None:
    held(session, "09-01", "09-02", "09-03")
    [proposal] = separations.undecided(session, MONTH)
    separations.decide(session, proposal, KEPT, "D1")
    months.close(session, MONTH)
    with pytest.raises(Refused, match="2026-09 is closed"):
        separations.reconsider(session, proposal)
    with pytest.raises(Refused, match="2026-09 is closed"):
        separations.decide(session, Proposal(*proposal[:5], None), CONFIRMED, "D1")


def test_no_rule_parts_from_nobody(session: Session) -> None:
    text = BOOK.replace("[separation]\nabsences = 3\n", "").replace('within = "month"\n', "")
    text = text.replace('kind = "dismissal"', 'kind = "referral"')
    venue.adopt(session, shipped.parse(text), date(2026, 6, 1))
    held(session, "09-01", "09-02", "09-03")
    dismissed(session, "A1", "09-02", "I1")
    assert proposed(session) == []
