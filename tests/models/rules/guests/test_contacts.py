"""Which of a client's contacts speak on a day, and until when."""

from collections.abc import Callable
from datetime import date

import pytest

from models.rules.guests.contacts import ClientContacts, last_day
from models.rules.guests.rulebook import GuestRules, Validity
from tests.models.rules.guests.scene import Person, Scene, guest_rules, night


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        ("2026-10-09", 1, "2026-11-09"),
        ("2026-11-10", 1, "2026-12-10"),
        ("2026-12-10", 1, "2027-01-10"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 14, "2028-02-29"),
        ("2026-01-31", 12, "2027-01-31"),
    ],
)
def test_a_contact_is_valid_to_the_same_number_some_months_on(
    day: str, months: int, last: str
) -> None:
    found = last_day(date.fromisoformat(day), Validity(months=months))
    assert found == date.fromisoformat(last)


def speaking(scene: Scene, day: str) -> list[str]:
    """The numbers of the follow-up sheets of `w` that speak on a day."""
    assert scene.rules is not None
    contacts = ClientContacts("w", scene.around(), scene.rules)
    return [each.contact_no for each in contacts.speaking(["follow_up"], night(day), night(day))]


def test_a_contact_speaks_from_its_day_on() -> None:
    scene = Scene().follow_up("A", "11-05")
    assert speaking(scene, "11-04") == []
    assert speaking(scene, "11-05") == ["c00"]


def test_the_earliest_speaks_first_in_whatever_order_they_were_written_down() -> None:
    assert speaking(Scene().follow_up("A", "11-05").follow_up("A", "11-03"), "11-10") == [
        "c01",
        "c00",
    ]


def test_a_second_sheet_doesnt_speak_beside_anothers_earlier_one() -> None:
    scene = Scene().follow_up("A", "11-03").follow_up("B", "11-01")
    assert speaking(scene, "11-10") == ["c01"]


def test_what_was_done_wrong_voids_only_by_a_rule() -> None:
    for void, speaks in (("yes", []), ("nothing the rulebook knows", ["c00"]), (None, ["c00"])):
        assert speaking(Scene().contact("A", "follow_up", "11-03", void=void), "11-10") == speaks


def test_nobody_has_no_contacts() -> None:
    scene = Scene().follow_up("A", "11-03").visit("11-05")
    assert scene.rules is not None
    assert ClientContacts(None, scene.around(), scene.rules).contacts == []


def with_number(**said: object) -> GuestRules:
    rules = guest_rules("club")
    return rules._replace(number=rules.number._replace(**said))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reached_on", "speaks"), [("11-10", True), ("11-12", True), ("11-13", False), (None, False)]
)
def test_an_unreachable_number_speaks_once_it_was_reached_in_time(
    reached_on: str | None, speaks: bool
) -> None:
    scene = Scene().contact("A", "follow_up", "11-05", number="unreachable", reached_on=reached_on)
    assert speaking(scene, "11-10") == (["c00"] if speaks else [])


def test_an_overwritten_number_speaks_where_the_rulebook_says_so() -> None:
    for overwritten, speaks in (("void", []), ("valid", ["c00"])):
        scene = Scene(rules=with_number(overwritten=overwritten))
        scene.contact("A", "follow_up", "11-05", number="overwritten")
        assert speaking(scene, "11-10") == speaks


@pytest.mark.parametrize(
    ("masked", "alone", "followed"),
    [("valid", True, True), ("if_followed", False, True), ("void", False, False)],
)
def test_a_masked_number_speaks_as_the_rulebook_says(
    masked: str, alone: bool, followed: bool
) -> None:
    def speaks(scene: Scene) -> bool:
        scene.appointment("A", "11-10", number="masked")
        return appointed(scene)

    assert speaks(Scene(rules=with_number(masked=masked))) == alone
    assert speaks(Scene(rules=with_number(masked=masked)).follow_up("A", "11-05")) == followed


def appointed(scene: Scene) -> bool:
    """Whether A's appointment for 11-10 speaks on its day."""
    assert scene.rules is not None
    contacts = ClientContacts("w", scene.around(), scene.rules)
    return contacts.first("A", ["appointment"], night("11-10"), night("11-10")) is not None


@pytest.mark.parametrize(
    "sheet",
    [
        lambda: Scene().follow_up("B", "11-05"),
        lambda: Scene().follow_up("A", "11-05", number="masked"),
        lambda: Scene().follow_up("A", "11-05", void="yes"),
        lambda: Scene().follow_up("A", "09-05"),
        lambda: Scene().follow_up("B", "11-03").follow_up("A", "11-05"),
        lambda: Scene().contact("A", "call_in", "11-10"),
    ],
    ids=["another's", "masked too", "void", "expired", "overtaken", "no sheet"],
)
def test_what_bears_no_masked_number_out(sheet: Callable[[], Scene]) -> None:
    assert not appointed(sheet().appointment("A", "11-10", number="masked"))


@pytest.mark.parametrize(
    ("earlier", "overtakes"),
    [
        (lambda scene: scene.follow_up("A", "11-01"), True),
        (lambda scene: scene.follow_up("A", "11-03"), False),  # of the same day
        (lambda scene: scene.follow_up("A", "09-01"), False),  # expired by then
        (lambda scene: scene.follow_up("B", "11-01"), False),  # their own
        (lambda scene: scene.follow_up("F", "11-01"), False),  # of somebody who had left
        (lambda scene: scene.contact("A", "call_in", "11-01"), False),
    ],
)
def test_which_earlier_sheet_makes_a_second_one_void(
    earlier: Callable[[Scene], Scene], overtakes: bool
) -> None:
    scene = Scene()
    scene.staff["F"] = Person(left_on=night("11-02"))
    earlier(scene).follow_up("B", "11-03")
    assert ("c01" in speaking(scene, "11-03")) == (not overtakes)


def test_a_sheet_that_disqualifies_is_void() -> None:
    rules = guest_rules("club")
    rules = rules._replace(after=rules.after._replace(disqualified=frozenset({"steered"})))
    scene = Scene(rules=rules).contact("A", "follow_up", "11-03", void="steered")
    assert speaking(scene, "11-10") == []


def test_only_a_kind_of_which_the_rulebook_says_so_makes_a_second_one_void() -> None:
    rules = guest_rules("club")
    longer = rules.touches["appointment"]._replace(valid=Validity(months=1))
    scene = Scene(rules=rules._replace(touches={**rules.touches, "appointment": longer}))
    scene.appointment("B", "11-01").appointment("A", "11-10")
    assert appointed(scene)


def test_a_sheet_is_overtaken_by_one_of_its_kind_alone() -> None:
    rules = guest_rules("club")
    alike = rules.touches["follow_up"]
    scene = Scene(rules=rules._replace(touches={**rules.touches, "appointment": alike}))
    scene.appointment("A", "11-01").follow_up("B", "11-03")
    assert speaking(scene, "11-03") == ["c01"]


def test_what_the_rulebook_doesnt_know_is_passed_over() -> None:
    assert speaking(Scene().contact("A", "greeted", "11-01").follow_up("B", "11-03"), "11-10") == [
        "c01"
    ]
