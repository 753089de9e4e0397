"""Nobody makes a charge of their own go or shrink, by whatever fact."""

import pytest

from models.access.session import Session
from models.ledger.ledger import Difference
from models.ledger.own_charges import own_charges_let_go
from models.rules.judgement import ChargeKey
from tests.models.house import NIGHT, hire, sign_in

Held = tuple[int, str, str]
STOOD: Held = (10000, "standing", "{}")


@pytest.mark.parametrize(
    ("was", "now", "lets_go"),
    [
        (STOOD, (10000, "reversed", "{}"), True),
        (STOOD, (10000, "waived", "{}"), True),
        (STOOD, (9999, "standing", "{}"), True),
        (STOOD, (10000, "standing", "other facts"), False),
        (STOOD, (10001, "standing", "{}"), False),
        ((10000, "waived", "{}"), (10000, "reversed", "{}"), False),
        ((10000, "waived", "{}"), (5000, "standing", "{}"), False),
        (None, (10000, "standing", "{}"), False),
    ],
)
def test_what_lets_ones_own_charge_go(
    session: Session, was: Held | None, now: Held, lets_go: bool
) -> None:
    hire("D1", position="director")
    difference = Difference(ChargeKey("D1", NIGHT, "late", "roll"), was, now)
    anothers = Difference(ChargeKey("A1", NIGHT, "late", "roll"), was, now)
    assert list(own_charges_let_go(session, [difference, anothers])) == []  # nobody signed in
    sign_in(session, "director", "D1")
    problems = list(own_charges_let_go(session, [anothers, difference]))
    assert len(problems) == lets_go
    if lets_go:
        assert dict(problems[0].values) == {"name": "D1", "night": str(NIGHT), "rule": "late"}
    sign_in(session, "admin")
    assert list(own_charges_let_go(session, [anothers, difference])) == []
