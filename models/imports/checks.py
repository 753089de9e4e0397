"""What is unlawful in the rows of an import, given the state that will stand after it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from typing import Any

from models.access.session import Session
from models.imports.dataset_rules import rules_of
from models.imports.file_table import FileTable
from models.imports.look_alike_keys import TOTALS, by_skeleton, recorded_look_alikes, skeleton
from models.imports.stored_rows import Key, Row, by_column, to_store
from models.imports.suspect_rows import suspects
from models.ledger.post_absences import absences
from models.rules import validation
from models.rules.employment import EmploymentRecord, Posting, Spell
from models.rules.post_absences import Away, Left, away, leaves_post
from models.rules.validation import Fact, ReferenceData
from models.storage import reference_data
from models.storage.database import execute
from models.values.datasets import DATASETS, MOST_BAD_ROWS, CellKind, Dataset
from models.values.nights import FIRST_NIGHT
from models.values.problems import Code, Problem, problem

_EFFECTIVE_AFTER_LEAVING = ("attendance", "posts", "outings", "bookings", "incidents")
_DECISION = ("status", "decided_by", "decided_at")
_NIGHTS = {
    "guests": None,
    "visits": "night",
    "bookings": "night",
    "incidents": None,
    "deals": "night",
    "complaints": None,
}
"""The datasets that others refer to by their key, and the column of their night."""

_REFERRING = {
    "guests": (
        "guests",
        "visits",
        "bookings",
        "contacts",
        "deals",
        "heirs",
        "complaints",
        "promised",
    ),
    "visits": ("bookings", "turns", "deals"),
    "bookings": ("claims", "credit_decisions"),
    "incidents": ("complaints",),
    "deals": ("claims", "credit_decisions"),
    "complaints": ("promised",),
}
_STAFF_NUMBERS = (
    "staff_no", "supervisor_no", "director_no", "decided_by", "reported_by", "waived_by",
)  # fmt: skip
_FOLLOWS = {"back_at": ("out_at",), "departed_at": ("arrived_at", "made_up_at")}
"""Columns of which something may be wrong only because another couldn't be read."""


class Checks:
    """Checks every row of every table, and refuses or notes it there."""

    def __init__(
        self,
        session: Session,
        tables: Mapping[str, Sequence[FileTable]],
        stored: Mapping[str, Mapping[Key, Row]],
        new_numbers: bool = False,
    ) -> None:
        """`tables` and what is `stored` under the keys they name, both by dataset. `new_numbers`:
        keys are new, whatever they look like."""
        self.new_numbers = new_numbers
        self.session = session
        self.by_dataset = tables
        self.stored = stored
        self.reference = self._reference_data()
        # Only where every row could be read may a row be blamed for naming one that isn't there.
        self.complete = all(table.complete for some in tables.values() for table in some)

    def run(self) -> None:
        for name, tables in self.by_dataset.items():
            for table in tables:
                self._check(DATASETS[name], table)
        if not self.new_numbers:
            self._new_keys()
        self._spells_in_order()
        self._one_live_booking()
        self._one_absence_from_the_post()
        self._once(
            "turns",
            ("visit_no",),
            lambda key: problem(
                "visit_no", "that visit was given in turn %(turn)s already", turn=key[0]
            ),
        )
        self._once(
            "rotation",
            ("from_night", "staff_no"),
            lambda key: problem(
                "staff_no", "they stand in that list already, at %(position)s", position=key[1]
            ),
        )

    def _once(
        self, name: str, columns: tuple[str, ...], twice: Callable[[tuple[Any, ...]], Problem]
    ) -> None:
        """That no two rows of a dataset, in the state after the import, agree in some columns
        without a blank among them."""
        dataset = DATASETS[name]
        key_at = [dataset.names.index(column) for column in dataset.key]
        tables = self.by_dataset[name]
        arriving = {
            tuple(map(to_store, key))
            for table in tables
            for key in zip(*(table.columns[column] for column in dataset.key), strict=True)
        }
        holders: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        at = [dataset.names.index(column) for column in columns]
        for key, row in self.stored.get(name, {}).items():
            if key not in arriving:
                holders[tuple(row[i] for i in at)] = key
        for table in tables:
            for i in range(len(table)):
                row = tuple(to_store(table.columns[column][i]) for column in dataset.names)
                held, key = tuple(row[i] for i in at), tuple(row[i] for i in key_at)
                if i in table.bad or None in held:
                    continue
                holder = holders.setdefault(held, key)
                if holder != key:
                    table.refuse(i, columns[-1], twice(holder))

    def _reference_data(self) -> ReferenceData:
        """The people and places as they will be. A row that is bad still says that its staffer
        or place exists, so that nothing is complained of twice."""
        people, places = reference_data.people(), reference_data.places()
        self.recorded = frozenset(people)
        for table in self.by_dataset["staff"]:
            columns = table.columns
            for staff_no, position, superior, hired_on, left_on in zip(
                *(columns[c] for c in ("staff_no", "position", "supervisor_no", "hired_on",
                                       "left_on")),
                strict=True,
            ):  # fmt: skip
                if staff_no is not None:
                    known = people.get(staff_no)
                    people[staff_no] = EmploymentRecord(
                        position or "supervisor",
                        superior,
                        hired_on or FIRST_NIGHT,
                        left_on,
                        known.rehires if known else (),
                        known.postings if known else (),
                    )
        self._add_rehires(people)
        self._add_postings(people)
        for table in self.by_dataset["places"]:
            for place, kind in zip(table.columns["place"], table.columns["kind"], strict=True):
                if place is not None:
                    places[place] = kind
        keys = {name: self._keys(name) for name in _NIGHTS if self._asked_for(name)}
        session = self.session
        now = session.now()
        return ReferenceData(people, places, session.calendar, session.versions, now, keys)

    def _asked_for(self, dataset: str) -> bool:
        """Whether a row that arrives may refer to that dataset."""
        return any(self.by_dataset[name] for name in _REFERRING[dataset])

    def _keys(self, name: str) -> dict[str, date | None]:
        """The keys of a dataset that will stand, with their nights where they have one."""
        dataset = DATASETS[name]
        key, night = dataset.key[0], _NIGHTS[name]
        columns = f"{key}, {night}" if night is not None else f"{key}, NULL"
        keys = {
            number: date.fromisoformat(of) if of is not None else None
            for number, of in execute(f"SELECT {columns} FROM {name}")
        }
        for table in self.by_dataset[name]:
            nights = table.columns[night] if night is not None else [None] * len(table)
            keys.update(zip(table.columns[key], nights, strict=True))
        return keys

    def _add_rehires(self, people: dict[str, EmploymentRecord]) -> None:
        spells: defaultdict[str, dict[date, Spell]] = defaultdict(dict)
        for _, _, staff_no, hired_on, left_on in self._rows("rehires"):
            if staff_no in people and hired_on is not None:
                spells[staff_no][hired_on] = Spell(hired_on, left_on)
        for staff_no, given in spells.items():
            known = {spell.hired_on: spell for spell in people[staff_no].rehires}
            rehires = tuple(sorted({**known, **given}.values()))
            people[staff_no] = people[staff_no]._replace(rehires=rehires)

    def _add_postings(self, people: dict[str, EmploymentRecord]) -> None:
        changes: defaultdict[str, dict[date, Posting]] = defaultdict(dict)
        for _, _, staff_no, since, team, superior, position, on_roll in self._rows("postings"):
            if staff_no in people and since is not None:
                posting = Posting(team, superior, position or "supervisor", on_roll)
                changes[staff_no][since] = posting
        for staff_no, given in changes.items():
            merged = {**dict(people[staff_no].postings), **given}
            postings = tuple(sorted(merged.items(), key=lambda change: change[0]))
            people[staff_no] = people[staff_no]._replace(postings=postings)

    def _rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a dataset's tables: the table, the row's number, and its cells in order."""
        for table in self.by_dataset[name]:
            columns = (table.columns[column] for column in DATASETS[name].names)
            for i, row in enumerate(zip(*columns, strict=True)):
                yield table, i, *row

    def _spells_in_order(self) -> None:
        """A spell begins after the one before it ended, in the state after the import."""
        rows: dict[tuple[str, date], tuple[FileTable, int]] = {}
        for table, i, *row in (*self._rows("staff"), *self._rows("rehires")):
            fact = dict(zip(DATASETS[table.name].names, row, strict=True))
            if fact["staff_no"] is not None and fact["hired_on"] is not None:
                rows[fact["staff_no"], fact["hired_on"]] = table, i
        for staff_no in {staff_no for staff_no, _ in rows}:
            person = self.reference.people.get(staff_no)
            spells = validation.overlap(person) if person is not None else None
            if spells is None:
                continue
            at = rows.get((staff_no, spells[1].hired_on)) or rows.get(
                (staff_no, spells[0].hired_on)
            )
            if at is not None and at[1] not in at[0].bad:
                at[0].refuse(at[1], "hired_on", validation.overlap_problem(*spells))

    def _check(self, dataset: Dataset, table: FileTable) -> None:
        stored = self.stored[dataset.name]
        columns = [table.columns[column] for column in dataset.names]
        unlawful = rules_of(dataset).unlawful
        notes = dataset.name in _EFFECTIVE_AFTER_LEAVING and any(
            person.left_on or person.rehires for person in self.reference.people.values()
        )
        for i in suspects(dataset.name, table, self.reference):
            fact = {name: column[i] for name, column in zip(dataset.names, columns, strict=True)}
            known = stored.get(tuple(to_store(fact[c]) for c in dataset.key))
            for found in unlawful(fact, self.reference):
                bad: AbstractSet[str] = table.bad_cells.get(i, frozenset())
                if "" in bad or bad & {found.field, *_FOLLOWS.get(found.field, ())}:
                    continue  # the row was torn, or the cell that this follows from is wrong
                if found.field.startswith("decided_") and _same_decision(dataset, fact, known):
                    continue
                if found.code is Code.UNKNOWN:
                    if not self.complete:
                        continue
                    found = self._with_look_alike(found, fact[found.field])
                table.refuse(i, found.field, found)
            if len(table.bad) > MOST_BAD_ROWS:
                return
            if notes:
                self._note_if_left(table, i, fact)

    def _with_look_alike(self, found: Problem, key: str) -> Problem:
        looks_like = None
        if found.field in _STAFF_NUMBERS:
            looks_like = self._skeletons.get(skeleton(key))
        if looks_like is None:
            return found
        return problem(
            found.field,
            "there is no staffer %(staff_no)s; it looks like %(other)s",
            staff_no=key,
            other=looks_like,
        )

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        return by_skeleton(self.reference.people)

    def _new_keys(self) -> None:
        """No new key may look like another, or like a spreadsheet's last line."""
        for name, tables in self.by_dataset.items():
            dataset = DATASETS[name]
            if len(dataset.key) > 1 or dataset.column[dataset.key[0]].kind is not CellKind.KEY:
                continue
            [column] = dataset.key
            new = {
                key: (table, i)
                for table in tables
                for i, key in enumerate(table.columns[column])
                if key is not None and (key,) not in self.stored[name]
            }
            if not new:
                continue
            for key, other in self._alike(dataset, new):
                table, i = new[key]
                if column not in table.bad_cells.get(i, ()):
                    table.refuse(i, column, _look_alike(column, key, other))

    def _alike(self, dataset: Dataset, new: Collection[str]) -> Iterator[tuple[str, str | None]]:
        """The new keys that look like another one, and which; None for a total."""
        known: Mapping[str, str]
        if dataset.name == "staff":
            known = by_skeleton(number for number in self.recorded if number not in new)
            for key in new:
                other = known.get(skeleton(key))
                if other is not None or key.strip().casefold() in TOTALS:
                    yield key, other
        else:
            yield from recorded_look_alikes(dataset, new).items()
        if len({key.casefold().lstrip("0") for key in new}) < len(new) or dataset.name == "staff":
            first: dict[str, str] = {}
            for key in new:
                other = first.setdefault(skeleton(key), key)
                if other != key:
                    yield key, other

    def _note_if_left(self, table: FileTable, i: int, fact: Fact) -> None:
        if "night" in fact:
            night = fact["night"]
        elif "occurred_at" in fact:
            at = fact["occurred_at"]
            night = None if at is None else self.reference.calendar.night(at)
        else:
            night = validation.outing_night(fact, self.reference.calendar)
        left_on = self.reference.left_on(fact["staff_no"], night)
        if left_on is not None:
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

    def _one_absence_from_the_post(self) -> None:
        """No two outings of a staffer overlap, and no incident of leaving the post falls into one,
        in the state after the import. What stood already is not complained of."""
        calendar, versions = self.session.calendar, self.session.versions
        facts: list[tuple[FileTable, int, Away | Left, bool]] = []
        arriving = set()
        for table in self.by_dataset["outings"]:
            columns = (table.columns[c] for c in ("slip_no", "staff_no", "out_at", "back_at"))
            for i, (number, staff_no, out_at, back_at) in enumerate(zip(*columns, strict=True)):
                arriving.add(number)
                if out_at is not None and i not in table.bad:
                    out = away(number, staff_no, out_at, back_at, calendar)
                    facts.append((table, i, out, self._stands(table, i, number)))
        for table in self.by_dataset["incidents"]:
            columns = (
                table.columns[c]
                for c in ("incident_no", "staff_no", "occurred_at", "rule", "status")
            )
            for i, (number, staff_no, at, rule, status) in enumerate(zip(*columns, strict=True)):
                arriving.add(number)
                if at is None or i in table.bad or status != "recorded":
                    continue
                if leaves_post(rule, calendar.night(at), versions):
                    left = Left(number, staff_no, at)
                    facts.append((table, i, left, self._stands(table, i, number)))
        if not facts:
            return
        nights = set(map(calendar.night, {at for _, _, fact, _ in facts for at in fact[2:]}))
        held = absences(self.session, min(nights), max(nights), but=frozenset(arriving))
        held.add(*(fact for _, _, fact, stored in facts if stored))
        times = Counter(fact.staff_no for _, _, fact, _ in facts)
        for table, i, absence, stored in facts:
            if stored or (times[absence.staff_no] == 1 and not held.knows(absence.staff_no)):
                continue
            if (found := held.take(absence)) is not None:
                table.refuse(i, found.field, found)

    def _stands(self, table: FileTable, i: int, number: str) -> bool:
        """Whether a row is recorded already, just as it is."""
        known = self.stored[table.name].get((number,))
        if known is None:
            return False
        names = DATASETS[table.name].names
        return known == tuple(to_store(table.columns[column][i]) for column in names)

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


def _look_alike(column: str, key: str, other: str | None) -> Problem:
    option = "--new-numbers"
    if other is None:
        return problem(
            column,
            "%(key)s is a total, not a number: take it with %(option)s if it is",
            key=key,
            option=option,
        )
    return problem(
        column,
        "%(key)s is new, but looks like %(other)s: write that, or take it with %(option)s",
        key=key,
        other=other,
        option=option,
    )


def _same_decision(dataset: Dataset, given: Fact, known: Row | None) -> bool:
    """A decision once recorded isn't rechecked when positions change."""
    if known is None:
        return False
    was = by_column(dataset, known)
    return all(was[column] == given[column] for column in _DECISION)
