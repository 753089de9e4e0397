"""What the guest desk costs: a turn beside a mark on the roll, whose a guest is among a hundred
thousand, and a month's sales judged beside reading their rows."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from models.backup.opening import open_venue
from models.guests import desk, register
from models.ledger.credits import sales_between
from models.operations import roll
from models.operations.venue import make_venue
from models.rules import shipped
from models.storage import audit
from models.storage.database import close_database, execute_many, transaction
from models.storage.gc_pause import uncollected
from tests.bench import plain
from tests.bench.measure import (
    Compared,
    Seconds,
    in_turn,
    percentile,
    quickest,
    say,
    say_ratio,
    shown,
    timed,
    title,
    typical,
)
from tests.trust import house

TURN = 1.5
MONTH = 5.0
OWNER = 0.020
NIGHT = date(2020, 9, 2)
ORDER = house.STAFF[:20]


def measure() -> None:
    """The whole of it."""
    a_turn(nights=3)
    an_owner(guests=100_000, contacts=300_000, asked=200)
    a_month(deals=10_000, claims=3_000, rounds=5)


def measure_quickly() -> None:
    """Fewer guests, fewer sales."""
    a_turn(nights=1)
    an_owner(guests=10_000, contacts=30_000, asked=50)
    a_month(deals=2_000, claims=600, rounds=3)


# A turn


def a_turn(nights: int) -> Compared:
    """Compares giving a guest to whose turn it is with a mark on the roll, on one database."""
    title(f"A turn given, {len(house.STAFF)} guests a night, {nights} nights")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        found = typical(*turns_beside_marks(Path(name), nights))
    say_ratio("a turn to a mark", found, TURN)
    return found


def turns_beside_marks(folder: Path, nights: int) -> tuple[list[Seconds], list[Seconds]]:
    """How long each turn took, and each mark between them. Everybody signs first; the night's
    marks are those of another night, so that both grow alike."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'venue.db'}"
    house.make(url)
    open_venue(url)
    try:
        turns, marks = _turns(nights), _marks(nights)
        each = (lambda: next(turns), lambda: next(marks))
        given, marked = in_turn(each, nights * len(house.STAFF))
        return given, marked
    finally:
        close_database()


def _marks(nights: int) -> Iterator[Seconds]:
    for night in range(nights):
        for place, staff_no in enumerate(house.STAFF):
            on = NIGHT + timedelta(days=100 + night)
            session = house.session_at(on, ("19:25", "19:40")[place % 2])
            begun = perf_counter()
            roll.mark(session, staff_no, director_no="D1")
            yield perf_counter() - begun


def _turns(nights: int) -> Iterator[Seconds]:
    for number in range(nights):
        night = NIGHT + timedelta(days=number)
        session = house.session_at(night, "19:20")
        desk.make_order(session, night, tuple(ORDER))
        for staff_no in ORDER:
            roll.mark(session, staff_no, director_no="D1")
        for guest in range(len(house.STAFF)):
            now = session.calendar.parse(f"{night}T{20 + guest // 60}:{guest % 60:02}")
            session.clock = partial(int, now)
            guest_no = register.add(session, f"客人{guest}", f"138{number:04}{guest:04}")
            visit_no = desk.arrive(session, guest_no)
            begun = perf_counter()
            desk.give(session, visit_no)
            taken = perf_counter() - begun
            if guest >= len(ORDER) // 2:  # some are with their guests as the next come
                session.clock = partial(int, now + 1)
                desk.gone(session, f"V{night:%y%m%d}-{guest - len(ORDER) // 2 + 1:02d}")
            yield taken


# Whose a guest is


def an_owner(guests: int, contacts: int, asked: int) -> list[Seconds]:
    """Measures how long the register takes to say whose a guest is who has just come in."""
    title(f"Whose a guest is, among {guests:,} guests and {contacts:,} contacts")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        taken = owners(Path(name), guests, contacts, asked)
    slowest = percentile(taken, 99)
    say("the median answer", shown(percentile(taken, 50)))
    say("of a hundred, the slowest", f"{shown(slowest)} (under {shown(OWNER)})", slowest < OWNER)
    return taken


def owners(folder: Path, guests: int, contacts: int, asked: int) -> list[Seconds]:
    """How long each answer took, from a phone to whose they are."""
    random = Random(13)
    taken = []
    with _venue(folder, "property_sales"):
        with transaction():
            execute_many(
                "INSERT INTO guests (guest_no, name, phone, phone_key, kind)"
                " VALUES (?, ?, ?, ?, 'guest')",
                (
                    (f"G{number}", f"客人{number}", _phone(number), _phone(number))
                    for number in range(guests)
                ),
            )
            execute_many(
                "INSERT INTO contacts (contact_no, staff_no, guest_no, kind, at, night, number)"
                " VALUES (?, ?, ?, 'visit', ?, '2020-08-01', 'full')",
                (
                    (f"N{number}", random.choice(house.STAFF), f"G{number % guests}", number)
                    for number in range(contacts)
                ),
            )
            audit.record(at=1, who="tester", terminal="test:1", action="import")
        session = house.session_at(NIGHT, "20:00")
        for _ in range(asked):
            number = random.randrange(guests)
            begun = perf_counter()
            [found] = register.find(session, _phone(number))
            owned = register.whose(session, found.guest_no)
            taken.append(perf_counter() - begun)
            assert owned is not None
    return taken


def _phone(number: int) -> str:
    return f"138{number:08}"


# A month of sales


def a_month(deals: int, claims: int, rounds: int) -> Compared:
    """Compares judging whose a month's sales are with reading the rows that takes."""
    title(f"A month of {deals:,} sales and {claims:,} claims")
    with tempfile.TemporaryDirectory(prefix="venue-tui-bench-") as name:
        found = quickest(*months(Path(name), deals, claims, rounds))
    say_ratio("judging a month's sales to reading their rows", found, MONTH)
    return found


class _Row(NamedTuple):
    """A row as somebody would read it by hand."""

    key: str
    night: date | None
    rest: tuple[object, ...]


READ = (
    "SELECT deal_no, night, at, closer_no, guest_no, user_no, kind, buyers, visit_no, phone,"
    " same_person_note_at, amount FROM deals",
    "SELECT deal_no, found_on, staff_no FROM claims",
    "SELECT deal_no, NULL, shares FROM credit_decisions",
    "SELECT guest_no, NULL, name, phone, phone_key, unit, kind, introduced_by, consultant_no"
    " FROM guests",
    "SELECT contact_no, night, staff_no, guest_no, kind, at, for_night, number, reached_on,"
    " signed_by, answered, void FROM contacts",
    "SELECT visit_no, night, at, guest_no, party_no, asked_been, asked_for_whom,"
    " asked_appointment, asked_for, asked_member, asked_before_tour, prompted, voucher_of,"
    " received_by, left_at FROM visits",
    "SELECT visit_no, NULL, staff_no FROM turns",
    "SELECT guest_no, from_night, from_staff_no, to_staff_no FROM heirs",
)
"""Every row that judging the month's sales looks at, and the columns of it."""


def _read(database: Path) -> dict[str, list[_Row]]:
    """All of them by their guest or sale, nights as dates: what anybody who judges them needs."""
    found: defaultdict[str, list[_Row]] = defaultdict(list)
    with plain.connected(database) as connection:
        for sql in READ:
            for key, night, *rest in connection.execute(sql):
                on = None if night is None else date.fromisoformat(night)
                found[key].append(_Row(key, on, tuple(rest)))
    return found


def months(
    folder: Path, deals: int, claims: int, rounds: int
) -> tuple[list[Seconds], list[Seconds]]:
    """How long judging took each time, and reading the rows."""
    with _venue(folder, "club"):
        _sell(deals, claims)
        session = house.session_at(date(2020, 9, 30), "20:00")

        @uncollected()
        def judge() -> None:
            sales = sales_between(session, date(2020, 9, 1), date(2020, 9, 30))
            assert len(sales) == deals

        read = uncollected()(_read)
        ways = (lambda: timed(judge), lambda: timed(lambda: read(folder / "venue.db")))
        ours, theirs = in_turn(ways, rounds)
        return ours, theirs


def _sell(deals: int, claims: int) -> None:
    random = Random(7)
    nights = [date(2020, 9, 1) + timedelta(days=day) for day in range(27)]
    guests, visits, contacts, sales, said = [], [], [], [], []
    for number in range(deals):
        night, guest_no = random.choice(nights), f"G{number}"
        closer, other = random.sample(house.STAFF, 2)
        at = 1_600_000_000 + number
        guests.append((guest_no, f"客人{number}", _phone(number), _phone(number)))
        visits.append((f"V{number}", night.isoformat(), at, guest_no, closer))
        sales.append((f"D{number}", night.isoformat(), closer, guest_no, 288_001))
        if number < claims:
            before = (night - timedelta(days=random.randrange(1, 20))).isoformat()
            contacts.append((f"N{number}", other, guest_no, at - 86_400, before))
            found = night + timedelta(days=random.randrange(10))
            said.append((f"D{number}", other, found.isoformat()))
    with transaction():
        for sql, rows in (
            (
                "INSERT INTO guests (guest_no, name, phone, phone_key, kind)"
                " VALUES (?, ?, ?, ?, 'guest')",
                guests,
            ),
            (
                "INSERT INTO visits (visit_no, night, at, guest_no, received_by)"
                " VALUES (?, ?, ?, ?, ?)",
                visits,
            ),
            (
                "INSERT INTO contacts (contact_no, staff_no, guest_no, kind, at, night, number)"
                " VALUES (?, ?, ?, 'follow_up', ?, ?, 'full')",
                contacts,
            ),
            (
                "INSERT INTO deals (deal_no, night, closer_no, guest_no, kind, buyers, amount)"
                " VALUES (?, ?, ?, ?, 'new', 1, ?)",
                sales,
            ),
            ("INSERT INTO claims (deal_no, staff_no, found_on) VALUES (?, ?, ?)", said),
        ):
            execute_many(sql, rows)
        audit.record(at=1, who="tester", terminal="test:1", action="import")


@contextmanager
def _venue(folder: Path, rulebook: str) -> Iterator[None]:
    """The house that is tried, under another rulebook, open."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder / 'venue.db'}"
    open_venue(url, create=True)
    make_venue("测试", "Asia/Shanghai", shipped.load(rulebook), 1, "tester", "test:1")
    with transaction():
        execute_many(
            "INSERT INTO staff (staff_no, name, position, hired_on, monthly_wage)"
            " VALUES (?, ?, 'staff', '2019-01-01', 870000)",
            [(number, f"员工{number}") for number in house.STAFF],
        )
        audit.record(at=1, who="tester", terminal="test:1", action="import")
    try:
        yield
    finally:
        close_database()
