"""A month as the screens read it: its sheet, its charges one by one, and its trends."""

from datetime import date

import pytest

from models import appeals, charge_list, months, separations, trends
from models.desk import Desk
from models.problems import Refused
from models.sheet import Sheet, sheet, totals
from models.waivers import waive
from tests.screens.office import NIGHTS, furnish

MONTH = "2026-09"


@pytest.fixture
def desk(make_desk) -> Desk:
    desk = make_desk("2026-10-05T14:00")
    furnish(desk)
    return desk


def close(desk: Desk) -> None:
    for each in separations.undecided(desk, MONTH):
        separations.decide(desk, each, separations.KEPT, "D1")
    months.close(desk, MONTH)


def comparable(found: Sheet) -> list[tuple[object, ...]]:
    return [(*row[:4], dict(row.by_rule), *row[5:]) for row in found.rows]


def test_the_sheet_adds_up(desk: Desk) -> None:
    found = sheet(desk, MONTH)
    rows = {row.staff_no: row for row in found.rows}
    assert found.closing is None
    assert rows["S1"].by_rule == {"late": (2, 6000)}
    assert rows["S3"].deducted == 240_000
    assert rows["S3"].deemed_resigned == date(2026, 9, 6)
    assert [row.staff_no for row in found.rows if row.over_a_fifth] == ["S2", "S3"]
    sums = totals(found.rows)
    assert sums.deducted == sum(row.deducted for row in found.rows) == 346_000
    assert sums.by_rule["absence"] == (3, 240_000)
    assert sums.over_a_fifth == 2


def test_exactly_a_fifth_is_not_over_it(desk: Desk) -> None:
    row = sheet(desk, MONTH).rows[0]
    assert not row._replace(wage=5000, deducted=1000).over_a_fifth
    assert row._replace(wage=5000, deducted=1001).over_a_fifth


def test_a_closed_month_reads_as_it_was_frozen(desk: Desk) -> None:
    before = comparable(sheet(desk, MONTH))
    listed = charge_list.listing(desk, MONTH)
    fines = trends.by_rule(desk, MONTH)
    close(desk)
    [appeal] = appeals.open_appeals(desk, MONTH)
    appeals.decide(desk, appeal.appeal_id, appeals.WAIVED, "sent out", "D2")
    found = sheet(desk, MONTH)
    assert found.closing is not None
    assert comparable(found) == before
    assert [each._replace(contested=False) for each in listed] == charge_list.listing(desk, MONTH)
    assert trends.by_rule(desk, MONTH) == fines
    [charge] = charge_list.listing(desk, MONTH, "S4")
    assert charge.status == "standing"
    assert charge_list.detail(desk, charge).now == (10_000, "waived")
    adjusted = {row.staff_no: row for row in sheet(desk, "2026-10").rows}["S4"]
    assert (adjusted.adjustments, adjusted.deducted) == (-10_000, -10_000)


def test_charges_are_listed_by_night_of_all_or_of_one(desk: Desk) -> None:
    listed = charge_list.listing(desk, MONTH)
    assert [(each.night, each.staff_no) for each in listed] == sorted(
        (each.night, each.staff_no) for each in listed
    )
    assert charge_list.listing(desk, MONTH, "S2") == [
        each for each in listed if each.staff_no == "S2"
    ]
    assert [each.staff_no for each in listed if each.contested] == ["S4"]


def test_a_charge_tells_its_reason_its_waiver_and_its_appeals(desk: Desk) -> None:
    waive(desk, "S1", NIGHTS[0], "late", "roll", "the bus", "D1")
    first, _second = charge_list.listing(desk, MONTH, "S1")
    detail = charge_list.detail(desk, first)
    assert first.status == "waived"
    assert detail.rule is not None
    assert detail.rule.clause == "2"
    assert detail.reasons["en"].startswith("arrived at 2026-09-01T19:41")
    assert "班前会" in detail.reasons["zh-Hans"]
    assert detail.waiver == ("D1", "the bus")
    [contested] = charge_list.listing(desk, MONTH, "S4")
    [appeal] = charge_list.detail(desk, contested).appeals
    assert appeal.words == "我只是去接客人"


def test_a_reversed_charge_is_listed_of_its_staffer_alone(desk: Desk) -> None:
    from models import incidents

    incidents.withdraw(desk, "I260902-01", "mistaken", "D1")
    assert "reversed" not in {each.status for each in charge_list.listing(desk, MONTH)}
    assert [each.status for each in charge_list.listing(desk, MONTH, "S2")] == [
        "reversed",
        "standing",
    ]


def test_fines_by_rule_stand_in_the_order_of_the_rulebook(desk: Desk) -> None:
    waive(desk, "S1", NIGHTS[0], "late", "roll", "the bus", "D1")
    found = trends.by_rule(desk, MONTH)
    assert [each.code for each in found] == [
        "late", "absence", "left_post", "service_complaint", "fighting",
    ]  # fmt: skip
    assert found[0].fines == (1, 3000, 1)


def test_twelve_months_end_with_the_one_asked_for(desk: Desk) -> None:
    close(desk)
    found = trends.months(desk, "2026-10")
    assert [each.month for each in found][:1] + [each.month for each in found][-2:] == [
        "2025-11",
        "2026-09",
        "2026-10",
    ]
    assert [each.closed for each in found[-2:]] == [True, False]
    assert found[-2].fines == (8, 346_000, 0)
    assert found[0].fines == (0, 0, 0)


def test_a_refused_adoption_leaves_the_rulebooks_in_force(desk: Desk) -> None:
    from models import rulebooks, venue

    with pytest.raises(Refused):
        venue.adopt(desk, rulebooks.load("club"), date(2026, 9, 1))
    assert [book.name for _since, book in desk.versions.adopted] == ["nightlife"]
