"""Whose columns are ours: which column a header stands for that another program wrote, guessed by
the words that are used for it, and remembered as somebody chose."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from models.values.datasets import Dataset, plain
from models.values.files import keep
from models.values.folders import user_folder

_IGNORED = re.compile(r"[\s_.\-:：/（）()#*]+")
_LARGEST = 1 << 20

_WORDS: dict[str, str] = {
    "staff_no": "员工编号 员工号 员工工号 职员代码 职员编号 人员编号 工牌号 编号 employee_id"
    " employee_no employee_number emp_id emp_no staff_id staff_number person_id"
    " personnel_no userid job_number",
    "name": "员工姓名 职员姓名 人员姓名 名字 employee_name full_name staff_name person_name",
    "team": "部门 班组 小组 组 所属部门 department dept group",
    "supervisor_no": "主管工号 上级工号 直属上司 上级 manager_id supervisor_id supervisor",
    "position": "岗位 职务 职级 title job_title role designation",
    "on_roll": "参加点名 是否点名 on_roll_call",
    "hired_on": "入职时间 入职日 到岗日期 hire_date hired start_date date_of_joining joined",
    "left_on": "离职时间 离职日 leave_date end_date termination_date left",
    "monthly_wage": "工资 月工资 基本工资 底薪 薪资 月薪元 salary monthly_salary wage base_salary",
    "effective_from": "起薪日期 生效日 effective_date from_date valid_from",
    "night": "日期 考勤日期 业务日期 date business_date work_date",
    "arrived_at": "上班时间 签到时间 打卡时间 到岗时间 上班打卡 check_in clock_in arrival time_in",
    "departed_at": "下班时间 签退时间 下班打卡 check_out clock_out departure time_out",
    "place": "房号 台号 包房 包厢 房间 房间号 room room_no table table_no",
    "minimum_spend": "低消 最低消费额 minimum min_spend",
    "booking_no": "单号 预订单号 订房单号 booking_id booking_number order_no",
    "guest_name": "客户 客户姓名 客人姓名 顾客 guest customer customer_name",
    "guest_phone": "电话 手机 手机号 联系电话 客户电话 phone mobile telephone",
    "amount": "消费 消费金额 总额 罚款 扣款 total sum fine",
    "booked_at": "下单时间 订房时间 booked_on",
    "leave_no": "单号 请假编号 leave_id",
    "first_night": "开始日期 请假开始 from start",
    "last_night": "结束日期 请假结束 to end",
    "filed_at": "提交时间 申请日期 submitted_at filed",
    "slip_no": "单号 放行条编号 slip_id",
    "reason": "原因 理由",
    "incident_no": "单号 违规编号 incident_id",
    "occurred_at": "时间 违规时间 time occurred",
    "note": "说明 描述 remark remarks comment",
    "reported_by": "上报人 记录人 reporter",
    "status": "审批状态 当前状态 state",
    "decided_by": "审核人 批准人 approver approved_by",
    "decided_at": "审核时间 批准时间 approved_at",
}


def foreign_headers(dataset: Dataset, header: Iterable[str]) -> list[str]:
    """The headers of a file that stand for no column of ours."""
    return [word for word in header if word.strip() and dataset.column_of(word) is None]


def guess(dataset: Dataset, header: Iterable[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Which column each foreign header may stand for, as `plain` has them; "" for none. What was
    remembered goes before the known words; no column is guessed twice."""
    words = list(header)
    taken = {dataset.column_of(word) for word in words}
    found: dict[str, str] = {}
    for word in foreign_headers(dataset, words):
        column = remembered.get(plain(word))
        if column is None or (column and column not in dataset.column):
            column = _by_words(dataset, word)
        if column in taken:
            column = ""
        if column:
            taken.add(column)
        found[plain(word)] = column
    return found


def _by_words(dataset: Dataset, header: str) -> str:
    bare = _bare(header)
    for column in dataset.columns:
        known = {_bare(word) for word in _WORDS.get(column.name, "").split()}
        if bare in known | {_bare(column.name), _bare(column.chinese)}:
            return column.name
    return ""


def _bare(word: str) -> str:
    return _IGNORED.sub("", plain(word))


def remembered() -> dict[str, dict[str, str]]:
    """By dataset, the columns that somebody chose for foreign headers on this machine."""
    try:
        with _file().open(encoding="utf-8") as file:
            found = json.loads(file.read(_LARGEST))
    except (OSError, ValueError):  # there is none yet, or somebody wrote into it
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(dataset): {str(header): str(column) for header, column in chosen.items()}
        for dataset, chosen in found.items()
        if isinstance(chosen, dict)
    }


def remember(dataset: str, chosen: Mapping[str, str]) -> None:
    """Keeps what was chosen, for the next file. A machine that keeps nothing is no harm."""
    known = remembered()
    known[dataset] = {**known.get(dataset, {}), **chosen}
    with suppress(OSError):
        keep(_file(), json.dumps(known, ensure_ascii=False, indent=1))


def _file() -> Path:
    return user_folder("state") / "import-columns.json"
