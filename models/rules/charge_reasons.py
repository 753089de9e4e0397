"""The sentence that says from which facts a charge follows, in each language.

It is part of the record: a closed month keeps the sentences it was closed with.
"""

from collections.abc import Callable

from models.rules.charges import Basis
from models.values.money import format_money
from models.values.nights import Instant

_SENTENCES: dict[str, tuple[str, str, str]] = {
    "late": (
        "arrived at {0}, after the briefing began ({1})",
        "{0} 到场，晚于班前会时间 {1}",
        "{0} 到場，晚於班前會時間 {1}",
    ),
    "after_briefing": (
        "arrived at {0}, after the briefing was closed ({1})",
        "{0} 到场，班前会已于 {1} 散会",
        "{0} 到場，班前會已於 {1} 散會",
    ),
    "no_room": (
        "make-up sign at {0}, but no room of their own stood that night",
        "{0} 补签，但当晚没有成立的本人订房",
        "{0} 補簽，但當晚沒有成立的本人訂房",
    ),
    "absent": (
        "no sign of them all night; {1} days of the monthly wage of {0}, {2} to the month",
        "整晚没有到场或补签；月薪 {0} × {1} 天 ÷ {2}",
        "整晚沒有到場或補簽；月薪 {0} × {1} 天 ÷ {2}",
    ),
    "late_leave": (
        "no sign of them all night, and leave {3} was asked for too late, on the night of {4};"
        " {1} days of the monthly wage of {0}, {2} to the month",
        "整晚没有到场或补签，请假 {3} 在 {4} 营业日才申请，太迟；月薪 {0} × {1} 天 ÷ {2}",
        "整晚沒有到場或補簽，請假 {3} 在 {4} 營業日才申請，太遲；月薪 {0} × {1} 天 ÷ {2}",
    ),
    "slip_approved": (
        "went out at {0}, before the slip was approved at {1}",
        "{0} 外出，放行条到 {1} 才批准",
        "{0} 外出，放行條到 {1} 才批准",
    ),
    "slip_requested": (
        "went out at {0} with a slip that nobody had approved",
        "{0} 外出，放行条未经批准",
        "{0} 外出，放行條未經批准",
    ),
    "slip_rejected": (
        "went out at {0} although the slip was rejected",
        "{0} 外出，放行条已被驳回",
        "{0} 外出，放行條已被駁回",
    ),
    "slip_withdrawn": (
        "went out at {0} although the slip was withdrawn",
        "{0} 外出，放行条已撤回",
        "{0} 外出，放行條已撤回",
    ),
    "slip_none": (
        "went out at {0} without a slip",
        "{0} 外出，没有放行条",
        "{0} 外出，沒有放行條",
    ),
    "desk_unregistered": (
        "the client {0} of this sale never came through the register of visitors",
        "成单客户 {0} 没有做来访登记",
        "成單客戶 {0} 沒有做來訪登記",
    ),
    "desk_phone": (
        "the number on the sale is not the one in the register of {0}, and no note said by {1} that"
        " it is the same person",
        "开单号码与 {0} 登记的号码不一致，{1} 前没有注明是同一人",
        "開單號碼與 {0} 登記的號碼不一致，{1} 前沒有註明是同一人",
    ),
    "desk_unasked": (
        "the guest who came at {0} was not asked what every guest is asked",
        "{0} 到访的客人没有被询问是否来过、找人、有预约",
        "{0} 到訪的客人沒有被詢問是否來過、找人、有預約",
    ),
    "desk_contact": (
        "wrote a sheet at {0} on the client {1} of a colleague who had shown theirs",
        "{0} 对同事已证实在先的客户 {1} 做跟进表",
        "{0} 對同事已證實在先的客戶 {1} 做跟進表",
    ),
    "desk_taken": (
        "took the guest who named {1} at {0}, though {1} was free",
        "{0} 客人指名 {1}，{1} 在场而未通知",
        "{0} 客人指名 {1}，{1} 在場而未通知",
    ),
    "incident": (
        "raised for what happened at {0}",
        "{0} 发生的违规，已登记",
        "{0} 發生的違規，已登記",
    ),
    "incident_noted": (
        "raised for what happened at {0}: {1}",
        "{0} 发生的违规，登记为：{1}",
        "{0} 發生的違規，登記為：{1}",
    ),
}
_LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def sentence(basis: Basis, at: Callable[[Instant], str], language: str) -> str:
    """Why a charge is due, its times as `at` writes them; without a full stop at its end."""
    what, values = str(basis[0]), basis[1:]
    if what == "incident" and values[1]:
        what = "incident_noted"
    template = _SENTENCES[what][_LANGUAGES.index(language)]
    return template.format(*(_shown(what, value, at) for value in values))


def _shown(what: str, value: str | int | None, at: Callable[[Instant], str]) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        if what in ("absent", "late_leave"):
            return format_money(value)
        return at(value)
    return value
