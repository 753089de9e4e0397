"""The folders that the program keeps a user's things in are those which platformdirs names."""

import platformdirs
import pytest

from models.values.folders import user_folder


@pytest.mark.parametrize(
    ("home", "xdg"),
    [("/home/a", None), ("/home/a", "/else"), ("/home/a", "else"), ("/home/a", ""), ("", "/else")],
)
def test_a_users_folders_are_where_platformdirs_says(
    monkeypatch: pytest.MonkeyPatch, home: str, xdg: str | None
) -> None:
    monkeypatch.setenv("HOME", home)
    for kind in ("config", "data", "state"):
        monkeypatch.delenv(f"XDG_{kind.upper()}_HOME", raising=False)
        if xdg is not None:
            monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", xdg)
        told = getattr(platformdirs, f"user_{kind}_path")("venue-tui", appauthor=False)
        assert user_folder(kind) == told  # type: ignore[arg-type]
