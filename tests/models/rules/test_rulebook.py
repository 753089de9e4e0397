"""Rulebooks: every problem of a bad one is reported, and what rules allow as incidents."""

from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from models.rules import shipped
from models.rules.rulebook import Cap, Excess, Rule, Separation, Window
from models.values.problems import Refused

BOOK = """
name = "house"
title = { en = "House", zh-Hans = "场", zh-Hant = "場" }

[[rules]]
code = "late"
clause = 2
kind = "fixed"
amount = "30"
from = "roll"
outcome = "late"
title = { en = "Late", zh-Hans = "迟到", zh-Hant = "遲到" }

[[rules]]
code = "insult"
clause = "3"
kind = "range"
min = 50
max = 80.5
from = ["incident"]
title = { en = "Insult", zh-Hans = "辱骂", zh-Hant = "辱罵" }
"""


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        shipped.parse(text)
    return [(each.field, str(each)) for each in refusal.value.problems]


def test_what_is_left_out_is_as_usual() -> None:
    book = shipped.parse(BOOK)
    assert (book.briefing, book.shift_end, book.day_start) == (time(19, 30), time(2), time(12))
    assert (book.grace_minutes, book.notice_nights) == (0, 1)
    assert book.wage_days_divisor == Decimal("21.75")
    assert (book.separation, book.cap) == (None, None)
    assert book.source == BOOK
    late, insult = book.rules
    assert (late.amount, late.clause, late.titles["zh-Hant"]) == (3000, "2", "遲到")
    assert (insult.minimum, insult.maximum) == (5000, 8050)


def test_separation_and_cap_are_read() -> None:
    book = shipped.parse(
        BOOK + '[separation]\nabsences = 2\nwithin = "ever"\n'
        '[cap]\npercent = "20"\nfloor = "2690.00"\nexcess = "waive"\n'
    )
    assert book.separation == Separation(2, Window.EVER)
    assert book.cap == Cap(Decimal(20), 269_000, Excess.WAIVE)


@pytest.mark.parametrize(
    ("wage", "limit"), [(870_000, 174_000), (300_000, 31_000), (200_000, 0), (0, 0)]
)
def test_a_cap_leaves_the_floor(wage: int, limit: int) -> None:
    assert Cap(Decimal(20), 269_000, Excess.CARRY).limit(wage) == limit


REPLACED = (
    ('name = "house"', "", "name", "missing"),
    ('name = "house"', 'name = " "', "name", "may not be blank"),
    ('name = "house"', "name = 1", "name", "it must be a text in quotes"),
    ('name = "house"', 'name = "x"\nnmae = 1', "nmae", "no such setting"),
    ('name = "house"', 'name = "x"\nbriefing = "24:00"', "briefing", "a time of day"),
    ('name = "house"', 'name = "x"\nbriefing = 19:30:00', "briefing", "a time of day"),
    ('name = "house"', 'name = "x"\nday_start = "noon"', "day_start", "a time of day"),
    ('name = "house"', 'name = "x"\nshift_end = 2', "shift_end", "a time of day"),
    ('name = "house"', 'name = "x"\ngrace_minutes = -1', "grace_minutes", "from 0 to 720"),
    ('name = "house"', 'name = "x"\ngrace_minutes = true', "grace_minutes", "from 0 to 720"),
    ('name = "house"', 'name = "x"\nnotice_nights = 1.5', "notice_nights", "from 0 to 366"),
    ('name = "house"', 'name = "x"\nwage_days_divisor = 0', "wage_days_divisor", "more than 0"),
    ('name = "house"', 'name = "x"\nwage_days_divisor = nan', "wage_days_divisor", "plain number"),
    ('name = "house"', 'name = "x"\nseparation = 3', "separation", "a table"),
    ('name = "house"', 'name = "x"\nseparation = {}', "separation.absences", "from 1 to 366"),
    (
        'name = "house"',
        'name = "x"\nseparation = { absences = 3, within = "year" }',
        "separation.within",
        "one of: month, consecutive, ever",
    ),
    ('name = "house"', 'name = "x"\ncap = { percent = 20 }', "cap.floor", "missing"),
    (
        'name = "house"',
        'name = "x"\ncap = { percent = 101, floor = 0, excess = "carry" }',
        "cap.percent",
        "between 0 and 100",
    ),
    (
        'name = "house"',
        'name = "x"\ncap = { percent = 20, floor = 0, excess = "keep" }',
        "cap.excess",
        "one of: carry, waive",
    ),
    (', zh-Hant = "場"', "", "title.zh-Hant", "missing"),
    (', zh-Hant = "場"', ', fr = "Maison", zh-Hant = "場"', "title.fr", "no such setting"),
    ('code = "late"', 'code = "Late"', "rules[1].code", "small letters"),
    ('code = "insult"', 'code = "late"', "rules", "code late stands twice"),
    ('en = "Insult"', 'en = "Late"', "rules", "title.en Late stands twice"),
    ("clause = 2", "", "rules.late.clause", "missing"),
    ('kind = "fixed"', 'kind = "gift"', "rules.late.kind", "one of: fixed"),
    ('kind = "fixed"', 'kind = "wage_days"', "rules.late.amount", "wage_days has none"),
    ('kind = "fixed"', 'kind = "wage_days"', "rules.late.days", "missing"),
    ('amount = "30"', "", "rules.late.amount", "missing"),
    ('amount = "30"', 'amount = "-30"', "rules.late.amount", "plain number"),
    ('amount = "30"', "amount = 1e2000", "rules.late.amount", "plain number"),
    ('amount = "30"', 'amount = "30.005"', "rules.late.amount", "at most two decimals"),
    ("min = 50", "min = 90", "rules.insult.min", "more than max"),
    ('from = "roll"', "from = []", "rules.late.from", "roll, outing, incident"),
    ('from = "roll"', 'from = "payroll"', "rules.late.from", "roll, outing, incident"),
    ('from = "roll"', 'from = ["roll", "incident"]', "rules.late.from", "nothing else"),
    ('from = "roll"', 'from = "incident"', "rules.late.outcome", "only a rule"),
    ('from = ["incident"]', 'from = ["outing"]', "rules.insult.kind", "must be fixed"),
    ('from = ["incident"]', 'from = ["roll"]', "rules.insult.kind", "fixed or wage_days"),
    ('outcome = "late"', "", "rules.late.outcome", "one of: late, missed, absent"),
    ('outcome = "late"', 'outcome = "rest"', "rules.late.outcome", "one of: late, missed, absent"),
    ('kind = "range"', 'kind = "range"\npolice = "yes"', "rules.insult.police", "true or false"),
    ('kind = "range"', 'kind = "range"\nfine = 1', "rules[2].fine", "no such setting"),
)


@pytest.mark.parametrize(("old", "new", "field", "message"), REPLACED)
def test_each_flaw_is_named(old: str, new: str, field: str, message: str) -> None:
    assert old in BOOK
    found = problems(BOOK.replace(old, new))
    assert [text for where, text in found if where == field and message in text], found


def test_all_flaws_are_named_at_once() -> None:
    text = BOOK
    for old, new, _, _ in REPLACED[::-1]:
        text = text.replace(old, new, 1)
    assert len(problems(text)) > 10


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name =", "it is not TOML"),
        ("a = " + "[" * 5000, "it is not TOML"),
        ("name = 'a'\nname = 'b'", "it is not TOML"),
        (f"a = {'9' * 5000}", "a number in it can't be read"),
    ],
)
def test_what_is_no_toml(text: str, message: str) -> None:
    [(field, found)] = problems(text)
    assert field == "file"
    assert message in found


def test_a_rulebook_has_rules() -> None:
    assert ("rules", "a rulebook has at least one rule") in problems(BOOK.partition("[[")[0])
    for rules in ('"none"', "[1]"):
        found = problems(f"rules = {rules}\n" + BOOK.partition("[[")[0])
        assert ("rules", "they must be tables headed [[rules]]") in found


def test_two_rules_do_not_fine_the_same_outcome() -> None:
    late = BOOK.split("[[rules]]")[1]
    found = problems(f"{BOOK}[[rules]]{late}")
    assert ("rules", "outcome late stands twice") in found


def test_a_file_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_bytes(b"\xef\xbb\xbf" + BOOK.encode())
    assert shipped.load(str(file)).name == "house"
    file.write_bytes(BOOK.encode("gb18030"))
    for path, message in (
        (file, "it is not UTF-8"),
        (tmp_path, "it can't be read"),
        (tmp_path / "none", "the rulebooks that come with the program are club, nightlife"),
        ("a\0b", "it can't be read"),
    ):
        with pytest.raises(Refused, match=message):
            shipped.load(str(path))


def rule(code: str) -> Rule:
    found = shipped.load("nightlife").rule(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "amount", "note", "wrong"),
    [
        ("late", None, None, ["rule"]),
        ("absence", None, None, ["rule"]),
        ("left_post", None, None, []),
        ("left_post", 10_000, None, []),
        ("left_post", 9_999, None, ["amount"]),
        ("insubordination", 30_000, "swore", []),
        ("insubordination", 50_000, "struck", []),
        ("insubordination", 29_999, "swore", ["amount"]),
        ("insubordination", 50_001, "swore", ["amount"]),
        ("insubordination", None, "swore", ["amount"]),
        ("insubordination", 30_000, None, ["note"]),
        ("insubordination", 30_000, " \n", ["note"]),
        ("booking_fraud", None, None, []),
        ("booking_fraud", 0, None, []),
        ("booking_fraud", 12_345, "two rooms", []),
        ("booking_fraud", 1, None, ["note"]),
        ("drugs", None, None, []),
        ("drugs", 0, None, ["amount"]),
        ("theft", 100, None, ["amount"]),
    ],
)
def test_what_an_incident_may_say(
    code: str, amount: int | None, note: str | None, wrong: list[str]
) -> None:
    assert [each.field for each in rule(code).incident_problems(amount, note)] == wrong


@pytest.mark.parametrize(
    ("code", "amount", "cents"),
    [
        ("left_post", None, 10_000), ("insubordination", 40_000, 40_000), ("drugs", None, 0),
        ("booking_fraud", None, 0), ("booking_fraud", 5_000, 5_000), ("theft", None, 0),
    ],
)  # fmt: skip
def test_what_an_incident_charges(code: str, amount: int | None, cents: int) -> None:
    assert rule(code).incident_amount(amount) == cents


@pytest.mark.parametrize(
    ("wage", "cents"), [(870_000, 160_000), (435_050, 80_009), (1, 0), (3, 1), (0, 0)]
)
def test_days_wages_are_rounded_to_the_cent(wage: int, cents: int) -> None:
    book = shipped.load("nightlife")
    assert book.wage_days(rule("absence"), wage) == cents


def test_half_a_cent_is_rounded_away_from_zero() -> None:
    book = shipped.parse('wage_days_divisor = "8"' + BOOK)
    assert book.wage_days(rule("absence"), 1) == 1
