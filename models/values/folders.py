"""Where the program keeps what is its user's own, by the custom of the platform."""

import os
import sys
from pathlib import Path
from typing import Literal

_PROGRAM = "venue-tui"
_HOMES = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "state": ("XDG_STATE_HOME", ".local/state"),
}


def user_folder(kind: Literal["config", "data", "state"]) -> Path:
    """The folder of the program's settings, of its data, or of what one of its terminals keeps."""
    if sys.platform == "linux":
        # As platformdirs says, too; but importing that takes longer than most commands' work.
        variable, below = _HOMES[kind]
        if os.path.isabs(given := os.environ.get(variable, "")):
            return Path(given, _PROGRAM)
        if os.path.isabs(home := os.environ.get("HOME", "")):
            return Path(home, below, _PROGRAM)
    import platformdirs

    folder: Path = getattr(platformdirs, f"user_{kind}_path")(_PROGRAM, appauthor=False)
    return folder
