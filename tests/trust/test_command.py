"""`python -m tests.trust`, at the size of a toy: each trial is run and says what it came to."""

import re

import pytest

from tests.trust import __main__ as command

SIZES = {"--kills": 4, "--operations": 200, "--losses": 1, "--files": 12, "--databases": 6}


def test_every_trial_is_run_and_says_what_it_came_to(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["trust", *(f"{name}={n}" for name, n in SIZES.items())])
    command.main()
    said = capsys.readouterr().out
    for what, count in (("files", 12), ("databases", 6)):
        [counts] = re.findall(rf"^spoiled {what}: {{(.*)}}$", said, re.MULTILINE)
        assert sum(map(int, re.findall(r": (\d+)", counts))) == count
    for kind in command.KINDS:
        assert re.search(rf"^sqlite: killed 1 times in {kind}: \d+ ", said, re.MULTILINE)
    assert "sqlite: the connection lost 1 times" in said
    assert "sqlite: eight terminals flat out: 200 operations" in said
    assert "sqlite: eight at five marks a second: 8 operations" in said
