"""Instants, nights and the wall clock between them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.nights import (
    LAST_NIGHT,
    Calendar,
    SkippedTime,
    first_night,
    last_night,
    month_of,
    months_between,
    months_on,
    next_month,
    parse_month,
    parse_night,
    previous_month,
)

NOON = ((date(2026, 1, 1), time(12)),)
SHANGHAI = Calendar(ZoneInfo("Asia/Shanghai"), NOON)
LONDON = Calendar(ZoneInfo("Europe/London"), NOON)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)  # the mornings of London's clock changes
HOUR = 3600

ZONES = st.sampled_from(
    ["Asia/Shanghai", "Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo"]
)
INSTANTS = st.integers(int(datetime(1990, 1, 1).timestamp()), int(datetime(2080, 1, 1).timestamp()))
NIGHTS = st.dates(date(1990, 1, 1), date(2080, 1, 1))


def test_a_night_lasts_from_noon_to_noon() -> None:
    for text, night in (
        ("2026-09-02T11:59:59", date(2026, 9, 1)),
        ("2026-09-02T12:00", date(2026, 9, 2)),
        ("2026-09-02T19:30", date(2026, 9, 2)),
        ("2026-09-03T01:30", date(2026, 9, 2)),
        ("2026-09-03T11:59:59", date(2026, 9, 2)),
    ):
        assert SHANGHAI.night(SHANGHAI.parse(text)) == night


def test_half_past_one_on_the_first_is_last_months_money() -> None:
    night = SHANGHAI.night(SHANGHAI.parse("2026-12-01T01:30"))
    assert night == date(2026, 11, 30)
    assert month_of(night) == "2026-11"


def test_months() -> None:
    assert (first_night("2026-02"), last_night("2026-02")) == (date(2026, 2, 1), date(2026, 2, 28))
    assert last_night("2028-02") == date(2028, 2, 29)
    assert (next_month("2026-12"), previous_month("2026-01")) == ("2027-01", "2025-12")
    assert months_between("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months_between("2026-02", "2026-01") == []


def test_the_night_the_clocks_go_forward_is_an_hour_short() -> None:
    night = FORWARD - timedelta(days=1)
    assert LONDON.end(night) - LONDON.start(night) == 23 * HOUR
    before, after = LONDON.parse("2026-03-29T00:59:59"), LONDON.parse("2026-03-29T02:00")
    assert after - before == 1
    assert LONDON.night(before) == LONDON.night(after) == night


def test_a_skipped_time_is_refused() -> None:
    with pytest.raises(SkippedTime, match="the clocks went forward"):
        LONDON.parse("2026-03-29T01:30")
    assert LONDON.parse("2026-03-29T01:30+00:00") == LONDON.parse("2026-03-29T02:30")


def test_the_night_the_clocks_go_back_is_an_hour_long() -> None:
    night = BACK - timedelta(days=1)
    assert LONDON.end(night) - LONDON.start(night) == 25 * HOUR


def test_an_ambiguous_time_is_its_first_occurrence_and_the_second_bears_its_offset() -> None:
    first = LONDON.parse("2026-10-25T01:30")
    second = LONDON.parse("2026-10-25T01:30+00:00")
    assert second - first == HOUR
    assert LONDON.format(first) == "2026-10-25T01:30"
    assert LONDON.format(second) == "2026-10-25T01:30+00:00"
    assert LONDON.night(first) == LONDON.night(second) == BACK - timedelta(days=1)


def test_a_clock_time_of_the_night() -> None:
    night = date(2026, 9, 2)
    assert SHANGHAI.at(night, time(19, 30)) == SHANGHAI.parse("2026-09-02T19:30")
    assert SHANGHAI.at(night, time(2)) == SHANGHAI.parse("2026-09-03T02:00")
    assert SHANGHAI.at(night, time(12)) == SHANGHAI.start(night)
    assert LONDON.at(FORWARD - timedelta(days=1), time(1, 30)) == LONDON.parse("2026-03-29T02:30")


def test_each_night_keeps_its_own_day_start() -> None:
    moved = Calendar(
        ZoneInfo("Asia/Shanghai"),
        [(date.min, time(12)), (date(2026, 9, 10), time(6)), (date(2026, 9, 20), time(14))],
    )
    assert moved.night(moved.parse("2026-09-09T08:00")) == date(2026, 9, 8)
    assert moved.night(moved.parse("2026-09-10T06:00")) == date(2026, 9, 10)
    assert moved.end(date(2026, 9, 9)) == moved.parse("2026-09-10T06:00")
    assert moved.night(moved.parse("2026-09-20T13:59")) == date(2026, 9, 19)
    assert moved.end(date(2026, 9, 19)) == moved.parse("2026-09-20T14:00")


def test_seconds_and_offsets_are_read() -> None:
    at = SHANGHAI.parse("2026-09-02T19:30:15")
    assert at - SHANGHAI.parse("2026-09-02T19:30") == 15
    assert SHANGHAI.parse("2026-09-02T11:30:15Z") == at
    assert SHANGHAI.parse("2026-09-02T13:30:15+02:00") == at
    assert SHANGHAI.format(at) == "2026-09-02T19:30:15"


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-09-02", "2026-09-02 19:30", "2026-9-2T19:30", "2026-09-02T7:30",
        "2026-09-02T19:30:15.5", "2026-09-02T24:00", "2026-02-30T19:30", "2026-09-02T19:60",
        "1899-12-31T19:30", "9001-01-01T19:30", "2026-09-02T19:30+25:00", "２０２６-09-02T19:30",
        "2026-09-02T19:30\n", " 2026-09-02T19:30",
    ],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        SHANGHAI.parse(text)


@pytest.mark.parametrize("text", ["2026-09-02T24:00", "2026-09-02T24:00:00", "2026-09-02T24:00Z"])
def test_24_00_is_no_time_on_any_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked of `fromisoformat`, which reads it from Python 3.14 on."""

    class Later(datetime):
        @classmethod
        def fromisoformat(cls, _text: str) -> "Later":
            return cls(2026, 9, 3)

    monkeypatch.setattr("models.values.nights.datetime", Later)
    with pytest.raises(ValueError, match="there is no such time"):
        SHANGHAI.parse(text)


@pytest.mark.parametrize(
    "text", ["", "2026-9-2", "2026-02-29", "20260902", "2026-09-02 ", "1899-12-31", "9001-01-01"]
)
def test_what_is_no_night(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_night(text)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-00", "2026-9", "2026-09-01", "1899-12"])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_month(text)


def test_nights_and_months_are_read() -> None:
    assert parse_night("2028-02-29") == date(2028, 2, 29)
    assert parse_month("2026-09") == "2026-09"


@given(ZONES, INSTANTS)
def test_what_is_written_reads_back(zone: str, instant: int) -> None:
    calendar = Calendar(ZoneInfo(zone), NOON)
    assert calendar.parse(calendar.format(instant)) == instant


@given(ZONES, INSTANTS)
def test_every_instant_lies_in_its_night(zone: str, instant: int) -> None:
    calendar = Calendar(ZoneInfo(zone), NOON)
    night = calendar.night(instant)
    assert calendar.start(night) <= instant < calendar.end(night)


@given(ZONES, NIGHTS)
def test_nights_follow_without_a_gap(zone: str, night: date) -> None:
    calendar = Calendar(ZoneInfo(zone), NOON)
    assert calendar.night(calendar.start(night)) == night
    assert calendar.night(calendar.end(night) - 1) == night
    assert calendar.night(calendar.end(night)) == night + timedelta(days=1)


def test_the_first_day_start_holds_before_its_night_too() -> None:
    """Else a night before the first rulebook would begin by the last one's clock."""
    calendar = Calendar(
        ZoneInfo("Asia/Shanghai"),
        [(date(2026, 9, 2), time(12)), (date(2026, 9, 10), time(6)), (date(2026, 9, 20), time(3))],
    )
    for night, start in (
        (date(2026, 9, 1), time(12)),
        (date(2026, 9, 2), time(12)),
        (date(2026, 9, 9), time(12)),
        (date(2026, 9, 10), time(6)),
        (date(2026, 9, 19), time(6)),
        (date(2026, 9, 20), time(3)),
        (date(2030, 1, 1), time(3)),
    ):
        assert calendar.day_start(night) == start


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Auckland", "UTC"])
def test_the_last_night_of_all_has_an_end(zone: str) -> None:
    """Whatever has no end is looked up to it."""
    calendar = Calendar(ZoneInfo(zone), NOON)
    assert calendar.end(LAST_NIGHT) - calendar.start(LAST_NIGHT) == 24 * HOUR


def test_the_first_and_the_last_night_that_can_be_written() -> None:
    assert parse_night("1900-01-01") == date(1900, 1, 1)
    assert parse_night("2199-12-31") == date(2199, 12, 31)
    for text in ("1899-12-31", "2200-01-01"):
        with pytest.raises(ValueError, match="between 1900 and 2199"):
            parse_night(text)


@pytest.mark.parametrize(
    ("night", "months", "later"),
    [
        ("2026-10-09", 1, "2026-11-09"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-10", 1, "2027-01-10"),
        ("2026-12-01", 0, "2026-12-01"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 14, "2028-02-29"),
        ("2026-01-01", 25, "2028-02-01"),
    ],
)
def test_some_months_on_is_the_same_number_or_the_months_last(
    night: str, months: int, later: str
) -> None:
    assert months_on(date.fromisoformat(night), months) == date.fromisoformat(later)
