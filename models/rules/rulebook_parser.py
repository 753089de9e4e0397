"""Reads a rulebook's TOML, and finds everything that is wrong with it."""

import re
from collections.abc import Collection, Mapping
from datetime import time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from models.rules.rulebook import (
    LANGUAGES,
    ROLL_OUTCOMES,
    Cap,
    Excess,
    Origin,
    Rule,
    Rulebook,
    RuleKind,
    Separation,
    Window,
)
from models.values.problems import Problem, Refused, problem, refused
from models.values.text import name_problem
from models.values.toml import LONG_KEY, MOST_PARTS

if TYPE_CHECKING:
    from models.rules.guests.rulebook import GuestRules

_GUESTS = frozenset(
    {"guests", "touches", "owners", "claims", "after", "month_end", "rotation", "promises"}
)
"""The sections of the guest desk."""
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_SETTINGS = {
    "name", "title", "jurisdiction", "briefing", "shift_end", "day_start", "grace_minutes",
    "notice_nights", "wage_days_divisor", "separation", "cap", "rules", *_GUESTS,
}  # fmt: skip
_RULE_KEYS = {
    "code", "clause", "title", "kind", "amount", "min", "max", "days", "from", "outcome", "police",
}  # fmt: skip
_AMOUNTS_OF_KIND = {
    RuleKind.FIXED: ("amount",),
    RuleKind.RANGE: ("min", "max"),
    RuleKind.WAGE_DAYS: ("days",),
}
_MISSING: Any = object()
_LARGEST = Decimal(10**10)


LARGEST = 256 * 1024
"""Characters of a rulebook."""

MOST_RULES = 500
MOST_PROBLEMS = 100


def parse(text: str, table: dict[str, Any] | None = None) -> Rulebook:
    """The rulebook written in `text`, whose TOML says `table` where that is known already, and
    known to be right. Raises Refused with every problem found, MOST_PROBLEMS of them at most."""
    reader = _Reader()
    book = reader.rulebook(_table(text) if table is None else table, text)
    if table is None:
        _ = book.guests  # what is wrong there is wrong with the rulebook
    if reader.problems:
        found = reader.problems[:MOST_PROBLEMS]
        if rest := len(reader.problems) - len(found):
            found.append(problem("file", "and %(count)s more like these", count=rest))
        raise Refused(*found)
    return book


def _table(text: str) -> dict[str, Any]:
    import tomllib  # which the rulebooks that come with the program don't need

    if len(text) > LARGEST:
        raise refused("file", "a rulebook is a file of %(most)s kB at most", most=LARGEST // 1024)
    if LONG_KEY.search(text):
        # Reading it takes memory by the square of its parts.
        raise refused("file", "a key in it has more than %(most)s parts", most=MOST_PARTS)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise refused("file", "it is not TOML: %(why)s", why=error) from None
    except (ValueError, ArithmeticError) as error:
        raise refused("file", "a number in it can't be read: %(why)s", why=error) from None


class _Reader:
    """Reads a TOML table into a `Rulebook`, collecting problems and going on with a stand-in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, where: str, message: str, **values: object) -> None:
        self.problems.append(problem(where, message, **values))

    def rulebook(self, table: dict[str, Any], source: str) -> Rulebook:
        self.only(table, _SETTINGS, "")
        given = table.get("rules", [])
        if isinstance(given, list) and len(given) > MOST_RULES:
            most = problem("rules", "a rulebook has %(most)s rules at most", most=MOST_RULES)
            self.problems.append(most)
            given = given[:MOST_RULES]
        rules = self.rules(given)
        return Rulebook(
            name=self.text(table, "name", ""),
            titles=self.titles(table, ""),
            jurisdiction=self.text(table, "jurisdiction", "", default=""),
            briefing=self.clock(table, "briefing", "19:30"),
            shift_end=self.clock(table, "shift_end", "02:00"),
            day_start=self.clock(table, "day_start", "12:00"),
            grace_minutes=self.whole(table, "grace_minutes", "", 0, 720, default=0),
            notice_nights=self.whole(table, "notice_nights", "", 0, 366, default=1),
            wage_days_divisor=self.divisor(table),
            separation=self.separation(table.get("separation")),
            cap=self.cap(table.get("cap")),
            rules=rules,
            read_guests=lambda: self.guests(table),
            source=source,
        )

    def guests(self, table: dict[str, Any]) -> "GuestRules | None":
        if not _GUESTS & table.keys():
            return None
        from models.rules.guests.rulebook_parser import (
            read_guest_rules,  # which few houses wait for
        )

        return read_guest_rules(self, table)

    def only(self, table: Mapping[str, Any], known: Collection[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                self.wrong(prefix + key, "no such setting")

    def text(self, table: Mapping[str, Any], key: str, prefix: str, default: Any = _MISSING) -> str:
        value = table.get(key, default)
        if value is _MISSING:
            self.wrong(prefix + key, "missing")
            return ""
        if isinstance(value, int) and not isinstance(value, bool) and key == "clause":
            return str(value)
        if not isinstance(value, str):
            self.wrong(prefix + key, "it must be a text in quotes")
            return ""
        found_problem = name_problem(value) if value or default is _MISSING else None
        if found_problem is not None:
            self.wrong(prefix + key, found_problem.message, **dict(found_problem.values))
        return value

    def titles(self, table: Mapping[str, Any], prefix: str) -> dict[str, str]:
        titles = table.get("title")
        if not isinstance(titles, dict):
            tags = ", ".join(LANGUAGES)
            self.wrong(f"{prefix}title", "give it in each language: %(tags)s", tags=tags)
            return dict.fromkeys(LANGUAGES, "")
        self.only(titles, set(LANGUAGES), f"{prefix}title.")
        return {tag: self.text(titles, tag, f"{prefix}title.") for tag in LANGUAGES}

    def clock(self, table: Mapping[str, Any], key: str, default: str) -> time:
        value = table.get(key, default)
        match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong(key, 'it must be a time of day such as "19:30"')
            return time()
        return time(int(match[1]), int(match[2]))

    def whole(
        self, table: Mapping[str, Any], key: str, prefix: str, least: int, most: int, default: Any
    ) -> int:
        value = table.get(key, default)
        if type(value) is not int or not least <= value <= most:
            self.wrong(
                prefix + key, "it must be a whole number from %(a)s to %(b)s", a=least, b=most
            )
            return least
        return value

    def number(self, table: Mapping[str, Any], key: str, prefix: str, default: Any) -> Decimal:
        """An exact number, written as a TOML number or in quotes."""
        value = table.get(key, default)
        if value is _MISSING:
            self.wrong(prefix + key, "missing")
            return Decimal(1)
        if type(value) in (int, str, Decimal):
            try:
                number = Decimal(value)
            except InvalidOperation:
                number = Decimal("NaN")
            plain = not isinstance(value, str) or re.fullmatch(r"[0-9]+(\.[0-9]+)?", value)
            exponent = number.as_tuple().exponent
            if plain and isinstance(exponent, int) and 0 <= number <= _LARGEST and exponent >= -9:
                return number
        self.wrong(prefix + key, "it must be a plain number, 0 or more")
        return Decimal(1)

    def divisor(self, table: Mapping[str, Any]) -> Decimal:
        divisor = self.number(table, "wage_days_divisor", "", "21.75")
        if divisor <= 0:
            self.wrong("wage_days_divisor", "it must be more than 0")
            return Decimal(1)
        return divisor

    def money(self, table: Mapping[str, Any], key: str, prefix: str) -> int:
        number = self.number(table, key, prefix, _MISSING)
        if number * 100 != int(number * 100):
            self.wrong(prefix + key, "money has at most two decimals")
        return int(number * 100)

    def choice(
        self, table: Mapping[str, Any], key: str, prefix: str, of: type[StrEnum], default: Any
    ) -> Any:
        value = table.get(key, default)
        if isinstance(value, str) and value in list(of):
            return of(value)
        self.wrong(prefix + key, "it must be one of: %(values)s", values=", ".join(of))
        return next(iter(of))

    def separation(self, table: Any) -> Separation | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self.wrong("separation", "it must be a table")
            return None
        self.only(table, {"absences", "within"}, "separation.")
        absences = self.whole(table, "absences", "separation.", 1, 366, default=_MISSING)
        return Separation(absences, self.choice(table, "within", "separation.", Window, "month"))

    def cap(self, table: Any) -> Cap | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self.wrong("cap", "it must be a table")
            return None
        self.only(table, {"percent", "floor", "excess"}, "cap.")
        percent = self.number(table, "percent", "cap.", _MISSING)
        if percent > 100:
            self.wrong("cap.percent", "it must lie between 0 and 100")
        floor = self.money(table, "floor", "cap.")
        return Cap(percent, floor, self.choice(table, "excess", "cap.", Excess, _MISSING))

    def rules(self, tables: Any) -> tuple[Rule, ...]:
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            self.wrong("rules", "they must be tables headed [[rules]]")
            return ()
        if not tables:
            self.wrong("rules", "a rulebook has at least one rule")
        rules = [self.rule(table, f"rules[{i}].") for i, table in enumerate(tables, 1)]
        named: list[tuple[str, list[str]]] = [
            ("code", [rule.code for rule in rules]),
            ("outcome", [rule.outcome or "" for rule in rules]),
            ("from", ["outing" for rule in rules if Origin.OUTING in rule.origins]),
            *((f"title.{tag}", [rule.titles[tag] for rule in rules]) for tag in LANGUAGES),
        ]
        for what, values in named:
            for value in sorted({v for v in values if v and values.count(v) > 1}):
                self.wrong("rules", "%(what)s %(value)s stands twice", what=what, value=value)
        return tuple(rules)

    def code(self, table: Mapping[str, Any], prefix: str) -> str:
        code = self.text(table, "code", prefix)
        if _CODE.fullmatch(code) is None:
            self.wrong(f"{prefix}code", "it must be small letters, digits and _, such as late")
        return code

    def rule(self, table: Mapping[str, Any], prefix: str) -> Rule:
        self.only(table, _RULE_KEYS, prefix)
        code = self.code(table, prefix)
        prefix = f"rules.{code}." if code else prefix
        kind: RuleKind = self.choice(table, "kind", prefix, RuleKind, _MISSING)
        wanted = _AMOUNTS_OF_KIND.get(kind, ())
        for key in ("amount", "min", "max", "days"):
            if key in table and key not in wanted:
                self.wrong(prefix + key, "a rule of kind %(kind)s has none", kind=kind)
        amounts = {key: self.money(table, key, prefix) for key in wanted if key != "days"}
        if kind is RuleKind.RANGE and amounts["min"] > amounts["max"]:
            self.wrong(f"{prefix}min", "it is more than max")
        origins = self.origins(table, prefix)
        return Rule(
            code=code,
            clause=self.text(table, "clause", prefix),
            kind=kind,
            origins=origins,
            titles=self.titles(table, prefix),
            amount=amounts.get("amount"),
            minimum=amounts.get("min"),
            maximum=amounts.get("max"),
            days=self.number(table, "days", prefix, _MISSING) if "days" in wanted else None,
            outcome=self.outcome(table, prefix, kind, origins),
            police=self.yes_or_no(table, "police", prefix),
        )

    def yes_or_no(
        self, table: Mapping[str, Any], key: str, prefix: str, default: bool = False
    ) -> bool:
        value = table.get(key, default)
        if not isinstance(value, bool):
            self.wrong(prefix + key, "it must be true or false")
        return value is True

    def origins(self, table: Mapping[str, Any], prefix: str) -> frozenset[Origin]:
        value = table.get("from", _MISSING)
        values = [value] if isinstance(value, str) else value
        if isinstance(values, list) and values and all(v in list(Origin) for v in values):
            return frozenset(map(Origin, values))
        self.wrong(
            f"{prefix}from", "it must list where it comes from: %(of)s", of=", ".join(Origin)
        )
        return frozenset({Origin.INCIDENT})

    def outcome(
        self, table: Mapping[str, Any], prefix: str, kind: RuleKind, origins: frozenset[Origin]
    ) -> str | None:
        value = table.get("outcome")
        if Origin.ROLL not in origins:
            if value is not None:
                self.wrong(f"{prefix}outcome", "only a rule that comes from the roll has one")
            if Origin.OUTING in origins and kind is not RuleKind.FIXED:
                self.wrong(f"{prefix}kind", "a rule that comes from outings must be fixed")
            if Origin.DESK in origins and kind not in (RuleKind.FIXED, RuleKind.SUSPENSION):
                self.wrong(
                    f"{prefix}kind", "a rule that comes from the guest desk is fixed or suspension"
                )
            if kind is RuleKind.WAGE_DAYS:
                self.wrong(f"{prefix}kind", "days' wages are charged by the roll only")
            return None
        if len(origins) > 1:
            self.wrong(f"{prefix}from", "a rule that comes from the roll comes from nothing else")
        if kind not in (RuleKind.FIXED, RuleKind.WAGE_DAYS):
            self.wrong(f"{prefix}kind", "a rule that comes from the roll is fixed or wage_days")
        if not isinstance(value, str) or value not in ROLL_OUTCOMES:
            self.wrong(f"{prefix}outcome", "it must be one of: %(of)s", of=", ".join(ROLL_OUTCOMES))
            return None
        return value
