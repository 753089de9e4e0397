"""Rooms and tables."""

import pytest

from models.access.permissions import ROLES
from models.access.session import Session
from models.operations import bookings, places
from models.storage import audit
from models.values.problems import Refused
from tests.models.house import NIGHT, brief, charges, in_step, sign, sign_in, staff_the_house


def test_places_are_added_edited_and_removed(session: Session) -> None:
    places.add_place(session, "K10", "room", 188_000)
    places.add_place(session, "K9", "room")
    places.add_place(session, "[b]散台", "table")
    assert [tuple(each) for each in places.places()] == [
        ("K9", "room", None),
        ("K10", "room", 188_000),
        ("[b]散台", "table", None),
    ]
    assert places.edit_place(session, "K9", "room", 5)
    assert not places.edit_place(session, "K9", "room", 5)
    places.remove_place(session, "K9")
    assert [each.place for each in places.places()] == ["K10", "[b]散台"]
    assert [line.action for line in audit.lines()][-2:] == ["place.edited", "place.removed"]


def test_what_is_refused(session: Session) -> None:
    staff_the_house()
    places.add_place(session, "K1", "room")
    with pytest.raises(Refused, match="already"):
        places.add_place(session, "K1", "table")
    with pytest.raises(Refused, match="blank"):
        places.add_place(session, " ", "table")
    with pytest.raises(Refused, match="no room or table"):
        places.edit_place(session, "K2", "table")
    bookings.book(session, NIGHT, "K1", "A1")
    with pytest.raises(Refused, match="has bookings"):
        places.remove_place(session, "K1")


def test_a_room_that_was_a_table_all_along_excuses_nobody(session: Session) -> None:
    staff_the_house()
    places.add_place(session, "K1", "room")
    bookings.book(session, NIGHT, "K1", "A1")
    brief(session)
    sign(session, "A1", made_up_at="21:00")
    places.edit_place(session, "K1", "table")
    assert charges("A1") == [("missed_briefing", "roll", 5_000, "standing")]
    places.edit_place(session, "K1", "room")
    assert charges("A1") == [("missed_briefing", "roll", 5_000, "reversed")]
    assert in_step(session)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_change_places(session: Session, role: str) -> None:
    sign_in(session, role)
    if role in ("director", "admin"):
        places.add_place(session, "K1", "room")
        places.edit_place(session, "K1", "table")
        places.remove_place(session, "K1")
    else:
        with pytest.raises(Refused, match=f"as {role}"):
            places.add_place(session, "K1", "room")


def test_a_range_adds_all_of_its_places_or_none(session: Session) -> None:
    assert places.add_places(session, "V08-V11", "room", 100) == ["V08", "V09", "V10", "V11"]
    assert places.add_places(session, "散台1-3", "table") == ["散台1", "散台2", "散台3"]
    assert places.add_places(session, " 大厅A-B ", "table") == ["大厅A-B"]
    with pytest.raises(Refused) as refusal:
        places.add_places(session, "V10-V14", "room")
    assert "V10, V11" in str(dict(refusal.value.problems[0].values))
    assert "V12" not in [each.place for each in places.places()]
    for endless in ("V9-V1", "V1-V9999"):
        with pytest.raises(Refused):
            places.add_places(session, endless, "room")
    places.remove_places(session, ["V08", "V09"])
    assert [each.place for each in places.places()][:2] == ["V10", "V11"]
