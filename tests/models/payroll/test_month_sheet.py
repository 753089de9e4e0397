"""A month as the screens read it: its sheet, its charges one by one, and its trends."""

from datetime import date

import pytest

from models.access.session import Session
from models.ledger import separations
from models.ledger.waivers import waive
from models.payroll import appeals, charge_list, months, trends
from models.payroll.month_sheet import MonthSheet, sheet, totals
from models.storage.database import execute
from models.values.problems import Refused
from tests.screens.office import NIGHTS, furnish

MONTH = "2026-09"


@pytest.fixture
def session(make_session) -> Session:
    session = make_session("2026-10-05T14:00")
    furnish(session)
    return session


def close(session: Session) -> None:
    for each in separations.undecided(session, MONTH):
        separations.decide(session, each, separations.KEPT, "D1")
    months.close(session, MONTH)


def comparable(found: MonthSheet) -> list[tuple[object, ...]]:
    return [(*row[:4], dict(row.by_rule), *row[5:]) for row in found.rows]


def test_the_sheet_adds_up(session: Session) -> None:
    found = sheet(session, MONTH)
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


def test_exactly_a_fifth_is_not_over_it(session: Session) -> None:
    row = sheet(session, MONTH).rows[0]
    assert not row._replace(wage=5000, deducted=1000).over_a_fifth
    assert row._replace(wage=5000, deducted=1001).over_a_fifth


def test_a_closed_month_reads_as_it_was_frozen(session: Session) -> None:
    before, rules = comparable(sheet(session, MONTH)), sheet(session, MONTH).rules
    listed = charge_list.listing(session, MONTH)
    fines = trends.by_rule(session, MONTH)
    close(session)
    [appeal] = appeals.open_appeals(session, MONTH)
    appeals.decide(session, appeal.appeal_id, appeals.WAIVED, "sent out", "D2")
    found = sheet(session, MONTH)
    assert found.closing is not None
    assert (comparable(found), found.rules) == (before, rules)
    assert [each._replace(contested=False) for each in listed] == charge_list.listing(
        session, MONTH
    )
    assert trends.by_rule(session, MONTH) == fines
    [charge] = charge_list.listing(session, MONTH, "S4")
    assert charge.status == "standing"
    assert charge_list.detail(session, charge).now == (10_000, "waived")
    adjusted = {row.staff_no: row for row in sheet(session, "2026-10").rows}["S4"]
    assert (adjusted.adjustments, adjusted.deducted) == (-10_000, -10_000)


def test_a_rule_that_no_rulebook_knows_any_more_keeps_the_title_it_was_frozen_with(
    session: Session,
) -> None:
    close(session)
    execute("UPDATE closed_months SET content = replace(content, '[\"late\",', '[\"gone\",')")
    assert dict(sheet(session, MONTH).rules)["gone"] == {"zh-Hans": "迟到"}


def test_charges_are_listed_by_night_of_all_or_of_one(session: Session) -> None:
    listed = charge_list.listing(session, MONTH)
    assert [(each.night, each.staff_no) for each in listed] == sorted(
        (each.night, each.staff_no) for each in listed
    )
    assert charge_list.listing(session, MONTH, "S2") == [
        each for each in listed if each.staff_no == "S2"
    ]
    assert [each.staff_no for each in listed if each.contested] == ["S4"]
    appeals.raise_appeal(session, "S1", NIGHTS[0], "late", "roll", "等电梯", by="D1")
    listed = charge_list.listing(session, MONTH)
    assert [each.staff_no for each in listed if each.contested] == ["S1", "S4"]


def test_a_charge_tells_its_reason_its_waiver_and_its_appeals(session: Session) -> None:
    waive(session, "S1", NIGHTS[0], "late", "roll", "the bus", "D1")
    first, second = charge_list.listing(session, MONTH, "S1")
    detail = charge_list.detail(session, first)
    assert detail.now == (3000, "waived")
    assert charge_list.detail(session, second).now == (3000, "standing")
    assert first.status == "waived"
    assert detail.rule is not None
    assert detail.rule.clause == "2"
    assert detail.reasons["en"].startswith("arrived at 2026-09-01 19:41")
    assert "班前会" in detail.reasons["zh-Hans"]
    assert detail.waiver == ("D1", "the bus")
    [contested] = charge_list.listing(session, MONTH, "S4")
    [appeal] = charge_list.detail(session, contested).appeals
    assert appeal.words == "我只是去接客人"


def test_a_reversed_charge_is_listed_of_its_staffer_alone(session: Session) -> None:
    from models.operations import incidents

    incidents.withdraw(session, "I260902-01", "mistaken", "D1")
    assert "reversed" not in {each.status for each in charge_list.listing(session, MONTH)}
    assert [each.status for each in charge_list.listing(session, MONTH, "S2")] == [
        "reversed",
        "standing",
    ]


def test_fines_by_rule_stand_in_the_order_of_the_rulebook(session: Session) -> None:
    waive(session, "S1", NIGHTS[0], "late", "roll", "the bus", "D1")
    found = trends.by_rule(session, MONTH)
    assert [each.code for each in found] == [
        "late", "absence", "left_post", "service_complaint", "fighting",
    ]  # fmt: skip
    assert found[0].fines == (1, 3000, 1)


def test_twelve_months_end_with_the_one_asked_for(session: Session) -> None:
    close(session)
    found = trends.months(session, "2026-10")
    assert [each.month for each in found][:1] + [each.month for each in found][-2:] == [
        "2025-11",
        "2026-09",
        "2026-10",
    ]
    assert [each.closed for each in found[-2:]] == [True, False]
    assert found[-2].fines == (8, 346_000, 0)
    assert found[0].fines == (0, 0, 0)


def test_a_refused_adoption_leaves_the_rulebooks_in_force(session: Session) -> None:
    from models.operations import venue
    from models.rules import shipped

    with pytest.raises(Refused):
        venue.adopt(session, shipped.load("club"), date(2026, 9, 1))
    assert [book.name for _since, book in session.versions.adopted] == ["nightlife"]
