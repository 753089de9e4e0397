"""The sentence that says from which facts a charge follows, in each language.

It is part of the record: a closed month keeps the sentences it was closed with.
"""

from models.rules.judgement import Basis
from models.values.money import format_money
from models.values.nights import Calendar

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
    "incident": ("{0}", "{0}", "{0}"),
    "incident_noted": ("{0}: {1}", "{0}：{1}", "{0}：{1}"),
}
_LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def sentence(basis: Basis, calendar: Calendar, language: str) -> str:
    """Why a charge is due, its times by the venue's clock; without a full stop at its end."""
    what, values = str(basis[0]), basis[1:]
    if what == "incident" and values[1]:
        what = "incident_noted"
    template = _SENTENCES[what][_LANGUAGES.index(language)]
    return template.format(*(_shown(what, value, calendar) for value in values))


def _shown(what: str, value: str | int | None, calendar: Calendar) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        if what in ("absent", "late_leave"):
            return format_money(value)
        return calendar.format(value)
    return value
