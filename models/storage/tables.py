"""The tables. Keys are those of the files (staff_no, booking_no, …), so that a row means the same
in the database, in a file and on paper. Amounts are cents, instants UTC seconds,
nights ISO dates."""

from datetime import date
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from peewee import (
    SQL,
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    Check,
    CompositeKey,
    Expression,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    Node,
    SmallIntegerField,
    TextField,
)

from models.storage.database import database
from models.values.datasets import DATASETS, CellKind, FileColumn


class NightField(Field):
    """A night as ISO text: sorts by code point as it does by calendar, on every database."""

    field_type = "TEXT"

    def db_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


InstantField = BigIntegerField
CentsField = BigIntegerField


def one_of(column: str, *values: str) -> Node:
    return Check(f"{column} IN ({', '.join(repr(value) for value in values)})")


def not_negative(column: str) -> Node:
    return Check(f"{column} >= 0")


class BaseModel(Model):
    class Meta:
        database = database
        legacy_table_names = False
        # Each table names its own. Else peewee makes one here, and copies it deeply for each table.
        primary_key = False

    if TYPE_CHECKING:  # columns that a dataset brings, and keys of other rows (`staff_no`)

        def __getattr__(self, name: str) -> Any: ...

    @classmethod
    def put(cls, **columns: object) -> None:
        """Writes a row, in place of the one that has its key, if one has."""
        key = cls._meta.get_primary_keys()  # type: ignore[no-untyped-call]
        names = {field.name for field in key}
        fields = [cls._meta.combined[column] for column in columns]
        rest = [field for field in fields if field.name not in names]
        cls.insert(**columns).on_conflict(conflict_target=key, preserve=rest).execute()


class Venue(BaseModel):
    """The one venue of this database."""

    id = SmallIntegerField(primary_key=True, default=1, constraints=[Check("id = 1")])
    name = TextField()
    timezone = TextField()
    made_at = InstantField()

    class Meta:
        table_name = "venue"


class RulebookVersion(BaseModel):
    """A rulebook in force from a night on; `text` is its TOML."""

    from_night = NightField(primary_key=True)
    name = TextField()
    text = TextField()
    adopted_at = InstantField()

    class Meta:
        table_name = "rulebook_version"


class Staff(BaseModel):
    staff_no = TextField(primary_key=True)
    name = TextField()
    team = TextField(null=True)
    supervisor = ForeignKeyField(
        "self",
        null=True,
        column_name="supervisor_no",
        object_id_name="supervisor_no",
        # A roster is written in any order, superiors after their staff or before.
        deferrable="INITIALLY DEFERRED",
    )
    position = TextField(
        constraints=[one_of("position", "staff", "supervisor", "director", "payroll")]
    )
    on_roll = BooleanField(null=True)
    """None: as the position says."""
    hired_on = NightField()
    left_on = NightField(null=True)
    monthly_wage = CentsField(constraints=[not_negative("monthly_wage")])
    initials = TextField(null=True)
    """Pinyin initials that someone corrected by hand."""

    class Meta:
        table_name = "staff"
        constraints = (
            Check("left_on IS NULL OR left_on >= hired_on"),
            Check("supervisor_no IS NULL OR supervisor_no <> staff_no"),
        )


def staffer(**options: Any) -> Any:
    return ForeignKeyField(Staff, column_name="staff_no", object_id_name="staff_no", **options)


def person(column: str) -> Any:
    """A staffer who did something to a fact, if anyone did yet."""
    return ForeignKeyField(
        Staff, null=True, column_name=column, object_id_name=column, backref="+", index=False
    )


def staffer_of(column: str) -> Any:
    """A staffer whom a fact can't do without, in a column of its own name."""
    return ForeignKeyField(
        Staff, column_name=column, object_id_name=column, backref="+", index=False
    )


class Wage(BaseModel):
    staff = staffer(index=False)
    effective_from = NightField()
    monthly_wage = CentsField(constraints=[not_negative("monthly_wage")])

    class Meta:
        table_name = "wages"
        primary_key = CompositeKey("staff", "effective_from")


class Posting(BaseModel):
    """What a staffer is from a night on; before the first, what `Staff` says. Its team is a column
    of the dataset."""

    staff = staffer(index=False)
    effective_from = NightField()
    supervisor = person("supervisor_no")
    position = TextField(
        constraints=[one_of("position", "staff", "supervisor", "director", "payroll")]
    )

    class Meta:
        table_name = "postings"
        primary_key = CompositeKey("staff", "effective_from")
        constraints = (Check("supervisor_no IS NULL OR supervisor_no <> staff_no"),)


class Rehire(BaseModel):
    """A spell of employment after the first, which `Staff` has."""

    staff = staffer(index=False)
    hired_on = NightField()
    left_on = NightField(null=True)

    class Meta:
        table_name = "rehires"
        primary_key = CompositeKey("staff", "hired_on")
        constraints = (Check("left_on IS NULL OR left_on >= hired_on"),)


class Place(BaseModel):
    place = TextField(primary_key=True)
    kind = TextField(constraints=[one_of("kind", "room", "table")])
    minimum_spend = CentsField(null=True, constraints=[not_negative("minimum_spend")])

    class Meta:
        table_name = "places"


class Briefing(BaseModel):
    night = NightField(primary_key=True)
    closed_at = InstantField(null=True)
    director = person("director_no")
    assignment = TextField(null=True)
    night_closed = BooleanField(null=True)
    settled = BooleanField(default=False, index=True, constraints=[SQL("DEFAULT FALSE")])
    """That the night has been judged since it was over: nothing is pending in it any more."""
    first_call_ended_at = InstantField(null=True)
    """When the first call ended before the briefing was closed, if it did."""

    class Meta:
        table_name = "briefings"


class Relay(BaseModel):
    """That a team passed the night's assignment on to its resting colleagues (clause 2)."""

    night = NightField()
    team = TextField()
    told_at = InstantField()

    class Meta:
        table_name = "relays"
        primary_key = CompositeKey("night", "team")


class Attendance(BaseModel):
    night = NightField()
    staff = staffer(index=False)
    arrived_at = InstantField(null=True)
    made_up_at = InstantField(null=True)
    departed_at = InstantField(null=True)

    class Meta:
        table_name = "attendance"
        primary_key = CompositeKey("night", "staff")
        without_rowid = True
        constraints = (
            Check(
                "departed_at IS NULL OR arrived_at IS NOT NULL OR made_up_at IS NOT NULL",
            ),
        )


DECIDED = "(status IN ('approved', 'rejected')) = (decided_by IS NOT NULL)"
DECIDED_WHEN = "(decided_by IS NULL) = (decided_at IS NULL)"


class PassedName(BaseModel):
    """That a name was called at the first call of a night, and nobody answered."""

    night = NightField()
    staff = staffer(index=False)
    passed_at = InstantField()

    class Meta:
        table_name = "passed_names"
        primary_key = CompositeKey("night", "staff")
        without_rowid = True


class Leave(BaseModel):
    leave_no = TextField(primary_key=True)
    staff = staffer(index=True)
    kind = TextField(constraints=[one_of("kind", "rest", "personal", "sick")])
    first_night = NightField()
    last_night = NightField(index=True)
    filed_at = InstantField()
    special_reason = TextField(null=True)
    status = TextField(
        constraints=[one_of("status", "requested", "approved", "rejected", "withdrawn")]
    )
    decided = person("decided_by")
    decided_at = InstantField(null=True)
    decision_reason = TextField(null=True)

    class Meta:
        table_name = "leave"
        constraints = (Check("last_night >= first_night"), Check(DECIDED), Check(DECIDED_WHEN))


Leave.add_index(
    Leave.index(Leave.leave_no, name="leave_requested").where(SQL("status = 'requested'"))
)


class Outing(BaseModel):
    slip_no = TextField(primary_key=True)
    staff = staffer(index=True)
    reason = TextField(null=True)
    requested_at = InstantField(null=True)
    status = TextField(
        constraints=[one_of("status", "requested", "approved", "rejected", "withdrawn", "none")]
    )
    decided = person("decided_by")
    decided_at = InstantField(null=True)
    decision_reason = TextField(null=True)
    out_at = InstantField(null=True)
    back_at = InstantField(null=True)
    night = NightField(index=True)
    """The night of `out_at`; until they are out, of `requested_at`."""

    class Meta:
        table_name = "outings"
        constraints = (
            Check(DECIDED),
            Check(DECIDED_WHEN),
            Check("back_at IS NULL OR back_at >= out_at"),
            Check("CASE WHEN status = 'none' THEN out_at ELSE requested_at END IS NOT NULL"),
        )


class Booking(BaseModel):
    booking_no = TextField(primary_key=True)
    night = NightField(index=True)
    place = ForeignKeyField(Place, column_name="place", object_id_name="place_name", index=False)
    turn = IntegerField(default=1, constraints=[Check("turn >= 1")])
    staff = staffer(index=True, null=True)
    """None: the house's, where the guest booked or walked in."""
    guest_name = TextField(null=True)
    guest_phone = TextField(null=True)
    booked_at = InstantField(null=True)
    status = TextField(
        constraints=[one_of("status", "booked", "arrived", "left", "cancelled", "no_show")]
    )
    amount = CentsField(null=True, constraints=[not_negative("amount")])

    class Meta:
        table_name = "bookings"


Booking.add_index(
    Booking.index(
        Booking.place, Booking.night, Booking.turn, unique=True, name="one_live_booking"
    ).where(Booking.status.in_(("booked", "arrived")))
)


class Incident(BaseModel):
    incident_no = TextField(primary_key=True)
    staff = staffer(index=True)
    occurred_at = InstantField()
    rule = TextField()
    amount = CentsField(null=True, constraints=[not_negative("amount")])
    note = TextField(null=True)
    reported = person("reported_by")
    status = TextField(constraints=[one_of("status", "recorded", "withdrawn")])
    night = NightField(index=True)

    class Meta:
        table_name = "incidents"


class Waiver(BaseModel):
    staff = staffer(index=False)
    night = NightField(index=True)
    rule = TextField()
    source = TextField()
    waived = person("waived_by")
    reason = TextField()

    class Meta:
        table_name = "waivers"
        primary_key = CompositeKey("staff", "night", "rule", "source")
        constraints = (Check("waived_by IS NOT NULL AND waived_by <> staff_no"),)


class Charge(BaseModel):
    """The ledger. `basis` is JSON: the facts that the charge follows from."""

    staff = staffer(index=False)
    night = NightField()
    rule = TextField()
    source = TextField()
    amount = CentsField(constraints=[not_negative("amount")])
    status = TextField(constraints=[one_of("status", "standing", "waived", "reversed")])
    basis = TextField()

    class Meta:
        table_name = "charges"
        primary_key = CompositeKey("staff", "night", "rule", "source")
        without_rowid = True


Charge.add_index(
    Charge.index(
        Charge.night,
        Charge.staff,
        Charge.rule,
        Charge.source,
        Charge.status,
        Charge.amount,
        name="charges_of_nights",
    )
)


def of_charge(
    table: type[BaseModel],
    staff_no: str | Node,
    night: date | Node,
    rule: str | Node,
    source: str | Node,
) -> Expression:
    """The condition that a row is about one charge, or about the one of another table's row."""
    key = {"staff": staff_no, "night": night, "rule": rule, "source": source}
    conditions: list[Expression] = [
        table._meta.fields[name] == value for name, value in key.items()
    ]
    return reduce(and_, conditions)


class Appeal(BaseModel):
    """A staffer contests a charge: their words, and what was decided."""

    id = BigAutoField()
    staff = staffer(index=False)
    night = NightField()
    rule = TextField()
    source = TextField()
    words = TextField()
    raised_at = InstantField()
    raised = person("raised_by")
    due = NightField()
    """The last night on which it can be decided in time."""
    decision = TextField(null=True, constraints=[one_of("decision", "upheld", "waived")])
    decided = person("decided_by")
    decided_at = InstantField(null=True)
    reason = TextField(null=True)

    class Meta:
        table_name = "appeals"


Appeal.add_index(
    Appeal.index(
        Appeal.staff,
        Appeal.night,
        Appeal.rule,
        Appeal.source,
        unique=True,
        name="one_open_appeal",
    ).where(Appeal.decision.is_null())
)
Appeal.add_index(Appeal.index(Appeal.id, name="undecided_appeals").where(Appeal.decision.is_null()))


class SeparationDecision(BaseModel):
    """What a person decided on a proposed separation, for the window (or incident) that led to
    it."""

    staff = staffer(index=False)
    cause = TextField(constraints=[one_of("cause", "absences", "dismissal")])
    span = TextField()
    """The month, the first night of the row, `ever`, or the incident_no."""
    night = NightField()
    decision = TextField(constraints=[one_of("decision", "confirmed", "kept")])
    decided = person("decided_by")
    decided_at = InstantField()
    reason = TextField(null=True)
    left_on = NightField(null=True)
    """The staffer's, before the decision."""

    class Meta:
        table_name = "separation_decisions"
        primary_key = CompositeKey("staff", "cause", "span")


class ClosedMonth(BaseModel):
    """A frozen month. `content` is JSON: its deductions, charges and roll as they were exported,
    and `digest` the SHA-256 of that text."""

    month = TextField(primary_key=True)
    closed_at = InstantField()
    content = TextField()
    digest = TextField()
    audit_head = TextField()

    class Meta:
        table_name = "closed_months"


ClosedMonth.add_index(
    ClosedMonth.index(
        ClosedMonth.month,
        ClosedMonth.closed_at,
        ClosedMonth.digest,
        ClosedMonth.audit_head,
        name="closings_without_content",
    )
)


class ClosedFines(BaseModel):
    """What the charges of a closed month come to by rule and status, as they were frozen."""

    month = TextField()
    rule = TextField()
    status = TextField(constraints=[one_of("status", "standing", "waived")])
    number = BigIntegerField()
    amount = CentsField()

    class Meta:
        table_name = "closed_fines"
        primary_key = CompositeKey("month", "rule", "status")
        without_rowid = True


class Adjustment(BaseModel):
    """What a correction of a closed month adds to the first open one; may be negative."""

    id = BigAutoField()
    month = TextField(index=True)
    staff = staffer(index=True)
    corrects = TextField()
    amount = CentsField()
    reason = TextField()
    made_at = InstantField()

    class Meta:
        table_name = "adjustments"


class SaleAdjustment(BaseModel):
    """What a decision on a sale of a closed month adds to somebody's sales of the first open one
    (None: to the house's); may be negative."""

    id = BigAutoField()
    month = TextField(index=True)
    staff = staffer(index=True, null=True)
    corrects = TextField()
    deal_no = TextField(index=True)
    amount = CentsField()
    reason = TextField()
    made_at = InstantField()

    class Meta:
        table_name = "sale_adjustments"


class Account(BaseModel):
    """Who may sign in. `secret` is an Argon2 hash."""

    name = TextField(primary_key=True)
    role = TextField(
        constraints=[one_of("role", "director", "supervisor", "payroll", "admin", "staff")]
    )
    staff = ForeignKeyField(
        Staff, null=True, unique=True, column_name="staff_no", object_id_name="staff_no"
    )
    secret = TextField()
    recovery = TextField(null=True)
    """The SHA-256 of the code that lets its owner in while others guess at the secret."""
    made_at = InstantField()
    disabled = BooleanField(default=False)
    failures = IntegerField(default=0)
    locked_until = InstantField(null=True)

    class Meta:
        table_name = "accounts"


class SignInFailure(BaseModel):
    """Wrong secrets in a row for an account at a terminal where it signed in before."""

    account = TextField()
    terminal = TextField()
    failures = IntegerField()
    locked_until = InstantField(null=True)

    class Meta:
        table_name = "sign_in_failures"
        primary_key = CompositeKey("account", "terminal")


class NoticeSeen(BaseModel):
    """That a staffer saw the notice of a charge, as it came to then."""

    staff = staffer(index=False)
    night = NightField()
    rule = TextField()
    source = TextField()
    amount = CentsField()
    seen_at = InstantField()

    class Meta:
        table_name = "notices_seen"
        primary_key = CompositeKey("staff", "night", "rule", "source")


class AuditLine(BaseModel):
    """One change, chained to the one before by `hash`."""

    seq = BigIntegerField(primary_key=True)
    at = InstantField()
    who = TextField()
    terminal = TextField()
    action = TextField()
    staff_no = TextField(null=True, index=True)
    night = NightField(null=True, index=True)
    before = TextField(null=True)
    after = TextField(null=True)
    reason = TextField(null=True)
    changes = BlobField(null=True)
    """The rows that the change wrote, as `changes.encode` keeps them."""
    hash = TextField()

    class Meta:
        table_name = "audit"


AuditLine.add_index(
    AuditLine.index(AuditLine.seq, name="accounts_made").where(SQL("action = 'account.made'"))
)
AuditLine.add_index(
    AuditLine.index(AuditLine.seq, name="months_closed").where(SQL("action = 'month.closed'"))
)


class AuditTouched(BaseModel):
    """Which staffers and nights a line is about besides those that it names itself."""

    kind = TextField(constraints=[one_of("kind", "staff", "night")])
    value = TextField()
    seq = BigIntegerField()

    class Meta:
        table_name = "audit_touched"
        primary_key = CompositeKey("kind", "value", "seq")
        without_rowid = True


class Post(BaseModel):
    """Who was put where for a night."""

    night = NightField()
    staff = staffer(index=True)
    duty = TextField(null=True)
    area = TextField(null=True)

    class Meta:
        table_name = "posts"
        primary_key = CompositeKey("night", "staff")


class Punch(BaseModel):
    """What a clock once told, which stays: the number as it is compared, and the clock's own wall
    time as ISO text, whatever its offset is found to be later."""

    clock = TextField()
    number = TextField()
    told_at = TextField(index=True)
    note = TextField(null=True)
    batch = IntegerField(index=True)
    """The import that brought it."""

    class Meta:
        table_name = "punches"
        primary_key = CompositeKey("clock", "number", "told_at")


class ClockNumber(BaseModel):
    """A number that a clock knows, and whose it is, if that is known."""

    clock = TextField()
    number = TextField()
    shown = TextField()
    """The number as the clock writes it."""
    name = TextField(null=True)
    staff = ForeignKeyField(
        Staff, null=True, column_name="staff_no", object_id_name="staff_no", index=True
    )
    ignored = BooleanField(default=False)
    """That it is nobody's on the roll: a cleaner's, a guard's."""

    class Meta:
        table_name = "clock_numbers"
        primary_key = CompositeKey("clock", "number")


class ClockOffset(BaseModel):
    """By how many seconds a clock's times are to be put forward, from one of its dates on."""

    clock = TextField()
    since = NightField()
    seconds = IntegerField()

    class Meta:
        table_name = "clock_offsets"
        primary_key = CompositeKey("clock", "since")


class PunchArrival(BaseModel):
    """An arrival that was taken from a clock, nobody having marked any."""

    night = NightField()
    staff = staffer(index=False)
    arrived_at = InstantField()
    batch = IntegerField(index=True)

    class Meta:
        table_name = "punch_arrivals"
        primary_key = CompositeKey("night", "staff")


class Guest(BaseModel):
    """Somebody on the register. What facts call a guest is text: who is one client with whom is
    for the rulebook to say."""

    guest_no = TextField(primary_key=True)
    phone_key = TextField(null=True, index=True)
    """The number as `models.rules.guests.register` compares it."""
    unit = TextField(null=True, index=True)
    consultant = person("consultant_no")

    class Meta:
        table_name = "guests"


class Visit(BaseModel):
    visit_no = TextField(primary_key=True)
    night = NightField(index=True)
    guest_no = TextField(null=True, index=True)
    named = person("asked_for")
    vouched = person("voucher_of")
    received = person("received_by")

    class Meta:
        table_name = "visits"


class Contact(BaseModel):
    contact_no = TextField(primary_key=True)
    staff = staffer(index=True)
    guest_no = TextField(index=True)
    night = NightField(index=True)
    signed = person("signed_by")

    class Meta:
        table_name = "contacts"


class RotationPlace(BaseModel):
    """Somebody's place in the order of turns, as the manager made it from a night on."""

    from_night = NightField()
    position = IntegerField(constraints=[Check("position >= 1")])
    staff = staffer(index=False)

    class Meta:
        table_name = "rotation"
        primary_key = CompositeKey("from_night", "position")


class Turn(BaseModel):
    turn_no = TextField(primary_key=True)
    night = NightField(index=True)
    visit_no = TextField(null=True, index=True)
    staff = staffer(index=False, null=True)

    class Meta:
        table_name = "turns"


class Away(BaseModel):
    """That somebody couldn't take a guest for a while: by the telephone, on duty, or privately."""

    night = NightField()
    staff = staffer(index=False)
    since = InstantField(column_name="from")

    class Meta:
        table_name = "away"
        primary_key = CompositeKey("night", "staff", "since")


class Deal(BaseModel):
    deal_no = TextField(primary_key=True)
    night = NightField(index=True)
    closer = person("closer_no")
    guest_no = TextField(null=True, index=True)

    class Meta:
        table_name = "deals"


class Claim(BaseModel):
    deal_no = TextField()
    staff = staffer(index=True)

    class Meta:
        table_name = "claims"
        primary_key = CompositeKey("deal_no", "staff")


class CreditDecision(BaseModel):
    deal_no = TextField(primary_key=True)
    decided = person("decided_by")

    class Meta:
        table_name = "credit_decisions"


class Heir(BaseModel):
    """That a leaver's guest was given to somebody from a night on."""

    guest_no = TextField()
    from_night = NightField()
    giver = person("from_staff_no")
    taker = staffer_of("to_staff_no")

    class Meta:
        table_name = "heirs"
        primary_key = CompositeKey("guest_no", "from_night")


class Complaint(BaseModel):
    complaint_no = TextField(primary_key=True)
    night = NightField(index=True)
    guest_no = TextField(null=True, index=True)
    about = person("about_staff_no")
    taken = person("taken_by")
    approved = person("approved_by")
    judged = person("judged_by")

    class Meta:
        table_name = "complaints"


class Promised(BaseModel):
    """A time that somebody told a guest themselves."""

    promise_no = TextField(primary_key=True)
    night = NightField(index=True)
    promiser = person("by_staff_no")

    class Meta:
        table_name = "promised"


class Handover(BaseModel):
    handover_no = TextField(primary_key=True)
    night = NightField(index=True)
    giver = staffer_of("from_staff_no")
    taker = staffer_of("to_staff_no")

    class Meta:
        table_name = "handovers"


class Knowledge(BaseModel):
    """What a new staffer knew of the house when they were asked."""

    staff = staffer(index=False)
    at = InstantField()
    night = NightField(index=True)
    checker = person("checked_by")

    class Meta:
        table_name = "knowledge"
        primary_key = CompositeKey("staff", "at")


class Grooming(BaseModel):
    """How somebody looked as the night began. It fines nobody."""

    night = NightField()
    staff = staffer(index=True)
    checker = person("checked_by")

    class Meta:
        table_name = "grooming"
        primary_key = CompositeKey("night", "staff")


class LastImport(BaseModel):
    """The import that can be taken back: its line of the trail, and as JSON the rows that it
    replaced, by table. What it wrote is on the trail."""

    id = SmallIntegerField(primary_key=True, default=1, constraints=[Check("id = 1")])
    seq = BigIntegerField()
    content = TextField()

    class Meta:
        table_name = "last_import"


TABLES = (
    Venue, RulebookVersion, Staff, Wage, Place, Briefing, Relay, Attendance, PassedName, Leave,
    Outing, Booking, Incident, Waiver, Charge, Appeal, SeparationDecision, ClosedMonth, ClosedFines,
    Adjustment, Account, SignInFailure, NoticeSeen, AuditLine, AuditTouched, Posting, Rehire, Post,
    Punch, ClockNumber, ClockOffset, PunchArrival, Guest, Visit, Contact, RotationPlace, Turn, Away,
    Deal, Claim, CreditDecision, Heir, Complaint, Promised, Handover, Knowledge, LastImport,
    Grooming, SaleAdjustment,
)  # fmt: skip

_FIELDS: dict[CellKind, type[Field]] = {
    CellKind.YES_NO: BooleanField,
    CellKind.NIGHT: NightField,
    CellKind.INSTANT: InstantField,
    CellKind.MONEY: CentsField,
    CellKind.COUNT: IntegerField,
    CellKind.TALLY: IntegerField,
}
"""Those of other kinds are text."""


def field_of(column: FileColumn) -> Field:
    """The field that keeps a dataset's column, where it needs no more than its kind says."""
    constraints = []
    if column.choices:
        constraints.append(one_of(column.name, *column.choices))
    if column.kind is CellKind.MONEY:
        constraints.append(not_negative(column.name))
    optional = not column.required and column.default is None
    return _FIELDS.get(column.kind, TextField)(null=optional, constraints=constraints or None)


def _complete() -> None:
    """Gives each table the columns of its dataset that no class above says more of."""
    models = {model._meta.table_name: model for model in TABLES}
    for dataset in DATASETS.values():
        meta = models[dataset.name]._meta
        for column in dataset.columns:
            if column.name not in meta.columns:
                meta.add_field(column.name, field_of(column))


_complete()
