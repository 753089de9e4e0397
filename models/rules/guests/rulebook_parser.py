"""Reads the guest desk's part of a rulebook's TOML. Anything it doesn't know is refused."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import time
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol

from models.rules.guests.rulebook import (
    ABOUT,
    CHOICES_OF_CLAIM,
    CLAIM_WORDS,
    ENDS,
    OWNER_WORDS,
    OWNERS,
    RANGES,
    SKIPS,
    STARTS,
    TOUCH_KINDS,
    After,
    Band,
    ClaimRule,
    Clock,
    GuestRules,
    MonthEnd,
    Number,
    OwnerRule,
    PromiseRule,
    Range,
    Rotation,
    Skip,
    Span,
    Touch,
    Validity,
    Wanted,
    When,
)

_MONTHS = re.compile(r"([1-9][0-9]?) months?")
_SPAN = re.compile(r"([1-9][0-9]{0,3}) (min|h|nights?|months?)")
_SHARE = re.compile(r"([0-9]{1,4})(?:/([1-9][0-9]{0,3}))?")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_LEADING = ("closer", "other", "other's supervisor", "director")
_PARTS = ("booker", "named", "turn", "served")


class Reader(Protocol):
    """What reads a rulebook, and collects what is wrong with it."""

    def wrong(self, where: str, message: str, **values: object) -> None: ...

    def only(self, table: Mapping[str, Any], known: Collection[str], prefix: str) -> None: ...

    def text(self, table: Mapping[str, Any], key: str, prefix: str, default: Any = ...) -> str: ...

    def code(self, table: Mapping[str, Any], prefix: str) -> str: ...

    def whole(
        self, table: Mapping[str, Any], key: str, prefix: str, least: int, most: int, default: Any
    ) -> int: ...

    def yes_or_no(
        self, table: Mapping[str, Any], key: str, prefix: str, default: bool = False
    ) -> bool: ...


def read_guest_rules(reader: Reader, table: Mapping[str, Any]) -> GuestRules:
    """The guest desk's rules of a rulebook's table, which has a section of theirs at least."""
    return _GuestReader(reader).rules(table)


class _GuestReader:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.wrong = reader.wrong

    def rules(self, table: Mapping[str, Any]) -> GuestRules:
        guests = self.section(table, "guests", {"one_client", "number"})
        owners = [self.owner(each, at) for each, at in self.tables(table, "owners")]
        claims = [self.claim(each, at) for each, at in self.tables(table, "claims")]
        promises = [self.promise(each, at) for each, at in self.tables(table, "promises")]
        for name, codes in (
            ("owners", [rule.code for rule in owners]),
            ("claims", [rule.code for rule in claims]),
            ("promises", [rule.code for rule in promises]),
        ):
            for code in sorted({code for code in codes if code and codes.count(code) > 1}):
                self.wrong(name, "%(what)s %(value)s stands twice", what="code", value=code)
        if owners and owners[-1].when:
            self.wrong("owners", "the last must hold always: when = {}")
        if claims and not owners:
            self.wrong("claims", "claims need owners that they are made against")
        one_client = self.words(
            guests, "one_client", "guests.", ("phone", "household", "company"), ("phone",)
        )
        return GuestRules(
            one_client=one_client,
            number=self.number(guests.get("number", {})),
            touches=self.touches(table.get("touches", {})),
            owners=tuple(owners),
            claims=tuple(claims),
            after=self.after(table),
            month_end=self.month_end(table),
            rotation=self.rotation(table) if "rotation" in table else None,
            promises=tuple(promises),
        )

    # Parts of it

    def number(self, table: Any) -> Number:
        at = "guests.number."
        if not self.is_table(table, "guests.number"):
            return Number()
        self.reader.only(table, {"own", "overwritten", "unreachable_days", "masked"}, at)
        days = None
        if "unreachable_days" in table:
            days = self.reader.whole(table, "unreachable_days", at, 0, 366, default=0)
        return Number(
            own=self.reader.yes_or_no(table, "own", at),
            overwritten=self.word(table, "overwritten", at, ("valid", "void"), "valid"),
            masked=self.word(table, "masked", at, ("valid", "void", "if_followed"), "valid"),
            unreachable_days=days,
        )

    def touches(self, table: Any) -> dict[str, Touch]:
        if not self.is_table(table, "touches"):
            return {}
        self.reader.only(table, TOUCH_KINDS, "touches.")
        touches = {}
        for kind in TOUCH_KINDS:
            at = f"touches.{kind}."
            if kind not in table or not self.is_table(table[kind], at[:-1]):
                continue
            part = table[kind]
            known = {"valid", "second", "signed", "before_arrival", "void_if", "owns"}
            self.reader.only(part, known, at)
            touches[kind] = Touch(
                valid=self.validity(part, at),
                second_void=self.word(part, "second", at, ("valid", "void"), "valid") == "void",
                signed=self.reader.yes_or_no(part, "signed", at),
                before_arrival=self.reader.yes_or_no(part, "before_arrival", at),
                void_if=self.codes(part, "void_if", at),
                owns=self.reader.yes_or_no(part, "owns", at, default=True),
            )
        return touches

    def validity(self, table: Mapping[str, Any], at: str) -> Validity:
        value = table.get("valid")
        if value == "day":
            return Validity()
        if value == "ever":
            return Validity(ever=True)
        match = _MONTHS.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong(f"{at}valid", 'it must be "day", "ever" or a number of months: "1 month"')
            return Validity()
        return Validity(months=int(match[1]))

    def owner(self, table: Mapping[str, Any], at: str) -> OwnerRule:
        self.reader.only(table, {"code", "clause", "when", "owner", "final"}, at)
        code, at = self.code(table, at, "owners")
        return OwnerRule(
            code=code,
            clause=self.reader.text(table, "clause", at),
            when=self.when(table, at, OWNER_WORDS),
            owner=self.word(table, "owner", at, OWNERS, None),
            final=self.reader.yes_or_no(table, "final", at),
        )

    def claim(self, table: Mapping[str, Any], at: str) -> ClaimRule:
        self.reader.only(table, {"code", "clause", "when", "found", "beyond_month"}, at)
        code, at = self.code(table, at, "claims")
        return ClaimRule(
            code=code,
            clause=self.reader.text(table, "clause", at),
            when=self.when(table, at, CLAIM_WORDS),
            found=self.bands(table, at),
            beyond_month=self.reader.yes_or_no(table, "beyond_month", at),
        )

    def bands(self, table: Mapping[str, Any], at: str) -> tuple[Band, ...]:
        value = table.get("found")
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(f"{at}found", 'it must list bands: [{ days = 7, share = "1" }]')
            return ()
        bands: list[Band] = []
        for i, each in enumerate(value, 1):
            where = f"{at}found[{i}]."
            self.reader.only(each, {"days", "share"}, where)
            days = None
            if "days" in each:
                days = self.reader.whole(each, "days", where, 1, 3660, default=1)
            bands.append(Band(days, self.share(each, "share", where)))
        for first, second in pairwise(bands):
            if first.days is None or (second.days is not None and second.days <= first.days):
                self.wrong(f"{at}found", "each band must reach further than the one before")
                break
            if second.share > first.share:
                # Who finds a sale sooner never gains less by it.
                self.wrong(f"{at}found", "a later band may not gain more than an earlier one")
                break
        return tuple(bands)

    def when(self, table: Mapping[str, Any], at: str, known: Iterable[str]) -> When:
        value = table.get("when")
        if not isinstance(value, dict):
            self.wrong(f"{at}when", "it must be a table, { } where it holds always")
            return {}
        at = f"{at}when."
        self.reader.only(value, set(known), at)
        wanted: dict[str, Wanted] = {}
        for word in value:
            if word not in known:
                continue
            if word in CHOICES_OF_CLAIM:
                wanted[word] = self.words(value, word, at, CHOICES_OF_CLAIM[word], ())
            elif word in RANGES:
                wanted[word] = self.range(value, word, at)
            else:
                wanted[word] = self.reader.yes_or_no(value, word, at)
        return wanted

    def range(self, table: Mapping[str, Any], key: str, at: str) -> Range:
        value, at = table[key], f"{at}{key}."
        if not self.is_table(value, at[:-1]):
            return Range()
        self.reader.only(value, {"min", "max"}, at)
        ends = [
            self.reader.whole(value, end, at, 0, 100_000, default=0) if end in value else None
            for end in ("min", "max")
        ]
        if ends == [None, None]:
            self.wrong(at[:-1], "give min, max or both")
        return Range(*ends)

    def after(self, table: Mapping[str, Any]) -> After:
        at = "after."
        known = {"service", "subject", "shares", "partner", "disqualified"}
        part = self.section(table, "after", known)
        service = part.get("service", {})
        if not self.is_table(service, "after.service"):
            service = {}
        self.reader.only(service, {"whole", "half"}, "after.service.")
        who = ("claimant", "closer", "owner")
        whole, half = (
            self.word(service, key, "after.service.", who, None) if key in service else None
            for key in ("whole", "half")
        )
        partner = self.word(part, "partner", at, ("agreed", "none"), "none")
        return After(
            whole=whole,
            half=half,
            subject=self.word(part, "subject", at, ("user", "payer"), "payer"),
            shares=self.shares(part.get("shares", {})),
            partner_agreed=partner == "agreed",
            disqualified=self.codes(part, "disqualified", at),
        )

    def shares(self, table: Any) -> dict[str, Fraction]:
        if not self.is_table(table, "after.shares"):
            return {}
        self.reader.only(table, _PARTS, "after.shares.")
        shares = {
            part: self.share(table, part, "after.shares.") for part in _PARTS if part in table
        }
        served = shares.get("served")
        for part, share in shares.items():
            if part != "served" and share != 1 and share + (served or 0) != 1:
                self.wrong(f"after.shares.{part}", "with served it must come to 1")
        if served is not None and all(s == 1 for part, s in shares.items() if part != "served"):
            self.wrong("after.shares.served", "the others leave nothing to whoever served")
        return shares

    def month_end(self, table: Mapping[str, Any]) -> MonthEnd:
        at = "month_end."
        known = {"last_days", "earlier", "next_month", "change_signed_by"}
        part = self.section(table, "month_end", known)
        self.word(part, "earlier", at, ("between_them",), "between_them")
        signed = part.get("change_signed_by", [])
        if not isinstance(signed, list) or not all(each in _LEADING for each in signed):
            self.wrong(f"{at}change_signed_by", "it must list: %(of)s", of=", ".join(_LEADING))
            signed = []
        void = self.word(part, "next_month", at, ("void", "stands"), "stands") == "void"
        return MonthEnd(
            last_days=self.reader.whole(part, "last_days", at, 0, 31, default=0),
            next_month_void=void,
            change_signed_by=tuple(signed),
        )

    def rotation(self, table: Mapping[str, Any]) -> Rotation:
        at = "rotation."
        part = self.section(
            table,
            "rotation",
            {"order", "counting", "make_up", "owed_until", "new", "skip", "named", "known",
             "suspension"},
        )  # fmt: skip
        self.word(part, "order", at, ("manager",), "manager")
        skip = self.part(part, "skip", at, SKIPS)
        named = self.part(part, "named", at, ("counts", "absent"))
        known = self.part(part, "known", at, ("counts", "busy", "absent"))
        suspension = self.part(part, "suspension", at, ("nights", "from"))
        absent = ("turn", "office")
        return Rotation(
            counting=self.word(part, "counting", at, ("pointer", "fewest"), "pointer"),
            make_up=self.word(part, "make_up", at, ("next", "round"), "next"),
            owed_until=self.word(part, "owed_until", at, ("night", "week"), "night"),
            whoever_receives=self.word(part, "new", at, ("turn", "receiver"), "turn") == "receiver",
            skip={
                reason: Skip(self.word(skip, reason, f"{at}skip.", tuple(Skip), None))
                for reason in SKIPS
                if reason in skip
            },
            named_counts=self.reader.yes_or_no(named, "counts", f"{at}named."),
            named_absent=self.word(named, "absent", f"{at}named.", absent, "turn"),
            known_counts=self.reader.yes_or_no(known, "counts", f"{at}known."),
            known_busy=self.word(known, "busy", f"{at}known.", ("last", "turn"), "turn"),
            known_absent=self.word(known, "absent", f"{at}known.", absent, "turn"),
            suspension_nights=self.reader.whole(
                suspension, "nights", f"{at}suspension.", 1, 366, default=1
            ),
            suspension_from=self.word(
                suspension, "from", f"{at}suspension.", ("next", "same"), "next"
            ),
        )

    def promise(self, table: Mapping[str, Any], at: str) -> PromiseRule:
        self.reader.only(
            table,
            {"code", "clause", "starts", "ends", "within", "at_most", "clock", "tries",
             "not_between", "count", "for", "escalate"},
            at,
        )  # fmt: skip
        code, at = self.code(table, at, "promises")
        clock = Clock(self.word(table, "clock", at, tuple(Clock), Clock.SERVICE))
        within = self.span(table, "within", at, clock)
        at_most = self.span(table, "at_most", at, clock) if "at_most" in table else None
        if at_most is not None and at_most < within:
            self.wrong(f"{at}at_most", "it must reach further than within")
        tries = None
        if "tries" in table:
            tries = self.reader.whole(table, "tries", at, 1, 100, default=1)
        return PromiseRule(
            code=code,
            clause=self.reader.text(table, "clause", at, default=""),
            starts=self.word(table, "starts", at, STARTS, None),
            ends=self.word(table, "ends", at, ENDS, None),
            within=within,
            at_most=at_most,
            clock=clock,
            tries=tries,
            not_between=self.quiet(table, at),
            times=self.reader.whole(table, "count", at, 1, 100, default=1),
            about=self.words(table, "for", at, ABOUT, ()),
            escalate=tuple(
                level
                for level in ("supervisor", "director")
                if level in self.words(table, "escalate", at, ("supervisor", "director"), ())
            ),
        )

    def span(self, table: Mapping[str, Any], key: str, at: str, clock: Clock) -> Span:
        value = table.get(key)
        match = _SPAN.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong(at + key, 'it must be a length of time such as "2 h", "3 nights"')
            return Span(seconds=60)
        number, unit = int(match[1]), match[2].rstrip("s")
        fitting = ("night",) if clock is Clock.NIGHTS else ("min", "h")
        if unit not in (*fitting, "month"):
            self.wrong(at + key, "the clock %(clock)s doesn't count in that", clock=clock)
        if unit == "night":
            return Span(nights=number)
        if unit == "month":
            return Span(months=number)
        return Span(seconds=number * (60 if unit == "min" else 3600))

    def quiet(self, table: Mapping[str, Any], at: str) -> tuple[time, time] | None:
        value = table.get("not_between")
        if value is None:
            return None
        pair = value if isinstance(value, list) else []
        matches = [_CLOCK.fullmatch(each) if isinstance(each, str) else None for each in pair]
        clocks = [time(int(each[1]), int(each[2])) for each in matches if each is not None]
        if len(pair) != 2 or len(clocks) != 2 or clocks[0] == clocks[1]:
            self.wrong(f"{at}not_between", 'it must be two times of day: ["02:00", "13:00"]')
            return None
        return clocks[0], clocks[1]

    # What the parts are made of

    def is_table(self, value: Any, where: str) -> bool:
        if not isinstance(value, dict):
            self.wrong(where, "it must be a table")
            return False
        return True

    def section(
        self, table: Mapping[str, Any], name: str, known: Collection[str]
    ) -> Mapping[str, Any]:
        value = table.get(name, {})
        if not self.is_table(value, name):
            return {}
        self.reader.only(value, known, f"{name}.")
        return dict(value)

    def part(
        self, table: Mapping[str, Any], name: str, at: str, known: Collection[str]
    ) -> Mapping[str, Any]:
        value = table.get(name, {})
        if not self.is_table(value, at + name):
            return {}
        self.reader.only(value, known, f"{at}{name}.")
        return dict(value)

    def tables(self, table: Mapping[str, Any], name: str) -> list[tuple[Mapping[str, Any], str]]:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(name, "they must be tables headed [[%(name)s]]", name=name)
            return []
        return [(each, f"{name}[{i}].") for i, each in enumerate(value, 1)]

    def code(self, table: Mapping[str, Any], at: str, name: str) -> tuple[str, str]:
        """A rule's code, and how what is wrong with the rule is located from then on."""
        code = self.reader.code(table, at)
        return code, f"{name}.{code}." if code else at

    def word(
        self, table: Mapping[str, Any], key: str, at: str, of: Collection[str], default: str | None
    ) -> str:
        value = table.get(key, default)
        if isinstance(value, str) and value in of:
            return value
        self.wrong(at + key, "it must be one of: %(values)s", values=", ".join(of))
        return next(iter(of))

    def words(
        self,
        table: Mapping[str, Any],
        key: str,
        at: str,
        of: Collection[str],
        default: Collection[str],
    ) -> frozenset[str]:
        """One word, or a list of them; a list that is given may not be empty."""
        if key not in table:
            return frozenset(default)
        value = table[key]
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not values or not all(each in of for each in values):
            self.wrong(at + key, "it must be one or some of: %(values)s", values=", ".join(of))
            return frozenset()
        return frozenset(values)

    def codes(self, table: Mapping[str, Any], key: str, at: str) -> frozenset[str]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(each, str) and re.fullmatch(r"[a-z][a-z0-9_]{0,39}", each) for each in value
        ):
            self.wrong(at + key, "it must list codes, of small letters, digits and _")
            return frozenset()
        return frozenset(value)

    def share(self, table: Mapping[str, Any], key: str, at: str) -> Fraction:
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        match = _SHARE.fullmatch(value) if isinstance(value, str) else None
        share = Fraction(int(match[1]), int(match[2] or 1)) if match is not None else None
        if share is None or not 0 < share <= 1:
            self.wrong(at + key, 'it must be a share above 0 and up to 1, such as "1/2"')
            return Fraction(1)
        return share
