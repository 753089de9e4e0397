"""What the tests of commands share: running one as a shell would, and what came of it."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from venue_tui import cli
from venue_tui.locale import set_language


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(sqlite_url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command line on a database of the test's own; keywords are environment variables
    without their VENUE_TUI_."""

    def run(*arguments: str, url: str = sqlite_url, **environment: str) -> Ran:
        with monkeypatch.context() as changed:
            for name, value in {"DATABASE": url, **environment}.items():
                changed.setenv(f"VENUE_TUI_{name}", value)
            capfd.readouterr()
            status = cli.run(arguments)
        set_language("en")
        return Ran(status, *capfd.readouterr())

    return run


@pytest.fixture
def venue(run: Run) -> Run:
    """`run`, with the venue made."""
    assert run("init", "--name", "测试夜场", "--timezone", "Asia/Shanghai").status == 0
    return run
