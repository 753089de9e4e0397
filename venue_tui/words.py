"""The words that files and tables use for a state or a kind, as a person reads them."""

from collections.abc import Iterable

from venue_tui.locale import N_, _, current_language

_SHOWN = {
    # positions and roles
    "staff": N_("staff"),
    "supervisor": N_("supervisor"),
    "director": N_("director"),
    "payroll": N_("payroll"),
    "admin": N_("admin"),
    # leave and slips
    "rest": N_("rest"),
    "personal": N_("personal"),
    "sick": N_("sick"),
    "requested": N_("requested"),
    "approved": N_("approved"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
    "none": N_("no slip"),
    # rooms, tables and bookings
    "room": N_("room"),
    "table": N_("table"),
    "booked": N_("booked"),
    "arrived": N_("arrived"),
    "left": N_("left"),
    "cancelled": N_("cancelled"),
    "no_show": N_("no-show"),
    # outcomes of the roll
    "present": N_("present"),
    "made_up": N_("made up"),
    "late": N_("late"),
    "missed": N_("missed"),
    "absent": N_("absent"),
    "pending": N_("pending"),
    # incidents, charges and rules
    "recorded": N_("recorded"),
    "standing": N_("standing"),
    "waived": N_("waived"),
    "reversed": N_("reversed"),
    "fixed": N_("fixed"),
    "wage_days": N_("wages"),
    "void_sales": N_("sales void"),
    "range": N_("range"),
    "dismissal": N_("dismissal"),
    "referral": N_("referral"),
    "suspension": N_("suspension"),
    # the guest desk
    "private": N_("private"),
    "duty": N_("duty"),
    "guest": N_("guest"),
    "walk_in": N_("walk-in"),
    "member": N_("member"),
    "closer": N_("who closed it"),
    "other": N_("the other"),
    "other's supervisor": N_("the other's superior"),
    "owed": N_("owed"),
    "counted": N_("counted"),
    "out": N_("left out"),
    "follow_up": N_("follow-up sheet"),
    "appointment": N_("appointment"),
    "call_in": N_("rang"),
    "flyer": N_("flyer"),
    "visit": N_("visit"),
    "call_back": N_("call-back"),
    "full": N_("whole"),
    "masked": N_("masked"),
    "overwritten": N_("overwritten"),
    "unreachable": N_("unreachable"),
    "in_person": N_("in person"),
    "message": N_("by message"),
    "turn": N_("by turn"),
    "named": N_("asked for"),
    "known": N_("known guest"),
    "office": N_("office"),
    "telephone": N_("telephone"),
    "new": N_("new"),
    "upgrade": N_("upgrade"),
    "renewal_in_term": N_("renewal in term"),
    "renewal_expired": N_("renewal after expiry"),
    "face": N_("face to face"),
    "phone": N_("by phone"),
    "letter": N_("by letter"),
    "simple": N_("simple"),
    "general": N_("general"),
    "complex": N_("complex"),
    "open": N_("not due yet"),
    "kept": N_("kept"),
    "overdue": N_("overdue"),
    "tried": N_("tried in vain"),
    "rule": N_("by the rules"),
    "decision": N_("decided"),
    "yes": N_("yes"),
    "no": N_("no"),
}


WHY_AWAY = {
    "serving_new": N_("with a guest"),
    "serving_dealt": N_("with a client"),
    "serving_old": N_("with a known guest"),
    "own_room": N_("in their room"),
    "phone": N_("phoning"),
    "duty": N_("on duty"),
    "private": N_("away"),
    "slip_duty": N_("out on duty"),
    "slip_private": N_("out"),
    "no_slip": N_("out, no slip"),
    "rest": N_("rests"),
    "leave": N_("rests"),
    "absent": N_("not here"),
    "unmarked": N_("not marked"),
    "suspended": N_("suspended"),
}
"""Why somebody can't take a guest."""


def word(value: str) -> str:
    """A status, kind, position or outcome in the current language; any other text as it is."""
    return _(_SHOWN[value]) if value in _SHOWN else value


def listed(parts: Iterable[str]) -> str:
    """Several things one after the other, as the current language parts them."""
    return _(", ").join(parts)


def shown_name(staff_no: str, name: str) -> str:
    """A staffer as forms and sentences write them."""
    return f"{name} ({staff_no})"


def file_word(name: str) -> str:
    """What a file, or a column of one, is called in the current language; any other text as it
    is."""
    language = current_language()
    if language != "en":
        from models.values.datasets import DATASETS

        found = DATASETS.get(name) or next(
            (each.column[name] for each in DATASETS.values() if name in each.column), None
        )
        if found is not None:
            return found.chinese if language == "zh-Hans" else found.traditional
    return name
