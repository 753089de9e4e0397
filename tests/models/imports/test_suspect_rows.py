"""That no row is passed over in which something is wrong: whatever `validation` would say something
of is among those that it is asked about."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.imports.dataset_rules import rules_of
from models.imports.suspect_rows import suspects
from models.rules import shipped
from models.rules.employment import EmploymentRecord, Posting, Spell
from models.rules.validation import ReferenceData
from models.rules.versions import Versions
from models.values.datasets import DATASETS, CellKind
from models.values.nights import FIRST_NIGHT, Calendar
from models.values.problems import Problem

CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), [(FIRST_NIGHT, time(12))])
NOW = CALENDAR.parse("2026-09-10T20:00")
NIGHT = date(2026, 9, 9)
PEOPLE = {
    "D1": EmploymentRecord("director", None, date(2026, 1, 1), None),
    "S1": EmploymentRecord("supervisor", "D1", date(2026, 1, 1), None),
    "S2": EmploymentRecord(
        "staff", "D1", date(2026, 1, 1), None, (),
        ((NIGHT, Posting(None, "D1", "supervisor", None)),),
    ),
    "A1": EmploymentRecord("staff", "S1", NIGHT, None),
    "A2": EmploymentRecord("staff", "S1", date(2026, 1, 1), NIGHT - timedelta(days=1)),
    "A3": EmploymentRecord(
        "staff", "S1", date(2026, 1, 1), date(2026, 2, 1), (Spell(NIGHT, None),)
    ),
}  # fmt: skip
REGISTER = ReferenceData(
    PEOPLE,
    {"V1": "room"},
    CALENDAR,
    Versions([(FIRST_NIGHT, shipped.load("nightlife"))]),
    NOW,
    {"guests": {"G1": None}, "visits": {}},
)
BATCHED = ("attendance", "leave", "outings", "bookings", "incidents")

_VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from(["V1", "V1", "V2"]),
    "guest_no": st.sampled_from([None, None, "G1", "G2"]),
    "visit_no": st.sampled_from([None, None, "B1"]),
    "source": st.sampled_from([None, "guest", "walk_in", "staff"]),
    "rule": st.sampled_from(["service_complaint", "insubordination", "late", "theft", "none"]),
    "amount": st.sampled_from([None, 0, 10_000, 35_000, 10_000_000]),
    "note": st.sampled_from([None, "", "客人投诉"]),
    "reported_by": st.sampled_from([None, *PEOPLE, "Z9"]),
}
_NUMBERS = st.sampled_from([*PEOPLE, "Z9"])
_NIGHTS = st.one_of(
    st.integers(-3, 3).map(lambda days: NIGHT + timedelta(days=days)),
    st.sampled_from([date(1926, 9, 9), date(2027, 9, 10), date(2226, 9, 9)]),
)
_INSTANTS = st.integers(-36, 36).map(lambda hours: NOW + hours * 3600)


@dataclass
class Table:
    """A file that was read without a fault."""

    name: str
    columns: dict[str, list[Any]]
    bad: set[int] = field(default_factory=set)

    complete = True
    sha256 = ""
    lacking: set[str] = field(default_factory=set)
    bad_cells: Mapping[int, Set[str]] = field(default_factory=dict)
    problems: tuple[object, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def refuse(self, row: int, column: str, problem: Problem) -> None:
        raise NotImplementedError

    def refuse_header(self, column: str, problem: Problem) -> None:
        raise NotImplementedError

    def note(self, row: int, column: str, problem: Problem) -> None:
        raise NotImplementedError


def rows(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Rows of a dataset, right and wrong ones, each of whose cells could be read by itself."""
    columns: dict[str, st.SearchStrategy[Any]] = {}
    for column in DATASETS[name].columns:
        if column.name in _VALUES:
            columns[column.name] = _VALUES[column.name]
            continue
        if column.name in ("staff_no", "decided_by"):
            value: st.SearchStrategy[Any] = _NUMBERS
        elif column.kind is CellKind.NIGHT:
            value = _NIGHTS
        elif column.kind is CellKind.INSTANT:
            value = _INSTANTS
        elif column.kind is CellKind.CHOICE:
            value = st.sampled_from(column.choices)
        else:
            value = st.just(column.default)
        columns[column.name] = value if column.required else st.one_of(st.none(), value)
    return st.fixed_dictionaries(columns)


@pytest.mark.parametrize("name", BATCHED)
@given(data=st.data())
def test_whatever_is_wrong_is_looked_at(name: str, data: st.DataObject) -> None:
    facts = data.draw(st.lists(rows(name), min_size=1, max_size=8))
    table = Table(name, {column: [fact[column] for fact in facts] for column in facts[0]})
    looked_at = set(suspects(name, table, REGISTER))
    for i, fact in enumerate(facts):
        if any(rules_of(DATASETS[name]).unlawful(fact, REGISTER)):
            assert i in looked_at
        night = fact.get("night")
        if name in ("attendance", "bookings") and REGISTER.left(fact["staff_no"], night):
            assert i in looked_at


@pytest.mark.parametrize("name", BATCHED)
def test_a_lawful_row_is_not_looked_at(name: str) -> None:
    lawful = {
        "night": NIGHT, "staff_no": "A1", "arrived_at": CALENDAR.parse("2026-09-09T19:20"),
        "first_night": NIGHT, "last_night": NIGHT, "filed_at": CALENDAR.parse("2026-09-07T15:00"),
        "status": "approved", "decided_by": "S1",
        "decided_at": CALENDAR.parse("2026-09-09T21:35"), "place": "V1",
        "requested_at": CALENDAR.parse("2026-09-09T21:30"),
        "out_at": CALENDAR.parse("2026-09-09T21:40"),
        "occurred_at": CALENDAR.parse("2026-09-09T21:40"), "rule": "service_complaint",
        "reported_by": "D1",
    }  # fmt: skip
    table = Table(name, {column: [lawful.get(column)] for column in DATASETS[name].column})
    assert list(suspects(name, table, REGISTER)) == []
