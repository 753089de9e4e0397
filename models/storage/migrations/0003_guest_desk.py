"""The guest desk's facts: a frozen copy of those tables. A booking may be the house's."""

from typing import Any

from peewee import (
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    DatabaseProxy,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

database = DatabaseProxy()


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Staff(Table):
    staff_no = TextField(primary_key=True)

    class Meta:
        table_name = "staff"


def staffer(**options: Any) -> Any:
    return ForeignKeyField(Staff, column_name="staff_no", object_id_name="staff_no", **options)


def staffer_of(column: str) -> Any:
    return ForeignKeyField(
        Staff, column_name=column, object_id_name=column, backref="+", index=False
    )


def person(column: str) -> Any:
    return ForeignKeyField(
        Staff, null=True, column_name=column, object_id_name=column, backref="+", index=False
    )


class Guest(Table):
    guest_no = TextField(primary_key=True)
    phone_key = TextField(null=True, index=True)
    unit = TextField(null=True, index=True)
    consultant = person("consultant_no")
    name = TextField(null=True)
    phone = TextField(null=True)
    kind = TextField(constraints=[Check("kind IN ('guest', 'member')")])
    introduced_by = TextField(null=True)
    note = TextField(null=True)

    class Meta:
        table_name = "guests"


class Visit(Table):
    visit_no = TextField(primary_key=True)
    night = TextField(index=True)
    guest_no = TextField(null=True, index=True)
    named = person("asked_for")
    vouched = person("voucher_of")
    received = person("received_by")
    at = BigIntegerField()
    party_no = TextField(null=True)
    asked_been = BooleanField(null=True)
    asked_for_whom = BooleanField(null=True)
    asked_appointment = BooleanField(null=True)
    asked_member = TextField(null=True)
    asked_before_tour = BooleanField(null=True)
    prompted = BooleanField(null=True)
    left_at = BigIntegerField(null=True)

    class Meta:
        table_name = "visits"


class Contact(Table):
    contact_no = TextField(primary_key=True)
    staff = staffer(index=True)
    guest_no = TextField(index=True)
    night = TextField(index=True)
    signed = person("signed_by")
    kind = TextField(
        constraints=[
            Check("kind IN ('follow_up', 'appointment', 'call_in', 'flyer', 'visit', 'call_back')")
        ]
    )
    at = BigIntegerField()
    for_night = TextField(null=True)
    number = TextField(
        null=True, constraints=[Check("number IN ('full', 'masked', 'overwritten', 'unreachable')")]
    )
    reached_on = TextField(null=True)
    signed_how = TextField(null=True, constraints=[Check("signed_how IN ('in_person', 'message')")])
    answered = BooleanField(null=True)
    void = TextField(null=True)
    note = TextField(null=True)

    class Meta:
        table_name = "contacts"


class RotationPlace(Table):
    from_night = TextField()
    position = IntegerField(constraints=[Check("position >= 1")])
    staff = staffer(index=False)

    class Meta:
        table_name = "rotation"
        primary_key = CompositeKey("from_night", "position")


class Turn(Table):
    turn_no = TextField(primary_key=True)
    night = TextField(index=True)
    visit_no = TextField(null=True, index=True)
    staff = staffer(index=False, null=True)
    at = BigIntegerField()
    how = TextField(
        null=True, constraints=[Check("how IN ('turn', 'made_up', 'named', 'known', 'office')")]
    )

    class Meta:
        table_name = "turns"


class Away(Table):
    night = TextField()
    staff = staffer(index=False)
    since = BigIntegerField(column_name="from")
    until = BigIntegerField(null=True)
    reason = TextField(constraints=[Check("reason IN ('telephone', 'duty', 'private')")])

    class Meta:
        table_name = "away"
        primary_key = CompositeKey("night", "staff", "since")


class Deal(Table):
    deal_no = TextField(primary_key=True)
    night = TextField(index=True)
    closer = person("closer_no")
    guest_no = TextField(null=True, index=True)
    at = BigIntegerField(null=True)
    user_no = TextField(null=True)
    kind = TextField(
        constraints=[Check("kind IN ('new', 'upgrade', 'renewal_in_term', 'renewal_expired')")]
    )
    buyers = IntegerField()
    visit_no = TextField(null=True)
    phone = TextField(null=True)
    same_person_note_at = BigIntegerField(null=True)
    amount = BigIntegerField(null=True, constraints=[Check("amount >= 0")])

    class Meta:
        table_name = "deals"


class Claim(Table):
    deal_no = TextField()
    staff = staffer(index=True)
    found_on = TextField()
    note = TextField(null=True)

    class Meta:
        table_name = "claims"
        primary_key = CompositeKey("deal_no", "staff")


class CreditDecision(Table):
    deal_no = TextField(primary_key=True)
    decided = person("decided_by")
    shares = TextField()
    reason = TextField()
    agreed_by = TextField(null=True)

    class Meta:
        table_name = "credit_decisions"


class Heir(Table):
    guest_no = TextField()
    from_night = TextField()
    giver = person("from_staff_no")
    taker = staffer_of("to_staff_no")

    class Meta:
        table_name = "heirs"
        primary_key = CompositeKey("guest_no", "from_night")


class Complaint(Table):
    complaint_no = TextField(primary_key=True)
    night = TextField(index=True)
    guest_no = TextField(null=True, index=True)
    about = person("about_staff_no")
    taken = person("taken_by")
    approved = person("approved_by")
    judged = person("judged_by")
    at = BigIntegerField()
    channel = TextField(null=True, constraints=[Check("channel IN ('face', 'phone', 'letter')")])
    words = TextField(null=True)
    place = TextField(null=True)
    class_ = TextField(
        column_name="class",
        null=True,
        constraints=[Check("class IN ('simple', 'general', 'complex')")],
    )
    grave = BooleanField(null=True)
    answered_at = BigIntegerField(null=True)
    answer = TextField(null=True)
    solved_at = BigIntegerField(null=True)
    founded = BooleanField(null=True)
    asked_at = BigIntegerField(null=True)
    satisfied = BooleanField(null=True)
    change = TextField(null=True)
    incident_no = TextField(null=True)

    class Meta:
        table_name = "complaints"


class Promised(Table):
    promise_no = TextField(primary_key=True)
    night = TextField(index=True)
    promiser = person("by_staff_no")
    complaint_no = TextField(null=True)
    guest_no = TextField(null=True)
    told_at = BigIntegerField()
    due_at = BigIntegerField()
    kept_at = BigIntegerField(null=True)
    words = TextField(null=True)

    class Meta:
        table_name = "promised"


class Handover(Table):
    handover_no = TextField(primary_key=True)
    night = TextField(index=True)
    giver = staffer_of("from_staff_no")
    taker = staffer_of("to_staff_no")
    desk = TextField(null=True)
    given_at = BigIntegerField()
    accepted_at = BigIntegerField(null=True)
    words = TextField(null=True)

    class Meta:
        table_name = "handovers"


class Knowledge(Table):
    staff = staffer(index=False)
    at = BigIntegerField()
    night = TextField(index=True)
    checker = person("checked_by")
    asked = IntegerField()
    right = IntegerField()

    class Meta:
        table_name = "knowledge"
        primary_key = CompositeKey("staff", "at")


OF_BOOKINGS = {
    "source": TextField(null=True, constraints=[Check("source IN ('staff', 'guest', 'walk_in')")]),
    "guest_no": TextField(null=True),
    "party_size": IntegerField(null=True),
    "arrived_at": BigIntegerField(null=True),
    "left_at": BigIntegerField(null=True),
    "hold_until": BigIntegerField(null=True),
    "visit_no": TextField(null=True),
}
KIND_OF_OUTING = TextField(null=True, constraints=[Check("kind IN ('private', 'duty')")])


def up(migrator: Any, db: Any) -> None:
    database.initialize(db)
    db.create_tables(
        (
            Guest,
            Visit,
            Contact,
            RotationPlace,
            Turn,
            Away,
            Deal,
            Claim,
            CreditDecision,
            Heir,
            Complaint,
            Promised,
            Handover,
            Knowledge,
        ),
        safe=False,
    )
    migrator.migrate(
        migrator.drop_not_null("bookings", "staff_no"),
        *(migrator.add_column("bookings", name, field) for name, field in OF_BOOKINGS.items()),
        migrator.add_column("outings", "kind", KIND_OF_OUTING),
    )
