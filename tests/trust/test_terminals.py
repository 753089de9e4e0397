"""Eight terminals at once: a few hundred operations here, ten thousand by `python -m
tests.trust`."""

from tests.trust import terminals


def test_of_what_eight_terminals_do_at_once_nothing_is_lost_or_done_twice(url: str) -> None:
    told = terminals.run(url, 8, 30)
    assert told.done["mark"]
    assert told.done["booking"]
    assert told.done["approved"]
