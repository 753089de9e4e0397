"""The changes: a comparison that is off by one, a condition turned around, a count one too high."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
}
_WORDS = (
    (" <= ", " < "), (" >= ", " > "), (" < ", " <= "), (" > ", " >= "), (" AND ", " OR "),
    (" = 'standing'", " <> 'reversed'"), (" = 'left'", " IN ('left', 'arrived')"),
    ("BETWEEN ? AND ?", "> ? AND ? IS NOT NULL"), ("min(", "max("), ("max(", "min("),
)  # fmt: skip
"""Of statements in SQL."""


class Mutant(NamedTuple):
    """One change: in which file (from the root), at which line and in which text of it, what stood
    there and what stands there now. `start` and `end` are positions in the file's bytes."""

    path: str
    line: int
    text: str
    was: str
    now: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.was}  ->  {self.now}"

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.now.encode() + source[self.end :]


def mutants(path: str) -> list[Mutant]:
    """Every change of a module, in the order of its lines."""
    source = (ROOT / path).read_bytes()
    tree = ast.parse(source)
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    skipped = set(_never_run(tree))
    found = []
    roles = {node for each in ast.walk(tree) if isinstance(each, ast.Dict) for node in each.values}
    for node in ast.walk(tree):
        if node in skipped or not isinstance(node, ast.expr):
            continue
        for now in (*_changed(node), *(_other_roles(node) if node in roles else ())):
            start = lines[node.lineno - 1] + node.col_offset
            end = lines[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
            was = source[start:end].decode()
            text = source.splitlines()[node.lineno - 1].decode().strip()
            was = " ".join(was.split())
            found.append(Mutant(path, node.lineno, text, was, now, start, end))
    return sorted(found, key=lambda each: (each.start, each.end, each.now))


def _never_run(tree: ast.Module) -> Iterator[ast.AST]:
    """Annotations, docstrings, parts of f-strings and what decorates: no test can tell."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [node.returns, *node.decorator_list]
            parts += [each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg)]
        elif isinstance(node, ast.AnnAssign):
            parts = [node.annotation]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list, *node.bases]
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts = [node.value]
        elif isinstance(node, ast.JoinedStr):
            parts = [each for each in node.values if isinstance(each, ast.Constant)]
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            parts = [node]
        elif isinstance(node, ast.Assert):
            parts = [node.test]
        elif isinstance(node, ast.Call):
            # How a text is written, or a message put, is no matter of money.
            name = ast.unparse(node.func)
            if name.endswith(("problem", "refused", "format", "dumps", "JSONEncoder", "lru_cache")):
                parts = [*node.args, *node.keywords]
        for part in parts:
            if part is not None:
                yield from ast.walk(part)


def _changed(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = _COMPARISONS[type(node.ops[0])]()
        yield f"({ast.unparse(ast.Compare(node.left, [other], node.comparators))})"
    elif isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            ops = [*node.ops[:at], _COMPARISONS[type(op)](), *node.ops[at + 1 :]]
            yield f"({ast.unparse(ast.Compare(node.left, ops, node.comparators))})"
    elif isinstance(node, ast.BoolOp):
        other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield f"({ast.unparse(ast.BoolOp(other_op, node.values))})"
        for at in range(len(node.values)):
            rest = [*node.values[:at], *node.values[at + 1 :]]
            kept = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
            yield f"({ast.unparse(kept)})"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        swapped = _OPERATORS[type(node.op)]()
        yield f"({ast.unparse(ast.BinOp(node.left, swapped, node.right))})"
    elif isinstance(node, ast.IfExp):
        yield f"({ast.unparse(node.body)})"
        yield f"({ast.unparse(node.orelse)})"
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield str(node.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        for was, now in _WORDS:
            if was in node.value and not (was == " AND " and "BETWEEN" in node.value):
                yield repr(node.value.replace(was, now, 1))


_ROLES = ("director", "supervisor", "payroll", "admin", "staff")


def _other_roles(node: ast.expr) -> Iterator[str]:
    """Of the roles that may do something: one fewer, and one more."""
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return
    may = node.value.split()
    if may and set(may) <= set(_ROLES):
        for role in _ROLES:
            others = [each for each in may if each != role]
            yield repr(" ".join(others if role in may else [*may, role]))
