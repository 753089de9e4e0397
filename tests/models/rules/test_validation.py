"""What makes a fact unlawful: one lawful fact of each kind, and what is refused once a cell of it
says something else."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from models.rules import shipped, validation
from models.rules.employment import EmploymentRecord, Posting, Spell
from models.rules.validation import AHEAD, ReferenceData, supervisor_circle
from models.rules.versions import Versions
from models.values.nights import Instant
from models.values.problems import Code, Problem
from tests.models.rules.guests.scene import calendar

CALENDAR = calendar("nightlife")
NIGHT = date(2026, 9, 2)
START = date(2025, 1, 1)


def at(clock: str, day: str = "2026-09-02") -> Instant:
    return CALENDAR.parse(f"{day}T{clock}")


NOW = at("21:00")
PEOPLE = {
    "D1": EmploymentRecord("director", None, START, None),
    "S1": EmploymentRecord("supervisor", "D1", START, None),
    "A1": EmploymentRecord("staff", "S1", date(2026, 1, 1), None),
    "L1": EmploymentRecord("staff", "S1", START, date(2026, 8, 31)),
    "P1": EmploymentRecord(
        "staff", "S1", START, None, (), ((NIGHT, Posting(None, "D1", "supervisor")),)
    ),
    "R1": EmploymentRecord(
        "staff", "S1", START, date(2026, 3, 31), (Spell(date(2026, 6, 1), date(2026, 8, 31)),)
    ),
}
REFERENCE = ReferenceData(
    PEOPLE, {"V01": "room"}, CALENDAR, Versions([(START, shipped.load("nightlife"))]), NOW
)
LONG_AGO = ReferenceData(PEOPLE, REFERENCE.places, CALENDAR, REFERENCE.versions, None)

Fact = dict[str, Any]
LAWFUL: dict[str, Fact] = {
    "staff": {"staff_no": "A1", "supervisor_no": "S1", "hired_on": date(2026, 1, 1), "left_on": None},
    "wages": {"staff_no": "A1", "effective_from": NIGHT},
    "postings": {"staff_no": "A1", "effective_from": NIGHT, "supervisor_no": "S1"},
    "rehires": {"staff_no": "L1", "hired_on": NIGHT, "left_on": None},
    "briefings": {"night": NIGHT, "closed_at": at("20:00"), "director_no": "D1"},
    "attendance": {
        "night": NIGHT, "staff_no": "A1", "arrived_at": at("19:20"), "made_up_at": None,
        "departed_at": None,
    },
    "posts": {"night": NIGHT, "staff_no": "A1"},
    "grooming": {"night": NIGHT, "staff_no": "A1", "checked_by": "S1"},
    "leave": {
        "staff_no": "A1", "first_night": date(2026, 9, 9), "last_night": date(2026, 9, 9),
        "filed_at": at("15:00"), "status": "approved", "decided_by": "S1", "decided_at": at("16:00"),
    },
    "outings": {
        "staff_no": "A1", "requested_at": at("19:40"), "status": "approved", "decided_by": "S1",
        "decided_at": at("19:41"), "out_at": at("19:45"), "back_at": at("20:10"),
    },
    "bookings": {
        "night": NIGHT, "staff_no": "A1", "place": "V01", "source": None, "guest_no": None,
        "visit_no": None, "arrived_at": at("20:00"), "left_at": at("20:50"),
    },
    "incidents": {
        "staff_no": "A1", "occurred_at": at("20:30"), "rule": "theft", "amount": None, "note": None,
        "reported_by": "S1",
    },
    "waivers": {"staff_no": "A1", "waived_by": "S1"},
}  # fmt: skip


def found(dataset: str, reference: ReferenceData = REFERENCE, **said: object) -> list[Problem]:
    check: Callable[[Fact, ReferenceData], Iterable[Problem]] = getattr(validation, dataset)
    return list(check({**LAWFUL[dataset], **said}, reference))


def refused(dataset: str, reference: ReferenceData = REFERENCE, **said: object) -> list[str]:
    """The columns that are wrong, once some cells of the lawful fact say something else."""
    return sorted(each.field for each in found(dataset, reference, **said))


@pytest.mark.parametrize("dataset", LAWFUL)
@pytest.mark.parametrize("reference", [REFERENCE, LONG_AGO], ids=["now", "looked at again"])
def test_what_is_lawful_is_let_in(dataset: str, reference: ReferenceData) -> None:
    assert found(dataset, reference) == []


@pytest.mark.parametrize("dataset", LAWFUL)
def test_what_is_missing_is_anothers_to_complain_of(dataset: str) -> None:
    blank = dict.fromkeys(LAWFUL[dataset])
    expected = {"bookings": ["staff_no"]}
    assert refused(dataset, **blank) == expected.get(dataset, [])


LATER, TOO_LATE = at("21:05"), at("21:05") + 1
NO_SLIP: Fact = {
    "status": "none", "requested_at": None, "decided_by": None, "decided_at": None,
}  # fmt: skip
ASKED: Fact = {"status": "requested", "decided_by": None, "decided_at": None}

WRONG: list[tuple[str, Fact, list[str]]] = [
    ("staff", {"left_on": date(2026, 1, 1)}, []),
    ("staff", {"left_on": date(2025, 12, 31)}, ["left_on"]),
    ("staff", {"hired_on": None, "left_on": NIGHT}, []),
    ("staff", {"supervisor_no": "A1"}, ["supervisor_no"]),
    ("staff", {"supervisor_no": "Z"}, ["supervisor_no"]),
    ("staff", {"staff_no": "S1", "supervisor_no": "A1"}, []),  # the chain is that of who is recorded
    ("wages", {"staff_no": "Z"}, ["staff_no"]),
    ("wages", {"effective_from": date(2026, 1, 1)}, []),
    ("wages", {"effective_from": date(2025, 12, 31)}, ["effective_from"]),
    ("postings", {"staff_no": "Z"}, ["staff_no"]),
    ("postings", {"effective_from": date(2025, 12, 31)}, ["effective_from"]),
    ("postings", {"supervisor_no": "A1"}, ["supervisor_no"]),
    ("postings", {"supervisor_no": "Z"}, ["supervisor_no"]),
    ("rehires", {"staff_no": "Z"}, ["staff_no"]),
    ("rehires", {"left_on": date(2026, 9, 1)}, ["left_on"]),
    ("rehires", {"left_on": NIGHT}, []),
    ("briefings", {"director_no": "Z"}, ["director_no"]),
    ("briefings", {"closed_at": at("20:00", "2026-09-01")}, ["closed_at"]),
    ("briefings", {"closed_at": LATER}, []),
    ("briefings", {"closed_at": TOO_LATE}, ["closed_at"]),
    ("briefings", {"night": date(1995, 9, 2), "closed_at": at("20:00", "1995-09-02")}, ["night"]),
    ("briefings", {"night": date(1996, 9, 2), "closed_at": at("20:00", "1996-09-02")}, []),
    # A year that was mistyped is said once.
    ("briefings", {"night": date(2037, 9, 2), "closed_at": at("20:00", "2037-09-02")}, ["night"]),
    ("briefings", {"night": date(2036, 9, 2), "closed_at": at("20:00", "2036-09-02")}, ["closed_at"]),
    ("attendance", {"staff_no": "Z"}, ["staff_no"]),
    ("attendance", {"arrived_at": TOO_LATE}, ["arrived_at"]),
    ("attendance", {"made_up_at": TOO_LATE}, ["made_up_at"]),
    ("attendance", {"departed_at": TOO_LATE}, ["departed_at"]),
    ("attendance", {"departed_at": LATER}, []),
    ("attendance", {"made_up_at": at("20:00", "2026-09-03")}, ["made_up_at"]),  # of the next night
    ("attendance", {"arrived_at": None, "departed_at": at("20:00")}, ["departed_at"]),
    ("attendance", {"arrived_at": None, "made_up_at": at("19:50"), "departed_at": at("20:00")}, []),
    ("attendance", {"made_up_at": at("19:50"), "departed_at": at("20:00")}, []),
    ("attendance", {"night": date(2025, 12, 31), "arrived_at": None}, ["night"]),
    ("posts", {"staff_no": "Z"}, ["staff_no"]),
    ("posts", {"night": date(2025, 12, 31)}, ["night"]),
    ("grooming", {"staff_no": "Z"}, ["staff_no"]),
    ("grooming", {"checked_by": "Z"}, ["checked_by"]),
    ("grooming", {"checked_by": "A1"}, ["checked_by"]),
    ("grooming", {"staff_no": "Z", "checked_by": "Z"}, ["checked_by", "staff_no"]),
    ("leave", {"staff_no": "Z"}, ["staff_no"]),
    ("leave", {"last_night": date(2026, 9, 8)}, ["last_night"]),
    ("leave", {"last_night": None}, []),
    ("leave", {"first_night": None}, []),
    ("leave", {"last_night": date(2027, 9, 9)}, []),  # 366 nights
    ("leave", {"last_night": date(2027, 9, 10)}, ["last_night"]),
    ("leave", {"last_night": date(2037, 1, 1)}, ["last_night"]),
    ("leave", {"first_night": None, "last_night": date(2037, 1, 1)}, ["last_night"]),
    ("leave", {"first_night": date(1990, 1, 1)}, ["first_night"]),
    ("leave", {"filed_at": TOO_LATE, **ASKED}, ["filed_at"]),
    ("leave", {"filed_at": LATER, **ASKED}, []),
    ("leave", {"decided_at": at("15:00")}, []),
    ("leave", {"decided_at": at("14:59")}, ["decided_at"]),
    ("leave", {"decided_at": TOO_LATE}, ["decided_at"]),
    ("leave", {"decided_at": LATER}, []),
    ("leave", {"filed_at": None, "decided_at": TOO_LATE}, ["decided_at"]),
    ("leave", {"decided_by": None}, ["decided_by"]),
    ("leave", {"decided_at": None}, ["decided_at"]),
    ("leave", {"decided_by": "Z"}, ["decided_by"]),
    ("leave", {"decided_by": "A1"}, ["decided_by"]),  # their own
    ("leave", {"decided_by": "L1"}, ["decided_by"]),  # neither a supervisor nor a director
    ("leave", {"decided_by": "D1"}, []),
    ("leave", {"decided_by": "P1"}, []),  # a supervisor by then
    ("leave", {"decided_by": "P1", "filed_at": at("14:00", "2026-09-01"), "decided_at": at("15:00", "2026-09-01")},
     ["decided_by"]),
    ("leave", {"decided_by": "P1", "decided_at": None}, ["decided_at"]),
    ("leave", {"status": "requested"}, ["decided_at", "decided_by"]),
    ("leave", {"status": "rejected"}, []),
    ("leave", {"status": "rejected", "decided_by": None}, ["decided_by"]),
    ("leave", ASKED, []),
    ("leave", {**ASKED, "decided_by": "Z"}, ["decided_by"]),
    ("outings", {"staff_no": "Z"}, ["staff_no"]),
    ("outings", {"staff_no": "A1", "out_at": at("19:45", "2025-12-31"), "requested_at": at("19:40", "2025-12-31"),
                 "decided_at": at("19:41", "2025-12-31")}, ["staff_no"]),
    ("outings", {"out_at": None, "back_at": None, "requested_at": at("19:40", "2025-12-31"),
                 "decided_at": at("19:41", "2025-12-31")}, ["staff_no"]),
    ("outings", {"requested_at": None}, ["requested_at"]),
    ("outings", {"out_at": None}, ["back_at"]),
    ("outings", {"back_at": at("19:45")}, []),
    ("outings", {"back_at": at("19:44")}, ["back_at"]),
    ("outings", {"back_at": TOO_LATE}, ["back_at"]),
    ("outings", {"out_at": TOO_LATE, "back_at": None}, ["out_at"]),
    ("outings", {"requested_at": TOO_LATE, **ASKED, "out_at": None, "back_at": None}, ["requested_at"]),
    ("outings", NO_SLIP, []),
    ("outings", {**NO_SLIP, "out_at": None, "back_at": None}, ["out_at"]),
    ("outings", {**NO_SLIP, "requested_at": at("19:40")}, ["requested_at"]),
    ("outings", {"decided_at": at("19:39")}, ["decided_at"]),
    ("bookings", {"staff_no": "Z"}, ["staff_no"]),
    ("bookings", {"night": date(2025, 12, 31), "arrived_at": None, "left_at": None}, ["night"]),
    ("bookings", {"night": date(2037, 9, 2), "arrived_at": None, "left_at": None}, ["night"]),
    ("bookings", {"place": "V99"}, ["place"]),
    ("bookings", {"staff_no": None}, ["staff_no"]),
    ("bookings", {"staff_no": None, "source": "guest"}, []),
    ("bookings", {"staff_no": None, "source": "walk_in"}, []),
    ("bookings", {"left_at": at("20:00")}, []),
    ("bookings", {"left_at": at("19:59")}, ["left_at"]),
    ("bookings", {"arrived_at": None}, []),
    ("bookings", {"left_at": None}, []),
    ("incidents", {"staff_no": "Z"}, ["staff_no"]),
    ("incidents", {"occurred_at": TOO_LATE}, ["occurred_at"]),
    ("incidents", {"occurred_at": at("20:00", "2025-12-31")}, ["occurred_at"]),
    ("incidents", {"reported_by": "Z"}, ["reported_by"]),
    ("incidents", {"reported_by": "A1"}, ["reported_by"]),
    ("incidents", {"reported_by": None}, []),
    ("incidents", {"rule": "no such"}, ["rule"]),
    ("incidents", {"rule": None}, []),
    ("incidents", {"occurred_at": None, "rule": "no such"}, []),
    ("incidents", {"amount": 100}, ["amount"]),
    ("waivers", {"staff_no": "Z"}, ["staff_no"]),
    ("waivers", {"waived_by": "Z"}, ["waived_by"]),
    ("waivers", {"waived_by": "A1"}, ["waived_by"]),
    ("waivers", {"waived_by": None}, []),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "said", "columns"), WRONG)
def test_what_is_wrong_is_refused_where_it_is(dataset: str, said: Fact, columns: list[str]) -> None:
    assert refused(dataset, **said) == columns


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        ("staff", {"supervisor_no": "Z"}),
        ("rehires", {"staff_no": "Z"}),
        ("briefings", {"director_no": "Z"}),
        ("grooming", {"checked_by": "Z"}),
        ("leave", {"decided_by": "Z"}),
        ("leave", {"staff_no": "Z"}),
        ("bookings", {"staff_no": "Z"}),
        ("bookings", {"place": "V99"}),
        ("incidents", {"reported_by": "Z"}),
        ("waivers", {"waived_by": "Z"}),
    ],
)
def test_what_isnt_there_is_known_by_its_code(dataset: str, said: Fact) -> None:
    [only] = found(dataset, **said)
    assert only.code is Code.UNKNOWN


def test_an_instant_lies_in_its_night_from_its_first_second_to_its_last() -> None:
    start, end = CALENDAR.start(NIGHT), CALENDAR.end(NIGHT)
    night_after = ReferenceData(PEOPLE, {}, CALENDAR, REFERENCE.versions, end + 3600)
    for instant, columns in (
        (start - 1, ["arrived_at"]),
        (start, []),
        (end - 1, []),
        (end, ["arrived_at"]),
    ):
        assert refused("attendance", night_after, arrived_at=instant) == columns


def test_an_outing_is_of_the_night_on_which_they_went() -> None:
    asked, went = at("11:55"), at("12:05")
    fact = {"requested_at": asked, "out_at": None}
    assert validation.outing_night(fact, CALENDAR) == date(2026, 9, 1)
    assert validation.outing_night({**fact, "out_at": went}, CALENDAR) == NIGHT
    assert validation.outing_night({"requested_at": None, "out_at": None}, CALENDAR) is None


def test_what_was_recorded_long_ago_is_not_held_against_todays_clock() -> None:
    assert refused("leave", LONG_AGO, last_night=date(2030, 1, 1)) == []
    assert refused("attendance", LONG_AGO, arrived_at=TOO_LATE) == []
    assert refused("bookings", LONG_AGO, night=date(2126, 9, 2)) == []


def test_how_far_clocks_of_terminals_may_differ() -> None:
    assert AHEAD == 300
    [only] = found("incidents", occurred_at=TOO_LATE)
    assert dict(only.values)["now"] == CALENDAR.format(NOW)


def test_supervisors_in_a_circle() -> None:
    people = {
        each: EmploymentRecord("staff", superior, START, None)
        for each, superior in {
            "A": "B",
            "B": "C",
            "C": "A",
            "X": "A",
            "Y": "gone",
            "Z": None,
        }.items()
    }
    assert supervisor_circle("A", people, NIGHT) == ["A", "B", "C", "A"]
    # X is under a circle, and not of it.
    assert [supervisor_circle(each, people, NIGHT) for each in ("X", "Y", "Z", "gone")] == [
        None
    ] * 4
    later = ((NIGHT, Posting(None, None, "staff")),)
    people["C"] = people["C"]._replace(postings=later)
    assert supervisor_circle("A", people, NIGHT) is None
    before = NIGHT - timedelta(days=1)
    assert supervisor_circle("A", people, before) == ["A", "B", "C", "A"]
    circling = ReferenceData(people, {}, CALENDAR, REFERENCE.versions, NOW)
    fact = {"staff_no": "A", "supervisor_no": "B", "hired_on": START, "left_on": None}
    assert [each.field for each in validation.staff(fact, circling)] == ["supervisor_no"]
    assert list(validation.staff(fact, circling, NIGHT)) == []
    posting = {"staff_no": "A", "supervisor_no": "B", "effective_from": before}
    assert [each.field for each in validation.postings(posting, circling)] == ["supervisor_no"]


@pytest.mark.parametrize(
    ("number", "night", "left_on"),
    [
        ("A1", NIGHT, None),
        ("L1", date(2026, 8, 31), None),
        ("L1", date(2026, 9, 1), date(2026, 8, 31)),
        ("R1", date(2026, 4, 1), date(2026, 3, 31)),
        ("R1", date(2026, 6, 1), None),
        ("R1", date(2026, 9, 1), date(2026, 8, 31)),
        ("Z", NIGHT, None),
        (None, NIGHT, None),
        ("L1", None, None),
    ],
)
def test_who_had_left_by_a_night(
    number: str | None, night: date | None, left_on: date | None
) -> None:
    assert REFERENCE.left_on(number, night) == left_on
    assert REFERENCE.left(number, night) is (left_on is not None)
    said = list(validation.departed({"staff_no": number, "night": night}, REFERENCE))
    assert [each.field for each in said] == ["staff_no"] * (left_on is not None)


@pytest.mark.parametrize(
    ("first_left", "again", "overlaps"),
    [
        (date(2026, 3, 31), date(2026, 4, 1), False),
        (date(2026, 3, 31), date(2026, 3, 31), True),
        (None, date(2026, 4, 1), True),
    ],
)
def test_nobody_is_hired_again_before_they_left(
    first_left: date | None, again: date, overlaps: bool
) -> None:
    spells = (Spell(again, None),)
    person = EmploymentRecord("staff", None, START, first_left, spells)
    assert (validation.overlap(person) is not None) is overlaps
    if overlaps:
        assert validation.overlap(person) == (Spell(START, first_left), Spell(again, None))


@pytest.mark.parametrize(
    ("keys", "columns"),
    [
        ({}, []),
        ({"guests": {"g": None}, "visits": {"v": NIGHT}}, []),
        ({"guests": {}}, ["guest_no"]),
        ({"visits": {}}, ["visit_no"]),
    ],
)
def test_a_fact_refers_to_what_is_there(
    keys: dict[str, dict[str, date | None]], columns: list[str]
) -> None:
    reference = ReferenceData(PEOPLE, REFERENCE.places, CALENDAR, REFERENCE.versions, NOW, keys)
    assert refused("bookings", reference, guest_no="g", visit_no="v") == columns
    assert refused("bookings", reference) == []
