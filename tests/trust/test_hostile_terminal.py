"""A terminal that sends what no keyboard does: nothing of it ends the program or fills memory."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from textual import events
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from tests.trust import house
from tests.trust.test_closed_terminal import ended, wait_for
from venue_tui.terminal_input import steadily
from venue_tui.web.driver import TabDriver

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
HOSTILE = (
    b"\x1b[99999999999u", b"\x1b[1114112u", b"\x1b[55296u", b"\x1b[97;1;55296:99999999u",
    b"\x1b[97;1;1114112u", b"\x1b[48;99999;99999;1;1t", b"\x1b[48;0;0;0;0t", b"\x1b[48;-1;0;0;0t",
    b"\x1b[8;99999;99999t", b"\x1b[<99999999999;99999999999;99999999999M", b"\x1b[M\xff\xff\xff",
    b"\x1b[27;5;99999999999~", b"\x1b[1;99999999999A", b"\xff\xfe\xfd", b"\xed\xa0\x80",
    b"\x1b[99999;99999R", b"\x1b]11;rgb:zz/zz/zz\x07", b"\x1b[?99999u", b"\x1b[9;;9;u",
)  # fmt: skip


@pytest.mark.parametrize("driver", [LinuxDriver, TabDriver])
def test_what_comes_in_pieces_or_to_no_end_is_left_out(driver: type[Driver]) -> None:
    """In a terminal and in a tab alike, whose reading thread would else end with it."""
    steadily(driver, lambda: True)
    parser = sys.modules[driver.__mro__[driver is TabDriver].__module__].XTermParser()
    keys = []
    for sent in HOSTILE:
        text = sent.decode(errors="replace")
        for pieces in ([text], [text[:1], text[1:]], list(text)):
            for piece in (*pieces, "a"):
                keys += [each.key for each in parser.feed(piece) if isinstance(each, events.Key)]
    assert keys.count("a") >= 2 * len(HOSTILE)
    for piece in ("\x1b[200~", *["1" * 60_000] * 4):  # a paste without an end
        assert not list(parser.feed(piece))
    assert [each.key for each in parser.feed("b") if isinstance(each, events.Key)] == ["b"]


def test_what_no_keyboard_sends_is_left_out(sqlite_url: str, tmp_path: Path) -> None:
    import pty

    house.make(sqlite_url)
    pid, screen = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        os.chdir(house.ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "venue_tui", "--database", sqlite_url])
    wait_for(screen, "Quit")
    for sent in HOSTILE:
        os.write(screen, sent)
        os.write(screen, b"5")
        os.write(screen, b"1")
    # Some of it spells keys, such as the one that opens the help.
    os.write(screen, b"\x1b")
    time.sleep(1)  # or the two would be one key
    os.write(screen, b"5")
    wait_for(screen, "V02")  # it still does what keys say
    megabytes = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 // 2**20
    assert megabytes < 200
    os.write(screen, b"\x11")
    last = b""
    with suppress(OSError):  # it ended, which took the terminal with it
        while read := os.read(screen, 65536):
            last += read
    # Nothing is left on the screen that is given back: tmux, made wider meanwhile, would show it.
    left = last.rindex(b"\x1b[?1049l")
    assert b"m" not in last[last.rindex(b"\x1b[2J", 0, left) : left]
    assert ended(pid)
    os.close(screen)
    assert not list(tmp_path.rglob("errors.log"))
    assert house.problems(sqlite_url) == []
