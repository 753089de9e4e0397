"""What is due and by when: the worked examples, by number. Service lasts from 19:30 to 02:00."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from models.rules.guests.promises import Case, Service, State, by_due, promises, told
from models.rules.guests.rulebook import Clock, PromiseRule, Span
from models.values.nights import Calendar, Instant
from tests.models.rules.guests.scene import YEAR, calendar, guest_rules, night

CALENDAR = calendar("nightlife")


def at(text: str) -> Instant:
    """`11-10 23:30` as an instant."""
    return CALENDAR.parse(f"{YEAR}-{text.replace(' ', 'T')}")


def hours(night: date) -> tuple[Instant, Instant]:
    return CALENDAR.at(night, time(19, 30)), CALENDAR.at(night, time(2))


def service(*nights: str) -> Service:
    return Service(CALENDAR, hours, [night(each) for each in nights])


H, MIN = 3600, 60
DUE = {
    "D1": ("11-10 23:30", Span(2 * H), Clock.SERVICE, "11-11 01:30"),
    "D2": ("11-11 01:15", Span(2 * H), Clock.SERVICE, "11-11 20:45"),
    "D3": ("11-11 01:15", Span(2 * H), Clock.WALL, "11-11 03:15"),
    "D4": ("11-10 15:00", Span(2 * H), Clock.SERVICE, "11-10 21:30"),
    "D5": ("11-10 23:30", Span(24 * H), Clock.WALL, "11-11 23:30"),
    "D6": ("11-11 00:40", Span(nights=1), Clock.NIGHTS, "11-12 02:00"),
    "D7": ("11-10 23:30", Span(nights=3), Clock.NIGHTS, "11-14 02:00"),
    "D8": ("11-10 23:30", Span(nights=5), Clock.NIGHTS, "11-16 02:00"),
    "D9": ("11-10 23:30", Span(nights=7), Clock.NIGHTS, "11-18 02:00"),
    "D10": ("11-10 20:00", Span(15 * MIN), Clock.SERVICE, "11-10 20:15"),
    "to the last minute of a night": ("11-11 00:00", Span(2 * H), Clock.SERVICE, "11-11 02:00"),
    "after the night": ("11-11 03:00", Span(2 * H), Clock.SERVICE, "11-11 21:30"),
    "a month": ("10-31 23:30", Span(months=1), Clock.WALL, "12-01 02:00"),
}


@pytest.mark.parametrize("number", DUE)
def test_due(number: str) -> None:
    start, span, clock, due = DUE[number]
    assert CALENDAR.format(service().due(at(start), span, clock)) == CALENDAR.format(at(due))


def test_closed_nights_dont_count() -> None:
    shut = service("11-10", "11-13")
    assert shut.due(at("11-10 23:30"), Span(nights=1), Clock.NIGHTS) == at("11-14 02:00")
    assert shut.due(at("11-11 01:15"), Span(2 * H), Clock.SERVICE) == at("11-13 20:45")
    between = service("11-10", "11-12", "11-14")
    assert [between.open_on(night(f"11-{day:02}")) for day in range(9, 16)] == [
        True, True, False, True, False, True, True,
    ]  # fmt: skip
    assert service().open_on(night("11-10"))


def rule(code: str) -> PromiseRule:
    return next(each for each in guest_rules("nightlife").promises if each.code == code)


@pytest.mark.parametrize(
    ("acts", "now", "state"),
    [
        ([], "11-11 01:30", State.OPEN),
        ([], "11-11 01:31", State.OVERDUE),
        (["11-11 01:30"], "11-12 12:00", State.KEPT),
        (["11-11 01:31"], "11-12 12:00", State.LATE),
        (["11-11 01:31"], "11-11 00:00", State.OPEN),
        (["11-10 23:30"], "11-11 00:00", State.KEPT),
        (["11-11 00:30"], "11-11 00:30", State.KEPT),
        (["11-10 22:00"], "11-11 00:00", State.OPEN),
    ],
)
def test_state(acts: list[str], now: str, state: State) -> None:
    case = Case("C1", at("11-10 23:30"), acts=tuple(map(at, acts)))
    [promise] = promises(rule("complaint_answered"), [case], service(), at(now))
    assert promise.state is state
    assert promise.due_at == at("11-11 01:30")


def test_escalates_at_half_time_and_at_the_end() -> None:
    case = Case("C1", at("11-10 20:00"))
    [promise] = promises(rule("complaint_answered"), [case], service(), at("11-10 20:30"))
    levels = [promise.with_whom(at(now)) for now in ("11-10 20:59", "11-10 21:00", "11-10 22:00")]
    assert levels == [None, "supervisor", "director"]
    alone = promise._replace(escalate=("director",))
    assert [alone.with_whom(at(now)) for now in ("11-10 21:00", "11-10 22:00")] == [
        None, "director"
    ]  # fmt: skip
    assert promise._replace(escalate=()).with_whom(at("11-10 22:00")) is None


def test_half_of_some_nights_is_half_of_the_time_until_they_are_over() -> None:
    case = Case("C1", at("11-10 22:00"), frozenset({"complex"}))
    [promise] = promises(rule("complex_solved"), [case], service(), at("11-10 22:00"))
    assert promise.due_at == at("11-18 02:00")
    assert promise.half_at == at("11-14 12:00")


@pytest.mark.parametrize("kind", ["general", "complex", "simple"])
def test_a_change_of_class_counts_the_time_that_has_run(kind: str) -> None:
    case = Case("C1", at("11-10 23:30"), frozenset({kind}))
    [promise] = promises(rule(f"{kind}_solved"), [case], service(), at("11-11 00:00"))
    assert promise.starts_at == at("11-10 23:30")
    others = {"general", "complex", "simple"} - {kind}
    assert all(promises(rule(f"{other}_solved"), [case], service(), 0) == [] for other in others)


def test_aim_and_limit() -> None:
    case = Case("C1", at("11-10 23:30"), frozenset({"general"}))
    [promise] = promises(rule("general_solved"), [case], service(), at("11-11 00:00"))
    assert (promise.aim_at, promise.due_at) == (at("11-12 02:00"), at("11-14 02:00"))


def test_tries_in_vain_count_as_tries_but_not_in_the_quiet_hours() -> None:
    member = frozenset({"member"})
    tries = ["11-11 14:00", "11-12 03:00", "11-12 13:00"]
    case = Case("v1", at("11-11 01:00"), member, tries=tuple(map(at, tries)))
    [promise] = promises(rule("called_back"), [case], service(), at("11-13 00:00"))
    assert promise.state is State.OPEN
    case = case._replace(tries=(*case.tries, at("11-12 20:00")))
    [promise] = promises(rule("called_back"), [case], service(), at("11-13 00:00"))
    assert promise.state is State.TRIED
    case = case._replace(acts=(at("11-13 20:00"),))
    [promise] = promises(rule("called_back"), [case], service(), at("11-13 21:00"))
    assert promise.state is State.KEPT


@pytest.mark.parametrize(
    ("quiet", "due", "put_off"),
    [
        ((time(2), time(13)), "11-11 03:00", "11-11 13:00"),
        ((time(2), time(13)), "11-11 02:00", "11-11 02:00"),
        ((time(2), time(13)), "11-11 13:00", "11-11 13:00"),
        ((time(2), time(13)), "11-11 01:59", "11-11 01:59"),
        ((time(23), time(8)), "11-10 23:00", "11-10 23:00"),
        ((time(23), time(8)), "11-10 23:01", "11-11 08:00"),
        ((time(23), time(8)), "11-11 07:59", "11-11 08:00"),
        ((time(23), time(8)), "11-11 08:00", "11-11 08:00"),
        ((time(23), time(8)), "11-11 15:00", "11-11 15:00"),
        (None, "11-11 03:00", "11-11 03:00"),
    ],
)
def test_due_in_the_quiet_hours_is_due_when_they_are_over(
    quiet: tuple[time, time] | None, due: str, put_off: str
) -> None:
    called = rule("called_back")._replace(within=Span(2 * H), clock=Clock.WALL, not_between=quiet)
    case = Case("v1", at(due) - 2 * H, frozenset({"member"}))
    [promise] = promises(called, [case], service(), case.starts_at)
    assert promise.due_at == promise.aim_at == at(put_off)


def test_the_quiet_hours_are_over_the_first_time_that_the_clock_says_so() -> None:
    berlin = Calendar(ZoneInfo("Europe/Berlin"), [(date(YEAR, 1, 1), time(12))])
    rule_ = rule("called_back")._replace(
        within=Span(2 * H), clock=Clock.WALL, not_between=(time(23), time(2, 30))
    )
    case = Case("v1", berlin.parse("2026-10-24T23:00"), frozenset({"member"}))
    [promise] = promises(rule_, [case], Service(berlin, hours, ()), case.starts_at)
    assert promise.due_at == berlin.parse("2026-10-25T02:30+02:00")


def test_a_try_counts_from_the_beginning_until_now() -> None:
    member = frozenset({"member"})
    tries = tuple(map(at, ("11-10 20:00", "11-11 20:00", "11-12 20:00")))
    case = Case("v1", tries[0], member, tries=tries)
    for now, state in ((tries[-1], State.TRIED), (tries[-1] - 1, State.OPEN)):
        [promise] = promises(rule("called_back"), [case], service(), now)
        assert promise.state is state
    late = case._replace(starts_at=tries[0] + 1)
    [promise] = promises(rule("called_back"), [late], service(), tries[-1])
    assert promise.state is State.OPEN


def test_a_number_of_contacts_keeps_a_promise_with_the_last_of_them() -> None:
    touch = next(
        each for each in guest_rules("property_sales").promises if each.code == "came_kept_in_touch"
    )
    acts = tuple(map(at, ("11-02 20:00", "11-05 20:00", "11-09 20:00")))
    case = Case("v1", at("11-01 20:00"), acts=acts)
    [promise] = promises(touch, [case], service(), at("11-20 20:00"))
    assert (promise.state, promise.kept_at) == (State.KEPT, acts[-1])
    [promise] = promises(touch, [case._replace(acts=acts[:2])], service(), at("11-20 20:00"))
    assert (promise.state, promise.due_at) == (State.OPEN, at("12-02 02:00"))


def test_what_somebody_told_a_guest_is_a_promise_of_its_own() -> None:
    mine = told("p1", at("11-10 20:00"), at("11-10 20:30"), None, at("11-10 20:40"))
    case = Case("C1", at("11-10 20:00"))
    [by_rule] = promises(rule("complaint_answered"), [case], service(), at("11-10 20:40"))
    assert [each.about for each in by_due([by_rule, mine])] == ["p1", "C1"]
    assert (mine.code, mine.state) == ("told", State.OVERDUE)
    assert mine.half_at == at("11-10 20:15")
    assert [mine.with_whom(at(now)) for now in ("11-10 20:14", "11-10 20:15", "11-10 20:30")] == [
        None, "supervisor", "director"
    ]  # fmt: skip
