from pathlib import Path

import pytest

from models.values.datasets import (
    CHARGES,
    CREDITS,
    DATASETS,
    PROMISES,
    ROLL,
    WORDS,
    choice_of,
    deductions,
)
from venue_tui.exchange.imports import dataset_of
from venue_tui.locale import set_language
from venue_tui.words import word

HEADERS = {
    "staff": (
        "staff_no, name, team, supervisor_no, position, on_roll, hired_on, left_on, monthly_wage",
        "工号 姓名 组别 上司工号 职位 点名 入职日期 离职日期 月薪",
    ),
    "wages": ("staff_no, effective_from, monthly_wage", "工号 生效日期 月薪"),
    "places": ("place, kind, minimum_spend", "房台 类型 最低消费"),
    "briefings": (
        "night, closed_at, director_no, assignment, night_closed",
        "营业日 散会时间 总监工号 工作布置 已收市",
    ),
    "attendance": (
        "night, staff_no, arrived_at, made_up_at, departed_at",
        "营业日 工号 到场时间 补签时间 离场时间",
    ),
    "posts": ("night, staff_no, duty, area", "营业日 工号 职责 区域"),
    "leave": (
        "leave_no, staff_no, kind, first_night, last_night, filed_at, special_reason, status, "
        "decided_by, decided_at, decision_reason",
        "请假单号 工号 类型 起始日 截止日 申请时间 特殊情况 状态 审批人 审批时间 审批意见",
    ),
    "outings": (
        "slip_no, staff_no, reason, requested_at, status, decided_by, decided_at, "
        "decision_reason, out_at, back_at, kind",
        "放行条号 工号 事由 申请时间 状态 审批人 审批时间 审批意见 外出时间 返回时间 类型",
    ),
    "bookings": (
        "booking_no, night, place, turn, staff_no, guest_name, guest_phone, booked_at, status, "
        "amount, source, guest_no, party_size, arrived_at, left_at, hold_until, visit_no",
        "订单号 营业日 房台 场次 工号 客人 客人电话 预订时间 状态 金额 "
        "来源 客人编号 人数 到场时间 离开时间 保留至 来访号",
    ),
    "incidents": (
        "incident_no, staff_no, occurred_at, rule, amount, note, reported_by, status",
        "违规单号 工号 发生时间 规则 金额 备注 登记人 状态",
    ),
    "waivers": (
        "staff_no, night, rule, source, waived_by, reason",
        "工号 营业日 规则 来源 免罚人 事由",
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_in_both_languages(name: str) -> None:
    english, chinese = HEADERS[name]
    # A column that came later stands behind them.
    columns = DATASETS[name].columns[: len(chinese.split())]
    assert [each.name for each in columns] == english.split(", ")
    assert [each.chinese for each in columns] == chinese.split()


@pytest.mark.parametrize("name", DATASETS)
def test_every_header_stands_for_one_column(name: str) -> None:
    dataset = DATASETS[name]
    assert len(dataset.headers) == 2 * len(dataset.columns)
    for column in dataset.columns:
        for header in (
            column.name,
            column.chinese,
            column.traditional,
            f"\xa0{column.name.upper()} ",
        ):
            assert dataset.column_of(header) == column.name


def test_a_column_has_one_header_wherever_it_stands() -> None:
    headers: dict[str, set[str]] = {}
    for dataset in DATASETS.values():
        for column in dataset.columns:
            headers.setdefault(column.name, set()).add(column.chinese)
    several = {name for name, chinese in headers.items() if len(chinese) > 1}
    # A staffer's position is their job; in the order of turns it is their place.
    assert several == {"position"}


def test_headers_in_traditional_characters() -> None:
    assert [each.traditional for each in DATASETS["staff"].columns] == [
        *("工號", "姓名", "組別", "上司工號", "職位", "點名", "入職日期", "離職日期", "月薪")
    ]
    assert DATASETS["places"].column_of("房檯") == "place"


def test_the_words_of_lists_are_known_and_those_of_the_screens() -> None:
    statements = [*CHARGES, *ROLL, *CREDITS, *PROMISES]
    kinds = [c for d in DATASETS.values() for c in d.columns] + statements
    choices = {choice for column in kinds for choice in column.choices} | {"yes", "no"}
    assert choices == set(WORDS)
    set_language("zh-Hans")
    shown = {choice: word(choice) for choice in choices}
    set_language("zh-Hant")
    traditional = {choice: word(choice) for choice in choices}
    set_language("en")
    assert shown == WORDS
    for choice in choices:
        assert choice_of(shown[choice], [choice]) == choice_of(traditional[choice], [choice])
        assert choice_of(traditional[choice], [choice]) == choice


def test_one_chinese_header_can_mean_different_columns() -> None:
    assert DATASETS["leave"].headers["申请时间"] == "filed_at"
    assert DATASETS["outings"].headers["申请时间"] == "requested_at"


def test_statements() -> None:
    assert " ".join(each.chinese for each in CHARGES) == (
        "月份 营业日 工号 姓名 规则 条款 来源 金额 状态 事由"
    )
    assert " ".join(each.name for each in ROLL) == (
        "night staff_no name team outcome arrived_at made_up_at"
    )
    columns = deductions([("late", "迟到"), ("absence", "旷工")])
    assert ",".join(each.name for each in columns) == (
        "month,staff_no,name,team,monthly_wage,late_count,late_amount,absence_count,"
        "absence_amount,charges_total,adjustments,carried_in,deducted,carried_out,sales,"
        "sales_voided,sales_counted,deemed_resigned,dismissed"
    )
    assert [each.chinese for each in columns[5:]] == [
        *("迟到次数", "迟到金额", "旷工次数", "旷工金额", "扣罚合计", "调整", "上月结转"),
        *("本月扣款", "结转下月", "业绩", "取消业绩", "有效业绩", "视为离职", "解雇"),
    ]


def test_a_file_is_known_by_its_name() -> None:
    assert dataset_of(Path("somewhere/leave.csv")) is DATASETS["leave"]
    assert dataset_of(Path("leave.CSV")) is DATASETS["leave"]
    assert dataset_of(Path("leave.xlsx")) is DATASETS["leave"]
    for other in ("Leave.csv", "leave.csv.bak", "notes.csv", "leave"):
        assert dataset_of(Path(other)) is None
