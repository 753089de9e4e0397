"""Every time and date that a form asks for says beside it how it was understood."""

import ast
from pathlib import Path

import pytest

import venue_tui.screens

FORMS = list(Path(venue_tui.screens.__file__).parent.rglob("*.py"))
READERS = {"night", "instant"}


def _read_as_times(tree: ast.AST) -> set[str]:
    """The fields whose text is read as a night or an instant."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        of_filled = isinstance(node.func, ast.Attribute) and name in READERS
        first = node.args[0]
        if (of_filled or name in ("typed_night", "typed_time")) and isinstance(first, ast.Constant):
            found.add(first.value)
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_says_beside_it_how_it_was_understood(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    times = _read_as_times(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Field":
            name = node.args[0]
            if isinstance(name, ast.Constant) and name.value in times:
                assert "understood" in {each.arg for each in node.keywords}, name.value


def test_there_are_such_forms() -> None:
    fields = {name for path in FORMS for name in _read_as_times(ast.parse(path.read_text("utf-8")))}
    assert {
        "occurred_at",
        "hold_until",
        "from",
        "out_at",
        "first_night",
        "hired_on",
        "due_at",
    } <= fields
