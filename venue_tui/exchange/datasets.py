"""The columns of every file that is read and written: their order, their kinds, their headers."""

from collections.abc import Iterable
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class CellKind(Enum):
    """What the cells of a column are, and what they are read as."""

    KEY = auto()
    """A number or code by which something is found again."""
    NAME = auto()
    TEXT = auto()
    """Free text of any number of lines."""
    CHOICE = auto()
    """One word of a list."""
    YES_NO = auto()
    """Read as a bool."""
    NIGHT = auto()
    """A date; read as a `datetime.date`."""
    INSTANT = auto()
    """Venue-local time; read as UTC seconds since the epoch."""
    MONEY = auto()
    """Two decimals; read as cents."""
    COUNT = auto()
    """A positive whole number; exports also count to 0."""
    MONTH = auto()
    """A calendar month; only written."""
    SOURCE = auto()
    """Where a charge comes from: `roll`, `outing:<slip_no>`, `incident:<incident_no>`."""


# No dataclasses: making one costs a short command a millisecond.
class Column(NamedTuple):
    """One column. `required` cells may not be blank; a blank reads as `default`."""

    name: str
    kind: CellKind
    chinese: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str | int | None = None


class Dataset:
    """A file that is both written and read. `key` names the columns that tell its rows apart."""

    def __init__(self, name: str, key: tuple[str, ...], columns: tuple[Column, ...]) -> None:
        self.name = name
        self.key = key
        self.columns = columns

    @cached_property
    def headers(self) -> dict[str, str]:
        """The name of the column that a header stands for, in either language."""
        return {header: each.name for each in self.columns for header in (each.name, each.chinese)}

    @cached_property
    def column(self) -> dict[str, Column]:
        """The columns by name, in order."""
        return {each.name: each for each in self.columns}


_CHINESE = {
    "staff_no": "工号",
    "name": "姓名",
    "team": "组别",
    "supervisor_no": "上司工号",
    "position": "职位",
    "on_roll": "点名",
    "hired_on": "入职日期",
    "left_on": "离职日期",
    "monthly_wage": "月薪",
    "effective_from": "生效日期",
    "place": "房台",
    "kind": "类型",
    "minimum_spend": "最低消费",
    "night": "营业日",
    "closed_at": "散会时间",
    "director_no": "总监工号",
    "assignment": "工作布置",
    "night_closed": "已收市",
    "arrived_at": "到场时间",
    "made_up_at": "补签时间",
    "departed_at": "离场时间",
    "leave_no": "请假单号",
    "first_night": "起始日",
    "last_night": "截止日",
    "filed_at": "申请时间",
    "special_reason": "特殊情况",
    "status": "状态",
    "decided_by": "审批人",
    "decided_at": "审批时间",
    "decision_reason": "审批意见",
    "slip_no": "放行条号",
    "reason": "事由",
    "requested_at": "申请时间",
    "out_at": "外出时间",
    "back_at": "返回时间",
    "booking_no": "订单号",
    "turn": "场次",
    "guest_name": "客人",
    "guest_phone": "客人电话",
    "booked_at": "预订时间",
    "amount": "金额",
    "incident_no": "违规单号",
    "occurred_at": "发生时间",
    "rule": "规则",
    "note": "备注",
    "reported_by": "登记人",
    "source": "来源",
    "waived_by": "免罚人",
    "month": "月份",
    "outcome": "结果",
    "clause": "条款",
    "charges_total": "扣罚合计",
    "adjustments": "调整",
    "carried_in": "上月结转",
    "deducted": "本月扣款",
    "carried_out": "结转下月",
    "sales": "业绩",
    "sales_voided": "取消业绩",
    "sales_counted": "有效业绩",
    "deemed_resigned": "视为离职",
    "dismissed": "解雇",
}


def _required(name: str, kind: CellKind, *choices: str) -> Column:
    return Column(name, kind, _CHINESE[name], required=True, choices=choices)


def _optional(name: str, kind: CellKind, *choices: str, default: str | int | None = None) -> Column:
    return Column(name, kind, _CHINESE[name], choices=choices, default=default)


_DECISION = (
    _optional("decided_by", CellKind.KEY),
    _optional("decided_at", CellKind.INSTANT),
    _optional("decision_reason", CellKind.TEXT),
)

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "staff",
            ("staff_no",),
            (
                _required("staff_no", CellKind.KEY),
                _required("name", CellKind.NAME),
                _optional("team", CellKind.NAME),
                _optional("supervisor_no", CellKind.KEY),
                _required(
                    "position", CellKind.CHOICE, "staff", "supervisor", "director", "payroll"
                ),
                _optional("on_roll", CellKind.YES_NO),
                _required("hired_on", CellKind.NIGHT),
                _optional("left_on", CellKind.NIGHT),
                _required("monthly_wage", CellKind.MONEY),
            ),
        ),
        Dataset(
            "wages",
            ("staff_no", "effective_from"),
            (
                _required("staff_no", CellKind.KEY),
                _required("effective_from", CellKind.NIGHT),
                _required("monthly_wage", CellKind.MONEY),
            ),
        ),
        Dataset(
            "places",
            ("place",),
            (
                _required("place", CellKind.KEY),
                _required("kind", CellKind.CHOICE, "room", "table"),
                _optional("minimum_spend", CellKind.MONEY),
            ),
        ),
        Dataset(
            "briefings",
            ("night",),
            (
                _required("night", CellKind.NIGHT),
                _optional("closed_at", CellKind.INSTANT),
                _optional("director_no", CellKind.KEY),
                _optional("assignment", CellKind.TEXT),
                _optional("night_closed", CellKind.YES_NO),
            ),
        ),
        Dataset(
            "attendance",
            ("night", "staff_no"),
            (
                _required("night", CellKind.NIGHT),
                _required("staff_no", CellKind.KEY),
                _optional("arrived_at", CellKind.INSTANT),
                _optional("made_up_at", CellKind.INSTANT),
                _optional("departed_at", CellKind.INSTANT),
            ),
        ),
        Dataset(
            "leave",
            ("leave_no",),
            (
                _required("leave_no", CellKind.KEY),
                _required("staff_no", CellKind.KEY),
                _required("kind", CellKind.CHOICE, "rest", "personal", "sick"),
                _required("first_night", CellKind.NIGHT),
                _required("last_night", CellKind.NIGHT),
                _required("filed_at", CellKind.INSTANT),
                _optional("special_reason", CellKind.TEXT),
                _required(
                    "status", CellKind.CHOICE, "requested", "approved", "rejected", "withdrawn"
                ),
                *_DECISION,
            ),
        ),
        Dataset(
            "outings",
            ("slip_no",),
            (
                _required("slip_no", CellKind.KEY),
                _required("staff_no", CellKind.KEY),
                _optional("reason", CellKind.TEXT),
                _optional("requested_at", CellKind.INSTANT),
                _required(
                    "status",
                    CellKind.CHOICE,
                    "requested",
                    "approved",
                    "rejected",
                    "withdrawn",
                    "none",
                ),
                *_DECISION,
                _optional("out_at", CellKind.INSTANT),
                _optional("back_at", CellKind.INSTANT),
            ),
        ),
        Dataset(
            "bookings",
            ("booking_no",),
            (
                _required("booking_no", CellKind.KEY),
                _required("night", CellKind.NIGHT),
                _required("place", CellKind.KEY),
                _optional("turn", CellKind.COUNT, default=1),
                _required("staff_no", CellKind.KEY),
                _optional("guest_name", CellKind.NAME),
                _optional("guest_phone", CellKind.TEXT),
                _optional("booked_at", CellKind.INSTANT),
                _required(
                    "status", CellKind.CHOICE, "booked", "arrived", "left", "cancelled", "no_show"
                ),
                _optional("amount", CellKind.MONEY),
            ),
        ),
        Dataset(
            "incidents",
            ("incident_no",),
            (
                _required("incident_no", CellKind.KEY),
                _required("staff_no", CellKind.KEY),
                _required("occurred_at", CellKind.INSTANT),
                _required("rule", CellKind.KEY),
                _optional("amount", CellKind.MONEY),
                _optional("note", CellKind.TEXT),
                _optional("reported_by", CellKind.KEY),
                _optional("status", CellKind.CHOICE, "recorded", "withdrawn", default="recorded"),
            ),
        ),
        Dataset(
            "waivers",
            ("staff_no", "night", "rule", "source"),
            (
                _required("staff_no", CellKind.KEY),
                _required("night", CellKind.NIGHT),
                _required("rule", CellKind.KEY),
                _required("source", CellKind.SOURCE),
                _required("waived_by", CellKind.KEY),
                _required("reason", CellKind.TEXT),
            ),
        ),
    )
}
"""What is read and written, each after the datasets that its rows speak of."""

CHARGES = (
    _required("month", CellKind.MONTH),
    _required("night", CellKind.NIGHT),
    _required("staff_no", CellKind.KEY),
    _required("name", CellKind.NAME),
    _required("rule", CellKind.KEY),
    _required("clause", CellKind.TEXT),
    _required("source", CellKind.SOURCE),
    _required("amount", CellKind.MONEY),
    _required("status", CellKind.CHOICE, "standing", "waived"),
    _required("reason", CellKind.TEXT),
)

ROLL = (
    _required("night", CellKind.NIGHT),
    _required("staff_no", CellKind.KEY),
    _required("name", CellKind.NAME),
    _optional("team", CellKind.NAME),
    _required("outcome", CellKind.CHOICE),
    _optional("arrived_at", CellKind.INSTANT),
    _optional("made_up_at", CellKind.INSTANT),
)


def deductions(rules: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    """The columns of a month's deductions under these rules: code and Chinese title of each."""
    of_rules = []
    for code, chinese_title in rules:
        of_rules += [
            Column(f"{code}_count", CellKind.COUNT, f"{chinese_title}次数", required=True),
            Column(f"{code}_amount", CellKind.MONEY, f"{chinese_title}金额", required=True),
        ]
    totals = (
        "charges_total",
        "adjustments",
        "carried_in",
        "deducted",
        "carried_out",
        "sales",
        "sales_voided",
        "sales_counted",
    )
    return (
        _required("month", CellKind.MONTH),
        _required("staff_no", CellKind.KEY),
        _required("name", CellKind.NAME),
        _optional("team", CellKind.NAME),
        _required("monthly_wage", CellKind.MONEY),
        *of_rules,
        *(_required(total, CellKind.MONEY) for total in totals),
        _optional("deemed_resigned", CellKind.NIGHT),
        _required("dismissed", CellKind.YES_NO),
    )


def dataset_of(path: Path) -> Dataset | None:
    """The dataset that a file holds by its name, `<dataset>.csv`; None for files of other names."""
    return DATASETS.get(path.stem) if path.suffix.lower() == ".csv" else None
