"""What a claim asks of the facts, what becomes of it, and until when somebody could still make one."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from models.rules.guests.credit import CLAIM_ANSWERS, ClaimCase, Result, StillOpen, still_open
from models.rules.guests.facts import Breach
from models.rules.guests.ownership import Circumstances
from models.rules.guests.rulebook import Band, ClaimRule
from tests.models.rules.guests.scene import Person, Scene, guest_rules, halves, night


def sold(clock: str = "16:00", closer_no: str | None = "B", **more: object) -> Scene:
    """B closed w's sale on 11-10."""
    return Scene().deal("11-10", clock, closer_no=closer_no, **more)


def sold_at_no_time() -> Scene:
    scene = sold()
    assert scene.sale is not None
    scene.sale = scene.sale._replace(at=None)
    return scene


def answer(scene: Scene, word: str, staff_no: str = "A") -> object:
    assert scene.sale is not None
    assert scene.rules is not None
    it = Circumstances.of_sale(scene.sale, scene.around(), scene.rules)
    return CLAIM_ANSWERS[word](ClaimCase(it, staff_no))


def side_by_side(scene: Scene) -> Scene:
    """By a rulebook in which a sheet doesn't make another's later one void."""
    rules = guest_rules("club")
    sheets = rules.touches["follow_up"]._replace(second_void=False)
    scene.rules = rules._replace(touches={**rules.touches, "follow_up": sheets})
    return scene


ANSWERS: dict[str, tuple[Callable[[], Scene], str, object]] = {
    "no sheet of the closer's": (
        lambda: sold().follow_up("A", "11-01"), "closer_follow_up", "none",
    ),
    "the closer's sheet of an earlier day": (
        lambda: side_by_side(sold()).follow_up("A", "11-03").follow_up("B", "11-01"),
        "closer_follow_up", "earlier",
    ),
    "the closer's sheet of the same day": (
        lambda: sold().follow_up("A", "11-01", "09:00").follow_up("B", "11-01", "10:00"),
        "closer_follow_up", "same_day",
    ),
    "the closer's sheet of a later day": (
        lambda: side_by_side(sold()).follow_up("A", "11-01").follow_up("B", "11-03"),
        "closer_follow_up", "later",
    ),
    "the closer's sheet alone": (
        lambda: sold().follow_up("B", "11-03"), "closer_follow_up", "earlier",
    ),
    "appointments of one minute": (
        lambda: sold().appointment("A", "11-10", "14:00").appointment("B", "11-10", "14:00"),
        "appointment_first", False,
    ),
    "nobody's appointment is first where both are of one minute": (
        lambda: sold().appointment("A", "11-10", "14:00").appointment("B", "11-10", "14:00"),
        "closer_appointment_first", False,
    ),
    "no appointment of the closer's": (
        lambda: sold().appointment("A", "11-10", "14:00"), "closer_appointment_first", False,
    ),
    "shown round before the sale": (
        lambda: sold("16:00").visit("11-10", "15:59", received_by="A"), "visit_earlier", True,
    ),
    "shown round as it was sold": (
        lambda: sold("16:00").visit("11-10", "16:00", received_by="A"), "visit_earlier", True,
    ),
    "shown round after the sale": (
        lambda: sold("16:00").visit("11-10", "16:01", received_by="A"), "visit_earlier", False,
    ),
    "nobody wrote down when it was sold": (
        lambda: sold_at_no_time().visit("11-10", "16:01", received_by="A"), "visit_earlier", True,
    ),
    "the closer showed them round first": (
        lambda: sold().visit("11-10", "10:00", received_by="B").visit("11-10", "10:30", received_by="A"),
        "visit_earlier", False,
    ),
    "both showed them round in one minute": (
        lambda: sold().visit("11-10", "10:00", received_by="B").visit("11-10", "10:00", received_by="A"),
        "visit_earlier", False,
    ),
    "shown round, and nobody closed it": (
        lambda: sold(closer_no=None).visit("11-10", "10:00", received_by="A"), "visit_earlier", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
def test_what_a_claim_is_told(what: str) -> None:
    make, word, told = ANSWERS[what]
    assert answer(make(), word) == told


@pytest.mark.parametrize("word", ["closer_follow_up", "visit_earlier", "appointment_first"])
def test_against_oneself_there_is_nothing_to_be_earlier_than(word: str) -> None:
    scene = sold().follow_up("B", "11-01").appointment("B", "11-10", "09:00")
    scene.visit("11-10", "10:00", received_by="B")
    told = {"closer_follow_up": "none", "visit_earlier": False, "appointment_first": True}
    assert answer(scene, word, "B") == told[word]


def test_who_closed_a_sale_of_a_guest_who_named_another_claims_it_by_their_sheet() -> None:
    scene = Scene().visit("11-10", received_by="B", asked_for="C").deal("11-10")
    assert scene.follow_up("B", "11-01").claim("B", "11-10").shares() == halves("B 1")


@pytest.mark.parametrize(
    ("make", "rule", "clause"),
    [
        (lambda: sold().visit("11-10", received_by="B"), "received", "8.1, a.3"),
        (lambda: sold().visit("11-10", received_by="B", asked_for="C"), "asked_for", "8.3"),
        (
            lambda: sold().visit("11-10", received_by="B").follow_up("A", "11-01").claim("A", "11-10"),
            "follow_up", "3",
        ),
    ],
)  # fmt: skip
def test_by_which_rule_and_clause(make: Callable[[], Scene], rule: str, clause: str) -> None:
    found = make().credit()
    assert (found.rule, found.clause) == (rule, clause)


def test_by_no_rule_where_the_rulebook_names_nobody() -> None:
    scene = Scene(rules=guest_rules("club")._replace(owners=(), claims=())).deal("11-10")
    found = scene.credit()
    assert (found.rule, found.clause) == (None, None)
    assert scene.shares() == halves("B 1")


@pytest.mark.parametrize(
    ("person", "night_found", "result"),
    [
        (Person(), "11-10", Result.GRANTED),
        (Person(night("11-09"), back_on=night("11-11")), "11-11", Result.NOT_EMPLOYED),
        (Person(night("11-10"), back_on=night("11-12")), "11-11", Result.NOT_EMPLOYED),
        (Person(night("11-10"), back_on=night("11-12")), "11-12", Result.GRANTED),
    ],
)
def test_a_claim_is_of_somebody_who_was_there_for_the_sale_and_is_there_to_claim(
    person: Person, night_found: str, result: Result
) -> None:
    scene = sold().visit("11-10", received_by="B").follow_up("A", "11-01").claim("A", night_found)
    scene.staff["A"] = person
    [verdict] = scene.credit().verdicts
    assert verdict.result is result
    assert verdict.share == (1 if result is Result.GRANTED else 0)


def test_whoever_lost_the_guest_by_what_they_did_claims_nothing() -> None:
    rules = guest_rules("club")
    rules = rules._replace(after=rules.after._replace(disqualified=frozenset({"steered"})))
    scene = Scene(rules=rules).visit("11-10", received_by="B").deal("11-10")
    scene.follow_up("A", "11-01").claim("A", "11-10")
    scene.breaches = {"A": [Breach("steered", night("11-05"))]}
    [verdict] = scene.credit().verdicts
    assert (verdict.result, verdict.share) == (Result.DISQUALIFIED, 0)


def test_a_claim_that_is_too_late_is_told_the_first_rule_that_would_have_gained_it() -> None:
    scene = sold().visit("11-10", received_by="B").contact("A", "call_in", "11-10", "09:00")
    scene.appointment("A", "11-10", "09:05").claim("A", "11-17")
    [verdict] = scene.credit().verdicts
    assert verdict.result is Result.TOO_LATE
    assert verdict.rule is not None
    assert verdict.rule.code == "called_today"


@pytest.mark.parametrize(("void", "shares"), [(True, "B 1"), (False, "A 1")])
def test_a_claim_found_in_the_next_month_is_void_where_the_rulebook_says_so(
    void: bool, shares: str
) -> None:
    rules = guest_rules("club")
    rules = rules._replace(month_end=rules.month_end._replace(next_month_void=void))
    scene = Scene(rules=rules).visit("11-29", received_by="B").deal("11-29")
    assert scene.follow_up("A", "11-10").claim("A", "12-02").shares() == halves(shares)


@pytest.mark.parametrize("no_longer", ["11-10", "11-12"])
def test_the_month_of_another_year_is_another_month(no_longer: str) -> None:
    scene = sold().visit("11-10", received_by="B").follow_up("A", "11-01").claim("A", no_longer)
    [claim] = scene.claims
    assert scene.credit().verdicts[0].result is Result.GRANTED
    scene.claims = [claim._replace(found_on=claim.found_on.replace(year=2027))]
    rules = scene.rules
    assert rules is not None
    ever = tuple(rule._replace(found=(Band(None, Fraction(1)),)) for rule in rules.claims)
    scene.rules = rules._replace(claims=ever)
    assert scene.credit().verdicts[0].result is Result.NEXT_MONTH


def test_of_two_equal_claims_the_rule_higher_up_goes_first_and_then_the_earlier_contact() -> None:
    scene = Scene()
    for guest_no in ("w", "x", "y"):
        scene.visit("11-10", guest_no=guest_no, received_by="B", party_no="p")
    scene.deal("11-10").follow_up("A", "11-01", guest_no="x").appointment("A", "11-10")
    scene.follow_up("C", "10-20").claim("C", "11-10").claim("A", "11-10")
    first, second = scene.credit().verdicts
    assert first.rule is not None
    assert (first.claim.staff_no, first.rule.code) == ("A", "whole_party")
    assert (second.claim.staff_no, second.result) == ("C", Result.BEHIND)


def test_a_claim_without_ground_is_told_so_though_another_was_granted() -> None:
    scene = sold().visit("11-10", received_by="B").follow_up("A", "11-01")
    results = {
        each.claim.staff_no: each.result
        for each in scene.claim("C", "11-10").claim("A", "11-10").credit().verdicts
    }
    assert results == {"A": Result.GRANTED, "C": Result.NO_GROUND}


def could_claim(scene: Scene, today: str) -> list[StillOpen]:
    assert scene.sale is not None
    assert scene.rules is not None
    return still_open(scene.sale, scene.claims, scene.around(), scene.rules, night(today))


@pytest.mark.parametrize("today", ["11-09", "11-10", "11-11", "11-16"])
def test_who_can_still_claim_is_told_the_last_night_to_the_day(today: str) -> None:
    scene = sold().visit("11-10", received_by="B").follow_up("A", "10-20")
    [other] = [each for each in could_claim(scene, today) if each.staff_no == "A"]
    assert (other.share, other.rule, other.until) == (1, "follow_up", night("11-16"))


def test_who_claimed_is_not_told_that_they_still_could() -> None:
    scene = sold().visit("11-10", received_by="B").follow_up("A", "10-20").claim("A", "11-10")
    assert [each.staff_no for each in could_claim(scene, "11-10") if each.staff_no == "A"] == []


def test_a_claim_that_the_rulebook_gives_a_quarter_for_ends_with_it() -> None:
    rules = guest_rules("club")
    slow = ClaimRule("slow", "1", {"follow_up": True}, (Band(90, Fraction(1)),), beyond_month=True)
    scene = Scene(rules=rules._replace(claims=(slow,))).visit("09-01", received_by="B")
    [other] = [
        each
        for each in could_claim(scene.deal("09-01").follow_up("A", "08-20"), "09-01")
        if each.staff_no == "A"
    ]
    assert other.until == night("11-29")
