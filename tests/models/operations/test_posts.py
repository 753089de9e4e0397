"""Who was put where for the night, and the night's log."""

from datetime import date

import pytest

from models.access.session import Session
from models.operations import outings, posts, roll, roll_board
from models.operations.posts import Post
from models.rules.charges import Outcome
from models.storage import audit
from models.storage.database import execute
from models.values.problems import Refused
from tests.clock import Clock
from tests.models.house import NIGHT, brief, sign, sign_in, staff_the_house

pytestmark = pytest.mark.usefixtures("times_to_come")


@pytest.fixture
def house(session: Session) -> Session:
    staff_the_house()
    return session


def test_somebody_is_put_somewhere_and_elsewhere_and_nowhere(house: Session) -> None:
    assert posts.put(house, "A1", NIGHT, Post(" 迎宾 ", "大厅")) is None
    assert posts.post("A1", NIGHT) == ("迎宾", "大厅")
    assert posts.put(house, "A1", NIGHT, Post("传送", None)) == ("迎宾", "大厅")
    assert posts.put(house, "A1", NIGHT, Post(" ", "")) == ("传送", None)
    assert posts.post("A1", NIGHT) is None


def test_the_same_post_again_leaves_no_line(house: Session) -> None:
    posts.put(house, "A1", NIGHT, Post("迎宾", None))
    head = audit.head()
    posts.put(house, "A1", NIGHT, Post("迎宾", None))
    assert audit.head() == head


def test_supervisors_put_their_own_people(house: Session) -> None:
    sign_in(house, "supervisor", "S1")
    posts.put(house, "A1", NIGHT, Post("迎宾", None))
    execute("UPDATE staff SET supervisor_no = NULL WHERE staff_no = 'A2'")
    with pytest.raises(Refused, match="not of their team"):
        posts.put(house, "A2", NIGHT, Post("迎宾", None))


def test_who_has_left_or_a_closed_month_is_refused(house: Session) -> None:
    execute("UPDATE staff SET left_on = '2026-08-31' WHERE staff_no = 'A1'")
    with pytest.raises(Refused, match="left on"):
        posts.put(house, "A1", NIGHT, Post("迎宾", None))
    with pytest.raises(Refused, match="before A2 was hired"):
        posts.put(house, "A2", date(2025, 12, 31), Post("迎宾", None))
    execute(
        "INSERT INTO closed_months (month, closed_at, digest, audit_head, content)"
        " VALUES ('2026-09', 1, '', '', '{}')"
    )
    with pytest.raises(Refused, match="is closed"):
        posts.put(house, "A2", NIGHT, Post("迎宾", None))


def test_the_log_says_who_worked_where_and_when(house: Session, clock: Clock) -> None:
    brief(house)
    posts.put(house, "A1", NIGHT, Post("迎宾", "大厅"))
    sign(house, "A1", arrived_at="19:28")
    posts.put(house, "D1", NIGHT, Post("总监", None))
    clock.set("2026-09-02T21:00")
    outings.out_without_slip(house, "A1")
    clock.set("2026-09-02T21:20")
    slip = execute("SELECT slip_no FROM outings").fetchone()[0]
    outings.back(house, slip)
    clock.set("2026-09-03T01:00")
    [signs] = [row.signs for row in roll_board.board(house, NIGHT) if row.staff_no == "A1"]
    roll.correct(house, "A1", NIGHT, signs._replace(departed_at=clock.now))
    log = {row.staff_no: row for row in posts.night_log(house, NIGHT)}
    assert list(log) == ["A1", "A2", "A3", "D1", "S1"]
    at = house.calendar.parse
    assert log["A1"][5:] == (
        Post("迎宾", "大厅"), Outcome.PRESENT, at("2026-09-02T19:28"), None, clock.now,
        ((at("2026-09-02T21:00"), at("2026-09-02T21:20")),))  # fmt: skip
    assert (log["A2"].outcome, log["D1"].outcome) == (Outcome.PENDING, None)
    assert posts.logged_nights(["2026-08", "2026-09"]) == [NIGHT]


def test_the_log_is_for_who_may_export(house: Session) -> None:
    sign_in(house, "supervisor", "S1")
    with pytest.raises(Refused, match="may not do this"):
        posts.night_log(house, NIGHT)
