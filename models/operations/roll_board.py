"""The roll of a night as it is looked at: everyone's row, the counts, and what there is to know of
somebody while it is called."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from models.access.scope import only_readable, require_readable
from models.access.session import Session
from models.ledger.grooming import Look, looks, looks_read
from models.ledger.night_preview import board_order, night_view, view_reads
from models.ledger.settling import settle
from models.operations import first_call
from models.operations.roll import NO_SIGN, Marked, Signs, standing_fines
from models.rules.charges import Outcome, Status
from models.rules.judgement import Charge
from models.storage import audit
from models.storage.database import Read, ask, execute, together
from models.storage.employment import Teams, among
from models.values.nights import Instant, first_night, month_of

_ALL_SIGNS = "SELECT staff_no, arrived_at, made_up_at, departed_at FROM attendance WHERE night = ?"
_OUT = (
    "SELECT DISTINCT staff_no FROM outings"
    " WHERE night = ? AND out_at IS NOT NULL AND back_at IS NULL"
)
_NAMES = "SELECT staff_no, name, team, initials FROM staff"
_MANY = 200
"""From so many on everybody is read as quickly."""
_CHARGES = (
    "SELECT night, rule, source, amount, status FROM charges WHERE staff_no = ?"
    " AND night BETWEEN ? AND ? AND status <> 'reversed' ORDER BY night DESC, rule, source"
)
_BOOKINGS = (
    "SELECT b.booking_no, b.place, p.kind, b.turn, b.guest_name, b.booked_at, b.status, b.amount"
    " FROM bookings b JOIN places p ON p.place = b.place WHERE b.night = ? AND b.staff_no = ?"
    " ORDER BY b.place, b.turn, b.booking_no"
)
_OF_ONE = frozenset({
    "attendance", "passed_names", "grooming", "leave", "outings", "bookings", "incidents",
    "waivers",
})  # fmt: skip
"""The tables whose rows change the roll of whomever they are about, and nobody else's."""
_SIGNS_ALONE = frozenset({"attendance", "passed_names", "grooming"})


class RollRow(NamedTuple):
    """One staffer on a night's roll."""

    staff_no: str
    name: str
    team: str | None
    edited: str | None
    """The initials that a person wrote, where they did."""
    outcome: Outcome
    signs: Signs
    room: bool
    charges: tuple[Charge, ...]
    passed: bool = False
    """That their name was called in the first call, and nobody answered."""
    out: bool = False
    """That they are out of the house."""
    late_leave: bool = False
    """That they have leave for the night which came too late for it."""
    look: Look | None = None
    """How they looked as the night began, where somebody looked."""

    @property
    def initials(self) -> tuple[str, ...]:
        """By which they are found, one for every way to read the name."""
        from models.values.pinyin import initials  # a table that only who looks for somebody needs

        return initials(self.name, self.edited or "")

    @property
    def unmarked(self) -> bool:
        """Whether no sign is there of someone who doesn't rest."""
        return self.outcome in (Outcome.PENDING, Outcome.ABSENT)

    @property
    def uncalled(self) -> bool:
        """Whether their name has yet to be called."""
        return self.unmarked and not self.passed

    @property
    def resting(self) -> bool:
        return self.outcome is Outcome.REST

    @property
    def fine(self) -> int:
        """The cents of the night's standing charges."""
        return standing_fines(self.charges)

    def after(self, marked: Marked) -> "RollRow":
        """The row as a change left it."""
        return self._replace(
            outcome=marked.outcome or self.outcome,
            signs=marked.signs or NO_SIGN,
            room=marked.room,
            charges=marked.charges,
            passed=self.passed or self.staff_no in marked.passed,
        )


class Summary(NamedTuple):
    """A roll counted: `teams` in the board's order, `fines` the cents of its standing charges,
    `uncalled` those whose names have yet to be called."""

    outcomes: Counter[Outcome]
    teams: dict[str | None, Counter[Outcome]]
    fines: int
    uncalled: int = 0

    @property
    def on_roll(self) -> int:
        return self.outcomes.total()

    @property
    def unmarked(self) -> int:
        return self.outcomes[Outcome.PENDING] + self.outcomes[Outcome.ABSENT]


class PastCharge(NamedTuple):
    """A charge of the month so far, `amount` in cents."""

    night: date
    rule: str
    source: str
    amount: int
    status: Status


class BookingLine(NamedTuple):
    """A booking of the night, without the guest's phone; `amount` in cents."""

    booking_no: str
    place: str
    kind: str
    turn: int
    guest_name: str | None
    booked_at: Instant | None
    status: str
    amount: int | None


class History(NamedTuple):
    """What there is to know of a staffer while calling the roll: the month's charges up to the
    night, newest first, and the night's bookings."""

    charges: tuple[PastCharge, ...]
    bookings: tuple[BookingLine, ...]

    @property
    def fined(self) -> int:
        """The cents of the month's standing charges so far."""
        return sum(each.amount for each in self.charges if each.status is Status.STANDING)


class News(NamedTuple):
    """What lines of the trail changed on a board: the rows of these staffers are so by now, None
    for who isn't on the roll; and as a whole None where more than some rows may have changed.
    `signs_alone`: that it was nothing but who came that night."""

    rows: dict[str, RollRow | None] | None
    signs_alone: bool


def board_reads(night: date, only: tuple[str, ...] | None = None) -> Iterator[Read]:
    """What `board` reads."""
    yield from _board_reads(night, only)
    yield from view_reads(night, only)
    yield first_call.passed_read(night)
    yield looks_read(night)


def _board_reads(night: date, only: tuple[str, ...] | None) -> tuple[Read, Read, Read]:
    """Their names, their signs, and who is out."""
    text, (theirs, who) = night.isoformat(), among(only)
    names = _NAMES + among(only, word="WHERE")[0]
    return (names, who), (_ALL_SIGNS + theirs, (text, *who)), (_OUT, (text,))


def board(
    session: Session, night: date | None = None, only: tuple[str, ...] | None = None
) -> list[RollRow]:
    """Everyone on the roll of a night, or of tonight, by team and number; with `only` those of them
    who are. Of a night without a briefing: who would be on it."""
    session.refresh()
    night = night or session.tonight()
    names, signed, went = _board_reads(night, only)
    ask(board_reads(night, only))
    view = night_view(session, night, only)
    passed, leave = first_call.passed(night), view.facts.leave
    out = {number for (number,) in execute(*went)}
    signs = {number: Signs(*rest) for number, *rest in execute(*signed)}
    charges: defaultdict[str, list[Charge]] = defaultdict(list)
    for charge in view.charges:
        charges[charge.staff_no].append(charge)
    teams, looked = Teams(*(only or ())), looks(night)
    rows = [
        RollRow(
            staff_no,
            name,
            teams.on(staff_no, night, team),
            edited,
            outcome,
            signs.get(staff_no, NO_SIGN),
            staff_no in view.facts.rooms,
            tuple(charges.get(staff_no, ())),
            staff_no in passed,
            staff_no in out,
            outcome is not Outcome.REST and staff_no in leave,
            looked.get(staff_no),
        )
        for staff_no, name, team, edited in execute(*names)
        if (outcome := view.outcomes.get(staff_no)) is not None
    ]
    rows = only_readable(session, rows)
    rows.sort(key=lambda row: board_order(row.team, row.staff_no))
    return rows


def news(session: Session, night: date, after: int, last: int) -> News:
    """What the lines of the trail after one, up to `last`, changed on a night's board."""
    said = audit.about(after, last)
    if said is None or not said.tables <= _OF_ONE or len(said.staff_nos) > _MANY:
        return News(None, signs_alone=False)
    numbers = tuple(sorted(said.staff_nos))
    with together(f"news of {len(numbers)}", night.isoformat(), *numbers):
        rows = {row.staff_no: row for row in (board(session, night, numbers) if numbers else ())}
    found = {number: rows.get(number) for number in numbers}
    alone = said.tables <= _SIGNS_ALONE and said.nights <= {night.isoformat()}
    return News(found, alone)


def summary(rows: Iterable[RollRow]) -> Summary:
    """The rows of a board, counted."""
    found = Summary(Counter(), {}, 0)
    fines = uncalled = 0
    for row in rows:
        found.outcomes[row.outcome] += 1
        found.teams.setdefault(row.team, Counter())[row.outcome] += 1
        fines += row.fine
        uncalled += row.uncalled
    return found._replace(fines=fines, uncalled=uncalled)


def history(session: Session, staff_no: str, night: date | None = None) -> History:
    """A staffer's month up to a night, or to tonight, and their bookings of that night."""
    require_readable(session, staff_no)
    settle(session)
    night = night or session.tonight()
    since = first_night(month_of(night)).isoformat()
    charges = execute(_CHARGES, (staff_no, since, night.isoformat())).fetchall()
    return History(
        tuple(
            PastCharge(date.fromisoformat(on), rule, source, amount, Status(status))
            for on, rule, source, amount, status in charges
        ),
        tuple(BookingLine(*row) for row in execute(_BOOKINGS, (night.isoformat(), staff_no))),
    )
