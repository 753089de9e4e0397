"""What a person chose for themselves."""

from pathlib import Path

import pytest

from venue_tui import config
from venue_tui.config import Config


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "config.toml"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_no_file_means_defaults(path: Path) -> None:
    assert config.load(path) == Config()


def test_choices_are_read(path: Path) -> None:
    write(path, 'theme = "nord"\nlanguage = "zh-Hant"\n[keys]\n"roll.mark" = "f5,ctrl+s"\n')
    assert config.load(path) == Config("nord", "zh-Hant", {"roll.mark": "f5,ctrl+s"})


def test_what_cannot_be_used_is_named_and_left_out(path: Path) -> None:
    write(
        path,
        'theme = 3\nlanguage = "fr"\ncolour = 1\n'
        '[keys]\n"roll.mark" = ""\n"roll.dance" = "x"\n"app.help" = "f4"\n',
    )
    loaded = config.load(path)
    assert (loaded.theme, loaded.language, loaded.keys) == (None, None, {"app.help": "f4"})
    assert loaded.complaint is not None
    for name in ("theme", "language", "colour", "keys.roll.mark", "keys.roll.dance"):
        assert name in loaded.complaint


@pytest.mark.parametrize("text", ["theme = ", "[keys", '"'])
def test_a_file_that_is_not_toml_is_told(path: Path, text: str) -> None:
    write(path, text)
    loaded = config.load(path)
    assert loaded.keys == {}
    assert "config.toml" in str(loaded.complaint)


def test_a_file_that_is_not_text_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert "config.toml" in str(config.load(path).complaint)


def test_keys_that_are_not_a_table_are_told(path: Path) -> None:
    write(path, 'keys = "x"')
    assert "keys" in str(config.load(path).complaint)


def test_remembering_makes_the_file(path: Path) -> None:
    config.remember("theme", "nord", path)
    config.remember("language", "zh-Hans", path)
    assert config.load(path) == Config("nord", "zh-Hans")


def test_remembering_leaves_the_rest_as_it_was_written(path: Path) -> None:
    write(path, '# mine\ntheme = "dracula"  # dark\n\n[keys]\n"roll.mark" = "f5" # like before\n')
    config.remember("theme", "nord", path)
    config.remember("language", "en", path)
    text = path.read_text()
    assert "# mine" in text
    assert '"roll.mark" = "f5" # like before' in text
    assert config.load(path) == Config("nord", "en", {"roll.mark": "f5"})


def test_remembering_with_only_a_table_in_the_file(path: Path) -> None:
    write(path, '[keys]\n"roll.mark" = "f5"\n')
    config.remember("theme", "nord", path)
    assert config.load(path) == Config("nord", None, {"roll.mark": "f5"})


def test_remembering_does_not_touch_what_it_cannot_read(path: Path) -> None:
    write(path, "theme = ")
    config.remember("theme", "nord", path)
    assert path.read_text() == "theme = "


def test_remembering_knows_where_a_value_ends(path: Path) -> None:
    write(path, 'theme = """\n[keys]\nx"""\n')
    config.remember("theme", "nord", path)
    assert config.load(path) == Config("nord", None)
