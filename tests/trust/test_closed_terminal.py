"""A terminal that is closed in the middle of a form: the window is gone, the venue is not."""

import os
import select
import subprocess
import sys
import time

import pytest

from tests.trust import house

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
LONGEST = 20.0


def test_a_terminal_closed_in_a_form_loses_nothing_and_leaves_nothing(sqlite_url: str) -> None:
    import pty

    house.make(sqlite_url)
    pid, screen = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.chdir(house.ROOT)
        program = [sys.executable, "-m", "venue_tui", "--database", sqlite_url]
        os.execv(sys.executable, program)
    wait_for(screen, "Quit")
    os.write(screen, b"5")
    wait_for(screen, "V02")
    os.write(screen, b"n")
    wait_for(screen, "V01")
    os.write(screen, b"V07")
    wait_for(screen, "V07")
    os.close(screen)
    assert ended(pid)
    assert house.problems(sqlite_url) == []


@pytest.mark.parametrize("shown", ["Quit", "\x1b[?1049h"], ids=["open", "opening"])
def test_a_terminal_whose_end_no_signal_tells_ends_the_program(shown: str) -> None:
    """As with one that was started in a session of somebody else's; also before it is there."""
    import fcntl
    import pty
    import struct
    import termios

    screen, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    program = subprocess.Popen(
        [sys.executable, "-m", "venue_tui", "demo"],
        stdin=terminal, stdout=terminal, stderr=terminal,
        cwd=house.ROOT, env={**os.environ, "TERM": "xterm-256color"}, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    try:
        wait_for(screen, shown)
        os.close(screen)
        assert program.wait(LONGEST) == 0 or shown != "Quit"
    finally:
        program.kill()


def wait_for(screen: int, text: str) -> None:
    """Reads what is put on the screen until the text is there."""
    seen = b""
    deadline = time.monotonic() + LONGEST
    while text.encode() not in seen:
        assert time.monotonic() < deadline, seen
        if select.select([screen], [], [], 0.1)[0]:
            seen += os.read(screen, 65536)


def ended(pid: int) -> bool:
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        select.select([], [], [], 0.05)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return False
