"""Reads a profile: which rows, which columns, and what stands in each.

What stands in a column is a text with `{fields}` in it, of those that a row has and of the
profile's own `[values]`. Nothing else of a profile is evaluated.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from models.values import toml
from models.values.files import NotRegular, TooLarge, regular_bytes
from models.values.problems import Problem, Refused, problem, refused

ROWS = ("staffer", "rule", "charge")
"""What a row is: a staffer's month, one rule of it, or one charge."""
NEGATIVE = ("keep", "absolute", "refuse")
"""What becomes of an amount below zero, which is paid back: as it is; without its sign, under
`value_of_refund`; or the whole export is refused."""

MONEY_FIELDS = frozenset(
    {"amount", "monthly_wage", "charges_total", "adjustments", "carried_in", "deducted",
     "carried_out", "sales", "sales_voided", "sales_counted"}
)  # fmt: skip
FIELDS = MONEY_FIELDS | {
    "row", "venue", "month", "month_id", "month_start", "month_end", "staff_no", "staff_id", "name",
    "team", "position", "summary", "rule", "RULE", "rule_title", "clause", "count", "night",
    "source", "reason",
}  # fmt: skip
"""What a row has, each a text. `*_id` are fit for external ids; `RULE` is `rule` in capitals."""

_FOLDER = Path(__file__).parent
_LARGEST = 256 * 1024
_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_BRACE = re.compile(r"[{}]")
_VALUES = ("value", "value_of_rule", "value_of_charge", "value_of_refund")
_KEYS = {"name", "rows", "negative", "zeros", "encoding", "values", "columns"}
_ENCODINGS = ("utf-8-sig", "utf-8", "gb18030")


class ProfileColumn(NamedTuple):
    """One column: its header, and what stands in it, by the kind of row where that differs."""

    header: str
    value: str
    value_of_rule: str | None = None
    value_of_charge: str | None = None
    value_of_refund: str | None = None

    def template(self, kind: str, refund: bool) -> str:
        """What stands in the column of a row of one of ROWS."""
        if refund and self.value_of_refund is not None:
            return self.value_of_refund
        if kind == "charge" and self.value_of_charge is not None:
            return self.value_of_charge
        if kind != "staffer" and self.value_of_rule is not None:
            return self.value_of_rule
        return self.value

    @property
    def is_money(self) -> bool:
        """Whether it holds an amount and nothing else."""
        match = _HOLE.fullmatch(self.value)
        return match is not None and match[1] in MONEY_FIELDS


class Profile(NamedTuple):
    """How another program wants a month's deductions."""

    name: str
    rows: str
    negative: str
    zeros: bool
    """Whether those who pay nothing have a row, too."""
    encoding: str
    columns: tuple[ProfileColumn, ...]


def shipped() -> list[str]:
    """The names of the profiles that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(name_or_path: str, values: Mapping[str, str] | None = None) -> Profile:
    """A shipped profile by its name, or one in a file, with `values` in place of its own.

    Raises Refused with every problem of the file, or where there is none.
    """
    is_shipped = name_or_path in shipped()
    path = _FOLDER / f"{name_or_path}.toml" if is_shipped else Path(name_or_path)
    try:
        text = regular_bytes(path, _LARGEST).decode("utf-8-sig")
    except TooLarge:
        raise refused("profile", "the file is too large to be a profile") from None
    except NotRegular:
        raise refused("profile", "it is a pipe or a device, not a file") from None
    except UnicodeDecodeError:
        raise refused("profile", "it is not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise refused(
            "profile",
            "it can't be read (%(why)s); the profiles that come with the program are %(names)s",
            why=getattr(error, "strerror", None) or error,
            names=", ".join(shipped()),
        ) from None
    return parse(text, values or {})


def parse(text: str, values: Mapping[str, str]) -> Profile:
    """The profile that a TOML text holds. Raises Refused with all that is wrong with it."""
    try:
        told = toml.loads(text)
    except ValueError as error:
        raise refused("profile", "no valid TOML: %(why)s", why=error) from None
    problems = [*_unknown_keys(told), *_wrong_words(told), *_wrong_columns(told)]
    own = told.get("values", {})
    if not isinstance(own, dict) or not all(isinstance(each, str) for each in own.values()):
        problems.append(problem("values", "every value must be a text"))
        own = {}
    problems += [
        problem("values", "the profile has no value %(name)s", name=name)
        for name in values
        if name not in own
    ]
    if problems:
        raise Refused(*problems)
    whole = _Values({**own, **values})
    columns = tuple(
        ProfileColumn(
            each["header"],
            *(whole.filled(each[key]) if key in each else None for key in _VALUES),  # type: ignore[arg-type]
        )
        for each in told["columns"]
    )
    if whole.problems:
        raise Refused(*whole.problems)
    return Profile(
        str(told.get("name", "")),
        told.get("rows", "staffer"),
        told.get("negative", "keep"),
        told.get("zeros", False),
        told.get("encoding", "utf-8-sig"),
        columns,
    )


class _Values:
    """Fills a profile's own values into its columns, so that only a row's fields are left."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[Problem] = []

    def filled(self, text: str) -> str:
        once = _HOLE.sub(lambda match: self._values.get(match[1], match[0]), text)
        unknown = sorted(set(_HOLE.findall(once)) - FIELDS)
        for name in unknown:
            found = problem("columns", "there is no field {%(name)s}", name=name)
            self.problems += [] if found in self.problems else [found]
        if _BRACE.search(_HOLE.sub("", once)):
            self.problems.append(
                problem("columns", "a brace that belongs to no {field}: %(text)s", text=text[:60])
            )
        return once


def fill(template: str, fields: Mapping[str, str]) -> str:
    """The template with a row's fields in it."""
    return _HOLE.sub(lambda match: fields.get(match[1], ""), template)


def _unknown_keys(told: Mapping[str, Any]) -> Iterator[Problem]:
    for key in sorted(told.keys() - _KEYS):
        yield problem("profile", "%(key)s means nothing in a profile", key=key)


def _wrong_words(told: Mapping[str, Any]) -> Iterator[Problem]:
    for key, words in (("rows", ROWS), ("negative", NEGATIVE), ("encoding", _ENCODINGS)):
        if key in told and told[key] not in words:
            yield problem(key, "must be one of %(choices)s", choices=", ".join(words))
    if not isinstance(told.get("zeros", False), bool):
        yield problem("zeros", "must be true or false")


def _wrong_columns(told: Mapping[str, Any]) -> Iterator[Problem]:
    columns = told.get("columns")
    if not isinstance(columns, list) or not columns:
        yield problem("columns", "there must be [[columns]], each with a header and a value")
        return
    headers: set[str] = set()
    for number, each in enumerate(columns, 1):
        if not isinstance(each, dict) or not isinstance(each.get("header"), str):
            yield problem("columns", "column %(number)s has no header", number=number)
            continue
        header = each["header"]
        if header in headers:
            yield problem("columns", "two columns are called %(header)s", header=header)
        headers.add(header)
        if not isinstance(each.get("value"), str):
            yield problem("columns", "%(header)s has no value", header=header)
        for key, value in each.items():
            if key != "header" and (key not in _VALUES or not isinstance(value, str)):
                yield problem(
                    "columns", "%(header)s: %(key)s means nothing here", header=header, key=key
                )
