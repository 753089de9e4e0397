"""What is unlawful in the rows of an import, given the state that will stand after it."""

from collections.abc import Iterable, Mapping, Sequence

from models.access.session import Session
from models.imports.handling import FileTable, Key, Row, by_column, handling, to_store
from models.rules import validation
from models.rules.validation import Fact, Person, Register
from models.storage import register as recorded
from models.values.datasets import DATASETS, Dataset
from models.values.nights import FIRST_NIGHT, LAST_NIGHT
from models.values.problems import problem

_EFFECTIVE_AFTER_LEAVING = ("attendance", "posts", "outings", "bookings", "incidents")
_DECISION = ("status", "decided_by", "decided_at")


class Checks:
    """Checks every row of every table, and refuses or notes it there."""

    def __init__(
        self,
        session: Session,
        tables: Mapping[str, Sequence[FileTable]],
        stored: Mapping[str, Mapping[Key, Row]],
    ) -> None:
        """`tables` and what is `stored` under the keys they name, both by dataset."""
        self.session = session
        self.by_dataset = tables
        self.stored = stored
        self.register = self._register()
        # Only where every row could be read may a row be blamed for naming one that isn't there.
        self.complete = all(table.complete for table in (*tables["staff"], *tables["places"]))

    def run(self) -> None:
        for name, tables in self.by_dataset.items():
            for table in tables:
                self._check(DATASETS[name], table)
        self._one_live_booking()

    def _register(self) -> Register:
        """The people and places as they will be. A row that is bad still says that its staffer
        or place exists, so that nothing is complained of twice."""
        people, places = recorded.people(), recorded.places()
        for table in self.by_dataset["staff"]:
            columns = table.columns
            for staff_no, position, superior, hired_on, left_on in zip(
                *(columns[c] for c in ("staff_no", "position", "supervisor_no", "hired_on",
                                       "left_on")),
                strict=True,
            ):  # fmt: skip
                if staff_no is not None:
                    people[staff_no] = Person(
                        position or "supervisor", superior, hired_on or FIRST_NIGHT, left_on
                    )
        for table in self.by_dataset["places"]:
            for place, kind in zip(table.columns["place"], table.columns["kind"], strict=True):
                if place is not None:
                    places[place] = kind
        return Register(people, places, self.session.calendar, self.session.versions)

    def _check(self, dataset: Dataset, table: FileTable) -> None:
        suspects = (
            self._suspect_attendance(table) if dataset.name == "attendance" else range(len(table))
        )
        stored = self.stored[dataset.name]
        columns = [table.columns[column] for column in dataset.names]
        for i in suspects:
            fact = {name: column[i] for name, column in zip(dataset.names, columns, strict=True)}
            known = stored.get(tuple(to_store(fact[c]) for c in dataset.key))
            for found_problem in handling(dataset).unlawful(fact, self.register):
                if found_problem.field.startswith("decided_") and _same_decision(
                    dataset, fact, known
                ):
                    continue
                if "there is no" in found_problem.message and not self.complete:
                    continue
                table.refuse(i, found_problem.field, found_problem)
            if dataset.name in _EFFECTIVE_AFTER_LEAVING:
                self._note_if_left(table, i, fact)

    def _suspect_attendance(self, table: FileTable) -> Iterable[int]:
        """The rows that need a closer look: a month of a large house has hundreds of thousands of
        rows, nearly all of them lawful, so they are looked at column by column first."""
        columns = table.columns
        nights, numbers = columns["night"], columns["staff_no"]
        people, calendar = self.register.people, self.register.calendar
        suspects = set(table.bad)
        latest = max((p.hired_on for p in people.values()), default=FIRST_NIGHT)
        soonest = min((p.left_on for p in people.values() if p.left_on), default=LAST_NIGHT)
        known = set(nights) - {None}
        if set(numbers) - people.keys() or any(n < latest or n > soonest for n in known):
            for i, (night, number) in enumerate(zip(nights, numbers, strict=True)):
                person = people.get(number)
                if (
                    person is None
                    or night is None
                    or night < person.hired_on
                    or (person.left_on and night > person.left_on)
                ):
                    suspects.add(i)
        starts = {night: calendar.start(night) for night in known}
        ends = {night: calendar.end(night) for night in known}
        for column in ("arrived_at", "made_up_at", "departed_at"):
            suspects.update(
                i
                for i, (night, at) in enumerate(zip(nights, columns[column], strict=True))
                if at is not None and night is not None and not starts[night] <= at < ends[night]
            )
        signs = (columns[c] for c in ("arrived_at", "made_up_at", "departed_at"))
        suspects.update(
            i
            for i, (arrived, made_up, departed) in enumerate(zip(*signs, strict=True))
            if arrived is None and departed is not None and made_up is None
        )
        return sorted(suspects)

    def _note_if_left(self, table: FileTable, i: int, fact: Fact) -> None:
        if "night" in fact:
            night = fact["night"]
        elif "occurred_at" in fact:
            at = fact["occurred_at"]
            night = None if at is None else self.register.calendar.night(at)
        else:
            night = validation.outing_night(fact, self.register.calendar)
        if self.register.left(fact["staff_no"], night):
            left_on = self.register.people[fact["staff_no"]].left_on
            table.note(
                i,
                "staff_no",
                problem(
                    "staff_no",
                    "%(staff_no)s left on %(day)s: kept, but without effect",
                    staff_no=fact["staff_no"],
                    day=left_on,
                ),
            )

    def _one_live_booking(self) -> None:
        """At most one live booking for a place, night and turn, in the state after the import."""
        tables = self.by_dataset["bookings"]
        if not tables:
            return
        live = ("booked", "arrived")
        columns = ("booking_no", "night", "place", "turn", "status")
        rows = [
            (table, i, *row)
            for table in tables
            for i, row in enumerate(zip(*(table.columns[c] for c in columns), strict=True))
        ]
        arriving = {row[2] for row in rows}
        dataset = DATASETS["bookings"]
        place_of = [dataset.names.index(c) for c in ("night", "place", "turn")]
        status = dataset.names.index("status")
        holders = {
            tuple(stored[at] for at in place_of): key[0]
            for key, stored in self.stored["bookings"].items()
            if stored[status] in live and key[0] not in arriving
        }
        for table, i, booking_no, night, place, turn, state in rows:
            if state not in live or i in table.bad:
                continue
            holder = holders.setdefault((night.isoformat(), place, turn), booking_no)
            if holder != booking_no:
                table.refuse(
                    i,
                    "place",
                    problem(
                        "place",
                        "%(place)s is taken by %(holder)s on %(night)s, turn %(turn)s",
                        place=place,
                        holder=holder,
                        night=night,
                        turn=turn,
                    ),
                )


def _same_decision(dataset: Dataset, given: Fact, known: Row | None) -> bool:
    """A decision once recorded isn't rechecked when positions change."""
    if known is None:
        return False
    was = by_column(dataset, known)
    return all(was[column] == given[column] for column in _DECISION)
