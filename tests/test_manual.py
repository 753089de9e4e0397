"""The manual is whole in each language, and what it, the README and CONTRIBUTING print is a command."""

import re
import shlex
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from venue_tui import cli, locale, manual
from venue_tui.actions import ACTIONS
from venue_tui.chat.notices import TOPICS
from venue_tui.chat.settings import KINDS
from venue_tui.exchange.papers.pdf import FONT

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = [topic for topic in manual.TOPICS if topic != manual.KEYS]
PAGES = sorted((ROOT / "venue_tui" / "manual").glob("*/*.md"))


@pytest.fixture(autouse=True)
def english_again() -> None:
    locale.set_language("en")


@pytest.mark.parametrize("language", locale.LANGUAGES)
@pytest.mark.parametrize("topic", manual.TOPICS)
def test_each_topic_has_a_page_in_each_language(topic: str, language: str) -> None:
    locale.set_language(language)
    text = manual.page(topic)
    assert text.startswith("# ")
    assert "{" not in text


@pytest.mark.parametrize("topic", WRITTEN)
def test_a_page_says_the_same_in_each_language(topic: str) -> None:
    def skeleton(language: str) -> list[str]:
        text = (ROOT / "venue_tui" / "manual" / language / f"{topic}.md").read_text("utf-8")
        return [re.match(r"[#|`\-\d]*", line)[0] for line in text.split("\n")  # type: ignore[index]
                if line.startswith(("#", "|", "```", "- "))]  # fmt: skip

    assert skeleton("zh-Hans") == skeleton("en")
    assert skeleton("zh-Hant") == skeleton("en")


def test_the_page_on_keys_names_every_action() -> None:
    page = manual.page(manual.KEYS, {"roll.mark": "z"})
    assert all(f"`{id_}`" in page for id_ in ACTIONS)
    assert "| `z` |" in page


def printed(program: str) -> list[tuple[str, str]]:
    """What the pages say to type that begins with that program, or with its path in the README's
    environment: each with its page."""
    found = []
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES):
        text = page.read_text("utf-8")
        lines = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S)).splitlines()
        typed = [*lines, *re.findall(r"`([^`\n]+)`", text)]
        parts = [
            each.strip().removeprefix(".venv/bin/") for line in typed for each in line.split("&&")
        ]
        found += [
            (str(page.relative_to(ROOT)), each)
            for each in parts
            if each.partition(" ")[0] == program and " " in each
        ]
    return found


@pytest.mark.parametrize(("page", "line"), printed("venue-tui"))
def test_a_command_that_is_printed_is_one(page: str, line: str) -> None:
    command: click.Command = cli.group()
    arguments = shlex.split(line, comments=True)[1:]
    while True:
        context = command.make_context("venue-tui", arguments, resilient_parsing=True)
        if not isinstance(command, click.Group):
            break
        arguments = [*context._protected_args, *context.args]
        if not arguments:
            break
        _name, inner, arguments = command.resolve_command(context, arguments)
        assert inner is not None, f"{page}: {line}"
        command = inner
    options = {option for parameter in command.params for option in parameter.opts}
    given = {each.partition("=")[0] for each in arguments if each.startswith("-")}
    assert given <= options, f"{page}: {line}"


@pytest.mark.parametrize(("page", "line"), printed("python"))
def test_a_module_that_is_to_be_run_is_there_and_so_are_the_files_it_is_given(
    page: str, line: str
) -> None:
    _python, minus_m, module, *arguments = shlex.split(line, comments=True)
    assert minus_m == "-m", f"{page}: {line}"
    main = f"{module}.__main__" if (ROOT / module.replace(".", "/")).is_dir() else module
    assert find_spec(main) is not None, f"{page}: {line}"
    for given in arguments:
        assert "/" not in given or (ROOT / given).exists(), f"{page}: {line}"


def test_the_messages_are_taken_out_as_is_printed(tmp_path: Path) -> None:
    [(_page, line)] = printed("pybabel")
    _pybabel, *arguments = shlex.split(line)
    out = tmp_path / "venue_tui.pot"
    arguments[arguments.index("-o") + 1] = str(out)
    pybabel = "from babel.messages.frontend import main; main()"
    subprocess.run(
        [sys.executable, "-c", pybabel, *arguments], cwd=ROOT, check=True, capture_output=True
    )
    assert out.read_text("utf-8").count("msgid") > 1_000


def test_extras_are_installed_from_the_clone_as_the_program_was() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    sources = [*(ROOT / "models").rglob("*.py"), *(ROOT / "venue_tui").rglob("*.py")]
    for page in (ROOT / "README.md", *PAGES, *sources):
        text = page.read_text("utf-8")
        assert not re.search(r"install [\"']?venue-tui\b", text), page  # as if from an index
    for page in (ROOT / "README.md", *PAGES):
        for extras in re.findall(r"""["']\.\[([a-z,]+)\]["']""", page.read_text("utf-8")):
            assert set(extras.split(",")) <= set(project["optional-dependencies"]), page


def test_the_readme_is_short_and_links_to_what_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) < 150
    for link in re.findall(r"\]\((?!http)([^)]+)\)", text):
        assert (ROOT / link).exists(), link


@pytest.mark.parametrize("language", locale.LANGUAGES)
def test_what_a_chat_may_hear_and_be_is_named(language: str) -> None:
    text = (ROOT / "venue_tui" / "manual" / language / "files.md").read_text("utf-8")
    for word in (*KINDS, *TOPICS, FONT):
        assert f"`{word}`" in text
