"""The audit trail in words: what was done, and what a fact was before and became."""

import json
from collections.abc import Mapping

from models.storage.audit import Line
from models.values.money import format_money
from venue_tui.locale import N_, _
from venue_tui.words import file_word, word

ACTIONS_DONE = {
    "account.changed": N_("Account changed"),
    "account.disabled": N_("Account disabled"),
    "account.enabled": N_("Account enabled"),
    "account.locked": N_("Account locked"),
    "account.made": N_("Account made"),
    "account.proved": N_("Password proved"),
    "account.recovered": N_("Let in by code"),
    "account.recovery_made": N_("New recovery code"),
    "account.refused": N_("Sign-in refused"),
    "account.secret_changed": N_("Password changed"),
    "account.signed_in": N_("Signed in"),
    "account.signed_out": N_("Signed out"),
    "account.unlocked": N_("Account unlocked"),
    "appeal.raised": N_("Appeal raised"),
    "appeal.reopened": N_("Appeal reopened"),
    "appeal.upheld": N_("Charge upheld"),
    "appeal.waived": N_("Charge let go"),
    "appeal.withdrawn": N_("Appeal withdrawn"),
    "away.began": N_("Away"),
    "away.ended": N_("Back from being away"),
    "away.taken_back": N_("Being away taken back"),
    "booking.arrived": N_("Guests arrived"),
    "booking.booked": N_("Booking as it was"),
    "booking.cancelled": N_("Booking cancelled"),
    "booking.left": N_("Guests left"),
    "booking.made": N_("Booking made"),
    "booking.no_show": N_("Booking no-show"),
    "booking.edited": N_("Booking corrected"),
    "booking.restored": N_("Booking put back"),
    "briefing.assigned": N_("Work assigned"),
    "briefing.assignment_undone": N_("Work put back"),
    "briefing.closed": N_("Briefing closed"),
    "briefing.closing_undone": N_("Closing undone"),
    "briefing.director": N_("Director named"),
    "briefing.held": N_("Briefing put back"),
    "briefing.not_held": N_("Briefing not held"),
    "briefing.opened": N_("Briefing opened"),
    "briefing.reopened": N_("Briefing reopened"),
    "briefing.taken_back": N_("Briefing undone"),
    "charge.unwaived": N_("Waiver taken back"),
    "charge.waived": N_("Charge waived"),
    "claim.made": N_("Sale claimed"),
    "claim.withdrawn": N_("Claim withdrawn"),
    "clock.matched": N_("Clock matched"),
    "clock.offset": N_("Clock corrected"),
    "complaint.answered": N_("Complaint answered"),
    "complaint.asked": N_("Guest asked whether content"),
    "complaint.classified": N_("Complaint given another class"),
    "complaint.incident": N_("Complaint made an incident"),
    "complaint.judged": N_("Complaint judged"),
    "complaint.no_incident": N_("Incident of a complaint taken back"),
    "complaint.put_back": N_("Complaint put back"),
    "complaint.solved": N_("Complaint solved"),
    "complaint.taken": N_("Complaint taken down"),
    "complaint.withdrawn": N_("Complaint withdrawn"),
    "contact.added": N_("Contact written down"),
    "contact.put_back": N_("Contact put back"),
    "contact.reached": N_("Number reached"),
    "contact.signed": N_("Appointment signed"),
    "contact.voided": N_("Contact voided"),
    "contact.withdrawn": N_("Contact withdrawn"),
    "credit.changed_by_form": N_("Sale changed by form"),
    "credit.decided": N_("Sale decided"),
    "credit.undecided": N_("Decision on a sale taken back"),
    "facts.changed": N_("Facts changed"),
    "first_call.ended": N_("First call ended"),
    "first_call.resumed": N_("First call goes on"),
    "deal.noted": N_("Same person noted"),
    "deal.put_back": N_("Sale put back"),
    "deal.sold": N_("Sale recorded"),
    "deal.withdrawn": N_("Sale withdrawn"),
    "guest.handed_on": N_("Guest handed on"),
    "guest.not_handed_on": N_("Guest not handed on"),
    "sale.corrected": N_("Closed sale corrected"),
    "guest.added": N_("Guest added to the register"),
    "guest.edited": N_("Guest corrected"),
    "guest.made_one": N_("Two guests made one"),
    "guest.made_two": N_("One guest made two again"),
    "guest.phone_read": N_("Guest's phone number read"),
    "handover.accepted": N_("Handover accepted"),
    "handover.given": N_("Desk handed over"),
    "import": N_("Files imported"),
    "import.undone": N_("Import taken back"),
    "incident.raised": N_("Incident raised"),
    "incident.edited": N_("Incident corrected"),
    "incident.restored": N_("Incident restored"),
    "incident.withdrawn": N_("Incident withdrawn"),
    "knowledge.asked": N_("Asked about the house"),
    "knowledge.taken_back": N_("Asking about the house taken back"),
    "leave.approved": N_("Leave approved"),
    "leave.asked": N_("Leave asked for"),
    "leave.rejected": N_("Leave rejected"),
    "leave.undecided": N_("Leave reopened"),
    "leave.undone": N_("Leave put back"),
    "leave.withdrawn": N_("Leave withdrawn"),
    "month.closed": N_("Month closed"),
    "month.corrected": N_("Month corrected"),
    "night.closed": N_("Night ended early"),
    "night.reopened": N_("Night reopened"),
    "nights.settled": N_("Nights settled"),
    "notice.seen": N_("Notice seen"),
    "outings.approved": N_("Slip approved"),
    "outings.asked": N_("Slip asked for"),
    "outings.back": N_("Came back"),
    "outings.back_undone": N_("Return taken back"),
    "outings.corrected": N_("Outing corrected"),
    "outings.out": N_("Went out"),
    "outings.out_undone": N_("Outing taken back"),
    "outings.rejected": N_("Slip rejected"),
    "outings.undecided": N_("Slip reopened"),
    "outings.undone": N_("Slip put back"),
    "outings.withdrawn": N_("Slip withdrawn"),
    "place.added": N_("Place added"),
    "place.edited": N_("Place edited"),
    "place.removed": N_("Place removed"),
    "grooming.ticked": N_("Grooming ticked"),
    "post.put": N_("Post given"),
    "post.undone": N_("Post put back"),
    "promise.kept": N_("Promise kept"),
    "promise.put_back": N_("Promise put back"),
    "promise.told": N_("A time was told to a guest"),
    "promise.withdrawn": N_("Promise withdrawn"),
    "punches.taken": N_("Punches taken"),
    "punches.taken_back": N_("Punches undone"),
    "relay.taken_back": N_("Telling undone"),
    "relay.told": N_("Team told"),
    "roll.answered": N_("Answered first call"),
    "roll.correct": N_("Roll corrected"),
    "roll.make_up": N_("Make-up sign"),
    "roll.mark": N_("Marked on roll"),
    "roll.pass_undone": N_("Passing undone"),
    "roll.passed": N_("Called, no answer"),
    "roll.punch": N_("Punch as arrival"),
    "roll.undo": N_("Mark undone"),
    "roll.unmark": N_("Mark taken back"),
    "rotation.made": N_("Order of turns made"),
    "rulebook.adopted": N_("Rulebook adopted"),
    "separation.confirmed": N_("Separated"),
    "separation.kept": N_("Kept on"),
    "separation.reconsidered": N_("Separation open"),
    "staff.added": N_("Staffer added"),
    "staff.edited": N_("Staffer edited"),
    "staff.rehired": N_("Hired again"),
    "staff.removed": N_("Staffer removed"),
    "staff.restored": N_("Record put back"),
    "trail.bound": N_("Trail updated"),
    "trail.accepted": N_("Trail accepted as it is"),
    "turn.given": N_("Guest given"),
    "turn.taken_back": N_("Turn taken back"),
    "venue.edited": N_("Venue edited"),
    "venue.made": N_("Venue made"),
    "venue.restored": N_("Venue restored"),
    "visit.arrived": N_("Guest at the door"),
    "visit.asked_for": N_("Guest asked for somebody"),
    "visit.left": N_("Guest left"),
    "visit.still_here": N_("Guest still here"),
    "visit.withdrawn": N_("Visit taken away"),
    "wage.removed": N_("Wage removed"),
    "wage.set": N_("Wage set"),
}

_FIELDS = {
    "account": N_("account"),
    "added": N_("added"),
    "amount": N_("amount"),
    "area": N_("area"),
    "arrivals": N_("arrivals"),
    "arrived_at": N_("arrived at"),
    "attendance": N_("attendance"),
    "assignment": N_("work assigned"),
    "batch": N_("import no."),
    "back_at": N_("back at"),
    "booking_no": N_("booking"),
    "bookings": N_("bookings"),
    "briefings": N_("briefings"),
    "cause": N_("cause"),
    "changed": N_("changed"),
    "charges": N_("charges"),
    "clock": N_("clock"),
    "closed_at": N_("closed at"),
    "corrects": N_("corrects"),
    "decided_at": N_("decided at"),
    "decided_by": N_("decided by"),
    "decision": N_("decision"),
    "decision_reason": N_("reason given"),
    "departed_at": N_("left at"),
    "digest": N_("digest"),
    "director_no": N_("director"),
    "duty": N_("duty"),
    "file": N_("file"),
    "filed_at": N_("filed at"),
    "first": N_("first night"),
    "first_night": N_("first night"),
    "from": N_("from"),
    "guest_name": N_("guest"),
    "head": N_("hash"),
    "hired_on": N_("hired on"),
    "ignored": N_("nobody's"),
    "groomed": N_("groomed"),
    "grooming": N_("grooming"),
    "incident_no": N_("incident"),
    "incidents": N_("incidents"),
    "initials": N_("initials"),
    "kind": N_("kind"),
    "last": N_("last night"),
    "last_night": N_("last night"),
    "leave": N_("nights off"),
    "leave_no": N_("leave"),
    "left_on": N_("left on"),
    "lines": N_("lines"),
    "made_up_at": N_("made up at"),
    "matched": N_("matched"),
    "minimum_spend": N_("minimum spend"),
    "month": N_("month"),
    "monthly_wage": N_("monthly wage"),
    "name": N_("name"),
    "night": N_("night"),
    "night_closed": N_("ended early"),
    "note": N_("note"),
    "number": N_("number"),
    "occurred_at": N_("happened at"),
    "on_roll": N_("on the roll"),
    "out_at": N_("out at"),
    "outings": N_("outings"),
    "place": N_("place"),
    "places": N_("places"),
    "posts": N_("posts"),
    "punches": N_("punches"),
    "position": N_("position"),
    "reported_by": N_("reported by"),
    "requested_at": N_("asked at"),
    "role": N_("role"),
    "rule": N_("rule"),
    "rulebook": N_("rulebook"),
    "seconds": N_("seconds"),
    "sha256": N_("digest"),
    "slip_no": N_("slip"),
    "source": N_("source"),
    "span": N_("span"),
    "special_reason": N_("special reason"),
    "staff": N_("roster"),
    "staff_no": N_("staff number"),
    "status": N_("state"),
    "supervisor_no": N_("supervisor"),
    "team": N_("team"),
    "timezone": N_("time zone"),
    "turn": N_("turn"),
    "unchanged": N_("unchanged"),
    "waived_by": N_("waived by"),
    "waivers": N_("waivers"),
}
_REFUSALS = {
    "disabled": N_("disabled"),
    "no such account": N_("no such account"),
    "too soon": N_("too soon"),
    "wrong secret": N_("wrong password"),
}
_WORDS = frozenset({"status", "role", "kind", "position", "decision"})
"""The fields that hold a word of the program's rather than of a person's."""

_MONEY = frozenset({"amount", "monthly_wage", "minimum_spend"})


def action_name(action: str) -> str:
    """What was done, in the person's language; the action itself where it has no words."""
    return _(ACTIONS_DONE[action]) if action in ACTIONS_DONE else action


def reason(line: Line) -> str:
    """Why it was done, or refused; "" where nobody said."""
    text = line.reason or ""
    return _(_REFUSALS.get(text, text)) if line.action == "account.refused" else text


def changed(line: Line) -> list[tuple[str, str, str]]:
    """What a line of the trail says of each field: its name, what it was, what it became; "" for
    nothing. What stayed as it was is the same on both sides."""
    before, after = _object(line.before), _object(line.after)
    return [
        (_field(name), _value(name, before.get(name)), _value(name, after.get(name)))
        for name in dict.fromkeys((*before, *after))
    ]


def summary(line: Line) -> str:
    """What became of it, as one line has room for: what differs, or else what is known."""
    fields = changed(line)
    told = [each for each in fields if each[1] != each[2]] or fields
    return ", ".join(
        f"{name} {was} > {became}" if was and became else f"{name} {became or was}"
        for name, was, became in told
        if was or became
    )


def _object(text: str | None) -> Mapping[str, object]:
    try:
        found = json.loads(text) if text is not None else {}
    except ValueError:  # somebody tampered with it; the chain says so, too
        found = text
    return found if isinstance(found, dict) else {"?": found}


def _field(name: str) -> str:
    return _(_FIELDS[name]) if name in _FIELDS else file_word(name).replace("_", " ")


def _value(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return word("yes" if value else "no")
    if isinstance(value, int) and name in _MONEY:
        return format_money(value)
    if isinstance(value, str) and name.endswith("_at"):
        return value.replace("T", " ")
    if isinstance(value, str):
        lines = value.splitlines()
        if len(lines) > 1:
            return _("%d lines of text") % len(lines)
        return word(value) if name in _WORDS else value
    if isinstance(value, dict):
        return ", ".join(f"{_field(key)} {_value(key, each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_value(name, each) for each in value)
    return str(value)
