"""Constant SQL stands in the paths that are measured, and nowhere else."""

import ast
import re
from fnmatch import fnmatch
from pathlib import Path

import models
import venue_tui
from models.storage.database import execute

_SQL = re.compile(
    r"\s*(SELECT\s|INSERT INTO\b|UPDATE \S+ SET\b|UPDATE $|DELETE FROM\b|WITH \w+ AS\b)"
)


def _with_sql(package: Path) -> set[str]:
    """The modules of a package that hold a statement, by their names within it."""
    return {
        ".".join(path.relative_to(package).with_suffix("").parts)
        for path in package.rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if _SQL.match(node.value)
    }


def test_constant_sql_stands_where_it_is_measured() -> None:
    measured = set(re.findall(r"`((?:\w+\.)+(?:\w+|\*))`", execute.__doc__ or ""))
    measured.remove("storage.tables")
    found = _with_sql(Path(models.__path__[0]))
    elsewhere = {each for each in found if not any(fnmatch(each, path) for path in measured)}
    assert elsewhere == set()
    unused = {path for path in measured if not any(fnmatch(each, path) for each in found)}
    assert unused == set()


def test_screens_and_commands_hold_none() -> None:
    assert _with_sql(Path(venue_tui.__path__[0])) == set()
