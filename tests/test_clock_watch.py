"""That the clock is noticed to be put back or to jump ahead, and only then."""

from venue_tui.clock_watch import ClockWatch

DAY = 86_400
NOW = 1_788_000_000


def test_a_clock_that_goes_on_warns_of_nothing() -> None:
    watch = ClockWatch()
    assert [watch.warning(NOW + at) for at in (0, 1, 3600, 3590, DAY, 2 * DAY)] == [None] * 6


def test_a_clock_put_back_is_said_once_with_its_minutes() -> None:
    watch = ClockWatch()
    assert watch.warning(NOW) is None
    said = watch.warning(NOW - 600)
    assert said is not None
    assert "put back by 10 minutes" in said
    assert watch.warning(NOW - 599) is None


def test_a_clock_days_ahead_is_said_once_with_its_days() -> None:
    watch = ClockWatch()
    assert watch.warning(NOW) is None
    said = watch.warning(NOW + 3 * DAY)
    assert said is not None
    assert "3 days on" in said
    assert watch.warning(NOW + 3 * DAY + 1) is None
