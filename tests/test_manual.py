"""The manual is whole in each language, and every command printed in it or in the README is one."""

import re
import shlex
import tomllib
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


def printed() -> list[tuple[str, str]]:
    found = []
    for page in (ROOT / "README.md", *PAGES):
        for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.S):
            found += [
                (str(page.relative_to(ROOT)), line)
                for line in block.splitlines()
                if line.startswith("venue-tui")
            ]
        found += [
            (str(page.relative_to(ROOT)), line)
            for line in re.findall(r"`(venue-tui [^`]+)`", page.read_text("utf-8"))
        ]
    return found


@pytest.mark.parametrize(("page", "line"), printed())
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
