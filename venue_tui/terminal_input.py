"""What a terminal sends, taken by a driver that no sequence of it brings down.

A terminal answers and reports in the same stream in which keys come, and what is pasted, or printed
by another program, stands in it as well. Textual ends with a traceback at a number that is no
character and at bytes that are no text, and believes any size. A terminal that is gone it goes on
reading for ever, where no signal says so.
"""

import select
import time
from collections.abc import Callable
from threading import Thread, main_thread
from typing import TYPE_CHECKING, Any

from textual import events

from venue_tui.colour_changes import fewer_bytes
from venue_tui.patient_input import Ending, wait_patiently
from venue_tui.textual_internals import read_steadily, write_unbroken
from venue_tui.web.input import HIGHEST, WIDEST

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.message import Message


_LOOKS_MS = 1000
"""So often it is asked whether the program that listens for a terminal's end is itself at its,
where nothing tells of that."""


def steadily(driver: "type[Driver]", hung_up: Callable[[], bool]) -> "type[Driver]":
    """The driver, leaving out what can't be read, and sizes that no screen has. One that reads
    nothing of a terminal is left as it is.

    `hung_up` is called, in a thread of its own, once the terminal is gone, until it says that it
    could do what is to be done then.
    """
    if not hasattr(driver, "run_input_thread"):
        return driver
    read_steadily(driver)
    base: Any = driver

    class Steadily(base):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            write_unbroken(self)
            wait_patiently(self)

        def write(self, data: str) -> None:
            super().write(fewer_bytes(data))

        def stop_application_mode(self) -> None:
            if not self.is_web:
                # tmux, if it was made wider meanwhile, leaves above the prompt what still stands
                # on the screen that the program leaves.
                self.write("\x1b[2J")
            super().stop_application_mode()

        def run_input_thread(self) -> None:
            Thread(target=self._await_hang_up, daemon=True).start()
            while True:
                try:
                    super().run_input_thread()
                    return
                except OSError:  # the terminal itself is gone
                    return
                except Exception:  # bytes that are no text: dropped, and reading begins anew
                    if self.exit_event.is_set():
                        return

        def _await_hang_up(self) -> None:
            terminal = select.poll()
            terminal.register(self.fileno, 0)  # an end is told without being asked for
            longest: int | None = _LOOKS_MS
            if isinstance(self.exit_event, Ending):
                terminal.register(self.exit_event.woken_by, select.POLLIN)
                longest = None
            while not self.exit_event.is_set():
                if (told := dict(terminal.poll(longest)).get(self.fileno)) is not None:
                    # A system that can't tell of terminals says that the number is invalid.
                    if told & (select.POLLHUP | select.POLLERR):
                        self.exit_event.set()  # or it would be read for ever where nobody ends it
                        while not hung_up() and main_thread().is_alive():
                            time.sleep(_LOOKS_MS / 1000)  # it is only being started
                    return

        def process_message(self, message: "Message") -> None:
            if isinstance(message, events.Resize) and not _is_possible(message.size):
                return
            if isinstance(message, events.MouseEvent) and not _is_near(message):
                return
            if isinstance(message, events.Key) and not _is_text(message):
                return
            super().process_message(message)

    return Steadily


def _is_possible(size: tuple[int, int]) -> bool:
    return 0 < size[0] <= 2 * WIDEST and 0 < size[1] <= 2 * HIGHEST


def _is_near(mouse: events.MouseEvent) -> bool:
    """Whether a mouse can be there, and has such a button."""
    return abs(mouse.x) <= 2 * WIDEST and abs(mouse.y) <= 2 * HIGHEST and 0 <= mouse.button < 16


def _is_text(key: events.Key) -> bool:
    """Whether its character can be written: half of a surrogate pair can't."""
    return not any("\ud800" <= each <= "\udfff" for each in key.character or "")
