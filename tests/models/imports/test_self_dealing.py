"""What whoever imports a file may not say in it: of themselves, and in another's name."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from models.access.session import Session
from models.imports.file_table import FileTable
from models.imports.self_dealing import ABOUT, DECISIONS, refuse_what_needs_another
from models.values.problems import Problem
from tests.models.house import hire, sign_in

Fact = Mapping[str, Any]
LEAVE = {
    "staff_no": "A1", "status": "approved", "decided_by": "D1", "decided_at": 1, "decision_reason": "x",
}  # fmt: skip
SLIP = {**LEAVE, "slip_no": "O1"}
INCIDENT = {
    "staff_no": "A1", "occurred_at": 1, "rule": "theft", "amount": None, "reported_by": "D1",
    "status": "recorded", "note": None,
}  # fmt: skip
WAIVER = {"staff_no": "A1", "waived_by": "D1", "reason": "x"}
DECISION = {
    "deal_no": "d", "shares": "A1:1/2 A2:1/2", "reason": "x", "decided_by": "D1", "agreed_by": None,
}  # fmt: skip
COMPLAINT = {
    "complaint_no": "k", "about_staff_no": "A1", "founded": "yes", "judged_by": "D1",
    "incident_no": None, "answer": "x", "approved_by": "D1",
}  # fmt: skip
SHEET = {"staff_no": "A1", "signed_by": "D1", "signed_how": "message", "void": None}
GROOMED = {"staff_no": "A1", "groomed": True, "badge": True, "checked_by": "D1"}
KNOWN = {"staff_no": "A1", "asked": 10, "right": 7, "checked_by": "D1"}
STAFFER = {"staff_no": "A1", "monthly_wage": 1, "name": "x"}


class Table:
    """Takes down what is refused."""

    def __init__(self) -> None:
        self.refused: list[tuple[int, str]] = []

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        assert problem.field == column
        self.refused.append((row, column))


def refused(session: Session, dataset: str, now: Fact, was: Fact | None = None) -> list[str]:
    table = Table()
    row = (cast("FileTable", table), 3, was, now)
    refuse_what_needs_another(session, {dataset: [row]})
    assert all(place == 3 for place, _ in table.refused)
    return [column for _, column in table.refused]


@pytest.fixture(autouse=True)
def house(session: Session) -> None:
    hire("D1", position="director")
    hire("P1", position="payroll")


@pytest.fixture
def director(session: Session) -> Session:
    sign_in(session, "director", "D1")
    return session


TAKEN = [
    ("leave", LEAVE), ("outings", SLIP), ("incidents", INCIDENT), ("waivers", WAIVER),
    ("credit_decisions", DECISION), ("complaints", COMPLAINT), ("contacts", SHEET),
    ("grooming", GROOMED), ("knowledge", KNOWN), ("staff", STAFFER),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "fact"), TAKEN)
def test_what_is_anothers_is_taken_in_ones_own_name(
    director: Session, dataset: str, fact: Fact
) -> None:
    assert refused(director, dataset, fact) == []
    assert DECISIONS.keys() <= {each for each, _ in TAKEN}


@pytest.mark.parametrize(("dataset", "fact"), TAKEN)
def test_of_oneself_nothing_is_taken_whether_it_is_now_or_was(
    director: Session, dataset: str, fact: Fact
) -> None:
    for column in ("staff_no", *ABOUT.get(dataset, ())):
        if column in fact:
            own = {**fact, column: "D1"}
            assert refused(director, dataset, own) == [column]
            assert refused(director, dataset, fact, was=own) == [column]
            sign_in(director, "admin")  # who is nobody on the roster
            assert column not in refused(director, dataset, own, was={**own, column: None})
            sign_in(director, "director", "D1")


@pytest.mark.parametrize(
    ("dataset", "column"),
    [(name, column) for name, columns in ABOUT.items() for column in columns if name != "complaints"],
)  # fmt: skip
def test_whoever_a_row_is_about_is_who_imports_it(
    director: Session, dataset: str, column: str
) -> None:
    assert refused(director, dataset, {column: "D1"}) == [column]
    assert refused(director, dataset, {column: "A1"}) == []


def test_of_a_sale_that_one_has_a_share_of_nothing_is_decided(director: Session) -> None:
    shared = {**DECISION, "shares": "A1:1/2 D1:1/2"}
    assert refused(director, "credit_decisions", shared) == ["shares"]
    assert refused(director, "credit_decisions", DECISION, was=shared) == ["shares"]
    for unread in (None, "", "rubbish"):
        assert refused(director, "credit_decisions", {**DECISION, "shares": unread}) == []
    # Shares are asked for where there are any.
    assert refused(director, "claims", {"staff_no": "A1", "shares": "D1:1"}) == []
    sign_in(director, "admin")
    house = {**DECISION, "shares": "A1:1/2 house:1/2", "decided_by": None}
    assert refused(director, "credit_decisions", house) == []


@pytest.mark.parametrize(
    ("dataset", "fact", "by", "decided"),
    [
        (dataset, fact, by, column)
        for dataset, fact in TAKEN
        for by, columns in DECISIONS.get(dataset, ())
        for column in columns
    ],
)
def test_nothing_is_decided_in_anothers_name(
    director: Session, dataset: str, fact: Fact, by: str, decided: str
) -> None:
    anothers = {**fact, by: "D2"}
    assert by in refused(director, dataset, anothers)
    assert refused(director, dataset, {**fact, by: None}) == []
    # What another decided stays as it is, and isn't changed in their name.
    assert refused(director, dataset, anothers, was=anothers) == []
    assert by in refused(director, dataset, anothers, was={**anothers, decided: "other"})


def test_a_row_that_changes_nothing_that_was_decided_is_taken(director: Session) -> None:
    anothers = {**SHEET, "signed_by": "D2"}
    assert refused(director, "contacts", anothers, was={**anothers, "void": "yes"}) == []


@pytest.mark.parametrize(
    ("role", "staff_no", "may"),
    [("director", "D1", False), ("payroll", "P1", True), ("admin", None, True)],
)
def test_who_sets_wages(session: Session, role: str, staff_no: str | None, may: bool) -> None:
    sign_in(session, role, staff_no)
    wage = [] if may else ["monthly_wage"]
    raised = {**STAFFER, "monthly_wage": 2}
    assert refused(session, "wages", {"staff_no": "A1", "monthly_wage": 1}) == wage
    assert refused(session, "staff", raised, was=STAFFER) == wage
    assert refused(session, "staff", STAFFER, was=STAFFER) == []
    assert refused(session, "staff", STAFFER) == []  # who is hired is hired for a wage
    assert refused(session, "posts", raised, was=STAFFER) == []


def test_without_accounts_anybody_records_anything(session: Session) -> None:
    assert refused(session, "wages", {"staff_no": "D1", "monthly_wage": 1}) == []
    assert refused(session, "leave", {**LEAVE, "decided_by": "D2"}) == []
