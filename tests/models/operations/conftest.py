"""A house that takes bookings."""

from collections.abc import Iterator

import pytest

from models.access.session import Session
from models.storage import audit
from tests.models.house import (
    in_step,
    place,
    staff_the_house,
)


@pytest.fixture
def booking_house(session: Session) -> Iterator[None]:
    """Rooms and tables, and a staffed house whose ledger and trail are right in the end, too."""
    staff_the_house()
    place("K1", minimum_spend=188_000)
    place("K10")
    place("K2")
    place("T1", "table", 38_800)
    yield
    assert in_step(session)
    assert audit.broken_link() is None
