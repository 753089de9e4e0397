"""Why a sale is whose it is, why a guest was whose turn, and why something is due: sentences, each
a message with its values, to be shown in a reader's language."""

from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.ledger.credits import claimable, require_readable_sale, rules_of, sale
from models.ledger.promises import promises_between, readable_promises
from models.ledger.rebookings import rebooked
from models.ledger.turns import judged_turns
from models.rules.guests.credit import Result, Verdict
from models.storage.database import execute
from models.values.money import format_money
from models.values.nights import Month, first_night, last_night
from models.values.problems import Problem, problem, refused

HOUSE = "-"


def explain_sale(session: Session, deal_no: str) -> list[Problem]:
    """Whose a sale is and why: by which rule of the rulebook of its night, from which facts, what
    became of each claim, and until when who can still claim. Raises Refused for no such sale, and
    for whoever may not read about it."""
    require(session, "house")
    found = sale(session, deal_no)
    require_readable_sale(session, found)
    deal, _, credit = found
    book = session.book(deal.night)
    said = [
        problem(
            "",
            "%(deal_no)s of %(night)s, %(amount)s, under the rulebook %(book)s",
            deal_no=deal.deal_no,
            night=deal.night,
            amount=format_money(deal.amount),
            book=book.name,
        )
    ]
    rule = credit.owned.rule
    said.append(
        problem(
            "",
            "by rule %(rule)s, clause %(clause)s, it is %(who)s's before any claim",
            rule=rule.code,
            clause=rule.clause,
            who=credit.owned.staff_no or HOUSE,
        )
        if rule is not None
        else problem(
            "",
            "no rule says otherwise: it is %(who)s's, who closed it",
            who=credit.owned.staff_no or HOUSE,
        )
    )
    since = credit.owned.since
    if since is not None:
        said.append(
            problem(
                "",
                "first recorded by %(who)s at %(at)s (%(number)s)",
                who=since.staff_no,
                at=session.calendar.format(since.at),
                number=since.contact_no,
            )
        )
    said += [_verdict(session, verdict) for verdict in credit.verdicts]
    if credit.decision is not None:
        said.append(
            problem(
                "",
                "decided by %(who)s: %(why)s",
                who=credit.decision.decided_by or " ".join(sorted(credit.decision.agreed_by)),
                why=credit.decision.reason,
            )
        )
        said += [
            problem(
                "",
                "by the rules it would be %(share)s for %(who)s",
                share=share.share,
                who=share.staff_no or HOUSE,
            )
            for share in credit.by_rule
        ]
    said += [
        problem(
            "",
            "%(who)s has %(share)s: %(amount)s",
            who=share.staff_no or HOUSE,
            share=share.share,
            amount=format_money(share.cents),
        )
        for share in credit.shares
    ]
    if credit.serves is not None:
        said.append(problem("", "%(who)s looks after the client", who=credit.serves))
    said += [
        problem(
            "",
            "booked again within %(minutes)s minutes for another: it was %(who)s's (%(number)s),"
            " which clause 9 calls selling rooms",
            minutes=each.minutes,
            who=each.was_staff_no or HOUSE,
            number=each.was_no,
        )
        for each in (rebooked(deal.night) if deal.booking_no is not None else ())
        if each.booking_no == deal.booking_no
    ]
    if rules_of(session, deal.night).claims:
        said += [
            problem(
                "",
                "%(who)s could claim %(share)s (%(rule)s) until %(until)s",
                who=each.staff_no,
                share=each.share,
                rule=each.rule,
                until=each.until or "∞",
            )
            for each in claimable(session, deal_no)
        ]
    return said


def _verdict(session: Session, verdict: Verdict) -> Problem:
    values = {
        "who": verdict.claim.staff_no,
        "found": verdict.claim.found_on,
        "rule": verdict.rule.code if verdict.rule is not None else HOUSE,
        "clause": verdict.rule.clause if verdict.rule is not None else HOUSE,
        "share": verdict.share,
    }
    match verdict.result:
        case Result.GRANTED:
            if verdict.since is None:
                return problem(
                    "",
                    "%(who)s's claim, found on %(found)s, gains %(share)s by rule %(rule)s, clause"
                    " %(clause)s",
                    **values,
                )
            return problem(
                "",
                "%(who)s's claim, found on %(found)s, gains %(share)s by rule %(rule)s, clause"
                " %(clause)s, from %(kind)s of %(day)s",
                kind=verdict.since.contact_no,
                day=verdict.since.day,
                **values,
            )
        case Result.BEHIND:
            return problem(
                "", "%(who)s's claim, found on %(found)s, stands behind another's", **values
            )
        case Result.TOO_LATE:
            return problem(
                "",
                "%(who)s's claim, found on %(found)s, comes too late for rule %(rule)s, clause"
                " %(clause)s",
                **values,
            )
        case Result.NEXT_MONTH:
            return problem(
                "", "%(who)s's claim, found on %(found)s in another month, is void", **values
            )
        case Result.BETWEEN_THEM:
            return problem(
                "",
                "%(who)s's claim, found on %(found)s, in the month's last days for an earlier day,"
                " changes nothing: the two may agree",
                **values,
            )
        case Result.FINAL:
            return problem(
                "",
                "%(who)s's claim, found on %(found)s, changes nothing: whose it is, is final",
                **values,
            )
        case Result.NOT_EMPLOYED:
            return problem(
                "", "%(who)s's claim, found on %(found)s: they were not employed", **values
            )
        case Result.DISQUALIFIED:
            return problem(
                "",
                "%(who)s's claim, found on %(found)s, is lost by what they did with the client",
                **values,
            )
        case Result.NO_GROUND:
            return problem(
                "", "%(who)s's claim, found on %(found)s, has no ground in the rules", **values
            )


def explain_turn(session: Session, turn_no: str) -> list[Problem]:
    """Why a guest was whose turn. Raises Refused for no such turn."""
    require(session, "house")
    row = execute("SELECT night FROM turns WHERE turn_no = ?", (turn_no,)).fetchone()
    if row is None:
        raise refused("turn_no", "there is no turn %(turn_no)s", turn_no=turn_no)
    night = date.fromisoformat(row[0])
    [judged] = [
        each for each in judged_turns(session, night, night) if each.turn.turn_no == turn_no
    ]
    turn = judged.turn
    said = [
        problem(
            "",
            "%(turn_no)s at %(at)s: given to %(who)s (%(how)s)",
            turn_no=turn_no,
            at=session.calendar.format(turn.at),
            who=turn.staff_no or "office",
            how=turn.how or judged.how,
        )
    ]
    said += [
        problem(
            "",
            "%(who)s was passed over: %(reason)s, %(skip)s",
            who=passed.staff_no,
            reason=passed.reason or HOUSE,
            skip=passed.skip,
        )
        for passed in judged.passed
    ]
    said.append(
        problem("", "it counts as a turn")
        if judged.counted
        else problem("", "it does not count as a turn")
    )
    if not judged.is_right:
        said.append(problem("", "it should have been %(who)s", who=judged.right or "office"))
    return said


def explain_promise(session: Session, month: Month, about: str) -> list[Problem]:
    """What was promised about something in a month, and why it is due when it is. Raises Refused
    where there is nothing of it that whoever is signed in may read about."""
    at = session.calendar.format
    found = [
        each
        for each in promises_between(session, first_night(month), last_night(month))
        if each.about == about
    ]
    found = readable_promises(session, found)
    if not found:
        raise refused("about", "nothing was promised about %(about)s", about=about)
    return [
        problem(
            "",
            "%(code)s: since %(starts)s, due by %(due)s, %(state)s",
            code=each.code,
            starts=at(each.starts_at),
            due=at(each.due_at),
            state=each.state,
        )
        for each in found
    ]
