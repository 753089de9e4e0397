"""Paths that no file can have, pipes where files should be, and many who make the venue at once:
each ends in a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from venue_tui import config
from venue_tui.commands.invocation import spare_drivers

LONG = ("a" * 5_000, "a/" * 2_500)
WITH_PATH = (
    ("import",),
    ("import", "punches"),
    ("rules", "check"),
    ("restore",),
    ("backup",),
    ("export", "staff", "-o"),
    ("export", "deductions", "--month", "2026-09", "--profile"),
)


@pytest.mark.parametrize("name", LONG, ids=["one name", "many folders"])
@pytest.mark.parametrize("command", WITH_PATH, ids=" ".join)
def test_a_path_of_five_thousand_characters_is_refused(
    venue: Run, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    ran = venue(*command, str(tmp_path / name))
    assert ran.status == 1
    assert "too long" in ran.err or command == ("import",)  # whose file has no dataset's name
    assert "unforeseen" not in ran.err


@pytest.mark.parametrize("name", LONG, ids=["one name", "many folders"])
@pytest.mark.parametrize("command", ["check", "init --name x --timezone Asia/Shanghai"])
def test_so_is_a_database_of_that_name(run: Run, tmp_path: Path, command: str, name: str) -> None:
    ran = run(*command.split(), url=f"sqlite:///{tmp_path / name}")
    assert ran.status == 1
    assert "can't be used: File name too long" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="there are no such pipes")
@pytest.mark.parametrize("kind", ["pipe", "device"])
@pytest.mark.parametrize("command", WITH_PATH[:5] + WITH_PATH[6:], ids=" ".join)
def test_a_pipe_or_a_device_is_never_waited_for(
    venue: Run, tmp_path: Path, command: tuple[str, ...], kind: str
) -> None:
    place = tmp_path / "staff.csv"
    if kind == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to("/dev/zero")
    ran = venue(*command, str(place))
    assert (ran.status, ran.out) == (1, "")
    assert ran.err
    assert "unforeseen" not in ran.err
    assert "is not a database" in venue("check", url=f"sqlite:///{place}").err
    assert "can't be read as a key" in venue("audit", "--head", AUDIT_KEY=str(place)).err


KEYS = ("theme", "language", "idle_minutes", "out_minutes", "glyphs", "keys", "complaint", "x",
        '"a.b"', "keys.waive", 'keys."roll.close"', "keys.x", "theme.x", "keys.waive.x")  # fmt: skip
VALUES = ("1", "-1", "1.5", "nan", "inf", "true", '"x"', '""', "[]", "[1]", "[1, 2]", "{}",
          '["a", "b"]', "{a = 1}", "1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "[[1], 2]",
          "9" * 30, f'"{"x" * 5000}"', "[-1, 2]", "[true, false]", '"\\u001b[31m"')  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_of_every_type_is_usable_or_named(tmp_path: Path, key: str) -> None:
    file = tmp_path / "config.toml"
    for value in VALUES:
        file.write_text(f"{key} = {value}\n", encoding="utf-8")
        found = config.load(file)
        assert found.theme is None or isinstance(found.theme, str)
        assert found.language is None or found.language in ("en", "zh-Hans", "zh-Hant")
        assert found.idle_minutes >= 0
        assert len(found.out_minutes) == 2
        assert all(isinstance(each, str) for each in found.keys.values())
        if found == config.Config():
            assert value in ("{}", "[]"), (key, value)  # says nothing, and does nothing


@pytest.mark.parametrize(
    "text",
    ["a=" * 50_000, "x = " + "[" * 60_000, "a." * 30_000 + "a = 1", "\0", '"\x1b[31m" = 1',
     "x = 1\n" * 100_000],
    ids=["much", "nested", "long key", "nothing", "escapes", "large"],
)  # fmt: skip
def test_a_hostile_settings_file_is_a_short_complaint(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    complaint = config.load(file).complaint
    assert complaint is not None
    assert len(complaint) < 1_000
    assert "\x1b" not in complaint


def test_six_who_make_the_venue_at_once_make_one(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "venue_tui", "--database", url, "init", "--name", "x",
               "--timezone", "Asia/Shanghai"]  # fmt: skip
    started = [
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ.copy())
        for _ in range(6)
    ]
    said = [(each.communicate(timeout=120)[1].strip(), each.returncode) for each in started]
    assert sorted(status for _, status in said) == [0, 1, 1, 1, 1, 1]
    assert {text for text, status in said if status} == {"it holds a venue already"}


@pytest.mark.parametrize(
    ("url", "spared"),
    [
        (None, True),
        ("sqlite:///venue.db", True),
        ("postgresql://host/venue", False),
        ("postgres://host/venue", False),
    ],
)
def test_a_servers_driver_is_spared_where_the_database_is_a_file(
    monkeypatch: pytest.MonkeyPatch, url: str | None, spared: bool
) -> None:
    monkeypatch.setattr("sys.modules", modules := dict(sys.modules))
    modules.pop("psycopg", None)
    spare_drivers(url)
    assert ("psycopg" in modules) is spared
