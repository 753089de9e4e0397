"""Why a sale is whose it is, why a guest was whose turn, and why something is due: sentences, each
a message with its values, to be shown in a reader's language."""

from collections.abc import Callable, Iterator
from datetime import date

from models.access.permissions import require
from models.access.session import Session
from models.ledger.credits import claimable, require_readable_sale, rules_of, sale
from models.ledger.promises import promises_between, readable_promises, whom
from models.ledger.rebookings import rebooked
from models.ledger.turns import judged_turns
from models.rules.guests.credit import CreditDecision, Result, Verdict
from models.rules.guests.promises import Promise
from models.rules.guests.rulebook import Clock
from models.storage.database import execute
from models.values.money import format_money
from models.values.nights import Month, first_night, last_night
from models.values.problems import Problem, problem, refused

HOUSE = "-"
OFFICE = "office"

Who = Callable[[str | None], str]
"""A staffer by number and name; the house where it is nobody."""


def _by_name() -> Who:
    names = dict(execute("SELECT staff_no, name FROM staff").fetchall())
    return lambda staff_no: f"{staff_no} {names.get(staff_no, '')}".strip() if staff_no else HOUSE


def _under(session: Session, night: date) -> dict[str, object]:
    """Which rulebook a night is judged by: its name, and from which night on it is in force."""
    return {"book": session.book(night).name, "since": session.versions.since(night)}


def explain_sale(session: Session, deal_no: str) -> list[Problem]:
    """Whose a sale is and why: by which rule of the rulebook of its night, from which facts, what
    became of each claim, and until when who can still claim. Raises Refused for no such sale, and
    for whoever may not read about it."""
    require(session, "house")
    found = sale(session, deal_no)
    require_readable_sale(session, found)
    deal, _, credit = found
    who = _by_name()
    said = [
        problem(
            "",
            "%(deal_no)s of %(night)s, %(amount)s, under the rulebook %(book)s, in force from"
            " %(since)s",
            deal_no=deal.deal_no,
            night=deal.night,
            amount=format_money(deal.amount),
            **_under(session, deal.night),
        )
    ]
    rule = credit.owned.rule
    said.append(
        problem(
            "",
            "by rule %(rule)s, clause %(clause)s, it is %(who)s's before any claim",
            rule=rule.code,
            clause=rule.clause,
            who=who(credit.owned.staff_no),
        )
        if rule is not None
        else problem(
            "",
            "no rule says otherwise: it is %(who)s's, who closed it",
            who=who(credit.owned.staff_no),
        )
    )
    since = credit.owned.since
    if since is not None:
        said.append(
            problem(
                "",
                "first recorded by %(who)s at %(at)s (%(number)s)",
                who=who(since.staff_no),
                at=session.calendar.format(since.at),
                number=since.contact_no,
            )
        )
    said += [_verdict(verdict, who) for verdict in credit.verdicts]
    if credit.decision is not None:
        said.append(
            problem(
                "",
                "decided by %(who)s: %(why)s",
                who=", ".join(map(who, _deciders(credit.decision))),
                why=credit.decision.reason,
            )
        )
        said += [
            problem(
                "",
                "by the rules it would be %(share)s for %(who)s",
                share=share.share,
                who=who(share.staff_no),
            )
            for share in credit.by_rule
        ]
    said += [
        problem(
            "",
            "%(who)s has %(share)s: %(amount)s",
            who=who(share.staff_no),
            share=share.share,
            amount=format_money(share.cents),
        )
        for share in credit.shares
    ]
    if credit.serves is not None:
        said.append(problem("", "%(who)s looks after the client", who=who(credit.serves)))
    said += [
        problem(
            "",
            "booked again within %(minutes)s minutes for another: it was %(who)s's (%(number)s),"
            " which clause 9 calls selling rooms",
            minutes=each.minutes,
            who=who(each.was_staff_no),
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
                who=who(each.staff_no),
                share=each.share,
                rule=each.rule,
                until=each.until or "∞",
            )
            for each in claimable(session, deal_no)
        ]
    return said


def _verdict(verdict: Verdict, who: Who) -> Problem:
    values = {
        "who": who(verdict.claim.staff_no),
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
    turn, who = judged.turn, _by_name()
    said = [
        problem(
            "",
            "%(turn_no)s at %(at)s: given to %(who)s (%(how)s)",
            turn_no=turn_no,
            at=session.calendar.format(turn.at),
            who=who(turn.staff_no) if turn.staff_no else OFFICE,
            how=turn.how or judged.how,
        )
    ]
    said += [
        problem(
            "",
            "%(who)s was passed over: %(reason)s, %(skip)s",
            who=who(passed.staff_no),
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
        right = OFFICE if judged.right in (None, OFFICE) else who(judged.right)
        said.append(problem("", "it should have been %(who)s", who=right))
    return said


def explain_promise(session: Session, month: Month, about: str) -> list[Problem]:
    """What was promised about something in a month, and why it is due when it is. Raises Refused
    where there is nothing of it that whoever is signed in may read about."""
    found = [
        each
        for each in promises_between(session, first_night(month), last_night(month))
        if each.about == about
    ]
    found = readable_promises(session, found)
    if not found:
        raise refused("about", "nothing was promised about %(about)s", about=about)
    return [said for each in found for said in _promise(session, each)]


def _promise(session: Session, due: Promise) -> Iterator[Problem]:
    """What is due to whom, by which rule, and what became of it."""
    at = session.calendar.format
    night = session.calendar.night(due.starts_at)
    yield problem(
        "",
        "%(promise)s, %(whom)s: since %(starts)s, due by %(due)s, %(state)s",
        promise=due.code,
        whom=whom(due.about),
        starts=at(due.starts_at),
        due=at(due.due_at),
        state=due.state,
    )
    rules = rules_of(session, night).promises
    rule = next((each for each in rules if each.code == due.code), None)
    if rule is not None:
        told: dict[str, object] = {"span": rule.at_most or rule.within, "clause": rule.clause}
        told |= _under(session, night)
        yield (
            problem(
                "",
                "within %(span)s, by clause %(clause)s of the rulebook %(book)s, in force from"
                " %(since)s",
                **told,
            )
            if rule.clock is Clock.NIGHTS
            else problem(
                "",
                "within %(span)s (%(clock)s), by clause %(clause)s of the rulebook %(book)s, in"
                " force from %(since)s",
                clock=rule.clock,
                **told,
            )
        )
    if due.kept_at is not None:
        yield problem("", "done at %(at)s", at=at(due.kept_at))
    elif (level := due.with_whom(session.now())) is not None:
        yield problem("", "it has gone to the %(position)s", position=level)


def _deciders(decision: CreditDecision) -> list[str]:
    return [decision.decided_by] if decision.decided_by else sorted(decision.agreed_by)
