"""How every fact of the guest desk is written down: checked, written, judged and told to the trail,
inside one transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.access.session import Session
from models.ledger.closings import last_closed, require_open
from models.ledger.ledger import rejudge
from models.rules.guests import validation
from models.rules.guests.register import phone_key
from models.rules.rulebook import Origin, Rulebook
from models.rules.validation import ReferenceData
from models.storage import reference_data
from models.storage.database import execute, quoted, upsert
from models.values.datasets import DATASETS
from models.values.nights import FIRST_NIGHT, first_night, next_month
from models.values.problems import Refused, refused

Fact = dict[str, Any]

_PEOPLE = (
    "staff_no", "asked_for", "voucher_of", "received_by", "consultant_no", "signed_by",
    "closer_no", "decided_by", "from_staff_no", "to_staff_no", "about_staff_no", "taken_by",
    "approved_by", "judged_by", "by_staff_no", "checked_by",
)  # fmt: skip
_KEYS = {
    "guests": ("guest_no", "asked_member", "introduced_by", "user_no"),
    "visits": ("visit_no",),
    "deals": ("deal_no",),
    "bookings": ("deal_no", "booking_no"),
    "complaints": ("complaint_no",),
    "incidents": ("incident_no",),
}
_NIGHTS = frozenset({"visits", "deals", "bookings"})


def stored_fact(dataset: str, *key: str | int) -> Fact | None:
    """A fact as it is recorded, its nights as dates; None where there is none of that key."""
    columns = DATASETS[dataset]
    where = " AND ".join(f'"{column}" = ?' for column in columns.key)
    sql = f"SELECT {quoted(columns.names)} FROM {dataset} WHERE {where}"
    row = execute(sql, key).fetchone()
    if row is None:
        return None
    fact = dict(zip(columns.names, row, strict=True))
    for column in columns.columns:
        value = fact[column.name]
        if value is not None and column.kind.name == "NIGHT":
            fact[column.name] = date.fromisoformat(value)
        elif value is not None and column.kind.name == "YES_NO":
            fact[column.name] = bool(value)
    return fact


def known(dataset: str, *key: str | int) -> Fact:
    """A fact as it is recorded. Raises Refused where there is none of that key."""
    fact = stored_fact(dataset, *key)
    if fact is None:
        raise refused(DATASETS[dataset].key[0], "there is no %(key)s", key=" ".join(map(str, key)))
    return fact


def write(
    session: Session,
    dataset: str,
    fact: Mapping[str, Any],
    action: str,
    *,
    night: date | None,
    staff_no: str | None = None,
    reason: str | None = None,
    also_closed: bool = False,
) -> Fact:
    """Writes a fact in place of what is recorded under its key, and gives what was recorded there
    (empty: nothing). To be called in a transaction. Raises Refused where it is unlawful, or its
    month is closed, unless it is one that may be `also_closed`."""
    columns = DATASETS[dataset]
    whole: Fact = {column.name: fact.get(column.name, column.default) for column in columns.columns}
    if night is not None and not also_closed:
        require_open(night)
    problems = list(getattr(validation, dataset)(whole, _reference_data(session, dataset, whole)))
    if problems:
        raise Refused(*dict.fromkeys(problems))
    before = stored_fact(dataset, *(_stored(whole[column]) for column in columns.key))
    row = [_stored(whole[name]) for name in columns.names]
    row += [_derived(column, whole, night) for column in columns.derived]
    upsert(dataset, columns.names + columns.derived, columns.key, [row])
    for each in _nights_of_sales() if dataset == "guests" and before else [night]:
        _judge(session, each)
    session.record(
        action,
        staff_no=staff_no,
        night=night,
        before=_told(before),
        after=_told(whole),
        reason=reason,
    )
    return before or {}


def remove(
    session: Session,
    dataset: str,
    key: tuple[str | int, ...],
    action: str,
    *,
    night: date | None,
    also_closed: bool = False,
) -> Fact:
    """Takes a fact away again, and gives it. To be called in a transaction."""
    columns = DATASETS[dataset]
    fact = known(dataset, *key)
    if night is not None and not also_closed:
        require_open(night)
    where = " AND ".join(f'"{column}" = ?' for column in columns.key)
    execute(f"DELETE FROM {dataset} WHERE {where}", key)
    _judge(session, night)
    session.record(action, night=night, before=_told(fact), after=None)
    return fact


def charges_desk(book: Rulebook) -> bool:
    """Whether a rulebook charges what the desk's facts give by themselves."""
    return any(Origin.DESK in rule.origins for rule in book.rules)


def desk_is_charged(session: Session) -> bool:
    """Whether what the desk's facts give by themselves is charged in the nights of open months, up
    to tonight."""
    return any(map(charges_desk, session.versions.between(_first_open(), session.tonight())))


def _judge(session: Session, night: date | None) -> None:
    """Brings the ledger in step where the night's rulebook charges what the desk's facts give."""
    if night is not None and charges_desk(session.book(night)):
        rejudge(session, night, night)


def _nights_of_sales() -> list[date]:
    """The nights of open months that a guest's number and household have a say in: those with a
    sale."""
    sql = "SELECT DISTINCT night FROM deals WHERE night >= ?"
    rows = execute(sql, (_first_open().isoformat(),)).fetchall()
    return [date.fromisoformat(night) for (night,) in rows]


def _first_open() -> date:
    closed = last_closed()
    return FIRST_NIGHT if closed is None else first_night(next_month(closed))


def _reference_data(session: Session, dataset: str, fact: Fact) -> ReferenceData:
    people = {fact[column] for column in _PEOPLE if fact.get(column) is not None}
    if dataset == "credit_decisions":
        people |= _people_of_shares(fact)
    keys: dict[str, dict[str, date | None]] = {}
    for name, columns in _KEYS.items():
        wanted = {fact[column] for column in columns if fact.get(column) is not None}
        if name == dataset or not wanted:
            continue
        key = DATASETS[name].key[0]
        night = "night" if name in _NIGHTS else "NULL"
        keys[name] = {}
        for number in wanted:
            number = number.removeprefix("booking:") if name == "bookings" else number
            row = execute(f"SELECT {night} FROM {name} WHERE {key} = ?", (number,)).fetchone()
            if row is not None:
                keys[name][number] = date.fromisoformat(row[0]) if row[0] else None
    places = {}
    if fact.get("place") is not None:
        places = dict(execute("SELECT place, kind FROM places").fetchall())
    staff = reference_data.people(*people) if people else {}
    return ReferenceData(staff, places, session.calendar, session.versions, session.now(), keys)


def _people_of_shares(fact: Fact) -> set[str]:
    people = set(validation.people_of(fact["agreed_by"]))
    try:
        shares = validation.parse_shares(fact["shares"] or "")
    except ValueError:
        return people
    return people | {staff_no for staff_no in shares if staff_no is not None}


def _derived(column: str, fact: Fact, night: date | None) -> Any:
    if column == "phone_key":
        return phone_key(fact["phone"])
    return _stored(night)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _told(fact: Fact | None) -> Fact | None:
    """A fact as the trail tells it: without a phone's digits."""
    if not fact:
        return None
    return {name: value for name, value in fact.items() if name != "phone" and value is not None}
