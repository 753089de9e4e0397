"""The judgement: six outcomes, outings, incidents, clock changes, thresholds, versions."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.rules import shipped
from models.rules.absences import RollNight, Threshold, thresholds
from models.rules.charges import ROLL, Outcome, Status
from models.rules.employment import Spell, Staffer
from models.rules.judgement import (
    Attendance,
    Briefing,
    Charge,
    DeskBreach,
    Incident,
    Leave,
    NightFacts,
    Outing,
    briefing_due,
    judge,
)
from models.rules.rulebook import Origin, Rule, Rulebook, RuleKind, Separation, Window
from models.rules.versions import Versions
from models.values.nights import Calendar, Instant

NIGHT = date(2026, 9, 2)
BOOK = shipped.load("nightlife")
CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), [(date.min, time(12))])
HIRED = date(2026, 1, 1)
WAGE_DAYS = 160_000  # 4 days of 8,700 at 21.75 days a month


def at(clock: str, night: date = NIGHT, calendar: Calendar = CALENDAR) -> Instant:
    return calendar.at(night, time.fromisoformat(clock))


def staffer(
    staff_no: str = "A1",
    *,
    on_roll: bool = True,
    hired_on: date = HIRED,
    left_on: date | None = None,
    wages: tuple[tuple[date, int], ...] = ((HIRED, 870_000),),
) -> dict[str, Staffer]:
    return {staff_no: Staffer(staff_no, on_roll, hired_on, left_on, wages)}


def outcome_of(
    signs: Attendance = (None, None),
    closed_at: Instant | None = None,
    *,
    night_closed: bool = False,
    room: bool = False,
    leave: tuple[Leave, ...] = (),
    now: Instant | None = None,
    book: Rulebook = BOOK,
    roster: dict[str, Staffer] | None = None,
) -> tuple[Outcome | None, list[tuple[str, int]]]:
    """A1's outcome, and what the roll charges them; asked at 23:00 unless said otherwise."""
    facts = NightFacts(
        NIGHT,
        Briefing(closed_at, night_closed),
        attendance={"A1": signs},
        leave={"A1": leave},
        rooms={"A1"} if room else frozenset(),
    )
    now = at("23:00") if now is None else now
    judged = judge(facts, staffer() if roster is None else roster, book, CALENDAR, now)
    return judged.outcomes.get("A1"), [(charge.rule, charge.amount) for charge in judged.charges]


LATE = (Outcome.LATE, [("late", 3000)])
MISSED = (Outcome.MISSED, [("missed_briefing", 5000)])
ABSENT = (Outcome.ABSENT, [("absence", WAGE_DAYS)])
PENDING = (Outcome.PENDING, [])
PRESENT = (Outcome.PRESENT, [])
MADE_UP = (Outcome.MADE_UP, [])
REST = (Outcome.REST, [])


def test_present_up_to_the_last_second_and_the_grace() -> None:
    due = at("19:30")
    assert outcome_of((due, None)) == PRESENT
    assert outcome_of((due + 1, None)) == LATE
    kind = BOOK._replace(grace_minutes=5)
    assert briefing_due(NIGHT, kind, CALENDAR) == at("19:35")
    assert outcome_of((at("19:35"), None), book=kind) == PRESENT
    assert outcome_of((at("19:35") + 1, None), book=kind) == LATE


def test_late_until_the_closing_or_all_night_while_it_is_open() -> None:
    closed = at("20:00")
    assert outcome_of((closed, None), closed) == LATE
    assert outcome_of((closed + 1, None), closed) == MISSED
    assert outcome_of((at("03:00"), None)) == LATE


def test_closing_before_it_was_due_makes_nobody_late_who_came_in_time() -> None:
    assert outcome_of((at("19:25"), None), at("19:20")) == PRESENT
    assert outcome_of((at("19:31"), None), at("19:20")) == MISSED


@pytest.mark.parametrize("closed", [None, at("20:00")])
def test_a_room_bears_a_make_up_sign_out_and_excuses_lateness(closed: Instant | None) -> None:
    for arrived in (None, at("19:45"), at("22:00")):
        assert outcome_of((arrived, at("22:30")), closed, room=True) == MADE_UP
    assert outcome_of((at("22:00"), None), closed, room=True)[0] is not Outcome.MADE_UP


def test_a_make_up_sign_that_no_room_bears_out() -> None:
    closed = at("20:00")
    assert outcome_of((None, at("19:00")), closed) == MISSED
    assert outcome_of((at("19:45"), at("22:00")), closed) == LATE
    assert outcome_of((at("21:45"), at("22:00")), closed) == MISSED
    assert outcome_of((at("19:15"), at("22:00")), closed) == PRESENT


def test_no_sign_is_pending_until_the_night_is_over_or_closed() -> None:
    end, closed = CALENDAR.end(NIGHT), at("20:00")
    assert outcome_of(closed_at=closed, now=end - 1) == PENDING
    assert outcome_of(closed_at=closed, now=end) == ABSENT
    assert outcome_of(night_closed=True) == ABSENT
    assert outcome_of(closed_at=closed, room=True, now=end) == ABSENT


def test_nobody_is_absent_from_a_roll_that_nobody_ended() -> None:
    for later in (CALENDAR.end(NIGHT), CALENDAR.end(date(2027, 9, 2))):
        assert outcome_of(now=later) == PENDING
        assert outcome_of((at("19:45"), None), now=later) == LATE


def test_leave_in_time_is_rest_whoever_comes_and_whenever() -> None:
    granted = (Leave("L1", date(2026, 9, 1), False),)
    for signs in ((None, None), (at("23:00"), None), (None, at("23:00"))):
        assert outcome_of(signs, leave=granted, now=CALENDAR.end(NIGHT)) == REST


def test_leave_of_three_nights_filed_on_its_first_is_late_for_that_alone() -> None:
    filed = (Leave("L1", NIGHT, False),)
    for after, expected in ((0, Outcome.ABSENT), (1, Outcome.REST), (2, Outcome.REST)):
        night = NIGHT + timedelta(days=after)
        facts = NightFacts(night, Briefing(at("20:00", night), False), leave={"A1": filed})
        judged = judge(facts, staffer(), BOOK, CALENDAR, CALENDAR.end(night))
        assert judged.outcomes["A1"] is expected
        assert bool(judged.charges) is (after == 0)


def test_notice_special_reasons_and_second_leaves() -> None:
    over, closed = CALENDAR.end(NIGHT), at("20:00")
    late = Leave("L1", NIGHT, False)
    assert outcome_of(leave=(late,), closed_at=closed, now=over) == ABSENT
    assert outcome_of(leave=(late._replace(special=True),), closed_at=closed, now=over) == REST
    assert (
        outcome_of(leave=(late, Leave("L2", date(2026, 9, 1), False)), closed_at=closed, now=over)
        == REST
    )
    assert (
        outcome_of(leave=(late,), closed_at=closed, now=over, book=BOOK._replace(notice_nights=0))
        == REST
    )
    two = BOOK._replace(notice_nights=2)
    assert (
        outcome_of(
            leave=(Leave("L1", date(2026, 9, 1), False),), closed_at=closed, now=over, book=two
        )
        == ABSENT
    )
    after = Leave("L1", NIGHT + timedelta(days=5), True)
    assert outcome_of(leave=(after,), closed_at=closed, now=over) == REST


def test_whoever_asked_too_late_but_came_is_judged_as_anyone() -> None:
    late = (Leave("L1", NIGHT, False),)
    assert outcome_of((at("19:00"), None), leave=late) == PRESENT
    assert outcome_of((at("19:45"), None), leave=late) == LATE


@pytest.mark.parametrize(
    "roster",
    [
        staffer(on_roll=False),
        staffer(hired_on=NIGHT + timedelta(days=1)),
        staffer(left_on=NIGHT - timedelta(days=1)),
    ],
)
def test_who_is_not_on_the_roll_has_no_outcome(roster: dict[str, Staffer]) -> None:
    assert outcome_of((at("20:00"), None), roster=roster) == (None, [])


def test_the_first_and_the_last_day_are_on_the_roll() -> None:
    for roster in (staffer(hired_on=NIGHT), staffer(left_on=NIGHT)):
        assert outcome_of((at("19:45"), None), roster=roster) == LATE


BEFORE, AFTER = NIGHT - timedelta(days=1), NIGHT + timedelta(days=1)


@pytest.mark.parametrize(
    ("hired_on", "left_on", "rehires", "called"),
    [
        (HIRED, BEFORE, (Spell(AFTER),), False),
        (HIRED, BEFORE, (Spell(NIGHT),), True),
        (HIRED, BEFORE, (Spell(NIGHT, NIGHT),), True),
        (HIRED, BEFORE - timedelta(days=1), (Spell(BEFORE, BEFORE), Spell(AFTER)), False),
        (NIGHT, NIGHT, (Spell(AFTER),), True),
        (AFTER, AFTER, (Spell(AFTER + timedelta(days=1)),), False),
        (HIRED, NIGHT, (Spell(AFTER),), True),
    ],
)
def test_who_was_hired_again_is_called_and_charged_while_they_work(
    hired_on: date, left_on: date, rehires: tuple[Spell, ...], called: bool
) -> None:
    who = Staffer("A1", True, hired_on, left_on, ((HIRED, 870_000),), rehires)
    assert outcome_of((at("19:45"), None), roster={"A1": who}) == (LATE if called else (None, []))
    facts = NightFacts(NIGHT, outings=(Outing("S1", "A1", at("21:00"), None, "none"),))
    assert bool(fines(facts, {"A1": who})) is called


@pytest.mark.parametrize(
    ("on_roll", "duties", "called"),
    [
        (True, ((NIGHT, False),), False),
        (False, ((NIGHT, True),), True),
        (True, ((AFTER, False),), True),
        (False, ((AFTER, True),), False),
        (True, ((BEFORE, False), (NIGHT, True)), True),
    ],
)
def test_who_is_posted_elsewhere_is_called_from_that_night_on_or_no_more(
    on_roll: bool, duties: tuple[tuple[date, bool], ...], called: bool
) -> None:
    who = Staffer("A1", on_roll, HIRED, None, ((HIRED, 870_000),), (), duties)
    assert outcome_of((at("19:45"), None), roster={"A1": who}) == (LATE if called else (None, []))
    gone = who._replace(left_on=BEFORE)
    assert outcome_of((at("19:45"), None), roster={"A1": gone}) == (None, [])


def test_a_night_that_was_closed_has_ended_its_roll() -> None:
    for briefing, ended in (
        (Briefing(None, False), False),
        (Briefing(None, True), True),
        (Briefing(at("20:00"), False), True),
    ):
        assert briefing.ended is ended


def test_without_a_briefing_nobody_is_on_the_roll() -> None:
    facts = NightFacts(NIGHT, attendance={"A1": (at("22:00"), None)})
    judged = judge(facts, staffer(), BOOK, CALENDAR, CALENDAR.end(NIGHT))
    assert (judged.outcomes, judged.charges) == ({}, ())


def test_an_absence_costs_by_the_wage_in_force_that_night() -> None:
    changes = ((HIRED, 100_000), (NIGHT, 870_000), (NIGHT + timedelta(days=1), 200_000))
    assert outcome_of(night_closed=True, roster=staffer(wages=changes)) == ABSENT
    assert Staffer("A1", True, HIRED, None, changes).wage(date(2020, 1, 1)) == 100_000


def test_a_rulebook_that_fines_nothing_charges_nothing() -> None:
    silent = BOOK._replace(rules=())
    assert outcome_of((at("19:45"), None), book=silent) == (Outcome.LATE, [])
    assert outcome_of(night_closed=True, book=silent) == (Outcome.ABSENT, [])


def without(*codes: str, **changed: Rule) -> Rulebook:
    """The book without some rules, and with others changed."""
    rules = (changed.get(rule.code, rule) for rule in BOOK.rules if rule.code not in codes)
    return BOOK._replace(rules=tuple(rules))


def rule_of(code: str, **changes: object) -> Rule:
    return next(rule for rule in BOOK.rules if rule.code == code)._replace(**changes)


def test_a_rule_without_an_amount_is_charged_with_nothing() -> None:
    """Not with a cent, and not with an amount that no database could sum."""
    free = without(late=rule_of("late", amount=None), left_post=rule_of("left_post", amount=None))
    assert outcome_of((at("19:45"), None), book=free) == (Outcome.LATE, [("late", 0)])
    facts = NightFacts(NIGHT, outings=(Outing("S1", "A1", at("21:00"), None, "none"),))
    [charge] = judge(facts, staffer(), free, CALENDAR, at("23:00")).charges
    assert charge.amount == 0


def test_an_absence_of_a_fixed_amount_names_no_days() -> None:
    fixed = without(absence=rule_of("absence", kind=RuleKind.FIXED, amount=5000, days=None))
    facts = NightFacts(NIGHT, Briefing(None, True))
    [charge] = judge(facts, staffer(), fixed, CALENDAR, at("23:00")).charges
    assert (charge.amount, charge.basis) == (5000, ("absent", 870_000, None, "21.75"))


def test_what_the_rulebook_has_no_rule_for_is_not_charged() -> None:
    facts = NightFacts(
        NIGHT,
        outings=(Outing("S1", "A1", at("21:00"), None, "none"),),
        incidents=(Incident("I1", "A1", at("22:00"), "fighting", 80_000, None),),
    )
    silent = without("left_post", "fighting")
    assert judge(facts, staffer(), silent, CALENDAR, at("23:00")).charges == ()


def test_an_absence_says_which_leave_came_too_late() -> None:
    """Of several the one that was filed last, by its number where they were filed together."""
    wage = (870_000, "4", "21.75")
    for granted, basis in (
        ((), ("absent", *wage)),
        ((("L1", NIGHT),), ("late_leave", *wage, "L1", "2026-09-02")),
        (
            (("L1", NIGHT), ("L2", NIGHT + timedelta(days=1))),
            ("late_leave", *wage, "L2", "2026-09-03"),
        ),
        ((("L2", NIGHT), ("L1", NIGHT)), ("late_leave", *wage, "L2", "2026-09-02")),
    ):
        facts = NightFacts(
            NIGHT,
            Briefing(None, True),
            leave={"A1": [Leave(number, filed, False) for number, filed in granted]},
        )
        [charge] = judge(facts, staffer(), BOOK, CALENDAR, at("23:00")).charges
        assert charge.basis == basis


# ------------------------------------------------------------------ outings and incidents


def fines(facts: NightFacts, roster: dict[str, Staffer] | None = None) -> tuple[Charge, ...]:
    return judge(facts, roster or staffer(), BOOK, CALENDAR, at("23:00")).charges


def test_going_out_without_a_slip_approved_by_then() -> None:
    out_at = at("21:00")
    for approved_at, status, fined in (
        (out_at, "approved", False),
        (out_at - 1, "approved", False),
        (out_at + 1, "approved", True),
        (None, "requested", True),
        (None, "rejected", True),
        (None, "withdrawn", True),
        (None, "none", True),
    ):
        facts = NightFacts(NIGHT, outings=(Outing("S1", "A1", out_at, approved_at, status),))
        assert [(c.rule, c.source, c.amount) for c in fines(facts)] == (
            [("left_post", "outing:S1", 10_000)] if fined else []
        )


def test_two_outings_are_two_charges() -> None:
    both = tuple(Outing(f"S{n}", "A1", at("21:00"), None, "none") for n in (2, 1))
    assert [c.source for c in fines(NightFacts(NIGHT, outings=both))] == ["outing:S1", "outing:S2"]


def test_incidents_charge_what_their_rule_says() -> None:
    raised = (
        Incident("I1", "A1", at("22:00"), "fighting", 80_000, "a bottle"),
        Incident("I2", "A1", at("22:00"), "service_complaint", None, None),
        Incident("I3", "A1", at("22:00"), "drugs", None, None),
        Incident("I4", "A1", at("22:00"), "booking_fraud", None, None),
    )
    assert {c.source: c.amount for c in fines(NightFacts(NIGHT, incidents=raised))} == {
        "incident:I1": 80_000,
        "incident:I2": 10_000,
        "incident:I3": 0,
        "incident:I4": 0,
    }


CLUB = shipped.load("club")


def test_the_desk_is_charged_by_rules_that_say_so_and_while_they_work() -> None:
    """A rule may be dropped while what it was about is still on record."""
    [desk, *_] = [rule for rule in CLUB.rules if Origin.DESK in rule.origins]
    free = CLUB._replace(rules=(desk._replace(amount=None),))
    breaches = (
        DeskBreach("A1", desk.code, "turn:T2", ("passed", 2)),
        DeskBreach("A1", desk.code, "turn:T1", ("passed", 1)),
    )
    facts = NightFacts(NIGHT, desk=breaches)

    def charged(book: Rulebook, roster: dict[str, Staffer]) -> list[tuple[str, str, int]]:
        judged = judge(facts, roster, book, CALENDAR, at("23:00"))
        return [(each.rule, each.source, each.amount) for each in judged.charges]

    assert desk.amount
    assert charged(CLUB, staffer()) == [
        (desk.code, "turn:T1", desk.amount),
        (desk.code, "turn:T2", desk.amount),
    ]
    assert charged(free, staffer()) == [(desk.code, f"turn:T{n}", 0) for n in (1, 2)]
    assert charged(CLUB._replace(rules=()), staffer()) == []
    by_hand = CLUB._replace(rules=(desk._replace(origins=frozenset({Origin.INCIDENT})),))
    assert charged(by_hand, staffer()) == []
    assert charged(CLUB, staffer(left_on=BEFORE)) == []
    judged = judge(facts, staffer(), CLUB, CALENDAR, at("23:00"))
    assert judged.charges[0].basis == ("passed", 1)
    assert judged.charges[0].key == ("A1", NIGHT, desk.code, "turn:T1")


def test_after_leaving_nothing_is_charged() -> None:
    facts = NightFacts(
        NIGHT,
        outings=(Outing("S1", "A1", at("21:00"), None, "none"),),
        incidents=(Incident("I1", "A1", at("22:00"), "service_complaint", None, None),),
    )
    assert fines(facts, staffer(left_on=NIGHT - timedelta(days=1))) == ()
    assert len(fines(facts, staffer(left_on=NIGHT, on_roll=False))) == 2


def test_a_waiver_waives_its_own_charge_and_nothing_else() -> None:
    outings = tuple(Outing(f"S{n}", "A1", at("21:00"), None, "none") for n in (1, 2))
    waived = {("A1", NIGHT, "left_post", "outing:S2"), ("A1", NIGHT, "late", ROLL)}
    charged = fines(NightFacts(NIGHT, outings=outings, waivers=waived))
    assert [c.status for c in charged] == [Status.STANDING, Status.WAIVED]


def test_half_past_one_on_the_first_is_judged_by_the_night_before() -> None:
    night = date(2026, 11, 30)
    out_at = CALENDAR.parse("2026-12-01T01:30")
    assert CALENDAR.night(out_at) == night
    facts = NightFacts(night, outings=(Outing("S1", "A1", out_at, None, "none"),))
    [charge] = fines(facts)
    assert charge.night == night


# ------------------------------------------------------------------ clock changes

LONDON = Calendar(ZoneInfo("Europe/London"), [(date.min, time(12))])


@pytest.mark.parametrize("night", [date(2026, 3, 28), date(2026, 10, 24)])
def test_a_night_that_the_clocks_change_in_is_over_at_noon(night: date) -> None:
    facts = NightFacts(night, Briefing(at("20:00", night, LONDON), False))
    end = LONDON.parse(f"{night + timedelta(days=1)}T12:00")
    for now, expected in ((end - 1, Outcome.PENDING), (end, Outcome.ABSENT)):
        assert judge(facts, staffer(), BOOK, LONDON, now).outcomes["A1"] is expected


def test_a_briefing_in_the_hour_that_comes_twice() -> None:
    """At 01:30 of the night of 24 October, which London's clocks show twice."""
    night = date(2026, 10, 24)
    book = BOOK._replace(briefing=time(1, 30))
    first, second = (LONDON.parse(f"2026-10-25T01:30{offset}") for offset in ("", "+00:00"))
    assert briefing_due(night, book, LONDON) == first
    for arrived, expected in (
        (first, Outcome.PRESENT),
        (second - 1800, Outcome.LATE),
        (second, Outcome.LATE),
    ):
        facts = NightFacts(night, Briefing(None, False), attendance={"A1": (arrived, None)})
        assert judge(facts, staffer(), book, LONDON, arrived).outcomes["A1"] is expected


def test_a_briefing_in_the_hour_that_is_skipped() -> None:
    night = date(2026, 3, 28)
    book = BOOK._replace(briefing=time(1, 30))
    assert briefing_due(night, book, LONDON) == LONDON.parse("2026-03-29T02:30")


# ------------------------------------------------------------------ thresholds

A, W, R, P, N = "a", "w", "r", "p", "n"  # absent, waived, rest, present, pending
OUTCOMES = {
    A: (Outcome.ABSENT, False),
    W: (Outcome.ABSENT, True),
    R: (Outcome.REST, False),
    P: (Outcome.PRESENT, False),
    N: (Outcome.PENDING, False),
}


def reached(nights: str, within: Window, first: date = NIGHT) -> list[tuple[int, str]]:
    """On which of the nights, counted from 0, three absences come together, and in which window."""
    rows = (
        RollNight(first + timedelta(days=day), *OUTCOMES[night]) for day, night in enumerate(nights)
    )
    return [
        ((threshold.night - first).days, threshold.window)
        for threshold in thresholds(rows, Separation(3, within))
    ]


def test_three_absences_in_one_month() -> None:
    assert reached("apapa", Window.MONTH) == [(4, "2026-09")]
    assert reached("aaaaaa", Window.MONTH) == [(2, "2026-09")]
    assert reached("awapwa", Window.MONTH) == [(5, "2026-09")]
    assert reached("aa", Window.MONTH) == []


def test_a_new_month_counts_anew() -> None:
    last = date(2026, 9, 29)
    assert reached("aaaaa", Window.MONTH, last) == [(4, "2026-10")]
    assert reached("aaaa", Window.MONTH, last) == []


def test_absences_in_a_row() -> None:
    assert reached("aaa", Window.CONSECUTIVE) == [(2, "2026-09-02")]
    assert reached("ararna", Window.CONSECUTIVE) == [(5, "2026-09-02")]
    assert reached("aapa", Window.CONSECUTIVE) == []
    assert reached("aaaapaaa", Window.CONSECUTIVE) == [(2, "2026-09-02"), (7, "2026-09-07")]
    assert reached("aawaaa", Window.CONSECUTIVE) == [(5, "2026-09-05")]
    assert reached("aaa", Window.CONSECUTIVE, date(2026, 9, 29)) == [(2, "2026-09-29")]


def test_absences_ever() -> None:
    assert reached("apawra", Window.EVER) == [(5, "ever")]
    assert reached("aaa", Window.EVER, date(2026, 9, 29)) == [(2, "ever")]
    assert reached("aaaaaaa", Window.EVER) == [(2, "ever")]


def test_no_separation_no_threshold() -> None:
    assert thresholds([RollNight(NIGHT, Outcome.ABSENT, False)] * 9, None) == []
    one = thresholds([RollNight(NIGHT, Outcome.ABSENT, False)], Separation(1, Window.MONTH))
    assert one == [Threshold(NIGHT, "2026-09")]


# ------------------------------------------------------------------ versions


def test_each_night_keeps_the_rulebook_that_was_in_force() -> None:
    second = BOOK._replace(name="second")
    versions = Versions([(date(2026, 9, 10), second), (date.min, BOOK)])
    assert versions.in_force(date(2026, 9, 9)) is BOOK
    assert versions.in_force(date(2026, 9, 10)) is second
    assert versions.between(date(2026, 9, 1), date(2026, 9, 9)) == [BOOK]
    assert versions.between(date(2026, 9, 1), date(2026, 9, 10)) == [BOOK, second]
    assert versions.between(date(2026, 9, 10), date(2026, 9, 30)) == [second]
    assert Versions([(NIGHT, BOOK)]).in_force(date(2020, 1, 1)) is BOOK
