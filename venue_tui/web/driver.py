"""The driver of a tab: what the program has for a terminal while a browser shows it.

Beside what Textual's own does, it paints itself anew on a page that was loaded again, asks the page
to copy and is told whether it could, says whether something can be typed now, and leaves the
program when the server is gone.
"""

import base64

from textual import events, messages
from textual.drivers.web_driver import WebDriver
from textual.message import Message

_COPY = "\x1b]52;c;"
"""What asks a terminal to copy; a page has another way, which says whether it did."""


class Copied(Message):
    """The page was asked to copy, and `done` says whether it could."""

    def __init__(self, done: bool) -> None:
        super().__init__()
        self.done = done


class TabDriver(WebDriver):
    def start_application_mode(self) -> None:
        super().start_application_mode()
        # Which says that the focus is elsewhere: what is typed before the page has said otherwise
        # would go nowhere, or into the wrong field.
        self._app.call_later(self._app.post_message, events.AppFocus())

    def write(self, data: str) -> None:
        if data.startswith(_COPY):
            text = base64.b64decode(data.removeprefix(_COPY).rstrip("\a")).decode()
            self.write_meta({"type": "copy", "text": text})
        else:
            super().write(data)

    def say_writing(self, on: bool) -> None:
        """Tells the page whether what has the focus takes text."""
        self.write_meta({"type": "writing", "on": on})

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        if packet_type == "attach":
            self.write("\x1b[?1049h\x1b[?25l")
            self._enable_mouse_support()
            self._enable_bracketed_paste()
            self._app.call_later(self._app.refresh, layout=True)
            super().on_meta("resize", payload)
        elif packet_type == "copied":
            self._app.post_message(Copied(payload.get("done") is True))
        else:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():  # nothing comes any more: the server has ended
            self._app.post_message(messages.ExitApp())
