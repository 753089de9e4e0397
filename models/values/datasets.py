"""The datasets: what files hold, column by column. The one place where a column is stated.

Reading, checking, recording, writing, templates, and the columns of the database's tables follow
from `DATASETS`. A column is one line here and a migration; only one that refers to another table
or is constrained beyond its kind stands in `models.storage.tables` as well.
"""

from collections.abc import Iterable
from enum import Enum, auto
from functools import cached_property
from typing import NamedTuple

MOST_BAD_ROWS = 100_000
"""A file of which more is wrong isn't looked at to its end."""


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
    TALLY = auto()
    """A whole number, 0 or more."""
    MONTH = auto()
    """A calendar month; only written."""
    SOURCE = auto()
    """Where a charge comes from: `roll`, or one of SOURCES and the number of the fact."""


SOURCES = ("outing", "incident", "deal", "visit", "contact", "turn")
"""The facts that a charge may come from besides the roll: `outing:<slip_no>` and so on."""


# No dataclasses: making one costs a short command a millisecond.
class FileColumn(NamedTuple):
    """One column. `chinese` is its header in simplified characters; `required` cells may not be
    blank; a blank reads as `default`."""

    name: str
    kind: CellKind
    chinese: str
    required: bool = False
    choices: tuple[str, ...] = ()
    default: str | int | None = None

    @property
    def traditional(self) -> str:
        """The header in traditional characters."""
        return self.chinese.translate(_TO_TRADITIONAL)


class Dataset:
    """A file that is both written and read, and the database table of its name.

    `key` names the columns that tell its rows apart. `derived` are columns of the table that no
    file has. `span` names the columns (first and last night) by which a month narrows it; one
    without belongs to no month. `judged` are columns that an export adds to what is recorded, and
    that are passed over when they are read.
    """

    def __init__(
        self,
        name: str,
        chinese: str,
        key: tuple[str, ...],
        columns: tuple[FileColumn, ...],
        *,
        span: tuple[str, str] | None = None,
        derived: tuple[str, ...] = (),
        judged: tuple[FileColumn, ...] = (),
    ) -> None:
        self.name = name
        self.chinese = chinese
        self.key = key
        self.columns = columns
        self.span = span
        self.derived = derived
        self.judged = judged

    @property
    def traditional(self) -> str:
        """What it is called in traditional characters."""
        return self.chinese.translate(_TO_TRADITIONAL)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(each.name for each in self.columns)

    @cached_property
    def column(self) -> dict[str, FileColumn]:
        """The columns by name, in order."""
        return {each.name: each for each in self.columns}

    @cached_property
    def headers(self) -> dict[str, str]:
        """The name of the column that a header stands for, in English or Chinese."""
        return {plain(h): each.name for each in self.columns for h in (each.name, each.chinese)}

    def column_of(self, header: str) -> str | None:
        """The name of the column that a header stands for, in English, simplified or traditional
        Chinese, whatever its case and the blanks around it; None for any other header."""
        return self.headers.get(plain(header))

    def is_judged(self, header: str) -> bool:
        """Whether a header stands for a column that is written and never read."""
        names = {plain(h) for each in self.judged for h in (each.name, each.chinese)}
        return plain(header) in names


_SIMPLIFIED = (
    "业为发号员场备审岗总态离签类组结绩罚职营补见规视计订记话请调费资转违迟间预额驳会况别务单无时旷条点电监则来"
    "状访归属账诺轮顺节码称联级积礼赠库余偿还应实销开关闭确认数据对优给谁让过进达选项标区责续闲钟闸栏页历财"
    "编绍顾问约参观验体废现办诉严复决满兑题经内暂杂涂隐系当书简复尝试仪带洁"
)
_TRADITIONAL = (
    "業為發號員場備審崗總態離簽類組結績罰職營補見規視計訂記話請調費資轉違遲間預額駁會況別務單無時曠條點電監則來"
    "狀訪歸屬賬諾輪順節碼稱聯級積禮贈庫餘償還應實銷開關閉確認數據對優給誰讓過進達選項標區責續閒鐘閘欄頁歷財"
    "編紹顧問約參觀驗體廢現辦訴嚴復決滿兌題經內暫雜塗隱繫當書簡複嘗試儀帶潔"
)
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
_TO_SIMPLIFIED = str.maketrans(
    _TRADITIONAL + "檯臺帳僱准並統門錄", _SIMPLIFIED + "台台账雇准并统门录"
)


def plain(word: str) -> str:
    """A header or a word of a list as it is compared: without the blanks around it, in lower case,
    in simplified characters."""
    return word.strip(_BLANKS).lower().translate(_TO_SIMPLIFIED)


_BLANKS = " \t\r\n\xa0\u3000\ufeff\u200b"

WORDS = {
    "staff": "员工",
    "supervisor": "主管",
    "director": "总监",
    "payroll": "财务",
    "rest": "休息",
    "personal": "事假",
    "sick": "病假",
    "requested": "待审批",
    "approved": "已批准",
    "rejected": "已驳回",
    "withdrawn": "已撤回",
    "none": "无放行条",
    "room": "房",
    "table": "卡台",
    "booked": "已订",
    "arrived": "已到",
    "left": "已离场",
    "cancelled": "已取消",
    "no_show": "未到",
    "recorded": "已登记",
    "standing": "有效",
    "waived": "已免罚",
    "present": "到场",
    "made_up": "补签",
    "late": "迟到",
    "missed": "缺席",
    "absent": "旷工",
    "pending": "未签到",
    "private": "私事",
    "duty": "公事",
    "guest": "客人",
    "walk_in": "散客",
    "member": "会员",
    "follow_up": "跟进表",
    "appointment": "预约",
    "call_in": "来电",
    "flyer": "派单",
    "visit": "来访",
    "call_back": "回访",
    "full": "完整",
    "masked": "隐去中间",
    "overwritten": "涂改",
    "unreachable": "联系不上",
    "in_person": "当面",
    "message": "短信",
    "turn": "轮到",
    "named": "点名找",
    "known": "熟客",
    "office": "内勤",
    "telephone": "接电话",
    "new": "新办",
    "upgrade": "升级",
    "renewal_in_term": "期内续",
    "renewal_expired": "到期续",
    "face": "当面",
    "phone": "电话",
    "letter": "书面",
    "simple": "简单",
    "general": "一般",
    "complex": "复杂",
    "open": "未到期",
    "kept": "已兑现",
    "overdue": "已逾期",
    "tried": "已尝试",
    "rule": "规则",
    "decision": "裁定",
    "yes": "是",
    "no": "否",
}
"""The words of lists in simplified Chinese, with which workbooks of Chinese headers are written."""


_ALSO_READ = {
    "staff": ("业务员", "职员"),
    "supervisor": ("上司", "经理"),
    "payroll": ("薪资", "会计"),
    "room": ("包房", "包厢", "房间"),
    "table": ("台", "桌", "卡座"),
}


def choice_of(text: str, choices: Iterable[str]) -> str | None:
    """The one of `choices` that a cell means, written as it is or in Chinese; None if none."""
    wanted = plain(text)
    for choice in choices:
        if text == choice or wanted == WORDS.get(choice) or wanted in _ALSO_READ.get(choice, ()):
            return choice
    return None


def _required(name: str, kind: CellKind, chinese: str, *choices: str) -> FileColumn:
    return FileColumn(name, kind, chinese, required=True, choices=choices)


def _optional(
    name: str, kind: CellKind, chinese: str, *choices: str, default: str | int | None = None
) -> FileColumn:
    return FileColumn(name, kind, chinese, choices=choices, default=default)


_NIGHT = _required("night", CellKind.NIGHT, "营业日")
_STAFF_NO = _required("staff_no", CellKind.KEY, "工号")
_NAME = _required("name", CellKind.NAME, "姓名")
_TEAM = _optional("team", CellKind.NAME, "组别")
_SUPERVISOR_NO = _optional("supervisor_no", CellKind.KEY, "上司工号")
_POSITION = _required(
    "position", CellKind.CHOICE, "职位", "staff", "supervisor", "director", "payroll"
)
_ON_ROLL = _optional("on_roll", CellKind.YES_NO, "点名")
_HIRED_ON = _required("hired_on", CellKind.NIGHT, "入职日期")
_LEFT_ON = _optional("left_on", CellKind.NIGHT, "离职日期")
_MONTHLY_WAGE = _required("monthly_wage", CellKind.MONEY, "月薪")
_EFFECTIVE_FROM = _required("effective_from", CellKind.NIGHT, "生效日期")
_PLACE = _required("place", CellKind.KEY, "房台")
_ARRIVED_AT = _optional("arrived_at", CellKind.INSTANT, "到场时间")
_MADE_UP_AT = _optional("made_up_at", CellKind.INSTANT, "补签时间")
_DEPARTED_AT = _optional("departed_at", CellKind.INSTANT, "离场时间")
_DUTY = _optional("duty", CellKind.TEXT, "职责")
_AREA = _optional("area", CellKind.TEXT, "区域")
_AMOUNT = _optional("amount", CellKind.MONEY, "金额")
_RULE = _required("rule", CellKind.KEY, "规则")
_SOURCE = _required("source", CellKind.SOURCE, "来源")
_REASON = _optional("reason", CellKind.TEXT, "事由")
_DECISION = (
    _optional("decided_by", CellKind.KEY, "审批人"),
    _optional("decided_at", CellKind.INSTANT, "审批时间"),
    _optional("decision_reason", CellKind.TEXT, "审批意见"),
)

_OF_NIGHT = ("night", "night")
_AT = _required("at", CellKind.INSTANT, "时间")
_GUEST_NO = _optional("guest_no", CellKind.KEY, "客人编号")
_VISIT_NO = _optional("visit_no", CellKind.KEY, "来访号")
_DEAL_NO = _required("deal_no", CellKind.KEY, "成单号")
_LEFT_AT = _optional("left_at", CellKind.INSTANT, "离开时间")
_FROM_NIGHT = _required("from_night", CellKind.NIGHT, "起始日")
_NOTE = _optional("note", CellKind.TEXT, "备注")
_WORDS_SAID = _optional("words", CellKind.TEXT, "内容")
_HOW = ("turn", "made_up", "named", "known", "office")

DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "staff",
            "员工",
            ("staff_no",),
            (
                _STAFF_NO,
                _NAME,
                _TEAM,
                _SUPERVISOR_NO,
                _POSITION,
                _ON_ROLL,
                _HIRED_ON,
                _LEFT_ON,
                _MONTHLY_WAGE,
            ),
        ),
        Dataset(
            "wages",
            "工资",
            ("staff_no", "effective_from"),
            (_STAFF_NO, _EFFECTIVE_FROM, _MONTHLY_WAGE),
        ),
        Dataset(
            "postings",
            "任职",
            ("staff_no", "effective_from"),
            (_STAFF_NO, _EFFECTIVE_FROM, _TEAM, _SUPERVISOR_NO, _POSITION, _ON_ROLL),
        ),
        Dataset(
            "rehires",
            "再入职",
            ("staff_no", "hired_on"),
            (_STAFF_NO, _HIRED_ON, _LEFT_ON),
        ),
        Dataset(
            "places",
            "房台",
            ("place",),
            (
                _PLACE,
                _required("kind", CellKind.CHOICE, "类型", "room", "table"),
                _optional("minimum_spend", CellKind.MONEY, "最低消费"),
            ),
        ),
        Dataset(
            "briefings",
            "班前会",
            ("night",),
            (
                _NIGHT,
                _optional("closed_at", CellKind.INSTANT, "散会时间"),
                _optional("director_no", CellKind.KEY, "总监工号"),
                _optional("assignment", CellKind.TEXT, "工作布置"),
                _optional("night_closed", CellKind.YES_NO, "已收市"),
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "attendance",
            "考勤",
            ("night", "staff_no"),
            (
                _NIGHT,
                _STAFF_NO,
                _ARRIVED_AT,
                _MADE_UP_AT,
                _DEPARTED_AT,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "posts",
            "岗位",
            ("night", "staff_no"),
            (_NIGHT, _STAFF_NO, _DUTY, _AREA),
            span=_OF_NIGHT,
        ),
        Dataset(
            "grooming",
            "仪容",
            ("night", "staff_no"),
            (
                _NIGHT,
                _STAFF_NO,
                _required("groomed", CellKind.YES_NO, "仪容整洁"),
                _required("badge", CellKind.YES_NO, "佩带工作牌"),
                _optional("checked_by", CellKind.KEY, "考核人"),
                _NOTE,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "leave",
            "请假",
            ("leave_no",),
            (
                _required("leave_no", CellKind.KEY, "请假单号"),
                _STAFF_NO,
                _required("kind", CellKind.CHOICE, "类型", "rest", "personal", "sick"),
                _required("first_night", CellKind.NIGHT, "起始日"),
                _required("last_night", CellKind.NIGHT, "截止日"),
                _required("filed_at", CellKind.INSTANT, "申请时间"),
                _optional("special_reason", CellKind.TEXT, "特殊情况"),
                _required(
                    "status", CellKind.CHOICE, "状态",
                    "requested", "approved", "rejected", "withdrawn",
                ),
                *_DECISION,
            ),
            span=("first_night", "last_night"),
        ),
        Dataset(
            "outings",
            "外出",
            ("slip_no",),
            (
                _required("slip_no", CellKind.KEY, "放行条号"),
                _STAFF_NO,
                _REASON,
                _optional("requested_at", CellKind.INSTANT, "申请时间"),
                _required(
                    "status", CellKind.CHOICE, "状态",
                    "requested", "approved", "rejected", "withdrawn", "none",
                ),
                *_DECISION,
                _optional("out_at", CellKind.INSTANT, "外出时间"),
                _optional("back_at", CellKind.INSTANT, "返回时间"),
                _optional("kind", CellKind.CHOICE, "类型", "private", "duty"),
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
        Dataset(
            "guests",
            "客人",
            ("guest_no",),
            (
                _GUEST_NO._replace(required=True),
                _optional("name", CellKind.NAME, "姓名"),
                _optional("phone", CellKind.TEXT, "电话"),
                _optional("unit", CellKind.NAME, "家庭单位"),
                _optional("kind", CellKind.CHOICE, "类型", "guest", "member", default="guest"),
                _optional("introduced_by", CellKind.KEY, "介绍人"),
                _optional("consultant_no", CellKind.KEY, "顾问工号"),
                _NOTE,
            ),
            derived=("phone_key",),
        ),
        Dataset(
            "visits",
            "来访",
            ("visit_no",),
            (
                _VISIT_NO._replace(required=True),
                _NIGHT,
                _AT,
                _GUEST_NO,
                _optional("party_no", CellKind.KEY, "同来批号"),
                _optional("asked_been", CellKind.YES_NO, "问是否来过"),
                _optional("asked_for_whom", CellKind.YES_NO, "问是否找人"),
                _optional("asked_appointment", CellKind.YES_NO, "问是否预约"),
                _optional("asked_for", CellKind.KEY, "指名工号"),
                _optional("asked_member", CellKind.KEY, "指名会员"),
                _optional("asked_before_tour", CellKind.YES_NO, "参观前指名"),
                _optional("prompted", CellKind.YES_NO, "授意指名"),
                _optional("voucher_of", CellKind.KEY, "体验券工号"),
                _optional("received_by", CellKind.KEY, "接待人"),
                _LEFT_AT,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "bookings",
            "订房",
            ("booking_no",),
            (
                _required("booking_no", CellKind.KEY, "订单号"),
                _NIGHT,
                _PLACE,
                _optional("turn", CellKind.COUNT, "场次", default=1),
                _STAFF_NO._replace(required=False),
                _optional("guest_name", CellKind.NAME, "客人"),
                _optional("guest_phone", CellKind.TEXT, "客人电话"),
                _optional("booked_at", CellKind.INSTANT, "预订时间"),
                _required(
                    "status", CellKind.CHOICE, "状态",
                    "booked", "arrived", "left", "cancelled", "no_show",
                ),
                _AMOUNT,
                _optional("source", CellKind.CHOICE, "来源", "staff", "guest", "walk_in"),
                _GUEST_NO,
                _optional("party_size", CellKind.COUNT, "人数"),
                _ARRIVED_AT,
                _LEFT_AT,
                _optional("hold_until", CellKind.INSTANT, "保留至"),
                _VISIT_NO,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "incidents",
            "违规",
            ("incident_no",),
            (
                _required("incident_no", CellKind.KEY, "违规单号"),
                _STAFF_NO,
                _required("occurred_at", CellKind.INSTANT, "发生时间"),
                _RULE,
                _AMOUNT,
                _optional("note", CellKind.TEXT, "备注"),
                _optional("reported_by", CellKind.KEY, "登记人"),
                _optional(
                    "status", CellKind.CHOICE, "状态", "recorded", "withdrawn", default="recorded"
                ),
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
        Dataset(
            "waivers",
            "免罚",
            ("staff_no", "night", "rule", "source"),
            (
                _STAFF_NO,
                _NIGHT,
                _RULE,
                _SOURCE,
                _required("waived_by", CellKind.KEY, "免罚人"),
                _REASON._replace(required=True),
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "contacts",
            "跟进",
            ("contact_no",),
            (
                _required("contact_no", CellKind.KEY, "跟进号"),
                _STAFF_NO,
                _GUEST_NO._replace(required=True),
                _required(
                    "kind", CellKind.CHOICE, "类型",
                    "follow_up", "appointment", "call_in", "flyer", "visit", "call_back",
                ),
                _AT,
                _optional("for_night", CellKind.NIGHT, "预约日"),
                _optional(
                    "number", CellKind.CHOICE, "号码",
                    "full", "masked", "overwritten", "unreachable",
                ),
                _optional("reached_on", CellKind.NIGHT, "联系上日期"),
                _optional("signed_by", CellKind.KEY, "签字人"),
                _optional("signed_how", CellKind.CHOICE, "签字方式", "in_person", "message"),
                _optional("answered", CellKind.YES_NO, "已接听"),
                _optional("void", CellKind.KEY, "作废"),
                _NOTE,
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
        Dataset(
            "rotation",
            "轮序",
            ("from_night", "position"),
            (_FROM_NIGHT, _required("position", CellKind.COUNT, "次序"), _STAFF_NO),
        ),
        Dataset(
            "turns",
            "轮次",
            ("turn_no",),
            (
                _required("turn_no", CellKind.KEY, "轮次号"),
                _NIGHT,
                _AT,
                _VISIT_NO,
                _STAFF_NO._replace(required=False),
                _optional("how", CellKind.CHOICE, "方式", *_HOW),
            ),
            span=_OF_NIGHT,
            judged=(
                _required("counted", CellKind.YES_NO, "计次"),
                _optional("passed", CellKind.TEXT, "跳过"),
                _required("right", CellKind.TEXT, "应轮"),
            ),
        ),
        Dataset(
            "away",
            "暂离",
            ("night", "staff_no", "from"),
            (
                _NIGHT,
                _STAFF_NO,
                _required("from", CellKind.INSTANT, "开始时间"),
                _optional("until", CellKind.INSTANT, "结束时间"),
                _required("reason", CellKind.CHOICE, "事由", "telephone", "duty", "private"),
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "deals",
            "成单",
            ("deal_no",),
            (
                _DEAL_NO,
                _NIGHT,
                _AT._replace(required=False),
                _optional("closer_no", CellKind.KEY, "经办人"),
                _GUEST_NO,
                _optional("user_no", CellKind.KEY, "使用人"),
                _optional(
                    "kind", CellKind.CHOICE, "类型",
                    "new", "upgrade", "renewal_in_term", "renewal_expired", default="new",
                ),
                _optional("buyers", CellKind.COUNT, "人数", default=1),
                _VISIT_NO,
                _optional("phone", CellKind.TEXT, "电话"),
                _optional("same_person_note_at", CellKind.INSTANT, "同一人注明时间"),
                _AMOUNT,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "claims",
            "对单",
            ("deal_no", "staff_no"),
            (_DEAL_NO, _STAFF_NO, _required("found_on", CellKind.NIGHT, "发现日"), _NOTE),
        ),
        Dataset(
            "credit_decisions",
            "判单",
            ("deal_no",),
            (
                _DEAL_NO,
                _required("shares", CellKind.TEXT, "份额"),
                _REASON._replace(required=True),
                _optional("decided_by", CellKind.KEY, "审批人"),
                _optional("agreed_by", CellKind.TEXT, "同意人"),
            ),
        ),
        Dataset(
            "heirs",
            "接手",
            ("guest_no", "from_night"),
            (
                _GUEST_NO._replace(required=True),
                _FROM_NIGHT,
                _optional("from_staff_no", CellKind.KEY, "原工号"),
                _required("to_staff_no", CellKind.KEY, "接手工号"),
            ),
        ),
        Dataset(
            "complaints",
            "投诉",
            ("complaint_no",),
            (
                _required("complaint_no", CellKind.KEY, "投诉号"),
                _AT,
                _optional("channel", CellKind.CHOICE, "渠道", "face", "phone", "letter"),
                _GUEST_NO,
                _WORDS_SAID,
                _optional("place", CellKind.KEY, "房台"),
                _optional("about_staff_no", CellKind.KEY, "被投诉工号"),
                _optional("class", CellKind.CHOICE, "等级", "simple", "general", "complex"),
                _optional("grave", CellKind.YES_NO, "严重"),
                _optional("taken_by", CellKind.KEY, "受理人"),
                _optional("answered_at", CellKind.INSTANT, "答复时间"),
                _optional("answer", CellKind.TEXT, "答复"),
                _optional("approved_by", CellKind.KEY, "批准人"),
                _optional("solved_at", CellKind.INSTANT, "解决时间"),
                _optional("founded", CellKind.YES_NO, "成立"),
                _optional("judged_by", CellKind.KEY, "认定人"),
                _optional("asked_at", CellKind.INSTANT, "回访时间"),
                _optional("satisfied", CellKind.YES_NO, "满意"),
                _optional("change", CellKind.TEXT, "改进"),
                _optional("incident_no", CellKind.KEY, "违规单号"),
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
        Dataset(
            "promised",
            "承诺",
            ("promise_no",),
            (
                _required("promise_no", CellKind.KEY, "承诺号"),
                _optional("complaint_no", CellKind.KEY, "投诉号"),
                _GUEST_NO,
                _required("told_at", CellKind.INSTANT, "告知时间"),
                _required("due_at", CellKind.INSTANT, "到期时间"),
                _optional("by_staff_no", CellKind.KEY, "承诺人"),
                _optional("kept_at", CellKind.INSTANT, "兑现时间"),
                _WORDS_SAID,
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
        Dataset(
            "handovers",
            "交接",
            ("handover_no",),
            (
                _required("handover_no", CellKind.KEY, "交接号"),
                _NIGHT,
                _optional("desk", CellKind.NAME, "岗位"),
                _required("from_staff_no", CellKind.KEY, "原工号"),
                _required("to_staff_no", CellKind.KEY, "接手工号"),
                _required("given_at", CellKind.INSTANT, "交班时间"),
                _optional("accepted_at", CellKind.INSTANT, "接班时间"),
                _WORDS_SAID,
            ),
            span=_OF_NIGHT,
        ),
        Dataset(
            "knowledge",
            "熟记",
            ("staff_no", "at"),
            (
                _STAFF_NO,
                _AT,
                _required("asked", CellKind.TALLY, "题数"),
                _required("right", CellKind.TALLY, "答对"),
                _optional("checked_by", CellKind.KEY, "考核人"),
            ),
            span=_OF_NIGHT,
            derived=("night",),
        ),
    )
}  # fmt: skip
"""What is read and written, each after the datasets that its rows speak of."""

_MONTH = _required("month", CellKind.MONTH, "月份")

CHARGES = (
    _MONTH,
    _NIGHT,
    _STAFF_NO,
    _NAME,
    _RULE,
    _required("clause", CellKind.TEXT, "条款"),
    _SOURCE,
    _AMOUNT._replace(required=True),
    _required("status", CellKind.CHOICE, "状态", "standing", "waived"),
    _REASON._replace(required=True),
)

_OUTCOME = _required(
    "outcome", CellKind.CHOICE, "结果",
    "rest", "present", "made_up", "late", "missed", "absent", "pending",
)  # fmt: skip

ROLL = (_NIGHT, _STAFF_NO, _NAME, _TEAM, _OUTCOME, _ARRIVED_AT, _MADE_UP_AT)

NIGHT_LOG = (
    _NIGHT,
    _STAFF_NO,
    _NAME,
    _TEAM,
    _POSITION,
    _DUTY,
    _AREA,
    _OUTCOME._replace(required=False),
    _ARRIVED_AT,
    _MADE_UP_AT,
    _DEPARTED_AT,
    _optional("outings", CellKind.TEXT, "外出"),
    _required("audit_lines", CellKind.COUNT, "审计行数"),
    _required("audit_head", CellKind.KEY, "审计链头"),
)
"""`audit_head` is the hash of the trail's last line when the log was written: whoever keeps it can
prove later that nothing before it was altered."""


CREDITS = (
    _DEAL_NO,
    _NIGHT,
    _STAFF_NO._replace(required=False),
    _required("share", CellKind.TEXT, "份额"),
    _AMOUNT._replace(required=True),
    _required("service", CellKind.YES_NO, "服务"),
    _optional("rule", CellKind.KEY, "规则"),
    _optional("clause", CellKind.TEXT, "条款"),
    _required("decided", CellKind.CHOICE, "判定", "rule", "decision"),
)

PROMISES = (
    _required("code", CellKind.KEY, "规则"),
    _required("about", CellKind.KEY, "事项"),
    _required("starts_at", CellKind.INSTANT, "开始时间"),
    _required("due_at", CellKind.INSTANT, "到期时间"),
    _optional("kept_at", CellKind.INSTANT, "兑现时间"),
    _required("state", CellKind.CHOICE, "状态", "open", "kept", "late", "overdue", "tried"),
)


def deductions(rules: Iterable[tuple[str, str]]) -> tuple[FileColumn, ...]:
    """The columns of a month's deductions under these rules: code and Chinese title of each."""
    of_rules = []
    for code, chinese_title in rules:
        of_rules += [
            _required(f"{code}_count", CellKind.COUNT, f"{chinese_title}次数"),
            _required(f"{code}_amount", CellKind.MONEY, f"{chinese_title}金额"),
        ]
    return (
        _MONTH,
        _STAFF_NO,
        _NAME,
        _TEAM,
        _MONTHLY_WAGE,
        *of_rules,
        _required("charges_total", CellKind.MONEY, "扣罚合计"),
        _required("adjustments", CellKind.MONEY, "调整"),
        _required("carried_in", CellKind.MONEY, "上月结转"),
        _required("deducted", CellKind.MONEY, "本月扣款"),
        _required("carried_out", CellKind.MONEY, "结转下月"),
        _required("sales", CellKind.MONEY, "业绩"),
        _required("sales_voided", CellKind.MONEY, "取消业绩"),
        _required("sales_counted", CellKind.MONEY, "有效业绩"),
        _optional("deemed_resigned", CellKind.NIGHT, "视为离职"),
        _required("dismissed", CellKind.YES_NO, "解雇"),
    )
