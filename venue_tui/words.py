"""The words that files and tables use for a state or a kind, as a person reads them."""

from venue_tui.locale import N_, _

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
    "yes": N_("yes"),
    "no": N_("no"),
}


def word(value: str) -> str:
    """A status, kind, position or outcome in the current language; any other text as it is."""
    return _(_SHOWN[value]) if value in _SHOWN else value
