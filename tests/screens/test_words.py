"""Whatever a person can see is said in their language."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import models
import venue_tui
from models.access.session import Session
from models.operations import directory
from models.storage.database import close_database
from models.values.problems import problem
from tests.screens.pilot import drawn, press, said, settled, showing
from venue_tui import click_words
from venue_tui.actions import ACTIONS, PLACES
from venue_tui.cli import run
from venue_tui.demo.venue import make_demo
from venue_tui.locale import set_language
from venue_tui.problem_words import in_words

SAYING = {
    "say", "complain", "did", "notify", "tell", "entitle", "show_heading", "Column", "Field",
    "Confirm", "ReasonPrompt", "Chooser", "Choice", "ReadScreen", "Button", "Static", "line",
    "echo", "Action", "ScreenName", "Verb", "command", "option", "problem", "refused",
}  # fmt: skip
"""What puts a text before a person."""

SILENT = {"id", "classes", "group", "key", "name", "style", "metavar", "envvar", "variant", "field",
          "call", "permission", "where", "severity"}  # fmt: skip
"""What of it is no text."""

FIRST_IS_A_NAME = {"Field", "Action", "ScreenName", "Verb", "problem", "refused", "Choice",
                   "entitle", "command", "option"}  # fmt: skip
TRANSLATED_LATER = {"problem", "refused"}  # test_locale holds their second arguments in catalogs
STYLES = {"title", "good", "warning", "bad", "muted", "strong", "error", "primary"}
WORDS = re.compile(r"[A-Za-z]{2,}[ .,!?:]|^[A-Z][a-z]+$")


def _bare(node: ast.expr) -> Iterator[str]:
    """The texts in an argument that nothing translates."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from _bare(node.left)
    elif isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            yield from _bare(each)
    elif isinstance(node, ast.IfExp):
        yield from _bare(node.body)
        yield from _bare(node.orelse)


def _said_untranslated(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in SAYING or name in TRANSLATED_LATER:
            continue
        given = node.args[1:] if name in FIRST_IS_A_NAME else node.args
        named = [each.value for each in node.keywords if each.arg not in SILENT]
        for argument in (*given, *named):
            for text in _bare(argument):
                silent = text in STYLES or text.startswith(("--", "#", "Language ", "file toml"))
                if WORDS.search(text) and not silent:
                    yield f"{path.name}: {name}: {text}"


@pytest.mark.parametrize("package", [venue_tui, models], ids=["venue_tui", "models"])
def test_no_text_is_said_that_no_catalog_holds(package) -> None:
    root = Path(package.__file__).parent
    assert [each for path in sorted(root.rglob("*.py")) for each in _said_untranslated(path)] == []


# What stands on the screens in Latin letters, in whatever language.
LATIN = re.compile(r"[A-Za-z][A-Za-z_]{2,}")
OF_EVERY_LANGUAGE = {
    # names of formats, keys and places
    "KTV", "CSV", "XLSX", "JSON", "PDF", "TOML", "Excel", "GBK", "UTF", "English", "attlog", "dat",
    "csv", "pdf", "xlsx", "Asia", "Shanghai", "Tab", "Enter", "Esc", "esc", "Home", "End",
    # what files call things, where a hint or a rule says so
    "staff", "late", "nightlife", "club", "property_sales", "frappe", "oca", "zxx", "demo",
    "deductions", "slip", "notice", "statement", "roll",
    # a command, where a page tells what to type
    "venue", "tui", "import", "punches", "watch",
}  # fmt: skip


def _of_every_language(session: Session) -> set[str]:
    people = {part for each in directory.employed(session.tonight()) for part in each.initials}
    paths = set(LATIN.findall(str(Path.cwd())))
    return OF_EVERY_LANGUAGE | people | paths | {"director"}


def _is_part_of(text: str, known: set[str]) -> bool:
    is_hash = set(text) <= set("abcdef")
    # What lies over a word may cover either end of it.
    return is_hash or any(each.startswith(text) or each.endswith(text) for each in known)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr("getpass.getuser", lambda: "director")
    monkeypatch.chdir(tmp_path)
    yield make_demo(tmp_path, ticking=False)
    close_database()
    set_language("en")


@pytest.mark.parametrize("place", [each.name for each in PLACES])
async def test_screens_and_their_forms_speak_chinese(demo: Session, place: str) -> None:
    keys = [each.key.split(",")[0] for each in ACTIONS.values() if each.where == place and each.key]
    strange: dict[str, str] = {}
    known = _of_every_language(demo)
    async with showing(demo, place, "D01", "zh-Hant", (160, 60)) as pilot:
        app = pilot.app
        for key in ("", "question_mark", *dict.fromkeys(keys), "ctrl+p"):
            if key:
                await press(pilot, key)
            for text in LATIN.findall("\n".join(drawn(pilot))):
                if not _is_part_of(text, known):
                    strange.setdefault(text, key)
            while len(app.screen_stack) > 1:
                depth = len(app.screen_stack)
                await press(pilot, "escape")
                if len(app.screen_stack) >= depth:
                    await press(pilot, "y")
    assert strange == {}


def test_click_has_what_is_put_in_its_place() -> None:
    for name in click_words.MODULES:
        assert hasattr(import_module(f"click.{name}"), "_") or name == "parser"


def test_what_click_says_is_in_the_catalogs() -> None:
    said = set()
    for name in click_words.MODULES:
        path = Path(import_module(f"click.{name}").__file__ or "")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "ngettext"):
                texts = node.args[: 1 + (node.func.id == "ngettext")]  # type: ignore[attr-defined]
                said |= {each.value for each in texts if isinstance(each, ast.Constant)}
    for_programmers = re.compile("Warning|declar|dynamic|defined|iterable|cannot use|UUID|colour"
                                 "|Choice|any key|prompting|exactly one")  # fmt: skip
    assert {each for each in said if not for_programmers.search(each)} <= set(click_words.MESSAGES)


@pytest.mark.parametrize(("language", "word"), [("zh-Hans", "错误"), ("zh-Hant", "錯誤")])
def test_click_speaks_the_language_that_was_chosen(capsys, language: str, word: str) -> None:
    assert run(["--lang", language, "bogus"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("用法")
    assert word in said
    assert not re.search("Usage|Error|Try|help for", said)
    assert run(["--lang", "en", "bogus"]) == 2
    assert capsys.readouterr().err.startswith("Usage: ")


def test_a_time_is_said_as_people_write_it() -> None:
    over = problem(
        "month", "%(month)s is not over: %(end)s", month="2026-11", end="2026-12-01T12:00"
    )
    assert in_words(over) == "2026-11 is not over: 2026-12-01 12:00"


async def test_no_screen_writes_a_time_as_files_do(demo: Session) -> None:
    """Whatever is opened on the demo, and of a charge its reason."""
    files = re.compile(r"[0-9]T[0-9][0-9]:")
    async with showing(demo, "tonight", "D01", size=(160, 50)) as pilot:
        for place in PLACES:
            pilot.app.go(place.name)
            await settled(pilot)
            assert not files.search("\n".join(drawn(pilot))), place.name
        await press(pilot, "7", "down", "enter")
        reasons = []
        for _charge in range(4):
            reasons.append(said(pilot, "charge"))
            await press(pilot, "down")
        assert any(re.search(r"[0-9] [0-9][0-9]:", each) for each in reasons)
        assert not any(map(files.search, reasons))
