"""Style sheets that one app read, which the next need not read again."""

from functools import lru_cache
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.tokenize import tokenize_values

_tokens: dict[frozenset[tuple[str, str]], dict[str, Any]] = {}
"""Of variables, the same each time, so that they are known by which these are."""


def read_styles_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every app take the rules that its style sheets came to when another read them."""
    monkeypatch.setattr(stylesheet, "tokenize_values", _tokens_of)
    monkeypatch.setattr(stylesheet, "parse", _parsed)


def _tokens_of(variables: dict[str, str]) -> dict[str, Any]:
    key = frozenset(variables.items())
    if key not in _tokens:
        _tokens[key] = tokenize_values(variables)
    return _tokens[key]


def _parsed(
    scope: str, css: str, read_from: Any, variable_tokens: dict[str, Any], **more: Any
) -> list[RuleSet]:
    return _rules(scope, css, read_from, _Tokens(variable_tokens), **more)


class _Tokens:
    """Equal to those of the same variables."""

    def __init__(self, tokens: dict[str, Any]) -> None:
        self.tokens = tokens

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tokens) and other.tokens is self.tokens

    def __hash__(self) -> int:
        return id(self.tokens)


@lru_cache(maxsize=2000)
def _rules(scope: str, css: str, read_from: Any, tokens: _Tokens, **more: Any) -> list[RuleSet]:
    return list(parse(scope, css, read_from, variable_tokens=tokens.tokens, **more))
