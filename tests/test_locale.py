"""The catalogs: complete, compiled, and never in the way."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from venue_tui import locale
from venue_tui.locale import catalogs

HOLES = re.compile(r"%(?:\(\w+\))?[sd]")


@pytest.fixture(scope="module")
def sources() -> Catalog:
    return catalogs.messages_of_sources()


@pytest.fixture(autouse=True)
def english_again() -> None:
    locale.set_language("en")


@pytest.mark.parametrize("name", catalogs.LOCALES)
def test_no_message_lacks_a_translation(name: str, sources: Catalog) -> None:
    catalog = catalogs.read_catalog(name)
    translated = {message.id for message in catalog if message.id}
    wanted = {message.id for message in sources if message.id}
    assert sorted(map(str, wanted - translated)) == []
    assert sorted(map(str, translated - wanted)) == []
    assert catalogs.missing(catalog) == []


@pytest.mark.parametrize("name", catalogs.LOCALES)
def test_the_header_is_filled_in(name: str) -> None:
    header = catalogs.po_path(name).read_text("utf-8").partition("\n\n")[0]
    assert "the Venue TUI authors" in header
    for placeholder in ("fuzzy", "FIRST AUTHOR", "ORGANIZATION", "EMAIL@", "YEAR-MO", "VERSION\\n"):
        assert placeholder not in header


def test_pybabel_finds_the_same_messages(sources: Catalog, tmp_path: Path) -> None:
    """By the command that CONTRIBUTING.md gives to translators."""
    papers = (catalogs.ROOT / "CONTRIBUTING.md").read_text("utf-8")
    [line] = [line for line in papers.splitlines() if line.startswith(".venv/bin/pybabel ")]
    _pybabel, *arguments = line.replace("venue_tui.pot", str(tmp_path / "found.pot")).split()
    CommandLineInterface().run(["pybabel", "--quiet", *arguments])
    with (tmp_path / "found.pot").open("rb") as file:
        found = read_po(file)
    assert {each.id for each in found} - {""} == {each.id for each in sources} - {""}


def test_no_message_hides_in_an_f_string() -> None:
    """Before Python 3.12 the tokenizer doesn't look into one, and what stands there is never
    translated; from then on words that are no message are taken for one."""
    hiding = []
    for package in ("venue_tui", "models"):
        for path in (catalogs.ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            messages = [_is_text(each) for text in _f_strings(tree) for each in _messages(text)]
            strays = [
                _is_text(node)
                for message in _messages(tree)
                for text in _f_strings(message)
                for node in _within(text)
            ]
            if any(messages + strays):
                hiding.append(str(path.relative_to(catalogs.ROOT)))
    assert hiding == []


def test_no_message_hides_behind_a_name() -> None:
    """A text that is given a name first is only found where it is marked with `N_`."""
    hiding = []
    for package in ("venue_tui", "models"):
        for path in (catalogs.ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            unmarked = {
                target.id
                for node in ast.walk(tree)
                if isinstance(node, ast.Assign) and _is_text(node.value)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            hiding += [
                f"{path.relative_to(catalogs.ROOT)}: {each.id}"
                for each in _messages(tree)
                if isinstance(each, ast.Name) and each.id in unmarked
            ]
    assert hiding == []


def _messages(tree: ast.AST) -> Iterator[ast.expr]:
    """What is taken for a message."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", None))
            if name in catalogs.KEYWORDS:
                for place in catalogs.KEYWORDS[name] or (1,):
                    yield from node.args[place - 1 : place]


def _f_strings(tree: ast.AST) -> list[ast.JoinedStr]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]


def _within(text: ast.JoinedStr) -> Iterator[ast.AST]:
    """What stands between the braces."""
    for value in text.values:
        if isinstance(value, ast.FormattedValue):
            yield from ast.walk(value.value)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@pytest.mark.parametrize("name", catalogs.LOCALES)
def test_translations_have_the_holes_of_their_messages(name: str) -> None:
    for message in catalogs.read_catalog(name):
        if not message.id or not message.string:
            continue
        ids = [message.id] if isinstance(message.id, str) else message.id[1:]
        strings = [message.string] if isinstance(message.string, str) else message.string
        for string in filter(None, strings):
            assert sorted(HOLES.findall(string)) == sorted(HOLES.findall(ids[0])), message.id


@pytest.mark.parametrize("name", catalogs.LOCALES)
def test_compiled_catalogs_are_those_of_the_sources(name: str) -> None:
    compiled = catalogs.po_path(name).with_suffix(".mo").read_bytes()
    assert compiled == catalogs.compiled(catalogs.read_catalog(name))


def test_languages_switch_and_switch_back() -> None:
    locale.set_language("zh-Hans")
    assert locale.current_language() == "zh-Hans"
    assert locale._("Roll") == "点名"
    locale.set_language("zh-Hant")
    assert locale._("Roll") == "點名"
    assert locale._("no such message") == "no such message"
    assert locale._("") == ""
    locale.set_language("en")
    assert locale._("Roll") == "Roll"
    with pytest.raises(ValueError, match="no such language: fr"):
        locale.set_language("fr")


def test_plurals() -> None:
    assert locale.ngettext("%(n)s fine", "%(n)s fines", 1) == "%(n)s fine"
    assert locale.ngettext("%(n)s fine", "%(n)s fines", 2) == "%(n)s fines"


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh_SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh_MO.big5", "zh-Hant"),
        ("zh_Hant_TW", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("en_GB.UTF-8", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("fr_FR", None),
    ],
)
def test_locale_names(name: str, tag: str | None) -> None:
    assert locale.language_of(name) == tag


@pytest.mark.parametrize(
    ("environ", "tag"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "fr_FR"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "zh_HK"}, "zh-Hant"),
        ({"LANG": "en_US", "LANGUAGE": "fr:zh_TW:en"}, "zh-Hant"),
        ({"LANG": "zh_CN", "LANGUAGE": "fr"}, "zh-Hans"),
        ({"LANG": "zh_CN", "LC_ALL": ""}, "zh-Hans"),
    ],
)
def test_language_of_the_environment(environ: dict[str, str], tag: str) -> None:
    assert locale.language_from_environment(environ) == tag


def test_english_loads_no_catalog_and_no_terminal() -> None:
    code = (
        "import sys; from venue_tui.locale import _; import venue_tui.actions, venue_tui.words;"
        "assert _('Roll') == 'Roll'; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert not {"gettext", "babel", "textual", "rich"} & set(loaded.split())
