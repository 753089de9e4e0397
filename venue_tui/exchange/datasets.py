"""The columns of every file that is read and written: their order, their kinds, their headers."""

from collections.abc import Iterable
from enum import Enum, auto
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Kind(Enum):
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
    kind: Kind
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


def _required(name: str, kind: Kind, *choices: str) -> Column:
    return Column(name, kind, _CHINESE[name], required=True, choices=choices)


def _optional(name: str, kind: Kind, *choices: str, default: str | int | None = None) -> Column:
    return Column(name, kind, _CHINESE[name], choices=choices, default=default)


_DECISION = (
    _optional("decided_by", Kind.KEY),
    _optional("decided_at", Kind.INSTANT),
    _optional("decision_reason", Kind.TEXT),
)

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "staff",
            ("staff_no",),
            (
                _required("staff_no", Kind.KEY),
                _required("name", Kind.NAME),
                _optional("team", Kind.NAME),
                _optional("supervisor_no", Kind.KEY),
                _required("position", Kind.CHOICE, "staff", "supervisor", "director", "payroll"),
                _optional("on_roll", Kind.YES_NO),
                _required("hired_on", Kind.NIGHT),
                _optional("left_on", Kind.NIGHT),
                _required("monthly_wage", Kind.MONEY),
            ),
        ),
        Dataset(
            "wages",
            ("staff_no", "effective_from"),
            (
                _required("staff_no", Kind.KEY),
                _required("effective_from", Kind.NIGHT),
                _required("monthly_wage", Kind.MONEY),
            ),
        ),
        Dataset(
            "places",
            ("place",),
            (
                _required("place", Kind.KEY),
                _required("kind", Kind.CHOICE, "room", "table"),
                _optional("minimum_spend", Kind.MONEY),
            ),
        ),
        Dataset(
            "briefings",
            ("night",),
            (
                _required("night", Kind.NIGHT),
                _optional("closed_at", Kind.INSTANT),
                _optional("director_no", Kind.KEY),
                _optional("assignment", Kind.TEXT),
                _optional("night_closed", Kind.YES_NO),
            ),
        ),
        Dataset(
            "attendance",
            ("night", "staff_no"),
            (
                _required("night", Kind.NIGHT),
                _required("staff_no", Kind.KEY),
                _optional("arrived_at", Kind.INSTANT),
                _optional("made_up_at", Kind.INSTANT),
                _optional("departed_at", Kind.INSTANT),
            ),
        ),
        Dataset(
            "leave",
            ("leave_no",),
            (
                _required("leave_no", Kind.KEY),
                _required("staff_no", Kind.KEY),
                _required("kind", Kind.CHOICE, "rest", "personal", "sick"),
                _required("first_night", Kind.NIGHT),
                _required("last_night", Kind.NIGHT),
                _required("filed_at", Kind.INSTANT),
                _optional("special_reason", Kind.TEXT),
                _required("status", Kind.CHOICE, "requested", "approved", "rejected", "withdrawn"),
                *_DECISION,
            ),
        ),
        Dataset(
            "outings",
            ("slip_no",),
            (
                _required("slip_no", Kind.KEY),
                _required("staff_no", Kind.KEY),
                _optional("reason", Kind.TEXT),
                _optional("requested_at", Kind.INSTANT),
                _required(
                    "status", Kind.CHOICE, "requested", "approved", "rejected", "withdrawn", "none"
                ),
                *_DECISION,
                _optional("out_at", Kind.INSTANT),
                _optional("back_at", Kind.INSTANT),
            ),
        ),
        Dataset(
            "bookings",
            ("booking_no",),
            (
                _required("booking_no", Kind.KEY),
                _required("night", Kind.NIGHT),
                _required("place", Kind.KEY),
                _optional("turn", Kind.COUNT, default=1),
                _required("staff_no", Kind.KEY),
                _optional("guest_name", Kind.NAME),
                _optional("guest_phone", Kind.TEXT),
                _optional("booked_at", Kind.INSTANT),
                _required(
                    "status", Kind.CHOICE, "booked", "arrived", "left", "cancelled", "no_show"
                ),
                _optional("amount", Kind.MONEY),
            ),
        ),
        Dataset(
            "incidents",
            ("incident_no",),
            (
                _required("incident_no", Kind.KEY),
                _required("staff_no", Kind.KEY),
                _required("occurred_at", Kind.INSTANT),
                _required("rule", Kind.KEY),
                _optional("amount", Kind.MONEY),
                _optional("note", Kind.TEXT),
                _optional("reported_by", Kind.KEY),
                _optional("status", Kind.CHOICE, "recorded", "withdrawn", default="recorded"),
            ),
        ),
        Dataset(
            "waivers",
            ("staff_no", "night", "rule", "source"),
            (
                _required("staff_no", Kind.KEY),
                _required("night", Kind.NIGHT),
                _required("rule", Kind.KEY),
                _required("source", Kind.SOURCE),
                _required("waived_by", Kind.KEY),
                _required("reason", Kind.TEXT),
            ),
        ),
    )
}
"""What is read and written, each after the datasets that its rows speak of."""

CHARGES = (
    _required("month", Kind.MONTH),
    _required("night", Kind.NIGHT),
    _required("staff_no", Kind.KEY),
    _required("name", Kind.NAME),
    _required("rule", Kind.KEY),
    _required("clause", Kind.TEXT),
    _required("source", Kind.SOURCE),
    _required("amount", Kind.MONEY),
    _required("status", Kind.CHOICE, "standing", "waived"),
    _required("reason", Kind.TEXT),
)

ROLL = (
    _required("night", Kind.NIGHT),
    _required("staff_no", Kind.KEY),
    _required("name", Kind.NAME),
    _optional("team", Kind.NAME),
    _required("outcome", Kind.CHOICE),
    _optional("arrived_at", Kind.INSTANT),
    _optional("made_up_at", Kind.INSTANT),
)


def deductions(rules: Iterable[tuple[str, str]]) -> tuple[Column, ...]:
    """The columns of a month's deductions under these rules: code and Chinese title of each."""
    of_rules = []
    for code, chinese_title in rules:
        of_rules += [
            Column(f"{code}_count", Kind.COUNT, f"{chinese_title}次数", required=True),
            Column(f"{code}_amount", Kind.MONEY, f"{chinese_title}金额", required=True),
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
        _required("month", Kind.MONTH),
        _required("staff_no", Kind.KEY),
        _required("name", Kind.NAME),
        _optional("team", Kind.NAME),
        _required("monthly_wage", Kind.MONEY),
        *of_rules,
        *(_required(total, Kind.MONEY) for total in totals),
        _optional("deemed_resigned", Kind.NIGHT),
        _required("dismissed", Kind.YES_NO),
    )


def dataset_of(path: Path) -> Dataset | None:
    """The dataset that a file holds by its name, `<dataset>.csv`; None for files of other names."""
    return DATASETS.get(path.stem) if path.suffix.lower() == ".csv" else None
