"""The database is lost while the roll is called: a few times here, two hundred by `python -m
tests.trust`."""

from tests.trust import connections


def test_no_act_is_unseen_lost_or_done_twice(url: str) -> None:
    seen = connections.run(url, 8)
    assert seen.losses == 8
    assert sum(seen.acts.values()) >= 8
