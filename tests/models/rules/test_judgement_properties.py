"""What holds of the judgement whatever the facts."""

from datetime import date
from decimal import Decimal
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from models.rules.charges import ROLL, ChargeKey, Outcome, Status
from models.rules.employment import Staffer
from models.rules.judgement import Briefing, Charge, Incident, Leave, NightFacts, Outing, judge
from models.rules.rulebook import Rulebook
from models.values.nights import Instant
from tests.models.rules.test_judgement import BOOK, CALENDAR, HIRED, NIGHT, staffer

START, END = CALENDAR.start(NIGHT), CALENDAR.end(NIGHT)
NUMBERS = ("A1", "A2", "A3")
IN_NIGHT = st.integers(START, END - 1)
MAYBE = st.one_of(st.none(), IN_NIGHT)
WAGES = st.lists(st.tuples(st.dates(HIRED, date(2026, 12, 31)), st.integers(0, 10**7)), max_size=3)


@st.composite
def rosters(draw: st.DrawFn) -> dict[str, Staffer]:
    roster: dict[str, Staffer] = {}
    for number in NUMBERS:
        wages = sorted(draw(WAGES))
        left_on = draw(st.one_of(st.none(), st.sampled_from([HIRED, NIGHT, date(2026, 12, 1)])))
        hired_on = draw(st.sampled_from([HIRED, NIGHT]))
        if left_on is not None and left_on < hired_on:
            left_on = hired_on
        roster |= staffer(
            number,
            on_roll=draw(st.booleans()),
            hired_on=hired_on,
            left_on=left_on,
            wages=((hired_on, draw(st.integers(0, 10**7))), *wages),
        )
    return roster


def keyed(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


@st.composite
def nights(draw: st.DrawFn) -> NightFacts:
    numbers = st.sampled_from(NUMBERS)
    leave = st.lists(
        st.builds(
            Leave,
            st.sampled_from(["L1", "L2", "L3"]),
            st.dates(date(2026, 8, 30), date(2026, 9, 5)),
            st.booleans(),
        ),
        max_size=2,
    )
    outings = [
        Outing(slip_no, draw(numbers), draw(IN_NIGHT), approved_at, status)
        for slip_no in keyed("S", draw(st.integers(0, 4)))
        for approved_at in [draw(MAYBE)]
        for status in ["none" if approved_at is None else "approved"]
    ]
    rules = st.sampled_from(["left_post", "service_complaint", "drugs", "booking_fraud"])
    incidents = [
        Incident(incident_no, draw(numbers), draw(IN_NIGHT), draw(rules), None, None)
        for incident_no in keyed("I", draw(st.integers(0, 4)))
    ]
    sources = [ROLL, *keyed("outing:S", 4), *keyed("incident:I", 4)]
    charges = st.sampled_from(
        [(*key[:1], NIGHT, *key[1:]) for key in product(NUMBERS, ("late", "left_post"), sources)]
    )
    return NightFacts(
        NIGHT,
        draw(st.one_of(st.none(), st.builds(Briefing, MAYBE, st.booleans()))),
        draw(st.dictionaries(numbers, st.tuples(MAYBE, MAYBE))),
        draw(st.dictionaries(numbers, leave)),
        draw(st.frozensets(numbers)),
        tuple(outings),
        tuple(incidents),
        draw(st.frozensets(charges, max_size=6)),
    )


BOOKS = st.builds(
    BOOK._replace,
    grace_minutes=st.integers(0, 60),
    notice_nights=st.integers(0, 3),
    wage_days_divisor=st.sampled_from([Decimal("21.75"), Decimal(30)]),
)
NOWS = st.integers(START, END + 3600)


def keys(charges: tuple[Charge, ...]) -> set[ChargeKey]:
    return {charge.key for charge in charges}


@given(st.data(), nights(), rosters(), BOOKS, NOWS)
def test_the_order_of_the_facts_makes_no_difference(
    data: st.DataObject,
    facts: NightFacts,
    roster: dict[str, Staffer],
    book: Rulebook,
    now: Instant,
) -> None:
    def shuffled(values: object) -> list[object]:
        return data.draw(st.permutations(list(values)))  # type: ignore[call-overload]

    other = facts._replace(
        attendance=dict(shuffled(facts.attendance.items())),
        leave={number: shuffled(granted) for number, granted in shuffled(facts.leave.items())},
        outings=shuffled(facts.outings),
        incidents=shuffled(facts.incidents),
    )
    people = dict(shuffled(roster.items()))
    assert judge(facts, roster, book, CALENDAR, now) == judge(other, people, book, CALENDAR, now)


@given(nights(), rosters(), BOOKS, NOWS)
def test_judging_again_gives_the_same_and_every_charge_once(
    facts: NightFacts, roster: dict[str, Staffer], book: Rulebook, now: Instant
) -> None:
    judged = judge(facts, roster, book, CALENDAR, now)
    assert judge(facts, roster, book, CALENDAR, now) == judged
    assert len(keys(judged.charges)) == len(judged.charges)
    assert list(judged.charges) == sorted(judged.charges, key=lambda charge: charge.key)
    assert all(charge.amount >= 0 for charge in judged.charges)


@given(nights(), rosters(), BOOKS, NOWS)
def test_each_staffer_is_judged_by_their_own_facts(
    facts: NightFacts, roster: dict[str, Staffer], book: Rulebook, now: Instant
) -> None:
    whole = judge(facts, roster, book, CALENDAR, now)
    apart: list[Charge] = []
    for number, person in roster.items():
        own = facts._replace(
            outings=[each for each in facts.outings if each.staff_no == number],
            incidents=[each for each in facts.incidents if each.staff_no == number],
        )
        alone = judge(own, {number: person}, book, CALENDAR, now)
        assert alone.outcomes.get(number) == whole.outcomes.get(number)
        apart += alone.charges
    assert sorted(apart, key=lambda charge: charge.key) == list(whole.charges)


@given(nights(), rosters(), BOOKS, NOWS)
def test_taking_a_fact_back_takes_its_charge_back_and_no_other(
    facts: NightFacts, roster: dict[str, Staffer], book: Rulebook, now: Instant
) -> None:
    charged = judge(facts, roster, book, CALENDAR, now).charges
    for outing in facts.outings:
        rest = facts._replace(outings=[each for each in facts.outings if each != outing])
        left = judge(rest, roster, book, CALENDAR, now).charges
        assert list(left) == [c for c in charged if c.source != f"outing:{outing.slip_no}"]
    for incident in facts.incidents:
        rest = facts._replace(incidents=[each for each in facts.incidents if each != incident])
        left = judge(rest, roster, book, CALENDAR, now).charges
        assert list(left) == [c for c in charged if c.source != f"incident:{incident.incident_no}"]
    for number in facts.attendance:
        rest = facts._replace(
            attendance={who: s for who, s in facts.attendance.items() if who != number}
        )
        left = judge(rest, roster, book, CALENDAR, now).charges
        unsigned = {c for c in left if (c.staff_no, c.source) == (number, ROLL)}
        assert {c.rule for c in unsigned} <= {"absence"}
        assert [c for c in left if c not in unsigned] == [
            c for c in charged if (c.staff_no, c.source) != (number, ROLL)
        ]
    without = judge(facts._replace(briefing=None), roster, book, CALENDAR, now)
    assert without.outcomes == {}
    assert list(without.charges) == [c for c in charged if c.source != ROLL]


@given(nights(), rosters(), BOOKS, NOWS)
def test_a_waiver_changes_the_status_and_nothing_else(
    facts: NightFacts, roster: dict[str, Staffer], book: Rulebook, now: Instant
) -> None:
    charged = judge(facts, roster, book, CALENDAR, now).charges
    unwaived = judge(facts._replace(waivers=frozenset()), roster, book, CALENDAR, now).charges
    assert [c._replace(status=Status.STANDING) for c in charged] == list(unwaived)
    assert {c.key for c in charged if c.status is Status.WAIVED} == set(facts.waivers) & keys(
        unwaived
    )


@given(nights(), rosters(), BOOKS, NOWS)
def test_on_the_roll_is_who_has_one_outcome_and_at_most_one_charge_from_it(
    facts: NightFacts, roster: dict[str, Staffer], book: Rulebook, now: Instant
) -> None:
    judged = judge(facts, roster, book, CALENDAR, now)
    called = {number for number, each in roster.items() if each.on_roll and each.employed(NIGHT)}
    assert set(judged.outcomes) == (called if facts.briefing is not None else set())
    fined = {
        Outcome.LATE: "late",
        Outcome.MISSED: "missed_briefing",
        Outcome.ABSENT: "absence",
    }
    assert {(c.staff_no, c.rule) for c in judged.charges if c.source == ROLL} == {
        (number, fined[outcome]) for number, outcome in judged.outcomes.items() if outcome in fined
    }


@given(nights(), rosters(), BOOKS, NOWS, NOWS)
def test_time_alone_only_turns_the_pending_into_absences(
    facts: NightFacts,
    roster: dict[str, Staffer],
    book: Rulebook,
    now: Instant,
    then: Instant,
) -> None:
    sooner, later = (
        judge(facts, roster, book, CALENDAR, instant) for instant in sorted((now, then))
    )
    for number, outcome in sooner.outcomes.items():
        changed = later.outcomes[number]
        assert changed == outcome or (outcome, changed) == (Outcome.PENDING, Outcome.ABSENT)
    assert keys(sooner.charges) <= keys(later.charges)
