"""What is due and by when: the worked examples, by number. Service lasts from 19:30 to 02:00."""

from datetime import date, time

import pytest

from models.rules.guests.promises import Case, Service, State, by_due, promises, told
from models.rules.guests.rulebook import Clock, PromiseRule, Span
from models.values.nights import Instant
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


def test_due_in_the_quiet_hours_is_due_when_they_are_over() -> None:
    quiet = rule("called_back")._replace(within=Span(2 * H), clock=Clock.WALL)
    case = Case("v1", at("11-11 01:00"), frozenset({"member"}))
    [promise] = promises(quiet, [case], service(), at("11-11 01:00"))
    assert promise.due_at == at("11-11 13:00")


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
