"""Who may have whose papers printed."""

from collections.abc import Callable

import pytest

from models.access.session import Session
from models.operations import outings
from models.storage.database import execute
from models.values.problems import Refused
from tests.built_once import built_once
from tests.clock import Clock
from tests.models.house import brief, hire, sign, sign_in, staff_the_house
from venue_tui.exchange.papers import contents

PAPERS: dict[str, Callable[[Session, str], object]] = {
    "slip": lambda session, staff_no: contents.slip(session, slip_of(staff_no)),
    "notice": lambda session, staff_no: contents.notice(session, staff_no, "2026-09"),
    "statement": lambda session, staff_no: contents.statement(session, staff_no, "2026-09"),
}


def slip_of(staff_no: str) -> str:
    sql = "SELECT slip_no FROM outings WHERE staff_no = ?"
    return str(execute(sql, (staff_no,)).fetchone()[0])


@pytest.fixture
@built_once
def house(session: Session, clock: Clock) -> Session:
    """S1's A1 and S2's B1 both asked for a slip, and were late."""
    staff_the_house()
    hire("S2", "另一主管", "supervisor", "B", "D1")
    hire("B1", "别组", "staff", "B", "S2")
    for number in ("A1", "B1"):
        sign(session, number, arrived_at="19:40")
    brief(session)
    clock.set("2026-09-02T21:00")
    for number in ("A1", "B1"):
        outings.ask(session, number, "买药")
    return session


@pytest.mark.parametrize("paper", PAPERS)
def test_a_supervisor_prints_their_own_peoples_alone(house: Session, paper: str) -> None:
    sign_in(house, "supervisor", "S1")
    assert PAPERS[paper](house, "A1")
    with pytest.raises(Refused, match="own people"):
        PAPERS[paper](house, "B1")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_director_prints_everybodys(house: Session, paper: str) -> None:
    sign_in(house, "director", "D1")
    assert PAPERS[paper](house, "A1")
    assert PAPERS[paper](house, "B1")
